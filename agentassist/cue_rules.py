"""When each kind of cue rule is due: pure questions to a moment of the call.

An occasion is a rule that is due now, with the turn and the words that called for it. What
is due stays due for a short while (`WAIT`), so that it may wait for its place, and stops
being due once the agent has done what it asks for.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

from agentassist.call import Call, LabelledTurn
from agentassist.gauges import Gauges
from agentassist.meters import asks, is_backchannel
from agentassist.rules_of_cues import (
    AnyCueRule,
    MaskedRule,
    MeasureRule,
    MissingRule,
    OrderRule,
    SaidRule,
    UnansweredRule,
)
from agentassist.values import Label
from agentassist.vocabulary import Party

WAIT = 10.0
"""Seconds for which a cue may wait for its place; later it answers a moment that is gone."""

MOVED_ON = 8
"""Words after which an agent's turn that still grows has shown where it is going."""

SETTLED = 3.0
"""Seconds of own silence after which a turn is taken as complete, before it formally is."""

SUBSTANCE = 8
"""Words from which a caller's turn holds something that could be said back."""


class Occasion(NamedTuple):
    """A rule that is due, with the turn and label that called for it, where there is one."""

    rule: AnyCueRule
    turn: LabelledTurn | None = None
    label: Label | None = None


class Moment:
    """The call as it stands at `at`, with its turns found by label. Cheap to make and drop."""

    def __init__(self, call: Call, at: float, speaking: frozenset[Party], gauges: Gauges) -> None:
        self.call = call
        self.at = at
        self.speaking = speaking
        self.gauges = gauges

    @cached_property
    def _holding(self) -> dict[str, list[int]]:
        holding: dict[str, list[int]] = {}
        for index, turn in enumerate(self.call.turns):
            for name in dict.fromkeys(name for label in turn.found for name in label.names):
                holding.setdefault(name, []).append(index)
        return holding

    def holding(self, names: Iterable[str]) -> list[int]:
        """Indexes of the turns that hold any of these labels, rising."""
        return sorted({index for name in names for index in self._holding.get(name, ())})

    def is_fresh(self, turn: LabelledTurn) -> bool:
        return self.at - turn.turn.end <= WAIT

    def agent_turns(self, after: int) -> Iterator[LabelledTurn]:
        """The agent's turns after that one that had something to say and can be judged."""
        for turn in self.call.turns[after + 1 :]:
            if turn.turn.speaker == "agent" and self._can_be_judged(turn):
                yield turn

    def _can_be_judged(self, turn: LabelledTurn) -> bool:
        if is_backchannel(turn.turn.text):
            return False
        if turn.ended or len(turn.turn.text.split()) >= MOVED_ON:
            return True
        return "agent" not in self.speaking and self.at - turn.turn.end >= SETTLED


def done_by(rule: AnyCueRule) -> tuple[str, ...]:
    """The agent's labels that count as doing what the rule asks for."""
    if rule.taken_by:
        return rule.taken_by
    match rule:
        case UnansweredRule():
            return rule.by
        case MissingRule():
            return rule.label
        case OrderRule():
            return rule.first
        case _:
            return ()


def occasions(rule: AnyCueRule, moment: Moment) -> Iterator[Occasion]:
    """What calls for the rule's cue now, the latest first."""
    if moment.holding(rule.unless):
        return
    match rule:
        case SaidRule():
            yield from _said(rule, moment)
        case MaskedRule():
            yield from _masked(rule, moment)
        case UnansweredRule():
            yield from _unanswered(rule, moment)
        case MissingRule():
            yield from _missing(rule, moment)
        case OrderRule():
            yield from _out_of_order(rule, moment)
        case MeasureRule() if moment.gauges.due(rule, moment.at):
            yield Occasion(rule)


def first_label(turn: LabelledTurn, names: Sequence[str], at_least: float = 0.0) -> Label | None:
    """The turn's first label of these names."""
    fitting = (lab for lab in turn.found if lab.is_one_of(names) and lab.confidence >= at_least)
    return next(fitting, None)


def says_since(
    turn: LabelledTurn, before: Sequence[LabelledTurn], names: Sequence[str]
) -> Iterator[str]:
    """Which of the labels it has in words since, or had not: `before` are the turns back then."""
    index = turn.turn.index
    known = before[index] if index < len(before) else None
    heard = len(known.turn.text) if known else 0
    for label in turn.found:
        fresh = known is None or label.start >= heard or not known.has(label.name)
        if label.is_one_of(names) and fresh:
            yield label.name


