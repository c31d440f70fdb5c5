"""Who looked at a call: for compliance and an archive's owner, and each for their own looks."""

import datetime

import msgspec
from sqlalchemy import select

from agentassist.archive import tables
from agentassist.archive.opening import Archive


class Look(msgspec.Struct, frozen=True):
    """Somebody saw the words of a call."""

    by: str
    at: datetime.datetime
    """Aware."""
    call: str
    what: str
    """`opened`, `found`, `exported` or `tried`."""


def looks(archive: Archive, call: str = "", by: str = "", most: int = 100) -> tuple[Look, ...]:
    """The latest of those that whoever asks may know of, newest first. Raises ArchiveError."""
    known = tables.looks.c
    wanted = select(known.by, known.at, known.call, known.what)
    for column, value in ((known.call, call), (known.by, by)):
        if value:
            wanted = wanted.where(column == value)
    with archive.reading() as connection:
        rows = connection.execute(wanted.order_by(known.at.desc(), known.id).limit(most))
        return tuple(Look(*row) for row in rows)
