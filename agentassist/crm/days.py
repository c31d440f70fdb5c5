"""A day, or a moment, as people write it; where day or month may come first, it must be said."""

import datetime
import functools
import re
from typing import Literal, TypeAlias

from agentassist.crm.cells import CellError

DayOrder: TypeAlias = Literal["day-first", "month-first"]

_CLEAR = (
    "%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d",
    "%d-%b-%Y", "%d %b %Y", "%d %B %Y", "%d. %B %Y", "%b %d, %Y", "%B %d, %Y", "%b %d %Y",
)  # fmt: skip
_ORDERED: dict[DayOrder, tuple[str, ...]] = {
    "day-first": ("%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y"),
    "month-first": ("%m/%d/%Y", "%m.%d.%Y", "%m-%d-%Y"),
}
_WITH_TIME = re.compile(r"(?P<day>.+?)(?:T|\s+)(?P<time>\d{1,2}:\d\d.*)", re.ASCII)
_SHORT_YEAR = re.compile(r"\d{1,2}[./-]\d{1,2}[./-]\d{2}", re.ASCII)
_NUMBERED = re.compile(r"\d{1,2}[./-]\d{1,2}[./-]\d{4}", re.ASCII)
_FIRST_YEAR = 1900
"""Systems write a day of year 1 for none."""
_HALVES = ("%I:%M %p", "%I:%M%p", "%I:%M:%S %p", "%I:%M:%S%p")


@functools.lru_cache(maxsize=4096)
def day(text: str, order: DayOrder | None) -> datetime.date:
    """Of a moment, its day. Raises CellError."""
    found = _read(text, order)
    if found.year < _FIRST_YEAR:
        raise CellError(f"before {_FIRST_YEAR}; leave it empty where it is not known")
    return found


def _read(text: str, order: DayOrder | None) -> datetime.date:
    if len(text) == 10 or (len(text) == 8 and text.isdigit()):
        try:
            return datetime.date.fromisoformat(text)
        except ValueError:
            pass
    if timed := _WITH_TIME.fullmatch(text):
        clock(timed["time"])
        text = timed["day"]
    if not text.isascii():
        raise CellError("not a day; write 2026-03-27")
    if clear := _first(text, _CLEAR):
        return clear
    return _ordered(text, order)


def _ordered(text: str, order: DayOrder | None) -> datetime.date:
    found = {
        date
        for known, forms in _ORDERED.items()
        if order in (None, known) and (date := _first(text, forms))
    }
    if len(found) > 1:
        raise CellError("day or month first? say --dates day-first or month-first")
    if found:
        return found.pop()
    if _SHORT_YEAR.fullmatch(text):
        raise CellError("write its year in full, as 27/03/2026")
    if _NUMBERED.fullmatch(text):
        raise CellError(f"no such day, read {order}" if order else "no such day")
    raise CellError("not a day; write 2026-03-27")


def _first(text: str, forms: tuple[str, ...]) -> datetime.date | None:
    for form in forms:
        try:
            return datetime.datetime.strptime(text, form).date()  # noqa: DTZ007
        except ValueError:
            continue
    return None


def moment(text: str, order: DayOrder | None) -> datetime.datetime:
    """A day with a time, or without one its midnight; aware where an offset is written.

    Raises CellError.
    """
    timed = _WITH_TIME.fullmatch(text)
    at = clock(timed["time"]) if timed else datetime.time()
    return datetime.datetime.combine(day(text, order), at)


@functools.lru_cache(maxsize=4096)
def clock(text: str) -> datetime.time:
    """As 9:30, 18:00:05, 6:30 pm. Raises CellError."""
    for form in _HALVES:
        try:
            return datetime.datetime.strptime(text, form).time()  # noqa: DTZ007
        except ValueError:
            continue
    try:
        return datetime.time.fromisoformat(f"0{text}" if text[1:2] == ":" else text)
    except ValueError:
        raise CellError("not a time; write 18:00") from None
