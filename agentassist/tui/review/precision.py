"""How often people found each rule right: published to everybody who sits here."""

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.content import Content
from textual.screen import Screen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from agentassist.errors import MendableError
from agentassist.report.precision import share, told
from agentassist.reviewing import Filters, Reviewing, RulePrecision
from agentassist.tui.foot import Foot
from agentassist.tui.review import words
from agentassist.tui.review.asking import ask
from agentassist.tui.review.messages import FiltersWanted
from agentassist.tui.review.rows import Rows
from agentassist.tui.review.trouble import TroubleLine

_WIDTHS = [(0, "-narrow"), (100, "-middle"), (160, "-wide")]
_COLUMNS = ("raised", "judged", "right", "overruled", "disputed")

ORDERS: tuple[tuple[str, Callable[[RulePrecision], Any]], ...] = (
    ("overruled most", lambda of: (-of.overruled, of.rule)),
    ("least right", lambda of: (share(of).is_small, _or(of.precision, 2.0), of.rule)),
    ("disputed most", lambda of: (-of.disputed, of.rule)),
    ("raised most", lambda of: (-of.raised, of.rule)),
    ("by name", lambda of: words.rule(of.rule)),
)
"""Small numbers come after those that tell."""


def _or(value: float | None, nothing: float) -> float:
    return nothing if value is None else value


class PrecisionScreen(Screen[None]):
    """A row for each rule."""

    AUTO_FOCUS = "#review-rules"
    HORIZONTAL_BREAKPOINTS = _WIDTHS
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("s", "sort", "Sort", tooltip="Another order"),
        Binding("escape,k,b", "back", "Back", key_display="Esc", tooltip="Back to the queue"),
    ]

    def __init__(self, desk: Reviewing) -> None:
        super().__init__()
        self._desk = desk
        self._rules: Sequence[RulePrecision] = ()
        self._order = 0
        self.head = Static("Reading ...", id="review-head", markup=False)
        self.columns = Static(id="review-columns", markup=False)
        self.list = Rows("review-rules")
        self.trouble = TroubleLine()
        self.foot = Foot()

    def compose(self) -> ComposeResult:
        yield self.head
        with Container(id="sheet"):
            yield self.columns
            yield self.list
        yield self.trouble
        yield self.foot

    def on_mount(self) -> None:
        self.run_worker(self._read(), exclusive=True)

    def on_resize(self) -> None:
        self._draw()

    def again(self) -> None:
        """Tries again what could not be read."""
        if self.trouble.text:
            self.run_worker(self._read(), exclusive=True)

    async def _read(self) -> None:
        try:
            self._rules = await ask(self._desk.precision)
        except MendableError as error:
            self.trouble.tell(str(error))
            return
        self.trouble.tell("")
        self._draw()

    def action_sort(self) -> None:
        self._order = (self._order + 1) % len(ORDERS)
        self._draw()

    def action_back(self) -> None:
        self.dismiss(None)

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        rule = self._rules[event.option_index].rule
        self.post_message(FiltersWanted(Filters(rule=rule, standing="")))

    def _draw(self) -> None:
        order, key = ORDERS[self._order]
        self._rules = sorted(self._rules, key=key)
        width = max(12, min(40, self.size.width - 58))
        self.columns.update(_titles(width))
        self.list.set_options(Option(row(each, width)) for each in self._rules)
        if self._rules:
            self.list.highlighted = 0
        title = f"How often each rule is right: {order}"
        about = (
            "Of moments that somebody judged; 'right' is where they agreed."
            if self._rules
            else "No rule has spoken yet."
        )
        self.head.update(Content.assemble((title, "bold"), f"\n{about}"))


def _titles(width: int) -> Content:
    numbers = "".join(f"{title:>10}" for title in _COLUMNS)
    return Content.styled(f"{'rule':{width}}{numbers}", "bold")


def row(of: RulePrecision, width: int) -> Content:
    """The counts, and below them what they tell."""
    name = words.rule(of.rule)
    name = name if len(name) <= width else f"{name[: width - 1]}…"
    counts = (of.raised, of.judged, of.agreed, of.overruled, of.disputed)
    numbers = "".join(f"{count:>10}" for count in counts)
    return Content.assemble((f"{name:{width}}", "bold"), f"{numbers}\n  {told(of)}")
