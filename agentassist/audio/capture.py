"""One running capture, seen from the program: its process, and the thread that reads from it."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from typing import TypeAlias

from agentassist.audio.packets import Packet

Heard: TypeAlias = Callable[[Packet], None]


class Capture:
    """Captures a device from when it is made until it is stopped or ends by itself."""

    def __init__(self, device: str, environment: Mapping[str, str], heard: Heard) -> None:
        """`heard` is called in a thread of the capture's own."""
        # PortAudio writes to standard error whatever goes wrong, which would tear the screen.
        self._process = subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-m", "agentassist.audio.capturing", device],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, **environment},
        )
        self._heard = heard
        self.last = time.monotonic()
        """When it last gave sound, or began."""
        self.packets = 0
        self._thread = threading.Thread(target=self._read, name="capture", daemon=True)
        self._thread.start()

    @property
    def status(self) -> int | None:
        """The exit status of `capturing`; None while it runs."""
        return self._process.poll()

    def stop(self) -> None:
        """Ends it at once. What was read before has been handed on when this returns."""
        self._process.kill()
        self._process.wait()
        self._thread.join(timeout=2.0)
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                pipe.close()

    def _read(self) -> None:
        assert self._process.stdout is not None
        while (packet := Packet.read(self._process.stdout)) is not None:
            self.last = time.monotonic()
            self.packets += 1
            self._heard(packet)
