"""The journal of a call: what was heard, one JSON object a line, on disk before all else.

What was derived is not in it: it is computed again by the same pipeline, with any rulebook.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec

from agentassist import events as ev
from agentassist.errors import MendableError

SUFFIX = ".journal"

_FIRST = b'{"kind":"call_started"'


class JournalError(MendableError):
    """A journal that can't be written or read; one line that names the file and the mend."""


class Journal:
    """A sink that appends heard events and lets all others pass."""

    def __init__(self, path: Path) -> None:
        """Begins a new file. Raises JournalError rather than overwrite one."""
        try:
            if not path.parent.is_dir():
                path.parent.mkdir(parents=True)
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except OSError as error:
            if path.exists():
                raise JournalError(f"{path}: exists already; name a new file") from None
            raise JournalError(f"{path}: can't be written: {error.strerror}") from None
        self._file = os.fdopen(descriptor, "wb", buffering=0)

    def __call__(self, event: ev.AnyEvent) -> None:
        if isinstance(event, ev.HEARD):
            self._file.write(ev.encode(event) + b"\n")
            if not isinstance(event, ev.ClockMark):
                os.fsync(self._file.fileno())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()


def is_journal(path: Path) -> bool:
    """Whether the file begins as a journal does."""
    try:
        with path.open("rb") as file:
            return file.read(len(_FIRST)) == _FIRST
    except OSError:
        return False


def read(path: Path) -> Iterator[ev.Heard]:
    """What was heard. A last line that was torn off in writing is left out.

    A call that was cut off is given its end, so that its note can be drafted. Raises
    JournalError on anything else that is not a journal.
    """
    try:
        lines = path.read_bytes().split(b"\n")
    except OSError as error:
        raise JournalError(f"{path}: can't be read: {error.strerror}") from None
    # A whole journal ends in a line feed, so what follows the last one is empty or torn.
    events = [_decoded(path, number, line) for number, line in enumerate(lines[:-1], 1)]
    if not events:
        raise JournalError(f"{path}: nothing was heard in this journal")
    if not isinstance(events[0], ev.CallStarted):
        raise JournalError(f"{path}:1: a journal begins with call_started")
    yield from events
    if not isinstance(events[-1], ev.CallEnded):
        yield ev.CallEnded(events[-1].at)


def _decoded(path: Path, number: int, line: bytes) -> ev.Heard:
    try:
        return ev.decode_heard(line)
    except msgspec.DecodeError:
        raise JournalError(
            f"{path}:{number}: not a line of a journal; restore the file from a copy"
        ) from None
