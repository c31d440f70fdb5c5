"""Which code a turn tells, weighed from its words, the note's phrases and the classifier's codes.

No one of these is right often enough by itself: a phrase may be of somebody else's hospital, the
classifier takes codes that lie close together for each other, and single words only lean one
way. What the words weigh is learned from labelled turns by `scripts/train_reasons.py`.
"""

import math
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import NamedTuple

import msgspec

from agentassist.call import LabelledTurn
from agentassist.note.reading import Reading, labels
from agentassist.phrases import Span
from agentassist.values import Label, Turn

SHORT = 12.0
"""Length of a few rare words: what is shorter is not stretched, for two words tell little."""


class Told(NamedTuple):
    """A code and the words `turn.text[span]` that tell it."""

    code: str
    turn: Turn
    span: Span


class Shares(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What speaks for a code, beside the words: added where it is there."""

    words: float
    """Factor of what the words weigh together, a logit."""
    against: float
    """The most that the logit may speak against a code."""
    phrase: float
    hint: float
    """For a phrase that leans to a code and no more."""
    heard: float
    """For the classifier's own code."""
    doubt: float
    """Taken off for the whole of the doubt whether the turn has the label at all."""
    at: float
    """From here on a code holds."""
    least: float
    """And from here on the best one, where none does; where none comes to that, phrases hold."""


class Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is known of one label's codes."""

    codes: tuple[str, ...]
    bias: tuple[float, ...]
    shares: Shares
    terms: dict[str, tuple[float, ...]]
    """Words and pairs of words: how rare each is, then what it adds to each code."""


class Reasons(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`reasons.json`, by label."""

    about: str
    labels: dict[str, Words]


@cache
def reasons() -> Reasons:
    """As shipped."""
    return msgspec.json.decode(
        (files("agentassist.note") / "reasons.json").read_bytes(), type=Reasons
    )


def terms(text: str) -> set[str]:
    """The words of a normal form, and each two that stand side by side."""
    words = text.split()
    return {*words, *(" ".join(pair) for pair in pairwise(words))}


def leaning(known: Words, text: str) -> dict[str, float]:
    """What the words of a normal form speak for, as logits by code."""
    found = [known.terms[term] for term in terms(text) if term in known.terms]
    length = max(SHORT, math.sqrt(sum(rare * rare for rare, *_ in found)))
    return {
        code: bias + sum(row[0] * row[place] for row in found) / length
        for place, (code, bias) in enumerate(zip(known.codes, known.bias, strict=True), 1)
    }


class Weighed(NamedTuple):
    """What speaks for a code in one turn."""

    weight: float
    told: Told
    by_phrase: bool


Spans = Mapping[str, Span]


def weighed(
    reading: Reading, turn: LabelledTurn, label: str, phrases: Spans, hints: Spans
) -> Iterator[Weighed]:
    """Each code with its weight, for a turn that has the label."""
    known = reasons().labels[label]
    share, marks = known.shares, [*labels(turn, label)]
    heard = {mark.detail: _span(mark) for mark in marks if mark.detail}
    sure = max(marks, key=lambda mark: mark.confidence)
    for code, logit in leaning(known, reading.normal(turn.turn).text).items():
        weight = (
            share.words * max(logit, -share.against)
            + share.phrase * (code in phrases)
            + share.hint * (code in hints)
            + share.heard * (code in heard)
            - share.doubt * (1.0 - sure.confidence)
        )
        span = phrases.get(code) or hints.get(code) or heard.get(code) or _span(sure)
        yield Weighed(weight, Told(code, turn.turn, span), code in phrases)


def holding(label: str, found: Iterable[Weighed]) -> dict[str, Told]:
    """The codes of a call that hold, each where it was told most plainly; in order of the call."""
    share = reasons().labels[label].shares
    best: dict[str, Weighed] = {}
    for item in found:
        code = item.told.code
        if code not in best or item.weight > best[code].weight:
            best[code] = item
    ranked = sorted(best.values(), key=lambda item: -item.weight)
    held = [item for item in ranked if item.weight >= share.at]
    held = held or [item for item in ranked[:1] if item.weight >= share.least]
    held = held or [item for item in ranked if item.by_phrase]
    return {x.told.code: x.told for x in sorted(held, key=_place)}


def _place(item: Weighed) -> tuple[int, int]:
    return item.told.turn.index, item.told.span.start


def _span(mark: Label) -> Span:
    return Span(mark.start, mark.end)
