"""How fast and how large the turn classifier is: milliseconds a turn, start-up, memory.

python scripts/benchmark_understanding.py models/corpus
"""

import argparse
import resource
import statistics
import sys
import time
from pathlib import Path

from turn_corpus import Row, read

from agentassist import packs
from agentassist.labels import PhraseClassifier
from agentassist.understanding.model import TurnModel, folder


def _megabytes() -> float:
    """Peak resident memory of this process."""
    kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return kilobytes / (2**20 if sys.platform == "darwin" else 2**10)


def _milliseconds(model: TurnModel, rows: list[Row]) -> list[float]:
    taken = []
    for row in rows:
        began = time.perf_counter()
        model(row.speaker, row.text, row.before)
        taken.append((time.perf_counter() - began) * 1000.0)
    return sorted(taken)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("corpus", type=Path, help="calls/*.json to read turns from")
    parser.add_argument("--turns", type=int, default=400)
    args = parser.parse_args()
    rows = [row for row in read(args.corpus) if row.in_call][: args.turns]
    PhraseClassifier(packs.load())
    before, began = _megabytes(), time.perf_counter()
    model = TurnModel(folder())
    loaded = time.perf_counter() - began
    taken = _milliseconds(model, rows)
    print(f"turn classifier {model.manifest.version}, one thread, {len(taken)} turns of calls")
    print(f"  loaded in {loaded:.2f} s, {_megabytes() - before:.0f} MB more memory at the peak")
    p95 = taken[int(0.95 * len(taken))]
    print(f"  a turn: median {statistics.median(taken):.1f} ms, p95 {p95:.1f} ms")


if __name__ == "__main__":
    main()