def _said(rule: SaidRule, moment: Moment) -> Iterator[Occasion]:
    for index in reversed(moment.holding(rule.label)):
        turn = moment.call.turns[index]
        label = first_label(turn, rule.label, rule.at_least)
        if label is None or not moment.is_fresh(turn):
            continue
        if rule.after and not any(before < index for before in moment.holding(rule.after)):
            continue
        if not _done_since(index, label, done_by(rule), moment):
            yield Occasion(rule, turn, label)


def _masked(rule: MaskedRule, moment: Moment) -> Iterator[Occasion]:
    for turn in reversed(moment.call.turns):
        if moment.is_fresh(turn) and any(mask in turn.turn.text for mask in rule.masks):
            yield Occasion(rule, turn)


def _done_since(index: int, label: Label, names: Sequence[str], moment: Moment) -> bool:
    """Whether a later turn, or the same one after those words, holds any of the labels."""
    here = moment.call.turns[index].found
    same = any(done.is_one_of(names) and done.start > label.start for done in here)
    return same or any(done > index for done in moment.holding(names))


def _unanswered(rule: UnansweredRule, moment: Moment) -> Iterator[Occasion]:
    answers = moment.holding(rule.by)
    for index in reversed(moment.holding(rule.label)):
        turn = moment.call.turns[index]
        label = first_label(turn, rule.label)
        assert label is not None
        if any(answer > index for answer in answers):
            return
        if not rule.repeats and _answered_before(index, label, answers, moment):
            continue
        if _waited(rule, index, moment):
            yield Occasion(rule, turn, label)


def _answered_before(index: int, label: Label, answers: list[int], moment: Moment) -> bool:
    """Whether the same label and detail came earlier, and an answer between the two."""
    return any(
        (earlier.name, earlier.detail) == (label.name, label.detail)
        and any(before.turn.index < answer < index for answer in answers)
        for before in moment.call.turns[:index]
        for earlier in before.found
    )


def _waited(rule: UnansweredRule, index: int, moment: Moment) -> bool:
    """Whether the agent's turns went by, just now, or everyone has been silent for long."""
    passed = list(moment.agent_turns(index))
    if len(passed) >= rule.after_turns:
        last = passed[rule.after_turns - 1] if rule.after_turns else moment.call.turns[index]
        return moment.is_fresh(last)
    silent = moment.call.meters.silence
    long = rule.after_seconds is not None and silent >= rule.after_seconds
    return long and not passed and not moment.speaking and moment.is_fresh(moment.call.turns[index])


def _missing(rule: MissingRule, moment: Moment) -> Iterator[Occasion]:
    since = _counted_from(rule, moment)
    if since is None:
        return
    heard = moment.holding(rule.label)
    if (heard and not rule.again) or (rule.once and any(index >= since - 1 for index in heard)):
        return
    if _is_due(rule, since, moment):
        turn = moment.call.turns[since] if since >= 0 else None
        label = first_label(turn, rule.once or rule.label) if turn else None
        yield Occasion(rule, turn, label)


def _counted_from(rule: MissingRule, moment: Moment) -> int | None:
    """The turn from which it is counted; -1 for the call's start, None for not at all."""
    if rule.once:
        calling = moment.holding(rule.once)
        return (calling[-1] if rule.again else calling[0]) if calling else None
    heard = moment.holding(rule.label)
    return heard[-1] if heard and rule.again else -1


def _is_due(rule: MissingRule, since: int, moment: Moment) -> bool:
    turns = moment.call.turns
    if moment.at - (turns[since].turn.end if since >= 0 else 0.0) < rule.after_seconds:
        return False
    agent = list(moment.agent_turns(since))
    told = [
        turn
        for turn in turns[since + 1 :]
        if turn.turn.speaker == "caller" and len(turn.turn.text.split()) >= SUBSTANCE
    ]
    asked = [turn for turn in agent if asks(turn.turn.text)]
    return (
        len(agent) >= rule.after_turns
        and len(told) >= rule.caller_turns
        and len(asked) >= rule.questions
    )


def _out_of_order(rule: OrderRule, moment: Moment) -> Iterator[Occasion]:
    for index in reversed(moment.holding(rule.label)):
        turn = moment.call.turns[index]
        if moment.is_fresh(turn) and not _came_first(rule, index, moment):
            yield Occasion(rule, turn, first_label(turn, rule.label))


def _came_first(rule: OrderRule, index: int, moment: Moment) -> bool:
    """Whether one of `first` came in an earlier turn or, where it needs no answer, in this one."""
    anew = max((again for again in moment.holding(rule.anew_after) if again < index), default=-1)
    firsts = [first for first in moment.holding(rule.first) if anew < first <= index]
    if not rule.answered:
        return bool(firsts)
    # What the caller says unasked, as their own name, is question and answer in one.
    return any(
        turn.turn.speaker == "caller"
        for first in firsts[:1]
        for turn in moment.call.turns[first:index]
    )
