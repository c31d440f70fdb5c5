"""What the agent made of the draft's lines: kept, edited, added or deleted. Pure.

Told by comparing the two notes, so that it is still known after a crash.
"""

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Literal, NamedTuple, TypeAlias

from agentassist.values import NoteLine, NoteSection

Mark: TypeAlias = Literal["", "edited", "added", "deleted"]


class Place(NamedTuple):
    """Where a line stands."""

    section: int
    line: int


class Compared(NamedTuple):
    """A line as it stands beside the line that the machine drafted."""

    line: NoteLine | None
    drafted: NoteLine | None
    at: int
    """Its place in the section; where a deleted one stood, that of the line after it."""

    @property
    def mark(self) -> Mark:
        if self.line is None:
            return "deleted"
        if self.drafted is None:
            return "added"
        return "" if self.line.text == self.drafted.text else "edited"


def drafted_lines(sections: Sequence[NoteSection], title: str) -> tuple[NoteLine, ...]:
    """What the machine drafted in the section of that title."""
    return next((section.lines for section in sections if section.title == title), ())


def compared(drafted: Sequence[NoteLine], lines: Sequence[NoteLine]) -> Iterator[Compared]:
    """All lines as they stand, and those that were deleted where they stood."""
    before, after = [line.text for line in drafted], [line.text for line in lines]
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for kind, first, last, start, end in matcher.get_opcodes():
        if kind == "equal":
            for place in range(end - start):
                yield Compared(lines[start + place], drafted[first + place], start + place)
        else:
            yield from _changed(list(drafted[first:last]), lines[start:end], start)


def _changed(drafted: list[NoteLine], lines: Sequence[NoteLine], start: int) -> Iterator[Compared]:
    """A changed line came from the drafted one with the same evidence."""
    for place, line in enumerate(lines, start):
        source = next((old for old in drafted if old.evidence == line.evidence), None)
        if source:
            drafted.remove(source)
        yield Compared(line, source, place)
    for gone in drafted:
        yield Compared(None, gone, start + len(lines))
