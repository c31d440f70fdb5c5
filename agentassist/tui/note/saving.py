"""Writes the note as a file of its own: a clear name, private, and never over another."""

import os
import re
from datetime import date
from itertools import count
from pathlib import Path

from agentassist.call import Call


def file_name(title: str, call: Call) -> str:
    """`2026-03-12 title note.md`; without the date where the call does not tell it."""
    started = call.started
    day: date | None = started.call_date if started else None
    if day is None and started and started.started_at:
        day = started.started_at.date()
    plain = re.sub(r"[^\w-]+", " ", title).strip()[:60].strip() or "call"
    return f"{day.isoformat() if day else ''} {plain} note.md".strip()


def save(text: str, folder: Path, name: str) -> Path:
    """Where the text now is; ` (2)`, ` (3)` are added where the name is taken.

    Only the user may read the file. Raises OSError.
    """
    folder.mkdir(parents=True, exist_ok=True)
    stem, suffix = name.removesuffix(".md"), ".md"
    for number in count(1):
        path = folder / (f"{stem}{suffix}" if number == 1 else f"{stem} ({number}){suffix}")
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            continue
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
        return path
    raise AssertionError  # pragma: no cover - count never ends
