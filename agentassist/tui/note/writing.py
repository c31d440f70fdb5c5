"""Where the agent writes: one line of the note, or the whole text with the draft beside it."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Static, TextArea

from agentassist.tui import wording
from agentassist.tui.note.own_text import counterpart


class LineField(TextArea):
    """One line, wrapped where it is long; Enter ends it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "finish", "Keep", key_display="Enter", priority=True),
    ]

    class Finished(Message):
        """The line is written."""

    def action_finish(self) -> None:
        self.post_message(self.Finished())


class LineEditor(Vertical):
    """One line to write, with what the machine drafted for it below."""

    def __init__(self) -> None:
        super().__init__(id="line-editor")
        self.field = LineField(id="line-field", compact=True, highlight_cursor_line=False)
        self.field.cursor_blink = False

    def compose(self) -> ComposeResult:
        yield self.field
        yield Static(id="line-draft", markup=False)

    @property
    def text(self) -> str:
        return self.field.text

    def open(self, text: str, title: str, drafted: str = "") -> None:
        """Begin with this text, the cursor at its end."""
        self.border_title = title
        self.border_subtitle = "Enter keeps it, Esc leaves it"
        self.field.text = text
        self.field.move_cursor(self.field.document.end)
        told = self.query_one("#line-draft", Static)
        told.update(Content.styled(f"draft: {wording.clean(drafted)}", "$quiet"))
        told.display = bool(drafted)
        self.field.focus()


class TextEditor(Vertical):
    """The whole text; below it what the draft says where the agent wrote something else."""

    def __init__(self) -> None:
        super().__init__(id="text-editor")
        self.field = TextArea(id="editor", highlight_cursor_line=False)
        self.field.cursor_blink = False
        self._draft = ""

    def compose(self) -> ComposeResult:
        yield self.field
        yield Static(id="text-draft", markup=False)

    @property
    def text(self) -> str:
        return self.field.text

    def open(self, text: str, draft: str) -> None:
        """Begin with this text, beside the machine's draft."""
        self._draft = draft
        self.field.text = text
        self._compare()
        self.field.focus()

    @on(TextArea.Changed)
    @on(TextArea.SelectionChanged)
    def _compare(self) -> None:
        row, _ = self.field.cursor_location
        drafted = counterpart(self._draft, self.field.text, row)
        told = self.query_one("#text-draft", Static)
        told.display = drafted is not None
        told.update(f"Edited here. Draft: {wording.clean(drafted or '') or 'nothing'}")
