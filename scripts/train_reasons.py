#!/usr/bin/env python3
"""Trains the weights by which the note tells codes apart: `agentassist/note/reasons.json`.

Why somebody can't pay, and what has to stop: for each code of a label the words of the corpus'
turns that have it, against other turns of callers. Says how well the codes of turns are told by
authors who had no part in it. Takes a minute.

    pip install --group training
    scripts/train_reasons.py
"""

import argparse
import json
import math
import random
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from turn_corpus import Row, read

from agentassist.note.reasons import SHORT, Reasons, Shares, Words, leaning, terms
from agentassist.phrases import normalise
from agentassist.vocabulary import DETAILS_OF

ROOT = Path(__file__).parent.parent
FOLDS = 6
SEEN = 2
"""Turns in which a term must stand."""

OTHERS = 8000
"""Turns without the label, from which the codes must be told too."""

STRENGTH = 3.0
"""Inverse of the regularisation."""

KEPT = {"hardship": 3200, "cease_contact": 2400}
"""Terms that weigh most; what the others add decides nothing."""

SHARES = {
    "hardship": Shares(words=0.28, heard=0.35, sure=0.1, phrase=1.4, hint=1.1, at=1.9, least=-0.1),
    "cease_contact": Shares(
        words=0.45, heard=0.3, sure=0.07, phrase=1.7, hint=0.0, at=1.1, least=0.6
    ),
}
"""A logistic regression on turns of calls whose authors neither words nor network knew, those
counting three times for whom no phrase was written; the last two are chosen on their notes."""


def fitted(rows: Sequence[Row], label: str) -> Words:
    """What tells the label's codes apart in those turns."""
    codes = DETAILS_OF[label]
    given = _given(rows, label)
    texts = [terms(normalise(row.text).text) for row in given]
    seen = Counter(term for text in texts for term in text)
    rare = {
        term: math.log((1 + len(given)) / (1 + count)) + 1
        for term, count in sorted(seen.items())
        if count >= SEEN
    }
    weights, _ = _weights(given, texts, rare, label)
    heaviest = np.argsort(-np.abs(weights * np.array([*rare.values()])[:, None]).max(axis=1))
    names = [*rare]
    kept = {names[place]: rare[names[place]] for place in sorted(heaviest[: KEPT[label]])}
    weights, bias = _weights(given, texts, kept, label)
    rows_of = zip(kept.items(), weights, strict=True)
    return Words(
        tuple(codes),
        tuple(round(float(x), 2) for x in bias),
        SHARES[label],
        {
            term: (round(weight, 1), *(round(float(x), 1) for x in row))
            for (term, weight), row in rows_of
        },
    )


def _given(rows: Sequence[Row], label: str) -> list[Row]:
    """Turns whose codes were written down, and some that have none."""
    told = [row for row in rows if _codes(row, label)]
    others = [row for row in rows if label not in row.labels | row.either]
    rng = random.Random(7)  # noqa: S311 - reproducible on purpose
    return [*told, *rng.sample(others, min(OTHERS, len(others)))]


def _codes(row: Row, label: str) -> set[str]:
    return {code for code in DETAILS_OF[label] if f"{label}:{code}" in row.labels}


def _weights(
    given: Sequence[Row], texts: Sequence[set[str]], rare: dict[str, float], label: str
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Weights (terms in order of the alphabet, codes) and a bias for each code."""
    codes = DETAILS_OF[label]
    features = DictVectorizer().fit_transform([_valued(text, rare) for text in texts])
    weights, bias = np.zeros((len(rare), len(codes))), np.zeros(len(codes))
    for place, code in enumerate(codes):
        name = f"{label}:{code}"
        sure = [at for at, row in enumerate(given) if name not in row.either - row.labels]
        model = LogisticRegression(C=STRENGTH, class_weight="balanced", max_iter=2000)
        model.fit(features[sure], [name in given[at].labels for at in sure])
        weights[:, place], bias[place] = model.coef_[0], model.intercept_[0]
    return weights, bias


def _valued(text: set[str], rare: dict[str, float]) -> dict[str, float]:
    """The text's terms by how rare they are, at length one."""
    found = {term: rare[term] for term in text & rare.keys()}
    length = max(SHORT, math.sqrt(sum(value**2 for value in found.values())))
    return {term: value / length for term, value in found.items()}


def across_authors(rows: Sequence[Row], label: str) -> float:
    """F1 of the codes of turns that have some, by their words alone, their author unknown."""
    authors = sorted({row.author for row in rows})
    hit = said = wanted = 0
    for fold in range(FOLDS):
        out = set(authors[fold::FOLDS])
        known = fitted([row for row in rows if row.author not in out], label)
        for row in rows:
            if row.author in out and (want := _codes(row, label)):
                leans = leaning(known, normalise(row.text).text)
                best = max(leans.values())
                got = {code for code, logit in leans.items() if logit >= min(best, 0.0)}
                hit, said, wanted = hit + len(got & want), said + len(got), wanted + len(want)
    return 2 * hit / (said + wanted)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--corpus", type=Path, default=ROOT / "models" / "corpus")
    parser.add_argument("--to", type=Path, default=ROOT / "agentassist" / "note" / "reasons.json")
    parser.add_argument("--without", default="", help="author groups to leave out, as uk2,ap2")
    args = parser.parse_args()
    out = set(args.without.split(","))
    rows = [r for r in read(args.corpus) if r.speaker == "caller" and r.author not in out]
    shown = {label: round(across_authors(rows, label), 2) for label in KEPT}
    about = (
        "Learned by scripts/train_reasons.py from models/corpus. F1 of the codes of single turns "
        f"by their words alone, on authors held out: {json.dumps(shown)[1:-1]}."
    )
    learned = Reasons(about, {label: fitted(rows, label) for label in KEPT})
    lines = msgspec.json.encode(learned).replace(b'],"', b'],\n"')
    args.to.write_bytes(lines + b"\n")
    print(json.dumps(shown | {"bytes": len(lines)}))


if __name__ == "__main__":
    main()
