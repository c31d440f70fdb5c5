"""Makes the recording of the bundled call from its written dialogue, with two flite voices.

    python scripts/make_demo_call.py [--check]

Writes `agentassist/demo/call.flac` and the time of each turn into `dialogue.json`. With
`--check` it writes nothing and tells whether both files are what it would write. It gives the
same bytes each time with the same flite (2.2) and libraries. The recording is kept in the
repository: only who changes the dialogue needs flite.

A turn of the dialogue may say `gap`: seconds from the end of the turn before it; below zero it
begins while the other still speaks.
"""

import argparse
import io
import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import soundfile as sf
import soxr
from numpy.typing import NDArray

from agentassist.demo import DIALOGUE, RECORDING

Samples = NDArray[np.float64]

RATE = 8000
VOICES = {"agent": "awb", "caller": "slt"}
CHANNEL = {"agent": 0, "caller": 1}
STRETCH = {"agent": "1.12", "caller": "1.08"}
"""Above 1 is slower than flite's own pace, which is faster than people talk on the telephone."""

BAND = (300.0, 3400.0)
"""Hz: ITU-T G.712, the telephone channel."""

PEAK = 0.5
NOISE = 0.00025
"""Of full scale: the hiss of a quiet line."""

SEED = 20260312
LEAD, TAIL = 0.6, 1.0
"""Seconds of line before the first and after the last words."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if stale")
    args = parser.parse_args()
    if not shutil.which("flite"):
        sys.exit(
            "make_demo_call: flite is missing; install it with `sudo apt-get install flite`"
            " (Debian, Ubuntu), elsewhere from http://cmuflite.org"
        )
    call = json.loads(DIALOGUE.read_text(encoding="utf-8"))
    recording = _recording(call["turns"])
    made = {DIALOGUE: _written(call).encode(), RECORDING: recording}
    if args.check:
        stale = [path.name for path, content in made.items() if not _is_same(path, content)]
        sys.exit(f"make_demo_call: not up to date: {', '.join(stale)}" if stale else 0)
    for path, content in made.items():
        path.write_bytes(content)
        print(f"{path.name}: {len(content)} bytes")


def _is_same(path: Path, content: bytes) -> bool:
    """The same text, or the same sound: encoders differ in their bytes."""
    if path != RECORDING:
        return path.read_bytes() == content
    kept, made = sf.read(path)[0], sf.read(io.BytesIO(content))[0]
    return kept.shape == made.shape and float(np.abs(kept - made).mean()) < 1e-4


def _recording(turns: list[dict[str, Any]]) -> bytes:
    """FLAC of the whole call. Writes `start` and `end` into the turns."""
    rng = np.random.default_rng(SEED)
    spoken = [_turn(turn["speaker"], turn["text"], rng) for turn in turns]
    _lay_out(turns, spoken, rng)
    channels = np.zeros((round((turns[-1]["end"] + TAIL) * RATE), 2))
    for turn, samples in zip(turns, spoken, strict=True):
        begin = round(turn["start"] * RATE)
        channels[begin : begin + len(samples), CHANNEL[turn["speaker"]]] += samples
    line = _telephone(channels, rng)
    out = io.BytesIO()
    sf.write(out, line, RATE, format="FLAC", subtype="PCM_16", compression_level=1.0)
    return out.getvalue()


def _turn(speaker: str, text: str, rng: np.random.Generator) -> Samples:
    """The turn's sentences with short silences between them."""
    parts: list[Samples] = []
    for sentence in re.split(r"(?<=[.?!])\s+", text):
        if parts:
            parts.append(np.zeros(round(rng.uniform(0.35, 0.5) * RATE)))
        parts.append(_sentence(sentence, VOICES[speaker], STRETCH[speaker]))
    return np.concatenate(parts)


def _sentence(text: str, voice: str, stretch: str) -> Samples:
    """One sentence as flite speaks it, at RATE, at an even loudness, without edges of silence."""
    with tempfile.TemporaryDirectory() as folder:
        wav = Path(folder) / "said.wav"
        stretched = ["--setf", f"duration_stretch={stretch}"]
        subprocess.run(
            ["flite", "-voice", voice, *stretched, "-t", text, "-o", str(wav)], check=True
        )
        samples, rate = sf.read(wav)
    samples = soxr.resample(samples, rate, RATE, quality="VHQ")
    loud = np.flatnonzero(np.abs(samples) > 0.01 * np.abs(samples).max())
    samples = samples[loud[0] : loud[-1] + 1]
    return np.asarray(samples * 0.1 / np.sqrt(np.mean(samples**2)))


def _lay_out(turns: list[dict[str, Any]], spoken: list[Samples], rng: np.random.Generator) -> None:
    """Start and end of each turn: a usual gap, or the one that the dialogue asks for."""
    now = LEAD
    for index, (turn, samples) in enumerate(zip(turns, spoken, strict=True)):
        usual = rng.uniform(0.3, 0.6)
        start = now + (turn.get("gap", usual) if index else 0.0)
        turn["start"] = round(start, 2)
        turn["end"] = round(turn["start"] + len(samples) / RATE, 2)
        now = turn["end"]


def _telephone(channels: Samples, rng: np.random.Generator) -> NDArray[np.int16]:
    """Band, line noise and mu-law steps of a telephone line."""
    spectrum = np.fft.rfft(channels, axis=0)
    frequency = np.fft.rfftfreq(len(channels), 1 / RATE)
    low, high = BAND
    gain = np.clip((frequency - low + 100) / 100, 0, 1) * np.clip(
        (high + 100 - frequency) / 100, 0, 1
    )
    banded = np.fft.irfft(spectrum * gain[:, None], len(channels), axis=0)
    banded *= PEAK / np.abs(banded).max(axis=0)
    return _mu_law(banded + rng.normal(0.0, NOISE, banded.shape))


def _mu_law(samples: Samples) -> NDArray[np.int16]:
    """Through the 8 bits of ITU-T G.711 and back."""
    raw = io.BytesIO()
    form = {"samplerate": RATE, "channels": 2, "format": "RAW", "subtype": "ULAW"}
    sf.write(raw, samples, RATE, format="RAW", subtype="ULAW")
    raw.seek(0)
    back, _ = sf.read(raw, dtype="int16", **form)
    return np.asarray(back, dtype=np.int16)


def _written(call: dict[str, Any]) -> str:
    """The dialogue as JSON, one turn a line."""
    turns = ",\n".join(f"    {json.dumps(_ordered(turn))}" for turn in call["turns"])
    parts = [
        f'  "turns": [\n{turns}\n  ]' if key == "turns" else f"  {json.dumps(key)}: {_block(value)}"
        for key, value in call.items()
    ]
    return "{\n" + ",\n".join(parts) + "\n}\n"


def _block(value: Any) -> str:
    if not isinstance(value, dict):
        return json.dumps(value)
    return json.dumps(value) if len(value) < 6 else _lines(value)


def _lines(value: dict[str, Any]) -> str:
    inner = ",\n".join(f"    {json.dumps(key)}: {json.dumps(item)}" for key, item in value.items())
    return "{\n" + inner + "\n  }"


def _ordered(turn: dict[str, Any]) -> dict[str, Any]:
    keys = ("speaker", "gap", "start", "end", "text", "labels", "either")
    return {key: turn[key] for key in keys if key in turn}


if __name__ == "__main__":
    main()
