"""A doubtful figure settled: the reading that the agent chose put in place, wherever it stands."""

import datetime
from decimal import Decimal, InvalidOperation

import msgspec
from msgspec.structs import replace

from agentassist.note import words
from agentassist.note.drawn import exact
from agentassist.note.follow_ups import of_promises
from agentassist.values import Doubt, FollowUp, Note, NoteSection, Plan, Promise, Settlement
from agentassist.vocabulary import Frequency


def chosen(note: Note, doubt: Doubt, reading: str) -> Note:
    """The note with that reading in the doubt's field, and in the lines that tell it.

    The doubt is gone. What hangs on the figure follows it: a plan's first promise, its total, the
    sum of a settlement. `reading` is in the note's own notation, as one of `doubt.readings`; any
    other value may be given. Raises ValueError where it is none of its kind, or the note has no
    such field.
    """
    changed = _changed(note, doubt.field, reading)
    changed = replace(changed, follow_ups=_follow_ups(note, changed))
    told = dict(zip(words.figures(note), words.figures(changed), strict=True))
    return replace(
        changed,
        doubts=tuple(other for other in note.doubts if other != doubt),
        sections=tuple(_retold(section, told) for section in note.sections),
    )


def _changed(note: Note, field: str, reading: str) -> Note:
    match field.strip("/").split("/"):
        case ["promises", place, "amount"]:
            return _with_promise(note, int(place), amount=_sum(reading))
        case ["promises", place, "date"]:
            return _with_promise(note, int(place), date=_day(reading))
        case ["plan", "amount"] if note.plan:
            return _with_plan(note, note.plan, _of_sum(note.plan, _sum(reading)))
        case ["plan", "first_date"] if note.plan:
            return _with_plan(note, note.plan, replace(note.plan, first_date=_day(reading)))
        case ["plan", "frequency"] if note.plan:
            frequency = msgspec.convert(reading, Frequency)
            return _with_plan(note, note.plan, replace(note.plan, frequency=frequency))
        case ["plan", "instalments"] if note.plan:
            return _with_plan(note, note.plan, _of_count(note.plan, int(reading)))
        case ["settlement", "amount"] if note.settlement:
            return _with_settlement(note, note.settlement, _sum(reading))
        case ["callback_at"]:
            datetime.datetime.fromisoformat(reading)
            return replace(note, callback_at=reading)
        case _:
            raise ValueError(f"{field}: the note has no such figure")


def _sum(reading: str) -> Decimal:
    try:
        return Decimal(reading)
    except InvalidOperation:
        raise ValueError(f"{reading!r} is no sum") from None


def _day(reading: str) -> datetime.date:
    return datetime.date.fromisoformat(reading)


def _with_promise(
    note: Note,
    place: int,
    *,
    amount: Decimal | None = None,
    date: datetime.date | None = None,
) -> Note:
    if place >= len(note.promises):
        raise ValueError(f"/promises/{place}: the note has no such promise")
    old = note.promises[place]
    new = replace(old, amount=amount or old.amount, date=date or old.date)
    promises = (*note.promises[:place], new, *note.promises[place + 1 :])
    return replace(_settled(note, old.amount, new.amount), promises=promises)


def _settled(note: Note, old: Decimal | None, new: Decimal | None) -> Note:
    """A settlement's sum, and what is written off, moved by as much as the payment was."""
    value = note.settlement
    if value is None or value.amount is None or old is None or new is None:
        return note
    left = value.written_off
    return replace(
        note,
        settlement=replace(
            value,
            amount=value.amount + new - old,
            written_off=left - (new - old) if left is not None else None,
        ),
    )


def _of_sum(plan: Plan, amount: Decimal) -> Plan:
    """The plan with another instalment. Whether it still covers the balance may be unknown then."""
    total = amount * plan.instalments if plan.instalments else None
    covers = plan.covers_balance
    if total is not None and plan.total is not None and covers is not None:
        still = total >= plan.total if covers else total <= plan.total
        covers = covers if still else None
    return replace(plan, amount=amount, total=total, covers_balance=covers)


def _of_count(plan: Plan, count: int) -> Plan:
    """The plan with as many payments. Whether it covers the balance has to be seen anew."""
    total = plan.amount * count if plan.amount is not None else None
    return replace(plan, instalments=count, total=total, covers_balance=None)


def _with_settlement(note: Note, old: Settlement, amount: Decimal) -> Note:
    """The settlement, and the one promise that pays it."""
    changed = _settled(note, old.amount, amount)
    promises = tuple(
        replace(promise, amount=amount) if promise.amount == old.amount else promise
        for promise in note.promises
    )
    return replace(changed, promises=promises)


def _with_plan(note: Note, old: Plan, new: Plan) -> Note:
    """The plan, and the promise that is its first payment."""
    new = exact(new, note.drawn)
    promises = tuple(
        replace(promise, amount=new.amount, date=new.first_date)
        if (promise.amount, promise.date) == (old.amount, old.first_date)
        else promise
        for promise in note.promises
    )
    return replace(note, plan=new, promises=promises)


def _follow_ups(note: Note, changed: Note) -> tuple[FollowUp, ...]:
    """Those that come from promises and the callback, told anew."""
    anew = {_key(old): new for old, new in zip(_figured(note), _figured(changed), strict=True)}
    return tuple(
        replace(anew[key], turn=item.turn) if (key := _key(item)) in anew else item
        for item in note.follow_ups
    )


def _figured(note: Note) -> tuple[FollowUp, ...]:
    promises: tuple[Promise, ...] = note.promises
    return of_promises(promises, note.callback_at)


def _key(item: FollowUp) -> tuple[str, str, datetime.date | None]:
    return item.text, item.owner, item.date


def _retold(section: NoteSection, told: dict[str, str]) -> NoteSection:
    lines = tuple(replace(line, text=told.get(line.text, line.text)) for line in section.lines)
    return replace(section, lines=lines)
