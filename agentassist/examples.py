"""Runs the examples that each rule brings with it: what must fire it, and what must not."""

from collections.abc import Collection, Iterator
from typing import NamedTuple, TypeAlias

from agentassist import dialling, dialogue
from agentassist import events as ev
from agentassist.account import Account
from agentassist.call import fold
from agentassist.in_force import EVERYWHERE
from agentassist.labels import Marks, PhraseClassifier
from agentassist.pipeline import run, stages
from agentassist.rulebook import Rulebook
from agentassist.rules_of_cues import AnyCueRule, SequenceRule
from agentassist.rules_of_words import (
    ContextRule,
    Example,
    Examples,
    LabelRule,
    Line,
    MarkRule,
    WordRule,
)
from agentassist.vocabulary import Party

Rule: TypeAlias = LabelRule | MarkRule | ContextRule | AnyCueRule | SequenceRule


class Failure(NamedTuple):
    """An example that its rule judges wrongly. `place` is where the rule stands."""

    place: str
    rule: str
    must_fire: bool
    example: str
    number: int = 0
    """Counted from 0 among those that must fire, or that must not."""


def told(failure: Failure) -> str:
    """As a line."""
    wrong = "must fire on" if failure.must_fire else "must not fire on"
    return f"{failure.place}: {failure.rule}: {wrong}: {failure.example}"


def failures(rulebook: Rulebook, only: Collection[str] | None = None) -> Iterator[Failure]:
    """Every example that fails, in the order of the rules; of those rules alone, if named."""
    classify, marks = PhraseClassifier(rulebook), Marks(rulebook)
    for rule in rules(rulebook):
        if only is None or rule.id in only:
            yield from failures_of(rule, rule.examples, rulebook, classify, marks)
    yield from _failures_of_dialling(rulebook, only)


def failures_of(
    rule: Rule,
    examples: Examples,
    rulebook: Rulebook,
    classify: PhraseClassifier,
    marks: Marks,
) -> Iterator[Failure]:
    """Those of these examples that the rule judges wrongly."""
    for must_fire, told_so in ((True, examples.fire), (False, examples.hold)):
        for number, example in enumerate(told_so):
            lines = lines_of(rule, example)
            if fires(rule, lines, rulebook, classify, marks) != must_fire:
                said = " / ".join(f"{line.speaker}: {line.text}" for line in lines if line.text)
                yield Failure(rulebook.places[rule.id], rule.id, must_fire, said, number)


def _failures_of_dialling(rulebook: Rulebook, only: Collection[str] | None) -> Iterator[Failure]:
    for rule in rulebook.dialling:
        if only is not None and rule.id not in only:
            continue
        for case in rule.examples:
            found = dialling.answers(rulebook, case.account, _pack(rule.id, rulebook), case.now)
            said = next((answer.verdict for answer in found if answer.rule == rule.id), "none")
            if said != case.verdict:
                told = f"{case.now:%Y-%m-%d %H:%M%z}: {case.verdict} (it says {said})"
                yield Failure(rulebook.places[rule.id], rule.id, case.verdict != "none", told)


def count(rulebook: Rulebook) -> int:
    """How many examples the rulebook brings."""
    words = (count_of(rule.examples) for rule in rules(rulebook))
    return sum(words) + sum(len(rule.examples) for rule in rulebook.dialling)


def count_of(examples: Examples) -> int:
    """How many there are."""
    return len(examples.fire) + len(examples.hold)


def fires(
    rule: Rule,
    lines: tuple[Line, ...],
    rulebook: Rulebook,
    classify: PhraseClassifier,
    marks: Marks,
) -> bool:
    """Whether the rule labels the last line, or raises its cue anywhere in the dialogue."""
    stream = derived(rule, lines, rulebook, classify)
    if isinstance(rule, WordRule):
        *before, last = fold(stream).turns
        found = (marks if isinstance(rule, MarkRule) else classify).found(last.turn, before)
        return any(label.source == f"rule:{rule.id}" for label in found)
    if isinstance(rule, ContextRule):
        last = fold(stream).turns[-1]
        return any(label.source == f"rule:{rule.id}" for label in last.labels)
    raised = [event.cue.source for event in stream if isinstance(event, ev.CueRaised)]
    if isinstance(rule, SequenceRule):
        return any(source.startswith(f"{rule.id}.") for source in raised)
    return rule.id in raised


def derived(
    rule: Rule, lines: tuple[Line, ...], rulebook: Rulebook, classify: PhraseClassifier
) -> list[ev.AnyEvent]:
    """The dialogue as a call under the rule's own pack."""
    heard = dialogue.heard(_started(rule, lines, rulebook), _spoken(lines))
    return list(run(heard, stages(rulebook, classify)))


def rules(rulebook: Rulebook) -> tuple[Rule, ...]:
    """All that words may fire. A sequence brings its examples once, not with each of its parts."""
    return (
        *rulebook.labels, *rulebook.marks, *rulebook.contexts, *rulebook.cues, *rulebook.sequences,
    )  # fmt: skip


def _started(rule: Rule, lines: tuple[Line, ...], rulebook: Rulebook) -> ev.CallStarted:
    """A call of the rule's own pack, and of the example's account or else the rule's."""
    account = next((line.account for line in lines if line.account), rule.examples.account)
    return ev.CallStarted(
        0.0, "example", "none", account=account or Account(), pack=_pack(rule.id, rulebook)
    )


def _pack(rule: str, rulebook: Rulebook) -> str:
    packs = (name for name, local in rulebook.local.items() if rule in local.own)
    return next(packs, EVERYWHERE)


def lines_of(rule: Rule, example: Example) -> tuple[Line, ...]:
    """A dialogue, also where only its one turn was written."""
    if not isinstance(example, str):
        return example
    speaker: Party = rule.speaker if isinstance(rule, WordRule | ContextRule) else "agent"
    return (Line(agent=example) if speaker == "agent" else Line(caller=example),)


def _spoken(lines: tuple[Line, ...]) -> Iterator[dialogue.SpokenLine]:
    now = 0.0
    for line in lines:
        if not line.text:
            continue
        start = max(0.0, now + line.after)
        end = start + (line.lasts or dialogue.seconds(line.text))
        yield dialogue.SpokenLine(line.speaker, line.text, start, end)
        now = end
