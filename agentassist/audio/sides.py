"""Both sides of a live call: sound as it arrives -> blocks in call time, and what is wrong.

Pure but for the resampler: arrivals, devices' states and the time are handed in, in order, so
that a whole call with all its faults can be played to it without a device. The two sides are
never mixed; the far end is only compared with the microphone.
"""

from collections import deque
from collections.abc import Iterator
from typing import NamedTuple, TypeAlias

import numpy as np

from agentassist import events as ev
from agentassist.audio import echo
from agentassist.audio import thresholds as t
from agentassist.audio.detectors import Clipping, Nothing, Rate, is_clipped
from agentassist.audio.faults import Faults, Kind
from agentassist.audio.loudness import SILENCE, loudness
from agentassist.audio.timeline import BLOCK, Timeline
from agentassist.speech.base import SAMPLE_RATE, Samples
from agentassist.vocabulary import PARTIES, Party


class Block(NamedTuple):
    """0.1 s of one party: as it was heard, and as it goes to the recogniser."""

    party: Party
    heard: Samples
    spoken: Samples
    """Silence in place of what is only echo."""


Item: TypeAlias = Block | ev.TroubleHeard

_BROKEN: tuple[Kind, ...] = ("gone", "moved", "stopped", "muted")
"""Faults that explain why nothing comes."""

_HISTORY = 20
"""Blocks of a party that are kept to compare."""


class _Side:
    """What is known of one party's channel."""

    def __init__(self) -> None:
        self.timeline = Timeline()
        self.nothing = Nothing()
        self.clipping = Clipping()
        self.rate: Rate | None = None
        self.resampler: _Resampler | None = None
        self.level = SILENCE
        self.waiting: deque[Samples] = deque()
        """Blocks laid out and not judged yet."""
        self.judged = 0
        """Blocks given away."""
        self.before: deque[Samples] = deque(maxlen=_HISTORY)

    @property
    def laid_out(self) -> int:
        """Blocks there are so far."""
        return self.judged + len(self.waiting)

    def window(self, start: int, length: int) -> Samples:
        """Sound from sample `start` of the call, silence where there is none (any more, yet)."""
        known = [*self.before, *self.waiting]
        sound = np.concatenate(known) if known else np.zeros(0, np.float32)
        offset = (self.judged - len(self.before)) * BLOCK
        wanted = np.zeros(length, np.float32)
        low, high = max(start, offset), min(start + length, offset + len(sound))
        if low < high:
            wanted[low - start : high - start] = sound[low - offset : high - offset]
        return wanted


