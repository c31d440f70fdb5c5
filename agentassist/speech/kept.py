"""The end of one party's sound, kept for as long as it may be listened to again."""

from collections import deque
from collections.abc import Iterator

import numpy as np

from agentassist.speech.base import SAMPLE_RATE, Samples


class Kept:
    """Blocks of one channel, from `since` to what was heard last; seconds are the call's."""

    def __init__(self) -> None:
        self._blocks: deque[Samples] = deque()
        self._length = 0
        self._heard = 0

    @property
    def since(self) -> float:
        """The call second at which the kept sound begins."""
        return (self._heard - self._length) / SAMPLE_RATE

    def __iter__(self) -> Iterator[Samples]:
        return iter(tuple(self._blocks))

    def add(self, block: Samples) -> None:
        self._blocks.append(block)
        self._length += len(block)
        self._heard += len(block)

    def forget(self, before: float) -> None:
        """Drops the blocks that were over by then."""
        while self._blocks and self.since + len(self._blocks[0]) / SAMPLE_RATE <= before:
            self._length -= len(self._blocks.popleft())

    def clear(self) -> None:
        self._blocks.clear()
        self._length = 0

    def between(self, start: float, end: float) -> Samples:
        """What is kept of the sound from `start` to `end`."""
        oldest = self._heard - self._length
        first, last = (max(0, round(second * SAMPLE_RATE) - oldest) for second in (start, end))
        pieces, place = [np.zeros(0, np.float32)], 0
        for block in self._blocks:
            pieces.append(block[max(0, first - place) : max(0, last - place)])
            place += len(block)
        return np.concatenate(pieces)
