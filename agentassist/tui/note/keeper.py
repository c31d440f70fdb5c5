"""One note from its draft to its record: what stands, what is kept of it, where it was saved.

Without a terminal. A fault of the disk is told in words and loses nothing.
"""

from agentassist.call import Call
from agentassist.errors import MendableError
from agentassist.store.records import NoteVersion
from agentassist.tui.note.editing import Editing, begun
from agentassist.tui.note.shelf import Shelf


class Keeper:
    """Holds the note as it stands, and its shelf."""

    def __init__(self, call: Call, shelf: Shelf) -> None:
        """`call` has ended; where no note was drafted there is nothing to edit."""
        self._shelf = shelf
        self.call = call
        self.editing: Editing | None = begun(call, shelf.edits) if call.note else None
        self._kept = self.editing.version if self.editing else None
        self._saved: NoteVersion | None = None
        self._place = ""

    @property
    def loses(self) -> bool:
        """Whether something would be lost if the program ended now."""
        return self.editing is not None and not self._shelf.safe and not self.saved(self.editing)

    @property
    def final(self) -> str:
        """Where the note was saved for good; empty while it may still be edited."""
        return self._place if self._shelf.is_final else ""

    def saved(self, editing: Editing) -> str:
        """Where the note was saved as it stands; empty where it was not."""
        return self._place if self._saved and editing.version == self._saved else ""

    def keep(self, editing: Editing) -> str:
        """Keeps it as it stands, against a crash; what went wrong, if anything did."""
        version = editing.version
        if self.final or version == self._kept:
            return ""
        self._kept = version
        try:
            self._shelf.keep(version)
        except MendableError as error:
            return f"Not kept: {error}"
        return ""

    def save(self, editing: Editing) -> str:
        """Saves it: the agent stands for it. What went wrong, if anything did."""
        version = editing.version
        try:
            self._place = self._shelf.save(version, self.call)
        except MendableError as error:
            return f"Can't save: {error}. Press c to copy it."
        self._saved = self._kept = version
        return ""
