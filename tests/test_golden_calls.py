"""Whole calls, from written dialogue to every line of the contract, as they stood when read."""

from pathlib import Path

import msgspec
import pytest
from syrupy.assertion import SnapshotAssertion

from agentassist import contract, packs, transcript
from agentassist.labels import PhraseClassifier
from agentassist.pipeline import run, stages

CALLS = sorted((Path(__file__).parent / "calls").glob("*.json"))


@pytest.mark.parametrize("path", CALLS, ids=lambda path: path.stem)
def test_a_golden_call_is_coached_as_it_was(path: Path, snapshot: SnapshotAssertion) -> None:
    rulebook = packs.load()
    stream = run(transcript.read(path), stages(rulebook, PhraseClassifier(rulebook)))
    lines = [msgspec.json.decode(contract.encode(line)) for line in contract.lines(stream)]
    assert lines == snapshot
