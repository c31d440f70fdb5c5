"""The eye on the devices: opens both captures, sees when one breaks, and opens it again.

One thread. What it sees it tells as a fault that begins or is over; sound goes past it.
"""

import threading
import time
from collections.abc import Callable, Mapping
from typing import NamedTuple, Protocol

from agentassist.audio import thresholds as t
from agentassist.audio.capture import Capture
from agentassist.audio.faults import Fact, Kind
from agentassist.audio.packets import NOT_THERE, Packet
from agentassist.audio.portaudio import SERVER_DEVICE
from agentassist.audio.pulse import Look, environment, own_tag
from agentassist.vocabulary import PARTIES, Party


class Told(NamedTuple):
    """A fault of a device that began, or is over."""

    kind: Kind
    party: Party | None
    began: bool
    facts: Mapping[str, Fact] = {}


class Server(Protocol):
    """What can be asked where the captures really come from."""

    def look(self) -> Look | None: ...

    def wait(self, seconds: float) -> None: ...

    def close(self) -> None: ...


class _Watched:
    """One party's device, and what was told of it."""

    def __init__(self, party: Party, device: str, tell: Callable[[Told], None]) -> None:
        self.party = party
        self.device = device
        self.tag = own_tag(party)
        self.capture: Capture | None = None
        self.there = True
        """As far as is known."""
        self.next_try = 0.0
        self.last_sound = time.monotonic()
        self._tell = tell
        self._told: set[Kind] = set()

    @property
    def gives(self) -> bool:
        """Sound comes from it."""
        return self.capture is not None and self.capture.packets > 0

    @property
    def faulty(self) -> bool:
        return bool(self._told)

    def began(self, kind: Kind, **facts: Fact) -> None:
        """A fault is there; told unless it was."""
        if kind not in self._told:
            self._told.add(kind)
            self._tell(Told(kind, self.party, began=True, facts=facts))

    def over(self, *kinds: Kind) -> None:
        """None of these faults is there; told of those that were."""
        for kind in kinds:
            if kind in self._told:
                self._told.remove(kind)
                self._tell(Told(kind, self.party, began=False))

    def close(self) -> None:
        if self.capture:
            self.capture.stop()
            self.capture = None


class Watch:
    """Keeps both devices captured from `start` to `stop`."""

    def __init__(
        self,
        devices: Mapping[Party, str],
        heard: Callable[[Party, Packet], None],
        tell: Callable[[Told], None],
        server: Server | None = None,
    ) -> None:
        """Without a `server` the devices are PortAudio's own, or WASAPI's loopbacks."""
        self._heard = heard
        self._tell = tell
        self._server = server
        self._server_gone = False
        self._waking = False
        """Both are opened anew after a sleep of the machine."""
        self._stopping = threading.Event()
        self._afresh = threading.Event()
        self._watched = [_Watched(party, devices[party], tell) for party in PARTIES]
        self._thread = threading.Thread(target=self._run, name="watch", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Ends both captures; all that they gave has been handed on when this returns."""
        self._stopping.set()
        self._thread.join(timeout=10.0)

    def reopen(self) -> None:
        """Opens both devices anew, as after a sleep. May be called from any thread."""
        self._afresh.set()

    def _run(self) -> None:
        try:
            while not self._stopping.is_set():
                self._step()
                self._wait()
        finally:
            self._close_both()
            if self._server:
                self._server.close()

    def _wait(self) -> None:
        if self._server and not self._server_gone:
            self._server.wait(t.WATCH)
        else:
            self._stopping.wait(t.WATCH)

    def _close_both(self) -> None:
        for watched in self._watched:
            watched.close()

    def _step(self) -> None:
        if self._afresh.is_set():
            self._afresh.clear()
            self._close_both()
            self._waking = True
        look = self._server.look() if self._server else None
        if self._server and look is None:
            self._close_both()
            self._server_is(gone=True)
            for watched in self._watched:
                watched.there = False
            return
        for watched in self._watched:
            if look:
                _compare(watched, look)
            if watched.capture:
                self._check(watched)
            elif watched.there and time.monotonic() >= watched.next_try:
                self._open(watched)
        if any(each.gives for each in self._watched) and all(
            each.gives or each.faulty for each in self._watched
        ):
            self._server_is(gone=False)
            if self._waking:
                self._waking = False
                self._tell(Told("suspended", None, began=False))

    def _server_is(self, *, gone: bool) -> None:
        if gone != self._server_gone:
            self._server_gone = gone
            self._tell(Told("server", None, gone))

    def _check(self, watched: _Watched) -> None:
        """What the capture itself shows."""
        capture = watched.capture
        assert capture is not None
        if watched.gives:
            watched.last_sound = capture.last
            watched.over("gone", "moved", "stopped")
        status = capture.status
        # Only a sound server gives silence as sound; a loopback on Windows gives nothing.
        stalled = self._server is not None and time.monotonic() - capture.last > t.STALLED
        if status is None and not stalled:
            return
        watched.close()
        watched.next_try = time.monotonic() + t.RETRY
        if status == NOT_THERE and not self._server:
            watched.began("gone")
        elif time.monotonic() - watched.last_sound > t.STALLED:
            watched.began("stopped")

    def _open(self, watched: _Watched) -> None:
        device, settings = watched.device, {}
        if self._server:
            device, settings = SERVER_DEVICE, environment(device, watched.tag)
        heard, party = self._heard, watched.party
        watched.capture = Capture(device, settings, lambda packet: heard(party, packet))


def _compare(watched: _Watched, look: Look) -> None:
    """What the server says of the device and of our capture."""
    source = look.sources.get(watched.device)
    if source and not watched.there:
        watched.last_sound = time.monotonic()
    watched.there = source is not None
    if source is None:
        watched.close()
        watched.began("gone")
        return
    actual = look.captured.get(watched.tag, watched.device)
    if watched.capture and actual != watched.device:
        watched.close()
        other = look.sources[actual].title if actual in look.sources else actual
        watched.began("moved", other=other)
    if source.muted:
        watched.began("muted")
    else:
        watched.over("muted")
