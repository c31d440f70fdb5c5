"""What a rulebook holds: the rules as frozen values, checked when they are read (`packs`).

A rule is data of one of sixteen kinds. Of words (`rules_of_words`):

- `label`: phrases by one party give a turn a label;
- `mark`: phrases by one party give a turn a mark, which is a label of the pack's own;
- `context`: a turn's labels and what was heard before it give it one more.

Of cues (`rules_of_cues`):

- `said`: a turn with such a label raises a cue at once;
- `masked`: words that must not be kept were said, and masked;
- `unanswered`: a caller's label that the agent's next turns do not answer raises a cue;
- `missing`: a label not heard by some time, or some turns after it fell due;
- `measure`: a meter above or below a bound;
- `order`: one label before another that must come first;
- `sequence`: several that must come one after another.

Of what stands against ringing somebody, before the call (`rules_of_dialling`):

- `hours`, `holidays`: the time or the day where they are;
- `calls`, `contacts`: how often they were called, or reached, within some days or months;
- `flag`: a fact of the account, as that an attorney speaks for them;
- `wishes`: what they asked for.
"""

from collections.abc import Mapping
from typing import Annotated, TypeAlias

import msgspec

from agentassist.helplines import Helpline
from agentassist.rules_of_cues import PLACES, AnyCueRule, SequenceRule, check_placeholders
from agentassist.rules_of_dialling import AnyDiallingRule
from agentassist.rules_of_words import (
    ContextRule,
    Count,
    Data,
    Identifier,
    LabelRule,
    MarkRule,
    Name,
    Seconds,
    Share,
)
from agentassist.standing import Conditions
from agentassist.vocabulary import Objective, Priority, Tier

STEP_WORDS = 8
"""What can be read at a glance."""

AnyRule: TypeAlias = LabelRule | MarkRule | ContextRule | AnyCueRule | SequenceRule


class CheckRule(Data, frozen=True):
    """A checklist item that ticks itself at the first of its labels.

    `due_after`: it falls due once one of these was heard; `due_at`: at that second. What was
    done before or with one of `anew_after` does not count, and after it only once one of
    `needs` was heard; nor does what was done in a turn that holds one of `spoilt_by`.
    """

    id: Identifier
    title: str
    ticked_by: tuple[Name, ...]
    due_after: tuple[Name, ...] = ()
    due_at: Seconds | None = None
    only_if: tuple[Name, ...] = ()
    """The item is on the list only once one of these was heard."""
    anew_after: tuple[Name, ...] = ()
    needs: tuple[Name, ...] = ()
    spoilt_by: tuple[Name, ...] = ()
    objectives: tuple[Objective, ...] = ()
    """The item is only for calls of these objectives; for all where none is named."""
    account: Conditions = {}
    """It is left out where the account says otherwise."""


class Budget(Data, frozen=True):
    """How much the coach may speak in one call. Urgent cues are outside of it."""

    cues: Count = 10
    reserve: Count = 3
    """How many of them are kept for cues of high priority."""
    gap: Seconds = 8.0
    """Seconds between two cues."""
    least: Priority = "low"
    """The least pressing cues that are raised."""


class PauseRule(Data, frozen=True):
    """A hard call, after which a pause is suggested: where all that is named holds."""

    minutes: Annotated[int, msgspec.Meta(ge=1)]
    why: str
    """What made it hard, as the end of a sentence; never more of the call than that."""
    heard: tuple[Name, ...] = ()
    """Labels or marks, of which `turns` turns hold one."""
    turns: Annotated[int, msgspec.Meta(ge=1)] = 1
    hottest: Share | None = None
    """The temperature that the call came to at least."""
    longer_than: Seconds | None = None
    source: str = ""

    def __post_init__(self) -> None:
        if not self.heard and self.hottest is None and self.longer_than is None:
            raise ValueError("a pause needs to say after what: `heard`, `hottest`, `longer_than`")


class ProtocolStep(Data, frozen=True):
    """One step: what to do, in at most eight words, and a sentence to say.

    Both may hold `{crisis}` and `{advice}`: see `helplines`.
    """

    name: str
    do: str
    say: str
    done_by: tuple[Name, ...] = ()
    """Labels and marks of the agent that show that it was done; none where nothing heard can."""

    def __post_init__(self) -> None:
        if len(self.do.split()) > STEP_WORDS:
            raise ValueError(f"{self.do!r} is too long to take in; at most {STEP_WORDS} words")
        check_placeholders((self.do, self.say), PLACES)


