"""Figures of the note that may be read in several ways, in words: what is to be confirmed."""

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any

from agentassist.note import words
from agentassist.values import Doubt, Note

_SUMS = {"amount", "total", "written_off"}
_DAYS = {"date", "first_date", "callback_at"}
_THINGS = {
    "promises": "promise",
    "plan": "plan",
    "settlement": "settlement",
    "follow_ups": "follow-up",
}
_PARTS = {
    "amount": "sum",
    "date": "day",
    "first_date": "first day",
    "total": "total",
    "written_off": "sum written off",
    "callback_at": "callback",
    "instalments": "number of payments",
}


def confirmations(note: Note) -> tuple[str, ...]:
    """One line for each doubt, as "sum of the promise: £3.50 or £350.00"."""
    return tuple(f"{subject(note, doubt)}: {readings(note, doubt)}" for doubt in note.doubts)


def doubted(note: Note, under: str) -> tuple[Doubt, ...]:
    """The doubts about a part of the note, which is named by its JSON pointer."""
    return tuple(d for d in note.doubts if f"{d.field}/".startswith(f"{under}/"))


def readings(note: Note, doubt: Doubt) -> str:
    """The readings as the note would write them, the draft's own first."""
    return " or ".join(in_words(note, doubt))


def in_words(note: Note, doubt: Doubt) -> tuple[str, ...]:
    """Each reading as the note would write it, the draft's own first."""
    return tuple(_read(note, doubt.field, reading) for reading in doubt.readings)


def subject(note: Note, doubt: Doubt) -> str:
    """What is doubted, as "sum of the promise"."""
    *above, last = _steps(doubt.field)
    part = _PARTS.get(last, words.told(last))
    thing = _THINGS.get(above[0], words.told(above[0])) if above else ""
    if not thing:
        return part
    if above[-1].isdigit() and len(getattr(note, above[0], ())) > 1:
        return f"{part} of {thing} {int(above[-1]) + 1}"
    return f"{part} of the {thing}"


def _steps(pointer: str) -> list[str]:
    """The steps of a JSON pointer (RFC 6901)."""
    steps = pointer.removeprefix("/").split("/")
    return [step.replace("~1", "/").replace("~0", "~") for step in steps]


def _read(note: Note, field: str, reading: str) -> str:
    """One reading in words; as it stands where it is not of the notation that its field has."""
    last = _steps(field)[-1]
    try:
        if last in _SUMS:
            return words.sum_of(Decimal(reading), _currency(note, field))
        if last in _DAYS:
            return words.moment(reading)
    except (InvalidOperation, ValueError):
        return reading
    return words.told(reading)


def _currency(note: Note, field: str) -> str | None:
    """That of the value which the doubted sum is a part of."""
    around: Any = note
    for step in _steps(field)[:-1]:
        around = next(_inside(around, step), None)
    currency: str | None = getattr(around, "currency", None)
    return currency


def _inside(value: Any, step: str) -> Iterator[Any]:
    if isinstance(value, tuple) and step.isdigit() and int(step) < len(value):
        yield value[int(step)]
    elif hasattr(value, step):
        yield getattr(value, step)
