"""The note as Markdown: whole, each line with the moments that gave it."""

from typing import TYPE_CHECKING

from agentassist.call import Call
from agentassist.values import Note

if TYPE_CHECKING:  # Jinja2 is imported when a note is written, not when a screen opens
    from agentassist.export.templates import Template


def to_markdown(call: Call, note: Note, template: "Template | None" = None) -> str:
    """The whole note, or as the template has it. Words of the call are escaped."""
    from agentassist.export.templates import shipped

    return (template or shipped("markdown")).render(call, note)
