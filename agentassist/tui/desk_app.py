"""What the program's screens share with or without a call: themes, and the notes that wait."""

import asyncio
import contextlib
import os
from collections.abc import Callable
from typing import ClassVar, Literal, TypeVar

from textual import on
from textual.app import App
from textual.binding import Binding, BindingType
from textual.command import Provider
from textual.screen import Screen

from agentassist.errors import MendableError
from agentassist.store.unfinished import UnfinishedNote
from agentassist.tui import faults, themes
from agentassist.tui.commands import KeyCommands
from agentassist.tui.desk import Desk
from agentassist.tui.foot import Foot
from agentassist.tui.messages import LeaveWanted, MomentWanted, WaitingOpened
from agentassist.tui.note.moment import MomentScreen
from agentassist.tui.note.screen import NoteScreen
from agentassist.tui.note.shelf import RecordShelf
from agentassist.tui.note.waiting import WaitingScreen

Theme = Literal["dark", "light"]
Result = TypeVar("Result")


class DeskApp(App[Result]):
    """An app at one desk, where notes wait to be finished. `Result` is what `run` gives."""

    CSS_PATH = "app.tcss"
    TITLE = "agentassist"
    COMMANDS: ClassVar[set[type[Provider] | Callable[[], type[Provider]]]] = {KeyCommands}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("t", "switch_theme", "Theme", show=False, tooltip="Light or dark"),
        Binding("l", "waiting", "Waiting", show=False, tooltip="Notes that wait to be finished"),
        Binding("q", "quit", "Quit", tooltip="Quit"),
        Binding("ctrl+q", "quit", "Quit", show=False, priority=True, system=True),
    ]

    def __init__(self, desk: Desk, theme: Theme = "dark") -> None:
        super().__init__()
        themes.dress(self, theme)
        self.desk = desk
        self._waiting_held = contextlib.ExitStack()

    def _fatal_error(self) -> None:
        if os.environ.get(faults.DEBUG):
            super()._fatal_error()
        else:
            faults.quiet(self, self._exception)

    async def on_unmount(self) -> None:
        self._waiting_held.close()

    def action_switch_theme(self) -> None:
        themes.switch(self)

    @property
    def theme_now(self) -> Theme:
        """As the user has it now."""
        return "dark" if self.current_theme.dark else "light"

    @on(LeaveWanted)
    def _leave(self) -> None:
        """Without a question: the terminal may be gone."""
        self.exit()

    def action_help_quit(self) -> None:
        """Ctrl+C, which ends other programs."""
        self.call_later(self.action_quit)

    def may_list_waiting(self) -> bool:
        """Whether the list of notes that wait may come in front of what is there now."""
        return not isinstance(self.screen, WaitingScreen | NoteScreen | MomentScreen)

    def action_waiting(self) -> None:
        """The list of notes that wait; from a note, back to it later."""
        if self.may_list_waiting():
            self.push_screen(WaitingScreen(self.desk))

    def say(self, text: str) -> None:
        """In the last line of the screen in front."""
        for foot in self.screen.query(Foot):
            foot.say(text)

    @on(WaitingOpened)
    def _open_waiting(self, opened: WaitingOpened) -> None:
        self.open_unfinished(opened.identity)

    def open_unfinished(self, identity: str, then: Callable[[], None] | None = None) -> None:
        """Its note screen, as soon as the call was read; `then` once it is left."""
        self.run_worker(self._open_unfinished(identity, then), exclusive=True)

    async def _open_unfinished(self, identity: str, then: Callable[[], None] | None) -> None:
        note = UnfinishedNote(self.desk.data, identity)
        try:
            self._waiting_held.enter_context(note.held())
            call = await asyncio.to_thread(note.call, self.desk.coach)
        except MendableError as error:
            self._waiting_held.close()
            self.say(f"Can't open it: {error}")
            return

        def left(_: object) -> None:
            self._waiting_held.close()
            if then:
                then()

        shelf = RecordShelf(note, self.desk.by, self.desk.now, self.desk.filing)
        screen: Screen[None] = NoteScreen(call, note.about.title, shelf, self.desk)
        await self.push_screen(screen, left)

    @on(MomentWanted)
    def _moment_wanted(self, wanted: MomentWanted) -> None:
        self.show_moment(wanted.turn)

    def show_moment(self, turn: int) -> None:
        """What was said around a line of the note in front."""
        if isinstance(self.screen, NoteScreen):
            self.push_screen(MomentScreen(self.screen.call, self.screen.told, turn))
