"""Holds: calls that are not removed, whatever their age, as while a court needs them."""

import datetime
import uuid
from collections.abc import Sequence
from typing import Literal, TypeAlias

import msgspec
from sqlalchemy import ColumnElement, Connection, and_, exists, func, insert, or_, select, update

from agentassist.archive.tables import calls, holds
from agentassist.errors import MendableError

What: TypeAlias = Literal["call", "account", "person"]

_COLUMN: dict[What, ColumnElement[str | None]] = {
    "call": calls.c.id,
    "account": calls.c.account,
    "person": calls.c.person,
}


class Hold(msgspec.Struct, frozen=True):
    """What is held, why, by whom and since when (aware)."""

    id: str
    what: What
    which: str
    why: str
    by: str
    at: datetime.datetime
    lifted_by: str | None = None
    lifted_at: datetime.datetime | None = None


_SHOWN = select(*(holds.c[name] for name in Hold.__struct_fields__)).order_by(holds.c.at)


def new(what: What, which: str, why: str, by: str, at: datetime.datetime) -> Hold:
    """One to be placed. Raises MendableError where it does not say why."""
    if not why.strip():
        raise MendableError("a hold needs a reason: --why TEXT")
    return Hold(uuid.uuid4().hex[:12], what, which, why.strip(), by, at)


def place(connection: Connection, hold: Hold) -> int:
    """Holds it from now on; how many calls there are of it now."""
    connection.execute(insert(holds), msgspec.structs.asdict(hold))
    counted = select(func.count()).select_from(calls).where(_COLUMN[hold.what] == hold.which)
    return connection.execute(counted).scalar_one()


def lift(connection: Connection, hold: str, by: str, at: datetime.datetime) -> None:
    """Raises MendableError where there is no such hold, or it was lifted already."""
    lifted = connection.execute(
        update(holds)
        .where(holds.c.id == hold, holds.c.lifted_at.is_(None))
        .values(lifted_by=by, lifted_at=at)
    )
    if not lifted.rowcount:
        raise MendableError(f"{hold}: no such hold stands; `archive hold --list` shows those")


def standing(connection: Connection) -> tuple[Hold, ...]:
    """Those that are not lifted, oldest first."""
    found = connection.execute(_SHOWN.where(holds.c.lifted_at.is_(None)))
    return tuple(Hold(*row) for row in found)


def lifted(
    connection: Connection, account: str, names: Sequence[str], of: Sequence[str]
) -> tuple[str, ...]:
    """Ids of lifted holds of this account, these names or these calls."""
    named = or_(
        and_(holds.c.what == "account", holds.c.which == account),
        and_(holds.c.what == "person", holds.c.which.in_(names)),
        and_(holds.c.what == "call", holds.c.which.in_(of)),
    )
    found = connection.execute(select(holds.c.id).where(holds.c.lifted_at.is_not(None), named))
    return tuple(found.scalars())


def forget(connection: Connection, lifted: Sequence[str]) -> None:
    """Whom they were of, and why, which may tell of them."""
    blank = update(holds).where(holds.c.id.in_(lifted), holds.c.lifted_at.is_not(None))
    connection.execute(blank.values(which="erased", why="erased"))


def is_held() -> ColumnElement[bool]:
    """Of a row of `calls`, for use in a query."""
    named = [and_(holds.c.what == what, holds.c.which == own) for what, own in _COLUMN.items()]
    return exists(
        select(holds.c.id).where(holds.c.lifted_at.is_(None), or_(*named)).correlate(calls)
    )
