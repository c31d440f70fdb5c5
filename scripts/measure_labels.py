#!/usr/bin/env python3
"""Measure the labels on a labelled corpus: precision, recall, F1 of every one.

Rules and turn classifier together, as the coach uses them; `--rules-only` for the rules.

FOLDER holds calls/*.json (`turns` of speaker, text, labels, either) and turns/*.jsonl (one
turn a line, with `before` as the other party's turn). The file name's first part, up to the
dash, is the author group. Rules are written from some authors and judged on the others, so
run it once for each: a rule that only knows its own authors shows at once. The classifier was
trained on `models/corpus`: measure it there by its card, and here on what it has not seen.

Example: scripts/measure_labels.py models/unseen --authors us4 --label threat --errors 5
"""

import argparse
import json
import re
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from agentassist import packs
from agentassist.call import LabelledTurn
from agentassist.labels import CanBeImpaired, Classify, PhraseClassifier, in_context
from agentassist.pack_text import RulebookError
from agentassist.rules_of_words import ContextRule
from agentassist.understanding.combined import RulesAndModel
from agentassist.values import Label, Turn
from agentassist.vocabulary import FLAGS, PRACTICE, SIGNALS, SPEAKER_OF, Party

GROUPS = {"flags": FLAGS, "practice": PRACTICE, "signals": SIGNALS}


class CorpusError(Exception):
    """A folder that is not a corpus; one line that says what was expected."""


class Judged(NamedTuple):
    """One turn with what people say of it and what the coach says."""

    place: str
    speaker: Party
    before: str
    text: str
    gold: frozenset[str]
    either: frozenset[str]
    found: tuple[Label, ...]

    @property
    def got(self) -> set[str]:
        """The labels found, without those that may be read either way."""
        return {label.name for label in self.found} - self.either


def plain(text: str) -> str:
    """As a recogniser without case, punctuation and digits would deliver the words."""
    return re.sub(r"\s+", " ", re.sub(r"[^a-z' ]", " ", text.lower().replace("’", "'"))).strip()


def judge(
    args: argparse.Namespace, classify: Classify, contexts: Sequence[ContextRule]
) -> list[Judged]:
    """Every turn of the corpus that was asked for. Raises CorpusError."""
    if not args.folder.is_dir():
        raise CorpusError(f"{args.folder}: no such folder; name one with calls/ or turns/ in it")
    files = [f for kind in ("calls", "turns") for f in sorted((args.folder / kind).glob("*.json*"))]
    if args.only:
        files = [file for file in files if file.parent.name == args.only]
    if not files:
        raise CorpusError(f"{args.folder}: no calls/*.json or turns/*.jsonl in this folder")
    if args.authors:
        files = [file for file in files if file.stem.split("-")[0] in args.authors.split(",")]
        if not files:
            raise CorpusError(f"{args.folder}: no file of the authors {args.authors}")
    return [turn for file in files for turn in _judged(file, args.asr_text, classify, contexts)]


def _judged(
    file: Path, bare: bool, classify: Classify, contexts: Sequence[ContextRule]
) -> Iterator[Judged]:
    try:
        for place, rows in _dialogues(file):
            yield from _classified(place, rows, bare, classify, contexts)
    except (KeyError, TypeError, AttributeError, json.JSONDecodeError) as error:
        raise CorpusError(f"{file}: not a labelled call or turn: {error!r}") from None


def _dialogues(file: Path) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Rows in the order in which they were spoken; those without `labels` are context."""
    if file.suffix == ".json":
        yield file.stem, json.loads(file.read_text(encoding="utf-8"))["turns"]
        return
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        row = json.loads(line)
        other = "caller" if row["speaker"] == "agent" else "agent"
        context = [{"speaker": other, "text": row["before"]}] if row.get("before") else []
        yield f"{file.stem}:{number}", [*context, row]


def _classified(
    place: str,
    rows: list[dict[str, Any]],
    bare: bool,
    classify: Classify,
    contexts: Sequence[ContextRule],
) -> Iterator[Judged]:
    before: list[LabelledTurn] = []
    for index, row in enumerate(rows):
        text = plain(row["text"]) if bare else row["text"]
        turn = Turn(index, row["speaker"], float(index), index + 1.0, text)
        found = in_context(classify(turn, before), before, contexts)
        earlier = before[-1].turn.text if before else ""
        before.append(LabelledTurn(turn, found, ended=True))
        if "labels" in row:
            gold, either = frozenset(row["labels"]), frozenset(row.get("either", ()))
            where = f"{place}[{index}]"
            yield Judged(where, turn.speaker, earlier, text, gold, either, found)


def scores(turns: list[Judged]) -> dict[str, Counter[str]]:
    """Hits, false positives and misses of each label."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for turn in turns:
        got = turn.got
        for label in turn.gold | got:
            kind = "hit" if label in turn.gold and label in got else "extra" if label in got else ""
            counts[label][kind or "missed"] += 1
    return counts


