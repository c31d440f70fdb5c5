"""Which words of a quote a rule listens for: in a whole sentence, the ones that matter."""

from collections.abc import Iterator

from agentassist.phrases import Phrases, normalise
from agentassist.rulebook import Rulebook
from agentassist.rules_of_words import LabelRule, MarkRule, WordRule


class Triggers:
    """Of one rulebook, read once for all quotes."""

    def __init__(self, rulebook: Rulebook) -> None:
        self._terms = rulebook.terms
        self._words: tuple[WordRule, ...] = (*rulebook.labels, *rulebook.marks)
        self._waits = {rule.id: frozenset(getattr(rule, "label", ())) for rule in rulebook.cues}
        self._read: dict[str, tuple[Phrases, ...]] = {}

    def __call__(self, rule: str, quote: str) -> str:
        """The longest of them in lower case; the whole quote where it holds none of them.

        `rule` is the id of a cue's rule, or what gave a label, as `rule:threat-bailiff`.
        """
        normal = normalise(quote)
        spans = [span for phrases in self._phrases(rule) for span in phrases.find(normal)]
        longest = max(spans, key=lambda span: span.end - span.start, default=None)
        return normal.text[longest.start : longest.end] if longest else normal.text

    def _phrases(self, rule: str) -> tuple[Phrases, ...]:
        if rule not in self._read:
            found = (Phrases(words.any, self._terms) for words in self._listening(rule))
            self._read[rule] = tuple(found)
        return self._read[rule]

    def _listening(self, rule: str) -> Iterator[WordRule]:
        """The rule itself, or those that give what a rule of cues waits for."""
        name, waits = rule.removeprefix("rule:"), self._waits.get(rule, frozenset())
        for words in self._words:
            if words.id == name or waits.intersection(_given(words)):
                yield words


def _given(rule: WordRule) -> tuple[str, ...]:
    match rule:
        case LabelRule():
            return (rule.label, f"{rule.label}:{rule.detail}")
        case MarkRule():
            return (rule.mark,)
        case _:
            return ()
