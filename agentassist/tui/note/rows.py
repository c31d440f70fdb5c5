"""The note in rows: the agent's lines, what the machine drafted where it differs, the moments.

Words of the call and of the agent are data: they are never read as markup.
"""

from collections.abc import Iterator
from typing import NamedTuple

from textual.content import Content
from textual.geometry import Spacing
from textual.visual import Padding, Visual

from agentassist.tui import wording
from agentassist.tui.note import head
from agentassist.tui.note.editing import Editing
from agentassist.tui.note.marks import Compared, Place, compared, drafted_lines
from agentassist.values import Evidence, NoteSection

LONGEST_QUOTE = 140
"""Characters of a quote: two lines on a small screen."""


class Row(NamedTuple):
    """One row, and what the keys do there."""

    shown: Visual
    place: Place | None = None
    """The line that it belongs to; for an empty section, where a line would go."""
    turn: int | None = None
    """The turn that it leads to."""
    is_line: bool = False
    """Whether there is a line to edit or to delete."""
    is_outcome: bool = False

    @property
    def can_be_chosen(self) -> bool:
        return self.place is not None or self.is_outcome


def rows(editing: Editing) -> Iterator[Row]:
    """All rows of the note as it stands."""
    yield _outcome(editing)
    for number, section in enumerate(editing.note.sections):
        drafted = drafted_lines(editing.draft.sections, section.title)
        yield from _section(number, section, list(compared(drafted, section.lines)))


def _outcome(editing: Editing) -> Row:
    told = Content.assemble(("Outcome  ", "bold"), (head.outcome(editing), "bold"))
    if editing.note.outcome != editing.draft.outcome:
        drafted = f"draft: {wording.words(editing.draft.outcome)}"
        told = Content.assemble(told, _mark("edited"), f"\n  {drafted}")
    return Row(told, is_outcome=True)


def _section(number: int, section: NoteSection, lines: list[Compared]) -> Iterator[Row]:
    title = wording.clean(section.title)
    if not lines:
        shown = Content.assemble(f"\n{title}  ", ("not said", "italic"))
        yield Row(shown, Place(number, 0))
        return
    yield Row(Content.styled(f"\n{title}", "$agent bold"))
    for line in lines:
        yield from _line(Place(number, line.at), line)


def _line(place: Place, found: Compared) -> Iterator[Row]:
    """A line with its first moment; further moments are rows of their own."""
    if found.line is None:
        assert found.drafted is not None
        told = f"deleted: {wording.clean(found.drafted.text)}"
        yield Row(_set_in(Content.styled(told, "$quiet")))
        return
    shown = [Content.assemble(wording.clean(found.line.text), _mark(found.mark))]
    if found.mark == "edited" and found.drafted:
        shown.append(Content(f"draft: {wording.clean(found.drafted.text)}"))
    first, *others = found.line.evidence or (None,)
    if first is None:
        yield Row(_set_in(*shown), place, is_line=True)
        return
    yield Row(_set_in(*shown, _moment(first)), place, first.turn, is_line=True)
    for evidence in others:
        assert evidence is not None
        yield Row(_set_in(_moment(evidence)), place, evidence.turn, is_line=True)


def _mark(word: str) -> Content:
    return Content.assemble("  ", (f"({word})", "bold")) if word else Content("")


def _set_in(*lines: Content) -> Visual:
    return Padding(Content("\n").join(lines), Spacing(left=2))


def _moment(evidence: Evidence) -> Content:
    return Content.styled(moment(evidence), "italic")


def moment(evidence: Evidence) -> str:
    """Who said what, when."""
    said = f"{wording.clock(evidence.at)} {evidence.speaker}"
    quote = shortened(wording.clean(evidence.quote))
    return f"{said}: “{quote}”" if quote else said


def shortened(quote: str) -> str:
    """A quote cut at a word; the whole of it is in the transcript."""
    if len(quote) <= LONGEST_QUOTE:
        return quote
    return f"{quote[:LONGEST_QUOTE].rsplit(' ', 1)[0]} …"
