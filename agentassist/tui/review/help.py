"""The desk's help, and what its data is for, always in sight below it."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.screen import Screen
from textual.widgets import Static

from agentassist.tui.foot import Foot
from agentassist.tui.help import HelpPanel, Rows
from agentassist.tui.review.words import APART

SECTIONS: tuple[tuple[str, Rows], ...] = (
    (
        "The queue",
        (
            ("↑ ↓", "from moment to moment; more are read as you go down"),
            ("Enter", "open the moment"),
            ("f", "filters; c clears them"),
            ("/", "search the words that were said"),
            ("k", "how often each rule is right"),
            ("w", "what others said of your own moments"),
            ("r", "read the queue again"),
            ("q", "quit"),
        ),
    ),
    (
        "A moment",
        (
            ("a", "agree: the coach is right; goes on to the next"),
            ("o", "overrule, with a reason; goes on to the next"),
            ("u", "back to the one just judged; the latest judgement counts"),
            ("c", "comment"),
            ("p", "praise: well done"),
            ("s", "share as a training example; the agent is asked first"),
            ("r", "answer the agent's dispute"),
            ("d", "your own moment: dispute it, with a reason"),
            ("y", "your own moment: consent to share it; again: take that back"),
            ("Space", "play it, from 5 s before the turn; again: stop"),
            ("n ↓", "next moment; b ↑ the one before"),
            ("PgUp", "scroll the call; also PgDn, Home, End, Shift+↑ ↓"),
            ("[ ]", "scroll what stands beside the call"),
            ("Esc", "back to the queue"),
        ),
    ),
    (
        "Marks",
        (
            ("■", "STOP: the most pressing; ◆ FIX; · NOTE"),
            ("» «", "the words that the moment is about"),
            ("▲", "words that were flagged, underlined"),
            ("►", "the turn of the moment"),
            ("!", "a dispute that waits for an answer; something out of reach"),
        ),
    ),
    (
        "Everywhere",
        (
            ("t", "light or dark"),
            ("Ctrl+P", "all commands by name"),
            ("?", "this help; Esc closes it"),
        ),
    ),
)


class HelpScreen(Screen[None]):
    """In front of whatever one came from."""

    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,question_mark,f1,b", "back", "Back", key_display="Esc", tooltip="Back"),
        Binding("up", "scroll(-1)", "Up", show=False),
        Binding("down", "scroll(1)", "Down", show=False),
        Binding("pageup", "scroll(-10)", "Page up", show=False),
        Binding("pagedown", "scroll(10)", "Page down", show=False),
    ]

    def compose(self) -> ComposeResult:
        with Container(id="sheet"):
            yield HelpPanel(SECTIONS)
        yield Static(APART, id="review-apart", markup=False)
        yield Foot()

    def action_scroll(self, lines: int) -> None:
        self.query_one(HelpPanel).scroll_relative(y=lines, animate=False, immediate=True)

    def action_back(self) -> None:
        self.dismiss(None)
