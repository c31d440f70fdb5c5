"""The queue of moments: a page at a time, most pressing first, then the newest.

Each order by which it is read is an index of `tables.moments`; a page begins where the last
one ended, so the thousandth costs what the first does.
"""

import datetime
from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias, get_args

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Row,
    Select,
    Table,
    func,
    literal,
    literal_column,
    select,
    tuple_,
)

from agentassist.archive import words
from agentassist.archive.moments_of import RANKS
from agentassist.archive.tables import calls, moments
from agentassist.errors import MendableError
from agentassist.reviewing import Choices, Filters, Moment, Page, Person, Standing
from agentassist.vocabulary import Outcome

_SEVERITIES = {rank: severity for severity, rank in RANKS.items()}
_WITHIN = (moments.c.happened_at, moments.c.id)
_Conditions: TypeAlias = list[ColumnElement[bool]]
_STANDINGS = {standing: f"'{standing}'" for standing in get_args(Standing)}
_ANY_ZONE = datetime.timedelta(days=1)
_LONGEST_CALL = datetime.timedelta(days=2)
"""Past the end of its day, in which a call goes on."""
_SHOWN = select(moments, calls.c.title).join(calls, calls.c.id == moments.c.call)


def page(connection: Connection, who: Person, filters: Filters, after: str, size: int) -> Page:
    """The next `size` moments behind the place `after`, which the page before told.

    Severity by severity, and team by team: within one, what is wanted is a stretch of an index.
    """
    wanted = _wanted(connection, filters)
    place = _place(after) if after else None
    rows: list[Row[Any]] = []
    for rank in _ranks(filters, place):
        some = _SHOWN.where(*wanted, moments.c.severity == rank)
        if place and rank == place[0]:
            some = some.where(tuple_(*_WITHIN) < tuple_(*place[1:]))
        rows += _newest(connection, some, _stretches(who, filters), size - len(rows))
        if len(rows) == size:
            break
    return Page(tuple(map(moment, rows)), _told(rows[-1]) if len(rows) == size else "")


def _newest(
    connection: Connection, some: Select[Any], stretches: Sequence[_Conditions], most: int
) -> list[Row[Any]]:
    ordered = some.order_by(*(column.desc() for column in _WITHIN)).limit(most)
    found = [row for each in stretches for row in connection.execute(ordered.where(*each))]
    return sorted(found, key=lambda row: (row.happened_at, row.id), reverse=True)[:most]


def _stretches(who: Person, filters: Filters) -> list[_Conditions]:
    """What this person may see, as stretches of an index by whose calls these are."""
    if who.role == "supervisor" and not (filters.team or filters.agent):
        return [[moments.c.team == team] for team in who.teams]
    return [own(who)]


def count(connection: Connection, who: Person, filters: Filters, most: int) -> int:
    """How many there are, counted no further than `most`."""
    some = select(literal(1)).select_from(moments)
    some = some.where(*own(who), *_wanted(connection, filters)).limit(most)
    return connection.execute(select(func.count()).select_from(some.subquery())).scalar_one()


def one(connection: Connection, identity: str) -> Moment:
    """Raises MendableError where there is none that this person may see."""
    row = connection.execute(_SHOWN.where(moments.c.id == identity)).first()
    if row is None:
        raise MendableError(f"{identity}: no such moment, or not one that you may see")
    return moment(row)


def of_call(connection: Connection, call: str) -> tuple[Moment, ...]:
    """All of a call's moments, in its order."""
    found = _SHOWN.where(moments.c.call == call).order_by(moments.c.at, moments.c.id)
    return tuple(map(moment, connection.execute(found)))


def moment(row: Row[Any]) -> Moment:
    """From a row of `moments` with the call's title."""
    told = row._asdict()
    told["severity"] = _SEVERITIES[told["severity"]]
    return Moment(**{name: told[name] for name in Moment.__struct_fields__})


def choices(connection: Connection, who: Person) -> Choices:
    """What there is to filter by."""
    by_steps = (moments.c.agent, moments.c.team, calls.c.pack, moments.c.rule)
    columns = (calls.c.agent, calls.c.team, calls.c.pack, moments.c.rule) if own(who) else by_steps
    told = {column.name + "s": _values(connection, column, who) for column in columns}
    return Choices(**told, outcomes=get_args(Outcome))


def _values(connection: Connection, column: Column[str], who: Person) -> tuple[str, ...]:
    """Each value once: of what one person sees by reading it all, of a million rows by steps.

    Either way an index that begins with what is asked holds all that is read.
    """
    whose = own(who, column.table)
    found = select(column).distinct().where(*whose) if whose else _distinct(column)
    return tuple(sorted(value for value in connection.execute(found).scalars() if value))


def _distinct(column: ColumnElement[str]) -> Select[Any]:
    """Each value once, by steps along the column's index: a million rows are not read for ten."""
    first = select(func.min(column).label("value")).cte("found", recursive=True)
    after = select(func.min(column)).where(column > first.c.value).scalar_subquery()
    following = first.union_all(select(after).where(first.c.value.is_not(None)))
    return select(following.c.value)


def _wanted(connection: Connection, filters: Filters) -> _Conditions:
    plain = {
        moments.c.agent: filters.agent,
        moments.c.team: filters.team,
        moments.c.pack: filters.pack,
        moments.c.rule: filters.rule,
        moments.c.outcome: filters.outcome,
    }
    wanted = [column == value for column, value in plain.items() if value]
    if filters.standing:
        # Written out: an index of the open ones alone is taken only where that can be seen.
        wanted.append(moments.c.standing == literal_column(_STANDINGS[filters.standing]))
    if filters.severity:
        wanted.append(moments.c.severity == RANKS[filters.severity])
    if filters.disputed:
        wanted.append(moments.c.disputed)
    wanted += _within_days(filters)
    if filters.words:
        wanted.append(moments.c.call.in_(words.calls_with(connection, filters.words)))
    return wanted


def _within_days(filters: Filters) -> Iterator[ColumnElement[bool]]:
    """By the call's own day; and nearly so by the moment's time, for which there is an index."""
    if filters.since:
        yield moments.c.day >= filters.since
        yield moments.c.happened_at >= _midnight(filters.since) - _ANY_ZONE
    if filters.until:
        yield moments.c.day <= filters.until
        yield moments.c.happened_at < _midnight(filters.until) + _ANY_ZONE + _LONGEST_CALL


def _midnight(day: datetime.date) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time(), datetime.UTC)


def _ranks(filters: Filters, place: tuple[int, datetime.datetime, str] | None) -> list[int]:
    """Of the severities that are wanted, the most pressing first, from that place on."""
    ranks = [RANKS[filters.severity]] if filters.severity else sorted(_SEVERITIES, reverse=True)
    return [rank for rank in ranks if place is None or rank <= place[0]]


def own(who: Person, table: Table = moments) -> _Conditions:
    """What the database holds them to anyway, told so that it can take the index for it."""
    match who.role:
        case "agent":
            return [table.c.agent == who.id]
        case "supervisor":
            return [_one_or_in(table.c.team, who.teams)]
        case _:
            return []


def _one_or_in(column: ColumnElement[str], values: Sequence[str]) -> ColumnElement[bool]:
    """One value keeps the index's order; several are sorted."""
    return column == values[0] if len(values) == 1 else column.in_(values)


def _told(row: Row[Any]) -> str:
    return f"{row.severity} {row.happened_at.isoformat()} {row.id}"


def _place(after: str) -> tuple[int, datetime.datetime, str]:
    severity, at, identity = after.split(" ", 2)
    return int(severity), datetime.datetime.fromisoformat(at), identity
