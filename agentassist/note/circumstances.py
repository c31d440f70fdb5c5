"""Why the caller can't pay, and what would help them: codes with the words that gave them."""

from collections.abc import Iterator

from agentassist.call import LabelledTurn
from agentassist.note.reading import Reading, labels
from agentassist.note.reasons import Told, Weighed, holding, weighed
from agentassist.phrases import Span

SURE = 0.85
"""Confidence from which on a hardship without a code of its own is recorded."""


def hardship(reading: Reading) -> tuple[Told, ...]:
    """The reasons that were given; `other` only where none has a code of its own."""
    turns = reading.having("hardship")
    held = holding("hardship", (pair for turn in turns for pair in _of_turn(reading, turn)))
    named = tuple(told for told in held.values() if told.code != "other")
    return named or tuple(held.values()) or tuple(_other(turns))


def _of_turn(reading: Reading, turn: LabelledTurn) -> Iterator[Weighed]:
    phrases = _own(reading.codes(turn.turn, "hardship"))
    named = bool(phrases) or any(mark.detail for mark in labels(turn, "hardship"))
    hints = {} if named else _own(reading.codes(turn.turn, "hardship_words"))
    return weighed(reading, turn, "hardship", phrases, hints)


def grounds(reading: Reading) -> tuple[Told, ...]:
    """Why the debt is disputed, by code, each where it was first told."""
    found: dict[str, Told] = {}
    for labelled in reading.having("dispute"):
        for code, span in reading.codes(labelled.turn, "grounds").items():
            found.setdefault(code, Told(code, labelled.turn, span))
    return tuple(found.values())


def _own(codes: dict[str, Span]) -> dict[str, Span]:
    """Without the illness of somebody who is cared for: "my mum broke her hip" is `caring`."""
    illness, caring = codes.get("illness"), codes.get("caring")
    if illness and caring and illness.overlaps(caring):
        return {code: span for code, span in codes.items() if code != "illness"}
    return codes


def _other(turns: list[LabelledTurn]) -> list[Told]:
    """The first turn in which a hardship was heard for sure: nothing else bears it out here."""
    heard = [(t.turn, mark) for t in turns for mark in labels(t, "hardship")]
    return [
        Told("other", turn, Span(mark.start, mark.end))
        for turn, mark in heard
        if mark.confidence >= SURE
    ][:1]
