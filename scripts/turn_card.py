"""The manifest and the model card: what was measured, on authors that were held out."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray
from turn_baselines import baselines
from turn_corpus import Row
from turn_thresholds import LABELS, OUTPUTS, Marks, by_policy, counting, false_flags, ruled_rows

from agentassist.labels import PhraseClassifier
from agentassist.understanding.model import NETWORKS, Thresholds
from agentassist.vocabulary import DETAILS_OF, FLAGS, PRACTICE, SIGNALS

GROUPS = {"flags": FLAGS, "good practice": PRACTICE, "signals": SIGNALS}
EXAMPLES = 5
VERSION = "2026-11-25.2"
Chosen: TypeAlias = dict[str, Thresholds]

ABOUT = """\
# The turn classifier

What a turn means, by the labels of `agentassist/rules/README.md`: a MiniLM-L6 encoder
(all-MiniLM-L6-v2, Apache-2.0) with an attention of its own for each label, in int8, run by ONNX
Runtime on one thread. It reads the turn, in lower case and without punctuation, and what the
other party said just before; never what comes after. `both.onnx` hears either party. Callers'
turns are heard by `caller.onnx` too, which went on from it with their turns alone: their labels
are the mean of both, and the codes of `hardship` and `cease_contact`, which the note records, the
second one's. Trained by `scripts/train_classifier.py`
on `models/corpus`, which rebuilds every file here, this page included.

`manifest.json` holds the thresholds and the files' SHA-256. How rules and model are combined is
told in `agentassist/understanding/combined.py`.

All figures are of authors held out: each turn was judged by a network that never saw a word of
its author, with the phrase rules beside it. Thresholds were chosen on the same turns, one or
two numbers a label, so expect a little less on new calls; `models/unseen` shows how much. The
rules were written from six authors (af1, ap1, uk1, uk2, us1, us2); the others show their worth.
Case and punctuation are taken away before anything is read, so all figures hold without them.
"""

CANNOT = """\
## What it cannot do

- It sees one turn and the other's last one. What was agreed ten turns ago, sarcasm that only
  the voice carries, and a threat built up over several turns escape it.
- It knows the English of its authors. Each table row below is one of them: the spread between
  rows is what to expect of a dialect that none of them speaks.
