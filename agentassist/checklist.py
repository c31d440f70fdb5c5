"""The checklist that ticks itself: what a good call holds, and what of it was done so far.

It is computed anew from all labelled turns, so a tick can be taken back: a sum that turns
out to have been told to the wrong person was not told.
"""

from collections.abc import Iterable

from agentassist import events as ev
from agentassist.call import EMPTY, Call, LabelledTurn, apply
from agentassist.in_force import in_force
from agentassist.rulebook import CheckRule, Rulebook
from agentassist.values import ChecklistItem


class Checklist:
    """The stage: tells the whole list at the call's start and whenever an item changes."""

    def __init__(self, rulebook: Rulebook) -> None:
        self._rulebook = rulebook
        self._rules = in_force(rulebook, None).checklist
        self._call = EMPTY
        self._last: tuple[ChecklistItem, ...] | None = None

    def feed(self, event: ev.AnyEvent) -> Iterable[ev.Derived]:
        self._call = apply(self._call, event)
        if isinstance(event, ev.CallStarted):
            self._rules = in_force(self._rulebook, event).checklist
        if not isinstance(event, ev.CallStarted | ev.TurnLabelled | ev.ClockMark | ev.CallEnded):
            return
        items = checked(self._rules, self._call)
        if items != self._last:
            self._last = items
            yield ev.ChecklistChanged(event.at, items)


def checked(rules: Iterable[CheckRule], call: Call) -> tuple[ChecklistItem, ...]:
    """The items that are on the list as the call stands, in the order of the rules."""
    return tuple(_item(rule, call) for rule in rules if _is_listed(rule, call))


def _is_listed(rule: CheckRule, call: Call) -> bool:
    return not rule.only_if or any(turn.has(*rule.only_if) for turn in call.turns)


def _item(rule: CheckRule, call: Call) -> ChecklistItem:
    done = _done(rule, call)
    if done:
        return ChecklistItem(rule.id, rule.title, done.turn.index, done.turn.start)
    return ChecklistItem(rule.id, rule.title, due=_is_due(rule, call))


def _done(rule: CheckRule, call: Call) -> LabelledTurn | None:
    """The first turn that counts as doing it."""
    for turn in call.turns[_counted_from(rule, call) :]:
        if turn.has(*rule.ticked_by) and not turn.has(*rule.spoilt_by):
            return turn
    return None


def _counted_from(rule: CheckRule, call: Call) -> int:
    """The first turn that may count: after the last `anew_after` and what is then needed."""
    anew = [place for place, turn in enumerate(call.turns) if turn.has(*rule.anew_after)]
    if not anew:
        return 0
    start = anew[-1] + 1
    if not rule.needs:
        return start
    needed = (
        place for place in range(start, len(call.turns)) if call.turns[place].has(*rule.needs)
    )
    return next(needed, len(call.turns))


def _is_due(rule: CheckRule, call: Call) -> bool:
    if rule.due_at is not None and call.at >= rule.due_at:
        return True
    return any(turn.has(*rule.due_after) for turn in call.turns)
