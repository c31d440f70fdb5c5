"""What an edited rulebook says of a call beside what the one in force says: gained and lost.

Both are derived from what was heard, step by step side by side, so that a classifier that
remembers is asked once for a turn, and a turn is labelled once where both listen alike. What the
agent disputed in the call is left out of both: it answers a cue that the other may not raise.
What the agent would have said to another cue can't be known.
"""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from operator import attrgetter
from typing import Literal, NamedTuple, Protocol, TypeAlias, TypeVar

import msgspec
from msgspec.structs import replace

from agentassist import events as ev
from agentassist.call import EMPTY, Call, LabelledTurn, fold
from agentassist.cues import Cues
from agentassist.labels import Classify, Labels, Marks
from agentassist.meters import Measures
from agentassist.pipeline import Stage, step, through
from agentassist.protocols import Walks
from agentassist.reviewing import Standing
from agentassist.rulebook import Rulebook
from agentassist.turns import Turns
from agentassist.values import Label
from agentassist.vocabulary import FLAGS

Kind: TypeAlias = Literal["cue", "flag", "label"]
Fate: TypeAlias = Literal["gained", "lost", "reworded", "kept"]
Judgement: TypeAlias = Literal["agreed", "overruled", "disputed", "open", ""]
"""What people said of it; `open` where nobody did, empty where nobody could: it was not filed."""

Counted: TypeAlias = Counter[tuple[str, Kind, str]]
"""By rule, kind, and fate or judgement; of several calls they are added."""

NEAR = 15.0
"""Seconds by which a cue about no turn in particular, as of a meter, may come sooner or later
and be the same one."""


class Side(NamedTuple):
    """One of the two rulebooks, with a classifier of its own label rules."""

    rulebook: Rulebook
    classify: Classify


class Remark(msgspec.Struct, frozen=True):
    """One thing that a rulebook says of a call: a cue, a flag, or another label of a turn."""

    kind: Kind
    rule: str
    """Id of the rule, or what gave the label, as `rule:threat-bailiff`."""
    name: str
    """The cue's, or the label."""
    turn: int | None
    at: float
    """Seconds of the call."""
    quote: str = ""
    do: str = ""
    why: str = ""
    say: str = ""

    @property
    def about(self) -> tuple[str, str, int]:
        """The same for the same thing said of the same turn, whatever gave the label."""
        told = self.rule if self.kind == "cue" else self.name
        return self.kind, told, -1 if self.turn is None else self.turn


class Filed(msgspec.Struct, frozen=True):
    """A moment that people could judge."""

    remark: Remark
    standing: Standing = "open"
    disputed: bool = False

    @property
    def about(self) -> tuple[str, str, int]:
        return self.remark.about

    @property
    def at(self) -> float:
        return self.remark.at


class Change(msgspec.Struct, frozen=True):
    """What becomes of one remark under the edited rules."""

    fate: Fate
    remark: Remark
    """As the edited rules have it; as those in force do where it is lost."""
    judged: Judgement = ""

    @property
    def about(self) -> tuple[str, str, int]:
        return self.remark.about

    @property
    def at(self) -> float:
        return self.remark.at


class RuleCount(msgspec.Struct, frozen=True):
    """What becomes of all that one rule says; the last four are of what it loses."""

    rule: str
    kind: Kind
    kept: int = 0
    reworded: int = 0
    gained: int = 0
    lost: int = 0
    agreed: int = 0
    overruled: int = 0
    disputed: int = 0
    open: int = 0

    @property
    def changes(self) -> int:
        return self.reworded + self.gained + self.lost


def listens_alike(one: Rulebook, other: Rulebook) -> bool:
    """Whether both label turns in the same way, so that they differ in what they say alone."""
    return all(
        getattr(one, part) == getattr(other, part)
        for part in ("labels", "marks", "contexts", "terms")
    )


def derived(heard: Iterable[ev.Heard], before: Side, after: Side) -> tuple[Call, Call]:
    """The call as either rulebook has it, without a note."""
    alike = listens_alike(before.rulebook, after.rulebook)
    listening = _listening(before)
    otherwise = None if alike else _listening(after)
    one, other = _speaking(before), _speaking(after)
    calls = EMPTY, EMPTY
    for event in heard:
        if isinstance(event, ev.DisputeMade):
            continue
        told = step(event, listening)
        others = step(event, otherwise) if otherwise else told
        calls = fold(through(told, one), calls[0]), fold(through(others, other), calls[1])
    return calls


