"""What one channel's own sound tells of its faults: pure, block by block, no device and no clock.

Each detector holds its state and says after every block whether the fault is there.
"""

from collections import deque

import numpy as np

from agentassist.audio import thresholds as t
from agentassist.audio.loudness import loudness, peak
from agentassist.speech.base import Samples

_BLOCK = 0.1
"""Seconds of the blocks that detectors are given."""


class Nothing:
    """A channel that is open and gives nothing at all: muted in hardware, or the wrong one."""

    def __init__(self) -> None:
        self._blocks = 0
        self._heard_before = False

    @property
    def seconds(self) -> float:
        """Nothing for so long."""
        return self._blocks * _BLOCK

    def take(self, block: Samples) -> bool:
        if peak(block) > t.NOTHING:
            self._blocks, self._heard_before = 0, True
            return False
        self._blocks += 1
        longest = t.NOTHING_SINCE if self._heard_before else t.NOTHING_AT_FIRST
        return self._blocks >= round(longest / _BLOCK)


class Clipping:
    """Peaks cut off at full scale, over and over."""

    def __init__(self) -> None:
        self._recent: deque[bool] = deque(maxlen=round(t.CLIPPED_WITHIN / _BLOCK))
        self._clear = 0.0
        self._there = False

    def take(self, block: Samples, *, clipped: bool) -> bool:
        """`clipped` tells of the sound as the device gave it: resampling rounds the peaks."""
        self._recent.append(clipped)
        if clipped:
            self._clear = 0.0
        elif loudness(block) > t.QUIET:
            self._clear += _BLOCK
        if sum(self._recent) >= round(t.CLIPPED_SECONDS / _BLOCK):
            self._there = True
        elif self._clear >= t.CLEAR_AGAIN:
            self._there = False
        return self._there


def is_clipped(samples: Samples) -> bool:
    """Whether CLIPPED_RUN samples in a row lie at full scale, on the same side."""
    for side in (samples, -samples):
        full = (side >= t.CLIPPED).astype(np.int8)
        if np.convolve(full, np.ones(t.CLIPPED_RUN, np.int8)).max(initial=0) >= t.CLIPPED_RUN:
            return True
    return False


class Rate:
    """Counts a device's samples against the wall clock: some say 48,000 and give 44,100."""

    def __init__(self, said: float) -> None:
        self.said = said
        self._since: float | None = None
        self._last = 0.0
        self._frames = 0
        self._suspected: float | None = None

    def take(self, frames: int, at: float) -> float | None:
        """Frames that arrived at second `at`; the true rate, each time that the said one is a lie.

        The answer is in samples a second, one that sound cards have where it is near to one.
        """
        if self._since is None or at - self._last > t.RATE_PAUSE:
            self._since, self._frames, self._suspected = at, 0, None
            self._last = at
            return None
        self._last = at
        self._frames += frames
        passed = at - self._since
        if passed < t.RATE_WINDOW:
            return None
        given, off = self._frames / passed, abs(self._frames - passed * self.said)
        lies = off > (t.RATE_SLACK + t.RATE_SHARE * passed) * self.said
        before, self._suspected = self._suspected, given if lies else None
        self._since, self._frames = at, 0
        if not lies or before is None or abs(before / given - 1.0) > t.RATE_SHARE:
            return None
        self._suspected = None
        self.said = usual_rate((given + before) / 2.0)
        return self.said


_USUAL = (8_000, 11_025, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 88_200, 96_000, 192_000)


def usual_rate(measured: float) -> float:
    """The rate of sound cards that was meant, or what was measured where none is near."""
    nearest = min(_USUAL, key=lambda rate: abs(rate - measured))
    return float(nearest) if abs(nearest / measured - 1.0) <= t.RATE_SHARE else measured
