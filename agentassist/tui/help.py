"""The help: takes the place of the transcript or the note, so that cues stay in sight."""

from collections.abc import Iterable
from typing import TypeAlias

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

Rows: TypeAlias = Iterable[tuple[str, str]]

LIVE: tuple[tuple[str, Rows], ...] = (
    (
        "Keys",
        (
            ("d", "dispute the cue: it is wrong here"),
            ("x", "trouble seen: take its line away"),
            ("↑ ↓", "scroll the transcript; also PgUp, PgDn, Home"),
            ("m", "back to an earlier moment; M forward"),
            ("End", "follow the end of the call again"),
            ("b", "to the note, once the call has ended"),
            ("t", "light or dark"),
            ("Ctrl+P", "all commands by name"),
            ("?", "this help; Esc closes it"),
            ("q", "quit; asks once while the call is on"),
        ),
    ),
    (
        "Keys of a recorded call",
        (
            ("Space", "pause, go on"),
            ("n →", "run to the next turn, then pause"),
            ("j", "jump to the next moment: a cue or a flag"),
            ("+ -", "faster, slower"),
        ),
    ),
    (
        "What the marks mean",
        (
            ("▲", "words the coach would not have said, underlined"),
            ("·", "what was done well, or what the caller let us know"),
            ("…", "words still being recognised"),
            ("►", "the moment you went back to"),
            ("[x]", "done; [ ] open; [!] due now"),
        ),
    ),
)

NOTE: tuple[tuple[str, Rows], ...] = (
    (
        "Keys",
        (
            ("↑ ↓", "from line to line"),
            ("Enter", "to the moment the line came from; Esc comes back"),
            ("e", "edit the note; Esc leaves the editor, your words are kept"),
            ("s", "save as a file; Ctrl+S while editing"),
            ("c", "copy to the clipboard"),
            ("b", "back to the call"),
            ("t", "light or dark"),
            ("Ctrl+P", "all commands by name"),
            ("?", "this help; Esc closes it"),
            ("q", "quit; asks once while the note is not saved"),
        ),
    ),
)


class HelpPanel(VerticalScroll, can_focus=False):
    """Keys and marks, each in a few words."""

    def __init__(self, sections: tuple[tuple[str, Rows], ...]) -> None:
        super().__init__(id="help")
        self._sections = sections

    def compose(self) -> ComposeResult:
        for title, rows in self._sections:
            yield Static(Content.styled(title, "bold"), classes="help-title", markup=False)
            for key, meaning in rows:
                yield Static(Content.styled(key, "$agent bold"), classes="help-key", markup=False)
                yield Static(meaning, classes="help-meaning", markup=False)
