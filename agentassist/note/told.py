"""What one turn tells of an agreement: its sums put together with their days."""

import datetime
import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from agentassist import entities
from agentassist.entities import Day, Money, Rate
from agentassist.entities.money import Told
from agentassist.entities.reckoning import MONTHS, next_day
from agentassist.entities.tokens import tokens
from agentassist.note.reading import Reading
from agentassist.values import Turn
from agentassist.vocabulary import Frequency

_BEGINS = re.compile(
    r"\b(?:start|starts|starting|begin|begins|beginning|(?<!not the )first(?: \w+)?|from)"
    r"(?: on| from)?,? (?:the )?$",
    re.IGNORECASE,
)
_OF_MONTH = re.compile(r" (?:of|in) (?:the|each|every|a) month\b", re.IGNORECASE)
_READ_OUT = re.compile(
    r"\b(?:(?:oh|zero|one|two|three|four|five|six|seven|eight|nine)\b[ ,]*){4,}", re.IGNORECASE
)
"""Figures one by one: a card's, and no sum."""

_LEFT = re.compile(
    r"\b(?:leav(?:es|ing)|left(?: is|'s)?|remaining|remainder(?: is)?|still|balance(?: of| is)?"
    r"|instead of|no|nor|not|after that|owing|rather than|out of|of the|less|minus"
    r"|(?:fee|charge|penalty)(?: of)?)"
    r"(?: \w+){0,2}\W*$",
    re.IGNORECASE,
)
"""Before a sum, it is what remains or what was before, not what is paid."""

_FEE = re.compile(
    r"(?: (?:late|missed|admin|account|card|collection|default|monthly|payment|service))*"
    r" (?:charges?|fees?|penalt(?:y|ies)|interest)\b(?! free)",
    re.IGNORECASE,
)
"""Behind a sum, it is a part of what is owed, or none any more: "the ten dollar late charge"."""

_REST = re.compile(
    r"\b(?:balance|remainder|rest|remaining|other|leaves|leaving)(?: of| is)?(?: \w+){0,2}\W*$",
    re.IGNORECASE,
)
"""Before a sum, it is what remains, which may yet be promised for its own day."""

_BY = re.compile(
    r"(?:,? which (?:i'll|we'll|you'll|will|is|comes|i'd|we'd)(?: \w+){0,2})?"
    r",? ?(?:by|on|before|at|for|in)? ?(?:the )?",
    re.IGNORECASE,
)
_EACH = re.compile(r" (?:each|apiece|a time|both times|each time|a go)\b", re.IGNORECASE)
_MONTHLY = re.compile(
    r"(?:,? (?:on|from))?(?: the)? [\w-]+(?: \w+)? of (?:each|every|the) month\b"
    r"|(?: on)? (?:each|every) [\w-]*(?:th|first|second|third)\b",
    re.IGNORECASE,
)
"""Behind a sum, it is paid on that day again and again."""

_NOW = re.compile(
    r"(?: (?:off|on|from|by|through|with|over)(?: the| my| your)? \w+(?: card)?)?,?"
    r" (?:(?:right )?now|straight away|this minute|(?:has )?gone through"
    r"|(?:paid|received)"
    r"(?! (?:last|in|back|before|by|on|off|over|at|every|each|weekly|monthly)))\b",
    re.IGNORECASE,
)
"""Behind a sum, it is paid on the day of the call, whatever other day is told beside it."""

NOON = 12
LATELY = 3
"""Turns back in which an hour may have been told that is now said again."""

MANY = 2
"""Days from which on one sum may be paid on each."""

_CANNOT = re.compile(r",? (?:i|we) (?:can't|cannot|couldn't|won't|don't)\b", re.IGNORECASE)


class Payment(NamedTuple):
    """One sum on one day, either of which may be unknown."""

    amount: Decimal | None
    date: datetime.date | None
    told: Told = "bare"
    currency: str | None = None
    money: Money | None = None
    """Where the sum was said, in `turn`."""
    day: Day | None = None
    turn: Turn | None = None
    day_turn: Turn | None = None


NO_PAYMENT = Payment(None, None)


class Said(NamedTuple):
    """What one turn tells of an agreement."""

    turn: Turn
    payments: tuple[Payment, ...]
    days: tuple[Day, ...]
    starts: tuple[Day, ...]
    """Days that are said to be the first."""
    frequency: Frequency | None
    instalments: int | None
    stated: tuple[Money, ...] = ()
    """All sums, those too that remain or were before."""

    @property
    def sums(self) -> set[Decimal]:
        return {p.amount for p in self.payments if p.amount is not None}


def heard(reading: Reading, *names: str) -> tuple[Said, ...]:
    """What the turns with such labels tell, the latest first."""
    return tuple(said(reading, t.turn) for t in reversed(reading.having(*names)))


def said(reading: Reading, turn: Turn) -> Said:
    """What the turn tells of payments, read once."""
    known = reading.said.get(turn.index)
    if not isinstance(known, Said):
        known = reading.said[turn.index] = _said(reading, turn)
    return known


