"""Calls whose note is not approved yet: kept from the first word until it is, crash or not.

Each has a folder: what was heard (`call.journal`, a line at a time), the machine's draft
(`draft.json`, at the call's end), and the agent's edits so far (`edits.json`, each time as a
whole). A lock file beside it is held by the program that has it open and freed by the system
when that dies, so a call that still runs elsewhere does not wait here. Approving appends the
record first and removes the folder after, or moves it to where the call is filed from for
review; a crash between the two leaves `approving.json`, by which the record is found again,
so that no note is lost and none is recorded twice.
"""

import datetime
import re
import secrets
import shutil
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import Literal, Protocol, TypeAlias, TypeVar

import msgspec
from filelock import FileLock, Timeout
from msgspec.structs import replace

from agentassist.call import Call, fold
from agentassist.errors import MendableError
from agentassist.export.markdown import to_markdown
from agentassist.pipeline import Stage, run
from agentassist.store import durable, journal
from agentassist.store.chain import Chain, Head
from agentassist.store.records import (
    Approval,
    Moment,
    NoteVersion,
    Record,
    Versions,
    facts,
    moment,
    transcript,
)

State: TypeAlias = Literal["cut off", "drafted", "edited"]
_Kept = TypeVar("_Kept", bound=msgspec.Struct)

JOURNAL = "call.journal"
APPROVED = "edits.json"
"""Once the note is recorded, these are it as it was approved."""

_PATIENCE = 1.0
"""Seconds that a new call waits where another program just sweeps up."""


class Coach(Protocol):
    """What derives a call from what was heard, and its versions."""

    def stages(self) -> Sequence[Stage]: ...

    def versions(self, call: Call) -> Versions: ...


class About(msgspec.Struct, frozen=True):
    """What was known when the call began."""

    title: str
    began: Moment
    """By this machine's clock; a recording's own time is in its journal."""
    source: str = ""
    """The files that it is played from, should it be; the same for the same recording."""
    recording: str = ""
    """The file that its sound was recorded to, where that was asked for."""
    is_demo: bool = False
    """The bundled call, which is nobody's and never filed."""


class Draft(msgspec.Struct, frozen=True):
    """The machine's note, and what made it."""

    version: NoteVersion
    versions: Versions


class _Approving(msgspec.Struct, frozen=True):
    """The chain's last number before the record was appended."""

    after: int
    to_file: bool = False
    """Whether the call is to be filed for review."""


