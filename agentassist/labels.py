"""Turn + what came before -> labels.

The stage asks a `classify` callable, so that phrase rules and a learned model are the same
to it. It never sees what comes after the turn.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol, runtime_checkable

from msgspec.structs import replace

from agentassist import events as ev
from agentassist.call import LabelledTurn
from agentassist.phrases import Normal, Phrases, Span, normalise
from agentassist.rulebook import Rulebook
from agentassist.rules_of_words import ContextRule, LabelRule, MarkRule
from agentassist.values import Label, Turn
from agentassist.vocabulary import BEHIND


class Classify(Protocol):
    """Labels of a turn, given the turns before it, the latest last."""

    def __call__(self, turn: Turn, before: Sequence[LabelledTurn]) -> tuple[Label, ...]: ...


@runtime_checkable
class CanBeImpaired(Protocol):
    """A classifier of several parts that goes on when one of them can't be had."""

    @property
    def trouble(self) -> tuple[str, str] | None:
        """What it has to do without, with the mend; may be known only once it was asked."""
        ...


class Labels:
    """The stage: labels a turn each time it grows, and once more when it ends.

    While the machine is behind what is said, turns wait for their labels until they end, or
    until it has caught up.
    """

    def __init__(
        self,
        classify: Classify,
        contexts: Sequence[ContextRule] = (),
        marks: "Marks | None" = None,
    ) -> None:
        self._classify = classify
        self._contexts = contexts
        self._marks = marks
        self._turns: list[LabelledTurn] = []
        self._waiting: set[int] = set()
        """Turns with words that were not looked at yet."""
        self._behind = False
        self._told = False

    def feed(self, event: ev.AnyEvent) -> Iterable[ev.Derived]:
        match event:
            case ev.TroubleHeard(fault=fault) if fault == BEHIND:
                self._behind = bool(event.mend)
                if not self._behind:
                    yield from self._caught_up(event.at)
            case ev.TurnGrew(turn=turn) if self._behind:
                self._waiting.add(turn.index)
                known = self._turns[turn.index : turn.index + 1]
                self._keep(replace(known[0], turn=turn) if known else LabelledTurn(turn))
            case ev.TurnGrew(turn=turn):
                yield from self._labelled(event.at, self._found(turn))
            case ev.TurnEnded(turn=turn):
                yield from self._labelled(event.at, replace(self._known(turn), ended=True))

    def _labelled(self, at: float, turn: LabelledTurn) -> Iterator[ev.Derived]:
        index = turn.turn.index
        self._waiting.discard(index)
        self._keep(turn)
        yield ev.TurnLabelled(at, index, turn.labels, turn.ended, turn.marks)
        yield from self._trouble(at)

    def _keep(self, turn: LabelledTurn) -> None:
        index = turn.turn.index
        self._turns[index:] = [turn, *self._turns[index + 1 :]]

    def _caught_up(self, at: float) -> Iterator[ev.Derived]:
        for index in sorted(self._waiting):
            yield from self._labelled(at, self._found(self._turns[index].turn))

    def _trouble(self, at: float) -> Iterator[ev.Derived]:
        """Once a call, what the classifier has to do without."""
        if not self._told and isinstance(self._classify, CanBeImpaired) and self._classify.trouble:
            self._told = True
            yield ev.TroubleFound(at, *self._classify.trouble)

    def _known(self, turn: Turn) -> LabelledTurn:
        """What was found in the turn as it last grew, if no word came since."""
        known = self._turns[turn.index] if turn.index < len(self._turns) else None
        if known and known.turn.text == turn.text and turn.index not in self._waiting:
            return replace(known, turn=turn)
        return self._found(turn)

    def _found(self, turn: Turn) -> LabelledTurn:
        before = self._turns[: turn.index]
        labels = in_context(self._classify(turn, before), before, self._contexts)
        return LabelledTurn(turn, labels, marks=self._marks(turn, before) if self._marks else ())


