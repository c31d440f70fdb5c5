#!/usr/bin/env python3
"""Trains the weights by which the note decides how a call ended: `agentassist/note/outcome.json`.

Calls with a note in the corpus give features (`agentassist/note/ending.py`) and outcomes. Each
is read twice: as people labelled it, and as the turn classifier hears an author whom it does not
know, which `scripts/train_classifier.py` leaves in `--labels`; so the weights know how far labels
can be trusted. Says how often the model is right on other authors' calls. Takes a minute.

    pip install --group training
    scripts/train_outcome.py
"""

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import numpy as np
from measure_note import GoldLabels, files_of, labelled
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from agentassist import packs
from agentassist.note import ended
from agentassist.note.outcome import Weights, outcome
from agentassist.rulebook import Rulebook

ROOT = Path(__file__).parent.parent
FOLDS = 6
STRENGTH = 0.1
"""Inverse of the regularisation: a few hundred calls bear no more."""

SMALLEST = 0.02
"""Weights below this are left out: they decide nothing."""


class Example(NamedTuple):
    """One reading of a call."""

    author: str
    told: Mapping[str, float]
    outcome: str
    either: frozenset[str]
    """Outcomes that a careful person may name as well."""
    by_people: bool
    """Whether its labels are theirs, and not the classifier's."""


def examples(folder: Path, labels: Path, rulebook: Rulebook) -> Iterator[Example]:
    heard = json.loads(labels.read_text(encoding="utf-8"))
    gold = GoldLabels(rulebook)
    for file in files_of(folder, None):
        written = json.loads(file.read_text(encoding="utf-8"))
        if "note" not in written:
            continue
        for by_people in (True, False):
            of_model = heard[file.stem]
            gold.turns = [
                turn if by_people else turn | {"labels": of_model[str(place)]}
                for place, turn in enumerate(written["turns"])
            ]
            told = ended(labelled(file, gold), rulebook)
            yield Example(_author(file), told, *_wanted(written["note"]), by_people)


def _author(file: Path) -> str:
    return file.stem.split("-")[0]


def _wanted(note: Mapping[str, Any]) -> tuple[str, frozenset[str]]:
    either = note.get("outcome_or") or ()
    return note["outcome"], frozenset([either] if isinstance(either, str) else either)


def fitted(given: Sequence[Example], about: str = "") -> Weights:
    columns = DictVectorizer()
    features = columns.fit_transform([dict(example.told) for example in given])
    model = LogisticRegression(C=STRENGTH, max_iter=5000)
    model.fit(features, [example.outcome for example in given])
    names = columns.get_feature_names_out()
    weights = {
        code: {
            name: round(float(weight), 3)
            for name, weight in zip(names, row, strict=True)
            if abs(weight) >= SMALLEST
        }
        for code, row in zip(model.classes_, model.coef_, strict=True)
    }
    bias = {
        code: round(float(x), 3) for code, x in zip(model.classes_, model.intercept_, strict=True)
    }
    return Weights(about, bias, weights)


def right(known: Weights, asked: Sequence[Example]) -> list[bool]:
    return [outcome(x.told, known) in (x.outcome, *x.either) for x in asked]


def across_authors(all_of: Sequence[Example], *, by_people: bool) -> float:
    """The part decided rightly by models that saw none of the author's calls."""
    authors = sorted({example.author for example in all_of})
    judged: list[bool] = []
    for fold in range(FOLDS):
        out = set(authors[fold::FOLDS])
        given = [example for example in all_of if example.author not in out]
        asked = [example for example in all_of if example.author in out]
        judged += right(fitted(given), [x for x in asked if x.by_people == by_people])
    return float(np.mean(judged))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--corpus", type=Path, default=ROOT / "models" / "corpus")
    parser.add_argument("--to", type=Path, default=ROOT / "agentassist" / "note" / "outcome.json")
    parser.add_argument("--labels", type=Path, default=ROOT / "models" / ".work" / "labels.json")
    args = parser.parse_args()
    found = [*examples(args.corpus, args.labels, packs.load())]
    shown = {
        "calls": len(found) // 2,
        "right": round(across_authors(found, by_people=True), 3),
        "right_as_heard": round(across_authors(found, by_people=False), 3),
    }
    about = (
        f"Learned by scripts/train_outcome.py from {shown['calls']} calls of models/corpus. On "
        f"authors held out it is right for {shown['right']:.0%} of calls with the labels that "
        f"people gave, and for {shown['right_as_heard']:.0%} with those that the coach hears."
    )
    data = msgspec.json.format(msgspec.json.encode(fitted(found, about)), indent=1)
    args.to.write_bytes(data + b"\n")
    print(json.dumps(shown))


if __name__ == "__main__":
    main()
