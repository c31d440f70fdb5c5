"""One person's calls: found without merging two people, and handed out whole.

A person is the account that their calls were for. Calls without an account number belong
together where name and telephone number are the same.
"""

import datetime
import re
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, Row, select

from agentassist.archive import tables
from agentassist.archive.filed import heard_again
from agentassist.archive.tables import calls

_SAME_DIGITS = 9
"""Of a telephone number, from its end: what stands before is written in many ways."""


class Asked(msgspec.Struct, frozen=True):
    """By what they are looked for; all that is named must hold."""

    account: str = ""
    person: str = ""
    phone: str = ""
    no_account: bool = False
    """Only calls without an account number."""


class Someone(msgspec.Struct, frozen=True):
    """One person, as the calls tell."""

    account: str
    """Empty where their calls have none."""
    names: tuple[str, ...]
    phones: tuple[str, ...]
    calls: tuple[str, ...]
    """Ids, oldest first."""
    first: datetime.date
    last: datetime.date

    @property
    def called(self) -> str:
        """What they are confirmed by: the account, or else the name, or the number."""
        return self.account or next(iter((*self.names, *self.phones)), "")


def people(connection: Connection, asked: Asked) -> tuple[Someone, ...]:
    """Everybody whom that may mean, by account."""
    wanted = list(_wanted(connection, asked))
    rows = connection.execute(select(calls).where(*wanted).order_by(calls.c.day, calls.c.id))
    found: dict[tuple[str, ...], list[Row[Any]]] = {}
    for row in rows:
        found.setdefault(_who(row), []).append(row)
    return tuple(_someone(rows) for _, rows in sorted(found.items()))


def unnumbered(connection: Connection, who: Someone) -> int:
    """How many calls without an account number have their name or telephone number."""
    if not who.account:
        return 0
    return len(
        {
            call
            for asked in (
                *(Asked(person=name, no_account=True) for name in who.names),
                *(Asked(phone=phone, no_account=True) for phone in who.phones),
            )
            for one in people(connection, asked)
            for call in one.calls
        }
    )


def everything(connection: Connection, who: Someone) -> Iterator[dict[str, Any]]:
    """All that the archive has of each of their calls, ready for JSON; one call after the other."""
    for call in who.calls:
        yield _call(connection, call)


def line(told: dict[str, Any]) -> dict[str, Any]:
    """Of one of `everything`: its line of the index."""
    call = told["call"]
    shown = ("id", "day", "title", "agent", "team", "outcome", "seconds", "recording")
    return {name: call[name] for name in shown} | {
        "turns": len(told["transcript"]),
        "words_gone_at": call["words_gone_at"],
        "has_note": told["note"] is not None,
        "moments": len(told["moments"]),
        "reviews": len(told["reviews"]),
        "looked_at": len(told["looks"]),
    }


def _wanted(connection: Connection, asked: Asked) -> Iterator[ColumnElement[bool]]:
    if asked.account:
        yield calls.c.account == asked.account
    if asked.no_account:
        yield calls.c.account.is_(None)
    # Names and numbers are compared here: databases fold letters each in their own way.
    if asked.person:
        spelled = _distinct(connection, calls.c.person)
        yield calls.c.person.in_([name for name in spelled if _name(name) == _name(asked.person)])
    if asked.phone:
        spelled = _distinct(connection, calls.c.phone)
        yield calls.c.phone.in_([each for each in spelled if _digits(each) == _digits(asked.phone)])


def _distinct(connection: Connection, column: ColumnElement[Any]) -> Iterable[str]:
    found = connection.execute(select(column).where(column.is_not(None)).distinct())
    return found.scalars()


def _who(row: Row[Any]) -> tuple[str, ...]:
    if row.account:
        return (row.account,)
    return ("", _name(row.person or ""), _digits(row.phone or ""))


def _someone(rows: list[Row[Any]]) -> Someone:
    return Someone(
        rows[0].account or "",
        tuple(dict.fromkeys(row.person for row in rows if row.person)),
        tuple(dict.fromkeys(row.phone for row in rows if row.phone)),
        tuple(row.id for row in rows),
        rows[0].day,
        rows[-1].day,
    )


def _name(name: str) -> str:
    return " ".join(name.casefold().split())


def _digits(number: str) -> str:
    return re.sub(r"\D", "", number)[-_SAME_DIGITS:]


def _call(connection: Connection, call: str) -> dict[str, Any]:
    (row,) = _rows(connection, calls, call, calls.c.id)
    notes = _rows(connection, tables.notes, call)
    turns = _rows(connection, tables.turns, call)
    heard = _rows(connection, tables.heard, call)
    for told in (*notes, *turns):
        told |= {name: msgspec.Raw(told[name].encode()) for name in _JSON if name in told}
    return {
        "call": row,
        "transcript": turns,
        "note": notes[0] if notes else None,
        "heard": [event for kept in heard for event in heard_again(kept["events"])],
        **{
            table.name: _rows(connection, table, call)
            for table in (tables.figures, tables.promises, tables.reasons)
        },
        **{
            table.name: _rows(connection, table, call)
            for table in (tables.moments, tables.reviews, tables.looks)
        },
    }


_JSON = ("fields", "labels")


def _rows(
    connection: Connection, table: Any, call: str, key: ColumnElement[str] | None = None
) -> list[dict[str, Any]]:
    key = table.c.call if key is None else key
    found = connection.execute(select(table).where(key == call).order_by(*table.primary_key))
    return [dict(row) for row in found.mappings()]
