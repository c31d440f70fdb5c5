"""What a supervisor's desk works on: moments of calls, what people say of them, who may.

A moment is a cue that was raised, or a flag that no cue spoke up about. What people
say of one is a review; reviews are added and never changed, and a moment's standing follows
from them. Coaching is all that this is for: nothing here is a measure of a person's work.
"""

import datetime
from pathlib import Path
from typing import Literal, Protocol, TypeAlias, get_args

import msgspec

from agentassist.vocabulary import Outcome, Party, Severity

Role: TypeAlias = Literal["agent", "supervisor", "compliance", "owner"]
"""Whose calls one sees: one's own, one's teams', all without a word to say, all of this file."""

MomentKind: TypeAlias = Literal["cue", "flag"]
ReviewKind: TypeAlias = Literal[
    "agree",
    "overrule",
    "comment",
    "praise",
    "share",
    "dispute",
    "answer",
    "consent",
    "withdraw",
]
"""Of the coach it is right, or wrong (with a reason); a word; well done; may train rules and
classifier, if the agent consents; the agent says that it is wrong (with a reason); the
supervisor answers that; the agent consents, or takes that back."""

Standing: TypeAlias = Literal["open", "agreed", "overruled"]

KINDS: tuple[ReviewKind, ...] = get_args(ReviewKind)
WORDED: frozenset[ReviewKind] = frozenset({"overrule", "comment", "dispute", "answer"})
"""Reviews that say nothing without words."""

SEVERITIES: tuple[Severity, ...] = ("stop", "fix", "note")
"""Most pressing first."""

_OF_AGENTS: frozenset[ReviewKind] = frozenset({"dispute", "comment", "consent", "withdraw"})
_OF_SUPERVISORS: frozenset[ReviewKind] = frozenset(
    {"agree", "overrule", "comment", "praise", "share", "answer"}
)


class Person(msgspec.Struct, frozen=True):
    """Somebody who sits at the desk."""

    id: str
    """Their own login: of the machine, and of the database where that is a server."""
    name: str
    role: Role
    team: str = ""
    """That an agent belongs to."""
    teams: tuple[str, ...] = ()
    """Those that a supervisor looks after."""

    def may(self, agent: str) -> frozenset[ReviewKind]:
        """What they may say of a moment of that agent's."""
        match self.role:
            case "agent":
                return _OF_AGENTS if agent == self.id else frozenset()
            case "supervisor":
                return _OF_SUPERVISORS
            case "owner":
                return frozenset(KINDS)
            case _:
                return frozenset()


class Moment(msgspec.Struct, frozen=True):
    """One row of the queue."""

    id: str
    call: str
    title: str
    """The call's."""
    agent: str
    team: str
    pack: str
    outcome: Outcome
    happened_at: datetime.datetime
    """Aware; counted from the day's beginning where a recording does not tell its time."""
    at: float
    """Seconds of the call."""
    turn: int | None
    kind: MomentKind
    name: str
    """The cue's, or the flag's label."""
    rule: str
    """Id of the rule that spoke, or what gave the label, as `rule:threat-bailiff`."""
    severity: Severity
    state: str
    """What became of the cue in the call: `call.CueState`; `flagged` for a flag."""
    quote: str
    """The words that it is about; empty once the words of the call are past their retention."""
    do: str = ""
    why: str = ""
    say: str = ""
    standing: Standing = "open"
    disputed: bool = False
    """By the agent, live or later, and not answered yet."""
    praised: bool = False
    shared: bool = False
    consented: bool = False
    """To its being shared."""


class Filters(msgspec.Struct, frozen=True):
    """Which moments are wanted: all that is named must hold; empty is all."""

    agent: str = ""
    team: str = ""
    pack: str = ""
    rule: str = ""
    """Of the moment, as it is there."""
    outcome: str = ""
    severity: Severity | Literal[""] = ""
    standing: Standing | Literal[""] = "open"
    since: datetime.date | None = None
    until: datetime.date | None = None
    """The last day that is meant."""
    disputed: bool = False
    """Only those whose dispute waits for an answer."""
    words: str = ""
    """Only those of calls in which these words were said."""


