"""The checklist that ticks itself: what is open or due stays in sight, what is done may fold."""

from collections.abc import Sequence

from textual.content import Content
from textual.events import Resize
from textual.widgets import Static

from agentassist.call import Call
from agentassist.tui import wording
from agentassist.values import ChecklistItem


class Checklist(Static):
    """One line an item, in the order of the call."""

    def __init__(self) -> None:
        super().__init__(id="checklist", markup=False)
        self._items: tuple[ChecklistItem, ...] = ()

    def show(self, call: Call) -> None:
        if call.checklist is not self._items:
            self._items = call.checklist
            self._draw()

    def on_resize(self, _event: Resize) -> None:
        self._draw()

    def _draw(self) -> None:
        self.set_class(not self._items, "-empty")
        rows = max(1, self.content_size.height - 1)
        items, folded = fit(self._items, rows)
        done = sum(item.turn is not None for item in self._items)
        lines = [Content.styled(f"Checklist {done} of {len(self._items)}", "$quiet bold")]
        lines += [line(item, self.content_size.width) for item in items]
        if folded:
            lines.append(Content.styled(f"... {folded}", "$quiet"))
        self.update(Content("\n").join(lines))


def line(item: ChecklistItem, width: int) -> Content:
    """`[x]` done, `[!]` due, `[ ]` open: a mark, then a word where it fits, then a colour."""
    title = wording.clean(item.title)
    if item.turn is not None:
        return Content.styled(f"[x] {title}", "$quiet")
    if not item.due:
        return Content(f"[ ] {title}")
    due = Content.assemble(("[!] ", "$flag bold"), (title, "bold"))
    told = due + Content.styled(" - due", "$flag")
    return told if told.cell_length <= width else due


def fit(items: Sequence[ChecklistItem], rows: int) -> tuple[list[ChecklistItem], str]:
    """The items that fit in so many rows, and a line on those left out (empty if none is).

    Left out first is what was done longest ago, then what is neither done nor due, the last
    of the call first. What is due always stays.
    """
    done = sorted((i for i in items if i.turn is not None), key=lambda item: item.at or 0.0)
    later = [item for item in reversed(items) if item.turn is None and not item.due]
    out: list[ChecklistItem] = []
    for item in (*done, *later):
        if len(items) - len(out) + bool(out) <= rows:
            break
        out.append(item)
    return [item for item in items if item not in out], _left_out(out)


def _left_out(out: Sequence[ChecklistItem]) -> str:
    done = sum(item.turn is not None for item in out)
    counts = ((done, "done"), (len(out) - done, "to come"))
    return ", ".join(f"{count} {what}" for count, what in counts if count)
