"""One party's sound laid out in call time: no gaps, no overlaps, silence where nothing came.

Pure: arrivals and the time are handed in. Sound follows the wall clock, since the other
party's does too; it is shifted only in the quiet, so that no word is cut or stretched.
"""

import numpy as np

from agentassist.audio import thresholds as t
from agentassist.audio.loudness import loudness
from agentassist.speech.base import SAMPLE_RATE, Samples

BLOCK = SAMPLE_RATE // 10
"""Samples of one block: 0.1 s."""


def _samples(seconds: float) -> int:
    return round(seconds * SAMPLE_RATE)


class Timeline:
    """Takes sound as it arrives, gives blocks of 0.1 s from call second 0 on."""

    def __init__(self) -> None:
        self._pieces: list[Samples] = []
        self._held = 0
        self._given = 0
        self._last = 0.0
        self._broken = True
        """Nothing came for a while: what comes next belongs to the time at which it comes."""

    @property
    def end(self) -> float:
        """Call seconds up to which sound is laid out, given away or not."""
        return (self._given + self._held) / SAMPLE_RATE

    def heard(self, samples: Samples, at: float) -> None:
        """Sound whose last sample arrived at call second `at`."""
        late = _samples(at) - (self._given + self._held + len(samples))
        quiet = loudness(samples) < t.QUIET
        if self._broken or late > _samples(t.LOST) or (quiet and late > _samples(t.SLACK)):
            self._append(np.zeros(max(0, late), np.float32))
        elif late < -_samples(t.AHEAD):
            samples = samples[:0]
        elif quiet and late < -_samples(t.SLACK):
            samples = samples[min(len(samples), -late) :]
        self._append(samples)
        self._last, self._broken = at, False

    def passed(self, now: float) -> None:
        """Call second `now` has come: silence is put in where sound is overdue."""
        if now - self._last > t.LATE:
            self._broken = True
            self._append(np.zeros(max(0, _samples(now - t.LATE) - _samples(self.end)), np.float32))

    def blocks(self) -> list[Samples]:
        """The whole blocks that are there."""
        held = np.concatenate(self._pieces) if self._pieces else np.zeros(0, np.float32)
        whole = len(held) // BLOCK
        self._pieces, self._held = [held[whole * BLOCK :]], len(held) - whole * BLOCK
        self._given += whole * BLOCK
        return [held[place * BLOCK : (place + 1) * BLOCK] for place in range(whole)]

    def finished(self, now: float) -> list[Samples]:
        """The last blocks of a call that ends at `now`, the very last filled up with silence."""
        self._append(np.zeros(max(0, _samples(now - self.end)), np.float32))
        self._append(np.zeros(-self._held % BLOCK, np.float32))
        return self.blocks()

    def _append(self, samples: Samples) -> None:
        self._pieces.append(samples)
        self._held += len(samples)
