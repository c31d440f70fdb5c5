"""What events carry: words, turns, labels, cues, meters and the note, as frozen values.

Times are seconds of call audio from the start of the call; sums are decimals.
"""

import datetime
from collections.abc import Collection
from decimal import Decimal

import msgspec

from agentassist.arrangement import Arrangement
from agentassist.vocabulary import Frequency, Outcome, Party, Priority, Tier


class Value(msgspec.Struct, frozen=True, omit_defaults=True):
    """A frozen value that leaves its defaults out when it is written."""


class Word(Value, frozen=True):
    """One recognised word, where the engine tells words apart."""

    text: str
    start: float
    end: float
    confidence: float | None = None


class Utterance(Value, frozen=True):
    """One committed stretch of words inside a turn: `text[offset : offset + length]` of it."""

    start: float
    end: float
    offset: int
    length: int
    words: tuple[Word, ...] = ()


class Turn(Value, frozen=True):
    """One uninterrupted stretch of speech by one party."""

    index: int
    speaker: Party
    start: float
    end: float
    text: str
    utterances: tuple[Utterance, ...] = ()


class Label(Value, frozen=True):
    """What a turn means, with who says so and the words `text[start : end]` that gave it."""

    name: str
    confidence: float
    source: str
    """`rule:<id>` or `model:<version>`."""
    start: int
    end: int
    detail: str | None = None
    """A finer code where one is known, as `job_loss` for a hardship."""
    codes: tuple[tuple[str, float], ...] = ()
    """How probable the classifier holds each finer code; the note weighs them. Empty for rules."""

    @property
    def names(self) -> tuple[str, ...]:
        """What rules may know it by: `hardship`, and `hardship:job_loss` where it has a code."""
        return (self.name, f"{self.name}:{self.detail}") if self.detail else (self.name,)

    def is_one_of(self, names: Collection[str]) -> bool:
        """Whether it is known by any of these."""
        return any(name in names for name in self.names)


def said_of(label: Label) -> Label:
    """The label as it is filed and handed on: without what else the classifier held possible."""
    return msgspec.structs.replace(label, codes=())


class Cue(Value, frozen=True):
    """One prompt to the agent: what to do, why, and a sentence to say."""

    id: str
    """Unique in the call, as `c3`."""
    name: str
    """The rule's cue, as `acknowledge_hardship`."""
    priority: Priority
    do: str
    why: str
    say: str
    at: float
    turn: int | None = None
    """The turn that called for it."""
    quote: str = ""
    """The words that called for it."""
    source: str = ""
    protocol: str = ""
    """Id of the protocol that it begins, as `blake`."""


class Walk(Value, frozen=True):
    """The step that a protocol is at, such as BLAKE's second of five: one at a time is shown."""

    protocol: str
    """Its id."""
    name: str
    cue: str
    """The cue that began it."""
    priority: Priority
    """Of that cue."""
    step: int
    """Counted from 1."""
    of: int
    title: str
    """The step's own name, as `Listen`."""
    do: str
    say: str = ""


class Tuning(Value, frozen=True):
    """How one person wants the coach. Private: no note, record, export or report tells of it."""

    tier: Tier | None = None
    """None for the pack's own budget."""
    snoozed: tuple[str, ...] = ()
    """Ids of rules that they never want."""


UNTUNED = Tuning()


class Meters(Value, frozen=True):
    """How the conversation goes, measured on speech up to `at`."""

    at: float = 0.0
    talk_share: float | None = None
    """The agent's part of all speech, 0 to 1; None until someone spoke for long enough."""
    pace: float | None = None
    """The agent's words a minute of own speech, over the last minute of it."""
    caller_pace: float | None = None
    overlap: float = 0.0
    """Seconds both spoke at once."""
    interruptions: int = 0
    """Times the agent started while the caller spoke, and the caller then stopped."""
    silence: float = 0.0
    """Seconds since anyone last spoke."""
    longest_silence: float = 0.0
    questions: int = 0
    open_questions: int = 0
    reflections: int = 0
    temperature: float = 0.0
    """Heat of the call from 0 (calm) to 1 (boiling), from labels, cooling with time; raised
    voices warm it where sound is listened to."""
    agent_heat: float = 0.0
    """That part of it that is the agent's own: their flags and their voice."""


