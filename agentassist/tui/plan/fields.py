"""The plan sheet's fields: a name, what is typed, and where the figure comes from."""

from typing import ClassVar, get_args

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Input, Static

from agentassist.vocabulary import Frequency

LONGEST = 24
"""Characters of a figure or a day."""


class Figure(Horizontal):
    """One figure to type."""

    def __init__(self, name: str, title: str) -> None:
        super().__init__(id=f"row-{name}", classes="figure")
        self.input = Input(id=f"figure-{name}", max_length=LONGEST, compact=True)
        self.input.cursor_blink = False
        self._title = Static(title, classes="figure-title", markup=False)
        self._remark = Static(classes="figure-remark", markup=False)

    def compose(self) -> ComposeResult:
        yield self._title
        yield self.input
        yield self._remark

    @property
    def text(self) -> str:
        return self.input.value

    def write(self, text: str) -> None:
        """Puts a figure in, as if nobody had typed."""
        with self.input.prevent(Input.Changed):
            self.input.value = text
        if self.input.has_focus:
            self.input.select_all()

    def name_it(self, title: str) -> None:
        self._title.update(title)

    def tell(self, remark: str) -> None:
        self._remark.update(remark)


class Rhythm(Static, can_focus=True):
    """How often: the arrows go through them, a letter names one."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("right,space", "turn(1)", "Change", show=False),
        Binding("left", "turn(-1)", "Change", show=False),
        Binding("w", "choose('weekly')", "Weekly", show=False),
        Binding("f", "choose('fortnightly')", "Fortnightly", show=False),
        Binding("m", "choose('monthly')", "Monthly", show=False),
    ]

    class Changed(Message):
        """Another one was chosen."""

    def __init__(self) -> None:
        super().__init__(id="rhythm", markup=False)
        self.frequency: Frequency = "monthly"

    def on_mount(self) -> None:
        self.write(self.frequency)

    def write(self, frequency: Frequency) -> None:
        """Shows it, as if nobody had chosen."""
        self.frequency = frequency
        self.update(f"‹ {frequency} ›")

    def action_turn(self, step: int) -> None:
        known: tuple[Frequency, ...] = get_args(Frequency)
        self.action_choose(known[(known.index(self.frequency) + step) % len(known)])

    def action_choose(self, frequency: Frequency) -> None:
        self.write(frequency)
        self.post_message(self.Changed())
