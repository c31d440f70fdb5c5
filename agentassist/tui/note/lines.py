"""The note as lines to walk through, each with the moment that it came from."""

from collections.abc import Iterator
from typing import ClassVar, TypeAlias

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Spacing
from textual.visual import Padding, Visual
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from agentassist.tui import wording
from agentassist.values import Evidence, Note, NoteLine, NoteSection


class NoteLines(OptionList):
    """Sections and their lines; a line without a moment can't be chosen."""

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
        self._moments: list[int | None] = []

    def show(self, note: Note) -> None:
        rows = list(_rows(note))
        self._moments = [turn for _, turn in rows]
        self.set_options(Option(text, disabled=turn is None) for text, turn in rows)
        self.highlighted = self._ends()[0]

    def action_cursor_down(self) -> None:
        """To the next line with a moment; past the last, so that all of the note is reached."""
        if self.highlighted in (None, self._ends()[1]):
            self.scroll_relative(y=1, animate=False, immediate=True)
        else:
            super().action_cursor_down()

    def action_cursor_up(self) -> None:
        """To the line with a moment before it; past the first, to the top of the note."""
        if self.highlighted in (None, self._ends()[0]):
            self.scroll_relative(y=-1, animate=False, immediate=True)
        else:
            super().action_cursor_up()

    def _ends(self) -> tuple[int | None, int | None]:
        """The first and the last row that lead to a moment."""
        rows = [row for row, turn in enumerate(self._moments) if turn is not None]
        return (rows[0], rows[-1]) if rows else (None, None)

    def moment(self, row: int) -> int | None:
        """The turn that the line at that row came from."""
        return self._moments[row]


LONGEST_QUOTE = 140
"""Characters of a quote: two lines on a small screen."""

Row: TypeAlias = tuple[Visual, int | None]
"""What stands there, and the index of the turn it leads to."""


def _rows(note: Note) -> Iterator[Row]:
    outcome = wording.words(note.outcome).capitalize()
    yield Content.assemble(("Outcome  ", "$agent bold"), (outcome, "$foreground bold")), None
    for section in note.sections:
        yield from _section(section)


def _section(section: NoteSection) -> Iterator[Row]:
    title = wording.clean(section.title)
    if not section.lines:
        yield Content.assemble(f"\n{title}", ("  not said", "$quiet")), None
        return
    yield Content.styled(f"\n{title}", "$agent bold"), None
    for line in section.lines:
        yield from _line(line)


def _line(line: NoteLine) -> Iterator[Row]:
    """A line with its first moment; further moments are rows of their own."""
    text = Content(wording.clean(line.text))
    if not line.evidence:
        yield _set_in(text.stylize("$foreground")), None
        return
    first, *others = line.evidence
    yield _set_in(Content("\n").join([text, _moment(first)])), first.turn
    for evidence in others:
        yield _set_in(_moment(evidence)), evidence.turn


def _set_in(content: Content) -> Visual:
    return Padding(content, Spacing(left=2))


def _moment(evidence: Evidence) -> Content:
    quote = shortened(wording.clean(evidence.quote))
    said = f"{wording.clock(evidence.at)} {evidence.speaker}: “{quote}”"
    return Content.styled(said, "italic")


def shortened(quote: str) -> str:
    """A quote cut at a word; the whole of it is in the transcript."""
    if len(quote) <= LONGEST_QUOTE:
        return quote
    return f"{quote[:LONGEST_QUOTE].rsplit(' ', 1)[0]} …"
