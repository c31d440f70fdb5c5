"""The notes that wait to be finished: open one, or throw it away."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.content import Content
from textual.screen import Screen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from agentassist.errors import MendableError
from agentassist.store.unfinished import State, UnfinishedNote, waiting
from agentassist.tui import wording
from agentassist.tui.desk import Desk
from agentassist.tui.foot import Foot
from agentassist.tui.messages import WaitingOpened

ASKED_FOR = 6.0
"""Seconds within which a second press throws a note away."""

_WIDTHS = [(0, "-narrow"), (160, "-wide")]

STATES: dict[State, str] = {
    "cut off": "cut off in the call",
    "drafted": "not looked at yet",
    "edited": "edited",
}


def told(count: int) -> str:
    """As "2 notes wait to be finished"."""
    return "1 note waits to be finished" if count == 1 else f"{count} notes wait to be finished"


class WaitingScreen(Screen[None]):
    """One row for each call whose note is not saved yet, oldest first."""

    AUTO_FOCUS = "#waiting"
    HORIZONTAL_BREAKPOINTS = _WIDTHS
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("x,delete", "discard", "Throw away", key_display="x", tooltip="Throw it away"),
        Binding("b,escape", "back", "Back", key_display="b", tooltip="Back"),
    ]

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._notes: list[UnfinishedNote] = []
        self._asked = ""
        self.list = OptionList(id="waiting", markup=False, compact=True)
        self.foot = Foot()

    def compose(self) -> ComposeResult:
        yield Static(id="note-head", markup=False)
        with Container(id="sheet"):
            yield self.list
        yield self.foot

    def on_screen_resume(self) -> None:
        """On coming here and coming back: what waits may have been finished."""
        self._show()

    def _show(self) -> None:
        at = self.list.highlighted or 0
        self._notes = waiting(self._desk.data)
        self.list.set_options(Option(_row(note)) for note in self._notes)
        self.list.highlighted = min(at, len(self._notes) - 1) if self._notes else None
        count = told(len(self._notes)) if self._notes else "No note waits"
        title = Content.assemble((f"{count}.", "bold"), "\nEnter opens one, to finish and save it.")
        self.query_one("#note-head", Static).update(title if self._notes else f"{count}.")
        self.refresh_bindings()

    def check_action(self, action: str, _parameters: tuple[object, ...]) -> bool | None:
        return bool(self._notes) or action != "discard"

    @on(OptionList.OptionSelected)
    def _open(self, event: OptionList.OptionSelected) -> None:
        self.foot.say("Opening the call ...")
        self.post_message(WaitingOpened(self._notes[event.option_index].id))

    def action_discard(self) -> None:
        """Asks once, in the last line."""
        if self.list.highlighted is None:
            return
        note = self._notes[self.list.highlighted]
        if self._asked != note.id:
            self._asked = note.id
            self.set_timer(ASKED_FOR, self._forget_asking)
            title = wording.clean(note.about.title)
            self.foot.say(f"Throw call and note of {title} away for good? x again does.", ASKED_FOR)
            return
        try:
            note.discard()
        except MendableError as error:
            self.foot.say(str(error))
            return
        self.foot.clear()
        self._show()

    def action_back(self) -> None:
        self.dismiss(None)

    def _forget_asking(self) -> None:
        self._asked = ""


def _row(note: UnfinishedNote) -> Content:
    about = note.about
    began = f"{about.began.local:%Y-%m-%d %H:%M}"
    title = wording.clean(about.title)
    return Content.assemble(f"{began}  {title}  ", (STATES[note.state], "italic"))
