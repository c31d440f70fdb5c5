"""Approved calls that are still to be filed for review: on the disk until they are.

An approved call's folder is moved here as it is, in one step (`unfinished.approve`), so that a
crash at any moment leaves it either there, with its record known, or here. A correction of a
note leaves a mark here before it is recorded, for the call that was filed already. Who files
holds the lock meanwhile.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple, TypeVar

import msgspec
from filelock import FileLock, Timeout

from agentassist.errors import MendableError
from agentassist.store import durable
from agentassist.store.chain import Chain
from agentassist.store.records import NoteVersion
from agentassist.store.unfinished import APPROVED, JOURNAL, About, to_file

_MARK = ".corrected"
_PATIENCE = 10.0
"""Seconds that a correction waits for who files."""
_Kept = TypeVar("_Kept", bound=msgspec.Struct)


class ToFile(NamedTuple):
    """One call whose note is approved."""

    path: Path

    @property
    def id(self) -> str:
        return self.path.name

    @property
    def journal(self) -> Path:
        return self.path / JOURNAL

    @property
    def about(self) -> About:
        """Raises MendableError."""
        return _read(self.path / "about.json", About)

    @property
    def approved(self) -> NoteVersion:
        """The note. Raises MendableError."""
        return _read(self.path / APPROVED, NoteVersion)

    def done(self) -> None:
        """It is filed, and waits no longer."""
        gone = self.path.with_name(f".{self.id}")
        with suppress(OSError):
            self.path.rename(gone)
        shutil.rmtree(gone, ignore_errors=True)


def waiting(folder: Path) -> list[ToFile]:
    """The calls that are to be filed of the user's data `folder`, oldest first."""
    place = to_file(folder)
    found = sorted(place.iterdir()) if place.is_dir() else ()
    for path in found:
        if path.name.startswith(".") and path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
    return [ToFile(path) for path in found if path.is_dir() and not path.name.startswith(".")]


def corrected(folder: Path) -> list[str]:
    """Ids of the calls whose note was corrected, or was about to be."""
    place = to_file(folder)
    return sorted(path.stem for path in place.glob(f"*{_MARK}")) if place.is_dir() else []


@contextmanager
def correcting(folder: Path, call: str) -> Iterator[None]:
    """In the block that call's note is corrected; its filed copy is afterwards, by who files.

    A fault of the disk is no reason not to correct: the copy stays as it was then.
    """
    with suppress(OSError):
        durable.make_folder(to_file(folder))
    with locked(folder, _PATIENCE):
        with suppress(OSError):
            durable.replace(_mark(folder, call), b"")
        yield


def unmark_corrected(folder: Path, call: str) -> None:
    """The correction is filed."""
    with suppress(OSError):
        _mark(folder, call).unlink(missing_ok=True)


def latest(chain: Chain, calls: set[str]) -> dict[str, NoteVersion]:
    """The notes of these calls as they were approved or corrected last. Raises ChainError."""
    found = {}
    for entry in chain.entries():
        if entry.record.call.id in calls:
            found[entry.record.call.id] = entry.record.approved
    return found


@contextmanager
def locked(folder: Path, patience: float = 0.0) -> Iterator[bool]:
    """Whether nobody else files meanwhile; `patience` in seconds."""
    place = to_file(folder)
    if not place.is_dir():
        yield True
        return
    lock = FileLock(place / ".lock", timeout=patience, mode=0o600)
    try:
        lock.acquire()
    except (Timeout, OSError):
        yield False
        return
    try:
        yield True
    finally:
        lock.release()


def _mark(folder: Path, call: str) -> Path:
    return to_file(folder) / f"{call}{_MARK}"


def _read(path: Path, kind: type[_Kept]) -> _Kept:
    try:
        return msgspec.json.decode(path.read_bytes(), type=kind)
    except OSError as error:
        raise MendableError(f"{path}: can't be read: {error.strerror}") from None
    except msgspec.DecodeError:
        raise MendableError(f"{path}: damaged; move its folder away to go on without it") from None
