"""Why the caller can't pay, and what would help them: codes with the words that gave them."""

from typing import NamedTuple

from agentassist.call import LabelledTurn
from agentassist.note.reading import Reading, labels
from agentassist.phrases import Span
from agentassist.values import Turn

SURE = 0.85
"""Confidence from which on a hardship without a code of its own is recorded."""


class Told(NamedTuple):
    """A code and the words `turn.text[span]` that tell it."""

    code: str
    turn: Turn
    span: Span


def hardship(reading: Reading) -> tuple[Told, ...]:
    """The reasons that were given, each where it was first told.

    Phrases that name one go before the classifier's codes, and those before single words of a
    field. `other` only where a hardship was heard and none has a code of its own.
    """
    found: dict[str, Told] = {}
    for labelled in reading.having("hardship"):
        for code, span in _of_turn(reading, labelled).items():
            found.setdefault(code, Told(code, labelled.turn, span))
    named = tuple(told for told in found.values() if told.code != "other")
    return named or tuple(_other(reading))


def _of_turn(reading: Reading, labelled: LabelledTurn) -> dict[str, Span]:
    turn = labelled.turn
    known = {m.detail: Span(m.start, m.end) for m in labels(labelled, "hardship") if m.detail}
    told = {code: span for code, span in known.items() if code != "other"}
    return _own(reading.codes(turn, "hardship") or told or reading.codes(turn, "hardship_words"))


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


def _other(reading: Reading) -> list[Told]:
    """The first turn in which a hardship was heard for sure: nothing else bears it out here."""
    heard = [(t.turn, mark) for t in reading.having("hardship") for mark in labels(t, "hardship")]
    heard = [(turn, mark) for turn, mark in heard if mark.confidence >= SURE]
    return [Told("other", turn, Span(mark.start, mark.end)) for turn, mark in heard[:1]]
