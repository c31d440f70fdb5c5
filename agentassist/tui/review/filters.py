"""The panel of filters: one key a field, then a choice that narrows as one types."""

import datetime
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from agentassist.errors import MendableError
from agentassist.reviewing import Choices, Filters, Reviewing
from agentassist.tui.foot import Foot
from agentassist.tui.review import words
from agentassist.tui.review.asking import ask
from agentassist.tui.review.fields import (
    ANY,
    FIELDS,
    Choice,
    Field,
    chosen,
    narrowed,
    typed,
    value,
)
from agentassist.tui.review.rows import Rows
from agentassist.tui.wording import clean

_HINTS = {
    "words": 'the words, as bailiff or "at your door"; Enter takes them',
    "since": "a day, as 2026-03-12, yesterday, or 7 for seven days ago; Enter takes it",
    "until": "a day, as 2026-03-12, yesterday, or 7 for seven days ago; Enter takes it",
}


class FiltersScreen(Screen[Filters]):
    """What is chosen is shown once the panel is left."""

    AUTO_FOCUS = "#review-fields"
    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(each.key, f"field('{each.name}')", each.title, show=False) for each in FIELDS),
        Binding("c", "clear", "Clear all", tooltip="Clear all filters"),
        Binding("escape", "leave", "Show them", key_display="Esc", tooltip="Show the queue"),
        Binding("up", "move(-1)", "Up", show=False, priority=True),
        Binding("down", "move(1)", "Down", show=False, priority=True),
    ]

    def __init__(self, desk: Reviewing, filters: Filters, today: datetime.date) -> None:
        super().__init__()
        self.filters = filters
        self._desk = desk
        self._today = today
        self._choices: Choices | None = None
        self._field: Field | None = None
        self._narrowed: tuple[Choice, ...] = ()
        self.head = Static(id="review-head", markup=False)
        self.fields = Rows("review-fields")
        self.input = Input(id="review-typed", compact=True, max_length=200)
        self.input.cursor_blink = False
        self.options = OptionList(id="review-options", markup=False, compact=True)
        self.foot = Foot()

    def compose(self) -> ComposeResult:
        yield self.head
        with Container(id="sheet"):
            yield self.fields
            yield self.input
            yield self.options
        yield self.foot

    def on_mount(self) -> None:
        self.options.can_focus = False
        self._show_fields(0)
        self.run_worker(self._read())

    async def _read(self) -> None:
        try:
            self._choices = await ask(self._desk.choices)
        except MendableError as error:
            self.foot.say(clean(str(error)))
            return
        if self._field:
            self._narrow()

    def check_action(self, action: str, _parameters: tuple[object, ...]) -> bool | None:
        return self._field is None or action not in ("field", "clear")

    # The fields

    def _show_fields(self, at: int) -> None:
        self._field = None
        self.input.display = self.options.display = False
        self.fields.display = True
        width = max(len(each.title) for each in FIELDS)
        self.fields.set_options(
            Option(
                Content.assemble(
                    (f"{each.key}  ", "bold"),
                    f"{each.title:{width}}  ",
                    (value(self.filters, each), "bold" if self._is_set(each) else ""),
                )
            )
            for each in FIELDS
        )
        self.fields.highlighted = at
        self.fields.focus()
        told = f"\nShown: {words.filters(self.filters)}"
        self.head.update(Content.assemble(("Which moments are shown", "bold"), told))
        self.refresh_bindings()

    def _is_set(self, field: Field) -> bool:
        return bool(getattr(self.filters, field.name))

    @on(OptionList.OptionSelected, "#review-fields")
    def _entered(self, event: OptionList.OptionSelected) -> None:
        self._open(FIELDS[event.option_index])

    def action_field(self, name: str) -> None:
        self._open(next(each for each in FIELDS if each.name == name))

    def action_clear(self) -> None:
        self.filters = Filters()
        self._show_fields(self.fields.highlighted or 0)

    def action_leave(self) -> None:
        """From a field back to all of them, then out."""
        if self._field:
            self._show_fields(FIELDS.index(self._field))
        else:
            self.dismiss(self.filters)

    # The choice of one

    def _open(self, field: Field) -> None:
        self._field = field
        self.fields.display = False
        self.input.display = True
        self.options.display = field.chosen is not None
        now = getattr(self.filters, field.name)
        self.input.value = "" if field.chosen or not now else str(now)
        self.input.cursor_position = len(self.input.value)
        self.input.placeholder = _HINTS.get(
            field.name, "type to narrow; Enter takes the marked one"
        )
        self.input.focus()
        title = f"{field.title.capitalize()}: {value(self.filters, field)}"
        told = "\nEnter with nothing typed is any." if field.chosen is None else ""
        self.head.update(Content.assemble((title, "bold"), told))
        self._narrow()
        self.refresh_bindings()

    @on(Input.Changed)
    def _typed(self) -> None:
        self._narrow()

    def _narrow(self) -> None:
        if self._field is None or self._field.chosen is None:
            return
        there = self._field.chosen(self._choices or Choices())
        self._narrowed = narrowed((ANY, *there), self.input.value)
        self.options.set_options(Option(Content(each.told)) for each in self._narrowed)
        now = getattr(self.filters, self._field.name)
        at = next((n for n, each in enumerate(self._narrowed) if each.value == now), 0)
        self.options.highlighted = at if self._narrowed else None

    def action_move(self, step: int) -> None:
        """Along the choices while one types; along the fields before."""
        moved = self.fields if self._field is None else self.options
        (moved.action_cursor_down if step > 0 else moved.action_cursor_up)()

    @on(OptionList.OptionSelected, "#review-options")
    def _clicked(self, event: OptionList.OptionSelected) -> None:
        self._take(self._narrowed[event.option_index].value)

    @on(Input.Submitted)
    def _submitted(self) -> None:
        if self._field is None:
            return
        if self._field.chosen:
            if self.options.highlighted is not None:
                self._take(self._narrowed[self.options.highlighted].value)
            return
        try:
            self._take(typed(self._field, self.input.value, self._today))
        except MendableError as error:
            self.foot.say(str(error))

    def _take(self, wanted: object) -> None:
        assert self._field is not None
        self.filters = chosen(self.filters, self._field, wanted)
        self._show_fields(FIELDS.index(self._field))
