"""Masks -> the words with the masks in them, and the times of the words that are left."""

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from agentassist.events import WordsHeard
from agentassist.redaction.lanes import Mask
from agentassist.values import Word


def applied(event: WordsHeard, masks: Sequence[Mask]) -> WordsHeard:
    """The event with its masks in place of what they stand for."""
    if not masks:
        return event
    ordered = sorted(masks)
    text = event.text
    for mask in reversed(ordered):
        text = f"{text[: mask.start]}{mask.text}{text[mask.end :]}"
    kinds = tuple(dict.fromkeys(mask.kind for mask in ordered))
    return replace(event, text=text, words=tuple(_words(event, ordered)), masked=kinds)


def _words(event: WordsHeard, masks: Sequence[Mask]) -> Iterator[Word]:
    """A masked stretch is one word from its first to its last.

    Where the words can't be found in the text none are kept: a word left in by mistake would
    be what the mask hides.
    """
    places = list(_places(event))
    if len(places) != len(event.words):
        return
    told: set[Mask] = set()
    for word, (start, end) in zip(event.words, places, strict=True):
        mask = next((m for m in masks if m.start < end and start < m.end), None)
        if mask is None:
            yield word
        elif mask not in told:
            told.add(mask)
            hidden = [
                w
                for w, place in zip(event.words, places, strict=True)
                if mask.start < place[1] and place[0] < mask.end
            ]
            yield Word(mask.text, hidden[0].start, hidden[-1].end)


def _places(event: WordsHeard) -> Iterator[tuple[int, int]]:
    """Where each word stands in the text."""
    lower, at = event.text.lower(), 0
    for word in event.words:
        start = lower.find(word.text.lower(), at)
        if start < 0 or not word.text:
            return
        at = start + len(word.text)
        yield start, at
