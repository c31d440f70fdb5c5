"""What reports ask of the archive: days are added up by the database, weeks and months here.

Every question goes along the index by team and day, or by agent and day.
"""

import bisect
import datetime
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, Select, Table, case, distinct, func, select

from agentassist.archive.tables import figures, promises, reasons
from agentassist.report.figures import (
    By,
    Course,
    Period,
    Point,
    Reason,
    Sums,
    Whose,
    measure,
    periods,
    total,
)
from agentassist.report.intervals import share
from agentassist.reviewing import Person

_ADDED: dict[str, ColumnElement[Any]] = {
    "calls": func.count(),
    "talk": func.sum(figures.c.talk),
    "agent_talk": func.sum(figures.c.agent_talk),
    "flags": func.sum(figures.c.flags),
    "hardships": func.sum(figures.c.hardships),
    "answered": func.sum(figures.c.answered),
    "questions": func.sum(figures.c.questions),
    "reflections": func.sum(figures.c.reflections),
    "talk_squared": func.sum(figures.c.talk * figures.c.talk),
    "agent_talk_squared": func.sum(figures.c.agent_talk * figures.c.agent_talk),
    "talk_product": func.sum(figures.c.talk * figures.c.agent_talk),
}


def _having(so: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((so, 1), else_=0))


_SETTLED: dict[str, ColumnElement[Any]] = {
    "kept": _having(promises.c.kept.is_(True)),
    "broken": _having(promises.c.kept.is_(False)),
    "waiting": _having(promises.c.kept.is_(None)),
}


def course(connection: Connection, who: Person, whose: Whose, asked: Period, by: By) -> Course:
    """The figures of these days as this person may see them."""
    counted = _counted(connection, who, whose, asked)
    spans = periods(asked, by)
    points = tuple(
        Point(span, sums) for span, sums in zip(spans, _by_span(spans, counted), strict=True)
    )
    return Course(
        whose,
        by,
        asked,
        _people(connection, who, whose, asked),
        points,
        _reasons(connection, who, whose, asked, points),
    )


def by_agent(connection: Connection, who: Person, whose: Whose, asked: Period) -> dict[str, Sums]:
    """Each agent's sums of these days, by name: only where comparing is turned on."""
    found: dict[str, Sums] = {}
    for table, columns in ((figures, _ADDED), (promises, _SETTLED)):
        rows = _grouped(table, columns, table.c.agent).where(*_wanted(table, who, whose, asked))
        for agent, *values in connection.execute(rows):
            found[agent] = found.get(agent, Sums()) + _sums(columns, values)
    return dict(sorted(found.items()))


def _counted(
    connection: Connection, who: Person, whose: Whose, asked: Period
) -> dict[datetime.date, Sums]:
    found: dict[datetime.date, Sums] = defaultdict(Sums)
    for table, columns in ((figures, _ADDED), (promises, _SETTLED)):
        rows = _grouped(table, columns, table.c.day).where(*_wanted(table, who, whose, asked))
        for day, *values in connection.execute(rows):
            found[day] += _sums(columns, values)
    return found


def _grouped(
    table: Table, columns: dict[str, ColumnElement[Any]], key: ColumnElement[Any]
) -> Select[Any]:
    return select(key, *columns.values()).select_from(table).group_by(key)


def _sums(columns: dict[str, ColumnElement[Any]], values: Iterable[Any]) -> Sums:
    kinds = {field.name: field.type for field in msgspec.structs.fields(Sums)}
    return Sums(**{n: kinds[n](v) for n, v in zip(columns, values, strict=True)})


def _by_span(spans: tuple[Period, ...], counted: dict[datetime.date, Sums]) -> list[Sums]:
    found = [Sums()] * len(spans)
    where = _placing(spans)
    for day, sums in counted.items():
        found[where(day)] += sums
    return found


def _placing(spans: tuple[Period, ...]) -> Callable[[datetime.date], int]:
    firsts = [span.first for span in spans]
    return lambda day: bisect.bisect_right(firsts, day) - 1


def _people(connection: Connection, who: Person, whose: Whose, asked: Period) -> int:
    wanted = _wanted(figures, who, whose, asked)
    return connection.execute(
        select(func.count(distinct(figures.c.agent))).where(*wanted)
    ).scalar_one()


def _reasons(
    connection: Connection,
    who: Person,
    whose: Whose,
    asked: Period,
    points: tuple[Point, ...],
) -> tuple[Reason, ...]:
    key = (reasons.c.day, reasons.c.kind, reasons.c.code)
    rows = select(*key, func.count()).where(*_wanted(reasons, who, whose, asked)).group_by(*key)
    where, middle = _placing(tuple(point.period for point in points)), len(points) // 2
    counts: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    for day, kind, code, count in connection.execute(rows):
        counts[kind, code][where(day) >= middle] += count
    calls = [total(p.sums for p in half).calls for half in (points[:middle], points[middle:])]
    found = [_reason(kind, code, told, calls) for (kind, code), told in counts.items()]
    return tuple(sorted(found, key=lambda each: (-each.calls.part, each.kind, each.code)))


def _reason(kind: str, code: str, told: list[int], calls: list[int]) -> Reason:
    least = measure("answered").least  # it is a share, too
    halves = (share(part, whole, least) for part, whole in zip(told, calls, strict=True))
    return Reason(kind, code, share(sum(told), sum(calls), least), *halves)


def _wanted(table: Table, who: Person, whose: Whose, asked: Period) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = [table.c.day.between(asked.first, asked.last)]
    if whose.team:
        wanted.append(table.c.team == whose.team)
    if whose.agent:
        wanted.append(table.c.agent == whose.agent)
    return wanted + _own(table, who)


def _own(table: Table, who: Person) -> list[ColumnElement[bool]]:
    """What a server holds them to anyway; in a desk's own file nothing else does."""
    match who.role:
        case "agent":
            return [table.c.agent == who.id]
        case "supervisor":
            return [table.c.team.in_(who.teams)]
        case _:
            return []
