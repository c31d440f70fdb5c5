"""Lines that tell a figure or a code of the note: writing the line moves the field with it.

The short note, the CRM's row and the calendar are made from the fields, so a line that says
45 pounds must not leave 40 in them. A line is known by how it begins. Pure.
"""

import datetime
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, NamedTuple, get_args

from msgspec.structs import replace

from agentassist import entities
from agentassist.call import Call
from agentassist.export.facts import day_of
from agentassist.note import words
from agentassist.note.choosing import chosen
from agentassist.note.drawn import DRAWN
from agentassist.tui.note.marks import Place
from agentassist.values import Doubt, FollowUp, HandOver, Note, NoteLine, Plan, Promise, Settlement
from agentassist.vocabulary import HARDSHIPS, Party

_BEGINNINGS = {
    "Agreed: ": "plan",
    "Settlement: ": "settlement",
    DRAWN: "drawn",
    "To speak again: ": "callback_at",
    "Promised by the caller: ": "promises",
    "Agent to do: ": "follow_ups",
    "Caller to do: ": "follow_ups",
    words.TAKEN_OVER: "follow_ups",
    "Handed over to ": "handed_over",
    "Reason for not paying: ": "hardship",
    "Asked to stop: ": "cease",
}
_SINGLE = ("plan", "settlement", "callback_at", "drawn")


class Figure(NamedTuple):
    """A field as a line tells it."""

    field: str
    item: int
    """Which one, where the field holds several; 0 otherwise."""
    text: str
    """What the line says after its beginning."""


class Followed(NamedTuple):
    """What became of the fields with a line."""

    note: Note
    text: str
    """The line's words, with what is reckoned from its figures put right."""
    is_read: bool = True
    """Whether the fields could follow."""


def is_figure(line: NoteLine) -> bool:
    """Whether a field goes with the line."""
    return _figure(line.text, 0) is not None


def reworded(call: Call, note: Note, line: NoteLine, text: str) -> Followed:
    """The fields after the line got other words; other lines that tell the same follow too."""
    told = _told(note, line)
    if told is None:
        return Followed(note, text)
    new = _figure(text, told.item)
    known = _values(note, told.field)
    value = _read(call, known[told.item], new) if new and new.field == told.field else None
    if value is None:
        return Followed(note, text, is_read=False)
    changed = _moved(note, told, value)
    changed = _with(changed, told.field, (*known[: told.item], value, *known[told.item + 1 :]))
    return Followed(changed, _reckoned(note, changed, text))


def added(call: Call, note: Note, place: Place, text: str) -> Note:
    """The fields with one more item, where the new line at the place tells one."""
    new = _figure(text, 0)
    if new is None:
        return note
    known = _values(note, new.field)
    at = sum(figure.field == new.field for figure in _before(note, place))
    value = _read(call, _BLANK[new.field], new)
    if value is None or at > len(known) or (known and new.field in _SINGLE):
        return note
    return _with(note, new.field, (*known[:at], value, *known[at:]))


def removed(note: Note, line: NoteLine) -> Note:
    """The fields without what the line told."""
    told = _told(note, line)
    if told is None:
        return note
    known = _values(note, told.field)
    return _with(note, told.field, (*known[: told.item], *known[told.item + 1 :]))


def _told(note: Note, line: NoteLine) -> Figure | None:
    """What the line tells; None where lines and fields don't go together."""
    told = list(_all_told(note))
    own = next((figure for one, figure in told if one is line), None)
    if own is None:
        return None
    several = [one for one, figure in told if figure.field == own.field]
    return own if len(several) == len(_values(note, own.field)) else None


def _all_told(note: Note) -> Iterator[tuple[NoteLine, Figure]]:
    counts: dict[str, int] = {}
    for section in note.sections:
        for line in section.lines:
            if figure := _figure(line.text, 0):
                item = counts.get(figure.field, 0)
                counts[figure.field] = item + 1
                yield line, figure._replace(item=item)


def _before(note: Note, place: Place) -> Iterator[Figure]:
    """What lines tell that stand before the place."""
    for number, section in enumerate(note.sections):
        for at, line in enumerate(section.lines):
            if (number, at) < place and (figure := _figure(line.text, 0)):
                yield figure


def _figure(text: str, item: int) -> Figure | None:
    for beginning, field in _BEGINNINGS.items():
        if text.startswith(beginning):
            told = text if field == "follow_ups" else text.removeprefix(beginning)
            return Figure(field, item, told)
    return None


def _values(note: Note, field: str) -> tuple[Any, ...]:
    value: Any = getattr(note, field)
    if field not in _SINGLE:
        return tuple(value)
    return () if value is None else (value,)


def _with(note: Note, field: str, values: tuple[Any, ...]) -> Note:
    if field in _SINGLE:
        return replace(note, **{field: values[0] if values else None})
    return replace(note, **{field: values})


_BLANK: dict[str, Any] = {
    "plan": Plan(),
    "settlement": Settlement(),
    "callback_at": "",
    "promises": Promise(),
    "follow_ups": FollowUp("", "agent"),
    "handed_over": HandOver("colleague", "", 0.0),
    "drawn": None,
    "hardship": "",
    "cease": "",
}


