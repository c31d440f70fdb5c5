"""The bundled call: its recording is what its dialogue says."""

import datetime
import json
import os
import shutil
import subprocess
import sys
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
import soundfile as sf
from numpy.typing import NDArray

from agentassist import transcript
from agentassist.demo import DIALOGUE, RECORDING
from agentassist.events import CallStarted, WordsHeard
from agentassist.values import Plan
from agentassist.vocabulary import FLAGS, LABELS_OF, Outcome

SCRIPT = Path(__file__).parent.parent / "scripts" / "make_demo_call.py"
CHANNEL = {"agent": 0, "caller": 1}


@pytest.fixture(scope="module")
def call() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(DIALOGUE.read_text(encoding="utf-8"))
    return loaded


@pytest.fixture(scope="module")
def audio() -> tuple[NDArray[np.float64], int]:
    samples, rate = sf.read(RECORDING)
    return samples, rate


def loudness(samples: NDArray[np.float64]) -> float:
    """Root mean square in dB of full scale."""
    return float(20 * np.log10(np.sqrt(np.mean(samples**2)) + 1e-9))


def test_the_recording_is_a_telephone_call_of_two_to_three_minutes() -> None:
    info = sf.info(RECORDING)
    assert (info.channels, info.samplerate) == (2, 8000)
    assert 120 <= info.duration <= 185
    assert RECORDING.stat().st_size < 2_000_000


def test_each_turn_is_heard_on_its_speakers_channel(
    call: dict[str, Any], audio: tuple[NDArray[np.float64], int]
) -> None:
    samples, rate = audio
    for turn in call["turns"]:
        part = samples[round(turn["start"] * rate) : round(turn["end"] * rate)]
        own = CHANNEL[turn["speaker"]]
        assert loudness(part[:, own]) > -30, turn["text"]


def test_between_the_turns_the_line_is_quiet(
    call: dict[str, Any], audio: tuple[NDArray[np.float64], int]
) -> None:
    samples, rate = audio
    for before, after in pairwise(call["turns"]):
        gap = samples[round((before["end"] + 0.05) * rate) : round((after["start"] - 0.05) * rate)]
        if len(gap):
            assert loudness(gap) < -55


def test_speech_stays_within_the_telephone_band(audio: tuple[NDArray[np.float64], int]) -> None:
    samples, rate = audio
    power = np.abs(np.fft.rfft(samples, axis=0)) ** 2
    frequency = np.fft.rfftfreq(len(samples), 1 / rate)
    outside = power[(frequency < 200) | (frequency > 3500)].sum()
    assert outside / power.sum() < 0.01


def test_the_agent_interrupts_once_for_about_a_second(call: dict[str, Any]) -> None:
    overlaps = [
        (after["speaker"], before["end"] - after["start"])
        for before, after in pairwise(call["turns"])
        if after["start"] < before["end"]
    ]
    assert len(overlaps) == 1
    speaker, seconds = overlaps[0]
    assert speaker == "agent"
    assert 0.7 <= seconds <= 1.5


def test_the_dialogue_carries_the_labels_of_its_speakers(call: dict[str, Any]) -> None:
    assert 24 <= len(call["turns"]) <= 34
    for turn in call["turns"]:
        own = LABELS_OF[turn["speaker"]]
        assert {*turn["labels"], *turn.get("either", ())} <= {*own}


def test_a_decent_agent_slips_twice_and_recovers(call: dict[str, Any]) -> None:
    flagged = [i for i, turn in enumerate(call["turns"]) if {*turn["labels"]} & {*FLAGS}]
    sorry = next(i for i, turn in enumerate(call["turns"]) if "apology" in turn["labels"])
    assert len(flagged) == 2
    assert max(flagged) < sorry


def test_the_reference_note_holds_what_was_agreed(call: dict[str, Any]) -> None:
    note = call["note"]
    plan = msgspec.convert(
        note["plan"],
        Plan,
        dec_hook=lambda _, value: Decimal(str(value)),
    )
    assert msgspec.convert(note["outcome"], Outcome) == "payment_plan"
    assert plan == Plan(Decimal("40.0"), "GBP", "monthly", datetime.date(2026, 3, 27), 12)
    assert datetime.date(2026, 3, 27).strftime("%w") == "5", "the agent calls it a Friday"


def test_the_dialogue_is_a_transcript_with_times(call: dict[str, Any]) -> None:
    events = list(transcript.read(DIALOGUE))
    started = events[0]
    heard = [event for event in events if isinstance(event, WordsHeard)]
    assert isinstance(started, CallStarted)
    assert started.call_date == datetime.date(2026, 3, 12)
    assert [words.start for words in heard] == [turn["start"] for turn in call["turns"]]


def flite_version() -> str:
    if not shutil.which("flite"):
        return ""
    done = subprocess.run(["flite", "--version"], capture_output=True, text=True, check=False)
    return done.stdout


@pytest.mark.skipif("flite-2.2" not in flite_version(), reason="flite 2.2 is not installed")
def test_the_recording_is_what_the_script_makes_of_the_dialogue() -> None:
    command = [sys.executable, SCRIPT, "--check"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_without_flite_the_script_says_how_to_get_it() -> None:
    nowhere = os.environ | {"PATH": "nowhere"}
    done = subprocess.run(
        [sys.executable, SCRIPT], env=nowhere, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "apt-get install flite" in done.stderr
