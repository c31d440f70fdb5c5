"""The note screen: hands the keys to the note's states, and the states to its widgets."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.command import Provider
from textual.containers import Container
from textual.content import Content
from textual.screen import Screen
from textual.timer import Timer
from textual.widgets import OptionList, Static, TextArea

from agentassist.call import Call
from agentassist.tui import help as help_panel
from agentassist.tui import wording
from agentassist.tui.desk import Desk
from agentassist.tui.foot import Foot
from agentassist.tui.messages import ExportWanted, MomentWanted, NextWanted
from agentassist.tui.note import editing as steps
from agentassist.tui.note import head
from agentassist.tui.note.doubt import DoubtPanel
from agentassist.tui.note.editing import Editing, Writing
from agentassist.tui.note.exports import ExportCommands
from agentassist.tui.note.keeper import Keeper
from agentassist.tui.note.keys import KEYS, Mode, is_of_use
from agentassist.tui.note.lines import NoteLines
from agentassist.tui.note.marks import Place
from agentassist.tui.note.outcomes import OutcomeList
from agentassist.tui.note.outlet import Outlet
from agentassist.tui.note.shelf import Shelf
from agentassist.tui.note.writing import LineEditor, LineField, TextEditor

KEEP_AFTER = 0.3
"""Seconds after a keystroke until it is kept: what a crash can take."""

ASKED_FOR = 6.0
"""Seconds within which a second press of the same key is the answer."""

_WIDTHS = [(0, "-narrow"), (160, "-wide")]


class NoteScreen(Screen[None]):
    """What the call came to, to be checked, mended and kept."""

    AUTO_FOCUS = "#lines"
    HORIZONTAL_BREAKPOINTS = _WIDTHS
    BINDINGS = KEYS
    COMMANDS: ClassVar[set[type[Provider]]] = {ExportCommands}  # type: ignore[assignment]

    def __init__(
        self, call: Call, title: str, shelf: Shelf, desk: Desk, *, pause: str = ""
    ) -> None:
        """`call` has ended; `pause` suggests one, for the agent alone."""
        super().__init__()
        self.told = wording.clean(title)
        """Which call it is."""
        self._shelf = shelf
        self._desk = desk
        self._pause = pause
        self._keeper = Keeper(call, shelf)
        self._outlet = Outlet(title, desk)
        self._mode: Mode = "lines"
        self._writing: Writing | None = None
        self._asked = False
        self._timer: Timer | None = None
        self.head = Static(id="note-head", markup=False)
        self.lines = NoteLines()
        self.doubt = DoubtPanel()
        self.line = LineEditor()
        self.text = TextEditor()
        self.outcomes = OutcomeList()
        self.help = help_panel.HelpPanel(help_panel.NOTE)
        self.foot = Foot()

    @property
    def call(self) -> Call:
        return self._keeper.call

    @property
    def loses(self) -> bool:
        """Whether something would be lost if the program ended now."""
        return self._keeper.loses

    def renew(self, call: Call) -> None:
        """Take a later draft, unless the agent has begun to write, or saved."""
        typed = self._as_typed()
        begun = typed and (typed.touched or self._keeper.saved(typed))
        if call.note is not self.call.note and not begun and self._mode not in ("line", "text"):
            self._keeper = Keeper(call, self._shelf)
            self._show()

    def compose(self) -> ComposeResult:
        yield self.head
        with Container(id="sheet"):
            yield self.lines
            yield self.outcomes
            yield self.text
            yield self.help
        with Container(id="note-panels"):
            yield self.doubt
            yield self.line
        yield self.foot

    def on_mount(self) -> None:
        self._show()
        self._go_to_doubt()

    def on_unmount(self) -> None:
        self._keep()

    def check_action(self, action: str, _parameters: tuple[object, ...]) -> bool | None:
        return is_of_use(action, self._mode, self._keeper.editing)

    # What is confirmed, edited, added, deleted

    def action_confirm(self, step: int) -> None:
        self.doubt.go(step)
        self._go_to_doubt()

    def action_choose(self, key: int) -> None:
        doubt, editing = self.doubt.doubt, self._to_edit()
        if editing and doubt and key <= len(doubt.readings):
            self._become(steps.chose(editing, doubt, doubt.readings[key - 1]))
            self.foot.say(f"Reading {key} chosen. u takes it back.")
            self._go_to_doubt()

    def action_edit(self) -> None:
        row, editing = self.lines.row, self._to_edit()
        if row is None or editing is None:
            return
        if row.is_outcome:
            self._switch("outcomes")
            self.outcomes.open(editing.note.outcome)
        elif row.is_line and row.place:
            self._write(editing, Writing(row.place, adding=False))
        else:
            self.action_add()

    def action_add(self) -> None:
        row, editing = self.lines.row, self._to_edit()
        if editing and row and row.place:
            after = Place(row.place.section, row.place.line + row.is_line)
            self._write(editing, Writing(after, adding=True))

    def action_delete(self) -> None:
        row, editing = self.lines.row, self._to_edit()
        if editing and row and row.is_line and row.place:
            self._become(steps.removed(editing, row.place))
            self.foot.say("Line deleted. u brings it back.")

    def action_undo(self) -> None:
        if (editing := self._to_edit()) and editing.steps:
            self._become(steps.undone(editing))
            self.foot.say(f"Taken back: {editing.steps[-1].what}.")

    def action_whole(self) -> None:
        if editing := self._to_edit():
            self._switch("text")
            self.text.open(editing.text, editing.drafted_text)

    def _write(self, editing: Editing, writing: Writing) -> None:
        self._switch("line")
        self._writing = writing
        self.line.open(*steps.written(editing, writing))

    def _to_edit(self) -> Editing | None:
        """The note, unless it was saved for good."""
        if self._keeper.final:
            self.foot.say(f"It is {self._keeper.final}, and stays so: agentassist note correct")
            return None
        return self._keeper.editing

    @on(LineField.Finished)
    def _line_written(self) -> None:
        writing = self._writing
        self._switch("lines")
        if writing:
            self.lines.go_to(writing.place)

    @on(OptionList.OptionSelected, "#outcomes")
    def _outcome_chosen(self, event: OptionList.OptionSelected) -> None:
        if editing := self._to_edit():
            outcome = self.outcomes.outcome(event.option_index)
            self._become(steps.named(editing, outcome, self._desk.codes))
        self._switch("lines")

    @on(OptionList.OptionSelected, "#lines")
    def _line_entered(self) -> None:
        """To its moment; a line that came from nowhere is edited."""
        row = self.lines.row
        if row and row.turn is not None:
            self.post_message(MomentWanted(row.turn))
        else:
            self.action_edit()

    @on(TextArea.Changed)
    def _typed(self) -> None:
        if self._timer is None:
            self._timer = self.set_timer(KEEP_AFTER, self._keep)

    # What is saved, copied, exported

    def action_save(self) -> None:
        """Asks once where figures are not confirmed."""
        self._end_writing()
        editing = self._keeper.editing
        if editing is None or self._keeper.saved(editing) or self._to_edit() is None:
            return
        if (count := len(editing.note.doubts)) and not self._asked:
            self._asked = True
            self.set_timer(ASKED_FOR, self._forget_asking)
            told = f"{count} not confirmed. s again saves it all the same, marked so."
            self.foot.say(told, ASKED_FOR)
            return
        if trouble := self._keeper.save(editing):
            self.foot.say(trouble)
        else:
            self.foot.clear()
        self._show()

    def action_copy(self) -> None:
        if editing := self._keeper.editing:
            text = steps.short(editing)
            self.app.copy_to_clipboard(text)
            self.foot.say(self._outlet.copied(editing, text))

    @on(ExportWanted)
    def _export(self, wanted: ExportWanted) -> None:
        self._end_writing()
        if editing := self._keeper.editing:
            self.foot.say(self._outlet.exported(editing, wanted.to))

    def action_next(self) -> None:
        self.post_message(NextWanted())

    def action_help(self) -> None:
        self._switch("lines" if self._mode == "help" else "help")

    def action_scroll(self, lines: int) -> None:
        """Of the help; the note's lines have such keys of their own."""
        self.help.scroll_relative(y=lines, animate=False, immediate=True)

    def action_back(self) -> None:
        """Out of what is in front of the note first; then out of the note."""
        if self._mode == "lines":
            self.dismiss(None)
            return
        self._writing = None
        self._switch("lines")

    # From one state to the next

    def _become(self, editing: Editing) -> None:
        self._keeper.editing = editing
        self._asked = False
        self._keep()
        self._show()

    def _as_typed(self) -> Editing | None:
        """With what is being written, which may yet be left."""
        editing = self._keeper.editing
        if editing and self._mode == "line" and self._writing:
            return steps.typed(editing, self._writing, self.line.text)
        if editing and self._mode == "text":
            return steps.rewrote(editing, self.text.text)
        return editing

    def _end_writing(self) -> None:
        if self._mode in ("line", "text"):
            self._switch("lines")

    def _switch(self, mode: Mode) -> None:
        """Brings it in front; what was being written is taken into the note."""
        typed = self._as_typed()
        self._mode, self._writing = mode, None
        if typed is not None:
            self._become(typed)
        self._show()
        if mode == "lines":
            self.lines.focus()

    def _keep(self) -> None:
        if self._timer:
            self._timer.stop()
            self._timer = None
        if typed := self._as_typed():
            if trouble := self._keeper.keep(typed):
                self.foot.say(trouble)
            self._tell(typed)

    def _forget_asking(self) -> None:
        self._asked = False

    def _go_to_doubt(self) -> None:
        editing, doubt = self._keeper.editing, self.doubt.doubt
        if editing and doubt and (place := steps.line_of(editing.note, doubt)):
            self.lines.go_to(place)

    def _show(self) -> None:
        mode, editing = self._mode, self._keeper.editing
        self.lines.display = mode in ("lines", "line")
        self.outcomes.display = mode == "outcomes"
        self.text.display = mode == "text"
        self.help.display = mode == "help"
        self.line.display = mode == "line"
        self.doubt.display = mode == "lines" and bool(editing and editing.note.doubts)
        if editing:
            self.lines.show(editing)
            self.doubt.show(editing.note)
        self._tell(editing)
        self.refresh_bindings()

    def _tell(self, editing: Editing | None) -> None:
        self.head.update(self._head(editing))

    def _head(self, editing: Editing | None) -> Content:
        """What it is, what came of it, and whether it is saved."""
        title = f"Note - {self.told}"
        if editing is None:
            return Content.assemble((title, "bold"), "\nNo note was drafted.")
        status = head.status(editing, self._keeper.saved(editing), self._desk.limit)
        remark = f"\n{editing.remark}" if editing.remark and self._mode != "line" else ""
        title = f"{title} · {head.outcome(editing)}"
        pause = f"\n{self._pause}" if self._pause and self._mode == "lines" else ""
        return Content.assemble((title, "bold"), f"\n{status}", remark, (pause, "$quiet"))
