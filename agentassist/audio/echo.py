"""The caller in the agent's microphone: which blocks of it the far end explains.

A loudspeaker plays the caller, the microphone hears it again, later and coloured by the room.
Where the far end's sound, shifted by that delay, is coherent with nearly all that the
microphone holds, nobody but the caller is heard in it, and the block is left out, so that no
word is written twice. Where the agent speaks too, coherence falls, and the block is kept.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from agentassist.audio import thresholds as t
from agentassist.audio.loudness import loudness
from agentassist.speech.base import SAMPLE_RATE, Samples

_FRAME = 512
_HOP = 128
_TAPER = np.hanning(_FRAME).astype(np.float32)
_LEAST = 1e-12

WINDOW = round(t.ECHO_WINDOW * SAMPLE_RATE)
BEFORE = round(t.ECHO_DELAY * SAMPLE_RATE)
LEAD = round(t.ECHO_LEAD * SAMPLE_RATE)


class Explained(NamedTuple):
    """What the far end explains of a window of the microphone."""

    share: float
    """Of its power, 0 to 1."""
    delay: float
    """Seconds from the far end to the microphone."""
    correlation: float
    """At that delay, 0 to 1."""


NOT_AT_ALL = Explained(0.0, 0.0, 0.0)


def explained(far: Samples, near: Samples) -> Explained:
    """How the far end is found in `near`, WINDOW samples of the microphone.

    `far` is the far end's sound from BEFORE samples before that window to LEAD after it.
    """
    start, correlation = _best_place(far, near)
    share = _coherent_share(far[start : start + len(near)], near)
    return Explained(share, (BEFORE - start) / SAMPLE_RATE, correlation)


def _best_place(far: Samples, near: Samples) -> tuple[int, float]:
    """Where in `far` the sound most like `near` begins, and their normalised correlation."""
    size = 1 << (len(far) + len(near) - 1).bit_length()
    spectrum = np.fft.rfft(far, size) * np.conj(np.fft.rfft(near, size))
    products = np.abs(np.fft.irfft(spectrum, size)[: len(far) - len(near) + 1])
    energy = np.concatenate(([0.0], np.cumsum(np.square(far, dtype=np.float64))))
    both = (energy[len(near) :] - energy[: -len(near)]) * np.sum(np.square(near, dtype=np.float64))
    correlation = products / np.sqrt(np.maximum(both, _LEAST))
    place = int(np.argmax(correlation))
    return place, min(1.0, float(correlation[place]))


def _coherent_share(far: Samples, near: Samples) -> float:
    """Magnitude-squared coherence, weighted with the microphone's power (Welch's estimates)."""
    x, y = _spectra(far), _spectra(near)
    cross = np.abs(np.sum(np.conj(x) * y, axis=0)) ** 2
    power = np.maximum(np.sum(np.abs(x) ** 2, axis=0), _LEAST)
    return float(np.sum(cross / power) / max(np.sum(np.abs(y) ** 2), _LEAST))


def _spectra(samples: Samples) -> NDArray[np.complex128]:
    starts = np.arange(0, len(samples) - _FRAME + 1, _HOP)
    frames = samples[starts[:, None] + np.arange(_FRAME)] * _TAPER
    return np.fft.rfft(frames, axis=1)


class EchoGate:
    """Judges block after block, and remembers the echo's delay once it has found one."""

    def __init__(self) -> None:
        self._delay: float | None = None
        self._echo = 0.0
        self._clear = 0.0
        self._alike = 0.0
        self.there = False
        """The caller's echo is in the microphone."""
        self.alike = False
        """The two channels hold the same."""

    def is_echo(self, far: Samples, near: Samples, block: Samples) -> bool:
        """Whether `block`, part of `near`, is nothing but the far end. Windows as `explained`'s."""
        if loudness(far) < t.QUIET or loudness(block) < t.NOTHING:
            return False
        found = explained(far, near)
        self._compare(found, far, near)
        known = self._delay is not None and abs(found.delay - self._delay) <= t.ECHO_DRIFT
        echo = found.share >= (t.ECHO_KNOWN if known else t.ECHO_FIRST)
        if echo:
            self._delay, self._clear = found.delay, 0.0
            self._echo = min(t.ALIKE_SECONDS, self._echo + 0.1)
        else:
            self._clear += 0.1
        # What may yet turn out to be one device captured twice is not called an echo.
        self.there |= self._echo >= t.ECHO_SECONDS and self._alike < self._echo / 2
        if self._clear >= t.CLEAR_AGAIN:
            self._delay, self._echo, self.there = None, 0.0, False
        return echo

    def _compare(self, found: Explained, far: Samples, near: Samples) -> None:
        """Whether the channels are one: as loud as each other, and the same to the sample."""
        start = BEFORE - round(found.delay * SAMPLE_RATE)
        apart = abs(loudness(far[start : start + len(near)]) - loudness(near))
        if found.correlation >= t.ALIKE and apart <= t.ALIKE_LEVEL:
            self._alike = min(t.ALIKE_SECONDS, self._alike + 0.1)
        else:
            self._alike = max(0.0, self._alike - 0.2)
        self.alike = self._alike >= t.ALIKE_SECONDS - 0.05 or (self.alike and self._alike > 0.0)
