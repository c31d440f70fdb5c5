"""The note screen: the draft with its moments, an editor for it, one key to save or copy."""

from pathlib import Path

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.content import Content
from textual.screen import Screen
from textual.widgets import OptionList, Static, TextArea

from agentassist.call import Call
from agentassist.note import to_markdown
from agentassist.tui import help as help_panel
from agentassist.tui import wording
from agentassist.tui.foot import Foot
from agentassist.tui.messages import MomentWanted
from agentassist.tui.note import saving
from agentassist.tui.note.lines import NoteLines

_WIDTHS = [(0, "-narrow"), (160, "-wide")]

# While the note is edited, letters are words: the footer then shows the second key of each.
_KEYS: list[BindingType] = [
    Binding("e", "edit", "Edit", tooltip="Edit the note"),
    Binding("s", "save", "Save", tooltip="Save the note as a file"),
    Binding("ctrl+s", "save", "Save", key_display="Ctrl+S"),
    Binding("c", "copy", "Copy", tooltip="Copy the note to the clipboard"),
    Binding("b", "back", "Back", tooltip="Back to the call"),
    Binding("escape", "back", "Back", key_display="Esc"),
    Binding("question_mark", "help", "Help", key_display="?", tooltip="Keys of the note"),
    Binding("f1", "help", "Help", key_display="F1"),
]


class NoteScreen(Screen[None]):
    """What the call came to, to be checked, mended and kept."""

    AUTO_FOCUS = "#lines"
    HORIZONTAL_BREAKPOINTS = _WIDTHS
    BINDINGS = _KEYS

    def __init__(self, call: Call, title: str, folder: Path) -> None:
        super().__init__()
        self._call = call
        self._title = wording.clean(title)
        self._folder = folder
        self._draft = _draft(call)
        self._saved_text: str | None = None
        self._saved_at: Path | None = None
        self.head = Static(id="note-head", markup=False)
        self.lines = NoteLines()
        self.editor = TextArea(self._draft, id="editor", highlight_cursor_line=False)
        self.help = help_panel.HelpPanel(help_panel.NOTE)
        self.foot = Foot()

    @property
    def unsaved(self) -> bool:
        """Whether the note as it stands is not on the disk."""
        return self._call.note is not None and self.editor.text != self._saved_text

    def renew(self, call: Call) -> None:
        """Take a later draft, unless the agent has begun to write."""
        if call.note is self._call.note or self.editor.text != self._draft:
            return
        self._call = call
        self._draft = _draft(call)
        self.editor.text = self._draft
        self._show()

    def compose(self) -> ComposeResult:
        yield self.head
        with Container(id="sheet"):
            yield self.lines
            yield self.editor
            yield self.help
        yield self.foot

    def on_mount(self) -> None:
        self.editor.display = self.help.display = False
        self._show()

    def _show(self) -> None:
        if self._call.note:
            self.lines.show(self._call.note)
        self._tell()
        self.refresh_bindings()

    def check_action(self, action: str, _parameters: tuple[object, ...]) -> bool | None:
        return self._call.note is not None or action not in ("edit", "save", "copy")

    @property
    def _editing(self) -> bool:
        return bool(self.editor.display)

    def action_edit(self) -> None:
        self._switch(editing=True)

    def action_help(self) -> None:
        showing = not self.help.display
        self._switch(editing=False)
        self.help.display = showing
        self.lines.display = not showing

    def action_back(self) -> None:
        """Out of the help or the editor first; then to the call."""
        if self.help.display:
            self.action_help()
        elif self._editing:
            self._switch(editing=False)
        else:
            self.app.pop_screen()

    def action_save(self) -> None:
        if not self.unsaved:
            self._tell()
            return
        text = self.editor.text
        try:
            name = saving.file_name(self._title, self._call)
            self._saved_at = saving.save(text, self._folder, name)
        except OSError as error:
            self.foot.say(f"Can't save: {error.strerror}. Press c to copy the note instead.")
            return
        self._saved_text = text
        self._tell()

    def action_copy(self) -> None:
        self.app.copy_to_clipboard(self.editor.text)
        self.foot.say(
            "Copied. If pasting brings nothing, the terminal forbids it: press s to save."
        )

    @on(OptionList.OptionSelected)
    def _leave_for_moment(self, event: OptionList.OptionSelected) -> None:
        turn = self.lines.moment(event.option_index)
        if turn is not None:
            self.post_message(MomentWanted(turn))

    @on(TextArea.Changed)
    def _edited(self) -> None:
        self._tell()

    def _switch(self, *, editing: bool) -> None:
        self.help.display = False
        self.editor.display = editing
        self.lines.display = not editing
        (self.editor if editing else self.lines).focus()
        self._tell()
        self.refresh_bindings()

    def _tell(self) -> None:
        """The head line: what this is, and whether it is kept."""
        edited = self.editor.text != self._draft
        if self._call.note is None:
            state = "No note was drafted."
        elif not self.unsaved:
            state = f"Saved: {self._saved_at}"
        else:
            state = "Edited, not saved." if edited else "Draft, not saved."
        if edited and not self._editing:
            state += " Below is the draft; saved is what you wrote (e)."
        self.head.update(Content.assemble((f"Note - {self._title}", "bold"), f"\n{state}"))


def _draft(call: Call) -> str:
    return to_markdown(call.note, call) if call.note else ""
