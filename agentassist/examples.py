"""Runs the examples that each rule brings with it: what must fire it, and what must not."""

from collections.abc import Iterator
from typing import NamedTuple

from agentassist import dialogue
from agentassist import events as ev
from agentassist.call import fold
from agentassist.labels import PhraseClassifier
from agentassist.pipeline import run, stages
from agentassist.rulebook import AnyCueRule, ContextRule, Example, LabelRule, Line, Rulebook
from agentassist.vocabulary import SPEAKER_OF


class Failure(NamedTuple):
    """An example that its rule judges wrongly. `place` is where the rule stands."""

    place: str
    rule: str
    must_fire: bool
    example: str


def failures(rulebook: Rulebook) -> Iterator[Failure]:
    """Every example that fails, in the order of the rules."""
    classify = PhraseClassifier(rulebook)
    for rule in (*rulebook.labels, *rulebook.contexts, *rulebook.cues):
        for must_fire, examples in ((True, rule.examples.fire), (False, rule.examples.hold)):
            for example in examples:
                lines = _lines(rule, example)
                if fires(rule, lines, rulebook, classify) != must_fire:
                    said = " / ".join(f"{line.speaker}: {line.text}" for line in lines)
                    yield Failure(rulebook.places[rule.id], rule.id, must_fire, said)


def count(rulebook: Rulebook) -> int:
    """How many examples the rulebook brings."""
    rules = (*rulebook.labels, *rulebook.contexts, *rulebook.cues)
    return sum(len(rule.examples.fire) + len(rule.examples.hold) for rule in rules)


def fires(
    rule: LabelRule | ContextRule | AnyCueRule,
    lines: tuple[Line, ...],
    rulebook: Rulebook,
    classify: PhraseClassifier,
) -> bool:
    """Whether the rule labels the last line, or raises its cue anywhere in the dialogue."""
    heard = dialogue.heard(ev.CallStarted(0.0, "example", "none"), _spoken(lines))
    stream = list(run(heard, stages(rulebook, classify)))
    if isinstance(rule, LabelRule):
        *before, last = fold(stream).turns
        return any(label.source == f"rule:{rule.id}" for label in classify.found(last.turn, before))
    if isinstance(rule, ContextRule):
        last = fold(stream).turns[-1]
        return any(label.source == f"rule:{rule.id}" for label in last.labels)
    return any(e.cue.source == rule.id for e in stream if isinstance(e, ev.CueRaised))


def _lines(rule: LabelRule | ContextRule | AnyCueRule, example: Example) -> tuple[Line, ...]:
    if not isinstance(example, str):
        return example
    speaker = SPEAKER_OF[rule.label] if isinstance(rule, LabelRule | ContextRule) else "agent"
    return (Line(agent=example) if speaker == "agent" else Line(caller=example),)


def _spoken(lines: tuple[Line, ...]) -> Iterator[dialogue.SpokenLine]:
    now = 0.0
    for line in lines:
        start = max(0.0, now + line.after)
        end = start + (line.lasts or dialogue.seconds(line.text))
        yield dialogue.SpokenLine(line.speaker, line.text, start, end)
        now = end
