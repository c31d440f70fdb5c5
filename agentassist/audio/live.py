"""A live call's sound: the microphone and the far end, each its own stream, in call time.

Three threads stand between the devices and the recognisers. Each capture has one that reads
from it; one watches the devices; one, here, lays the sound out in call time, looks for faults
and hands it on. None of them waits for a recogniser: what one has no time for yet waits in a
queue, 64 kB a second, and `pace` says so.
"""

import queue
import threading
from collections.abc import Callable, Iterable, Iterator
from types import TracebackType
from typing import NamedTuple, Self, TypeAlias

import numpy as np

from agentassist import events as ev
from agentassist.audio import devices, pulse
from agentassist.audio import thresholds as t
from agentassist.audio.clock import CallClock
from agentassist.audio.faults import Faults
from agentassist.audio.packets import Packet
from agentassist.audio.sides import Block, Item, TwoSides
from agentassist.audio.timeline import BLOCK
from agentassist.audio.watch import Server, Told, Watch
from agentassist.speech.base import SAMPLE_RATE, Samples
from agentassist.vocabulary import PARTIES, Party

Tap: TypeAlias = Callable[[Party, Samples], None]

_PACE = 0.05
"""Seconds between two looks for what is due."""


class _Heard(NamedTuple):
    """A packet of a party's capture."""

    party: Party
    packet: Packet


class LiveAudio:
    """Two devices as the sound of one call: what `hearing.TwoParties` asks for.

    A context manager; the call begins when it is entered and ends when it is hung up or left.
    """

    def __init__(self, microphone: str, caller: str) -> None:
        """The devices' names, as `devices.inputs` tells them. They may be missing for now."""
        self._devices: dict[Party, str] = {"agent": microphone, "caller": caller}
        self._inbox: queue.SimpleQueue[_Heard | Told] = queue.SimpleQueue()
        self._waiting: dict[Party, queue.SimpleQueue[Samples | ev.TroubleHeard | None]] = {
            party: queue.SimpleQueue() for party in PARTIES
        }
        self._hung_up = threading.Event()
        self._thread = threading.Thread(target=self._run, name="live-audio", daemon=True)
        self._rates: dict[Party, float] = {}
        self.taps: list[Tap] = []
        """Called with every block as it was heard, in a thread of the call's own."""

    def __enter__(self) -> Self:
        self._clock = CallClock()
        names, server = _titles(self._devices)
        self._faults = Faults(names)
        self._sides = TwoSides(self._faults)
        self._watch = Watch(
            self._devices,
            lambda party, packet: self._inbox.put(_Heard(party, packet)),
            self._inbox.put,
            server,
        )
        if len({*self._devices.values()}) == 1:
            self._deliver(self._faults.began("alike", 0.0))
        self._watch.start()
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.hang_up()
        self._thread.join(timeout=15.0)

    def blocks(self, party: Party) -> Iterator[Samples | ev.TroubleHeard]:
        """One party's sound from call second 0 on, in blocks of 0.1 s, until it is hung up.

        Troubles come between the blocks. To be iterated once, in a thread of the caller's own.
        """
        while (item := self._waiting[party].get()) is not None:
            yield item

    def hang_up(self) -> None:
        """Ends the call: both iterations come to their end. May be called from any thread."""
        self._hung_up.set()

    def waiting(self) -> float:
        """Seconds of sound that have come and that a party's hearer has not taken yet."""
        return max(each.qsize() for each in self._waiting.values()) * BLOCK / SAMPLE_RATE

    def levels(self) -> dict[Party, float]:
        """How loud each party is now, root mean square in decibels of full scale, -120 to 0."""
        return {party: self._sides.level(party) for party in PARTIES}

    def _run(self) -> None:
        try:
            while not self._hung_up.is_set():
                self._take_in(self._clock.now() + _PACE)
            ending = self._clock.now() + t.TAIL
            while self._clock.now() < ending:
                self._take_in(ending)
            self._watch.stop()
            self._take_in(0.0)
            self._deliver(self._sides.finished(ending))
        finally:
            self._watch.stop()
            for waiting in self._waiting.values():
                waiting.put(None)

    def _take_in(self, until: float) -> None:
        """Everything that has come, waiting for more until that call second."""
        if slept := self._clock.woke():
            now = self._clock.now()
            self._deliver(self._faults.began("suspended", now, seconds=slept))
            self._watch.reopen()
            self._rates.clear()
        while True:
            try:
                came = self._inbox.get(timeout=max(0.0, until - self._clock.now()))
            except queue.Empty:
                break
            self._deliver(self._told(came) if isinstance(came, Told) else self._sound(came))
        self._deliver(self._sides.passed(self._clock.now()))

    def _told(self, told: Told) -> Iterable[Item]:
        at = self._clock.now()
        if told.began:
            return self._faults.began(told.kind, at, told.party, **told.facts)
        return self._faults.over(told.kind, at, told.party, **told.facts)

    def _sound(self, heard: _Heard) -> Iterator[Item]:
        party, packet = heard
        if packet.rate != self._rates.get(party):
            self._rates[party] = packet.rate
            self._sides.opened(party, packet.rate)
        sound = np.frombuffer(packet.sound, np.float32)
        if packet.channels > 1:
            sound = sound.reshape(-1, packet.channels).mean(axis=1, dtype=np.float32)
        yield from self._sides.heard(party, sound, self._clock.at(packet.at))

    def _deliver(self, items: Iterable[Item]) -> None:
        for item in items:
            if isinstance(item, Block):
                self._hand_on(item)
            else:
                self._waiting[item.party or "agent"].put(item)

    def _hand_on(self, block: Block) -> None:
        party = block.party
        for tap in list(self.taps):
            try:
                tap(party, block.heard)
            except Exception as error:  # noqa: BLE001 - the call goes on without it
                self.taps.remove(tap)
                error_name = type(error).__name__
                at = self._clock.now()
                self._deliver(self._faults.began("tap", at, error=error_name))
        self._waiting[party].put(block.spoken)


def _titles(names: dict[Party, str]) -> tuple[dict[Party, str], Server | None]:
    """What to call the devices, and the server to ask about them where one has them."""
    server = pulse.PulseServer() if pulse.look() else None
    found = devices.inputs()
    return {party: devices.title(name, found, party) for party, name in names.items()}, server