def _listening(side: Side) -> list[Stage]:
    book = side.rulebook
    return [Turns(), Labels(side.classify, book.contexts, Marks(book)), Measures()]


def _speaking(side: Side) -> list[Stage]:
    return [Cues(side.rulebook, Walks(side.rulebook))]


def remarks(call: Call) -> Iterator[Remark]:
    """All that was said of a call: its cues, and the surest label of each name of each turn."""
    for record in call.cues:
        cue = record.cue
        yield Remark(
            "cue", cue.source, cue.name, cue.turn, cue.at, cue.quote, cue.do, cue.why, cue.say
        )
    for turn in call.turns:
        for label in _surest(turn):
            yield _of_label(turn, label)


def _surest(turn: LabelledTurn) -> Iterable[Label]:
    by_confidence = sorted(turn.labels, key=attrgetter("confidence"))
    return {label.name: label for label in by_confidence}.values()


def _of_label(turn: LabelledTurn, label: Label) -> Remark:
    said = turn.turn
    kind: Kind = "flag" if label.name in FLAGS else "label"
    quote = said.text[label.start : label.end]
    return Remark(kind, label.source, label.name, said.index, said.start, quote)


def compared(before: Iterable[Remark], after: Iterable[Remark]) -> tuple[Change, ...]:
    """What becomes of each remark, in order of the call."""
    changes = (_change(old, new) for old, new in _pairs([*before], [*after]))
    return tuple(sorted(changes, key=lambda change: (change.at, change.about, change.fate)))


def _change(old: Remark | None, new: Remark | None) -> Change:
    if new is None:
        assert old is not None
        return Change("lost", old)
    if old is None:
        return Change("gained", new)
    same = (old.do, old.why, old.say) == (new.do, new.why, new.say)
    return Change("kept" if same else "reworded", new)


def judged(changes: Iterable[Change], filed: Sequence[Filed]) -> tuple[Change, ...]:
    """The same changes with what people said of what was filed then."""
    return tuple(
        replace(change, judged=_judgement(moment))
        for change, moment in _pairs([*changes], [*filed])
        if change is not None
    )


def _judgement(moment: Filed | None) -> Judgement:
    if moment is None:
        return ""
    return "disputed" if moment.disputed and moment.standing == "open" else moment.standing


class _Placed(Protocol):
    """Something said of a turn, or of a time."""

    @property
    def about(self) -> tuple[str, str, int]: ...

    @property
    def at(self) -> float: ...


_One = TypeVar("_One", bound=_Placed)
_Other = TypeVar("_Other", bound=_Placed)


def _pairs(
    ones: Sequence[_One], others: Sequence[_Other]
) -> Iterator[tuple[_One | None, _Other | None]]:
    """Each with the one that is about the same, if there is one; and those that have none."""
    lists: dict[tuple[str, str, int], tuple[list[_One], list[_Other]]] = {}
    for one in sorted(ones, key=attrgetter("at")):
        lists.setdefault(one.about, ([], []))[0].append(one)
    for other in sorted(others, key=attrgetter("at")):
        lists.setdefault(other.about, ([], []))[1].append(other)
    for (_, _, turn), (left, right) in lists.items():
        yield from _in_order(left, right, NEAR if turn < 0 else math.inf)


def _in_order(
    left: list[_One], right: list[_Other], near: float
) -> Iterator[tuple[_One | None, _Other | None]]:
    """As many pairs as there can be of two lists in order of time, none further apart."""
    while left and right:
        apart = right[0].at - left[0].at
        if abs(apart) <= near:
            yield left.pop(0), right.pop(0)
        elif apart > 0:
            yield left.pop(0), None
        else:
            yield None, right.pop(0)
    yield from ((one, None) for one in left)
    yield from ((None, other) for other in right)


def counted(changes: Iterable[Change]) -> Counted:
    """How often each rule's remarks meet which fate, and what people said of those it loses."""
    found = Counted()
    for change in changes:
        whose = change.remark.rule, change.remark.kind
        found[*whose, change.fate] += 1
        if change.fate == "lost":
            found[*whose, change.judged or "open"] += 1
    return found


def by_rule(found: Counted) -> tuple[RuleCount, ...]:
    """Rule by rule, those that change most first."""
    rules: dict[tuple[str, Kind], dict[str, int]] = {}
    for (rule, kind, what), count in found.items():
        rules.setdefault((rule, kind), {})[what] = count
    counts = [RuleCount(rule, kind, **told) for (rule, kind), told in rules.items()]
    return tuple(sorted(counts, key=lambda count: (-count.changes, count.rule, count.kind)))
