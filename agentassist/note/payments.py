"""Sums and days of the turns that tell an agreement, put together to payments."""

import datetime
import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from agentassist import entities
from agentassist.entities import Day, Money
from agentassist.entities.money import Told
from agentassist.entities.reckoning import MONTHS, next_day
from agentassist.entities.tokens import tokens
from agentassist.note.reading import Reading
from agentassist.note.wording import ALL_OF_IT, PAID
from agentassist.values import Turn
from agentassist.vocabulary import Frequency

_BEGINS = re.compile(
    r"\b(?:start|starts|starting|begin|begins|beginning|first(?: \w+)?|from)(?: on| from)?,?"
    r" (?:the )?$",
    re.IGNORECASE,
)


class Payment(NamedTuple):
    """One sum on one day, either of which may be unknown."""

    amount: Decimal | None
    date: datetime.date | None
    told: Told = "bare"
    currency: str | None = None


class Said(NamedTuple):
    """What one turn tells of an agreement."""

    turn: Turn
    payments: tuple[Payment, ...]
    days: tuple[Day, ...]
    starts: tuple[Day, ...]
    """Days that are said to be the first."""
    frequency: Frequency | None
    instalments: int | None


def heard(reading: Reading, *names: str) -> tuple[Said, ...]:
    """What the turns with such labels tell, the latest first."""
    return tuple(_said(reading, t.turn) for t in reversed(reading.having(*names)))


def _said(reading: Reading, turn: Turn) -> Said:
    rates = entities.frequencies(turn.text)
    frequency = rates[0].frequency if rates else None
    counts = entities.instalments(turn.text, frequency or "monthly")
    days = entities.dates(turn.text, reading.date) if reading.date else ()
    sums = entities.money(turn.text, reading.currency, bare=True)
    return Said(
        turn,
        tuple(_payments(turn.text, sums, days)),
        days,
        tuple(day for day in days if _BEGINS.search(turn.text[: day.start])),
        frequency,
        counts[0].instalments if counts else None,
    )


def _payments(text: str, sums: Sequence[Money], days: Sequence[Day]) -> Iterator[Payment]:
    """Each sum with its day. A bare day after an earlier payment's lies after it."""
    free, last = list(days), None
    for place, money in enumerate(sums):
        until = sums[place + 1].start if place + 1 < len(sums) else len(text)
        day = _nearest(money, free, until)
        if day is None:
            yield Payment(money.amount, None, money.told, money.currency)
            continue
        free.remove(day)
        date = day.date
        if last and date < last and not _names_month(text, day):
            date = next_day(date.day, last) or date
        last = date
        yield Payment(money.amount, date, money.told, money.currency)


def _nearest(money: Money, days: Sequence[Day], until: int) -> Day | None:
    """The day said nearest to the sum, after it or before, but not past the next sum."""

    def distance(day: Day) -> int:
        return day.start - money.end if day.start >= money.end else money.start - day.end + 8

    near = [day for day in days if day.end <= money.start or money.end <= day.start < until]
    return min(near, key=distance, default=None)


def _names_month(text: str, day: Day) -> bool:
    return any(token.text in MONTHS for token in tokens(text[day.start : day.end]))


def single_payments(reading: Reading, said: Sequence[Said]) -> list[Payment]:
    """Payments that are no plan: the dated sums of the fullest turn, or the best of all turns."""
    if is_paid(reading):
        return _paid(reading, said)
    for source in said:
        if dated := [payment for payment in source.payments if payment.date]:
            return dated
    best = next((s.payments[-1] for s in said if s.payments), None) or whole(reading, said)
    date = next((s.days[0].date for s in said if s.days), None)
    return [(best or Payment(None, None))._replace(date=date)]


def is_paid(reading: Reading) -> bool:
    """Whether the agent saw a payment come in that was promised for now."""
    given = heard(reading, "promise")
    if not given or not any(_is_for_now(said, reading.date) for said in given):
        return False
    first = given[-1].turn.index
    return any(reading.says(turn, PAID) for turn in reading.by("agent", after=first))


def _is_for_now(said: Said, today: datetime.date | None) -> bool:
    """A promise without a day, or for today."""
    return not said.days or any(day.date == today for day in said.days)


def _paid(reading: Reading, said: Sequence[Said]) -> list[Payment]:
    """The payment made in the call, and what was promised for later."""
    today = reading.date
    sums = [p for s in said if not _is_offer(reading, s) for p in s.payments]
    made = next((p for p in sums if p.date == today), None) or whole(reading, said)
    undated = next((p for p in sums if p.date is None and p.told != "bare"), None)
    first = (made or undated or Payment(None, None))._replace(date=today)
    later = [p for p in sums if p.date and today and p.date > today]
    return [first, *{(p.amount, p.date): p for p in later}.values()]


def _is_offer(reading: Reading, said: Said) -> bool:
    return not reading.turns[said.turn.index].has("promise", "plan_terms", "recap")


def whole(reading: Reading, said: Sequence[Said]) -> Payment | None:
    """What is owed, as the agent last told it, where all of it was promised."""
    if not any(reading.says(s.turn, ALL_OF_IT) for s in said):
        return None
    told = [s.payments for s in heard(reading, "amount_stated") if s.payments]
    on_file = Payment(reading.call.account.balance, None, currency=reading.currency)
    return told[0][-1] if told else on_file
