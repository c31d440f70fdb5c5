"""Dates in spoken words, told against the day of the call: "Friday week", "the twenty-seventh".

A date without a year or month is the next one, since calls of this kind make plans. What
is said to lie in the past ("last Friday", "since November") is left out.
"""

import calendar
import datetime
from collections.abc import Callable, Iterator
from typing import NamedTuple

from agentassist.entities.numbers import number_at, ordinal_at
from agentassist.entities.reckoning import (
    MONTHS,
    WEEKDAYS,
    in_next_week,
    month_after,
    month_end,
    next_day,
    next_weekday,
    on_weekday,
)
from agentassist.entities.tokens import Token, listed, tokens, words

_PERIODS = {"day": 1, "days": 1, "week": 7, "weeks": 7, "fortnight": 14, "fortnights": 14}
_NO_DATE = listed("last since every each other alternate")
"""Before a day, it lies in the past or comes again and again."""
_AMBIGUOUS = listed("may mar sat sun march")
"""Month names that are words of their own: a day must stand beside them."""


_ORDERED = listed(
    "payment payments one ones thing time times instalment instalments installment installments"
    " half part line letter letters bill week weeks fortnight month months year day days call"
    " shift step name notice person place of"
)
"""What "the first" may count: no date then."""


class Day(NamedTuple):
    """A date, `text[start : end]` of what was said."""

    date: datetime.date
    start: int
    end: int
    exact: bool = False
    """The day of the month was said."""


class _Read(NamedTuple):
    """What a reader made of the tokens: a date, or None for one in the past; the next token."""

    date: datetime.date | None
    stop: int
    exact: bool = False


_Reader = Callable[[tuple[Token, ...], int, datetime.date], _Read | None]


def dates(text: str, call_date: datetime.date) -> tuple[Day, ...]:
    """Every date of a text in order, none before the day of the call."""
    told: list[Day] = []
    for day in _days(tokens(text), call_date):
        if told and _same(text, told[-1], day):
            day = Day(day.date, told.pop().start, day.end, exact=True)  # noqa: PLW2901
        told.append(day)
    return tuple(told)


def _same(text: str, first: Day, second: Day) -> bool:
    """Whether the second only says the first again: "Friday week, the twenty-eighth"."""
    between = text[first.end : second.start]
    return second.exact and not first.exact and not between.strip(", ")


def _days(found: tuple[Token, ...], today: datetime.date) -> Iterator[Day]:
    at = 0
    while at < len(found):
        read = next((r for reader in _READERS if (r := reader(found, at, today))), None)
        if read is None:
            at += 1
            continue
        past = at > 0 and found[at - 1].text in _NO_DATE
        if read.date is not None and not past:
            yield Day(read.date, found[at].start, found[read.stop - 1].end, read.exact)
        at = read.stop


def _skip(found: tuple[Token, ...], at: int, *fillers: str) -> int:
    while at < len(found) and found[at].text in fillers and found[at].after != ".":
        at += 1
    return at


def _simple(found: tuple[Token, ...], at: int, today: datetime.date) -> _Read | None:
    """As "today", "tonight", "tomorrow", "the day after tomorrow", "to-day"."""
    text = words(found, at, 4) or ("",)
    if text == ("the", "day", "after", "tomorrow"):
        return _Read(today + datetime.timedelta(2), at + 4)
    if text[:3] == ("day", "after", "tomorrow"):
        return _Read(today + datetime.timedelta(2), at + 3)
    if text[:2] in {("to", "day"), ("to", "night")}:
        return _Read(today, at + 2)
    if text[:2] == ("to", "morrow"):
        return _Read(today + datetime.timedelta(1), at + 2)
    if text[0] in {"today", "tonight"} or text[:2] in _TODAY_PAIRS:
        return _Read(today, at + (1 if text[0] in {"today", "tonight"} else 2))
    if text[0] == "tomorrow":
        return _Read(today + datetime.timedelta(1), at + 1)
    return None


_TODAY_PAIRS = {("this", part) for part in ("morning", "afternoon", "evening")}


def _numbered(found: tuple[Token, ...], at: int, today: datetime.date) -> _Read | None:
    """As "the eleventh of December", "Friday the 27th", "the first of next month"."""
    start = _skip(found, _skip_weekday(found, at), "the")
    number = ordinal_at(found, start)
    if number is None:
        return _day_month(found, start, today)
    day, stop = int(number.value), number.stop
    if not 1 <= day <= 31:
        return None
    month_at = _skip(found, stop, "of", "day", "in")
    if in_month := _month_at(found, month_at):
        return _exact(next_day(day, today, in_month), _past_year(found, month_at + 1))
    if relative := _relative_month(found, _skip(found, stop, "of"), day, today):
        return relative
    follows = words(found, stop, 1)
    if follows and not found[stop].after and _is_counted(day, follows[0]):
        return None
    if start > at or _stands_alone(found, at, day):
        return _exact(on_weekday(day, today, WEEKDAYS.get(found[at].text)), stop)
    return None


def _exact(date: datetime.date | None, stop: int) -> _Read:
    return _Read(date, stop, exact=True)


def _is_counted(day: int, follows: str) -> bool:
    return follows in _ORDERED or (day == 1 and follows in {"two", "three", "four", "few"})


def _stands_alone(found: tuple[Token, ...], at: int, day: int) -> bool:
    """An ordinal without "the": "on twenty-seventh", "by 27th"; not "first of all"."""
    before = words(found, at - 1, 1) if at else ()
    return bool(before) and before[0] in {"on", "by", "from"} and (day > 3 or found[at].is_digits)