- Words misheard by the recogniser are misread with it; it was trained on some of that noise.
- It was trained on written dialogue, not on transcripts of real calls.
"""


class Judged(NamedTuple):
    """For one label: what should hold, what does, and which rows count."""

    wanted: Marks
    held: Marks
    counted: Marks

    def counts(self, where: Marks) -> tuple[int, int, int]:
        """Hits, extras and misses among the rows `where`."""
        of = self.counted & where
        return (
            int((of & self.held & self.wanted).sum()),
            int((of & self.held & ~self.wanted).sum()),
            int((of & ~self.held & self.wanted).sum()),
        )


def judged(
    rows: Sequence[Row],
    found: NDArray[np.float32],
    ruled: dict[str, Marks],
    thresholds: Chosen,
) -> dict[str, Judged]:
    """Rules and model together, by the policy of the coach."""
    marks = by_policy(found, ruled, thresholds)
    return {label: _judged(rows, label, marks[label]) for label in LABELS}


def _judged(rows: Sequence[Row], label: str, held: Marks) -> Judged:
    wanted = np.array([label in row.labels for row in rows])
    return Judged(wanted, held, counting(rows, label) > 0)


def f1(hit: int, extra: int, missed: int) -> float:
    """The harmonic mean of precision and recall; not a number where there is nothing."""
    return 2 * hit / (2 * hit + extra + missed) if hit + extra + missed else float("nan")


def macro(of: dict[str, Judged], where: Marks, labels: Sequence[str]) -> float:
    """The mean F1 of the labels that occur there."""
    counts = [of[label].counts(where) for label in labels]
    return float(np.mean([f1(*count) for count in counts if count[0] + count[2]] or [np.nan]))


def _false_flags(rows: Sequence[Row], of: dict[str, Judged], where: Marks) -> float:
    return false_flags(rows, {label: of[label].held & of[label].counted for label in FLAGS}, where)


class Unseen(NamedTuple):
    """Rows of authors who had no part in the model, and what it says of them."""

    rows: Sequence[Row]
    found: NDArray[np.float32]


class Measured(NamedTuple):
    """What the card is written from."""

    rows: Sequence[Row]
    found: NDArray[np.float32]
    """Held-out probabilities (rows, labels)."""
    rules: PhraseClassifier
    thresholds: Chosen
    voices: dict[str, str]
    """By author."""
    unseen: Unseen


def write_manifest(to: Path, thresholds: Chosen) -> None:
    """`manifest.json`: what the coach reads, and checks the files against."""
    files = (*NETWORKS["caller"], "tokenizer.json")
    manifest = {
        "version": VERSION,
        "labels": OUTPUTS,
        "thresholds": {name: _plain(each) for name, each in thresholds.items()},
        "sha256": {name: hashlib.sha256((to / name).read_bytes()).hexdigest() for name in files},
    }
    (to / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")


def write_card(to: Path, measured: Measured, recipe: dict[str, Any]) -> None:
    """`README.md` beside the model."""
    rows, found, rules, thresholds, voices, unseen = measured
    ruled = ruled_rows(rows, rules)
    both = judged(rows, found, ruled, thresholds)
    others = {
        "phrase rules alone": {label: _judged(rows, label, ruled[label]) for label in LABELS},
        **{
            name: {label: _judged(rows, label, held[label]) for label in LABELS}
            for name, held in baselines(rows).items()
        },
        "rules and model": both,
    }
    page = [
        ABOUT,
        *_side_by_side(rows, others),
        *_of_unseen(unseen, rules, thresholds),
        *_by_label(rows, both, thresholds),
        *_by_code(rows, found, thresholds),
        *_by_author(rows, both, voices),
        CANNOT,
        *_errors(rows, both),
        "## Recipe\n",
        f"`{json.dumps(recipe)}`, {len(rows)} turns of {len({r.author for r in rows})} authors.",
    ]
    (to / "README.md").write_text("\n".join(page) + "\n", encoding="utf-8")


def _plain(each: Thresholds) -> dict[str, float]:
    return {"alone": each.alone, "with_rule": each.with_rule}


def _calls(rows: Sequence[Row]) -> Marks:
    return np.array([row.in_call for row in rows])


def _side_by_side(rows: Sequence[Row], all_of: dict[str, dict[str, Judged]]) -> Iterator[str]:
    yield "## Beside simpler ways, on whole calls\n"
    yield "| macro-F1 | flags | good practice | signals | clean agent turns flagged |"
    yield "|---|---|---|---|---|"
    calls = _calls(rows)
    for name, of in all_of.items():
        yield f"| {name} | {_figures(rows, of, calls)} |"
    yield ""


def _by_label(rows: Sequence[Row], of: dict[str, Judged], thresholds: Chosen) -> Iterator[str]:
    yield "## By label\n"
    yield "| label | calls: precision | recall | F1 | n | all: F1 | n | threshold | with rule |"
    yield "|---|---|---|---|---|---|---|---|---|"
    calls, everywhere = _calls(rows), np.ones(len(rows), bool)
    for label in LABELS:
        hit, extra, missed = of[label].counts(calls)
        whole = of[label].counts(everywhere)
        precision, recall = hit / max(1, hit + extra), hit / max(1, hit + missed)
        each = thresholds[label]
        with_rule = f"{each.with_rule:.2f}" if each.with_rule < each.alone else "-"
        yield (
            f"| `{label}` | {precision:.2f} | {recall:.2f} | {f1(hit, extra, missed):.2f} "
            f"| {hit + missed} | {f1(*whole):.2f} | {whole[0] + whole[2]} "
            f"| {each.alone:.2f} | {with_rule} |"
        )
    yield ""


def _by_code(rows: Sequence[Row], found: NDArray[np.float32], thresholds: Chosen) -> Iterator[str]:
    """The codes of a label, among the turns that have it."""
    yield "## Codes, where their label holds: all turns\n"
    yield "| code | precision | recall | F1 | n | threshold |"
    yield "|---|---|---|---|---|---|"
    for label, codes in DETAILS_OF.items():
        names = [f"{label}:{code}" for code in codes]
        told = np.array([bool(row.labels.intersection(names)) for row in rows])
        for name in names:
            wanted = np.array([name in row.labels for row in rows])
            held = found[:, OUTPUTS.index(name)] >= thresholds[name].alone
            hit, extra, missed = Judged(wanted, held, told).counts(told)
            precision, recall = hit / max(1, hit + extra), hit / max(1, hit + missed)
            yield (
                f"| `{name}` | {precision:.2f} | {recall:.2f} | {f1(hit, extra, missed):.2f} "
                f"| {hit + missed} | {thresholds[name].alone:.2f} |"
            )
    yield ""


def _by_author(rows: Sequence[Row], of: dict[str, Judged], voices: dict[str, str]) -> Iterator[str]:
    yield "## By author held out: all turns\n"
    yield "| author | voices | turns | flags | good practice | signals | clean turns flagged |"
    yield "|---|---|---|---|---|---|---|"
    for author in sorted({row.author for row in rows}):
        where = np.array([row.author == author for row in rows])
        voice = voices.get(author, "calls of an archive")
        yield f"| {author} | {voice} | {int(where.sum())} | {_figures(rows, of, where)} |"
    yield ""


def _figures(rows: Sequence[Row], of: dict[str, Judged], where: Marks) -> str:
    """Three macro-F1 and the rate of false flags, as cells of a table."""
    parts = " | ".join(f"{macro(of, where, labels):.3f}" for labels in GROUPS.values())
    return f"{parts} | {_false_flags(rows, of, where):.1%}"


def _of_unseen(unseen: "Unseen", rules: PhraseClassifier, chosen: Chosen) -> Iterator[str]:
    """Calls and single turns of authors who had no part in training, thresholds or rules."""
    rows = unseen.rows
    ruled = ruled_rows(rows, rules)
    ways = {
        "phrase rules alone": {label: _judged(rows, label, ruled[label]) for label in LABELS},
        "rules and model": judged(rows, unseen.found, ruled, chosen),
    }
    yield "## On authors who had no part in it: `models/unseen`\n"
    yield "| macro-F1 | flags | good practice | signals | clean agent turns flagged |"
    yield "|---|---|---|---|---|"
    calls = _calls(rows)
    for what, where in (("whole calls", calls), ("single turns", ~calls)):
        for name, of in ways.items():
            yield f"| {what}, {name} | {_figures(rows, of, where)} |"
    yield ""


def _errors(rows: Sequence[Row], of: dict[str, Judged]) -> Iterator[str]:
    """For each label: what it is taken for, and true examples of both kinds of error."""
    yield "## Errors by label, each with true examples\n"
    for label in LABELS:
        each = of[label]
        missed = np.flatnonzero(each.counted & each.wanted & ~each.held)
        extra = np.flatnonzero(each.counted & ~each.wanted & each.held)
        instead = Counter(
            other
            for place in missed
            for other in LABELS
            if of[other].held[place] and not of[other].wanted[place] and of[other].counted[place]
        )
        taken = ", ".join(f"`{name}` {count}" for name, count in instead.most_common(3))
        yield f"### `{label}`\n"
        told = f", taken for {taken}" if taken else ""
        yield f"{len(missed)} missed{told}; {len(extra)} extra.\n"
        for kind, places in (("missed", missed), ("extra", extra)):
            for place in places[:: max(1, len(places) // EXAMPLES)][:EXAMPLES]:
                yield f"- {kind}: {rows[place].text}"
        yield ""
