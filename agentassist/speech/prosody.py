"""How a party speaks, not what: loudness and pitch of each stretch of words.

The pitch comes from SwiftF0 (Nieradzik 2025, arXiv 2508.18440), on sound that is kept until its
words are told. It finds the same pitch in a telephone's band as in the whole sound, though the
band leaves out the lowest tone. Where there is no ONNX Runtime there is loudness alone.
"""

from functools import cache
from typing import Any, NamedTuple

import numpy as np

from agentassist import events as ev
from agentassist.audio.loudness import loudness
from agentassist.onnx import runtime
from agentassist.speech.base import SAMPLE_RATE, Samples
from agentassist.speech.kept import Kept
from agentassist.vocabulary import Party

LEAST = 1.0
"""Seconds of a stretch: the pitch of a single word tells its tune, not the voice."""

TOGETHER = 1.0
"""Seconds between words that are one stretch still: an engine may commit them one by one."""

KEPT = 30.0
"""Seconds of sound that are kept behind the watermark: longer than what an engine holds back."""

_LOWEST, _HIGHEST = 65.0, 600.0
"""Hertz: from a deep voice to one that is raised to a scream."""
_VOICED = 0.5
"""Confidence of a voiced frame, as the library sets it."""
_ENOUGH = 0.3
"""Seconds of voiced sound in which a pitch means anything."""
_NOTHING = -70.0
"""Decibels of full scale below which no voice is: a line that is cut off, or a test."""
_FRAME = 256
"""Samples of the library's frames."""


class Voice(NamedTuple):
    """Loudness in decibels of full scale; the middle pitch in hertz, None where no voice was."""

    loudness: float
    pitch: float | None


class Prosody:
    """One party's voice: takes the sound, and answers words with how they were said."""

    def __init__(self, party: Party) -> None:
        self._party: Party = party
        self._kept = Kept()
        self._start: float | None = None
        """Where words begin that are too short by themselves."""
        self._end = 0.0
        detector()

    def accept(self, block: Samples, needed: float) -> None:
        """Sound; no words that end before call second `needed` will come any more."""
        self._kept.add(block)
        self._kept.forget(needed - KEPT)

    def heard(self, words: ev.WordsHeard) -> ev.VoiceHeard | None:
        """The voice of these words, with those before that were too short to tell."""
        goes_on = self._start is not None and words.start - self._end <= TOGETHER
        start = self._start if goes_on and self._start is not None else words.start
        self._start, self._end = start, words.end
        if words.end - start < LEAST:
            return None
        self._start = None
        voice = measured(self._kept.between(start, words.end))
        if voice is None:
            return None
        return ev.VoiceHeard(
            words.at, self._party, start, words.end, round(voice.loudness, 1), _tenths(voice.pitch)
        )


def _tenths(hertz: float | None) -> float | None:
    return None if hertz is None else round(hertz, 1)


def measured(samples: Samples) -> Voice | None:
    """The voice in the sound; None in silence. Voiced frames alone count, where there are any."""
    level = loudness(samples)
    if level < _NOTHING or len(samples) < _FRAME:
        return None
    if (found := detector()) is None:
        return Voice(level, None)
    frames = found.detect(samples, SAMPLE_RATE, _LOWEST, _HIGHEST)
    voiced = frames.confidence >= _VOICED
    if np.count_nonzero(voiced) * _FRAME / SAMPLE_RATE < _ENOUGH:
        return Voice(level, None)
    sound = samples[: len(voiced) * _FRAME].reshape(-1, _FRAME)[voiced]
    return Voice(loudness(sound), float(np.median(frames.pitch_hz[voiced])))


@cache
def detector() -> Any:
    """SwiftF0, on the thread that asks; None where it can't be had."""
    try:
        runtime()
        from swift_f0 import SwiftF0
    except ImportError:
        return None
    return SwiftF0(threads=1, spin=False)
