"""A corrected note in the archive: what was agreed and why, not what was said and coached."""

from typing import Any

import msgspec
from sqlalchemy import Connection, Row, delete, insert, select, text, update

from agentassist.archive import blanking, tables
from agentassist.archive.filed import Corrected, corrected
from agentassist.archive.opening import Archive
from agentassist.archive.tables import calls, heard, notes, promises, reasons
from agentassist.values import Note

_CORRECT = text(
    "SELECT correct_note(:call, :fields, :words, CAST(:promises AS jsonb),"
    " CAST(:reasons AS jsonb), :digest)"
)


def correct_call(archive: Archive, call: str, note: Note, words: str) -> bool:
    """The note, promises and reasons of a filed call as they were corrected; whether it is there.

    Where its words are past their retention, those of the note are blanked. Raises ArchiveError.
    """
    with archive.writing() as connection:
        kept = select(calls, heard.c.events).outerjoin(heard).where(calls.c.id == call)
        row = connection.execute(kept).first()
        if row is None:
            return False
        by_call = {"call": call, "agent": row.agent, "team": row.team, "day": row.day}
        now = corrected(by_call, row.events or b"", note, words)
        put_corrected(connection, call, _blanked(now) if row.words_gone_at else now)
        return True


def put_corrected(connection: Connection, call: str, now: Corrected) -> None:
    """These rows in place of those before. What became of a promise that stands, stays known."""
    known = {_promised(row): row.kept for row in connection.execute(_promises_of(call))}
    for table in (notes, promises, reasons):
        connection.execute(delete(table).where(table.c.call == call))
    connection.execute(insert(notes), now.notes)
    if kept := [row | {"kept": known.get(_told(row))} for row in now.promises]:
        connection.execute(insert(promises), kept)
    if now.reasons:
        connection.execute(insert(reasons), [*now.reasons])
    connection.execute(update(calls).where(calls.c.id == call).values(digest=now.digest))


def correct_own(connection: Connection, call: str, now: Corrected) -> None:
    """The same at a server, as the agent whose call it is: by the one function that lets them."""
    connection.execute(
        _CORRECT,
        {
            "call": call,
            "fields": now.notes["fields"],
            "words": now.notes["text"],
            "promises": msgspec.json.encode(now.promises).decode(),
            "reasons": msgspec.json.encode(now.reasons).decode(),
            "digest": now.digest,
        },
    )


def _blanked(now: Corrected) -> Corrected:
    fields, text = now.notes["fields"], now.notes["text"]
    blank = {"fields": blanking.fields(fields), "text": blanking.text(text, fields)}
    return now._replace(notes=now.notes | blank)


def _promises_of(call: str) -> Any:
    return select(tables.promises).where(promises.c.call == call)


def _promised(row: Row[Any]) -> tuple[Any, ...]:
    return _told(row._asdict())


def _told(promise: dict[str, Any]) -> tuple[Any, ...]:
    return promise["amount"], promise["currency"], promise["due"]
