"""Both devices, open from before a call to its end: waiting costs no first word.

While no call is on the sound is listened to for its loudness and for a voice at the far end,
and forgotten at once. The call then goes on with the very next block.
"""

import threading
from collections import deque
from collections.abc import Callable, Iterator
from itertools import chain
from types import TracebackType
from typing import Protocol, Self, TypeAlias

from msgspec.structs import replace

from agentassist import events as ev
from agentassist.audio.far_voice import FarVoice
from agentassist.audio.standing import LATER, Standing
from agentassist.audio.timeline import BLOCK
from agentassist.speech.base import SAMPLE_RATE, Samples
from agentassist.vocabulary import PARTIES, Party

Heard: TypeAlias = Samples | ev.TroubleHeard
Tap: TypeAlias = Callable[[Party, Samples], None]

_BLOCK = BLOCK / SAMPLE_RATE
"""Seconds of a block."""

_RECENT = 50
"""Blocks that may have come before a recorder is there to take them."""


class Sound(Protocol):
    """Two devices, as `LiveAudio` has them."""

    @property
    def taps(self) -> list[Tap]: ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...

    def blocks(self, party: Party) -> Iterator[Heard]: ...

    def hang_up(self) -> None: ...

    def waiting(self) -> float: ...

    def levels(self) -> dict[Party, float]: ...


class Line:
    """A context manager. What `hearing.TwoParties` asks for, once the call has begun."""

    def __init__(self, sound: Sound, far_voice: FarVoice | None = None) -> None:
        self._sound = sound
        self._far_voice = far_voice
        self._lock = threading.Lock()
        self._heard: dict[Party, int] = dict.fromkeys(PARTIES, 0)
        """Blocks that were forgotten."""
        self._first: int | None = None
        """The call's first block, counted from when the devices were opened."""
        self._kept: dict[Party, list[Heard]] = {party: [] for party in PARTIES}
        self._faults = Standing()
        self._tapping = threading.Lock()
        self._tapped: dict[Party, int] = dict.fromkeys(PARTIES, 0)
        self._recent: dict[Party, deque[Samples]] = {p: deque(maxlen=_RECENT) for p in PARTIES}
        self._recorder: Tap | None = None

    def __enter__(self) -> Self:
        self._sound.taps.append(self._tap)
        self._sound.__enter__()
        self._streams = {party: iter(self._sound.blocks(party)) for party in PARTIES}
        self._waiting = {
            party: threading.Thread(target=self._wait, args=(party,), name="waiting", daemon=True)
            for party in PARTIES
        }
        for thread in self._waiting.values():
            thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._sound.__exit__(kind, error, trace)
        for thread in self._waiting.values():
            thread.join(timeout=2.0)

    @property
    def somebody_speaks(self) -> bool:
        """At the far end, within the last seconds, before the call has begun."""
        return self._far_voice is not None and self._far_voice.speaks

    def levels(self) -> dict[Party, float]:
        """How loud each party is now, in decibels of full scale, -120 to 0."""
        return self._sound.levels()

    def waiting(self) -> float:
        """Seconds of sound that have come and that a party's hearer has not taken yet."""
        return self._sound.waiting()

    def faults(self) -> list[ev.TroubleHeard]:
        """What is wrong with the devices before a call, the latest last.

        That nothing comes from the far end is as it should be then.
        """
        with self._lock:
            return [f for f in self._faults.there() if (f.fault, f.party) != (LATER, "caller")]

    def begin(self) -> None:
        """The call begins: its second 0 is now. May be called again, and from any thread."""
        with self._lock:
            if self._first is None:
                self._first = max(self._heard.values())

    def record(self, recorder: Tap) -> None:
        """Gives it every block of the call, from the first on. The call must have begun."""
        with self._tapping:
            assert self._first is not None
            for party in PARTIES:
                begin = self._tapped[party] - len(self._recent[party])
                for place, block in enumerate(self._recent[party], begin):
                    if place >= self._first:
                        recorder(party, block)
            self._recorder = recorder

    def hang_up(self) -> None:
        """Ends the call, or the waiting. May be called from any thread."""
        self._sound.hang_up()

    def blocks(self, party: Party) -> Iterator[Heard]:
        """One party's sound of the call, with its troubles; call time begins at `begin`."""
        self._waiting[party].join()
        with self._lock:
            first = self._first or 0
            faults = self._faults.of_call(party)
        yield from faults.at_once()
        blocks = 0
        for item in chain(self._kept[party], self._streams[party]):
            if isinstance(item, ev.TroubleHeard):
                shifted = replace(item, at=max(0.0, item.at - first * _BLOCK))
                yield from faults.take(shifted)
            else:
                yield item
                blocks += 1
                yield from faults.passed(blocks * _BLOCK)

    def _wait(self, party: Party) -> None:
        """Listens and forgets, until the call begins or the devices are closed."""
        for item in self._streams[party]:
            with self._lock:
                is_block = not isinstance(item, ev.TroubleHeard)
                if self._first is not None and self._heard[party] >= self._first:
                    self._kept[party].append(item)
                    return
                if isinstance(item, ev.TroubleHeard):
                    self._faults.take(item)
                self._heard[party] += is_block
            if party == "caller" and self._far_voice and not isinstance(item, ev.TroubleHeard):
                self._far_voice.take(item)

    def _tap(self, party: Party, block: Samples) -> None:
        with self._tapping:
            self._tapped[party] += 1
            self._recent[party].append(block)
            if self._recorder:
                self._recorder(party, block)
