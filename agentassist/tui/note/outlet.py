"""What leaves the screen: the short note, and the note in other programs' formats, as files."""

from agentassist.errors import MendableError
from agentassist.export import formats
from agentassist.tui.desk import Desk
from agentassist.tui.note import saving
from agentassist.tui.note.editing import Editing, short
from agentassist.tui.note.exports import FILES


class Outlet:
    """Writes files of one call into the desk's folder; says where."""

    def __init__(self, title: str, desk: Desk) -> None:
        self._title = title
        self._desk = desk
        self._copied = ""
        self._told = ""

    def copied(self, editing: Editing, text: str) -> str:
        """The short note that was copied, in a file too; the same words in one file only."""
        if text != self._copied:
            self._copied, self._told = text, self._file(editing, text, "short.txt")
        return f"Copied. {self._told}"

    def exported(self, editing: Editing, to: str) -> str:
        """The note in the format of that name."""
        try:
            made = self._made(editing, to)
        except MendableError as error:
            return f"Not exported: {error}"
        return self._file(editing, made, FILES[to].ending)

    def _made(self, editing: Editing, to: str) -> str | bytes:
        match to:
            case "text":
                return short(editing)
            case "markdown":
                return editing.text
            case _:
                return formats.export(editing.call, editing.note, to, self._desk.settings())

    def _file(self, editing: Editing, made: str | bytes, ending: str) -> str:
        name = saving.file_name(self._title, editing.call, ending)
        try:
            path = saving.save(made, self._desk.notes, name)
        except MendableError as error:
            return f"No file: {error}"
        return f"File: {path.name} in {path.parent}"
