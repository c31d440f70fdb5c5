"""Search over what was said: each place opens its call there, or the queue shows those calls."""

from functools import partial
from typing import ClassVar

from msgspec.structs import replace
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from agentassist.errors import MendableError
from agentassist.reviewing import Filters, Found
from agentassist.tui.foot import Foot
from agentassist.tui.review.asking import ask
from agentassist.tui.review.messages import CallWanted, FiltersWanted
from agentassist.tui.review.rows import Rows
from agentassist.tui.review.sitting import Sitting
from agentassist.tui.review.trouble import TroubleLine
from agentassist.tui.wording import clean

_MOST = 50


class SearchScreen(Screen[None]):
    """Words, and where they were said."""

    AUTO_FOCUS = "#review-typed"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "words", "Other words", key_display="/", tooltip="Type other words"),
        Binding("f", "filter", "In the queue", tooltip="The moments of these calls"),
        Binding("escape", "back", "Back", key_display="Esc", tooltip="Back to the queue"),
    ]

    def __init__(self, sitting: Sitting) -> None:
        super().__init__()
        self._sitting = sitting
        self._found: tuple[Found, ...] = ()
        self._words = ""
        self.head = Static(id="review-head", markup=False)
        self.input = Input(
            id="review-typed",
            placeholder='words that were said, as bailiff or "at your door"',
            compact=True,
            max_length=200,
        )
        self.input.cursor_blink = False
        self.list = Rows("review-found")
        self.trouble = TroubleLine()
        self.foot = Foot()

    def compose(self) -> ComposeResult:
        yield self.head
        with Container(id="sheet"):
            yield self.input
            yield self.list
        yield self.trouble
        yield self.foot

    def on_mount(self) -> None:
        self._head("Each call that is found counts as looked at.")

    def check_action(self, action: str, _parameters: tuple[object, ...]) -> bool | None:
        return bool(self._words) if action == "filter" else True

    @on(Input.Submitted)
    def _submitted(self) -> None:
        self._words = clean(self.input.value).strip()
        if self._words:
            self._head("Searching ...")
            self.run_worker(self._search(self._words), exclusive=True)

    def again(self) -> None:
        """Tries again what could not be searched."""
        if self.trouble.text:
            self._submitted()

    async def _search(self, words: str) -> None:
        try:
            self._found = await ask(partial(self._sitting.desk.search, words, _MOST))
        except MendableError as error:
            self._head("")
            self.trouble.tell(str(error))
            return
        self.trouble.tell("")
        self.list.set_options(Option(_row(each)) for each in self._found)
        count = len(self._found)
        most = " or more; the newest are shown" if count == _MOST else ""
        places = "1 place" if count == 1 else f"{count} places"
        self._head(f"{places}{most}. Enter opens the call there." if count else "Said nowhere.")
        if self._found:
            self.list.highlighted = 0
            self.list.focus()
        self.refresh_bindings()

    @on(OptionList.OptionSelected)
    def _open(self, event: OptionList.OptionSelected) -> None:
        found = self._found[event.option_index]
        self.post_message(CallWanted(found.call, found.turn))

    def action_words(self) -> None:
        self.input.focus()

    def action_filter(self) -> None:
        """The queue, with the moments of those calls alone, judged or not."""
        wanted = replace(Filters(), words=self._words, standing="")
        self.post_message(FiltersWanted(wanted))

    def action_back(self) -> None:
        self.dismiss(None)

    def _head(self, told: str) -> None:
        title = f'Search: "{self._words}"' if self._words else "Search the words that were said"
        self.head.update(Content.assemble((title, "bold"), f"\n{told}"))


def _row(found: Found) -> Content:
    named = f"{clean(found.agent)} · {found.day:%d %b %Y} · {clean(found.title)}"
    return Content.assemble(clean(found.text), (f"\n    {named}", "italic"))
