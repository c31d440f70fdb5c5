"""Examples of a rule that stand outside of its pack: what people said of moments of real calls.

A file names its rule and brings `examples` as the rule itself does. `archive training` writes
such files, and `rules test --also` runs them against the rules in force.
"""

from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from pathlib import Path

import msgspec

from agentassist.examples import Failure, Rule, count_of, failures_of, rules
from agentassist.labels import Marks, PhraseClassifier
from agentassist.pack_text import RulebookError, Source, read, told
from agentassist.rulebook import Rulebook
from agentassist.rules_of_words import Data, Examples, Identifier


class Regression(Data, frozen=True):
    """One file."""

    rule: Identifier
    examples: Examples
    about: str = ""


class Checked(msgspec.Struct, frozen=True):
    """What came of them."""

    count: int
    failures: tuple[Failure, ...]


def checked(rulebook: Rulebook, paths: Iterable[Path]) -> Checked:
    """Runs the examples of files, or of folders of them. Raises RulebookError for a bad one."""
    known = {rule.id: rule for rule in rules(rulebook)}
    classify, marks = PhraseClassifier(rulebook), Marks(rulebook)
    count, failed = 0, list[Failure]()
    for source in _sources(paths):
        found = _regression(source)
        rule = _rule(source, found.rule, known)
        count += count_of(found.examples)
        for failure in failures_of(rule, found.examples, rulebook, classify, marks):
            failed.append(failure._replace(place=_place(source, failure)))
    return Checked(count, tuple(failed))


def _sources(paths: Iterable[Path]) -> Iterator[Source]:
    for path in paths:
        files = sorted(path.glob("*.yaml")) if path.is_dir() else [path]
        if not files:
            raise RulebookError(
                [f"{path}: no .yaml file in this folder; nobody shared a moment yet"]
            )
        yield from map(read, files)


def _regression(source: Source) -> Regression:
    try:
        return msgspec.convert(source.data, Regression)
    except msgspec.ValidationError as error:
        raise RulebookError([told(source, (), error)]) from None


def _rule(source: Source, name: str, known: dict[str, Rule]) -> Rule:
    if name in known:
        return known[name]
    near = ", ".join(get_close_matches(name, known)) or "take the file away if the rule is gone"
    raise RulebookError([f"{source.at(('rule',))}: rule: no rule {name}; {near}"])


def _place(source: Source, failure: Failure) -> str:
    return source.at(("examples", "fire" if failure.must_fire else "hold", failure.number))
