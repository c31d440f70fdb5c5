"""The program that captures one device: `python -m agentassist.audio.capturing DEVICE`.

A process of its own for each side, since PortAudio 19.6 on ALSA spins for ever, and writes to
the terminal as it does, when the sound server dies under it; a process can be ended. It also
sees the devices afresh when it starts, and its callback never waits for our recognisers.

Sound goes to standard output in packets. It ends with its parent, whose end of the pipe closes.
"""

import os
import queue
import signal
import sys
import threading
import time
from typing import IO

from agentassist.audio.packets import (
    CANT_OPEN,
    ENDED,
    NOT_THERE,
    NoSuchDeviceError,
    OpeningError,
    Packet,
    Stream,
)

_MOST_WAITING = 500
"""Packets between the callback and the pipe: ten seconds and more."""


class _Waiting:
    """What the callback has brought and the pipe has not taken yet."""

    def __init__(self) -> None:
        self._queue: queue.Queue[tuple[float, int, bytes] | None] = queue.Queue(_MOST_WAITING)
        self._lost = 0

    def heard(self, frames: int, sound: bytes) -> None:
        """Called by the audio thread: only enqueues."""
        try:
            self._queue.put_nowait((time.monotonic(), self._lost, sound))
            self._lost = 0
        except queue.Full:
            self._lost += frames

    def ended(self) -> None:
        while True:
            try:
                return self._queue.put_nowait(None)
            except queue.Full:
                self._queue.get_nowait()

    def write(self, stream: Stream, out: IO[bytes]) -> None:
        """Until the device ends or the parent goes."""
        while (heard := self._queue.get()) is not None:
            at, lost, sound = heard
            Packet(at, stream.rate, stream.channels, lost, sound).write(out)


def _end_with_parent() -> None:
    # Not sys.stdin, which a thread that waits on it would hold when the process ends.
    while os.read(0, 1024):
        pass
    os._exit(0)


def _open(device: str, waiting: _Waiting) -> Stream:
    if sys.platform == "win32":
        from agentassist.audio import wasapi

        if wasapi.is_loopback(device):
            return wasapi.open_loopback(device, waiting.heard)
    from agentassist.audio import portaudio

    return portaudio.open_input(device, waiting.heard, waiting.ended)


def main(device: str) -> int:
    """Captures the device until it ends."""
    # Ctrl-C is for the parent: it listens to the last words yet.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    waiting = _Waiting()
    try:
        stream = _open(device, waiting)
    except NoSuchDeviceError:
        return NOT_THERE
    except (OpeningError, OSError):
        return CANT_OPEN
    try:
        waiting.write(stream, sys.stdout.buffer)
    except OSError:
        return 0
    return ENDED


if __name__ == "__main__":
    # Not sys.exit: closing a stream whose server has died may never return.
    os._exit(main(sys.argv[1]))