def _skip_weekday(found: tuple[Token, ...], at: int) -> int:
    return at + 1 if found[at].text in WEEKDAYS and at + 1 < len(found) else at


def _month_at(found: tuple[Token, ...], at: int) -> int | None:
    return MONTHS.get(found[at].text) if at < len(found) and found[at].after != "." else None


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
) -> _Read | None:
    """As "next month", "this month", "the month": which month an ordinal is of."""
    text = words(found, at, 3)
    if text[:2] == ("next", "month"):
        year, month = month_after(today, 1)
        last = calendar.monthrange(year, month)[1]
        return _exact(datetime.date(year, month, min(day, last)), at + 2)
    if text[:2] in {("this", "month"), ("the", "month"), ("each", "month"), ("every", "month")}:
        return _exact(next_day(day, today), at + 2)
    if text == ("the", "following", "month"):
        return _exact(next_day(day, today), at + 3)
    return None


def _day_month(found: tuple[Token, ...], start: int, today: datetime.date) -> _Read | None:
    """As "December the eleventh", "December 11", "11 December", "Friday 27 March"."""
    month = _month_at(found, start)
    if month is not None:
        after = _skip(found, start + 1, "the")
        number = ordinal_at(found, after) or number_at(found, after)
        if number is None or not 1 <= number.value <= 31 or number.value % 1:
            return None
        return _exact(next_day(int(number.value), today, month), _past_year(found, number.stop))
    number = number_at(found, start)
    if number is None or number.value % 1 or not 1 <= number.value <= 31:
        return None
    if found[start].text == "one":  # "the first one February"
        return None
    month_at = _skip(found, number.stop, "of")
    if (month := _month_at(found, month_at)) and found[month_at].text != "may":
        return _exact(next_day(int(number.value), today, month), _past_year(found, month_at + 1))
    return None


def _ends(found: tuple[Token, ...], at: int, today: datetime.date) -> _Read | None:
    """As "the end of the month", "month end", "the end of June", "the last Friday of the month"."""
    text = words(found, at, 5)
    if text[:2] in {("month", "end"), ("month", "ends")}:
        return _Read(month_end(today), at + 2)
    if text[:2] == ("end", "of"):
        return _end(found, _skip(found, at + 2, "the", "this"), today)
    if text[:2] in {("beginning", "of"), ("start", "of")} and "month" in text[2:4]:
        year, month = month_after(today, 1)
        return _Read(datetime.date(year, month, 1), at + text.index("month") + 1)
    if text[:1] == ("last",) and text[2:3] == ("of",) and "month" in text[3:]:
        return _last_in_month(text, at, today)
    return None


def _end(found: tuple[Token, ...], at: int, today: datetime.date) -> _Read | None:
    text = words(found, at, 2)
    if text[:1] == ("month",):
        return _Read(month_end(today), at + 1)
    if text == ("next", "month"):
        return _Read(month_end(today, 1), at + 2)
    if text[:1] == ("week",):
        return _Read(next_weekday(4, today), at + 1)
    if text == ("next", "week"):
        return _Read(in_next_week(4, today), at + 2)
    if month := _month_at(found, at):
        return _Read(month_end(today, (month - today.month) % 12), at + 1)
    return None


def _last_in_month(text: tuple[str, ...], at: int, today: datetime.date) -> _Read | None:
    end = month_end(today, 1 if "next" in text[3:] else 0)
    stop = at + text.index("month") + 1
    if text[1] == "day":
        return _Read(end, stop)
    if text[1] not in WEEKDAYS:
        return None
    back = (end.weekday() - WEEKDAYS[text[1]]) % 7
    return _Read(end - datetime.timedelta(back), stop)


def _weekday(found: tuple[Token, ...], at: int, today: datetime.date) -> _Read | None:
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
        return _Read(None, stop)
    date = in_next_week(index, today) if which == "next" else next_weekday(index, today)
    later = words(found, stop, 2)
    if later[:1] in {("week",), ("fortnight",)}:
        return _Read(date + datetime.timedelta(_PERIODS[later[0]]), stop + 1)
    if later == ("after", "next"):
        return _Read(in_next_week(index, today), stop + 2)
    if later == ("next", "week"):
        return _Read(in_next_week(index, today), stop + 2)
    return _Read(date, stop)


def _ahead(found: tuple[Token, ...], at: int, today: datetime.date) -> _Read | None:
    """As "in ten days", "a fortnight today", "two weeks from Friday", "a week on Tuesday"."""
    begin = _skip(found, at, "in")
    number = number_at(found, begin)
    count, here = (int(number.value), number.stop) if number else (1, begin + 1)
    if number is None and words(found, begin, 1) != ("a",):
        return None
    unit = words(found, here, 1)
    if not unit or unit[0] not in _PERIODS:
        return None
    span = datetime.timedelta(count * _PERIODS[unit[0]])
    stop = here + 1
    base_at = _skip(found, stop, "from", "on", "time")
    if words(found, base_at, 1)[:1] in {("now",), ("today",)}:
        return _Read(today + span, base_at + 1)
    if base_at > stop or words(found, stop, 1) == ("tomorrow",):
        base = _simple(found, base_at, today) or _weekday(found, base_at, today)
        if base and base.date:
            return _Read(base.date + span, base.stop)
    if begin > at or words(found, stop, 1) == ("time",):
        return _Read(today + span, stop)
    return None


_READERS: tuple[_Reader, ...] = (_simple, _ahead, _ends, _numbered, _weekday)
