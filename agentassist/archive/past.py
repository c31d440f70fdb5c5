"""What of an archive is past its time on a day, by pack and kind of record."""

import datetime
from collections.abc import Iterator

import msgspec
from sqlalchemy import ColumnElement, Connection, exists, func, or_, select

from agentassist.archive import holds
from agentassist.archive.retention import KINDS, Kind, Period, Retention
from agentassist.archive.tables import calls, looks


class Due(msgspec.Struct, frozen=True):
    """One line of what a purge takes."""

    kind: Kind
    pack: str
    period: Period
    before: datetime.date
    """Older than that."""
    count: int = 0
    """Calls; looks where those are the kind."""


def due(connection: Connection, retention: Retention, on: datetime.date) -> tuple[Due, ...]:
    """All that is past its time on that day and not held, as it is to be removed in turn."""
    return tuple(_due(connection, retention, on))


def _due(connection: Connection, retention: Retention, on: datetime.date) -> Iterator[Due]:
    packs = [*connection.execute(select(calls.c.pack).distinct().order_by(calls.c.pack)).scalars()]
    for kind in KINDS:
        # A look outlives its call, and what pack that had.
        for pack in dict.fromkeys([*packs, ""] if kind == "look" else packs):
            period = retention.of(pack, kind)
            one = Due(kind, pack, period, period.keep.before(on))
            if count := _count(connection, one):
                yield msgspec.structs.replace(one, count=count)


def _count(connection: Connection, one: Due) -> int:
    if one.kind == "look":
        counted = select(func.count()).select_from(looks).where(old_looks(one))
    else:
        counted = select(func.count()).select_from(calls).where(old_calls(one))
    return connection.execute(counted).scalar_one()


def old_calls(one: Due) -> ColumnElement[bool]:
    """Of a row of `calls`: past its time, still there, and not held."""
    found = (calls.c.pack == one.pack) & is_past(one.period, one.before) & ~holds.is_held()
    match one.kind:
        case "recording":
            return found & calls.c.recording.is_not(None)
        case "words":
            return found & calls.c.words_gone_at.is_(None)
        case _:
            return found


def is_past(period: Period, before: datetime.date) -> ColumnElement[bool]:
    """Of a row of `calls`: whether what it is counted from was before that day."""
    if period.after == "call":
        return calls.c.day < before
    later = calls.alias("later")
    goes_on = exists(
        select(later.c.id)
        .where(later.c.account == calls.c.account, later.c.day >= before)
        .correlate(calls)
    )
    return (calls.c.day < before) & ~goes_on


def old_looks(one: Due) -> ColumnElement[bool]:
    """Of a row of `looks`: past its time, and not at a call that is held."""
    midnight = datetime.datetime.combine(one.before, datetime.time(), datetime.UTC)
    of_pack: ColumnElement[bool] = exists(
        select(calls.c.id)
        .where(calls.c.id == looks.c.call, calls.c.pack == one.pack, ~holds.is_held())
        .correlate(looks)
    )
    if not one.pack:
        orphan = ~exists(select(calls.c.id).where(calls.c.id == looks.c.call).correlate(looks))
        of_pack = or_(of_pack, orphan)
    return (looks.c.at < midnight) & of_pack
