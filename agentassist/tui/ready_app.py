"""The program while it waits for a call: the first half of `agentassist live`."""

from collections.abc import Callable
from typing import Literal

from textual import on

from agentassist.brief import Brief
from agentassist.tui.brief.screen import BriefScreen
from agentassist.tui.desk import Desk
from agentassist.tui.desk_app import DeskApp, Theme
from agentassist.tui.messages import NextBegan, NextWanted
from agentassist.tui.note.screen import NoteScreen
from agentassist.tui.ready.screen import Line, ReadyScreen, Setup
from agentassist.vocabulary import Objective


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
        self._page: Brief | None = None
        self._picked: Objective | None = None
        self._choose: Callable[[Objective], None] = lambda _: None
        self.ready = ReadyScreen(line, setup, desk.data, self._began)

    def brief(
        self,
        page: Brief,
        choose: Callable[[Objective], None],
        picked: Objective | None = None,
    ) -> None:
        """To be read before the call; `choose` is told what the agent picks. Before it runs."""
        self._page, self._choose, self._picked = page, choose, picked

    async def on_mount(self) -> None:
        await self.push_screen(self.ready)
        if self._page:
            await self.push_screen(BriefScreen(self._page, picked=self._picked), self._chosen)

    def _chosen(self, objective: Objective | None) -> None:
        if objective:
            self._choose(objective)

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
