"""A whole call on the desk, opened where words were found in it."""

from functools import partial
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from agentassist.errors import MendableError
from agentassist.reviewing import OpenedCall, Reviewing
from agentassist.tui.foot import Foot
from agentassist.tui.live.transcript import Transcript
from agentassist.tui.review import said, words
from agentassist.tui.review.asking import ask
from agentassist.tui.review.messages import MomentWanted
from agentassist.tui.review.trouble import TroubleLine
from agentassist.tui.wording import clean


class CallScreen(Screen[None]):
    """All that was said, from one turn on up and down; `m` goes to the moment there."""

    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("m,enter", "moment", "Its moment", key_display="m", tooltip="The moment there"),
        Binding("escape,b", "back", "Back", key_display="Esc", tooltip="Back"),
        Binding("up", "scroll(-1)", "Up", show=False),
        Binding("down", "scroll(1)", "Down", show=False),
        Binding("pageup", "scroll(-10)", "Page up", show=False),
        Binding("pagedown", "scroll(10)", "Page down", show=False),
    ]

    def __init__(self, desk: Reviewing, call: str, turn: int) -> None:
        super().__init__()
        self._desk = desk
        self._call = call
        self._turn = turn
        self.opened: OpenedCall | None = None
        self.head = Static("Opening the call ...", id="review-head", markup=False)
        self.transcript = Transcript()
        self.trouble = TroubleLine()
        self.foot = Foot()

    def compose(self) -> ComposeResult:
        yield self.head
        with Container(id="left"):
            yield self.transcript
        yield self.trouble
        yield self.foot

    def on_mount(self) -> None:
        self.run_worker(self._open(), exclusive=True)

    def check_action(self, action: str, _parameters: tuple[object, ...]) -> bool | None:
        return bool(self.opened and self.opened.moments) if action == "moment" else True

    def again(self) -> None:
        """Tries again what could not be opened."""
        if self.trouble.text:
            self.run_worker(self._open(), exclusive=True)

    async def _open(self) -> None:
        try:
            self.opened = await ask(partial(self._desk.open_call, self._call))
        except MendableError as error:
            self.trouble.tell(str(error))
            return
        self.trouble.tell("")
        self._draw(self.opened)

    def _draw(self, opened: OpenedCall) -> None:
        title = f"{clean(opened.title)} · {clean(opened.agent)} · {opened.day:%d %b %Y}"
        count = len(opened.moments)
        told = "no moment" if not count else f"{count} moment{'s' * (count > 1)}"
        waits = sum(each.standing == "open" for each in opened.moments)
        told += f", {words.waiting(waits, 0)}" if waits else ""
        self.head.update(Content.assemble((title, "bold"), f"\n{told}"))
        self.transcript.show(said.call(opened.said))
        at = said.place(opened.said, self._turn)
        self.call_after_refresh(self.transcript.mark, at, middle=True)
        self.refresh_bindings()

    def action_moment(self) -> None:
        """The moment of that turn, or the nearest one."""
        moments = self.opened.moments if self.opened else ()
        if moments:
            nearest = min(moments, key=lambda each: abs((each.turn or 0) - self._turn))
            self.post_message(MomentWanted(nearest.id))

    def action_scroll(self, lines: int) -> None:
        self.transcript.move(lines)

    def action_back(self) -> None:
        self.dismiss(None)
