"""The note as plain text: short, for the field of a form."""

from typing import TYPE_CHECKING

from agentassist.call import Call
from agentassist.values import Note

if TYPE_CHECKING:  # Jinja2 is imported when a note is written, not when a screen opens
    from agentassist.export.templates import Template


def to_text(call: Call, note: Note, template: "Template | None" = None) -> str:
    """The short note, or as the template has it."""
    from agentassist.export.templates import shipped

    return (template or shipped("text")).render(call, note)
