"""The notes that wait, on the screen without a call: `agentassist note finish`."""

from textual import on

from agentassist.tui.desk import Desk
from agentassist.tui.desk_app import DeskApp, Theme
from agentassist.tui.messages import NextWanted
from agentassist.tui.note.screen import NoteScreen
from agentassist.tui.note.waiting import WaitingScreen


class NotesApp(DeskApp[None]):
    """The list of notes that wait, or one of them; leaving that ends the program."""

    def __init__(self, desk: Desk, identity: str | None = None, theme: Theme = "dark") -> None:
        """`identity` is the note to open at once."""
        super().__init__(desk, theme)
        self._identity = identity

    async def on_mount(self) -> None:
        await self.push_screen(WaitingScreen(self.desk), lambda _: self.exit())
        if self._identity:
            self.open_unfinished(self._identity, then=self.exit)

    @on(NextWanted)
    def _next(self) -> None:
        """Back to the list, where the next one waits."""
        if isinstance(self.screen, NoteScreen):
            self.screen.dismiss(None)
