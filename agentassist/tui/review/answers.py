"""What others said of one's own moments: the supervisor's answer is seen."""

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
from agentassist.reviewing import Review, Reviewing
from agentassist.tui.foot import Foot
from agentassist.tui.review import words
from agentassist.tui.review.asking import ask
from agentassist.tui.review.messages import AnswersSeen, MomentWanted
from agentassist.tui.review.rows import Rows
from agentassist.tui.review.trouble import TroubleLine


class AnswersScreen(Screen[None]):
    """A row for each, the newest first; Enter opens its moment."""

    AUTO_FOCUS = "#review-answers"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,w,b", "back", "Back", key_display="Esc", tooltip="Back to the queue"),
    ]

    def __init__(self, desk: Reviewing) -> None:
        super().__init__()
        self._desk = desk
        self._reviews: Sequence[Review] = ()
        self.head = Static("Reading ...", id="review-head", markup=False)
        self.list = Rows("review-answers")
        self.trouble = TroubleLine()
        self.foot = Foot()

    def compose(self) -> ComposeResult:
        yield self.head
        with Container(id="sheet"):
            yield self.list
        yield self.trouble
        yield self.foot

    def on_mount(self) -> None:
        self.run_worker(self._read(), exclusive=True)

    def again(self) -> None:
        """Tries again what could not be read."""
        if self.trouble.text:
            self.run_worker(self._read(), exclusive=True)

    async def _read(self) -> None:
        try:
            self._reviews = await ask(self._desk.answers)
        except MendableError as error:
            self.trouble.tell(str(error))
            return
        self.trouble.tell("")
        self.list.set_options(Option(Content(words.review(each))) for each in self._reviews)
        if self._reviews:
            self.list.highlighted = 0
        told = "Newest first." if self._reviews else "Nobody has said anything yet."
        title = "What others said of your moments"
        self.head.update(Content.assemble((title, "bold"), f"\n{told}"))
        self.post_message(AnswersSeen())

    @on(OptionList.OptionSelected)
    def _open(self, event: OptionList.OptionSelected) -> None:
        self.post_message(MomentWanted(self._reviews[event.option_index].moment))

    def action_back(self) -> None:
        self.dismiss(None)
