"""Dates in spoken words, told against the day of the call: "Friday week", "the twenty-seventh".

A date without a year or month is the next one, since calls of this kind make plans. What
is said to lie in the past ("last Friday", "since November") is left out.
"""

import calendar
import datetime
from collections.abc import Callable, Iterator
from typing import NamedTuple

from agentassist.entities.ends import ends
from agentassist.entities.firsts import ORDERED, again, cardinal_day, first_month
from agentassist.entities.numbers import number_at, ordinal_at
from agentassist.entities.reading import Read, exact_day, named_month, skip
from agentassist.entities.reckoning import (
    WEEKDAYS,
    in_next_week,
    month_after,
    next_day,
    next_weekday,
    on_weekday,
)
from agentassist.entities.tokens import Token, listed, tokens, words
from agentassist.entities.written import written

_PERIODS = {"day": 1, "week": 7, "fortnight": 14}
_NO_DATE = listed("last since every each other alternate")
"""Before a day, it lies in the past or comes again and again."""
_DENIED = {
    ("mind",),
    ("forget",),
    ("not",),
    *(("not", word) for word in ("on", "the", "by", "this")),
}
"""Before a day, it is not that one: "not Friday, Friday week"."""

NEAR = 2
"""Days ahead within which "the fifth" may be meant for the month after."""

APART = 10
"""A day of the month from which on an ordinal by itself counts nothing else."""

_LED = listed("on by from until till before")

_LINKS = {"", "is", "that's", "which is", "so that's", "that'll be", "that'd be"}
"""Between a day and the same day told again."""


class Day(NamedTuple):
    """A date, `text[start : end]` of what was said."""

    date: datetime.date
    start: int
    end: int
    exact: bool = False
    """The day of the month was said."""
    others: tuple[datetime.date, ...] = ()
    """What else the words may mean, as the coming Friday where "next Friday" was said."""


_Reader = Callable[[tuple[Token, ...], int, datetime.date], Read | None]


def dates(text: str, call_date: datetime.date) -> tuple[Day, ...]:
    """Every date of a text in order, none before the day of the call."""
    told: list[Day] = []
    for day in _days(tokens(text), call_date):
        if told and _same(text, told[-1], day):
            day = day._replace(start=told.pop().start)  # noqa: PLW2901
        told.append(day)
    return tuple(told)


def _same(text: str, first: Day, second: Day) -> bool:
    """Whether the second only says the first again: "Friday week, the twenty-eighth"."""
    between = text[first.end : second.start].strip(", ").lower()
    return second.exact and not first.exact and between in _LINKS


def _days(found: tuple[Token, ...], today: datetime.date) -> Iterator[Day]:
    at = 0
    while at < len(found):
        read = next((r for reader in _READERS if (r := reader(found, at, today))), None)
        if read is None:
            at += 1
            continue
        if read.date is not None and not _is_ruled_out(found, at):
            yield Day(read.date, found[at].start, found[read.stop - 1].end, read.exact, read.others)
        at = read.stop


def _is_ruled_out(found: tuple[Token, ...], at: int) -> bool:
    """Whether the words before a day put it in the past, repeat it or deny it."""
    if at == 0:
        return False
    denied = {words(found, at - 1, 1), words(found, at - 2, 2) if at > 1 else ()} & _DENIED
    return found[at - 1].text in _NO_DATE or (bool(denied) and found[at].after != ".")


def _simple(found: tuple[Token, ...], at: int, today: datetime.date) -> Read | None:
    """As "today", "tonight", "tomorrow", "the day after tomorrow", "to-day"."""
    text = words(found, at, 4) or ("",)
    if text == ("the", "day", "after", "tomorrow"):
        return Read(today + datetime.timedelta(2), at + 4)
    if text[:3] == ("day", "after", "tomorrow"):
        return Read(today + datetime.timedelta(2), at + 3)
    if text[:2] in {("to", "day"), ("to", "night")}:
        return Read(today, at + 2)
    if text[:2] == ("to", "morrow"):
        return Read(today + datetime.timedelta(1), at + 2)
    if text[0] in {"today", "tonight"} or text[:2] in _TODAY_PAIRS:
        return Read(today, at + (1 if text[0] in {"today", "tonight"} else 2))
    if text[0] == "tomorrow":
        return Read(today + datetime.timedelta(1), at + 1)
    return None