def in_context(
    labels: tuple[Label, ...], before: Sequence[LabelledTurn], rules: Iterable[ContextRule]
) -> tuple[Label, ...]:
    """A turn's labels with those that they imply after what came before."""
    names = {label.name for label in labels}
    implied = [
        _beside(rule, next(label for label in labels if label.name in rule.beside))
        for rule in rules
        if rule.label not in names and names.intersection(rule.beside) and _is_since(rule, before)
    ]
    return tuple(sorted((*labels, *implied), key=lambda label: (label.start, label.name)))


def _is_since(rule: ContextRule, before: Sequence[LabelledTurn]) -> bool:
    for turn in reversed(before):
        if turn.has(*rule.until):
            return False
        if turn.has(*rule.since):
            return True
    return False


def _beside(rule: ContextRule, label: Label) -> Label:
    return Label(rule.label, rule.confidence, f"rule:{rule.id}", label.start, label.end)


class PhraseClassifier:
    """Labels by wording alone: the floor under any learned classifier."""

    def __init__(self, rulebook: Rulebook) -> None:
        self._rules = [_Matcher(rule, rule.label, rulebook.terms) for rule in rulebook.labels]

    def __call__(self, turn: Turn, before: Sequence[LabelledTurn]) -> tuple[Label, ...]:
        return _strongest(self.found(turn, before))

    def found(self, turn: Turn, before: Sequence[LabelledTurn]) -> Iterator[Label]:
        """What each rule finds by itself, also where another is surer of the same label."""
        return _all_found(self._rules, turn, before)


class Marks:
    """What the packs listen for beside the labels, as a notice that their law asks for."""

    def __init__(self, rulebook: Rulebook) -> None:
        self._rules = [_Matcher(rule, rule.mark, rulebook.terms) for rule in rulebook.marks]

    def __call__(self, turn: Turn, before: Sequence[LabelledTurn]) -> tuple[Label, ...]:
        return _strongest(self.found(turn, before))

    def found(self, turn: Turn, before: Sequence[LabelledTurn]) -> Iterator[Label]:
        """What each rule finds by itself."""
        return _all_found(self._rules, turn, before)


class _Matcher:
    """One rule with its phrases compiled; `name` is the label or mark that it gives."""

    def __init__(self, rule: LabelRule | MarkRule, name: str, terms: dict[str, str]) -> None:
        self.rule = rule
        self._name = name
        self._any = Phrases(rule.any, terms)
        self._unless = Phrases(rule.unless, terms)
        self._unless_turn = Phrases(rule.unless_turn, terms)
        self._after = Phrases(rule.after, terms)

    def labels(self, normal: Normal, other: LabelledTurn | None) -> Iterator[Label]:
        spans = self._any.find(normal)
        if not spans or self._unless_turn.find(normal) or not self._fits(other):
            return
        guarded = self._unless.find(normal)
        for span in spans:
            if not any(span.overlaps(guard) for guard in guarded):
                yield self._label(normal.original(span))

    def _fits(self, other: LabelledTurn | None) -> bool:
        """Whether the other party's last turn is what the rule asks for."""
        if not self._after and not self.rule.answers:
            return True
        if other is None:
            return False
        if other.has(*self.rule.answers):
            return True
        return bool(self._after.find(normalise(other.turn.text)))

    def _label(self, span: Span) -> Label:
        rule = self.rule
        sure, detail = (
            (rule.confidence, rule.detail) if isinstance(rule, LabelRule) else (1.0, None)
        )
        return Label(self._name, sure, f"rule:{rule.id}", span.start, span.end, detail)


def _all_found(
    rules: Iterable[_Matcher], turn: Turn, before: Sequence[LabelledTurn]
) -> Iterator[Label]:
    normal = normalise(turn.text)
    other = next((t for t in reversed(before) if t.turn.speaker != turn.speaker), None)
    for rule in rules:
        if rule.rule.speaker == turn.speaker:
            yield from rule.labels(normal, other)


def _strongest(found: Iterable[Label]) -> tuple[Label, ...]:
    """One label a name and detail, the most confident, in order of the text."""
    best: dict[tuple[str, str | None], Label] = {}
    for label in found:
        key = (label.name, label.detail)
        if key not in best or label.confidence > best[key].confidence:
            best[key] = label
    return tuple(sorted(best.values(), key=lambda label: (label.start, label.name)))