class TwoSides:
    """Takes what devices give, gives blocks and troubles. Times are call seconds."""

    def __init__(self, faults: Faults) -> None:
        self._faults = faults
        self._sides: dict[Party, _Side] = {party: _Side() for party in PARTIES}
        self._gate = echo.EchoGate()
        self._clipped: dict[Party, bool] = dict.fromkeys(PARTIES, False)

    def level(self, party: Party) -> float:
        """The last block's loudness in decibels of full scale."""
        return self._sides[party].level

    def opened(self, party: Party, rate: float) -> None:
        """A device was opened that says it gives `rate` samples a second."""
        side = self._sides[party]
        side.rate, side.resampler = Rate(rate), _Resampler(rate)

    def heard(self, party: Party, samples: Samples, at: float) -> Iterator[Item]:
        """Mono samples of an opened device, the last of which arrived at `at`."""
        side = self._sides[party]
        assert side.rate is not None
        assert side.resampler is not None
        said = side.rate.said
        if (given := side.rate.take(len(samples), at)) is not None:
            side.resampler = _Resampler(given)
            yield from self._faults.over("rate", at, party)
            yield from self._faults.began("rate", at, party, said=said, given=given)
        self._clipped[party] |= is_clipped(samples)
        side.timeline.heard(side.resampler.take(samples), at)

    def passed(self, now: float) -> Iterator[Item]:
        """Call second `now` has come: what both parties' recognisers are to hear until then."""
        for side in self._sides.values():
            side.timeline.passed(now)
            side.waiting.extend(side.timeline.blocks())
        yield from self._judged(finish=False)

    def finished(self, now: float) -> Iterator[Item]:
        """The rest, of a call that ends at `now`."""
        for side in self._sides.values():
            side.waiting.extend(side.timeline.finished(now))
        yield from self._judged(finish=True)

    def _judged(self, *, finish: bool) -> Iterator[Item]:
        # The microphone first: it is compared with what the far end still holds.
        near, far = self._sides["agent"], self._sides["caller"]
        while near.waiting and (finish or self._can_judge(near, far)):
            yield from self._give("agent", silenced=self._is_echo(near, far))
            yield from self._told_echo(near.judged * BLOCK / SAMPLE_RATE)
        while far.waiting and (finish or far.judged < near.judged + _HISTORY // 2):
            yield from self._give("caller", silenced=False)

    def _can_judge(self, near: _Side, far: _Side) -> bool:
        """Whether it is known by now if the next block is an echo."""
        if loudness(near.waiting[0]) < t.QUIET - 20.0:
            return True
        end = (near.judged + 1) * BLOCK
        if loudness(far.window(end - BLOCK - echo.BEFORE, BLOCK + echo.BEFORE)) < t.QUIET:
            return True
        behind = round(t.ECHO_AHEAD * SAMPLE_RATE)
        enough_near = near.laid_out * BLOCK >= end + behind
        return enough_near and far.laid_out * BLOCK >= end + behind + echo.LEAD

    def _is_echo(self, near: _Side, far: _Side) -> bool:
        block = near.waiting[0]
        if loudness(block) < t.QUIET - 20.0:
            return False
        start = (near.judged + 1) * BLOCK + round(t.ECHO_AHEAD * SAMPLE_RATE) - echo.WINDOW
        heard = near.window(start, echo.WINDOW)
        there = far.window(start - echo.BEFORE, echo.BEFORE + echo.WINDOW + echo.LEAD)
        return self._gate.is_echo(there, heard, block)

    def _give(self, party: Party, *, silenced: bool) -> Iterator[Item]:
        side = self._sides[party]
        block = side.waiting.popleft()
        side.before.append(block)
        side.judged += 1
        side.level = loudness(block)
        at = side.judged * BLOCK / SAMPLE_RATE
        yield Block(party, block, np.zeros_like(block) if silenced else block)
        yield from self._told_own(party, side, block, at)

    def _told_own(self, party: Party, side: _Side, block: Samples, at: float) -> Iterator[Item]:
        """The faults that a channel's own sound tells."""
        clipped, self._clipped[party] = self._clipped[party], False
        if side.clipping.take(block, clipped=clipped):
            yield from self._faults.began("clipping", at, party)
        else:
            yield from self._faults.over("clipping", at, party)
        explained = self._faults.there("server") or any(
            self._faults.there(kind, party) for kind in _BROKEN
        )
        if explained:
            return
        if side.nothing.take(block):
            seconds = side.nothing.seconds
            yield from self._faults.began("nothing", at, party, seconds=seconds)
        else:
            yield from self._faults.over("nothing", at, party)

    def _told_echo(self, at: float) -> Iterator[Item]:
        if self._gate.alike:
            yield from self._faults.began("alike", at)
        else:
            yield from self._faults.over("alike", at)
        if self._gate.there and not self._gate.alike:
            yield from self._faults.began("echo", at, "agent")
        elif not self._gate.there:
            yield from self._faults.over("echo", at, "agent")


class _Resampler:
    """From a device's rate to SAMPLE_RATE; floats may hold anything, not-a-number included."""

    def __init__(self, rate: float) -> None:
        import soxr

        self._stream = soxr.ResampleStream(rate, SAMPLE_RATE, 1, dtype="float32")

    def take(self, samples: Samples) -> Samples:
        sound = np.clip(np.nan_to_num(samples, nan=0.0), -1.0, 1.0).astype(np.float32, copy=False)
        resampled: Samples = self._stream.resample_chunk(sound)
        return resampled
