#!/usr/bin/env python3
"""Measure the drafted note on labelled calls: precision, recall and F1 of each of its parts.

FOLDER holds calls/*.json with `turns`, `call_date`, `account` and `note`; calls without a note
are passed over. The file name's first part, up to the dash, is the author group. `--gold-labels`
gives the note the labels that people gave, with the codes of the rules where they know one: what
still goes wrong then is the note's own fault, and the rest is the classifier's.

A promise counts where sum and date are right; a plan by its sum, rate, first date and number of
instalments. `hardship_either`, `cease_either` and `outcome_or` in a reference hold what two
careful people read both ways.

Example: scripts/measure_note.py models/corpus --authors uk2,ap2 --errors 5
"""

import argparse
import json
import math
import re
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from agentassist import events as ev
from agentassist import packs
from agentassist.call import EMPTY, Call, LabelledTurn, apply
from agentassist.labels import Classify, Labels, PhraseClassifier
from agentassist.note import draft
from agentassist.pack_text import RulebookError
from agentassist.pipeline import run
from agentassist.rulebook import Rulebook
from agentassist.transcript import read
from agentassist.turns import Turns
from agentassist.understanding.combined import RulesAndModel
from agentassist.values import Label, Note, Turn
from agentassist.vocabulary import LABELS_OF

PARTS = ("outcome", "promises", "plan", "hardship", "cease", "callback_date")
PLAN = ("amount", "frequency", "first_date", "instalments")


class CorpusError(Exception):
    """A folder without noted calls; one line that says what was expected."""


class Noted(NamedTuple):
    """One call with the note that people wrote and the one that was drafted."""

    name: str
    gold: dict[str, Any]
    note: Note
    seconds: float
    """Time that the draft took."""


class Points(NamedTuple):
    """What is right, what is too much, and what is missing, of one part of a note."""

    right: frozenset[str]
    extra: frozenset[str]
    missed: frozenset[str]


class GoldLabels:
    """The labels and codes that people gave; codes of the rules where people gave none."""

    def __init__(self, rulebook: Rulebook) -> None:
        self._rules = PhraseClassifier(rulebook)
        self.turns: list[dict[str, Any]] = []

    def __call__(self, turn: Turn, before: Sequence[LabelledTurn]) -> tuple[Label, ...]:
        names = set(self.turns[turn.index]["labels"]) & set(LABELS_OF[turn.speaker])
        details = self.turns[turn.index].get("details", {})
        ruled = [label for label in self._rules(turn, before) if label.name in names - {*details}]
        known = {label.name for label in ruled}
        rest = (
            (name, code) for name in sorted(names - known) for code in details.get(name, [None])
        )
        return (*ruled, *(Label(n, 1.0, "people", 0, len(turn.text), code) for n, code in rest))


def plain(text: str) -> str:
    """As a recogniser without case, punctuation and digits would deliver the words."""
    return re.sub(r"\s+", " ", re.sub(r"[^a-z' ]", " ", text.lower().replace("’", "'"))).strip()


def files_of(folder: Path, authors: str | None) -> list[Path]:
    """The calls of those author groups. Raises CorpusError."""
    files = sorted((folder / "calls").glob("*.json"))
    if authors:
        files = [file for file in files if file.stem.split("-")[0] in authors.split(",")]
    if not files:
        raise CorpusError(f"{folder}: no calls/*.json of these authors; name a corpus folder")
    return files


def labelled(file: Path, classify: Classify, *, bare: bool = False) -> Call:
    """The call with its turns and labels, as the coach hears them. Raises TranscriptError."""
    heard: Iterable[ev.Heard] = read(file)
    if bare:
        heard = (_plain(event) for event in heard)
    call = EMPTY
    for event in run(heard, [Turns(), Labels(classify)]):
        call = apply(call, event)
    return call


def _plain(event: ev.Heard) -> ev.Heard:
    if not isinstance(event, ev.WordsHeard):
        return event
    return msgspec.structs.replace(event, text=plain(event.text))


def noted(args: argparse.Namespace, rulebook: Rulebook) -> Iterator[Noted]:
    """Each call with both notes. Raises CorpusError."""
    gold = GoldLabels(rulebook) if args.gold_labels else None
    kind = PhraseClassifier if args.rules_only else RulesAndModel
    classify: Classify = gold or kind(rulebook)
    for file in files_of(args.folder, args.authors):
        written = json.loads(file.read_text(encoding="utf-8"))
        if "note" not in written:
            continue
        if gold:
            gold.turns = written["turns"]
        call = labelled(file, classify, bare=args.asr_text)
        begun = time.perf_counter()
        note = draft(call, rulebook)
        yield Noted(file.stem, written["note"], note, time.perf_counter() - begun)


