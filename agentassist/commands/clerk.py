"""The clerk of a desk: a thread that files approved calls and sends them on, out of the way.

It keeps still while a call is on, and nothing waits for it: what it has not done yet lies on
the disk, and is done by the next one.
"""

import threading
from collections.abc import Callable
from contextlib import closing
from types import TracebackType
from typing import Self

from agentassist import config
from agentassist.commands import archives, desk, filing, sending
from agentassist.commands.coach import Coach
from agentassist.errors import MendableError, ours

START_AFTER = 3.0
"""Seconds after the start, when the screen is there."""

AGAIN_AFTER = 5.0
"""Seconds until it tries again to reach the server; then twice as long each time, up to"""
AT_MOST = 600.0
"""these, which is also how often it asks for answers."""

PATIENCE = 5
"""Seconds to wait for the server."""

LOOK_EVERY = 1.0
"""Seconds between looks whether the call is over."""

LEAVE_AFTER = 10.0
"""Seconds that the program waits at its end for a call to be filed."""


class Clerk:
    """A context manager: the thread works in the block."""

    def __init__(self, coach: Coach, busy: Callable[[], bool] = lambda: False) -> None:
        """`coach` derives the calls; `busy` tells whether one is on."""
        self._coach = coach
        self._busy = busy
        self._wake = threading.Event()
        self._leaving = threading.Event()
        self._approved = False
        self._filed = threading.Event()
        """Once nothing is filed any more: it sends at most."""
        self._delay = AGAIN_AFTER
        self._thread: threading.Thread | None = None
        self.told = ""
        """What waits though it was tried, in a few words; empty while all goes well."""

    def __enter__(self) -> Self:
        if filing.is_on():
            self._thread = threading.Thread(target=self._run, name="clerk", daemon=True)
            self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """What is filed just now is; a server is not waited for."""
        self._leaving.set()
        self._wake.set()
        if self._thread:
            self._filed.wait(LEAVE_AFTER)

    @property
    def filing(self) -> Callable[[], None] | None:
        """To be called once a call is to be filed, from any thread; None where none is."""
        return self._tell if self._thread else None

    def _tell(self) -> None:
        self._filed.clear()
        self._approved = True
        self._wake.set()

    def _run(self) -> None:
        try:
            self._go_on()
        finally:
            self._filed.set()

    def _go_on(self) -> None:
        wait = START_AFTER
        while True:
            self._wake.wait(wait)
            self._wake.clear()
            if self._leaving.is_set() and not self._approved:
                return
            if self._busy() and not self._leaving.is_set():
                wait = LOOK_EVERY
                continue
            self._approved = False
            wait = self._work()
            if self._leaving.is_set():
                return

    def _work(self) -> float:
        """Files and sends; in how many seconds there is something to do again."""
        self._filed.clear()
        try:
            self._file()
            if not self._approved:
                self._filed.set()
            self.told = ""
            if config.load().archive.url and not self._stops():
                self._send()
        except MendableError:
            return self._later()
        except Exception as error:  # noqa: BLE001 - the thread goes on, and tells of it
            self.told = ours(error)
            return self._later()
        self._delay = AGAIN_AFTER
        return LOOK_EVERY if self._busy() else AT_MOST

    def _later(self) -> float:
        after, self._delay = self._delay, min(AT_MOST, self._delay * 2)
        return after

    def _file(self) -> None:
        for _ in filing.file_waiting(lambda: self._coach):
            if self._busy() and not self._leaving.is_set():
                return

    def _send(self) -> None:
        """What the server does not have; where it is away, how much that is."""
        with closing(archives.own()) as own:
            try:
                for _ in sending.send(own, patience=PATIENCE):
                    if self._stops():
                        return
            except MendableError:
                self.told = sending.waiting(own).told(desk.now())
                raise

    def _stops(self) -> bool:
        return self._leaving.is_set() or self._busy()
