"""The records of a desk: an append-only chain of approved notes, proved by hashes.

One chain a desk, in the user's own folder, so that two hundred desks never wait for each
other; one file a calendar month (UTC), so that a backup copies only the month that grows, what
is past its retention can be found by its name, and no file outgrows an editor. Numbers and
hashes run on from file to file. `head.json` holds the last number and hash, which makes a
cut-off end show. Two processes of one desk append one after the other (a lock that the system
frees when its holder dies). A line that was torn off in writing was never told to be saved: it
is set aside into `torn`, not thrown away, before the next record is written.
"""

import datetime
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
from filelock import FileLock, Timeout
from msgspec.structs import replace

from agentassist.errors import MendableError
from agentassist.store import durable
from agentassist.store.records import Record, seal, unseal

FILES = "[0-9][0-9][0-9][0-9]-[0-9][0-9].jsonl"
HEAD = "head.json"

_PATIENCE = 10.0
"""Seconds to wait for another process that is writing."""


class ChainError(MendableError):
    """Records that can't be written or read; one line that names the place and the mend."""


class Head(msgspec.Struct, frozen=True):
    """The end of a chain, or what became of a record: its number and hash."""

    number: int
    hash: str


class Entry(msgspec.Struct, frozen=True):
    """A record with its hash."""

    hash: str
    record: Record


class _CallId(msgspec.Struct, frozen=True):
    id: str


class _Brief(msgspec.Struct, frozen=True):
    number: int
    call: _CallId


class _BriefEntry(msgspec.Struct, frozen=True):
    hash: str
    record: _Brief


class Chain:
    """The records in one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def append(self, record: Record) -> Head:
        """Puts the record at the end and waits for the disk; then it is saved.

        A chain that was cut off or changed goes on from the end that `head.json` knows, so that
        the loss keeps showing. Raises ChainError; nothing is written then.
        """
        try:
            with self.locked():
                last = self._end()
                number, before = (last.number + 1, last.hash) if last else (1, None)
                line, sealed = seal(replace(record, number=number, before=before))
                durable.append(self._file(record.approval.at.utc), line + b"\n")
                head = Head(number, sealed)
                self._tell(head)
                return head
        except OSError as error:
            raise ChainError(f"{self.folder}: can't be written: {error.strerror}") from None

    def head(self) -> Head | None:
        """The end as `head.json` has it; None where there is none that can be read."""
        try:
            return msgspec.json.decode((self.folder / HEAD).read_bytes(), type=Head)
        except (OSError, msgspec.DecodeError):
            return None

    def files(self) -> list[Path]:
        """The months, oldest first."""
        return sorted(self.folder.glob(FILES))

    def entries(self) -> Iterator[Entry]:
        """All records, oldest first. Raises ChainError at a line that is none."""
        for file in self.files():
            for number, line in enumerate(_lines(file), 1):
                try:
                    yield msgspec.json.decode(line, type=Entry)
                except msgspec.DecodeError:
                    mend = "`agentassist note verify` tells more"
                    raise ChainError(f"{file}:{number}: not a record; {mend}") from None

    def find(self, call: str, after: int) -> Head | None:
        """The record of that call among those numbered above `after`, looked for from the end."""
        for file in reversed(self.files()):
            for line in reversed(_lines(file)):
                try:
                    brief = msgspec.json.decode(line, type=_BriefEntry)
                except msgspec.DecodeError:
                    continue
                if brief.record.number <= after:
                    return None
                if brief.record.call.id == call:
                    return Head(brief.record.number, brief.hash)
        return None

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Nothing is appended meanwhile. Raises ChainError where another holds on to it."""
        durable.make_folder(self.folder)
        try:
            with FileLock(self.folder / ".lock", timeout=_PATIENCE, mode=0o600):
                yield
        except Timeout:
            raise ChainError(f"{self.folder}: another agentassist writes; try again") from None

    def _file(self, at: datetime.datetime) -> Path:
        """This month's file; never one before the last, should the clock have gone back."""
        names = [f"{at:%Y-%m}.jsonl", *(file.name for file in self.files()[-1:])]
        return self.folder / max(names)

    def damage(self) -> str:
        """What is wrong with the end, at a glance; empty where nothing is. `verify` reads all."""
        files, known = self.files(), self.head()
        line, _ = _last_line(files[-1]) if files else (b"", b"")
        sealed = unseal(line) if line else None
        if line and (sealed is None or sealed.faults):
            return "the last record is changed"
        if known and (sealed is None or sealed.record["number"] < known.number):
            return "records are missing at the end"
        return ""

    def _tell(self, head: Head) -> None:
        durable.replace(self.folder / HEAD, msgspec.json.encode(head))

    def _end(self) -> Head | None:
        """The last record's number and hash, once what a crash left undone is done.

        A torn line is set aside. A record that `head.json` does not know of yet is told to it
        before another follows: two crashes in a row would else look like an end cut off.
        """
        files = self.files()
        line, torn = _last_line(files[-1]) if files else (b"", b"")
        if torn:
            _set_aside(files[-1], torn, self.folder / "torn")
        known = self.head()
        sealed = unseal(line) if line else None
        found = Head(sealed.record["number"], sealed.hash) if sealed else None
        if line and not found and not known:
            mend = f"restore {files[-1].name} and {HEAD} from a backup"
            raise ChainError(f"{files[-1]}: its last record can't be read; {mend}")
        if found and (not known or found.number > known.number):
            self._tell(found)
            return found
        return known


def whole_lines(data: bytes) -> tuple[list[bytes], bytes]:
    """The lines that were written to their end, and what follows the last line feed."""
    *lines, rest = data.split(b"\n")
    return lines, rest


def _lines(file: Path) -> list[bytes]:
    try:
        return whole_lines(file.read_bytes())[0]
    except OSError as error:
        raise ChainError(f"{file}: can't be read: {error.strerror}") from None


def _last_line(file: Path) -> tuple[bytes, bytes]:
    """The file's last whole line, and what was torn off behind it."""
    with file.open("rb") as opened:
        size = opened.seek(0, 2)
        tail, block = b"", 1 << 16
        while len(tail) < size and tail.count(b"\n") < 2:
            block = min(size, block * 2)
            opened.seek(size - block)
            tail = opened.read(block)
    lines, torn = whole_lines(tail)
    return (lines[-1] if lines else b""), torn


def _set_aside(file: Path, torn: bytes, folder: Path) -> None:
    """Moves what was torn off from the file's end to one of its own."""
    whole = file.stat().st_size - len(torn)
    durable.make_folder(folder)
    durable.append(folder / f"{file.stem} at {whole}", torn)
    os.truncate(file, whole)
