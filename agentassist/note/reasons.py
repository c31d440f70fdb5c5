"""Which code a turn tells, weighed from its words, the note's phrases and the classifier's codes.

No one of these is right often enough by itself: a phrase may be of somebody else's hospital, the
classifier takes codes that lie close together for each other, and single words only lean one
way. Each gives what it knows as a logit, and the logits are added by their shares. What the words
weigh is learned from labelled turns by `scripts/train_reasons.py`.
"""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
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


FAR = 8.0
"""The most that one part may speak for or against a code, a logit."""

UNASKED = 0.03
"""Probability of a code of which no classifier was asked and that no phrase tells."""


class Told(NamedTuple):
    """A code and the words `turn.text[span]` that tell it."""

    code: str
    turn: Turn
    span: Span


class Shares(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What speaks for a code: factors of logits, and what is added where something is there."""

    words: float
    """Of what the words weigh together."""
    heard: float
    """Of the classifier's word on the code."""
    sure: float
    """Of its word on the label itself."""
    phrase: float
    """Added where a phrase tells the code."""
    hint: float
    """For a phrase that leans to a code and no more."""
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
    sure = max(marks, key=lambda mark: mark.confidence)
    own = {mark.detail: _span(mark) for mark in marks if mark.detail}
    heard = _heard(marks)
    for code, leans in leaning(known, reading.normal(turn.turn).text).items():
        words = share.words * min(max(leans, -FAR), FAR)
        told = share.phrase * (code in phrases) + share.hint * (code in hints)
        if heard:
            weight = words + told + share.heard * logit(heard.get(code, 0.0))
            weight += share.sure * logit(sure.confidence)
        else:
            plain = told or code in own
            weight = share.at + max(0.0, words) if plain else words + share.heard * logit(UNASKED)
        span = phrases.get(code) or hints.get(code) or own.get(code) or _span(sure)
        yield Weighed(weight, Told(code, turn.turn, span), code in phrases)


def _heard(marks: Sequence[Label]) -> dict[str, float]:
    """How probable the classifier holds each code; certain where people gave it.

    Empty where neither was asked: then a phrase tells a code by itself.
    """
    probable = next((dict(mark.codes) for mark in marks if mark.codes), {})
    by_people = [mark for mark in marks if not mark.source.startswith("rule:")]
    return probable or {mark.detail: 1.0 for mark in by_people if mark.detail}


def logit(probability: float) -> float:
    """Within what one part may say."""
    return min(max(math.log(max(probability, 1e-9) / max(1.0 - probability, 1e-9)), -FAR), FAR)


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
