"""From held-out probabilities to thresholds: flags lean to precision, `vulnerability` to recall.

Flags lean as far as is needed for few false ones: an agent who is nagged stops reading.

`alone` is chosen on every author's turns, each judged by a network that never saw that author.
`with_rule` is chosen only on authors that the rules were not written from, where a rule is as
good as it will be on the next call; where those say too little it is small. Whole calls count
more than single turns: flags are rarer in life than in the banks.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from turn_corpus import Row

from agentassist.call import LabelledTurn
from agentassist.labels import PhraseClassifier
from agentassist.understanding.model import Thresholds
from agentassist.values import Turn
from agentassist.vocabulary import (
    DETAILED,
    DETAILS_OF,
    FLAGS,
    LABELS_OF,
    PARTIES,
    PRACTICE,
    SIGNALS,
    SPEAKER_OF,
    Party,
)

LABELS = (*FLAGS, *PRACTICE, *SIGNALS)
OUTPUTS = (*LABELS, *DETAILED)
"""Of the network, in this order: the labels, then the codes of those that have some."""

OUTPUTS_OF = {
    party: tuple(name for name in OUTPUTS if name.split(":")[0] in LABELS_OF[party])
    for party in PARTIES
}
SEEN_BY_RULES = frozenset({"us1", "us2", "uk1", "uk2", "ap1", "af1"})
"""Authors whose turns the rules were written from."""

CALL_WEIGHT = 4.0
GRID = np.round(np.arange(0.2, 0.96, 0.02), 2)
GRID_OF_CODES = np.round(np.arange(0.1, 0.96, 0.02), 2)
PULL = 0.2
"""What it costs a label's quality to stray by 1 from the threshold that suits its whole group:
a label has few turns of its own, and the best threshold on those is half luck."""

MOST_FALSE_FLAGS = 0.02
"""Of clean agent turns in whole calls."""

FLAG_BETA = 0.5
BETAS = {"vulnerability": 2.5}
"""Below 1 leans to precision, above to recall; 1 where none is named."""

WITH_RULE = (0.0, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4)
NO_RULE = 1.0
"""A rule that adds nothing: the model's own threshold holds."""

USUAL = 0.05
"""Where too few turns tell: a rule holds unless the model is nearly sure that it is wrong."""

ENOUGH = 20
"""Turns with the label, of authors new to the rules, from which `with_rule` can be chosen."""

ALWAYS = frozenset({"vulnerability"})
"""Nothing overrules a rule that hears a risk to life."""

Weights = NDArray[np.float64]
Marks = NDArray[np.bool_]


def chosen(
    rows: Sequence[Row], found: NDArray[np.float32], rules: PhraseClassifier
) -> dict[str, Thresholds]:
    """Both thresholds of each label."""
    ruled = ruled_rows(rows, rules)
    asked = _asked_of_all(rows, found)
    result = _of_group(rows, asked, ruled, PRACTICE, _common(asked, PRACTICE))
    result |= _of_group(rows, asked, ruled, SIGNALS, _common(asked, SIGNALS))
    for common in GRID[_common(asked, FLAGS) <= GRID]:
        flags = _of_group(rows, asked, ruled, FLAGS, common)
        if false_flags(rows, by_policy(found, ruled, result | flags)) <= MOST_FALSE_FLAGS:
            break
    codes = _of_codes(rows, found)
    return {name: (result | flags | codes)[name] for name in OUTPUTS}


def by_policy(
    found: NDArray[np.float32], ruled: dict[str, Marks], thresholds: dict[str, Thresholds]
) -> dict[str, Marks]:
    """For each label, the rows that it holds of: rules and model by the policy of the coach."""
    result = {}
    for place, label in enumerate(LABELS):
        both = thresholds[label]
        backed = ruled[label] & (found[:, place] >= min(both.with_rule, both.alone))
        result[label] = backed | (found[:, place] >= both.alone)
    return result


def _of_codes(rows: Sequence[Row], found: NDArray[np.float32]) -> dict[str, Thresholds]:
    """One threshold for all codes of a label, the best where the label holds."""
    result = {}
    for label, codes in DETAILS_OF.items():
        names = [f"{label}:{code}" for code in codes]
        places = [OUTPUTS.index(name) for name in names]
        told = [place for place, row in enumerate(rows) if row.labels.intersection(names)]
        wanted = np.array([[name in rows[place].labels for name in names] for place in told])
        probable = found[np.ix_(told, places)]
        best = max(GRID_OF_CODES, key=lambda at: f1(probable >= at, wanted))
        result |= dict.fromkeys(names, Thresholds(float(best), USUAL))
    return result


