"""A live call's recording: FLAC, the agent left and the caller right, on call time, as it goes.

Only ever made where it was asked for. Sound lies in memory until it is sure that it may be kept.
A disk that is full or fails ends the recording, never the call.
"""

import os
import struct
import threading
from collections.abc import Callable
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self, TypeAlias

import numpy as np

from agentassist import events as ev
from agentassist.audio.withheld import Span, Withheld
from agentassist.errors import MendableError
from agentassist.speech.base import SAMPLE_RATE, Samples
from agentassist.store import durable
from agentassist.vocabulary import PARTIES, Party

WRITES_EVERY = 1.0
"""Seconds between two writings."""

_FLAC_BLOCK = 4_096
"""Samples that the encoder collects before it writes them, at libsndfile's compression."""

_LENGTH_AT = 21
"""Of the length in a FLAC file: behind the magic, the block's head, sizes, rate and channels."""

State: TypeAlias = Literal["on", "paused", "card", "stopped"]
"""As `session.Recording`."""


class Tape:
    """One call's recording. A context manager; a sink of its session; a tap of its sound."""

    def __init__(self, path: Path, tell: Callable[[str, str], None]) -> None:
        """`tell` is given what went wrong and the mend. Raises MendableError, as for a full disk.

        `path` is new, and of the user alone.
        """
        self.path = path
        self._tell = tell
        self._lock = threading.Lock()
        self._withheld = Withheld()
        self._sound: dict[Party, list[Samples]] = {party: [] for party in PARTIES}
        self._lengths: dict[Party, int] = dict.fromkeys(PARTIES, 0)
        """Samples that came, the written ones included."""
        self._written = 0
        self._failed = False
        self._file = _opened(path)
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="tape", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Ends it. Of a call that did not come to its end, what is not sure is left out."""
        self._closing.set()
        self._thread.join()
        self._close()

    @property
    def state(self) -> State:
        with self._lock:
            if self._failed:
                return "stopped"
            if self._withheld.is_paused:
                return "paused"
            return "card" if self._withheld.is_card else "on"

    def toggle(self) -> None:
        """Pauses it, or lets it go on."""
        with self._lock:
            now = max(self._lengths.values()) / SAMPLE_RATE
            if self._withheld.is_paused:
                self._withheld.resume(now)
            else:
                self._withheld.pause(now)

    def heard(self, party: Party, samples: Samples) -> None:
        """The party's next sound: it has no gaps in call time."""
        with self._lock:
            if not self._failed:
                self._sound[party].append(samples)
                self._lengths[party] += len(samples)

    def __call__(self, event: ev.AnyEvent) -> None:
        """Take one event, as the session sends it."""
        with self._lock:
            self._withheld.take(event)

    def _run(self) -> None:
        while not self._closing.wait(WRITES_EVERY):
            self._write_due()
        self._write_due()

    def _write_due(self) -> None:
        with self._lock:
            frames, silent = self._due(), self._withheld.silent()
            begin = self._written
            self._written += len(frames)
        if self._failed or not len(frames):
            return
        for span in silent:
            frames[slice(*_samples(span, begin, len(frames)))] = 0.0
        try:
            self._file.write(frames)
            self._file.flush()
            _tell_length(self.path, self._written)
        except (OSError, RuntimeError) as error:  # soundfile's own is a RuntimeError
            self._give_up(error)

    def _due(self) -> Samples:
        """What may be written now, shape (n, 2); taken out of what waits."""
        until = self._withheld.until
        if until == float("inf"):
            end = max(self._lengths.values())
        else:
            end = min(*self._lengths.values(), round(until * SAMPLE_RATE))
        wanted = max(0, end - self._written)
        frames = np.zeros((wanted, len(PARTIES)), np.float32)
        for channel, party in enumerate(PARTIES):
            sound = np.concatenate((np.zeros(0, np.float32), *self._sound[party]))
            frames[: len(sound[:wanted]), channel] = sound[:wanted]
            self._sound[party] = [sound[wanted:]]
        return frames

    def _give_up(self, error: Exception) -> None:
        with self._lock:
            self._failed = True
            self._sound = {party: [] for party in PARTIES}
        seconds = self._written // SAMPLE_RATE
        why = f" ({error.strerror})" if isinstance(error, OSError) else ""
        self._tell(
            f"The recording stopped: {self.path.parent} can't be written to{why}.",
            f"The call goes on without it. Free some disk space; {seconds} s at most are kept.",
        )

    def _close(self) -> None:
        try:
            self._file.close()
        except (OSError, RuntimeError) as error:
            if not self._failed:
                self._give_up(error)
        if not self._written:
            self.path.unlink(missing_ok=True)


def new_file(folder: Path, name: str) -> Path:
    """A new, empty file of the user's alone: `NAME.flac`, or ` (2)` with it where that is taken.

    Raises MendableError.
    """
    try:
        durable.make_folder(folder)
        for number in count(1):
            path = folder / (f"{name} ({number}).flac" if number > 1 else f"{name}.flac")
            try:
                os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
            except FileExistsError:
                continue
            return path
    except OSError as error:
        raise MendableError(f"{folder}: no recording can be made: {error.strerror}") from None
    raise AssertionError


def _opened(path: Path) -> Any:
    try:
        import soundfile

        return soundfile.SoundFile(
            str(path), "w", SAMPLE_RATE, len(PARTIES), format="FLAC", subtype="PCM_16"
        )
    except (OSError, RuntimeError) as error:
        raise MendableError(f"{path}: no recording can be made: {error}") from None


def _tell_length(path: Path, frames: int) -> None:
    """Writes into the file's head how long it is so far, so that one cut off by a crash is whole.

    The encoder does so at the very end. STREAMINFO's last bytes before its checksum are the
    36 bits of the length (RFC 9639, section 8.2). Raises OSError.
    """
    whole = max(0, frames // _FLAC_BLOCK - 1) * _FLAC_BLOCK
    with path.open("r+b") as file:
        file.seek(_LENGTH_AT)
        upper = file.read(1)[0] & 0xF0
        file.seek(_LENGTH_AT)
        file.write(bytes([upper | whole >> 32]) + struct.pack(">I", whole & 0xFFFFFFFF))


def _samples(span: Span, begin: int, length: int) -> tuple[int, int]:
    """Where a span begins and ends in `length` samples that begin at sample `begin`."""
    low, high = (max(0.0, second * SAMPLE_RATE - begin) for second in span)
    return round(min(low, length)), round(min(high, length))