def points(gold: dict[str, Any], note: dict[str, Any]) -> dict[str, Points]:
    """Each part of a drafted note, in its JSON form, against the reference."""
    either = gold.get("outcome_or") or []
    right = note["outcome"] in (gold["outcome"], *([either] if isinstance(either, str) else either))
    want, got = {gold["outcome"]}, {gold["outcome"] if right else note["outcome"]}
    return {
        "outcome": _points(want, got),
        "promises": _points(_payments(gold["promises"]), _payments(note.get("promises", []))),
        "plan": _points(_plan(gold["plan"]), _plan(note.get("plan"))),
        "hardship": _codes(gold, note, "hardship"),
        "cease": _codes(gold, note, "cease"),
        "callback_date": _points(_day(gold["callback_at"]), _day(note.get("callback_at"))),
    }


def _points(want: set[str], got: set[str]) -> Points:
    return Points(frozenset(want & got), frozenset(got - want), frozenset(want - got))


def _codes(gold: dict[str, Any], note: dict[str, Any], field: str) -> Points:
    """What people read both ways counts neither for nor against, though the reference names it."""
    either = set(gold.get(f"{field}_either", ()))
    return _points(set(gold[field]) - either, set(note.get(field, ())) - either)


def _payments(promises: list[dict[str, Any]]) -> set[str]:
    """Each as sum and date; equal ones are told apart by a number."""
    told = [f"{_sum(p.get('amount'))} on {p.get('date')}" for p in promises]
    return {f"{text} ({told[:place].count(text) + 1})" for place, text in enumerate(told)}


def _plan(plan: dict[str, Any] | None) -> set[str]:
    found = {key: (plan or {}).get(key) for key in PLAN}
    found["amount"] = _sum(found["amount"]) if found["amount"] else None
    return {f"{key}={value}" for key, value in found.items() if value}


def _sum(amount: Any) -> str:
    return "no sum" if amount is None else f"{float(amount):.2f}"


def _day(at: str | None) -> set[str]:
    return {at[:10]} if at else set()


def show_table(all_points: list[dict[str, Points]]) -> None:
    print(f"\n{'':16} F1     prec   rec    n")
    for part in PARTS:
        counts = Counter[str]()
        for found in all_points:
            for kind, items in found[part]._asdict().items():
                counts[kind] += len(items)
        hit, extra, missed = counts["right"], counts["extra"], counts["missed"]
        f1 = _share(2 * hit, 2 * hit + extra + missed)
        shares = f"{f1:.3f}  {_share(hit, hit + extra):.3f}  {_share(hit, hit + missed):.3f}"
        print(f"{part:16} {shares}  {hit + missed}")


def _share(part: int, whole: int) -> float:
    return part / whole if whole else math.nan


def show_errors(calls: list[Noted], all_points: list[dict[str, Points]], most: int) -> None:
    for part in PARTS:
        wrong = [(c, p[part]) for c, p in zip(calls, all_points, strict=True) if p[part] != _OK]
        wrong = [(call, found) for call, found in wrong if found.extra or found.missed]
        for call, found in wrong[:most]:
            print(
                f"{part} of {call.name}: missed {_told(found.missed)}, extra {_told(found.extra)}"
            )


_OK = Points(frozenset(), frozenset(), frozenset())


def _told(items: frozenset[str]) -> str:
    return "; ".join(sorted(items)) or "nothing"


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path, help="a corpus: calls/*.json")
    parser.add_argument("--authors", help="author groups, as uk2,ap2; all without it")
    parser.add_argument("--gold-labels", action="store_true", help="labels that people gave")
    parser.add_argument("--rules-only", action="store_true", help="without the turn classifier")
    parser.add_argument("--asr-text", action="store_true", help="no case, punctuation or digits")
    parser.add_argument("--errors", type=int, default=0, metavar="N", help="print N of each part")
    return parser.parse_args()


def main() -> int:
    args = parse()
    try:
        calls = [*noted(args, packs.load())]
    except (CorpusError, RulebookError) as error:
        print(f"measure_note: {error}", file=sys.stderr)
        return 1
    if not calls:
        print(f"measure_note: {args.folder}: no call has a note to compare with", file=sys.stderr)
        return 1
    found = [points(call.gold, msgspec.to_builtins(call.note)) for call in calls]
    show_errors(calls, found, args.errors)
    show_table(found)
    print(f"{len(calls)} calls; slowest draft {max(call.seconds for call in calls):.3f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
