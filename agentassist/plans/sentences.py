"""One sentence that an agent can say of an arrangement, with sums and days as people say them."""

import calendar
import datetime
from decimal import Decimal

from agentassist.arrangement import Arrangement, Instalment
from agentassist.entities.currencies import smallest
from agentassist.entities.reckoning import MONTH_NAMES, WEEKDAY_NAMES
from agentassist.note.words import sum_of

_COUNTS = (
    *("no", "one", "two", "three", "four", "five", "six"),
    *("seven", "eight", "nine", "ten", "eleven", "twelve"),
)


def sentence(drawn: Arrangement) -> str:
    """As "That would be twelve payments of £40 on the 27th of each month from 27 March 2026 …"."""
    start = f"{money(drawn.down.amount, drawn)} today, then " if drawn.down else ""
    what = {
        "plan": f"That would be {start}{_payments(drawn)}",
        "settlement": f"The account could be settled for {money(drawn.total, drawn)}: "
        f"{start}{_payments(drawn)}",
        "partial": f"You would pay {start}{_payments(drawn)}",
    }[drawn.kind]
    return f"{what}{_end(drawn)}"


def money(amount: Decimal, drawn: Arrangement) -> str:
    """A sum as it is said: "£40", "£42.10"."""
    told = sum_of(amount, drawn.currency)
    whole = smallest(drawn.currency) < 1 and amount == amount.to_integral_value()
    return told.partition(".")[0] if whole else told


def count(number: int) -> str:
    """A number in words up to twelve, in figures beyond."""
    return _COUNTS[number] if number < len(_COUNTS) else str(number)


def day(date: datetime.date) -> str:
    """As "27 March 2026"."""
    return f"{date.day} {MONTH_NAMES[date.month - 1]} {date.year}"


def _payments(drawn: Arrangement) -> str:
    payments = drawn.payments
    first, last = payments[0], payments[-1]
    if len(payments) == 1 or drawn.frequency is None:
        return f"one payment of {money(first.amount, drawn)} on {_weekday(first.date)}"
    told = f"{count(len(payments))} payments of {money(first.amount, drawn)} {_rhythm(drawn)}"
    if last.amount == first.amount:
        return told
    return f"{told}, the last one {money(last.amount, drawn)}"


def _rhythm(drawn: Arrangement) -> str:
    """As "every Friday from 27 March 2026", "on the 27th of each month from March 2026"."""
    first = drawn.payments[0].date
    match drawn.frequency:
        case "weekly":
            return f"every {WEEKDAY_NAMES[first.weekday()]} from {day(first)}"
        case "fortnightly":
            return f"every second {WEEKDAY_NAMES[first.weekday()]} from {day(first)}"
        case _:
            return f"on {_of_each_month(drawn.payments)} from {day(first)}"


def _of_each_month(payments: tuple[Instalment, ...]) -> str:
    number = payments[0].date.day
    told = f"the {_ordinal(number)} of each month"
    if all(payment.date.day == number for payment in payments):
        return told
    if all(_is_last(payment.date) for payment in payments):
        return "the last day of each month"
    return f"{told}, or its last day where it is shorter,"


def _end(drawn: Arrangement) -> str:
    last = drawn.payments[-1].date
    if drawn.left_owing:
        return f"; {money(drawn.left_owing, drawn)} would then be left owing."
    if drawn.kind == "settlement":
        off = money(drawn.written_off, drawn)
        return f"; nothing more would be owed, and {off} is written off."
    return f", and the balance is cleared in {MONTH_NAMES[last.month - 1]} {last.year}."


def _weekday(date: datetime.date) -> str:
    return f"{WEEKDAY_NAMES[date.weekday()]} {day(date)}"


def _is_last(date: datetime.date) -> bool:
    return date.day == calendar.monthrange(date.year, date.month)[1]


def _ordinal(number: int) -> str:
    teens = number % 100 in {11, 12, 13}
    return f"{number}{'th' if teens else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"
