"""A live call without a device: two recordings, played as devices would give them."""

import queue
import threading
import time
from collections.abc import Iterator
from types import TracebackType
from typing import Self

import numpy as np

from agentassist import events as ev
from agentassist.audio.line import Heard, Tap
from agentassist.audio.loudness import loudness
from agentassist.audio.timeline import BLOCK
from agentassist.speech.base import SAMPLE_RATE, Samples
from agentassist.vocabulary import PARTIES, Party

NOTHING = np.zeros(0, np.float32)


class PlayedSound:
    """Both sides at once, in blocks, then silence until it is hung up."""

    def __init__(
        self, agent: Samples = NOTHING, caller: Samples = NOTHING, speed: float = 1.0
    ) -> None:
        self.taps: list[Tap] = []
        self.blocks_given = 0
        self._sides: dict[Party, Samples] = {"agent": agent, "caller": caller}
        self._speed = speed
        self._queues: dict[Party, queue.SimpleQueue[Heard | None]] = {
            party: queue.SimpleQueue() for party in PARTIES
        }
        self._levels: dict[Party, float] = dict.fromkeys(PARTIES, -120.0)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._play, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.hang_up()
        self._thread.join()

    def blocks(self, party: Party) -> Iterator[Heard]:
        while (item := self._queues[party].get()) is not None:
            yield item

    def hang_up(self) -> None:
        self._over.set()

    def waiting(self) -> float:
        """In seconds of the clock, however fast it is played."""
        blocks = max(each.qsize() for each in self._queues.values())
        return blocks * BLOCK / SAMPLE_RATE / self._speed

    def levels(self) -> dict[Party, float]:
        return self._levels

    def trouble(self, fault: str, mend: str, party: Party | None = None) -> None:
        """A fault that begins now, or, without a mend, is over."""
        at = self.blocks_given * BLOCK / SAMPLE_RATE
        event = ev.TroubleHeard(at, f"It is {fault}.", mend, party, fault)
        self._queues[party or "agent"].put(event)

    def _play(self) -> None:
        began = time.monotonic()
        while not self._over.is_set():
            for party in PARTIES:
                self._give(party, self._block(party))
            self.blocks_given += 1
            due = began + self.blocks_given * BLOCK / SAMPLE_RATE / self._speed
            self._over.wait(max(0.0, due - time.monotonic()))
        for party in PARTIES:
            self._queues[party].put(None)

    def _block(self, party: Party) -> Samples:
        begin = self.blocks_given * BLOCK
        sound = self._sides[party][begin : begin + BLOCK]
        return np.pad(sound, (0, BLOCK - len(sound))).astype(np.float32)

    def _give(self, party: Party, block: Samples) -> None:
        self._levels[party] = loudness(block)
        for tap in self.taps:
            tap(party, block)
        self._queues[party].put(block)
