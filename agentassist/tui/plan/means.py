"""Income and outgoings on the plan sheet: what the caller told, to accept, and a line to type."""

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from agentassist.arrangement import MeansLine
from agentassist.call import Call
from agentassist.plans.told import ToldLine, line_of, told_means
from agentassist.redaction import redact
from agentassist.tui.plan import shown

LONGEST = 80
"""Characters of a line."""

HINT = "as they tell it: rent 650 a month"


class Lines(OptionList):
    """Accepted lines, then those that were heard and may be accepted."""

    BINDINGS = [Binding("delete,backspace", "remove", "Remove", show=False)]

    class Removed(Message):
        """The line under the cursor is not wanted."""

    def action_remove(self) -> None:
        self.post_message(self.Removed())


class Means(Vertical):
    """What is reckoned with, what was heard, and a field to add a line."""

    class Changed(Message):
        """Another line is reckoned with, or one no more."""

    def __init__(self) -> None:
        super().__init__(id="plan-means")
        self.accepted: tuple[MeansLine, ...] = ()
        self._told: tuple[ToldLine, ...] = ()
        self._currency: str | None = None
        self._adding: int | None = None
        """The turn of the line that is completed in the field."""
        self.lines = Lines(id="means-lines")
        self.input = Input(
            id="means-input",
            max_length=LONGEST,
            placeholder=HINT,
            compact=True,
            select_on_focus=False,
        )
        self.input.cursor_blink = False
        self._trouble = Static(id="means-trouble", markup=False)

    def compose(self) -> ComposeResult:
        yield self.lines
        yield Static("Enter accepts a line; or type one:", id="means-title")
        yield self.input
        yield self._trouble

    def show(self, call: Call, currency: str | None) -> None:
        """Offer what the caller has told so far; what was accepted stays."""
        told = told_means(call)
        if told != self._told or currency != self._currency:
            self._told, self._currency = told, currency
            self._draw()

    def open(self, accepted: tuple[MeansLine, ...]) -> None:
        self.accepted = accepted
        self._draw()

    @property
    def _offered(self) -> list[ToldLine]:
        known = {(line.turn, line.amount) for line in self.accepted}
        return [t for t in self._told if (t.line.turn, t.line.amount) not in known]

    def _draw(self) -> None:
        at = self.lines.highlighted
        options = [
            *(shown.accepted(line, self._currency) for line in self.accepted),
            *(shown.offered(told, self._currency) for told in self._offered),
        ]
        self.lines.set_options(Option(content) for content in options)
        self.lines.display = bool(options)
        if options:
            self.lines.highlighted = min(at or 0, len(options) - 1)

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        """Accepts a line; one without its frequency is completed in the field first."""
        event.stop()
        place = event.option_index - len(self.accepted)
        if place < 0:
            self._complete(self.accepted[event.option_index], "")
            return
        told = self._offered[place]
        if told.line.frequency:
            self._become((*self.accepted, told.line))
        else:
            self._complete(told.line, " a ")

    def _complete(self, line: MeansLine, end: str) -> None:
        rate = f" {line.frequency}" if line.frequency else end
        self.input.value = f"{line.words} {line.amount}{rate}"
        self._adding = line.turn
        self._trouble.update("" if line.frequency else "How often? a week, a fortnight, a month")
        self.input.focus()
        self.input.cursor_position = len(self.input.value)

    @on(Input.Submitted)
    def _added(self, event: Input.Submitted) -> None:
        event.stop()
        text = " ".join(event.value.split())
        if not text:
            return
        line = line_of(redact(text), self._currency)
        if line is None:
            self._trouble.update("One line has one sum, as: rent 650 a month")
            return
        if line.frequency is None:
            self._trouble.update("How often? Write a week, a fortnight or a month behind it.")
            return
        line = MeansLine(line.kind, line.words, line.amount, line.frequency, self._adding)
        others = (old for old in self.accepted if old.words.lower() != line.words.lower())
        self.input.value, self._adding = "", None
        self._trouble.update("")
        self._become((*others, line))

    @on(Lines.Removed)
    def _removed(self) -> None:
        at = self.lines.highlighted
        if at is not None and at < len(self.accepted):
            self._become((*self.accepted[:at], *self.accepted[at + 1 :]))

    def _become(self, accepted: tuple[MeansLine, ...]) -> None:
        """The cursor goes on to what may be accepted next."""
        self.open(accepted)
        if self._offered:
            self.lines.highlighted = len(accepted)
        self.post_message(self.Changed())
