"""What people said of moments, as examples for rules and as lines to train the classifier by.

Only what a person judged is taught. A line's other labels, which the machine alone found, may be
read both ways; nothing is learnt from them.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import msgspec
from msgspec.structs import replace

from agentassist import events as ev
from agentassist.account import Account
from agentassist.call import LabelledTurn
from agentassist.examples import Rule, derived, fires
from agentassist.labels import Marks, PhraseClassifier
from agentassist.reviewing import MomentKind
from agentassist.rulebook import Rulebook
from agentassist.rules_of_cues import CueRule, SaidRule, SequenceRule, UnansweredRule
from agentassist.rules_of_words import ContextRule, Line, WordRule
from agentassist.vocabulary import FLAGS, LABELS_OF

_BACK = (0, 1, 2, 4, 8, 1000)
"""How many turns before it are tried, until the rule sees what it saw in the call."""

_AS_GUARD = 2
"""Turns before a moment that the rule does not see any more: it is to stay so."""

_TOLD_PLAINLY = (
    *("country", "role", "sector", "time_barred", "disputed", "insolvent", "moratorium"),
    *("represented", "ceased", "hardship_arrangement", "legal_action_authorised"),
)
"""What an account says of itself that rules ask about, and that tells nobody's name."""


class Lesson(msgspec.Struct, frozen=True):
    """A moment that was judged, and shared, with its agent's consent."""

    moment: str
    call: str
    kind: MomentKind
    rule: str
    name: str
    turn: int | None
    at: float
    right: bool
    """Whether people agreed with it; they overruled it otherwise."""
    turns: tuple[LabelledTurn, ...]
    """All turns of the call, with the names that are known taken out."""
    account: Account = Account()

    @property
    def judged(self) -> str:
        return "agreed" if self.right else "overruled"


class Example(msgspec.Struct, frozen=True):
    """An example for a rule."""

    rule: str
    moment: str
    must_fire: bool
    lines: tuple[Line, ...]
    alone: bool = False
    """Whether its one turn is the rule's own speaker's."""


class Examiner:
    """Turns lessons into examples for the rules in force, read once for all of them."""

    def __init__(self, rulebook: Rulebook, rules: Iterable[Rule]) -> None:
        self._rulebook = rulebook
        self._rules: Mapping[str, Rule] = {rule.id: rule for rule in rules}
        self._classify, self._marks = PhraseClassifier(rulebook), Marks(rulebook)

    def rule(self, lesson: Lesson) -> Rule | None:
        """The rule that spoke; None where it is gone, or where it was the classifier."""
        return self._rules.get(lesson.rule.removeprefix("rule:"))

    def example(self, lesson: Lesson) -> Example | None:
        """The shortest dialogue in which the rule sees what it saw in the call.

        None where the rule is gone, or needs the classifier to see it. What was overruled and
        is not seen any more guards that it stays so.
        """
        rule = self.rule(lesson)
        if rule is None:
            return None
        of_words = isinstance(rule, WordRule | ContextRule)
        last = _last(lesson, of_words=of_words)
        about = last if lesson.turn is None else lesson.turn
        firsts = list(dict.fromkeys(max(0, about - back) for back in _BACK))
        for timed in (False,) if of_words else (False, True):
            for first in firsts:
                lines = _lines(lesson, rule, first, last, timed=timed)
                if self._sees(rule, lines, lesson, first):
                    return _example(lesson, rule, lines)
        if lesson.right:
            return None
        guard = _lines(lesson, rule, max(0, about - _AS_GUARD), last, timed=False)
        passes = not fires(rule, guard, self._rulebook, self._classify, self._marks)
        return _example(lesson, rule, guard) if passes else None

    def _sees(self, rule: Rule, lines: tuple[Line, ...], lesson: Lesson, first: int) -> bool:
        """Whether it speaks, and of that turn alone."""
        if isinstance(rule, WordRule | ContextRule):
            return fires(rule, lines, self._rulebook, self._classify, self._marks)
        about = None if lesson.turn is None else lesson.turn - first
        turns = [
            event.cue.turn
            for event in derived(rule, lines, self._rulebook, self._classify)
            if isinstance(event, ev.CueRaised) and _is_of(event.cue.source, rule)
        ]
        return bool(turns) and all(turn == about for turn in turns)


