"""The queue of moments: a page at a time, most pressing first, then the newest.

Each order by which it is read is an index of `tables.moments`; a page begins where the last
one ended, so the thousandth costs what the first does.
"""

import datetime
from typing import Any, get_args

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    func,
    literal,
    select,
    tuple_,
)

from agentassist.archive import words
from agentassist.archive.moments_of import RANKS
from agentassist.archive.tables import calls, moments
from agentassist.errors import MendableError
from agentassist.reviewing import Choices, Filters, Moment, Page, Person
from agentassist.vocabulary import Outcome

_SEVERITIES = {rank: severity for severity, rank in RANKS.items()}
_ORDER = (moments.c.severity, moments.c.happened_at, moments.c.id)
_SHOWN = select(moments, calls.c.title).join(calls, calls.c.id == moments.c.call)


def page(connection: Connection, who: Person, filters: Filters, after: str, size: int) -> Page:
    """The next `size` moments behind the place `after`, which the page before told."""
    wanted = _wanted(connection, who, filters)
    if after:
        wanted.append(tuple_(*_ORDER).op("<", is_comparison=True)(tuple_(*_place(after))))
    order = [column.desc() for column in _ORDER]
    rows = connection.execute(_SHOWN.where(*wanted).order_by(*order).limit(size)).all()
    return Page(tuple(map(moment, rows)), _told(rows[-1]) if len(rows) == size else "")


def count(connection: Connection, who: Person, filters: Filters, most: int) -> int:
    """How many there are, counted no further than `most`."""
    some = select(literal(1)).select_from(moments)
    some = some.where(*_wanted(connection, who, filters)).limit(most)
    return connection.execute(select(func.count()).select_from(some.subquery())).scalar_one()


def one(connection: Connection, identity: str) -> Moment:
    """Raises MendableError where there is none that this person may see."""
    row = connection.execute(_SHOWN.where(moments.c.id == identity)).first()
    if row is None:
        raise MendableError(f"{identity}: no such moment, or not one that you may see")
    return moment(row)


def moment(row: Row[Any]) -> Moment:
    """From a row of `moments` with the call's title."""
    told = row._asdict()
    told["severity"] = _SEVERITIES[told["severity"]]
    return Moment(**{name: told[name] for name in Moment.__struct_fields__})


def choices(connection: Connection) -> Choices:
    """What there is to filter by."""
    named = {
        column.name + "s": tuple(connection.execute(_distinct(column)).scalars())
        for column in (moments.c.agent, moments.c.team, moments.c.rule, calls.c.pack)
    }
    return Choices(**named, outcomes=get_args(Outcome))


def _distinct(column: ColumnElement[str]) -> Select[Any]:
    """Each value once, by steps along the column's index: a million rows are not read for ten."""
    first = select(func.min(column).label("value")).cte("found", recursive=True)
    after = select(func.min(column)).where(column > first.c.value).scalar_subquery()
    following = first.union_all(select(after).where(first.c.value.is_not(None)))
    return select(following.c.value).where(following.c.value.is_not(None), following.c.value != "")


def _wanted(connection: Connection, who: Person, filters: Filters) -> list[ColumnElement[bool]]:
    plain = {
        moments.c.agent: filters.agent,
        moments.c.team: filters.team,
        moments.c.pack: filters.pack,
        moments.c.rule: filters.rule,
        moments.c.outcome: filters.outcome,
        moments.c.standing: filters.standing,
    }
    wanted = [column == value for column, value in plain.items() if value]
    wanted += _own(who)
    if filters.severity:
        wanted.append(moments.c.severity == RANKS[filters.severity])
    if filters.disputed:
        wanted.append(moments.c.disputed)
    if filters.since:
        wanted.append(moments.c.day >= filters.since)
    if filters.until:
        wanted.append(moments.c.day <= filters.until)
    if filters.words:
        wanted.append(moments.c.call.in_(words.calls_with(connection, filters.words)))
    return wanted


def _own(who: Person) -> list[ColumnElement[bool]]:
    """What the database holds them to anyway, told so that it can take the index for it."""
    match who.role:
        case "agent":
            return [moments.c.agent == who.id]
        case "supervisor":
            return [moments.c.team.in_(who.teams)]
        case _:
            return []


def _told(row: Row[Any]) -> str:
    return f"{row.severity} {row.happened_at.isoformat()} {row.id}"


def _place(after: str) -> tuple[int, datetime.datetime, str]:
    severity, at, identity = after.split(" ", 2)
    return int(severity), datetime.datetime.fromisoformat(at), identity
