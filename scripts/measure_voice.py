"""What raised voices do to the temperature of a call, and what measuring them costs.

Each speaker's utterances are one call, with a second of silence between them; its second half is
as it was, or raised: so many semitones higher and as much faster (by resampling), and louder. Each
is heard by the real engine, as it is and over a telephone line, with and without a gain control.

    python scripts/measure_voice.py --utterances ../shared/speech
"""

import argparse
import itertools
import statistics
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import soundfile
import soxr
from telephone import telephone

from agentassist import events as ev
from agentassist.arousal import thresholds
from agentassist.listening import Listener
from agentassist.meters import Measures
from agentassist.speech import prosody
from agentassist.speech.base import SAMPLE_RATE, Engine, Samples
from agentassist.speech.engines import load_engine

BLOCK = SAMPLE_RATE // 10
GAP = np.zeros(SAMPLE_RATE, np.float32)
WARM = 0.33
"""Where the screen says "warm": see `tui.wording`."""


class Variant(NamedTuple):
    """What becomes of a call's second half: semitones up, times louder; and of its whole sound."""

    name: str
    semitones: float = 0.0
    gain: float = 1.0
    line: bool = False
    levelled: bool = False
    from_start: bool = False
    """The first half as well: a person who is always so."""


VARIANTS = (
    Variant("calm"),
    Variant("microphone turned up 10 dB", gain=3.16),
    Variant("always raised: 4 semitones, 10 dB", 4.0, 3.16, from_start=True),
    Variant("raised: 4 semitones, 10 dB", 4.0, 3.16),
    Variant("raised a little: 3 semitones, 6 dB", 3.0, 2.0),
    Variant("raised, over a telephone line", 4.0, 3.16, line=True),
    Variant("raised, line with gain control", 4.0, 3.16, line=True, levelled=True),
)


def raised(samples: Samples, semitones: float, gain: float) -> Samples:
    """Higher and faster by resampling, and louder; what would clip is held down."""
    if semitones:
        samples = soxr.resample(samples, SAMPLE_RATE, SAMPLE_RATE / 2 ** (semitones / 12))
    return np.asarray(np.clip(samples * gain, -1.0, 1.0), np.float32)


def levelled(samples: Samples, wanted: float = 0.1) -> Samples:
    """As a gain control makes it, that takes about a second: root mean square as wanted."""
    power, out = 1e-3, []
    for place in range(0, len(samples), 160):
        block = samples[place : place + 160]
        now = float(np.mean(np.square(block)))
        power += (now - power) * 0.01 if now > 1e-6 else 0.0
        out.append(np.clip(block * min(wanted / power**0.5, 30.0), -1.0, 1.0))
    return np.concatenate(out)


def call(utterances: list[Samples], variant: Variant) -> Samples:
    """One speaker's side of a call."""
    half = 0 if variant.from_start else len(utterances) // 2
    said = [
        raised(each, variant.semitones, variant.gain) if place >= half else each
        for place, each in enumerate(utterances)
    ]
    sound = np.concatenate([piece for each in said for piece in (each * 0.3, GAP)])
    sound = telephone(sound) if variant.line else sound
    return levelled(sound) if variant.levelled else sound


def heard(engine: Engine, sound: Samples) -> Iterator[ev.Heard]:
    """What is heard of the caller, with the marks of the clock."""
    listener, mark = Listener("caller", engine, tentative=False, voice=True), 1.0
    for place in range(0, len(sound), BLOCK):
        for event in listener.take(sound[place : place + BLOCK]):
            if not isinstance(event, ev.WordsTentative):
                yield event
        while mark <= listener.at:
            yield ev.ClockMark(mark)
            mark += 1.0
    for event in listener.finish():
        if not isinstance(event, ev.WordsTentative):
            yield event
    yield ev.CallEnded(listener.at)


def temperatures(engine: Engine, sound: Samples) -> list[float]:
    """Every reading of it."""
    stage = Measures()
    events = (out for event in heard(engine, sound) for out in stage.feed(event))
    return [event.meters.temperature for event in events if isinstance(event, ev.MetersRead)]


def cost(utterances: list[Samples]) -> tuple[float, float]:
    """Per cent of a core for one who talks all the time; the longest wait in milliseconds."""
    before, longest = time.process_time(), 0.0
    for each in utterances:
        began = time.perf_counter()
        prosody.measured(each)
        longest = max(longest, time.perf_counter() - began)
    seconds = sum(map(len, utterances)) / SAMPLE_RATE
    return (time.process_time() - before) / seconds * 100, longest * 1000


def speakers(folder: Path, count: int) -> dict[str, list[Samples]]:
    files = sorted(folder.glob("*.flac"))
    grouped = itertools.groupby(files, key=lambda file: file.name.split("-")[0])
    read = ((name, [soundfile.read(f, dtype="float32")[0] for f in own]) for name, own in grouped)
    return dict(itertools.islice(read, count))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--utterances", type=Path, required=True, help="folder of FLAC, 16 kHz")
    parser.add_argument("--speakers", type=int, default=10)
    told = parser.parse_args()
    voices = speakers(told.utterances, told.speakers)
    every = [each for own in voices.values() for each in own]
    prosody.measured(every[0])
    core, wait = cost([each[: 11 * SAMPLE_RATE] for each in every])
    print(f"one who talks all the time: {core:.2f} % of a core; longest {wait:.0f} ms")
    print(
        f"{len(voices)} speakers; ceiling {thresholds().ceiling.call}; without voices all are 0.0"
    )
    engine = load_engine()
    for variant in VARIANTS:
        hottest = [
            max(temperatures(engine, call(own, variant)), default=0.0) for own in voices.values()
        ]
        warm = sum(each >= WARM for each in hottest)
        each = " ".join(f"{value:.2f}" for value in sorted(hottest))
        print(f"{variant.name}: middle {statistics.median(hottest):.2f}, warm {warm}: {each}")
    engine.close()


if __name__ == "__main__":
    main()
