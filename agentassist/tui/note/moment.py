"""The moment that a line came from, in the transcript of a call that is over."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.screen import Screen
from textual.widgets import Static

from agentassist.call import Call
from agentassist.tui import wording
from agentassist.tui.foot import Foot
from agentassist.tui.live.transcript import Transcript


class MomentScreen(Screen[None]):
    """The call's words with one turn marked."""

    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,escape,b", "back", "Back", key_display="Enter", tooltip="Back to the line"),
        Binding("up", "scroll(-1)", "Up", show=False),
        Binding("down", "scroll(1)", "Down", show=False),
        Binding("pageup", "scroll(-10)", "Page up", show=False),
        Binding("pagedown", "scroll(10)", "Page down", show=False),
    ]

    def __init__(self, call: Call, title: str, turn: int) -> None:
        super().__init__()
        self._call = call
        self._title = wording.clean(title)
        self._turn = turn
        self.transcript = Transcript()
        self.foot = Foot()

    def compose(self) -> ComposeResult:
        yield Static(f"Call - {self._title}", id="note-head", markup=False)
        with Container(id="left"):
            yield self.transcript
        yield self.foot

    def on_mount(self) -> None:
        self.transcript.show(self._call)
        self.call_after_refresh(self.transcript.mark, self._turn)

    def action_scroll(self, lines: int) -> None:
        self.transcript.move(lines)

    def action_back(self) -> None:
        self.dismiss(None)
