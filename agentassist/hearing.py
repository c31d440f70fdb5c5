"""Both parties' audio -> one stream of heard events, in order of call time.

Each party is recognised in a thread of its own and never mixed with the other. Events are
merged by watermark: one is let through once the other party can't say anything earlier any
more, so the same recording gives the same events however the threads run. Troubles of a live
call don't wait for that.
"""

import heapq
import math
import queue
import threading
import time
from collections.abc import Iterator
from types import TracebackType
from typing import NamedTuple, Protocol, Self, TypeAlias, runtime_checkable

from msgspec.structs import replace

from agentassist import events as ev
from agentassist.listening import Listener, Told
from agentassist.pace import Pace
from agentassist.playback import Playback
from agentassist.speech.base import Engine, Samples
from agentassist.vocabulary import PARTIES, Party

MARK = 1.0
"""Seconds between clock marks."""


class TwoParties(Protocol):
    """Audio with a channel for each party: a recording, or two devices."""

    def blocks(self, party: Party) -> Iterator[Samples | ev.TroubleHeard]:
        """Sound without a gap from call second 0 on, and between it what is wrong with a device.

        It ends with the recording, or when the call is hung up.
        """
        ...


@runtime_checkable
class Live(Protocol):
    """Audio that comes when it comes, and waits for its hearers."""

    def waiting(self) -> float:
        """Seconds of sound that have come and that a party's hearer has not taken yet."""
        ...


class _Batch(NamedTuple):
    """What one party's thread has to say; `until` is its watermark."""

    party: Party
    events: list[Told]
    until: float
    heard: float
    came: float
    """By the monotonic clock."""


Merged: TypeAlias = ev.Heard | ev.WordsTentative


class Hearing:
    """A source of events for a session; a context manager, since it owns threads."""

    def __init__(
        self,
        started: ev.CallStarted,
        audio: TwoParties,
        engine: Engine,
        playback: Playback | None = None,
        *,
        tentative: bool = True,
    ) -> None:
        self._started = started
        self._audio = audio
        self._live = audio if isinstance(audio, Live) else None
        self._playback = playback
        self._inbox: queue.Queue[_Batch] = queue.Queue()
        self._stopping = threading.Event()
        self.pace = Pace()
        """Of a live call; a recording waits for the coach."""
        # One after another: engines may not be made in parallel.
        listeners = [
            Listener(party, engine, tentative=tentative, voice=party in started.voices)
            for party in PARTIES
        ]
        self._threads = [
            threading.Thread(
                target=self._listen, args=(each,), name=f"hear-{each.party}", daemon=True
            )
            for each in listeners
        ]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stopping.set()
        if self._playback:
            self._playback.close()
        for thread in self._threads:
            thread.join(timeout=10.0)

    def __iter__(self) -> Iterator[Merged]:
        yield self._started
        merge = _Merge()
        while not merge.finished:
            batch = self._inbox.get()
            waited = time.monotonic() - batch.came
            for event in merge.take(batch):
                if not (self.pace.is_late and isinstance(event, ev.WordsTentative)):
                    yield event
            yield from self._paced(waited + merge.behind, merge.now)
        yield ev.CallEnded(merge.heard)

    def _paced(self, behind: float, at: float) -> Iterator[ev.TroubleHeard]:
        """What there is to tell of being behind by so much, besides sound not taken yet."""
        if self._live and (told := self.pace.measured(behind + self._live.waiting(), at)):
            yield told

    def _listen(self, listener: Listener) -> None:
        """One party's thread: audio in, batches out, the last words always."""
        party = listener.party
        try:
            for block in self._audio.blocks(party):
                if isinstance(block, ev.TroubleHeard):
                    self._put(listener, [block])
                    continue
                if self._stopping.is_set() or not self._may_hear(listener.at_after(block)):
                    break
                self._put(listener, listener.take(block))
            self._put(listener, listener.finish(), last=True)
        except Exception as error:  # noqa: BLE001 - the other party is still heard
            lost = _lost(party, listener.at, error)
            self._put(listener, [*listener.finish(), lost], last=True)

    def _put(self, listener: Listener, events: list[Told], *, last: bool = False) -> None:
        until = math.inf if last else listener.heard_until
        self._inbox.put(_Batch(listener.party, events, until, listener.at, time.monotonic()))

    def _may_hear(self, at: float) -> bool:
        return self._playback is None or self._playback.wait_to_hear(at)


def _lost(party: Party, at: float, error: Exception) -> ev.TroubleHeard:
    return ev.TroubleHeard(
        at,
        what=f"The {party} can't be heard any more ({type(error).__name__}).",
        mend="The other side goes on. Run `agentassist doctor` after the call.",
        party=party,
    )


class _Merge:
    """Holds events back until no party can say anything earlier."""

    def __init__(self) -> None:
        self._waiting: list[tuple[float, int, int, Merged]] = []
        self._until: dict[Party, float] = dict.fromkeys(PARTIES, 0.0)
        self._untold: dict[Party, float] = dict.fromkeys(PARTIES, 0.0)
        self._count = 0
        self.now = 0.0
        self.heard = 0.0

    @property
    def finished(self) -> bool:
        return not self._waiting and min(self._until.values()) == math.inf

    @property
    def behind(self) -> float:
        """Seconds of sound that a party's recogniser has heard and not told the words of yet."""
        return max(0.0, *self._untold.values())

    def take(self, batch: _Batch) -> Iterator[Merged]:
        self._until[batch.party] = batch.until
        self._untold[batch.party] = batch.heard - batch.until
        self.heard = max(self.heard, batch.heard, self.now)
        for event in batch.events:
            if isinstance(event, ev.WordsTentative):
                yield event
            elif isinstance(event, ev.TroubleHeard) and not self.finished:
                # Told at once, though a party may still be at words that were said before.
                yield replace(event, at=self.now)
            else:
                self._count += 1
                rank = PARTIES.index(batch.party)
                heapq.heappush(self._waiting, (event.at, rank, self._count, event))
        yield from self._released()

    def _released(self) -> Iterator[Merged]:
        until = min(self._until.values())
        while self._waiting and self._waiting[0][0] < until:
            at, _, _, event = heapq.heappop(self._waiting)
            yield from self._marks(at)
            self.now = max(self.now, at)
            yield event
        yield from self._marks(self.heard if until == math.inf else until)

    def _marks(self, until: float) -> Iterator[ev.ClockMark]:
        """The clock marks up to there; all of them before what happens then."""
        while (mark := (self.now // MARK + 1) * MARK) <= until:
            self.now = mark
            yield ev.ClockMark(mark)
