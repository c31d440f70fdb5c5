"""The hand on the tape: speed, pause, step and jump for a call that is played, not live.

Two gates wait on one position in call time. Audio is heard only as far as the position, so
that a replay is as late as a live call would be; events are shown only as far as it, so that
a pause holds everything. While it jumps, audio runs ahead freely to the next moment.
"""

import math
import threading
import time
from typing import Literal, TypeAlias

Until: TypeAlias = Literal["turn", "moment"]

LOOKAHEAD = 20.0
"""Seconds of audio that may be heard ahead of what is shown while jumping."""


class Playback:
    """Call time as a function of the wall clock, steered by keys. Thread-safe."""

    def __init__(self, speed: float = 1.0, *, paused: bool = False) -> None:
        self._changed = threading.Condition()
        self._speed = speed
        self._paused = paused
        self._until: Until | None = None
        self._closed = False
        self._position = 0.0
        self._since = time.monotonic()

    @property
    def speed(self) -> float:
        return self._speed

    @property
    def paused(self) -> bool:
        return self._paused

    @property
    def seeking(self) -> Until | None:
        """What a jump or step is on its way to."""
        return self._until

    @property
    def position(self) -> float:
        """Seconds of the call played so far."""
        with self._changed:
            return self._position if self._speed == math.inf else self._now()

    def set_speed(self, speed: float) -> None:
        """1 is real time; infinity is as fast as it can be recognised."""
        with self._changed:
            self._settle()
            self._speed = speed
            self._changed.notify_all()

    def pause(self) -> None:
        with self._changed:
            self._settle()
            self._paused, self._until = True, None
            self._changed.notify_all()

    def resume(self) -> None:
        with self._changed:
            self._settle()
            self._paused, self._until = False, None
            self._changed.notify_all()

    def seek(self, until: Until) -> None:
        """Run ahead, as fast as it can be recognised, to the next turn or moment; then pause."""
        with self._changed:
            self._settle()
            self._paused, self._until = False, until
            self._changed.notify_all()

    def arrived(self, at: float) -> None:
        """What was sought is on the screen: pause there."""
        with self._changed:
            self._position = max(self._position, at)
            self._since = time.monotonic()
            self._paused, self._until = True, None
            self._changed.notify_all()

    def close(self) -> None:
        """Lets every waiter go; they are told that playing is over."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def wait_to_hear(self, at: float) -> bool:
        """Blocks until audio up to `at` may be heard; False once playing is over."""
        return self._wait(at, LOOKAHEAD)

    def wait_to_show(self, at: float) -> bool:
        """Blocks until an event of `at` may be shown; False once playing is over."""
        shown = self._wait(at, math.inf)
        with self._changed:
            freely = self._until is not None or self._speed == math.inf
            if freely and at > self._position:
                self._position, self._since = at, time.monotonic()
                self._changed.notify_all()
        return shown

    def _wait(self, at: float, lookahead: float) -> bool:
        with self._changed:
            while not self._closed and (delay := self._delay(at, lookahead)) > 0:
                self._changed.wait(None if delay == math.inf else delay)
            return not self._closed

    def _delay(self, at: float, lookahead: float) -> float:
        """Wall seconds until `at` is due, as things stand."""
        if self._until:
            return 0.0 if at <= self._position + lookahead else math.inf
        if at <= self._now():
            return 0.0
        return math.inf if self._paused else (at - self._now()) / self._speed

    def _now(self) -> float:
        if self._paused or self._until:
            return self._position
        if self._speed == math.inf:
            return math.inf
        return self._position + (time.monotonic() - self._since) * self._speed

    def _settle(self) -> None:
        """Starts a new stretch of time from here."""
        now = self._now()
        self._position = self._position if now == math.inf else now
        self._since = time.monotonic()
