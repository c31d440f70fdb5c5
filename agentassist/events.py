"""The one vocabulary of the program: what was heard, and what was derived from it.

Heard events are facts and are journaled. Derived events are computed from heard ones by
pure stages and can be computed again. Tentative words are display only and are neither.
Every event carries `at`, seconds of call audio at which it became known.
"""

from datetime import date, datetime
from typing import TypeAlias, get_args

import msgspec

from agentassist.account import Account
from agentassist.arrangement import Arrangement
from agentassist.values import (
    UNTUNED,
    ChecklistItem,
    Cue,
    Label,
    Meters,
    Note,
    Tuning,
    Turn,
    Walk,
    Word,
)
from agentassist.vocabulary import Direction, Objective, Party


class Event(msgspec.Struct, frozen=True, tag_field="kind", omit_defaults=True):
    """Something that became known at `at` seconds of call audio."""

    at: float


# Heard: facts, journaled before anything else sees them.


class CallStarted(Event, frozen=True, tag="call_started"):
    """A call begins. `source` says what is listened to, `engine` who recognises it."""

    source: str
    engine: str
    started_at: datetime | None = None
    """Aware; None where a recording does not tell."""
    call_date: date | None = None
    account: Account | None = None
    redacted: bool = False
    """What must not be kept was masked in the words before they came here."""
    number: str = ""
    """The other end's telephone number, where it is known."""
    direction: Direction | None = None
    recording: str = ""
    """The file that the sound is kept in, by its name; empty where it is not kept."""
    pack: str = ""
    """The pack of rules that was asked for; empty for that of the account's country."""
    objective: Objective | None = None
    """What the agent rings for."""
    tuning: Tuning = UNTUNED
    """How the agent wants the coach: kept so that the call comes out the same again."""
    voices: tuple[Party, ...] = ()
    """Whose loudness and pitch are measured."""


class SpeechStarted(Event, frozen=True, tag="speech_started"):
    """A party began to speak at `start`."""

    party: Party
    start: float


class SpeechEnded(Event, frozen=True, tag="speech_ended"):
    """A party, speaking since `start`, fell silent at `end`."""

    party: Party
    start: float
    end: float


class WordsHeard(Event, frozen=True, tag="words_heard"):
    """Committed words of one utterance, spoken from `start` to `end`."""

    party: Party
    start: float
    end: float
    text: str
    words: tuple[Word, ...] = ()
    confidence: float | None = None
    new_turn: bool = False
    """The source knows that a turn begins here (a transcript does, a microphone does not)."""
    masked: tuple[str, ...] = ()
    """What was masked in it, as `card_number`: kinds of redaction, in order of the words."""


class VoiceHeard(Event, frozen=True, tag="voice_heard"):
    """How a party spoke from `start` to `end`, where sound was listened to; its words came before.

    It means something against the same party's other voice alone: see `arousal`.
    """

    party: Party
    start: float
    end: float
    loudness: float
    """Root mean square of the voiced sound, decibels of full scale."""
    pitch: float | None = None
    """The middle one, in hertz; None where no voice was found or nothing finds it."""


class ClockMark(Event, frozen=True, tag="clock_mark"):
    """Call time passed: once a second, so that silence and waiting can be measured."""


class TroubleHeard(Event, frozen=True, tag="trouble_heard"):
    """A device or engine failed, in words for the agent, with what to do about it."""

    what: str
    mend: str
    party: Party | None = None
    fault: str = ""
    """Which kind of fault of a device it is, as `muted`, or that the machine is `behind`.

    One of these that is over has no mend.
    """


class DisputeMade(Event, frozen=True, tag="dispute_made"):
    """The agent says that a cue is wrong. The words of the reason are the agent's own."""

    cue: str
    reason: str = ""


class CueSnoozed(Event, frozen=True, tag="cue_snoozed"):
    """The agent wants no more of the cue's rule in this call. Private: see `PRIVATE`."""

    cue: str


class QuietSwitched(Event, frozen=True, tag="quiet_switched"):
    """The agent wants urgent cues alone from now on, or all again. Private: see `PRIVATE`."""

    on: bool


class StepTaken(Event, frozen=True, tag="step_taken"):
    """The agent says that they did that step of a protocol, or are done with it."""

    protocol: str
    step: int
    """As it was on the screen, counted from 1: a key pressed late takes no other."""


class HandedOver(Event, frozen=True, tag="handed_over"):
    """The agent passes the call on. The words of the reason are the agent's own."""

    to: str
    """As `supervisor`; see `values.HandOver`."""
    name: str
    reason: str = ""


class PlanDrawn(Event, frozen=True, tag="plan_drawn"):
    """The agent kept what they drew up on the plan sheet; it replaces what they kept before."""

    arrangement: Arrangement


