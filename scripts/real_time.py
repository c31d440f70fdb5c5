"""A recorded call that comes as a live one does: in real time, whether or not it is taken."""

import threading
import time
from collections.abc import Iterator, Mapping

from agentassist.speech.base import SAMPLE_RATE, Samples
from agentassist.vocabulary import PARTIES, Party

BLOCK = SAMPLE_RATE // 10


class RealTime:
    """What `hearing.TwoParties` and `hearing.Live` ask for. To be played once."""

    def __init__(self, tracks: Mapping[Party, Samples]) -> None:
        """A track for each party, both alike long, at SAMPLE_RATE."""
        self._tracks = tracks
        self._blocks = max(len(track) for track in tracks.values()) // BLOCK
        self._taken: dict[Party, int] = dict.fromkeys(PARTIES, 0)
        self._lock = threading.Lock()
        self._began: float | None = None

    @property
    def now(self) -> float:
        """Call seconds as of now, by the clock alone; 0 before the first block was asked for."""
        with self._lock:
            return 0.0 if self._began is None else time.monotonic() - self._began

    def blocks(self, party: Party) -> Iterator[Samples]:
        """Each block no sooner than its last sample was spoken."""
        with self._lock:
            self._began = self._began or time.monotonic()
        for count in range(self._blocks):
            time.sleep(max(0.0, (count + 1) * BLOCK / SAMPLE_RATE - self.now))
            self._taken[party] = count + 1
            yield self._tracks[party][count * BLOCK : (count + 1) * BLOCK]

    def waiting(self) -> float:
        come = min(self.now, self._blocks * BLOCK / SAMPLE_RATE)
        return max(0.0, come - min(self._taken.values()) * BLOCK / SAMPLE_RATE)
