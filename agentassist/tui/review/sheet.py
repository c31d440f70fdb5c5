"""The sheet under a moment that asks for a reason, for words, or for a yes. One key often does."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.events import Key
from textual.message import Message
from textual.widgets import Input, Static

from agentassist.reviewing import WORDED, Moment, ReviewKind, missing_words
from agentassist.tui.review import words
from agentassist.tui.wording import clean

LONGEST = 500
"""Characters of a review: what is read at a glance."""

_NUMBERS = ("1", "2", "3")

_TITLES: dict[ReviewKind, str] = {
    "overrule": "OVERRULE - what is wrong with it?",
    "comment": "COMMENT",
    "dispute": "DISPUTE - what is wrong with it?",
    "answer": "ANSWER TO THE DISPUTE",
    "share": "SHARE AS A TRAINING EXAMPLE?",
    "consent": "CONSENT TO SHARE IT?",
    "withdraw": "TAKE BACK YOUR CONSENT?",
}


class _Reason(Input):
    """A number is one of the usual reasons, as long as nothing was typed."""

    class Picked(Message):
        """The reason of that number."""

        def __init__(self, number: int) -> None:
            super().__init__()
            self.number = number

    async def _on_key(self, event: Key) -> None:
        if not self.value and event.character and event.character in _NUMBERS:
            event.stop()
            event.prevent_default()
            self.post_message(self.Picked(int(event.character)))
            return
        await super()._on_key(event)


class Sheet(Vertical, can_focus=True):
    """Out of sight until something is asked."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "yes", "Yes", key_display="Enter", tooltip="Yes, do it"),
        Binding("escape", "leave", "Leave", key_display="Esc", tooltip="Leave it"),
    ]

    class Decided(Message):
        """The review that was asked about is to be put there."""

        def __init__(self, kind: ReviewKind, text: str) -> None:
            super().__init__()
            self.kind = kind
            self.text = text

    def __init__(self) -> None:
        super().__init__(id="review-sheet")
        self.kind: ReviewKind | None = None
        """What is asked about; None while nothing is."""
        self._told = Static(id="review-sheet-told", markup=False)
        self._field = _Reason(id="review-sheet-field", compact=True, max_length=LONGEST)
        self._field.cursor_blink = False

    def compose(self) -> ComposeResult:
        yield self._told
        yield self._field

    def on_mount(self) -> None:
        self.display = False

    def open(self, kind: ReviewKind, moment: Moment) -> None:
        """Asks for what that review needs."""
        self.kind = kind
        self.border_title = _TITLES[kind]
        is_worded = kind in WORDED
        usual = words.USUAL.get(kind, ())
        self.border_subtitle = (
            "a number, or your own words and Enter; Esc leaves"
            if usual
            else "Enter keeps it; Esc leaves"
            if is_worded
            else "Enter does; Esc leaves"
        )
        told = _numbered(usual) if is_worded else Content(words.asked(kind, moment.agent))
        self._told.update(told)
        self._told.display = bool(told)
        self._field.value = ""
        self._field.placeholder = "or in your own words" if usual else "in a few words"
        self._field.display = is_worded
        self.display = True
        # At once: a later focus could come after the sheet is closed.
        self.screen.set_focus(self._field if is_worded else self)

    def close(self) -> None:
        self.kind = None
        self.display = False
        self.screen.set_focus(None)
        self.screen.refresh_bindings()

    def action_leave(self) -> None:
        self.close()

    def action_yes(self) -> None:
        if self.kind:
            self._decide(self.kind, "")

    def type_ahead(self, character: str) -> None:
        """A key that was on its way to the screen when the sheet opened."""
        if not self._field.display or not self.kind:
            return
        if not self._field.value and character in _NUMBERS:
            self._pick(int(character))
        else:
            self._field.insert_text_at_cursor(character)

    @on(_Reason.Picked)
    def _picked(self, picked: _Reason.Picked) -> None:
        self._pick(picked.number)

    def _pick(self, number: int) -> None:
        usual = words.USUAL.get(self.kind, ()) if self.kind else ()
        if self.kind and number <= len(usual):
            self._decide(self.kind, usual[number - 1])
        else:
            self._field.insert_text_at_cursor(str(number))

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        text = clean(event.value).strip()
        if self.kind and not missing_words(self.kind, text):
            self._decide(self.kind, text)
        else:
            self.border_subtitle = "a few words are needed; Esc leaves"

    def _decide(self, kind: ReviewKind, text: str) -> None:
        self.close()
        self.post_message(self.Decided(kind, text))


def _numbered(usual: tuple[str, ...]) -> Content:
    lines = (
        Content.assemble((f"{number}  ", "$agent bold"), reason)
        for number, reason in enumerate(usual, 1)
    )
    return Content("\n").join(lines)