def show_table(turns: list[Judged], only: list[str]) -> None:
    counts = scores(turns)
    for group, labels in GROUPS.items():
        print(f"\n{group:24} F1    prec  rec   n")
        values = []
        for label in labels:
            hit, extra, missed = (counts[label][kind] for kind in ("hit", "extra", "missed"))
            if hit + missed and (not only or label in only):
                values.append(2 * hit / (2 * hit + extra + missed))
                precision = hit / (hit + extra) if hit + extra else 0.0
                recall = hit / (hit + missed)
                print(
                    f"  {label:22} {values[-1]:.2f}  {precision:.2f}  {recall:.2f}  {hit + missed}"
                )
        print(f"macro-F1 {group}: {sum(values) / len(values):.3f}" if values else "none here")


def show_false_flags(turns: list[Judged]) -> None:
    """The rate of clean agent turns on which a flag was raised."""
    flags = set(FLAGS)
    clean = [t for t in turns if t.speaker == "agent" and not (t.gold | t.either) & flags]
    wrong = sum(bool(turn.got & flags) for turn in clean)
    rate = wrong / max(1, len(clean))
    print(f"\nfalse flags on clean agent turns: {wrong}/{len(clean)} = {rate:.3f}")


def show_rules(turns: list[Judged], only: list[str]) -> None:
    """How often each rule was right: what its confidence should be."""
    right: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for turn in turns:
        for label in turn.found:
            if label.name not in turn.either and (not only or label.name in only):
                right[f"{label.name} {label.source}"][label.name in turn.gold] += 1
    for name, (wrong, hit) in sorted(right.items()):
        print(f"  {name:60} {hit / (hit + wrong):.2f}  ({hit} right, {wrong} wrong)")


def show_errors(turns: list[Judged], only: list[str], most: int) -> None:
    for label in only or [label for group in GROUPS.values() for label in group]:
        extra = [t for t in turns if label in t.got - t.gold]
        missed = [t for t in turns if label in t.gold - t.got]
        for title, wrong in (("false positive", extra), ("miss", missed)):
            for turn in wrong[:most]:
                marks = "; ".join(
                    f"{found.source} “{turn.text[found.start : found.end]}”"
                    for found in turn.found
                    if found.name == label
                )
                print(f"\n{label} {title} at {turn.place} (gold: {', '.join(sorted(turn.gold))})")
                print(f"  before: {turn.before}\n  {turn.speaker}: {turn.text}\n  {marks}".rstrip())


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path, help="a corpus: calls/*.json and turns/*.jsonl")
    parser.add_argument("--rules", type=Path, action="append", default=[], help="packs to measure")
    parser.add_argument("--rules-only", action="store_true", help="without the turn classifier")
    parser.add_argument("--authors", help="author groups, as uk1,us2; all without it")
    parser.add_argument("--only", choices=("calls", "turns"), help="whole calls or single turns")
    parser.add_argument(
        "--label", action="append", default=[], choices=sorted(SPEAKER_OF), metavar="LABEL"
    )
    parser.add_argument("--errors", type=int, default=0, metavar="N", help="print N of each kind")
    parser.add_argument("--by-rule", action="store_true", help="precision of each rule")
    parser.add_argument("--asr-text", action="store_true", help="no case, punctuation or digits")
    return parser.parse_args()


def main() -> int:
    args = parse()
    try:
        begun = time.perf_counter()
        rulebook = packs.load(*args.rules)
        classify: Classify = (PhraseClassifier if args.rules_only else RulesAndModel)(rulebook)
        if isinstance(classify, CanBeImpaired) and classify.trouble:
            print(f"measure_labels: {' '.join(classify.trouble)}", file=sys.stderr)
        loaded = time.perf_counter()
        turns = judge(args, classify, rulebook.contexts)
    except (CorpusError, RulebookError) as error:
        print(f"measure_labels: {error}", file=sys.stderr)
        return 1
    spent = time.perf_counter() - loaded
    show_errors(turns, args.label, args.errors)
    show_table(turns, args.label)
    if args.by_rule:
        show_rules(turns, args.label)
    show_false_flags(turns)
    print(f"{len(turns)} turns in {spent:.2f} s; loaded in {loaded - begun:.3f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