def _is_of(source: str, rule: Rule) -> bool:
    return source == rule.id or (isinstance(rule, SequenceRule) and source.startswith(rule.id))


def _last(lesson: Lesson, *, of_words: bool) -> int:
    """The last turn that was begun when the moment came."""
    turn = lesson.turn or 0
    if of_words:
        return turn
    begun = [said.turn.index for said in lesson.turns if said.turn.start <= lesson.at]
    return max([turn, *begun])


def _lines(lesson: Lesson, rule: Rule, first: int, last: int, *, timed: bool) -> tuple[Line, ...]:
    lines = list(_said(lesson.turns[first : last + 1], timed=timed))
    facts = _facts(lesson.account, rule)
    return (Line(account=facts), *lines) if facts else tuple(lines)


def _said(turns: Sequence[LabelledTurn], *, timed: bool) -> Iterator[Line]:
    ended: float | None = None
    for labelled in turns:
        said = labelled.turn
        is_agent = said.speaker == "agent"
        line = Line(agent=said.text) if is_agent else Line(caller=said.text)
        if timed and ended is not None:
            line = replace(line, after=round(said.start - ended, 1))
        yield replace(line, lasts=round(said.end - said.start, 1)) if timed else line
        ended = said.end


def _facts(account: Account, rule: Rule) -> Account | None:
    """What the rule asks of the account, and nothing else of it."""
    asked = rule.account if isinstance(rule, CueRule) else {}
    known = {name: getattr(account, name) for name in _TOLD_PLAINLY if name in asked}
    told = {name: value for name, value in known.items() if value is not None}
    return Account(**told) if told else None


def _example(lesson: Lesson, rule: Rule, lines: tuple[Line, ...]) -> Example:
    own = isinstance(rule, WordRule | ContextRule) and len(lines) == 1
    return Example(rule.id, lesson.moment, lesson.right, lines, own)


def row(lessons: Sequence[Lesson], rules: Sequence[Rule | None]) -> dict[str, Any] | None:
    """A turn as a line of `models/corpus/turns`; None where no label of it was judged.

    `lessons` are all of one turn, `rules` the rules that spoke.
    """
    turn = next((lesson.turn for lesson in lessons if lesson.turn is not None), None)
    if turn is None:
        return None
    said = lessons[0].turns[turn]
    speaker = said.turn.speaker
    verdicts: dict[str, set[bool]] = {}
    for lesson, rule in zip(lessons, rules, strict=True):
        for label in _judged(lesson, rule, said):
            if label in LABELS_OF[speaker]:
                verdicts.setdefault(label, set()).add(lesson.right)
    sure = {label: right for label, (right, *others) in verdicts.items() if not others}
    if not sure:
        return None
    return {
        "before": _before(lessons[0].turns, turn),
        "speaker": speaker,
        "text": said.turn.text,
        "labels": [label for label, right in sure.items() if right],
        "either": [label for label in LABELS_OF[speaker] if label not in sure],
        "from": {lesson.moment: lesson.judged for lesson in lessons},
    }


def _judged(lesson: Lesson, rule: Rule | None, said: LabelledTurn) -> Iterator[str]:
    """Labels of the turn that were judged with the moment.

    A cue about a flag is judged as the flag is. Of a caller's signal it tells only where it was
    right: overruled, it may have been the coaching that was wrong. No other cue tells of a label.
    """
    if lesson.kind == "flag":
        yield lesson.name
        return
    if not isinstance(rule, SaidRule | UnansweredRule):
        return
    for label in said.labels:
        if label.is_one_of(rule.label) and (lesson.right or label.name in FLAGS):
            yield label.name


def _before(turns: Sequence[LabelledTurn], turn: int) -> str:
    """What the other party had said last."""
    speaker = turns[turn].turn.speaker
    others = (each.turn.text for each in reversed(turns[:turn]) if each.turn.speaker != speaker)
    return next(others, "")
