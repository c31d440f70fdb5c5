"""Sounds for tests, and the way a recogniser listens to them."""

from collections.abc import Iterable, Iterator

import numpy as np

from agentassist import events as ev
from agentassist.speech.base import SAMPLE_RATE, Recogniser, Samples, SpeechEvent


def blocks(samples: Samples, seconds: float = 0.1) -> Iterator[Samples]:
    size = round(seconds * SAMPLE_RATE)
    return (samples[place : place + size] for place in range(0, len(samples), size))


def listen(recogniser: Recogniser, samples: Samples, seconds: float = 0.1) -> list[SpeechEvent]:
    found: list[SpeechEvent] = []
    for block in blocks(samples, seconds):
        recogniser.accept(block)
        found += recogniser
    recogniser.finish()
    return [*found, *recogniser]


def text(events: Iterable[SpeechEvent]) -> str:
    return " ".join(event.text for event in events if isinstance(event, ev.WordsHeard))


def ring_tone(hertz: tuple[float, float], on: float, off: float, seconds: float) -> Samples:
    now = np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    tone = sum(np.sin(2 * np.pi * each * now) for each in hertz) * 0.15
    return np.where(now % (on + off) < on, tone, 0.0).astype(np.float32)


def noise(loudness: float, seconds: float, *, slope: float = 0.0) -> Samples:
    """White noise, or darker with a slope."""
    rng = np.random.default_rng(7)
    spectrum = np.fft.rfft(rng.normal(size=round(seconds * SAMPLE_RATE)))
    spectrum[1:] /= np.arange(1, len(spectrum)) ** slope
    sound = np.fft.irfft(spectrum)
    return (sound * loudness / sound.std()).astype(np.float32)


def loud_is_speech(chunk: Samples) -> float:
    return 1.0 if float(np.abs(chunk).mean()) > 0.1 else 0.0


def spoken(*lengths: float) -> Samples:
    """Speech of these lengths in seconds, a second of silence after each."""
    pieces = [
        np.full(round(length * SAMPLE_RATE), level, np.float32)
        for speech in lengths
        for length, level in ((speech, 0.5), (1.0, 0.0))
    ]
    return np.concatenate(pieces)
