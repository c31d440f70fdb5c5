"""The transcript: draws only the lines in sight, and follows the end unless asked to stay."""

from collections.abc import Iterable
from typing import ClassVar, NamedTuple

from textual.content import Content
from textual.events import Resize
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.visual import RenderOptions

from agentassist.call import EMPTY, Call, LabelledTurn
from agentassist.events import WordsTentative
from agentassist.tui import wording
from agentassist.tui.live.turn_lines import tentative_lines, turn_lines


class _Shown(NamedTuple):
    """What a turn's lines were made from."""

    turn: LabelledTurn
    tentative: WordsTentative | None
    width: int
    marked: bool


class Transcript(ScrollView, can_focus=False):
    """Two voices, line by line."""

    BORDER_TITLE: ClassVar[str] = ""

    def __init__(self) -> None:
        super().__init__(id="transcript")
        self._call: Call = EMPTY
        self._blocks: list[tuple[_Shown, list[Content]]] = []
        self._lines: list[Content] = []
        self._starts: list[int] = []
        self.following = True
        self.marked: int | None = None
        """The index of the turn that the agent went back to."""

    def show(self, call: Call) -> None:
        """Draw the call as it is now."""
        if call.turns is self._call.turns and call.tentative is self._call.tentative:
            self._call = call
            return
        self._call = call
        self._lay_out()

    def moments(self) -> list[int]:
        """Indices of the turns worth going back to: flagged, or a cue was raised for them."""
        cued = {record.cue.turn for record in self._call.cues}
        turns = self._call.turns
        return [t.turn.index for t in turns if t.turn.index in cued or wording.flags(t)]

    def mark(self, index: int | None, *, middle: bool = False) -> None:
        """Mark a turn and bring it into sight, at the top or in the middle; None marks none."""
        self.marked = index
        self._lay_out()
        if index is not None and index < len(self._starts):
            self.following = False
            room = self.size.height - len(self._blocks[index][1]) if middle else 0
            top = self._starts[index] - max(1, room // 2)
            self.scroll_to(y=max(0, top), animate=False, immediate=True)

    def follow(self) -> None:
        """To the end, and along with it."""
        self.marked = None
        self.following = True
        self._lay_out()

    def move(self, lines: int) -> None:
        self.scroll_to(y=self.scroll_offset.y + lines, animate=False, immediate=True)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        self.following = self.is_vertical_scroll_end

    def on_resize(self, _event: Resize) -> None:
        self._lay_out()

    def render_line(self, y: int) -> Strip:
        """The line at row `y` of what is in sight."""
        style = self.visual_style
        width = self.size.width
        row = self.scroll_offset.y + y
        if row >= len(self._lines):
            return Strip.blank(width, style.rich_style)
        options = RenderOptions(self._get_style, {})
        strips = self._lines[row].render_strips(width, 1, style, options)
        strip = strips[0] if strips else Strip.blank(width)
        return strip.adjust_cell_length(width, style.rich_style)

    def _lay_out(self) -> None:
        width = self.scrollable_content_region.width
        if not width:
            return
        following = self.following
        self._blocks = list(self._laid_out(width))
        self._lines = [line for _, lines in self._blocks for line in lines]
        self._add_unopened(width)
        self._starts = list(_starts(len(lines) for _, lines in self._blocks))
        self.virtual_size = Size(width, len(self._lines))
        if following:
            self.scroll_to(y=self.max_scroll_y, animate=False, immediate=True)
            self.following = True
        self.refresh()

    def _laid_out(self, width: int) -> Iterable[tuple[_Shown, list[Content]]]:
        """Each turn with its lines; those that did not change are kept."""
        known = self._blocks
        for place, turn in enumerate(self._call.turns):
            shown = _Shown(turn, self._growing(turn), width, self.marked == turn.turn.index)
            if place < len(known) and _same(known[place][0], shown):
                yield known[place]
            else:
                yield shown, turn_lines(turn, shown.tentative, width, marked=shown.marked)

    def _growing(self, turn: LabelledTurn) -> WordsTentative | None:
        """The words still being recognised that continue this turn."""
        return None if turn.ended else self._call.tentative.get(turn.turn.speaker)

    def _add_unopened(self, width: int) -> None:
        """Words still being recognised of a party that has no open turn."""
        opened = {turn.turn.speaker for turn in self._call.turns if not turn.ended}
        for party, words in self._call.tentative.items():
            if party not in opened and words.text.strip():
                self._lines.extend(tentative_lines(words, width))


def _same(one: _Shown, other: _Shown) -> bool:
    return one.turn is other.turn and one.tentative is other.tentative and one[2:] == other[2:]


def _starts(heights: Iterable[int]) -> Iterable[int]:
    top = 0
    for height in heights:
        yield top
        top += height