def _read(call: Call, before: Any, figure: Figure) -> Any:
    """The value in the line's new words; None where they don't tell it."""
    match figure.field:
        case "plan":
            return _plan(call, before, figure.text)
        case "settlement":
            sums = _sums(call, figure.text, before.currency)
            return replace(before, amount=sums[0].amount, written_off=None) if sums else None
        case "promises":
            return _promise(call, before, figure.text)
        case "callback_at":
            return _moment(call, figure.text)
        case "follow_ups":
            return _follow_up(call, before, figure.text)
        case "drawn":
            return None
        case "handed_over":
            who, _, reason = figure.text.partition(": ")
            name = who.removesuffix(f" at {words.clock(before.at)}")
            return replace(before, name=name, reason=reason) if name else None
        case "hardship":
            code = figure.text.replace(" ", "_")
            return code if code in HARDSHIPS else None
        case _:
            return next((code for code, told in words.CEASE.items() if told == figure.text), None)


def _plan(call: Call, before: Plan, text: str) -> Plan | None:
    sums, days = _sums(call, text, before.currency), _days(call, text)
    rates = entities.frequencies(text)
    if not (sums and rates):
        return None
    frequency, amount = rates[0].frequency, sums[0].amount
    counts = entities.instalments(text, frequency)
    count = counts[0].instalments if counts else None
    total = amount * count if count else None
    return Plan(
        amount,
        before.currency or sums[0].currency,
        frequency,
        days[0].date if days else None,
        count,
        total,
        _covers(before, total),
    )


def _covers(before: Plan, total: Decimal | None) -> bool | None:
    """As before where it can't have changed; else nobody said so."""
    if total is None or before.total is None or before.covers_balance is None:
        return None
    still = total >= before.total if before.covers_balance else total <= before.total
    return before.covers_balance if still else None


def _promise(call: Call, before: Promise, text: str) -> Promise | None:
    sums, days = _sums(call, text, before.currency), _days(call, text)
    if not sums:
        return None
    method = before.method
    if method and words.told(method) not in text:
        method = None
    return Promise(
        sums[0].amount,
        before.currency or sums[0].currency,
        days[0].date if days else None,
        method,
    )


def _moment(call: Call, text: str) -> str | None:
    days, times = _days(call, text), entities.times(text)
    if not days:
        return None
    day = days[0].date.isoformat()
    return f"{day}T{times[0].time:%H:%M}" if times else day


def _follow_up(call: Call, before: FollowUp, text: str) -> FollowUp | None:
    """`text` with its beginning, which tells whose it is."""
    owner, _, task = text.partition(" to do: ")
    taken_by = ""
    if text.startswith(words.TAKEN_OVER):
        owner, (taken_by, _, task) = "agent", text.removeprefix(words.TAKEN_OVER).partition(": ")
    days = _days(call, task)
    date = days[0].date if days else None
    if date:
        task = task.removesuffix(f", by {words.day(date)}")
    party: Party = next(who for who in get_args(Party) if who == owner.lower())
    taken = replace(before, owner=party, text=task, date=date, taken_by=taken_by)
    return taken if task else None


def _sums(call: Call, text: str, currency: str | None) -> tuple[entities.Money, ...]:
    return entities.money(text, currency or call.account.currency, bare=True)


def _days(call: Call, text: str) -> tuple[entities.Day, ...]:
    day: datetime.date | None = day_of(call)
    return entities.dates(text, day) if day else ()


def _moved(note: Note, told: Figure, value: Any) -> Note:
    """What hangs on the figures that changed moves with them; they are not in doubt any more."""
    before = _leaves(told, _values(note, told.field)[told.item])
    for field, new in _leaves(told, value).items():
        if new == before[field]:
            continue
        if new is not None:
            note = chosen(note, Doubt(field, ()), str(new))
        note = replace(note, doubts=tuple(d for d in note.doubts if d.field != field))
    return note


def _leaves(told: Figure, value: Any) -> dict[str, Any]:
    """The figures that a doubt may be about, by their pointers."""
    match told.field:
        case "plan":
            return {"/plan/amount": value.amount, "/plan/first_date": value.first_date}
        case "promises":
            under = f"/promises/{told.item}"
            return {f"{under}/amount": value.amount, f"{under}/date": value.date}
        case "callback_at":
            return {"/callback_at": value}
        case _:
            return {}


def _reckoned(before: Note, after: Note, text: str) -> str:
    """What a plan's line says of the total and of the balance, where it still stood as it was."""
    if before.plan and after.plan:
        for old, new in zip(_tail(before.plan), _tail(after.plan), strict=True):
            text = text.replace(old, new) if old else text
    return text


def _tail(plan: Plan) -> tuple[str, str]:
    total = "" if plan.total is None else f", {words.sum_of(plan.total, plan.currency)} in all"
    covers = "" if plan.covers_balance is None else f", {words.COVERS[plan.covers_balance]}"
    return total, covers
