"""Where the note is kept while it is edited, and where it goes when it is saved."""

import datetime
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from agentassist.call import Call
from agentassist.errors import MendableError
from agentassist.store.records import NoteVersion
from agentassist.store.unfinished import UnfinishedNote
from agentassist.tui.note import saving


class Shelf(Protocol):
    """One note's place."""

    @property
    def safe(self) -> bool:
        """Whether what is not saved yet survives a crash, and quitting."""
        ...

    @property
    def is_final(self) -> bool:
        """Whether what was saved stays as it is."""
        ...

    @property
    def edits(self) -> NoteVersion | None:
        """What the agent had made of it when it was left."""
        ...

    def keep(self, version: NoteVersion) -> None:
        """Keeps what is not saved yet. Raises MendableError."""
        ...

    def save(self, version: NoteVersion, call: Call) -> str:
        """Saves the note as the agent stands for it; tells where. Raises MendableError."""
        ...


class RecordShelf:
    """A call that is kept: its edits wait beside it, and it is saved as a record."""

    is_final = True

    def __init__(
        self,
        note: UnfinishedNote,
        by: Callable[[], str],
        now: Callable[[], datetime.datetime],
        filing: Callable[[], None] | None = None,
    ) -> None:
        """`by` tells who approves, `now` an aware time. The note must be held meanwhile.

        `filing` is told once the call is to be filed for review; without it none is.
        """
        self._note = note
        self._by = by
        self._now = now
        self._filing = filing
        self._fails = False

    @property
    def safe(self) -> bool:
        return not self._fails and self._note.state != "cut off"

    @property
    def edits(self) -> NoteVersion | None:
        return self._note.edits

    def keep(self, version: NoteVersion) -> None:
        self._fails = True
        self._note.keep(version)
        self._fails = False

    def save(self, version: NoteVersion, call: Call) -> str:
        if self._note.draft is None:
            raise MendableError("the draft is not on the disk")
        files, at = self._filing is not None, self._now()
        head = self._note.approve(version, call, by=self._by(), at=at, to_file=files)
        if self._filing:
            self._filing()
        return f"record {head.number}"


class FileShelf:
    """A call that is not kept: its note is saved as a file, and until then it can be lost."""

    safe = False
    is_final = False
    edits = None

    def __init__(self, folder: Path, title: str) -> None:
        self._folder = folder
        self._title = title

    def keep(self, version: NoteVersion) -> None:
        """Nowhere: the user asked that it should not be."""

    def save(self, version: NoteVersion, call: Call) -> str:
        name = saving.file_name(self._title, call)
        return str(saving.save(version.text, self._folder, name))
