#!/usr/bin/env python3
"""Measure redaction: what it misses of the table, what it masks wrongly, how long words wait.

TABLE is a folder of *.tsv: kind, tab, a dialogue with what must be masked in {braces}; of kind
`none` nothing may be. `--corpus` runs over whole calls and turns besides (calls/*.json,
turns/*.jsonl) and shows every turn that is changed, for people to judge, and how long words
were held back.

Example: scripts/measure_redaction.py tests/redaction --corpus models/corpus --show
"""

import argparse
import json
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from agentassist import dialogue
from agentassist import events as ev
from agentassist.redaction import Redaction, redacted
from agentassist.vocabulary import Party

_SPEAKERS: dict[str, Party] = {"A": "agent", "C": "caller"}
_BRACES = re.compile(r"\{([^{}]*)\}")


class Line(NamedTuple):
    """One line of the table: a dialogue with what must be masked in braces."""

    place: str
    kind: str
    turns: tuple[tuple[Party, str], ...]

    @property
    def said(self) -> list[tuple[Party, str]]:
        """As it was spoken."""
        return [(party, _BRACES.sub(r"\1", text)) for party, text in self.turns]


class Turn(NamedTuple):
    """One turn of a corpus that was changed."""

    place: str
    before: str
    text: str
    masked: str


def read(folder: Path) -> Iterator[Line]:
    """All lines of all tables in the folder."""
    for file in sorted(folder.glob("*.tsv")):
        for number, row in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            if row and not row.startswith("#"):
                kind, said = row.split("\t")
                turns = tuple((_SPEAKERS[turn[0]], turn[3:]) for turn in said.split(" | "))
                yield Line(f"{file.name}:{number}", kind, turns)


def heard(turns: Sequence[tuple[Party, str]]) -> list[ev.Heard]:
    """The dialogue as a recogniser would deliver it."""
    lines = [dialogue.SpokenLine(party, text) for party, text in turns]
    return list(dialogue.heard(ev.CallStarted(0.0, "table", "none"), lines))


def masked(turns: Sequence[tuple[Party, str]]) -> list[str]:
    """The dialogue's words after redaction."""
    return [e.text for e in redacted(heard(turns)) if isinstance(e, ev.WordsHeard)]


def faults(line: Line) -> tuple[list[str], list[str]]:
    """What of the line was missed, and what was masked wrongly."""
    missed, wrong = list[str](), list[str]()
    for (_, text), got in zip(line.turns, masked(line.said), strict=True):
        parts = _BRACES.split(text)
        wanted = r"\[[^\[\]]+\]".join(re.escape(part) for part in parts[::2])
        if re.fullmatch(wanted, got):
            continue
        kept = [part for part in parts[1::2] if _remains(part, got)]
        (missed if kept else wrong).append(got)
    return missed, wrong


def _remains(secret: str, got: str) -> bool:
    """Whether any two words in a row of what had to go are still there."""
    bare = re.sub(r"\[[^\[\]]*\]", "|", got)
    words = secret.split()
    pairs = [" ".join(words[at : at + 2]) for at in range(max(1, len(words) - 1))]
    return any(pair in bare for pair in pairs)


def dialogues(folder: Path) -> Iterator[tuple[str, list[tuple[Party, str]]]]:
    """Whole calls, and single turns with what was said before them."""
    for file in sorted((folder / "calls").glob("*.json")):
        turns = json.loads(file.read_text(encoding="utf-8"))["turns"]
        yield file.stem, [(turn["speaker"], turn["text"]) for turn in turns]
    for file in sorted((folder / "turns").glob("*.jsonl")):
        for number, row in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            turn = json.loads(row)
            other: Party = "caller" if turn["speaker"] == "agent" else "agent"
            before = [(other, turn["before"])] if turn.get("before") else []
            yield f"{file.stem}:{number}", [*before, (turn["speaker"], turn["text"])]


def changed(place: str, turns: list[tuple[Party, str]]) -> tuple[list[Turn], list[float]]:
    """The turns that redaction changes, and the seconds for which each turn's words waited."""
    redaction, waits, texts = Redaction(), list[float](), list[str]()
    stream = heard(turns)
    for event in stream:
        for out in redaction.feed(event):
            if isinstance(out, ev.WordsHeard):
                waits.append(event.at - out.at)
                texts.append(out.text)
    earlier = ["", *(text for _, text in turns)]
    pairs = zip(turns, texts, earlier, strict=False)
    found = [Turn(place, before, said, got) for (_, said), got, before in pairs if said != got]
    return found, waits


def measure_table(folder: Path) -> bool:
    """Prints the table's figures; whether nothing was missed and under 1 % masked wrongly."""
    lines = list(read(folder))
    count: dict[str, Counter[str]] = defaultdict(Counter)
    for line in lines:
        missed, wrong = faults(line)
        count[line.kind]["lines"] += 1
        count[line.kind]["missed"] += bool(missed)
        count[line.kind]["wrong"] += bool(wrong and not missed)
        for title, texts in (("missed", missed), ("masked wrongly", wrong)):
            for text in texts:
                print(f"{line.place}: {line.kind}: {title}: {text}")
    print(f"{'kind':22} lines  missed  recall  wrong")
    for kind, n in sorted(count.items()):
        recall = "     -" if kind == "none" else f"{1 - n['missed'] / n['lines']:6.3f}"
        print(f"{kind:22} {n['lines']:5}  {n['missed']:6}  {recall}  {n['wrong']:5}")
    none = count["none"]
    alarms = none["wrong"] / max(1, none["lines"])
    print(f"{len(lines)} lines; false alarms on ordinary speech: {alarms:.3f}")
    return not any(n["missed"] for n in count.values()) and alarms < 0.01


def measure_corpus(folder: Path, *, show: bool) -> None:
    """Prints how many turns of ordinary calls change, and how long their words wait."""
    turns, waits = list[Turn](), list[float]()
    for place, said in dialogues(folder):
        found, waited = changed(place, said)
        turns += found
        waits += waited
    if show:
        for turn in turns:
            print(f"{turn.place}\n  before: {turn.before}\n  {turn.text}\n  {turn.masked}")
    waits.sort()
    held = sum(wait > 0 for wait in waits)
    print(f"corpus: {len(waits)} turns, {len(turns)} changed, {held} held back")
    middle, late = waits[len(waits) // 2], waits[len(waits) * 999 // 1000]
    print(f"held: median {middle:.1f} s, 99.9th percentile {late:.1f} s, worst {waits[-1]:.1f} s")


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("table", type=Path, help="a folder of *.tsv")
    parser.add_argument("--corpus", type=Path, help="calls/*.json and turns/*.jsonl")
    parser.add_argument("--show", action="store_true", help="print each changed turn")
    args = parser.parse_args()
    if not args.table.is_dir():
        print(f"measure_redaction: {args.table}: no such folder", file=sys.stderr)
        return 1
    good = measure_table(args.table)
    if args.corpus:
        measure_corpus(args.corpus, show=args.show)
    return int(not good)


if __name__ == "__main__":
    sys.exit(main())
