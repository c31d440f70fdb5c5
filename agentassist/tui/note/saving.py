"""Writes what is made of the note as a file: a clear name, private, and never over another."""

import re
from collections.abc import Iterator
from datetime import date
from itertools import count
from pathlib import Path

from agentassist.call import Call
from agentassist.errors import MendableError
from agentassist.export.files import write_new


def file_name(title: str, call: Call, ending: str = "note.md") -> str:
    """`2026-03-12 title note.md`; without the date where the call does not tell it."""
    started = call.started
    day: date | None = started.call_date if started else None
    if day is None and started and started.started_at:
        day = started.started_at.date()
    plain = re.sub(r"[^\w-]+", " ", title).strip()[:60].strip() or "call"
    return f"{day.isoformat() if day else ''} {plain} {ending}".strip()


def save(data: str | bytes, folder: Path, name: str) -> Path:
    """Where it now is; ` (2)`, ` (3)` are added where the name is taken.

    Only the user may read the file. Raises MendableError.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise MendableError(f"{folder}: can't be made: {error.strerror}") from None
    path = next(path for path in _names(folder, name) if not path.exists())
    write_new(path, data.encode() if isinstance(data, str) else data)
    return path


def _names(folder: Path, name: str) -> Iterator[Path]:
    stem, dot, suffix = name.partition(".")
    yield folder / name
    yield from (folder / f"{stem} ({number}){dot}{suffix}" for number in count(2))
