"""The training corpus: labelled turns, each with what the other party said just before.

`models/corpus/calls/*.json` are whole calls, `models/corpus/turns/*.jsonl` single turns; the
file name's first part, up to a dash or dot, is the author group. Authors are kept apart: turns
of one author resemble each other, so a random split flatters.
"""

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from text_to_num import alpha2digit

from agentassist.phrases import normalise
from agentassist.vocabulary import DETAILS_OF, Party

_FILLERS = ("um", "uh", "well", "okay", "yeah", "right", "so", "er", "you know", "like")


class Row(NamedTuple):
    """One labelled turn. `either` holds labels that may be read both ways: no loss on those.

    Both hold codes too, as `hardship:job_loss`; where a label's codes were not written down, all
    of them may be read both ways.
    """

    place: str
    author: str
    in_call: bool
    speaker: Party
    text: str
    before: str
    labels: frozenset[str]
    either: frozenset[str]


def read(folder: Path) -> list[Row]:
    """All rows, calls first, in the order of the files' names."""
    calls = [row for file in sorted((folder / "calls").glob("*.json")) for row in _call(file)]
    turns = [row for file in sorted((folder / "turns").glob("*.jsonl")) for row in _turns(file)]
    if not calls and not turns:
        raise SystemExit(f"{folder}: no calls/*.json or turns/*.jsonl in this folder")
    return [*calls, *turns]


def _call(file: Path) -> Iterator[Row]:
    said: dict[str, str] = {}
    for index, turn in enumerate(json.loads(file.read_text(encoding="utf-8"))["turns"]):
        other = "caller" if turn["speaker"] == "agent" else "agent"
        yield _row(f"{file.stem}[{index}]", file, turn, said.get(other, ""), in_call=True)
        said[turn["speaker"]] = turn["text"]


def _turns(file: Path) -> Iterator[Row]:
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        turn = json.loads(line)
        yield _row(f"{file.stem}:{number}", file, turn, turn.get("before") or "", in_call=False)


def _row(place: str, file: Path, turn: dict[str, Any], before: str, *, in_call: bool) -> Row:
    labels, either = {*turn["labels"]}, {*turn.get("either", ())}
    for label, codes in turn.get("details", {}).items():
        labels |= {f"{label}:{code}" for code in codes}
    unknown = (either | labels) - {*turn.get("details", {})}
    either |= {f"{label}:{code}" for label in unknown for code in DETAILS_OF.get(label, ())}
    author = file.stem.split("-")[0]
    return Row(
        place,
        author,
        in_call,
        turn["speaker"],
        turn["text"],
        before,
        frozenset(labels),
        frozenset(either),
    )


def varied(row: Row, rng: random.Random) -> Row:
    """The row as a recogniser might have heard it: figures, lost words, fillers, cut endings.

    Now and then nothing was heard before it, as at the start of a call.
    """
    text = normalise(row.text).text
    if rng.random() < 0.15:
        text = normalise(alpha2digit(text, "en")).text
    if rng.random() < 0.25:
        text = " ".join(_misheard(text.split(), rng)) or text
    return row._replace(text=text, before="" if rng.random() < 0.15 else row.before)


def joined(row: Row, other: Row) -> Row:
    """One longer turn that does both, one after the other: a slip amid much that is decent."""
    labels = row.labels | other.labels
    either = (row.either | other.either) - labels
    return row._replace(text=f"{row.text} {other.text}", labels=labels, either=either)


def _misheard(words: list[str], rng: random.Random) -> Iterator[str]:
    for word in words:
        chance = rng.random()
        if chance < 0.03:
            continue
        if chance < 0.05:
            yield rng.choice(_FILLERS)
        yield word[:-1] if chance > 0.98 and len(word) > 3 else word
