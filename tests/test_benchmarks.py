"""The benchmarks that the README's figures come from, on a few seconds of a call."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPTS = Path(__file__).parent.parent / "scripts"


@pytest.mark.slow
def test_the_benchmark_of_cues_plays_a_call_and_tells_how_late_things_came() -> None:
    pytest.importorskip("vosk")
    command = (sys.executable, str(SCRIPTS / "benchmark_cues.py"), "--engine", "vosk", "--json")
    done = subprocess.run(
        [*command, "--seconds", "9"], capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    for run in (told["in turn"], told["at once"]):
        assert run["cores"] > 0.0
        assert run["troubles"] == []
        labels = run["delays"]["all labels"]
        assert labels["count"] >= 1
        assert 0.0 < labels["words_median"] < 9.0


def test_the_benchmark_of_the_archive_fills_one_and_times_every_question(tmp_path: Path) -> None:
    command = (sys.executable, str(SCRIPTS / "benchmark_archive.py"), "--times", "2")
    sizes = ("--calls", "2000", "--transcripts", "200", "--file", str(tmp_path / "archive"))
    done = subprocess.run(
        [*command, *sizes], capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
    asked = [line.split("|")[1:4] for line in done.stdout.splitlines() if line.startswith("| ")]
    assert len(asked) >= 15
    for name, median, slowest in asked[1:]:
        assert 0.0 < float(median) <= float(slowest) < 5000.0, name
