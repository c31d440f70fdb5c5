"""The last line: the keys, or for a moment what the program has to say or ask."""

from textual.app import ComposeResult
from textual.containers import Container
from textual.timer import Timer
from textual.widgets import Footer, Static

NOTICE_FOR = 4.0
"""Seconds for which a notice takes the place of the keys."""


class Foot(Container):
    """Keys, or a notice in their place. Nothing here waits for an answer."""

    def __init__(self) -> None:
        super().__init__(id="foot")
        self._timer: Timer | None = None
        self.notice = ""
        """What is said now; empty where the keys are shown."""

    def compose(self) -> ComposeResult:
        yield Footer(show_command_palette=False)
        yield Static(id="notice", markup=False)

    def say(self, text: str, seconds: float = NOTICE_FOR) -> None:
        """Show a notice for so many seconds."""
        if self._timer:
            self._timer.stop()
        self._timer = self.set_timer(seconds, self.clear)
        self.notice = text
        self._draw()

    def clear(self) -> None:
        self.notice = ""
        self._draw()

    def _draw(self) -> None:
        self.set_class(bool(self.notice), "-notice")
        self.query_one("#notice", Static).update(self.notice)
