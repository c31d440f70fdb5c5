"""One person's data removed because they asked for it, as far as nothing forbids it."""

import datetime
from collections.abc import Iterator
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, func, select

from agentassist.archive import holds, proof, removal
from agentassist.archive.one_person import Someone
from agentassist.archive.opening import Archive
from agentassist.archive.proof import Went
from agentassist.archive.removal import Batch, Order
from agentassist.archive.retention import Kind, Retention
from agentassist.archive.tables import calls

_OF_A_CALL: tuple[Kind, ...] = ("recording", "words", "call")


class Kept(msgspec.Struct, frozen=True):
    """What stays of a call, and why."""

    call: str
    day: datetime.date
    kinds: tuple[Kind, ...]
    why: str


class Going(msgspec.Struct, frozen=True):
    """What goes of calls of one pack: whole calls, or only their recordings or words."""

    kind: Kind
    pack: str
    calls: tuple[str, ...]


class Plan(msgspec.Struct, frozen=True):
    """What erasing does, before it is done."""

    going: tuple[Going, ...]
    kept: tuple[Kept, ...] = ()
    holds: tuple[str, ...] = ()
    """Lifted ones that name the person, who is to be named nowhere."""


def plan(connection: Connection, who: Someone, retention: Retention, on: datetime.date) -> Plan:
    """What of that person goes, and what stays with why, as of that day."""
    last = _last_days(connection, who)
    going: dict[tuple[Kind, str], list[str]] = {}
    kept: list[Kept] = []
    for row, is_held in _calls(connection, who):
        if is_held:
            kept.append(Kept(row.id, row.day, _OF_A_CALL, "held: archive hold --list says why"))
            continue
        stays = dict(_duties(row, retention, on, last))
        if stays:  # it hangs on the call
            stays.setdefault("call", next(iter(stays.values())))
        for why in dict.fromkeys(stays.values()):
            kinds = tuple(kind for kind, told in stays.items() if told == why)
            kept.append(Kept(row.id, row.day, kinds, why))
        whole: tuple[Kind, ...] = ("call",)
        for kind in _parts(row, stays) if stays else whole:
            going.setdefault((kind, row.pack), []).append(row.id)
    found = (Going(kind, pack, tuple(ids)) for (kind, pack), ids in sorted(going.items()))
    lifted = () if kept else holds.lifted(connection, who.account, who.names, who.calls)
    return Plan(tuple(found), tuple(kept), lifted)


def erase(archive: Archive, wanted: Plan, order: Order) -> Iterator[Batch]:
    """Removes what goes and is not held by now, each batch with its proof. Raises ArchiveError."""
    for going in wanted.going:
        for at in range(0, len(going.calls), order.size):
            ids = going.calls[at : at + order.size]
            with archive.writing() as connection:
                batch = _erase(connection, msgspec.structs.replace(going, calls=ids), order)
            yield batch
    if wanted.holds:
        with archive.writing() as connection:
            holds.forget(connection, wanted.holds)


def _erase(connection: Connection, going: Going, order: Order) -> Batch:
    wanted = select(calls).where(calls.c.id.in_(going.calls), ~holds.is_held())
    rows = connection.execute(wanted).all()
    went, left = removal.remove(connection, going.kind, rows, order.reason.at, order.reach)
    if went:
        told = Went(going.kind, going.pack, None, [(row.id, row.digest) for row in went])
        proof.record(connection, order.reason, told)
    return Batch(going.kind, going.pack, len(rows), len(went), tuple(left))


def _calls(connection: Connection, who: Someone) -> Iterator[tuple[Row[Any], bool]]:
    shown = select(calls, holds.is_held().label("is_held")).where(calls.c.id.in_(who.calls))
    for row in connection.execute(shown.order_by(calls.c.day, calls.c.id)):
        yield row, bool(row.is_held)


def _last_days(connection: Connection, who: Someone) -> dict[str, datetime.date]:
    """Of each account, when its last call was."""
    if not who.account:
        return {}
    last = select(func.max(calls.c.day)).where(calls.c.account == who.account)
    return {who.account: connection.execute(last).scalar_one()}


def _duties(
    row: Row[Any], retention: Retention, on: datetime.date, last: dict[str, datetime.date]
) -> Iterator[tuple[Kind, str]]:
    """What must be kept of it still, and by what."""
    for kind in _OF_A_CALL:
        period = retention.of(row.pack, kind)
        counted = last.get(row.account, row.day) if period.after == "account" else row.day
        if period.erase == "keep" and counted >= period.keep.before(on):
            yield kind, f"kept until {period.keep.end(counted)}: {period.told}"


def _parts(row: Row[Any], stays: dict[Kind, str]) -> Iterator[Kind]:
    """What goes of a call that itself stays, since something of it does."""
    if "recording" not in stays and row.recording:
        yield "recording"
    if "words" not in stays and row.words_gone_at is None:
        yield "words"