class CallEnded(Event, frozen=True, tag="call_ended"):
    """Nothing more will be heard."""


# Display only: neither journaled nor derived from.


class WordsTentative(Event, frozen=True, tag="words_tentative"):
    """Words still being recognised; replaces the party's earlier tentative words."""

    party: Party
    start: float
    text: str
    masked: tuple[str, ...] = ()
    """As of `WordsHeard`; `digits` or `words` where it can't be told yet what they are."""


# Derived: computed by stages, never journaled.


class TurnGrew(Event, frozen=True, tag="turn_grew"):
    """A turn was opened or got more words; it may still grow."""

    turn: Turn


class TurnEnded(Event, frozen=True, tag="turn_ended"):
    """A turn is complete and won't change."""

    turn: Turn


class TurnLabelled(Event, frozen=True, tag="turn_labelled"):
    """All labels of the turn as it stands now; replaces what was said of it before."""

    turn: int
    labels: tuple[Label, ...]
    final: bool = False
    marks: tuple[Label, ...] = ()
    """What a pack listens for beside the labels, by the names of its `mark` rules."""


class MetersRead(Event, frozen=True, tag="meters_read"):
    """The meters as of now."""

    meters: Meters


class CueRaised(Event, frozen=True, tag="cue_raised"):
    """The coach speaks up."""

    cue: Cue


class CueTaken(Event, frozen=True, tag="cue_taken"):
    """The agent did what the cue asked for, in that turn."""

    cue: str
    turn: int | None = None


class CueMissed(Event, frozen=True, tag="cue_missed"):
    """The agent had their turns and did something else."""

    cue: str


class CueExpired(Event, frozen=True, tag="cue_expired"):
    """The moment passed without the agent's turn, or a more pressing cue took its place."""

    cue: str


class CueDisputed(Event, frozen=True, tag="cue_disputed"):
    """The agent said that the cue is wrong."""

    cue: str
    reason: str = ""


class ProtocolWalked(Event, frozen=True, tag="protocol_walked"):
    """The step of a protocol that is due now; None where it is over."""

    walk: Walk | None = None


class BudgetChanged(Event, frozen=True, tag="budget_changed"):
    """Cues the coach will still raise in this call, urgent ones aside."""

    left: int


class ChecklistChanged(Event, frozen=True, tag="checklist_changed"):
    """The whole checklist, after an item was ticked or fell due."""

    items: tuple[ChecklistItem, ...]


class NoteDrafted(Event, frozen=True, tag="note_drafted"):
    """The note as the machine drafts it."""

    note: Note


class TroubleFound(Event, frozen=True, tag="trouble_found"):
    """A part of the coach can't do its work, in words for the agent, with what to do about it."""

    what: str
    mend: str


class StageFailed(Event, frozen=True, tag="stage_failed"):
    """A stage raised; the call goes on without what it would have said here."""

    stage: str
    error: str
    """The error's type, never its text: that may hold spoken words."""


Heard: TypeAlias = (
    CallStarted
    | SpeechStarted
    | SpeechEnded
    | WordsHeard
    | VoiceHeard
    | ClockMark
    | TroubleHeard
    | DisputeMade
    | CueSnoozed
    | QuietSwitched
    | StepTaken
    | HandedOver
    | PlanDrawn
    | CallEnded
)
Derived: TypeAlias = (
    TurnGrew
    | TurnEnded
    | TurnLabelled
    | MetersRead
    | CueRaised
    | CueTaken
    | CueMissed
    | CueExpired
    | CueDisputed
    | ProtocolWalked
    | BudgetChanged
    | ChecklistChanged
    | NoteDrafted
    | TroubleFound
    | StageFailed
)
AnyEvent: TypeAlias = Heard | WordsTentative | Derived

HEARD: tuple[type[Event], ...] = get_args(Heard)
PRIVATE: tuple[type[Event], ...] = (CueSnoozed, QuietSwitched)
"""What the agent turned off: only their own journal has it, nobody is told."""

_encoder = msgspec.json.Encoder(decimal_format="string")
_decoder: msgspec.json.Decoder[AnyEvent] = msgspec.json.Decoder(AnyEvent)
_heard_decoder: msgspec.json.Decoder[Heard] = msgspec.json.Decoder(Heard)


def encode(event: AnyEvent) -> bytes:
    """One event as one line of JSON, without the line feed."""
    return _encoder.encode(event)


def decode(line: bytes | str) -> AnyEvent:
    """Read back what `encode` wrote. Raises `msgspec.DecodeError` on anything else."""
    return _decoder.decode(line)


def decode_heard(line: bytes | str) -> Heard:
    """As `decode`, for a journal's line: a derived event there is an error."""
    return _heard_decoder.decode(line)
