"""Takes records out of an archive, batch by batch, each whole and with its proof.

A batch is one transaction; what is cut off between two of them goes on the next time. A
recording is taken from the disk before the archive forgets where it lies.
"""

import datetime
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, delete, func, insert, select, update

from agentassist.archive import blanking, proof, tables, wiping
from agentassist.archive.filing import tombstone
from agentassist.archive.opening import Archive
from agentassist.archive.past import Due, old_calls, old_looks
from agentassist.archive.proof import Reason, Went
from agentassist.archive.recordings import Left, Reach, take_away
from agentassist.archive.retention import Kind
from agentassist.archive.tables import calls, looks, moments

BATCH = 500
"""Calls that go in one transaction: others wait for no longer than that."""

_BELOW = (
    tables.reviews,
    tables.moments,
    tables.turns,
    tables.heard,
    tables.notes,
    tables.figures,
    tables.promises,
    tables.reasons,
)
"""All that hangs on a call, what hangs on another of them first."""


class Batch(msgspec.Struct, frozen=True):
    """What one transaction did."""

    kind: Kind
    pack: str
    seen: int
    """Records that were looked at, gone or not."""
    gone: int
    left: tuple[Left, ...] = ()


class Order(msgspec.Struct, frozen=True):
    """Why records are removed, where recordings may be, and how many calls go at once."""

    reason: Reason
    reach: Reach
    size: int = BATCH


def purge(archive: Archive, wanted: Sequence[Due], order: Order) -> Iterator[Batch]:
    """Removes what `past.due` told of. Raises ArchiveError; what is gone by then has its proof."""
    for one in wanted:
        after: str | None = ""
        while after is not None:
            with archive.writing() as connection:
                after, batch = _next(connection, one, after, order)
            if batch.seen:
                yield batch


def remove(
    connection: Connection,
    kind: Kind,
    rows: Sequence[Row[Any]],
    at: datetime.datetime,
    reach: Reach,
) -> tuple[list[Row[Any]], list[Left]]:
    """Takes that kind of record of these calls out: which went, and recordings that did not.

    `rows` have `id`, `digest` and `recording` of `tables.calls`.
    """
    wiping.mark(connection)
    left: dict[str, Left] = {}
    if kind != "words":
        taken = ((row.id, take_away(row.recording, reach)) for row in rows if row.recording)
        left = {call: stays for call, stays in taken if stays}
    stays = {call for call, one in left.items() if kind == "recording" or not one.elsewhere}
    went = [row for row in rows if row.id not in stays]
    ids = [row.id for row in went]
    match kind:
        case "recording":
            connection.execute(update(calls).where(calls.c.id.in_(ids)).values(recording=None))
        case "words":
            _remove_words(connection, ids, at)
        case _:
            _remove_calls(connection, ids, at)
    return went, list(left.values())


def _next(connection: Connection, one: Due, after: str, order: Order) -> tuple[str | None, Batch]:
    """One batch, and the last id of it; None where it was the last batch."""
    table, wanted = (looks, old_looks(one)) if one.kind == "look" else (calls, old_calls(one))
    page = select(table).where(wanted, table.c.id > after).order_by(table.c.id).limit(order.size)
    rows = connection.execute(page).all()
    left: list[Left] = []
    if one.kind == "look":
        went = _remove_looks(connection, rows)
    else:
        gone, left = remove(connection, one.kind, rows, order.reason.at, order.reach)
        went = [(row.id, row.digest) for row in gone]
    if went:
        proof.record(connection, order.reason, Went(one.kind, one.pack, one.before, went))
    batch = Batch(one.kind, one.pack, len(rows), len(went), tuple(left))
    return (rows[-1].id if len(rows) == order.size else None), batch


def _remove_looks(connection: Connection, rows: Sequence[Row[Any]]) -> list[tuple[str, str]]:
    """Their ids, and the digests of their columns."""
    wiping.mark(connection)
    connection.execute(delete(looks).where(looks.c.id.in_([row.id for row in rows])))
    return [(row.id, hashlib.sha256(msgspec.json.encode([*row])).hexdigest()) for row in rows]


def _remove_words(connection: Connection, ids: Sequence[str], at: datetime.datetime) -> None:
    for table in (tables.turns, tables.heard):
        connection.execute(delete(table).where(table.c.call.in_(ids)))
    # What a cue says may have the words in it.
    without = {name: func.replace(moments.c[name], moments.c.quote, "…") for name in _WORDED}
    quoted = moments.c.call.in_(ids) & (moments.c.quote != "")
    connection.execute(update(moments).where(quoted).values(quote="", **without))
    _blank_notes(connection, ids)
    connection.execute(update(calls).where(calls.c.id.in_(ids)).values(words_gone_at=at))


_WORDED = ("do", "why", "say")


def _blank_notes(connection: Connection, ids: Sequence[str]) -> None:
    notes = tables.notes
    for row in connection.execute(select(notes).where(notes.c.call.in_(ids))).all():
        blank = {"fields": blanking.fields(row.fields), "text": blanking.text(row.text, row.fields)}
        connection.execute(update(notes).where(notes.c.call == row.call).values(**blank))


def _remove_calls(connection: Connection, ids: Sequence[str], at: datetime.datetime) -> None:
    deliveries, reviews = tables.deliveries, tables.reviews
    sent = select(reviews.c.id).where(reviews.c.call.in_(ids))
    connection.execute(delete(deliveries).where(deliveries.c.id.in_(sent)))
    connection.execute(delete(deliveries).where(deliveries.c.id.in_(ids)))
    for table in _BELOW:
        connection.execute(delete(table).where(table.c.call.in_(ids)))
    connection.execute(delete(calls).where(calls.c.id.in_(ids)))
    _remember(connection, ids, at)


def _remember(connection: Connection, ids: Iterable[str], at: datetime.datetime) -> None:
    gone = tables.gone
    hashed = {tombstone(call) for call in ids}
    known = set(connection.execute(select(gone.c.call).where(gone.c.call.in_(hashed))).scalars())
    if fresh := [{"call": call, "at": at} for call in sorted(hashed - known)]:
        connection.execute(insert(gone), fresh)