class Protocol(Data, frozen=True):
    """Steps to walk through one at a time, as BLAKE; a cue rule names it as its `protocol`."""

    id: Identifier
    name: str
    about: str
    """What it is for, in a few words."""
    steps: Annotated[tuple[ProtocolStep, ...], msgspec.Meta(min_length=1)]
    source: str = ""


RegionCode: TypeAlias = Annotated[str, msgspec.Meta(pattern="^[A-Z]{2}-[A-Z0-9]{1,3}$")]
"""ISO 3166-2."""


class Pack(Data, frozen=True):
    """One YAML file."""

    pack: Identifier
    version: str
    about: str = ""
    countries: tuple[str, ...] = ()
    """ISO 3166-1 of where it holds; a pack without any holds everywhere."""
    replaces: tuple[Identifier, ...] = ()
    """Rules and checklist items of other packs that are silent where this one is in force."""
    terms: dict[str, str] = {}
    details: dict[str, str] = {}
    """Words for a label's detail code, as `job_loss: losing the job`."""
    wordings: dict[str, dict[str, tuple[str, ...]]] = {}
    """Phrases that the note tells things apart by: kind, as `hardship`, then code and patterns."""
    codes: dict[str, dict[str, str]] = {}
    """What the note's codes are called in the records: kind, as `result`, then code and name."""
    budget: Budget | None = None
    tiers: dict[Tier, Budget] = {}
    """Budgets by experience, for those who chose one."""
    pauses: tuple[PauseRule, ...] = ()
    """The first that holds is suggested."""
    protocols: tuple[Protocol, ...] = ()
    checklist: tuple[CheckRule, ...] = ()
    zones: dict[RegionCode, tuple[str, ...]] = {}
    """Time zones of the parts of a country, as `US-ID: [America/Boise, America/Los_Angeles]`."""
    dialling: tuple[AnyDiallingRule, ...] = ()
    """What stands against ringing somebody, before the call."""
    rules: tuple[AnyRule, ...] = ()


class Local(msgspec.Struct, frozen=True):
    """A pack that holds only in some countries: what is in force where it is, and only there."""

    countries: tuple[str, ...]
    own: frozenset[str]
    """Ids of its rules, of its rules of dialling and of its checklist items."""
    replaces: frozenset[str]


class Rulebook(msgspec.Struct, frozen=True):
    """All packs in force, checked."""

    version: str
    """Pack names and versions with a digest of their text: what a record names."""
    labels: tuple[LabelRule, ...]
    marks: tuple[MarkRule, ...]
    contexts: tuple[ContextRule, ...]
    cues: tuple[AnyCueRule, ...]
    checklist: tuple[CheckRule, ...]
    budget: Budget
    terms: dict[str, str]
    details: dict[str, str]
    places: dict[str, str]
    """`file:line:column` of each rule, by its id."""
    wordings: dict[str, dict[str, tuple[str, ...]]] = {}
    """Phrases of the note with their terms expanded: a kind, then code and patterns."""
    codes: dict[str, dict[str, str]] = {}
    """Names of the note's codes: a kind, as `result`, then code and name."""
    local: dict[str, Local] = {}
    """The packs that hold only in some countries, by name."""
    tiers: dict[Tier, Budget] = {}
    pauses: tuple[PauseRule, ...] = ()
    sequences: tuple[SequenceRule, ...] = ()
    """As they were written; their parts are among the cues."""
    protocols: tuple[Protocol, ...] = ()
    helplines: tuple[Helpline, ...] = ()
    versions: dict[str, str] = {}
    """Of each pack, by its name."""
    dialling: tuple[AnyDiallingRule, ...] = ()
    zones: dict[str, tuple[str, ...]] = {}
    """Time zones by ISO 3166-1 code, and by ISO 3166-2 where a pack tells of the parts."""
    digest: str = ""
    """Of all text that was read, by its first twelve digits."""


def version(versions: Mapping[str, str], digest: str) -> str:
    """As "general 2026-11-24, uk 2026-11-25 (0123456789ab)"."""
    return f"{', '.join(f'{name} {dated}' for name, dated in versions.items())} ({digest})"
