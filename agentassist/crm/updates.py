"""One row as what it tells of an account, or an entry of its history; and an account so updated.

A row changes what its table tells, and nothing else: a list of balances leaves names, wishes and
what was asked to stop as they were.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple, TypeAlias

import msgspec
from msgspec.structs import replace

from agentassist.account import Account, Contact, EarlierNote, EarlierPromise, Payment
from agentassist.crm import sums
from agentassist.crm.cells import CellError
from agentassist.crm.days import DayOrder
from agentassist.crm.fields import HISTORIES, INNER, KINDS, Kind, value_of
from agentassist.crm.reading import Row

Entry: TypeAlias = Payment | EarlierPromise | Contact | EarlierNote

_EMPTY = Account()


class Fault(NamedTuple):
    """What is wrong with a row, without the words in it."""

    line: int
    what: str


class Update(NamedTuple):
    """What one row tells: values by field; None is told to be unknown."""

    line: int
    id: str
    """Empty where the row has none."""
    values: Mapping[str, Any]


def update(
    kind: Kind, row: Row, fields: Mapping[str, str], order: DayOrder | None
) -> Update | Fault:
    """The row, by the field of each column."""
    if row.fault:
        return Fault(row.line, row.fault)
    values = {}
    for column, field in fields.items():
        if column not in row.cells:
            continue
        try:
            values[field] = value_of(kind, field, row.cells[column], order)
        except CellError as error:
            return Fault(row.line, f"{column}: {error}")
    if kind == "accounts":
        try:
            values |= _currency(row, fields, values)
        except CellError as error:
            return Fault(row.line, str(error))
    return Update(row.line, values.pop("id", None) or "", values)


def _currency(row: Row, fields: Mapping[str, str], values: Mapping[str, Any]) -> Mapping[str, str]:
    """What the signs of sums tell, where no column does. Raises CellError where they differ."""
    told: str | None = values.get("currency")
    for column, field in fields.items():
        cell = row.cells.get(column, "")
        if field not in _SUMS or not isinstance(cell, str) or not cell.strip():
            continue
        meant = sums.read(cell.strip()).currencies
        if told and meant and told not in meant:
            raise CellError(f"{column}: another currency than the account's, {told}")
        if not told and len(meant) == 1:
            told = meant[0]
    return {"currency": told} if told else {}


_SUMS = frozenset({"balance", "principal", "fees", "interest"})


def applied(known: Account, told: Update) -> Account:
    """The account with what was told; a history is never told to be unknown."""
    values = {
        field: getattr(_EMPTY, field) if value is None else value
        for field, value in told.values.items()
        if "." not in field and not (value is None and field in (*HISTORIES, *INNER))
    }
    for outer, kind in INNER.items():
        inner = {
            name.removeprefix(f"{outer}."): value
            for name, value in told.values.items()
            if name.startswith(f"{outer}.")
        }
        if inner:
            empty = kind()
            filled = {
                name: getattr(empty, name) if value is None else value
                for name, value in inner.items()
            }
            merged = replace(getattr(known, outer) or empty, **filled)
            values[outer] = None if merged == empty else merged
    return replace(known, id=told.id or known.id, **values)


def entry(kind: Kind, told: Update) -> Entry | Fault:
    """The row as an entry of a history."""
    made: Any = KINDS[kind]
    for field in msgspec.structs.fields(made):
        if field.required and told.values.get(field.name) is None:
            return Fault(told.line, f"no {field.name} in it")
    given = {name: value for name, value in told.values.items() if value is not None}
    found: Entry = made(**given)
    return found


def joined(known: Iterable[Entry], new: Iterable[Entry]) -> tuple[Entry, ...]:
    """Both, oldest first. What is in both is once there, as the new has it.

    Two that look alike in one of them, as two payments of a day, stay two.
    """
    groups: dict[Any, list[Entry]] = defaultdict(list)
    for each in new:
        groups[_same(each)].append(each)
    left = {key: len(group) for key, group in groups.items()}
    kept = []
    for each in known:
        key = _same(each)
        if left.get(key, 0) > 0:
            left[key] -= 1
        else:
            kept.append(each)
    return tuple(sorted((*kept, *(e for group in groups.values() for e in group)), key=_when))


def _same(entry: Entry) -> Any:
    """What stays as it is while it is learned what came of it."""
    match entry:
        case EarlierPromise(date=date, amount=amount):
            return date, amount
        case Contact(at=at, channel=channel, direction=direction):
            return at, channel, direction
        case _:
            return entry


def _when(entry: Entry) -> str:
    """To sort by: of contacts some are aware and some are not, so by how they are written."""
    return (entry.at if isinstance(entry, Contact) else entry.date).isoformat()