_TODAY_PAIRS = {("this", part) for part in ("morning", "afternoon", "evening")}


def _numbered(found: tuple[Token, ...], at: int, today: datetime.date) -> Read | None:
    """As "the eleventh of December", "Friday the 27th", "the first of next month"."""
    start = skip(found, _skip_weekday(found, at), "the")
    number = ordinal_at(found, start)
    if number is None:
        return _day_month(found, start, today)
    day, stop = int(number.value), number.stop
    if not 1 <= day <= 31:
        return None
    if first := first_month(found, stop, day, today):
        return first
    if words(found, stop, 4) == ("of", "the", "following", "month"):
        return _relative_month(found, stop + 1, day, today)
    month_at = skip(found, stop, "of", "day", "in")
    if in_month := named_month(found, month_at):
        return exact_day(next_day(day, today, in_month), _past_year(found, month_at + 1))
    if relative := _relative_month(found, skip(found, stop, "of"), day, today):
        return relative
    follows = words(found, stop, 1)
    if follows and not found[stop].after and _is_counted(day, follows[0]):
        return None
    if start > at or _stands_alone(found, at, day):
        weekday = WEEKDAYS.get(found[at].text)
        date = on_weekday(day, today, weekday)
        if weekday is not None and date == next_day(day, today):
            return exact_day(date, stop)
        return Read(date, stop, exact=True, others=_other_months(day, today, date))
    return None


def _other_months(
    day: int, today: datetime.date, date: datetime.date | None
) -> tuple[datetime.date, ...]:
    """The month that was not taken, where the day is today or so near that either is meant.

    And the next such day, where the weekday that was said with it falls on a later one.
    """
    if date is None:
        return ()
    first = next_day(day, today)
    if first is not None and first != date:
        return (first,)
    after = next_day(day, date + datetime.timedelta(1))
    return (after,) if (date - today).days <= NEAR and after else ()


def _is_counted(day: int, follows: str) -> bool:
    return follows in ORDERED or (day == 1 and follows in {"two", "three", "four", "few"})


def _stands_alone(found: tuple[Token, ...], at: int, day: int) -> bool:
    """An ordinal without "the": "on twenty-seventh", "by 27th"; not "first of all".

    Or between two stops, as "a hundred, seventeenth of July; eighty, twenty-seventh".
    """
    before = words(found, at - 1, 1) if at else ()
    stop = number.stop if (number := ordinal_at(found, at)) else at
    if at and day >= APART and found[at].after and (stop == len(found) or found[stop].after):
        return True
    return bool(before) and before[0] in {"on", "by", "from"} and (day > 3 or found[at].is_digits)


def _skip_weekday(found: tuple[Token, ...], at: int) -> int:
    return at + 1 if found[at].text in WEEKDAYS and at + 1 < len(found) else at


def _past_year(found: tuple[Token, ...], at: int) -> int:
    """The token after "twenty twenty-six" or "2026", where a year follows."""
    number = number_at(found, at)
    if number is None or found[at].after == ".":
        return at
    if 2000 <= number.value < 2100:
        return number.stop
    rest = number_at(found, number.stop)
    if number.value == 20 and rest and 20 <= rest.value < 100:
        return rest.stop
    return at


def _relative_month(
    found: tuple[Token, ...], at: int, day: int, today: datetime.date
) -> Read | None:
    """As "next month", "this month", "the month": which month an ordinal is of."""
    text = words(found, at, 3)
    if text[:2] == ("next", "month"):
        year, month = month_after(today, 1)
        last = calendar.monthrange(year, month)[1]
        return exact_day(datetime.date(year, month, min(day, last)), at + 2)
    if text[:2] in {("this", "month"), ("the", "month"), ("each", "month"), ("every", "month")}:
        return exact_day(next_day(day, today), at + 2)
    if text == ("the", "following", "month"):
        year, month = month_after(today, 1)
        return exact_day(next_day(day, datetime.date(year, month, 1)), at + 3)
    return None