class Page(msgspec.Struct, frozen=True):
    """Some moments, most pressing first, then the newest; `after` goes on, empty at the end."""

    moments: tuple[Moment, ...]
    after: str = ""


class Choices(msgspec.Struct, frozen=True):
    """What there is to filter by, for what this person may see."""

    agents: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()
    packs: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    outcomes: tuple[str, ...] = ()


class Said(msgspec.Struct, frozen=True):
    """A turn as it is read on the desk; `marks` are `(label, start, end)` of its text."""

    turn: int
    speaker: Party
    start: float
    end: float
    text: str
    marks: tuple[tuple[str, int, int], ...] = ()


class Review(msgspec.Struct, frozen=True):
    """What somebody said of a moment. The words are their own."""

    id: str
    moment: str
    by: str
    kind: ReviewKind
    at: datetime.datetime
    """Aware."""
    text: str = ""


class Opened(msgspec.Struct, frozen=True):
    """A moment with the whole of its call; that it was looked at is on record."""

    moment: Moment
    said: tuple[Said, ...]
    """All turns of the call, in order; none once its words are past their retention."""
    reviews: tuple[Review, ...]
    """Oldest first."""
    recording: Path | None = None
    """Where the sound is, if it was kept and this machine can reach it."""


class OpenedCall(msgspec.Struct, frozen=True):
    """A call as a whole, where its words were found; that it was looked at is on record."""

    call: str
    title: str
    agent: str
    day: datetime.date
    said: tuple[Said, ...]
    moments: tuple[Moment, ...]
    """In the order of the call."""
    recording: Path | None = None


class Found(msgspec.Struct, frozen=True):
    """A place where searched words were said."""

    call: str
    turn: int
    text: str
    title: str
    """The call's."""
    agent: str
    day: datetime.date


class RulePrecision(msgspec.Struct, frozen=True):
    """How often people found a rule right. `of` are those that anybody judged."""

    rule: str
    raised: int
    """Moments of it, judged or not."""
    agreed: int
    overruled: int
    disputed: int
    """By agents, and not judged yet."""

    @property
    def judged(self) -> int:
        return self.agreed + self.overruled

    @property
    def precision(self) -> float | None:
        """Agreed of judged, 0 to 1; None where nobody judged one."""
        return self.agreed / self.judged if self.judged else None


class Reviewing(Protocol):
    """A store of moments as one person sees it. Every method may raise MendableError.

    Methods may block: call them from a worker thread, one at a time or several.
    """

    @property
    def who(self) -> Person: ...

    def page(self, filters: Filters, after: str = "", size: int = 50) -> Page: ...

    def count(self, filters: Filters, most: int = 1000) -> int:
        """How many moments there are, counted no further than `most`."""
        ...

    def choices(self) -> Choices: ...

    def open(self, moment: str) -> Opened:
        """The moment with its call. The look is written down before anything is shown."""
        ...

    def open_call(self, call: str) -> OpenedCall:
        """The call with all of its moments. The look is written down here too."""
        ...

    def add(self, moment: str, kind: ReviewKind, text: str = "") -> Opened:
        """Puts a review to it, and gives the moment as it stands then."""
        ...

    def search(self, words: str, most: int = 50) -> tuple[Found, ...]:
        """Where these words were said, the newest first. Each call found counts as looked at."""
        ...

    def precision(self) -> tuple[RulePrecision, ...]:
        """Of each rule that spoke, the most overruled first."""
        ...

    def answers(self) -> tuple[Review, ...]:
        """Reviews by others of this person's own moments, newest first."""
        ...


def missing_words(kind: ReviewKind, text: str) -> str:
    """What to tell somebody whose review lacks its words; empty where it does not."""
    if kind in WORDED and not text.strip():
        return f"say why: {kind} needs a few words"
    return ""
