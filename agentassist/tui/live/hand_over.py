"""The sheet to pass the call on: to whom, and why. It leaves transcript and cue in sight."""

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from agentassist.handover import Colleague
from agentassist.tui import wording

LONGEST_REASON = 200
"""Characters: a line of the note."""


class HandOverSheet(Vertical):
    """A key picks the colleague, then the reason is written; Enter passes the call on."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(str(key), f"pick({key})", f"To {key}", show=False) for key in range(1, 10)),
        Binding("escape", "leave", "Leave", key_display="Esc", tooltip="Keep the call"),
    ]

    class Decided(Message):
        """The call is to be passed on."""

        def __init__(self, colleague: Colleague, reason: str) -> None:
            super().__init__()
            self.colleague = colleague
            self.reason = reason

    def __init__(self, colleagues: Sequence[Colleague]) -> None:
        super().__init__(id="hand-over")
        self._colleagues = colleagues
        self._picked: Colleague | None = None
        self._list = OptionList(id="colleagues", markup=False, compact=True)
        self._reason = Input(
            placeholder="why, in a few words",
            id="reason",
            compact=True,
            max_length=LONGEST_REASON,
        )
        self._reason.cursor_blink = False

    def compose(self) -> ComposeResult:
        yield self._list
        yield self._reason

    def on_mount(self) -> None:
        self.display = False
        self._list.add_options(
            Option(_line(key, colleague)) for key, colleague in enumerate(self._colleagues, 1)
        )

    def open(self) -> None:
        """From the start, the first colleague marked."""
        self.display = True
        self._reason.value = ""
        self._list.highlighted = 0
        self._ask_whom()

    def action_leave(self) -> None:
        """Back to the colleagues first, then away."""
        if self._picked:
            self._ask_whom()
        else:
            self.close()

    def close(self) -> None:
        self.display = False
        self.screen.set_focus(None)

    def action_pick(self, key: int) -> None:
        if key <= len(self._colleagues):
            self._ask_why(self._colleagues[key - 1])

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self._ask_why(self._colleagues[event.option_index])

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        if self._picked:
            self.post_message(self.Decided(self._picked, event.value.strip()))

    def _ask_whom(self) -> None:
        self._picked = None
        self.border_title = "HAND OVER TO"
        self.border_subtitle = "a number, or Enter; Esc leaves"
        self._list.display, self._reason.display = True, False
        self._list.focus()

    def _ask_why(self, colleague: Colleague) -> None:
        self._picked = colleague
        self.border_title = f"TO {wording.clean(colleague.name)} - WHY?"
        self.border_subtitle = "Enter hands over; Esc back"
        self._list.display, self._reason.display = False, True
        self._reason.focus()


def _line(key: int, colleague: Colleague) -> Content:
    use = f"  {wording.clean(colleague.use)}" if colleague.use else ""
    return Content.assemble(f"{key} ", (wording.clean(colleague.name), "bold"), (use, "$quiet"))
