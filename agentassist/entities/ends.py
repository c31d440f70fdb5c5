"""Ends and beginnings of months and weeks in spoken words, as days."""

import datetime

from agentassist.entities.reading import Read, named_month, skip
from agentassist.entities.reckoning import (
    WEEKDAYS,
    in_next_week,
    month_after,
    month_end,
    next_day,
    next_weekday,
)
from agentassist.entities.tokens import Token, words

MIDDLE = 15
FRIDAY = 4


def ends(found: tuple[Token, ...], at: int, today: datetime.date) -> Read | None:
    """As "the end of the month", "month end", "the end of June", "the last Friday of the month"."""
    text = words(found, at, 5)
    if text[:2] in {("month", "end"), ("month", "ends")}:
        return Read(month_end(today), at + 2)
    if text[:2] == ("end", "of"):
        return _end(found, skip(found, at + 2, "the", "this"), today)
    if text[:2] in {("beginning", "of"), ("start", "of")} and "month" in text[2:4]:
        year, month = month_after(today, 1)
        return Read(datetime.date(year, month, 1), at + text.index("month") + 1)
    if text[:2] == ("middle", "of") and "month" in text[2:4]:
        last = month_end(today, 1 if "next" in text[2:4] or today.day > MIDDLE else 0)
        return Read(last.replace(day=MIDDLE), at + text.index("month") + 1)
    if text[:1] == ("mid",) and (named := named_month(found, at + 1)):
        return Read(next_day(MIDDLE, today, named), at + 2)
    if text[:1] == ("last",):
        return _last_in_month(found, at, today)
    return None


def _end(found: tuple[Token, ...], at: int, today: datetime.date) -> Read | None:
    text = words(found, at, 2)
    if text[:1] == ("month",):
        return Read(month_end(today), at + 1)
    if text == ("next", "month"):
        return Read(month_end(today, 1), at + 2)
    if text[:1] == ("week",):
        return Read(next_weekday(4, today), at + 1)
    if text == ("next", "week"):
        return Read(in_next_week(4, today), at + 2)
    if month := named_month(found, at):
        return Read(month_end(today, (month - today.month) % 12), at + 1)
    return None


def _last_in_month(found: tuple[Token, ...], at: int, today: datetime.date) -> Read | None:
    """As "the last Friday of the month", "the last working day of April"."""
    what = skip(found, at + 1, "working", "business")
    is_working, day = what > at + 1, "".join(words(found, what, 1))
    if words(found, what + 1, 1) not in {("of",), ("in",)}:
        return None
    ended = _end(found, skip(found, what + 2, "the", "this"), today)
    if ended is None or ended.date is None or (day != "day" and day not in WEEKDAYS):
        return None
    weekday = WEEKDAYS.get(day, min(ended.date.weekday(), FRIDAY))
    back = (ended.date.weekday() - weekday) % 7 if is_working or day != "day" else 0
    return Read(ended.date - datetime.timedelta(back), ended.stop)
