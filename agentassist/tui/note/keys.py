"""The note screen's keys, and which of them are of use when."""

from typing import Literal, TypeAlias

from textual.binding import Binding, BindingType

from agentassist.tui.note.editing import Editing

Mode: TypeAlias = Literal["lines", "line", "text", "outcomes", "help"]
"""What is in front."""

# While the note is written in, letters are words: the footer then shows the second key of each.
KEYS: list[BindingType] = [
    Binding("tab", "confirm(1)", "Confirm", key_display="Tab", tooltip="Next to confirm"),
    Binding("shift+tab", "confirm(-1)", "Before", show=False, tooltip="The one to confirm before"),
    *(Binding(str(key), f"choose({key})", f"Reading {key}", show=False) for key in range(1, 10)),
    Binding("e", "edit", "Edit", tooltip="Edit the line, or the outcome"),
    Binding("a", "add", "Add", show=False, tooltip="Add a line after this one"),
    Binding("d,delete", "delete", "Delete", show=False, tooltip="Delete the line"),
    Binding("u", "undo", "Undo", tooltip="Take the last change back"),
    Binding("w", "whole", "Whole text", show=False, tooltip="Edit the whole text"),
    Binding("s", "save", "Save", tooltip="Save the note: you stand for it"),
    Binding("ctrl+s", "save", "Save", key_display="Ctrl+S"),
    Binding("c", "copy", "Copy", tooltip="Copy the short note, and keep it as a file"),
    Binding("n", "next", "Next call", show=False, tooltip="Next call"),
    Binding("b", "back", "Back", tooltip="Back"),
    Binding("escape", "back", "Back", key_display="Esc"),
    Binding("up", "scroll(-1)", "Up", show=False),
    Binding("down", "scroll(1)", "Down", show=False),
    Binding("pageup", "scroll(-10)", "Page up", show=False),
    Binding("pagedown", "scroll(10)", "Page down", show=False),
    Binding("question_mark", "help", "Help", key_display="?", tooltip="Keys of the note"),
    Binding("f1", "help", "Help", key_display="F1"),
]

_ALWAYS = ("back", "help", "next", "scroll")
_WHILE_WRITING = ("back", "help", "save")
_OF_LINES = ("edit", "add", "delete")


def is_of_use(action: str, mode: Mode, editing: Editing | None) -> bool:
    """Keys that would do nothing are not shown."""
    if editing is None:
        return action in _ALWAYS
    if mode in ("line", "text"):
        return action in _WHILE_WRITING
    match action:
        case "confirm" | "choose":
            return bool(editing.note.doubts) and mode == "lines"
        case "undo":
            return bool(editing.steps)
        case _:
            return mode == "lines" or action not in _OF_LINES
