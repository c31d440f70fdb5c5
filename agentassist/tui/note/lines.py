"""The note as lines to walk through: to read, to edit, to follow to their moments."""

from collections.abc import Callable
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from agentassist.tui.note.editing import Editing
from agentassist.tui.note.marks import Place
from agentassist.tui.note.rows import Row, rows


class NoteLines(OptionList):
    """Sections and their lines; titles and what was deleted are passed over."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "enter",
            "select",
            "Moment",
            key_display="Enter",
            tooltip="To the moment that the line came from",
        )
    ]

    def __init__(self) -> None:
        super().__init__(id="lines", markup=False, compact=True)
        self._rows: list[Row] = []

    @property
    def row(self) -> Row | None:
        """The row that the agent is on."""
        return None if self.highlighted is None else self._rows[self.highlighted]

    def show(self, editing: Editing) -> None:
        """Draw the note as it is now; the agent stays where they were."""
        before, at, top = self.row, self.highlighted or 0, self.scroll_offset.y
        self._rows = list(rows(editing))
        self.set_options(Option(row.shown, disabled=not row.can_be_chosen) for row in self._rows)
        if before is None:
            self.highlighted = self._first(lambda row: row.turn is not None) or self._ends()[0]
            return
        self.highlighted = self._near(before, at)
        self.call_after_refresh(self.scroll_to, y=top, animate=False, immediate=True)
        self.call_after_refresh(self.scroll_to_highlight)

    def on_resize(self) -> None:
        """Where what is below takes some of the room, the agent's row stays in sight."""
        self.call_after_refresh(self.scroll_to_highlight)

    def go_to(self, place: Place) -> None:
        """To the line at that place."""
        row = self._first(lambda row: row.place == place)
        if row is not None:
            self.highlighted = row

    def action_cursor_down(self) -> None:
        """To the next line; past the last, so that all of the note is reached."""
        if self.highlighted in (None, self._ends()[1]):
            self.scroll_relative(y=1, animate=False, immediate=True)
        else:
            super().action_cursor_down()

    def action_cursor_up(self) -> None:
        """To the line before; past the first, to the top of the note."""
        if self.highlighted in (None, self._ends()[0]):
            self.scroll_relative(y=-1, animate=False, immediate=True)
        else:
            super().action_cursor_up()

    def _first(self, fits: Callable[[Row], bool]) -> int | None:
        found = (at for at, row in enumerate(self._rows) if row.can_be_chosen and fits(row))
        return next(found, None)

    def _near(self, before: Row, at: int) -> int | None:
        """The row that the agent was on, else the one that took its place."""
        same = self._first(lambda row: (row.place, row.turn) == (before.place, before.turn))
        if same is not None:
            return same
        chosen = [row for row, shown in enumerate(self._rows) if shown.can_be_chosen]
        return min(chosen, key=lambda row: (abs(row - at), -row), default=None)

    def _ends(self) -> tuple[int | None, int | None]:
        """The first and the last row that can be chosen."""
        chosen = [row for row, shown in enumerate(self._rows) if shown.can_be_chosen]
        return (chosen[0], chosen[-1]) if chosen else (None, None)
