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
            ("d", "dispute the cue: it is wrong here; then 1 2 3 say why"),
            ("c", "the step of the protocol is done: the next one"),
            ("z", "snooze: no more of this cue in this call; ends a protocol"),
            ("u", "quiet: urgent cues alone; again, all of them"),
            ("p", "plan sheet: instalments, a settlement, a part payment"),
            ("i", "the brief: what is known of the account"),
            ("h", "hand over: pass the call on, and say why"),
            ("x", "trouble seen: take its line away"),
            ("↑ ↓", "scroll the transcript; also PgUp, PgDn, Home"),
            ("m", "back to an earlier moment; M forward"),
            ("End", "follow the end of the call again"),
            ("b", "to the note, once the call has ended; also Enter"),
            ("l", "notes that wait to be finished"),
            ("t", "light or dark"),
            ("Ctrl+P", "all commands by name"),
            ("?", "this help; Esc closes it"),
            ("q", "quit; asks once while the call is on"),
        ),
    ),
    (
        "Keys of a live call",
        (
            ("e", "end the call; asks once"),
            ("r", "pause the recording, or let it go on, where there is one"),
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
        "Confirm",
        (
            ("Tab", "to the next; Shift+Tab to the one before"),
            ("1 2 3", "this reading is right"),
        ),
    ),
    (
        "Keys",
        (
            ("↑ ↓", "from line to line"),
            ("Enter", "to the moment the line came from; Enter again comes back"),
            ("e", "edit the line, or the outcome; Enter keeps it, Esc leaves it"),
            ("a", "add a line below; on a section where nothing was said, its first"),
            ("d", "delete the line"),
            ("u", "undo: take the last change back"),
            ("w", "edit the whole text; Esc comes back, your words are kept"),
            ("s", "save: you stand for the note; Ctrl+S while writing"),
            ("c", "copy the short note to the clipboard, and into a file"),
            ("Ctrl+P", "all commands by name; exports to other programs too"),
            ("n", "next call"),
            ("l", "notes that wait to be finished"),
            ("b", "back to the call"),
            ("t", "light or dark"),
            ("?", "this help; Esc closes it"),
            ("q", "quit; asks once where something would be lost"),
        ),
    ),
    (
        "Marks",
        (
            ("edited", "you changed the line; below it, what the machine drafted"),
            ("added", "the line is yours"),
            ("deleted", "the machine drafted it, you took it out"),
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
