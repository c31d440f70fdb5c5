"""Puts to promises what the creditor's own records tell of them."""

import datetime
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, bindparam, case, func, or_, select, update

from agentassist.account import Payment
from agentassist.archive.opening import Archive
from agentassist.archive.tables import calls, promises
from agentassist.report.settling import Promised, Records, Settled, settled

_KEY = (promises.c.call == bindparam("of_call"), promises.c.number == bindparam("of_number"))

_CAN_BE_SETTLED = (
    calls.c.account.is_not(None),
    promises.c.amount.is_not(None),
    promises.c.due.is_not(None),
)

Shown = Callable[[Sequence[str]], Iterable[str]]
"""Goes through the accounts, and may show how far it is."""


class Unsettled(NamedTuple):
    """Promises of which nothing is known."""

    later: int
    """Their time is not over yet, or no payments of it were read."""
    incomplete: int
    """No sum, no day, or no account is known: no payment can settle them."""


def settle(
    archive: Archive,
    payments: Mapping[str, Sequence[Payment]],
    records: Records,
    grace: datetime.timedelta,
    shown: Shown = iter,
) -> tuple[tuple[str, Settled], ...]:
    """What became of promises whose time is over by the end of the records, by account.

    None is told to be kept earlier than it could be told to be broken: shares would be too good.
    All of it is written, or nothing. What was kept stays so, and what was not may turn out kept:
    payments that lie in several files are read one after the other. Raises ArchiveError.
    """
    done: list[tuple[str, Settled]] = []
    with archive.writing() as connection:
        found = _promised(connection, records, grace)
        for account in shown(list(found)):
            told = list(settled(found[account], payments.get(account, ()), records, grace))
            if rows := list(_rows(told)):
                connection.execute(update(promises).where(*_KEY), rows)
            done += [(account, each) for each in told]
    return tuple(done)


def unsettled(archive: Archive) -> Unsettled:
    """How many promises wait, and how many always will. Raises ArchiveError."""
    is_incomplete = or_(*(~wanted for wanted in _CAN_BE_SETTLED))
    rows = (
        select(_having(~is_incomplete), _having(is_incomplete))
        .join(calls, calls.c.id == promises.c.call)
        .where(promises.c.kept.is_(None))
    )
    with archive.reading() as connection:
        later, incomplete = connection.execute(rows).one()
    return Unsettled(later or 0, incomplete or 0)


def _having(so: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((so, 1), else_=0))


def _promised(
    connection: Connection, records: Records, grace: datetime.timedelta
) -> dict[str, list[Promised]]:
    """By account: those whose time ends in the records."""
    wanted = (promises.c.call, promises.c.number, promises.c.day, promises.c.due)
    rows = connection.execute(
        select(calls.c.account, *wanted, promises.c.amount, promises.c.kept)
        .join(calls, calls.c.id == promises.c.call)
        .where(
            *_CAN_BE_SETTLED, promises.c.due.between(records.first - grace, records.last - grace)
        )
    )
    found: dict[str, list[Promised]] = defaultdict(list)
    for account, call, number, made, due, amount, kept in rows:
        if amount > 0:
            found[account].append(Promised(call, number, made, due, amount, bool(kept)))
    return found


def _rows(told: Iterable[Settled]) -> Iterator[dict[str, object]]:
    for each in told:
        if each.standing != "waiting":
            promise = each.promise
            yield {
                "of_call": promise.call,
                "of_number": promise.number,
                "kept": each.standing == "kept",
            }
