"""Until when somebody has seen what others said of their moments: one time in one file."""

import datetime
from contextlib import suppress
from pathlib import Path

from agentassist.store import durable


class SeenFile:
    """Where it can't be read or written, everything counts as new: nothing hangs on it."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def until(self) -> datetime.datetime | None:
        """Aware; None where nothing was seen yet."""
        try:
            return datetime.datetime.fromisoformat(self._path.read_text().strip())
        except (OSError, ValueError):
            return None

    def mark(self, at: datetime.datetime) -> None:
        """Everything until then was seen."""
        with suppress(OSError):
            durable.make_folder(self._path.parent)
            durable.replace(self._path, at.isoformat().encode())
