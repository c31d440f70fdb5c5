"""A list of what can be opened, one row each."""

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widgets import OptionList


class Rows(OptionList):
    """The key that opens a row stands below it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "select", "Open", key_display="Enter", tooltip="Open what is marked")
    ]

    def __init__(self, name: str) -> None:
        super().__init__(id=name, markup=False, compact=True)