class UnfinishedNote:
    """One call that waits for its note to be approved. For one thread at a time."""

    def __init__(self, folder: Path, identity: str) -> None:
        """Of the user's data `folder`; `begin` and `waiting` make these."""
        self.id = identity
        self.path = _place(folder) / identity
        self._to_file = to_file(folder) / identity
        self.chain = Chain(folder / "records")
        self._lock_file = self.path.with_name(f"{identity}.lock")
        self._lock = FileLock(self._lock_file, mode=0o600, thread_local=False)

    @property
    def journal(self) -> Path:
        return self.path / JOURNAL

    @property
    def about(self) -> About:
        """What is known of it, however little that is."""
        with suppress(MendableError):
            if known := self._read("about.json", About):
                return known
        return About(self.id, moment(datetime.datetime.fromtimestamp(0, datetime.UTC)))

    @property
    def draft(self) -> Draft | None:
        """The machine's draft; None where the call was cut off before its end."""
        return self._read("draft.json", Draft)

    @property
    def edits(self) -> NoteVersion | None:
        """What the agent made of the draft so far; None where nothing was touched."""
        return self._read(APPROVED, NoteVersion)

    @property
    def state(self) -> State:
        if (self.path / APPROVED).exists():
            return "edited"
        return "drafted" if (self.path / "draft.json").exists() else "cut off"

    @property
    def waits(self) -> bool:
        """Whether it is still there: neither approved nor discarded."""
        return self.path.is_dir()

    @contextmanager
    def begun(self, about: About) -> Iterator["UnfinishedNote"]:
        """A new call, held until the block is left. Raises MendableError."""
        with _told(self.path):
            durable.make_folder(self.path.parent)
        with self.held(_PATIENCE):
            with _told(self.path):
                durable.make_folder(self.path)
            self._write("about.json", about)
            yield self

    @contextmanager
    def held(self, patience: float = 0.0) -> Iterator["UnfinishedNote"]:
        """Nobody else may open it meanwhile. Raises MendableError where somebody has it open.

        `patience` in seconds. May be nested.
        """
        try:
            with _told(self.path):
                self._lock.acquire(timeout=patience)
        except Timeout:
            raise MendableError(f"{self.id}: open in another window; finish it there") from None
        try:
            yield self
        finally:
            self._lock.release()
            if not self.waits:
                with suppress(OSError):
                    self._lock_file.unlink(missing_ok=True)

    def call(self, coach: Coach) -> Call:
        """The call, derived again from its journal; with the draft that the agent saw.

        A call that was cut off ends where its journal does, and its draft is kept from here on.
        Raises MendableError.
        """
        call = fold(run(journal.read(self.journal), coach.stages()))
        if draft := self.draft:
            return replace(call, note=draft.version.fields)
        if call.note is None:
            raise MendableError(f"{self.journal}: no note could be drafted from it")
        self.keep_draft(call, coach.versions(call))
        return call

    def keep_draft(self, call: Call, versions: Versions) -> None:
        """The machine's note, once the call has ended. Raises MendableError."""
        assert call.note is not None
        drafted = NoteVersion(call.note, to_markdown(call, call.note))
        self._write("draft.json", Draft(drafted, versions))

    def keep(self, edits: NoteVersion) -> None:
        """Saves what the agent has written so far, whole or not at all. Raises MendableError.

        Does nothing once the note is approved or discarded, as for a save that comes late.
        """
        if self.waits:
            self._write(APPROVED, edits)

    def approve(
        self,
        approved: NoteVersion,
        call: Call,
        *,
        by: str,
        at: datetime.datetime,
        to_file: bool = False,
    ) -> Head:
        """Records the note as the agent stands for it; it waits no longer. `at` is aware.

        On the disk when this returns; where it raises MendableError the note waits as before.
        `to_file`: the call is filed for review, by whoever looks into `to_file`.
        """
        draft = self.draft
        if draft is None:
            raise MendableError(f"{self.path}: its draft was not kept; copy the note instead")
        with self.held():
            if done := self._recorded():
                self._leave()
                return done
            self.keep(approved)
            known = self.chain.head()
            to_file = to_file and not self.about.is_demo
            self._write("approving.json", _Approving(known.number if known else 0, to_file))
            head = self.chain.append(
                Record(
                    facts(self.id, self.about.title, call),
                    Approval(by, moment(at)),
                    approved,
                    draft.version,
                    draft.versions,
                    transcript(call),
                )
            )
            self._leave()
            return head

    def discard(self) -> None:
        """Throws the call and its note away for good, and its recording if it has one."""
        with self.held():
            recording = self.about.recording
            self._remove()
            if recording:
                with suppress(OSError):
                    Path(recording).unlink(missing_ok=True)

    def sweep(self) -> bool:
        """Removes it where there is nothing to finish, as a crash may leave it; whether it did.

        So it is where nothing was heard yet, and where the record is already in the chain.
        """
        if not journal.is_journal(self.journal):
            self._remove()
            return True
        if self._recorded() is None:
            return False
        self._leave()
        return True

    def _recorded(self) -> Head | None:
        """Its record, where the program died between recording it and removing this."""
        if not (self.path / "approving.json").exists():
            return None
        return self.chain.find(self.id, self._approving().after)

    def _approving(self) -> _Approving:
        with suppress(MendableError):  # damaged: then all records are looked through
            if known := self._read("approving.json", _Approving):
                return known
        return _Approving(0)

    def _leave(self) -> None:
        """Once it is recorded. Where it can't be moved, the next sweep tries again."""
        if not self._approving().to_file:
            self._remove()
            return
        with suppress(OSError):
            durable.make_folder(self._to_file.parent)
            self.path.rename(self._to_file)

    def _remove(self) -> None:
        gone = self.path.with_name(f".{self.id}")
        with _told(self.path):
            self.path.rename(gone)
        shutil.rmtree(gone, ignore_errors=True)

    def _read(self, name: str, kind: type[_Kept]) -> _Kept | None:
        path = self.path / name
        if not path.exists():
            return None
        try:
            with _told(path):
                return msgspec.json.decode(path.read_bytes(), type=kind)
        except msgspec.DecodeError:
            raise MendableError(f"{path}: damaged; move it away to go on without it") from None

    def _write(self, name: str, value: msgspec.Struct) -> None:
        try:
            data = msgspec.json.encode(value)
        except UnicodeEncodeError:
            told = "the text holds a character that no file can; take it out"
            raise MendableError(f"{self.id}: {told}") from None
        with _told(self.path):
            durable.replace(self.path / name, data)


def begin(folder: Path, about: About) -> AbstractContextManager[UnfinishedNote]:
    """A new call that is to be kept, held until the block is left. Raises MendableError."""
    slug = re.sub(r"\W+", "-", about.title).strip("-")[:40] or "call"
    identity = f"{about.began.utc:%Y%m%dT%H%M%SZ}-{slug}-{secrets.token_hex(2)}"
    return UnfinishedNote(folder, identity).begun(about)


def waiting(folder: Path) -> list[UnfinishedNote]:
    """The calls that wait, oldest first; not those that are open in another program.

    Sweeps up what a crash left of calls of which nothing was heard or which are recorded.
    """
    place = _place(folder)
    found = []
    for path in sorted(place.glob("*")) if place.is_dir() else ():
        if path.name.startswith("."):
            shutil.rmtree(path, ignore_errors=True)
        elif path.suffix == ".lock" and not path.with_suffix("").exists():
            with suppress(MendableError), UnfinishedNote(folder, path.stem).held():
                pass  # it is removed with the last hold
        elif path.is_dir():
            note = UnfinishedNote(folder, path.name)
            with suppress(MendableError), note.held():
                with suppress(MendableError):  # rather listed twice than not at all
                    if note.sweep():
                        continue
                found.append(note)
    return found


def to_file(folder: Path) -> Path:
    """Where approved calls are that are still to be filed; each has its folder as it was."""
    return folder / "to-file"


def _place(folder: Path) -> Path:
    return folder / "unfinished"


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """A fault of the disk, as a line for the user."""
    try:
        yield
    except Timeout:
        raise
    except OSError as error:
        raise MendableError(f"{path}: {error.strerror}; look at its folder and its disk") from None
