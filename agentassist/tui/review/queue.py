"""The queue: the moments that wait, as far down as one goes."""

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.content import Content
from textual.screen import Screen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from agentassist.errors import MendableError
from agentassist.reviewing import Filters, Moment
from agentassist.tui.foot import Foot
from agentassist.tui.review import words
from agentassist.tui.review.asking import ask
from agentassist.tui.review.messages import FiltersWanted, MomentWanted
from agentassist.tui.review.rows import Rows
from agentassist.tui.review.sitting import Sitting
from agentassist.tui.review.trouble import TroubleLine

_NEAR = 12
"""Moments before the last one that was read, from which on more are read."""


class QueueScreen(Screen[None]):
    """A moment in two lines: how pressing it is and what happened; whose, when, and what came."""

    AUTO_FOCUS = "#review-moments"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f", "app.filter", "Filters", tooltip="Choose which moments are shown"),
        Binding("c", "clear", "Clear", tooltip="Clear the filters: all that waits"),
        Binding("slash", "app.search", "Search", key_display="/", tooltip="Search the words said"),
        Binding("k", "app.rules", "Rules", tooltip="How often each rule is right"),
        Binding("w", "app.answers", "Answers", tooltip="What others said of my moments"),
        Binding("r", "renew", "Read again", show=False, tooltip="Read the queue again"),
    ]

    def __init__(self, sitting: Sitting) -> None:
        super().__init__()
        self._sitting = sitting
        self._drawn: list[Moment] = []
        self._wanted: Filters | None = sitting.queue.filters
        """Filters whose queue could not be read yet; None where it was."""
        self._counted = ""
        self.news = ""
        """A line for who has just come, as that somebody answered them."""
        self.head = Static(id="review-head", markup=False)
        self.list = Rows("review-moments")
        self.trouble = TroubleLine()
        self.foot = Foot()

    def compose(self) -> ComposeResult:
        yield self.head
        with Container(id="sheet"):
            yield self.list
        yield self.trouble
        yield self.foot

    def on_mount(self) -> None:
        self._draw_head()
        self.show(self._sitting.queue.filters)

    def on_screen_resume(self) -> None:
        """What was judged meanwhile is shown so."""
        if self._wanted is None:
            self.draw()
            self._count()

    def check_action(self, action: str, _parameters: tuple[object, ...]) -> bool | None:
        return action != "clear" or self._sitting.queue.filters != Filters()

    def show(self, filters: Filters) -> None:
        """The queue of these, from its beginning."""
        self._wanted = filters
        self._draw_head()
        self.run_worker(self._begin(filters), group="begin", exclusive=True)

    async def _begin(self, filters: Filters) -> None:
        try:
            if not await self._sitting.queue.begin(filters):
                return
        except MendableError as error:
            self.trouble.tell(str(error))
            return
        self._wanted = None
        self.trouble.tell("")
        self._drawn = []
        self.list.clear_options()
        self.draw()
        self.list.highlighted = 0 if self._drawn else None
        self._count()

    def again(self) -> None:
        """Tries again what could not be read."""
        if self.trouble.text:
            if self._wanted is None:
                self._read_on()
            else:
                self.show(self._wanted)

    def tell(self, news: str) -> None:
        """A line below the head; empty takes it away."""
        self.news = news
        self._draw_head()

    def go_to(self, identity: str) -> None:
        """On the row of that moment."""
        self.draw()
        at = self._sitting.queue.place(identity)
        if at is not None:
            self.list.highlighted = at

    @on(OptionList.OptionHighlighted)
    def _went(self, event: OptionList.OptionHighlighted) -> None:
        if event.option_index >= len(self._drawn) - _NEAR:
            self._read_on()

    @on(OptionList.OptionSelected)
    def _open(self, event: OptionList.OptionSelected) -> None:
        self.post_message(MomentWanted(self._drawn[event.option_index].id))

    def action_clear(self) -> None:
        self.post_message(FiltersWanted(Filters()))

    def action_renew(self) -> None:
        self.show(self._sitting.queue.filters)

    def _read_on(self) -> None:
        if not self._sitting.queue.whole:
            self.run_worker(self._more(), group="more", exclusive=True)

    async def _more(self) -> None:
        try:
            await self._sitting.queue.more()
        except MendableError as error:
            self.trouble.tell(str(error))
            return
        self.trouble.tell("")
        self.draw()

    def _count(self) -> None:
        self.run_worker(self._counting(), group="count", exclusive=True)

    async def _counting(self) -> None:
        desk, filters = self._sitting.desk, self._sitting.queue.filters

        def counts() -> tuple[int, int, int]:
            most = words.MOST_COUNTED
            waits = desk.count(Filters(), most)
            disputed = desk.count(Filters(standing="", disputed=True), most)
            return waits, disputed, waits if filters == Filters() else desk.count(filters, most)

        try:
            waits, disputed, shown = await ask(counts)
        except MendableError:
            return  # the queue itself tells of it
        if not self._sitting.queue.length:  # what is judged from now on stays in it
            self._sitting.queue.length = shown
        told = words.waiting(waits, disputed)
        if filters != Filters():
            told += f" · {words.counted(shown)} shown"
        self._counted = told
        self._draw_head()

    def draw(self) -> None:
        """What is new or changed; the rest stays."""
        moments = self._sitting.queue.moments
        for at, drawn in enumerate(self._drawn):
            if drawn is not moments[at]:
                self.list.replace_option_prompt_at_index(at, row(moments[at]))
        self.list.add_options(Option(row(each)) for each in moments[len(self._drawn) :])
        self._drawn = list(moments)
        self._draw_head()
        self.refresh_bindings()

    def _draw_head(self) -> None:
        self.head.update(Content("\n").join(self._head()))

    def _head(self) -> Sequence[Content]:
        who = words.who(self._sitting.desk.who)
        filters = self._wanted or self._sitting.queue.filters
        first = " · ".join(filter(None, (who, self._counted)))
        lines = [Content.styled(first, "bold"), Content(f"Shown: {words.filters(filters)}")]
        if self._wanted is not None and not self.trouble.text:
            lines[1] += Content(" · reading ...")
        elif not self._drawn and self._wanted is None:
            lines.append(Content("No moment is like this. f chooses others, c clears."))
        if self.news:
            lines.append(Content.styled(self.news, "bold"))
        return lines


def row(moment: Moment) -> Content:
    """The moment in two lines."""
    severity = words.SEVERITY[moment.severity]
    return Content.assemble(
        (f"{severity}  {words.what(moment)}", "bold"), f"\n        {words.details(moment)}"
    )