def _said(reading: Reading, turn: Turn) -> Said:
    rates = [r for r in entities.frequencies(turn.text) if not _is_ruled_out(turn.text, r)]
    frequency = rates[0].frequency if rates else None
    counts = entities.instalments(turn.text, frequency or "monthly")
    days = entities.dates(turn.text, reading.date) if reading.date else ()
    hours = _hours(reading, turn)
    sums = tuple(m for m in _sums(turn.text, reading.currency) if not _is_hour(m, hours))
    paid = tuple(m for m in sums if _is_set(turn.text, m, days) or not _is_left(turn.text, m))
    count = counts[0].instalments if counts else None
    told = _each(turn, paid, days, count) or _payments(turn, paid, days)
    return Said(
        turn,
        tuple(_at_once(reading, payment) for payment in told),
        days,
        tuple(day for day in days if _is_start(turn.text, day)),
        frequency,
        count,
        sums,
    )


def _sums(text: str, currency: str | None) -> tuple[Money, ...]:
    found = entities.money(text, currency, bare=True)
    read_out = [match.span() for match in _READ_OUT.finditer(text)]
    return tuple(m for m in found if not any(a <= m.start < b for a, b in read_out))


def _hours(reading: Reading, turn: Turn) -> set[int]:
    """Hours of the clock that were told there, shortly before or in answer, of twelve."""
    near = reading.turns[max(0, turn.index - LATELY) : turn.index + 2]
    return {clock.time.hour % 12 for t in near for clock in entities.times(t.turn.text)}


def _is_hour(money: Money, hours: set[int]) -> bool:
    """Whether a mere number says an hour again: "nine on the twentieth" after "nine o'clock"."""
    is_bare = money.told == "bare" and not money.others and money.amount <= NOON
    return is_bare and money.amount % NOON in hours


def _is_start(text: str, day: Day) -> bool:
    """Whether the day is said to be the first; "the first Friday of the month" is no start."""
    return bool(_BEGINS.search(text[: day.start])) and not _OF_MONTH.match(text, day.end)


def _is_left(text: str, money: Money) -> bool:
    return bool(_LEFT.search(text[: money.start]) or _FEE.match(text, money.end))


def _is_set(text: str, money: Money, days: Sequence[Day]) -> bool:
    """Whether what remains has its day right behind it: "the rest, two eighty, by the tenth"."""
    return _REST.search(text[: money.start]) is not None and any(
        _BY.fullmatch(text, money.end, day.start) for day in days if day.start > money.end
    )


def _at_once(reading: Reading, payment: Payment) -> Payment:
    """With the day of the call where the words behind the sum say now."""
    turn, money = payment.turn, payment.money
    if payment.date or turn is None or money is None or not _NOW.match(turn.text, money.end):
        return payment
    return payment._replace(date=reading.date)


def _each(
    turn: Turn, sums: Sequence[Money], days: Sequence[Day], count: int | None
) -> list[Payment]:
    """One sum on each of several days: "two payments of forty", "forty each"; else nothing."""
    dates = {day.date for day in days}
    told_each = any(_EACH.match(turn.text, money.end) for money in sums)
    if len(sums) != 1 or len(dates) < MANY or len(dates) != len(days):
        return []
    if not (told_each or count == len(days)):
        return []
    (money,) = sums
    paid = Payment(money.amount, None, money.told, money.currency, money, turn=turn)
    return [paid._replace(date=day.date, day=day, day_turn=turn) for day in days]


def _is_ruled_out(text: str, rate: Rate) -> bool:
    """As in "monthly I can't"."""
    return _CANNOT.match(text, rate.end) is not None


def _payments(turn: Turn, sums: Sequence[Money], days: Sequence[Day]) -> Iterator[Payment]:
    """Each sum with its day. A bare day after an earlier payment's lies after it."""
    free, last = list(days), None
    for place, money in enumerate(sums):
        until = sums[place + 1].start if place + 1 < len(sums) else len(turn.text)
        rated = _EACH.match(turn.text, money.end) or _MONTHLY.match(turn.text, money.end)
        told: Told = "rated" if rated else money.told
        paid = Payment(money.amount, None, told, money.currency, money, turn=turn)
        if _NOW.match(turn.text, money.end):
            yield paid
            continue
        day = _nearest(money, free, until, before_first=_days_come_first(sums, days))
        if day is None:
            yield paid
            continue
        free.remove(day)
        date = day.date
        if last and date < last and not _names_month(turn.text, day):
            date = next_day(date.day, last) or date
        last = date
        yield paid._replace(date=date, day=day._replace(date=date), day_turn=turn)


BESIDE = 20
"""Characters behind a sum within which a day still belongs to it."""


def _days_come_first(sums: Sequence[Money], days: Sequence[Day]) -> bool:
    """As "the sixteenth seven hundred, the thirty-first eight hundred": a day before each sum."""
    if len(sums) < 2:
        return False
    told = sorted((*((day.start, "day") for day in days), *((m.start, "sum") for m in sums)))
    kinds = [kind for start, kind in told if start <= sums[-1].end + BESIDE]
    return kinds == ["day", "sum"] * len(sums)


def _nearest(money: Money, days: Sequence[Day], until: int, *, before_first: bool) -> Day | None:
    """The day said nearest to the sum, after it or before, but not past the next sum."""

    def distance(day: Day) -> int:
        if day.start >= money.end:
            return day.start - money.end + (1000 if before_first else 0)
        return money.start - day.end + 8

    near = [day for day in days if day.end <= money.start or money.end <= day.start < until]
    return min(near, key=distance, default=None)


def _names_month(text: str, day: Day) -> bool:
    return any(token.text in MONTHS for token in tokens(text[day.start : day.end]))