def f1(held: Marks, wanted: Marks) -> float:
    """The harmonic mean of precision and recall over all marks."""
    return float(2 * (held & wanted).sum() / max(1, held.sum() + wanted.sum()))


def false_flags(rows: Sequence[Row], marks: dict[str, Marks], where: Marks | None = None) -> float:
    """The part of clean agent turns on which a flag is raised; of whole calls, or `where`."""
    inside = np.array([row.in_call for row in rows]) if where is None else where
    clean = inside & np.array(
        [row.speaker == "agent" and not (row.labels | row.either) & {*FLAGS} for row in rows]
    )
    raised = np.any([marks[label] for label in FLAGS], axis=0)
    return float((raised & clean).sum() / max(1, clean.sum()))


def _asked_of_all(rows: Sequence[Row], found: NDArray[np.float32]) -> dict[str, "_Asked"]:
    weights = np.array([CALL_WEIGHT if row.in_call else 1.0 for row in rows])
    result = {}
    for place, label in enumerate(LABELS):
        wanted = np.array([label in row.labels for row in rows])
        beta = FLAG_BETA if label in FLAGS else BETAS.get(label, 1.0)
        counted = counting(rows, label) * weights
        result[label] = _Asked(label, found[:, place], wanted, counted, beta)
    return result


def _common(asked: dict[str, "_Asked"], labels: Sequence[str]) -> float:
    """The one threshold that suits a group of labels best."""

    def quality(at: float) -> float:
        return float(np.mean([asked[label].above(at) for label in labels]))

    return float(max(GRID, key=quality))


def _of_group(
    rows: Sequence[Row],
    asked: dict[str, "_Asked"],
    ruled: dict[str, Marks],
    labels: Sequence[str],
    common: float,
) -> dict[str, Thresholds]:
    """The group's thresholds, each near the common one."""
    fresh = np.array([row.author not in SEEN_BY_RULES for row in rows])
    result = {}
    for label in labels:
        alone = _alone(asked[label], common)
        unseen = asked[label]._replace(weights=asked[label].weights * fresh)
        result[label] = Thresholds(alone, _with_rule(unseen, ruled[label], alone))
    return result


def counting(rows: Sequence[Row], label: str) -> Weights:
    """1 for rows that count for or against the label, else 0."""
    speaker = SPEAKER_OF[label]
    return np.array([float(row.speaker == speaker and label not in row.either) for row in rows])


def ruled_rows(rows: Sequence[Row], rules: PhraseClassifier) -> dict[str, Marks]:
    """For each label, the rows that the rules give it to."""
    marks = {label: np.zeros(len(rows), bool) for label in LABELS}
    for place, row in enumerate(rows):
        for name in {label.name for label in rules(*_asked(row))}:
            marks[name][place] = True
    return marks


def _asked(row: Row) -> tuple[Turn, list[LabelledTurn]]:
    other: Party = "caller" if row.speaker == "agent" else "agent"
    before = [LabelledTurn(Turn(0, other, 0.0, 1.0, row.before), ended=True)] if row.before else []
    return Turn(len(before), row.speaker, 1.0, 2.0, row.text), before


class _Asked(NamedTuple):
    """One label's probabilities and what they should say, row by row."""

    label: str
    probability: NDArray[np.float32]
    wanted: Marks
    weights: Weights
    beta: float
    """Below 1 leans to precision, above to recall."""

    def quality(self, held: Marks) -> float:
        """F-beta of what held, weighted."""
        beta = self.beta
        hit = float((self.weights * (held & self.wanted)).sum())
        extra = float((self.weights * (held & ~self.wanted)).sum())
        missed = float((self.weights * (~held & self.wanted)).sum())
        over = (1 + beta**2) * hit + beta**2 * missed + extra
        return (1 + beta**2) * hit / over if over else 0.0

    def above(self, at: float) -> float:
        """The quality of all that is at least so probable."""
        return self.quality(self.probability >= at)


def _alone(asked: _Asked, common: float) -> float:
    """The label's best threshold, near the common one; one with a leaning of its own is free."""
    pull = 0.0 if asked.label in BETAS else PULL
    return float(max(GRID, key=lambda at: asked.above(at) - pull * abs(at - common)))


def _with_rule(asked: _Asked, ruled: Marks, alone: float) -> float:
    """The highest share at which the rules help most; NO_RULE where they do not."""
    if asked.label in ALWAYS:
        return 0.0
    if (asked.wanted & (asked.weights > 0)).sum() < ENOUGH:
        return USUAL
    surely = asked.probability >= alone
    best, best_quality = NO_RULE, asked.quality(surely) + 0.002
    for at in WITH_RULE[::-1]:
        quality = asked.quality(surely | (ruled & (asked.probability >= at)))
        if quality > best_quality:
            best, best_quality = at, quality
    return best
