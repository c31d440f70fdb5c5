"""What was asked for and not yet answered: it tells what the digits that follow are."""

import msgspec

from agentassist.phrases import Span
from agentassist.redaction.wording import NumberKind, spans, wording
from agentassist.vocabulary import Party

LASTS = 45.0
"""Seconds of call audio for which a question stands."""

ANSWERS = 3
"""Turns of some length without an answer after which it does not."""

OF_IT = 24
"""Characters within which an ending is one of the number named behind it."""

_CARD = "card_number"


class Named(msgspec.Struct, frozen=True):
    """Words that say what a number is: a kind, or None where it may stay as it is."""

    kind: NumberKind | None
    start: int
    end: int
    ending: bool = False


def named(text: str, *, near_card: bool) -> list[Named]:
    """All such words of a text, in order; of those that overlap the longest."""
    known = wording()
    kinds = [*known.named, *(known.beside_card if near_card else ())]
    found = [Named(kind, *s) for kind, phrases in kinds for s in spans(phrases, text)]
    found += [Named(None, *span) for span in spans(known.plain, text)]
    found += [Named(None, *span, ending=True) for span in spans(known.ending, text)]
    found.sort(key=lambda name: (name.start - name.end, name.ending, name.start))
    kept: list[Named] = []
    for name in found:
        if not any(Span(name.start, name.end).overlaps(Span(k.start, k.end)) for k in kept):
            kept.append(name)
    kept.sort(key=lambda name: name.start)
    endings = [name for name in kept if name.ending]
    return [
        name
        for name in kept
        if name.ending or not any(0 <= name.start - e.end <= OF_IT for e in endings)
    ]


class _Question:
    def __init__(self, kind: NumberKind | None, by: Party, at: float) -> None:
        self.kind = kind
        self.by = by
        self.at = at
        self.left = ANSWERS


class Questions:
    """The questions that stand, the latest first. Kinds are asked for by either party."""

    def __init__(self) -> None:
        self._standing: dict[str, _Question] = {}
        self.card_said_at: float | None = None

    def ask(self, name: Named, by: Party, at: float) -> None:
        """Takes note of words that name a number which has not been said yet."""
        key = name.kind.kind if name.kind else "plain"
        self._standing.pop(key, None)
        self._standing[key] = _Question(name.kind, by, at)

    def pass_by(self, now: float) -> None:
        """A turn of some length held no answer."""
        for question in self._standing.values():
            question.left -= 1
        self._drop(now)

    def answer(self, kind: NumberKind, by: Party, now: float) -> None:
        """Digits of that kind were said. A card's go on until nobody says more of them."""
        self._standing.pop("plain", None)
        if kind.kind == _CARD:
            self.card_said_at = now
            self._standing[_CARD] = _Question(kind, by, now)
        else:
            self._standing.pop(kind.kind, None)

    def is_open(self, now: float) -> bool:
        self._drop(now)
        return any(question.kind for question in self._standing.values())

    def near_card(self, now: float) -> bool:
        """Whether a card is being talked of, so that `expires` is said of it."""
        said = self.card_said_at is not None and now - self.card_said_at < 2 * LASTS
        return said or _CARD in self._standing

    def wants_card(self, now: float) -> bool:
        """Whether a card's number was asked for and not said yet."""
        self._drop(now)
        return _CARD in self._standing and self.card_said_at is None

    def standing(self, party: Party, now: float) -> list[NumberKind | None]:
        """What a number of that party may be, most likely first; None where it may stay.

        A card's comes first until it was said, but for a number that was just asked for and
        may stay: what a party says of its own telephone is no question.
        """
        self._drop(now)
        latest = [*reversed(self._standing.values())]
        kinds = [question.kind for question in latest if question.kind]
        said = self.card_said_at is not None
        kinds.sort(key=lambda kind: (kind.kind == _CARD) == said)
        stays = bool(latest) and latest[0].kind is None and latest[0].by != party
        return [None, *kinds] if stays else [*kinds]

    def _drop(self, now: float) -> None:
        self._standing = {
            key: question
            for key, question in self._standing.items()
            if question.left > 0 and now - question.at <= LASTS
        }
