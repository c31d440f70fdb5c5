"""Rules and model, combined in this one place, label by label.

- The model's word holds by itself from its threshold `alone`, chosen on authors that it was
  not trained on: flags lean to precision, `vulnerability` to recall.
- A rule's word holds where the model gives it at least `with_rule`. So the model overrules a
  rule whose phrase means something else here; where `with_rule` is 0 nothing overrules a rule.
- Codes such as `job_loss` are decided in the same way, where their label holds.
- Where both speak, the rule is named as the source, since its phrase explains itself; the
  confidence is the higher of both.
- Without the model, rules alone go on, and the agent is told.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path

from msgspec.structs import replace

from agentassist.call import LabelledTurn
from agentassist.errors import MendableError
from agentassist.labels import PhraseClassifier
from agentassist.rulebook import Rulebook
from agentassist.understanding.encoding import other_before
from agentassist.understanding.model import Heard, Thresholds, TurnModel, folder
from agentassist.values import Label, Turn
from agentassist.vocabulary import DETAILS_OF, LABELS_OF, Party

SURE, PLAIN = 0.85, 0.4
"""Confidence of a rule's label from which it stands with so much of the model's bound."""

AS_PROBABLE = 0.7
"""Of the most probable code: most turns have one, and few that are less probable hold."""

_REMEMBERED = 4
"""Turns: two classifiers with one model see a turn one after the other."""


class _Loaded:
    """The model, loaded in a thread of its own, so that a call may begin meanwhile."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._model: TurnModel | None = None
        self._failure = ""
        self._ask: Callable[[Party, str, str], dict[str, Heard]] | None = None
        self._loading = threading.Thread(target=self._load, name="understanding", daemon=True)
        self._loading.start()

    @property
    def model(self) -> TurnModel | None:
        self._loading.join()
        return self._model

    @property
    def failure(self) -> str:
        self._loading.join()
        return self._failure

    def heard(self, speaker: Party, text: str, before: str) -> dict[str, Heard]:
        """What the model makes of a turn; it is not asked again of what it was asked just now."""
        assert self._ask is not None
        return self._ask(speaker, text, before)

    def _load(self) -> None:
        try:
            self._model = TurnModel(self._path)
            self._ask = lru_cache(_REMEMBERED)(self._model)
        except MendableError as error:
            self._failure = str(error)


class RulesAndModel:
    """The coach's classifier. The model is loaded in a thread of its own while the call begins."""

    def __init__(
        self, rulebook: Rulebook, path: Path | None = None, beside: "RulesAndModel | None" = None
    ) -> None:
        """With `beside`, its model: asked once for the turns that both see one after the other."""
        self._rules = PhraseClassifier(rulebook)
        self._loaded: _Loaded = beside._loaded if beside else _Loaded(path or folder())  # noqa: SLF001

    @property
    def trouble(self) -> tuple[str, str] | None:
        """What to tell the agent where the model can't be had; waits until that is known."""
        if not self._loaded.failure:
            return None
        return "Turns are labelled by wording alone.", f"{self._loaded.failure}."

    @property
    def version(self) -> str:
        """Which classifier it is, for a record; waits until that is known."""
        model = self._loaded.model
        return model.manifest.version if model else "rules alone"

    def __call__(self, turn: Turn, before: Sequence[LabelledTurn]) -> tuple[Label, ...]:
        ruled = self._rules(turn, before)
        model = self._loaded.model
        if model is None:
            return ruled
        heard = self._loaded.heard(turn.speaker, turn.text, other_before(turn.speaker, before))
        known = model.manifest
        return combined(turn, ruled, heard, known.thresholds, f"model:{known.version}")


def combined(
    turn: Turn,
    ruled: Sequence[Label],
    heard: dict[str, Heard],
    thresholds: dict[str, Thresholds],
    source: str,
) -> tuple[Label, ...]:
    """What holds of a turn by the policy above, in order of the text."""
    found: list[Label] = []
    for name in LABELS_OF[turn.speaker]:
        of_rules = [label for label in ruled if label.name == name]
        held = tuple(_of_one(name, of_rules, heard[name], thresholds[name], source))
        found += _with_codes(held, heard, thresholds, source) if name in DETAILS_OF else held
    return tuple(sorted(found, key=lambda label: (label.start, label.name)))


def _of_one(
    name: str, of_rules: list[Label], heard: Heard, threshold: Thresholds, source: str
) -> Iterator[Label]:
    probability = round(heard.probability, 2)
    bound = min(threshold.with_rule, threshold.alone)
    stands = [label for label in of_rules if heard.probability >= bound * _doubt(label)]
    if stands:
        for label in stands:
            yield replace(label, confidence=max(label.confidence, probability))
    elif heard.probability >= threshold.alone:
        yield Label(name, probability, source, heard.words.start, heard.words.end)


def _doubt(label: Label) -> float:
    """How much of its bound the model must reach to let a rule's label stand.

    Less for words that tell a code and hardly ever mean anything else, as "I lost my job".
    """
    return PLAIN if label.detail and label.confidence >= SURE else 1.0


def _with_codes(
    held: tuple[Label, ...],
    heard: dict[str, Heard],
    thresholds: dict[str, Thresholds],
    source: str,
) -> Iterator[Label]:
    """One label a code: those of rules that the model lets stand, then the model's own.

    A label without a code stays where a rule gave it, or where there is no code at all.
    """
    if not held:
        return
    name, confidence = held[0].name, max(label.confidence for label in held)
    codes = {
        code: (heard[f"{name}:{code}"], thresholds[f"{name}:{code}"]) for code in DETAILS_OF[name]
    }
    probable = tuple((code, round(told.probability, 3)) for code, (told, _) in codes.items())
    ruled = {
        label.detail: label for label in held if label.detail and _stands(codes.get(label.detail))
    }
    best = max(told.probability for told, _ in codes.values()) * AS_PROBABLE
    own = [
        Label(name, confidence, source, told.words.start, told.words.end, code)
        for code, (told, threshold) in codes.items()
        if code not in ruled and told.probability >= max(threshold.alone, best)
    ]
    plain = [replace(label, detail=None) for label in held if label.detail not in ruled]
    without = plain[:1] if plain and (plain[0].source != source or not (ruled or own)) else []
    yield from (replace(label, codes=probable) for label in (*ruled.values(), *own, *without))


def _stands(known: tuple[Heard, Thresholds] | None) -> bool:
    """Whether the model lets a rule's code stand; it can't judge one that it does not know."""
    return known is None or known[0].probability >= known[1].with_rule
