"""Puts calls into an archive, each once."""

import hashlib
from collections.abc import Iterable

from sqlalchemy import Connection, Table, insert, select, union_all

from agentassist.archive import tables
from agentassist.archive.filed import Filed
from agentassist.archive.moments_of import Row
from agentassist.archive.opening import Archive


def file_call(archive: Archive, filed: Filed) -> bool:
    """Files the call with all that belongs to it, or nothing of it; whether it was new.

    A call that is there already is left as it is, with what people said of it; one that was
    removed stays so. Raises ArchiveError.
    """
    with archive.writing() as connection:
        if is_filed(connection, filed.calls["id"]):
            return False
        _put(connection, filed)
        return True


def is_filed(connection: Connection, call: str) -> bool:
    """Whether a call of that id is there, or was there and is removed for good."""
    there = select(tables.calls.c.id).where(tables.calls.c.id == call)
    removed = select(tables.gone.c.call).where(tables.gone.c.call == tombstone(call))
    return connection.execute(union_all(there, removed)).first() is not None


def tombstone(call: str) -> str:
    """What `tables.gone` knows a call by that was removed: the SHA-256 of its id."""
    return hashlib.sha256(call.encode()).hexdigest()


def _put(connection: Connection, filed: Filed) -> None:
    one: list[tuple[Table, Row | None]] = [
        (tables.calls, filed.calls),
        (tables.figures, filed.figures),
        (tables.heard, filed.heard),
        (tables.notes, filed.notes),
    ]
    many: list[tuple[Table, Iterable[Row]]] = [
        (tables.turns, filed.turns),
        (tables.moments, filed.moments),
        (tables.promises, filed.promises),
        (tables.reasons, filed.reasons),
        (tables.reviews, filed.reviews),
    ]
    for table, row in one:
        if row:
            connection.execute(insert(table), row)
    for table, rows in many:
        if told := list(rows):
            # Inline: an agent may not ask a server for the number of a turn.
            connection.execute(insert(table).inline(), told)
