"""The brief: what to know before ringing, on one page; the agent picks what the call is for."""

from collections.abc import Iterator
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from agentassist.brief import OBJECTIVE, Brief
from agentassist.dialling import Answer
from agentassist.tui import wording
from agentassist.tui.foot import Foot
from agentassist.vocabulary import OBJECTIVES, Objective

_WIDTHS = [(0, "-narrow"), (110, "-middle"), (160, "-wide")]

_ROOMY = 110
"""Columns from which each question before ringing is told at the top, with its reason."""

_FEW = 2
"""Questions at the top of a smaller screen; the others stand below what is owed."""

_SHORT: dict[Objective, str] = {
    "confirm": "confirm",
    "negotiate": "arrange",
    "settle": "settle",
    "gather": "learn",
    "follow_up": "follow up",
}

_PICKS: list[BindingType] = [
    Binding(str(place), f"pick({place - 1})", OBJECTIVE[name], show=False, tooltip=OBJECTIVE[name])
    for place, name in enumerate(OBJECTIVES, 1)
]


class BriefScreen(Screen[Objective | None]):
    """Gives the objective that was picked, or None where the agent only looked."""

    AUTO_FOCUS = ""
    HORIZONTAL_BREAKPOINTS = _WIDTHS
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "go_on", "Go on", key_display="Enter", tooltip="Go on to the call"),
        Binding("escape,b,i", "leave", "Back", key_display="Esc", tooltip="Back"),
        *_PICKS,
        Binding("down", "scroll(1)", "More", key_display="↑↓", tooltip="Further down"),
        Binding("up", "scroll(-1)", "Up", show=False),
        Binding("pageup", "scroll(-10)", "Page up", show=False),
        Binding("pagedown", "scroll(10)", "Page down", show=False),
        Binding("t", "app.switch_theme", "Theme", tooltip="Light or dark"),
    ]

    def __init__(self, page: Brief, *, picked: Objective | None = None, on: bool = False) -> None:
        """`picked` before; `on`: the call is on already, so that there is nothing to pick."""
        super().__init__()
        self._page = page
        self._on = on
        self._asked = False
        self.objective: Objective = picked or page.objective
        self._said = Static(id="brief-ringing", markup=False)
        self._told = Static(id="brief-told", markup=False)
        self._choice = Static(id="brief-choice", markup=False)
        self.foot = Foot()

    def compose(self) -> ComposeResult:
        yield Static(wording.clean(f"Brief - {self._page.who}"), id="note-head", markup=False)
        with Container(id="sheet"), VerticalScroll(id="brief", can_focus=False):
            yield self._said
            yield self._told
        yield self._choice
        yield self.foot

    def on_mount(self) -> None:
        self._said.set_class(bool(self._page.stops), "-stop")
        self._choice.display = not self._on
        self._draw_choice()

    def on_resize(self) -> None:
        self._said.update(Content("\n").join(self._ringing()))
        self._told.update(Content("\n").join(self._lines()))

    @property
    def _is_roomy(self) -> bool:
        return self.size.width >= _ROOMY

    def check_action(self, action: str, _parameters: tuple[object, ...]) -> bool | None:
        return not (self._on and action in ("go_on", "pick"))

    def action_pick(self, place: int) -> None:
        self.objective = OBJECTIVES[place]
        self._draw_choice()

    def action_go_on(self) -> None:
        """Asks once where a rule says not to ring; it never forbids."""
        if self._page.stops and not self._asked:
            self._asked = True
            self.foot.say("A rule says not to ring now. Enter again goes on all the same.", 8.0)
            return
        self.dismiss(self.objective)

    def action_leave(self) -> None:
        self.dismiss(None)

    def action_scroll(self, lines: int) -> None:
        self.query_one("#brief", VerticalScroll).scroll_relative(y=lines, animate=False)

    def _ringing(self) -> Iterator[Content]:
        page = self._page
        if not page.stops and not page.asks:
            yield Content.assemble(("You may ring now. ", "bold"), "No rule stands against it.")
        for answer in page.stops:
            yield _answer("DON'T RING NOW", answer, why=True)
        for answer in page.asks if self._is_roomy else page.asks[:_FEW]:
            yield _answer("FIRST", answer, why=self._is_roomy)

    def _lines(self) -> Iterator[Content]:
        page = self._page
        for warning in page.warnings:
            yield Content.assemble(("! ", "$flag bold"), (wording.clean(warning), "bold"))
        for section in page.sections:
            first, *others = section.lines
            yield _row(section.title, first)
            yield from (_row("", line) for line in others)
        for place, answer in enumerate(() if self._is_roomy else page.asks[_FEW:]):
            yield _row("" if place else "First also", f"{answer.what} [{answer.source}]")
        for place, line in enumerate(page.missing):
            yield _row("" if place else "Not known", line, quiet=True)

    def _draw_choice(self) -> None:
        self._choice.update(
            Content.assemble(
                ("This call is to: ", "$quiet"),
                (OBJECTIVE[self.objective], "bold"),
                (f" (suggested: {self._page.reason})", "$quiet")
                if self.objective == self._page.objective
                else "",
                "\n",
                *self._keys(),
            )
        )

    def _keys(self) -> Iterator[Content | tuple[str, str] | str]:
        for place, name in enumerate(OBJECTIVES, 1):
            mark = "›" if name == self.objective else " "
            yield (f"{mark}{place} {_SHORT[name]}  ", "bold" if name == self.objective else "")


def _answer(head: str, answer: Answer, *, why: bool) -> Content:
    return Content.assemble(
        (f"{head}: ", "bold"),
        (wording.clean(answer.what), "bold"),
        f" {wording.clean(answer.why)}" if why else "",
        (f" [{wording.clean(answer.source)}]", "$quiet"),
    )


def _row(title: str, line: str, *, quiet: bool = False) -> Content:
    return Content.assemble(
        (f"{title:<15}", "$quiet"), (wording.clean(line), "$quiet" if quiet else "")
    )
