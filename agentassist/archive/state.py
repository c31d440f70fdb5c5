"""How an archive stands: how far it was brought up to date, what is in it, and its size."""

from pathlib import Path
from typing import NamedTuple

from sqlalchemy import func, literal_column, select, text

from agentassist.archive import migrations
from agentassist.archive.opening import Archive
from agentassist.archive.tables import calls, moments


class State(NamedTuple):
    """As whoever asks may see it."""

    calls: int
    moments: int
    open: int
    """Moments that nobody has judged."""
    size: int
    """Bytes on the disk."""


def step(archive: Archive) -> str | None:
    """The last step of migration that was taken; None in an empty database. Raises ArchiveError."""
    with archive.reading() as connection:
        return migrations.version(connection)


def migrate(archive: Archive) -> tuple[str, ...]:
    """Brings it up to date; the steps that were taken. Raises MendableError."""
    before = step(archive)
    with archive.writing() as connection:
        migrations.upgrade(connection, archive.place)
    known = migrations.versions()
    return tuple(known[known.index(before) + 1 if before else 0 :])


def state(archive: Archive) -> State:
    """Raises ArchiveError."""
    # Written out: the index of the open ones is taken only where that can be seen.
    is_open = moments.c.standing == literal_column("'open'")
    with archive.reading() as connection:
        count = select(func.count()).select_from
        return State(
            connection.execute(count(calls)).scalar_one(),
            connection.execute(count(moments)).scalar_one(),
            connection.execute(count(moments).where(is_open)).scalar_one(),
            connection.execute(_SIZE).scalar_one()
            if archive.is_server
            else _on_disk(Path(archive.place)),
        )


_SIZE = text("SELECT pg_database_size(current_database())")


def _on_disk(file: Path) -> int:
    """With what was written and is not in the file itself yet."""
    parts = (file.with_name(file.name + part) for part in ("", "-wal"))
    return sum(part.stat().st_size for part in parts if part.exists())
