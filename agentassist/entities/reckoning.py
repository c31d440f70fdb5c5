"""Which date a day of the month or of the week means, counted from the day of the call."""

import calendar
import datetime

MONTH_NAMES = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
WEEKDAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
"""Our own, since those of `calendar` follow the locale."""

MONTHS = {name.lower(): month for month, name in enumerate(MONTH_NAMES, start=1)}
MONTHS |= {name[:3]: month for name, month in MONTHS.items()} | {"sept": 9}
WEEKDAYS = {name.lower(): index for index, name in enumerate(WEEKDAY_NAMES)}


LEAP = 8
"""Years within which every day of a month comes again, the twenty-ninth of February too."""


def next_day(day: int, today: datetime.date, month: int | None = None) -> datetime.date | None:
    """The next date with that day, in that month or in any; None where no month has it."""
    for step in range(12 * LEAP + 1):
        count = today.month - 1 + step
        year, number = today.year + count // 12, count % 12 + 1
        if month in (None, number) and day <= calendar.monthrange(year, number)[1]:
            date = datetime.date(year, number, day)
            if date >= today:
                return date
    return None


def on_weekday(day: int, today: datetime.date, weekday: int | None) -> datetime.date | None:
    """The next date with that day; where the weekday was said, the next that falls on it."""
    date = first = next_day(day, today)
    for _ in range(12):
        if date is None or weekday in (None, date.weekday()):
            return date
        date = next_day(day, date + datetime.timedelta(1))
    return first


def month_after(today: datetime.date, months: int) -> tuple[int, int]:
    """Year and month, so many months on."""
    count = today.month - 1 + months
    return today.year + count // 12, count % 12 + 1


def month_end(today: datetime.date, months: int = 0) -> datetime.date:
    """The last day of the month that is so many months on."""
    year, month = month_after(today, months)
    return datetime.date(year, month, calendar.monthrange(year, month)[1])


def next_weekday(index: int, today: datetime.date) -> datetime.date:
    """The next such day of the week, never today. Monday is 0."""
    return today + datetime.timedelta((index - today.weekday() - 1) % 7 + 1)


def in_next_week(index: int, today: datetime.date) -> datetime.date:
    """That day of the week that begins next Monday."""
    return today + datetime.timedelta(7 - today.weekday() + index)
