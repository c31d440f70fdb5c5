"""The program while it waits for a call: the first half of `agentassist live`."""

from collections.abc import Callable
from typing import Literal

from textual import on

from agentassist.tui.desk import Desk
from agentassist.tui.desk_app import DeskApp, Theme
from agentassist.tui.messages import NextBegan, NextWanted
from agentassist.tui.note.screen import NoteScreen
from agentassist.tui.ready.screen import Line, ReadyScreen, Setup


class ReadyApp(DeskApp[Literal["call"]]):
    """`run` gives "call" once one has begun."""

    def __init__(
        self,
        desk: Desk,
        line: Line,
        setup: Setup,
        begin: Callable[[], None],
        theme: Theme = "dark",
    ) -> None:
        """`begin` is called, before the screen goes, where the agent starts the call."""
        super().__init__(desk, theme)
        self._begin = begin
        self.ready = ReadyScreen(line, setup, desk.data, self._began)

    async def on_mount(self) -> None:
        await self.push_screen(self.ready)

    def _began(self) -> None:
        self._begin()
        self.exit("call")

    @on(NextBegan)
    def _begun_elsewhere(self) -> None:
        self.exit("call")

    @on(NextWanted)
    def _next(self) -> None:
        """From a note that waited, back to where it was opened from."""
        if isinstance(self.screen, NoteScreen):
            self.screen.dismiss(None)