def _day_month(found: tuple[Token, ...], start: int, today: datetime.date) -> Read | None:
    """As "December the eleventh", "December 11", "11 December", "Friday 27 March"."""
    month = named_month(found, start)
    if month is not None:
        after = skip(found, start + 1, "the")
        number = ordinal_at(found, after) or cardinal_day(found, after)
        if number is None or not 1 <= number.value <= 31 or number.value % 1:
            return None
        return exact_day(next_day(int(number.value), today, month), _past_year(found, number.stop))
    number = number_at(found, start)
    if number is None or number.value % 1 or not 1 <= number.value <= 31:
        return None
    if found[start].text == "one":  # "the first one February"
        return None
    month_at = skip(found, number.stop, "of")
    led = start > 0 and found[start - 1].text in _LED
    if (month := named_month(found, month_at)) and (led or found[month_at].text != "may"):
        return exact_day(next_day(int(number.value), today, month), _past_year(found, month_at + 1))
    return None


def _weekday(found: tuple[Token, ...], at: int, today: datetime.date) -> Read | None:
    """As "Friday", "next Friday", "Friday week", "a week on Friday", "Thursday fortnight"."""
    if at >= len(found):
        return None
    which = found[at].text if found[at].text in {"next", "this", "last"} else ""
    here = at + bool(which)
    if here >= len(found) or found[here].text not in WEEKDAYS:
        return None
    index = WEEKDAYS[found[here].text]
    stop = here + 1
    if which == "last":
        return Read(None, stop)
    coming = next_weekday(index, today)
    date = in_next_week(index, today) if which == "next" else coming
    later = words(found, stop, 2)
    if later[:1] in {("week",), ("fortnight",)} and not found[stop].after:
        after = date + datetime.timedelta(_PERIODS[later[0]])
        return Read(after, stop + 1, others=(coming,) if later[0] == "week" else ())
    if later == ("after", "next"):
        return Read(in_next_week(index, today), stop + 2)
    if later == ("next", "week"):
        return Read(in_next_week(index, today), stop + 2)
    return Read(date, stop, others=(coming,) if date != coming else ())


def _ahead(found: tuple[Token, ...], at: int, today: datetime.date) -> Read | None:
    """As "in ten days", "a fortnight today", "two weeks from Friday", "a week on Tuesday"."""
    begin = skip(found, at, "in")
    counted = _span_at(found, begin)
    if counted is None:
        return None
    count, unit, stop = counted
    base_at = skip(found, stop, "from", "on", "time")
    if words(found, base_at, 1)[:1] in {("now",), ("today",)}:
        return Read(_on(today, count, unit), base_at + 1)
    if base_at > stop or words(found, stop, 1) == ("tomorrow",):
        base = _simple(found, base_at, today) or _weekday(found, base_at, today)
        if base and base.date:
            return Read(_on(base.date, count, unit), base.stop)
    if begin > at or words(found, stop, 1) == ("time",):
        return Read(_on(today, count, unit), stop)
    return None


def _span_at(found: tuple[Token, ...], at: int) -> tuple[int, str, int] | None:
    """As "a week", "ten days", "a couple of months": how many, of what, the token after."""
    number = number_at(found, at)
    count, here = (int(number.value), number.stop) if number else (1, at + 1)
    if number is None and words(found, at, 1) != ("a",):
        return None
    if number is None and words(found, here, 2) == ("couple", "of"):
        count, here = 2, here + 2
    unit = words(found, here, 1)
    name = unit[0].removesuffix("'s").rstrip("'").removesuffix("s") if unit else ""
    return (count, name, here + 1) if name in _PERIODS or name == "month" else None


def _on(date: datetime.date, count: int, unit: str) -> datetime.date | None:
    """The date so many of these units on; None where the calendar ends."""
    try:
        if unit != "month":
            return date + datetime.timedelta(count * _PERIODS[unit])
        year, month = month_after(date, count)
        return datetime.date(year, month, min(date.day, calendar.monthrange(year, month)[1]))
    except (OverflowError, ValueError):
        return None


_READERS: tuple[_Reader, ...] = (written, _simple, _ahead, ends, again, _numbered, _weekday)
