"""One figure to confirm: the question in words, the readings side by side, a key for each."""

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from agentassist.export import doubts
from agentassist.tui import wording
from agentassist.tui.note.rows import moment
from agentassist.values import Doubt, Note

MOST = 9
"""Readings that have a key."""


class DoubtPanel(Vertical):
    """What is to be confirmed, one at a time; not there where nothing is."""

    def __init__(self) -> None:
        super().__init__(id="doubt")
        self._at = 0
        self._note: Note | None = None

    def compose(self) -> ComposeResult:
        yield Static(id="doubt-question", markup=False)
        yield Static(id="doubt-readings", markup=False)
        yield Static(id="doubt-moment", markup=False)

    @property
    def doubt(self) -> Doubt | None:
        """The one that is asked about."""
        return self._note.doubts[self._at] if self._note and self._note.doubts else None

    def show(self, note: Note) -> None:
        """Ask about the same place in the list as before, or about the last."""
        self._note = note
        self._at = max(0, min(self._at, len(note.doubts) - 1))
        self._draw()

    def go(self, step: int) -> None:
        """To the next one or the one before, round and round."""
        if self._note and self._note.doubts:
            self._at = (self._at + step) % len(self._note.doubts)
            self._draw()

    def _draw(self) -> None:
        note, doubt = self._note, self.doubt
        if note is None or doubt is None:
            return
        self.border_title = f"To confirm, {self._at + 1} of {len(note.doubts)}"
        self.query_one("#doubt-question", Static).update(question(note, doubt))
        self.query_one("#doubt-readings", Static).update(readings(note, doubt))
        shown = "\n".join(moment(evidence) for evidence in doubt.evidence[:1])
        self.query_one("#doubt-moment", Static).update(Content.styled(shown, "italic"))


def question(note: Note, doubt: Doubt) -> Content:
    """As "Sum of the promise: which is right?"."""
    subject = wording.clean(doubts.subject(note, doubt))
    return Content.styled(f"{subject[:1].upper()}{subject[1:]}: which is right?", "bold")


def readings(note: Note, doubt: Doubt) -> Content:
    """As "1  £3.50 (draft)    2  £350.00"."""
    parts = []
    for key, reading in enumerate(doubts.in_words(note, doubt)[:MOST], 1):
        drafted = " (draft)" if key == 1 else ""
        parts.append(Content.assemble((f"{key}  ", "$agent bold"), wording.clean(reading), drafted))
    return Content("    ").join(parts)
