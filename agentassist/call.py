"""What is known of a call so far, folded from its events.

The screen, the cue stage and the note all read this one value; none keeps books of its own.
"""

from collections.abc import Iterable
from typing import Literal, TypeAlias

import msgspec
from msgspec.structs import replace

from agentassist import events as ev
from agentassist.account import Account
from agentassist.values import ChecklistItem, Cue, HandOver, Label, Meters, Note, Turn, Walk
from agentassist.vocabulary import Party

CueState: TypeAlias = Literal["raised", "taken", "missed", "expired", "disputed"]


class LabelledTurn(msgspec.Struct, frozen=True):
    """A turn with its labels so far; `ended` once it can't grow."""

    turn: Turn
    labels: tuple[Label, ...] = ()
    ended: bool = False
    marks: tuple[Label, ...] = ()
    """What the packs listen for beside the labels."""

    @property
    def found(self) -> tuple[Label, ...]:
        """Labels and marks."""
        return self.labels + self.marks

    def has(self, *names: str) -> bool:
        """Whether any of these labels or marks holds."""
        return any(label.is_one_of(names) for label in self.found)


class CueRecord(msgspec.Struct, frozen=True):
    """A cue and what became of it; `changed_at` is when."""

    cue: Cue
    state: CueState = "raised"
    changed_at: float = 0.0
    reason: str = ""


class Call(msgspec.Struct, frozen=True):
    """A call as known at `at`."""

    at: float = 0.0
    started: ev.CallStarted | None = None
    turns: tuple[LabelledTurn, ...] = ()
    tentative: dict[Party, ev.WordsTentative] = {}
    cues: tuple[CueRecord, ...] = ()
    meters: Meters = Meters()
    budget_left: int | None = None
    """Cues the coach will still raise, urgent ones aside."""
    walk: Walk | None = None
    """The step that a protocol is at."""
    snoozed: frozenset[str] = frozenset()
    """Rules that the agent wants no more of in this call. Private, as `quiet` is."""
    quiet: bool = False
    """Whether urgent cues alone may speak."""
    hottest: float = 0.0
    """The highest temperature so far."""
    handed_over: tuple[HandOver, ...] = ()
    drawn: ev.PlanDrawn | None = None
    """What the agent drew up last on the plan sheet."""
    checklist: tuple[ChecklistItem, ...] = ()
    troubles: tuple[ev.TroubleHeard | ev.TroubleFound | ev.StageFailed, ...] = ()
    note: Note | None = None
    ended: bool = False

    @property
    def account(self) -> Account:
        return (self.started.account if self.started else None) or Account()

    def active_cues(self) -> tuple[CueRecord, ...]:
        """Cues raised and not yet settled, the latest last."""
        return tuple(record for record in self.cues if record.state == "raised")

    def turn(self, index: int) -> LabelledTurn:
        """The turn with that index: turns are numbered in the order in which they opened."""
        return self.turns[index]


EMPTY = Call()


def fold(stream: Iterable[ev.AnyEvent], call: Call = EMPTY) -> Call:
    """All of a stream into one call."""
    for event in stream:
        call = apply(call, event)
    return call


def apply(call: Call, event: ev.AnyEvent) -> Call:
    """The call after one more event."""
    call = replace(call, at=max(call.at, event.at))
    match event:
        case ev.CallStarted():
            return replace(call, started=event)
        case ev.CallEnded():
            return replace(call, ended=True, tentative={}, walk=None)
        case ev.WordsTentative():
            return replace(call, tentative=call.tentative | {event.party: event})
        case ev.WordsHeard():
            return replace(call, tentative=_without(call.tentative, event.party))
        case ev.TurnGrew() | ev.TurnEnded() | ev.TurnLabelled():
            return replace(call, turns=_with_turn(call.turns, event))
        case ev.CueRaised():
            return replace(call, cues=(*call.cues, CueRecord(event.cue, "raised", event.at)))
        case ev.CueTaken() | ev.CueMissed() | ev.CueExpired() | ev.CueDisputed():
            return replace(call, cues=tuple(_settled(record, event) for record in call.cues))
        case ev.MetersRead():
            hottest = max(call.hottest, event.meters.temperature)
            return replace(call, meters=event.meters, hottest=hottest)
        case ev.CueSnoozed():
            return replace(call, snoozed=call.snoozed | _rule_of(call, event.cue))
        case ev.QuietSwitched():
            return replace(call, quiet=event.on)
        case ev.ProtocolWalked():
            return replace(call, walk=event.walk)
        case ev.HandedOver():
            passed = HandOver(event.to, event.name, event.at, event.reason)
            return replace(call, handed_over=(*call.handed_over, passed))
        case ev.PlanDrawn():
            return replace(call, drawn=event)
        case ev.BudgetChanged():
            return replace(call, budget_left=event.left)
        case ev.ChecklistChanged():
            return replace(call, checklist=event.items)
        case ev.TroubleHeard() | ev.TroubleFound() | ev.StageFailed():
            return replace(call, troubles=(*call.troubles, event))
        case ev.NoteDrafted():
            return replace(call, note=event.note)
        case _:
            return call


def _rule_of(call: Call, cue: str) -> frozenset[str]:
    return frozenset(record.cue.source for record in call.cues if record.cue.id == cue)


def _without(
    tentative: dict[Party, ev.WordsTentative], party: Party
) -> dict[Party, ev.WordsTentative]:
    return {who: words for who, words in tentative.items() if who != party}


def _with_turn(
    turns: tuple[LabelledTurn, ...], event: ev.TurnGrew | ev.TurnEnded | ev.TurnLabelled
) -> tuple[LabelledTurn, ...]:
    index = event.turn if isinstance(event, ev.TurnLabelled) else event.turn.index
    known = turns[index] if index < len(turns) else None
    if isinstance(event, ev.TurnLabelled):
        if known is None:
            return turns
        changed = replace(known, labels=event.labels, marks=event.marks)
    else:
        ended = isinstance(event, ev.TurnEnded)
        changed = replace(known or LabelledTurn(event.turn), turn=event.turn, ended=ended)
    return (*turns[:index], changed, *turns[index + 1 :])


_STATES: dict[type, CueState] = {
    ev.CueTaken: "taken",
    ev.CueMissed: "missed",
    ev.CueExpired: "expired",
    ev.CueDisputed: "disputed",
}


def _settled(
    record: CueRecord, event: ev.CueTaken | ev.CueMissed | ev.CueExpired | ev.CueDisputed
) -> CueRecord:
    if record.cue.id != event.cue:
        return record
    reason = event.reason if isinstance(event, ev.CueDisputed) else ""
    return CueRecord(record.cue, _STATES[type(event)], event.at, reason)
