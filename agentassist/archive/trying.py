"""Stored calls, to be replayed under an edited rulebook, and what people said of their moments.

That somebody's words are read is written down first, call by call.
"""

import datetime
from collections.abc import Callable, Iterator, Sequence

from sqlalchemy import ColumnElement, Connection, func, select

from agentassist.archive.desk import look
from agentassist.archive.opening import Archive
from agentassist.archive.stored import Chosen, Opened, Stored
from agentassist.archive.tables import calls, heard, moments
from agentassist.learning.trying import Filed, Remark
from agentassist.reviewing import Filters, Person

_AT_ONCE = 8
"""Calls that are read in one transaction: few, so that nobody waits long for it."""


def chosen(archive: Archive, filters: Filters, most: int | None = None) -> Chosen:
    """The calls of that agent, team, pack and time, no more than `most`. Raises ArchiveError."""
    wanted = _wanted(filters)
    columns = [calls.c[name] for name in Stored.__struct_fields__]
    newest = select(*columns).where(*wanted, calls.c.words_gone_at.is_(None))
    newest = newest.order_by(calls.c.day.desc(), calls.c.id.desc()).limit(most)
    gone = select(func.count()).where(*wanted, calls.c.words_gone_at.is_not(None))
    with archive.reading() as connection:
        found = tuple(Stored(*row) for row in connection.execute(newest))
        return Chosen(found, connection.execute(gone).scalar_one())


def _wanted(filters: Filters) -> list[ColumnElement[bool]]:
    plain = {
        calls.c.agent: filters.agent,
        calls.c.team: filters.team,
        calls.c.pack: filters.pack,
    }
    wanted = [column == value for column, value in plain.items() if value]
    if filters.since:
        wanted.append(calls.c.day >= filters.since)
    if filters.until:
        wanted.append(calls.c.day <= filters.until)
    return wanted


def opened_calls(
    archive: Archive, who: Person, now: Callable[[], datetime.datetime], stored: Sequence[Stored]
) -> Iterator[Opened]:
    """Each call with its words; with none where they are gone meanwhile.

    Raises ArchiveError.
    """
    for start in range(0, len(stored), _AT_ONCE):
        some = stored[start : start + _AT_ONCE]
        ids = [call.id for call in some]
        with archive.writing() as connection:
            look(connection, who.id, now(), "tried", ids)
        with archive.reading() as connection:  # a server shows no words before
            packed = _packed(connection, ids)
            filed = _filed(connection, ids)
        for call in some:
            yield Opened(call, packed.get(call.id, b""), tuple(filed.get(call.id, ())))


def _packed(connection: Connection, ids: Sequence[str]) -> dict[str, bytes]:
    found = connection.execute(select(heard.c.call, heard.c.events).where(heard.c.call.in_(ids)))
    return {call: bytes(events) for call, events in found}


def _filed(connection: Connection, ids: Sequence[str]) -> dict[str, list[Filed]]:
    named = ("call", "kind", "rule", "name", "turn", "at", "standing", "disputed")
    columns = [moments.c[name] for name in named]
    filed: dict[str, list[Filed]] = {}
    for row in connection.execute(select(*columns).where(moments.c.call.in_(ids))):
        remark = Remark(row.kind, row.rule, row.name, row.turn, row.at)
        filed.setdefault(row.call, []).append(Filed(remark, row.standing, row.disputed))
    return filed