class ChecklistItem(Value, frozen=True):
    """One thing a good call holds; `turn` is where it was done."""

    id: str
    title: str
    turn: int | None = None
    at: float | None = None
    due: bool = False


class Evidence(Value, frozen=True):
    """Where a line of the note comes from: who said what, when."""

    turn: int
    at: float
    speaker: Party
    quote: str


class NoteLine(Value, frozen=True):
    """One line of the note with the moments that gave it."""

    text: str
    evidence: tuple[Evidence, ...] = ()


class NoteSection(Value, frozen=True):
    """A titled part of the note; no lines where nothing was said."""

    title: str
    lines: tuple[NoteLine, ...] = ()


class Doubt(Value, frozen=True):
    """A figure of the note that may be read in several ways, for the agent to choose from."""

    field: str
    """JSON pointer into the note, as `/promises/0/amount`."""
    readings: tuple[str, ...]
    """Values in the note's own notation, the one that the draft took first."""
    evidence: tuple[Evidence, ...] = ()


class Promise(Value, frozen=True):
    """What the caller committed to pay."""

    amount: Decimal | None = None
    currency: str | None = None
    date: datetime.date | None = None
    method: str | None = None
    """As `direct_debit`, `card`, `transfer`, `cash`; None where it was not said."""


class Plan(Value, frozen=True):
    """An arrangement of regular payments."""

    amount: Decimal | None = None
    currency: str | None = None
    frequency: Frequency | None = None
    first_date: datetime.date | None = None
    instalments: int | None = None
    total: Decimal | None = None
    """What all instalments come to, where their number was said."""
    covers_balance: bool | None = None
    """Whether they add up to what is owed; None where that can't be told."""


class Settlement(Value, frozen=True):
    """A smaller sum that ends the debt."""

    amount: Decimal | None = None
    currency: str | None = None
    written_off: Decimal | None = None


class Notice(Value, frozen=True):
    """A notice that the agent gave, as `recording` or `debt_collection`, and when."""

    code: str
    at: float
    turn: int


class FollowUp(Value, frozen=True):
    """Something to be done after the call, by whom and by when."""

    text: str
    owner: Party
    date: datetime.date | None = None
    turn: int | None = None
    taken_by: str = ""
    """Who of the agent's side takes it over, where it is not they themselves."""


class HandOver(Value, frozen=True):
    """The call, or what is to come of it, passed on to a colleague."""

    to: str
    """As `supervisor`, `specialist`, `legal`, `complaints`."""
    name: str
    """What they are called here."""
    at: float
    reason: str = ""
    """In the agent's words."""


class Note(msgspec.Struct, frozen=True):
    """The documentation note: codes for machines, sections for people.

    Every field is empty where nothing was said.
    """

    outcome: Outcome
    action_code: str = ""
    """What was done, as `outbound_call`."""
    result_code: str = ""
    """What came of it, as `RPC-PTP`: see `rules/general/codes.yaml`."""
    right_party: bool | None = None
    """Whether the person sought was spoken to; None where that was not made sure."""
    verified_by: tuple[str, ...] = ()
    """How, as `name`, `date_of_birth`, `address`, `postcode`, `reference`."""
    notices: tuple[Notice, ...] = ()
    promises: tuple[Promise, ...] = ()
    plan: Plan | None = None
    settlement: Settlement | None = None
    drawn: Arrangement | None = None
    """What the agent drew up during the call: agreed only where `plan` or `settlement` say so."""
    hardship: tuple[str, ...] = ()
    support_needs: tuple[str, ...] = ()
    """What would help, never a diagnosis (FCA FG21/1)."""
    disputes: tuple[str, ...] = ()
    """Their grounds, as `not_mine`, `amount`, `paid`, `proof`."""
    complaint: bool = False
    represented_by: str | None = None
    channels: tuple[str, ...] = ()
    """Offered by the agent, as `email`, `letter`."""
    signposts: tuple[str, ...] = ()
    """Where the caller was sent for help, as it was named."""
    callback_at: str | None = None
    """ISO date or date-time, local to the call."""
    cease: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()
    follow_ups: tuple[FollowUp, ...] = ()
    handed_over: tuple[HandOver, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    sections: tuple[NoteSection, ...] = ()
    checklist: tuple[ChecklistItem, ...] = ()
