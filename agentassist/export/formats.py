"""The formats that a call can be written in, by name, each as one function to bytes."""

import datetime
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple, TypeAlias
from zoneinfo import ZoneInfo

from agentassist.call import Call
from agentassist.errors import MendableError
from agentassist.export.csv_row import to_csv
from agentassist.export.json_note import to_json
from agentassist.export.webvtt import to_webvtt
from agentassist.values import Note

if TYPE_CHECKING:  # it brings Jinja2
    from agentassist.export.templates import Template


class Settings(NamedTuple):
    """What the user may say about an export, and what only the edge knows: clock and host."""

    now: datetime.datetime
    """Aware."""
    domain: str
    """The name of this machine."""
    zone: ZoneInfo | None = None
    started_at: datetime.datetime | None = None
    header: bool = True
    template: "Template | None" = None
    """For text and Markdown."""


Write: TypeAlias = Callable[[Call, Note, Settings], str | bytes]
WriteAny: TypeAlias = Callable[[Call, Note | None, Settings], str | bytes]


def _text(call: Call, note: Note, settings: Settings) -> str:
    from agentassist.export.text import to_text

    return to_text(call, note, settings.template)


def _markdown(call: Call, note: Note, settings: Settings) -> str:
    from agentassist.export.markdown import to_markdown

    return to_markdown(call, note, settings.template)


def _icalendar(call: Call, note: Note, settings: Settings) -> bytes:
    from agentassist.export.ical import to_icalendar

    return to_icalendar(call, note, now=settings.now, zone=settings.zone)


def _vcon(call: Call, note: Note | None, settings: Settings) -> str:
    from agentassist.export.vcon import to_vcon

    return to_vcon(
        call, note, now=settings.now, domain=settings.domain, started_at=settings.started_at
    )


OF_NOTES: dict[str, Write] = {
    "text": _text,
    "markdown": _markdown,
    "json": lambda call, note, _: to_json(call, note),
    "csv": lambda call, note, settings: to_csv(call, note, header=settings.header),
    "icalendar": _icalendar,
}
"""Formats that need a note."""

OF_CALLS: dict[str, WriteAny] = {
    "webvtt": lambda call, note, _: to_webvtt(call, note),
    "vcon": _vcon,
}
"""Formats of the call itself, with a note or without."""

NAMES = (*OF_NOTES, *OF_CALLS)


def export(call: Call, note: Note | None, to: str, settings: Settings) -> bytes:
    """The call in the format of that name. Raises MendableError where it lacks what that needs."""
    if to in OF_CALLS:
        made = OF_CALLS[to](call, note, settings)
    elif note is None:
        raise MendableError(
            f"no note was drafted for this call; without one there is {' and '.join(OF_CALLS)}"
        )
    else:
        made = OF_NOTES[to](call, note, settings)
    return made.encode() if isinstance(made, str) else made
