"""Moments that people judged and that their agents let be shared, read for rules and classifier.

Nothing without consent, and nothing whose words are past their retention. Each call is written
down as looked at before its words are read.
"""

import datetime
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, select

from agentassist import events as ev
from agentassist.account import Account
from agentassist.archive.desk import look
from agentassist.archive.filed import heard_again
from agentassist.archive.opening import Archive
from agentassist.archive.tables import calls, heard, moments, people, turns
from agentassist.call import LabelledTurn
from agentassist.cleaning import clean
from agentassist.learning.lessons import Lesson
from agentassist.learning.naming_out import without
from agentassist.reviewing import Person
from agentassist.values import Label, Turn

_MOMENT = ("id", "call", "kind", "rule", "name", "turn", "at", "standing", "agent")
_CALL = ("account", "person", "phone")


class Shared(msgspec.Struct, frozen=True):
    """What may be learnt from."""

    lessons: tuple[Lesson, ...]
    unjudged: int
    """Moments besides that are shared with consent, and that nobody judged."""


def shared(
    archive: Archive,
    who: Person,
    now: Callable[[], datetime.datetime],
    since: datetime.date | None = None,
) -> Shared:
    """Those of calls since that day that this person may see. Raises ArchiveError."""
    with archive.writing() as connection:
        found = connection.execute(_wanted(since)).all()
        judged = [row for row in found if row.standing != "open"]
        look(connection, who.id, now(), "exported", (row.call for row in judged))
    with archive.reading() as connection:  # a server shows no words before
        agents = _names(connection)
        lessons = tuple(
            lesson for rows in _by_call(judged) for lesson in _of(connection, rows, agents)
        )
    return Shared(lessons, len(found) - len(judged))


def _wanted(since: datetime.date | None) -> Any:
    columns = [*(moments.c[name] for name in _MOMENT), *(calls.c[name] for name in _CALL)]
    wanted = (
        select(*columns)
        .join(calls, calls.c.id == moments.c.call)
        .where(moments.c.shared, moments.c.consented, calls.c.words_gone_at.is_(None))
        .order_by(moments.c.call, moments.c.at, moments.c.id)
    )
    return wanted.where(moments.c.day >= since) if since else wanted


def _by_call(rows: Iterable[Row[Any]]) -> Iterable[list[Row[Any]]]:
    found: dict[str, list[Row[Any]]] = {}
    for row in rows:
        found.setdefault(row.call, []).append(row)
    return found.values()


def _names(connection: Connection) -> dict[str, str]:
    """Of agents, by login, as far as this person may know them."""
    rows = connection.execute(select(people.c.id, people.c.name)).all()
    return {row.id: row.name for row in rows}


def _of(
    connection: Connection, rows: Sequence[Row[Any]], agents: dict[str, str]
) -> Iterator[Lesson]:
    """The lessons of one call; none where its words are gone."""
    about, call = rows[0], rows[0].call
    account = _account(connection, call)
    names = [about.person, account.name, agents.get(about.agent), about.agent]
    if account.representative:
        names.append(account.representative.name)
    keys = [about.account, about.phone, account.id, account.number]
    said = tuple(_turns(connection, call, [*filter(None, names)], [*filter(None, keys)]))
    for row in rows:
        if said and (row.turn or 0) < len(said):
            right = row.standing == "agreed"
            yield Lesson(
                row.id, call, row.kind, row.rule, row.name, row.turn, row.at, right, said, account
            )


def _turns(
    connection: Connection, call: str, names: list[str], keys: list[str]
) -> Iterator[LabelledTurn]:
    rows = connection.execute(select(turns).where(turns.c.call == call).order_by(turns.c.turn))
    for row in rows:
        text = clean(without(row.text, names, keys))
        labels = msgspec.json.decode(row.labels, type=tuple[Label, ...])
        said = Turn(row.turn, row.speaker, row.start, row.end, text)
        yield LabelledTurn(said, labels, ended=True)


def _account(connection: Connection, call: str) -> Account:
    """As it was when the call began."""
    packed = connection.execute(select(heard.c.events).where(heard.c.call == call)).scalar()
    events = heard_again(bytes(packed)) if packed else iter(())
    started = next((event for event in events if isinstance(event, ev.CallStarted)), None)
    return (started and started.account) or Account()
