"""Sums and days of the turns that tell an agreement, put together to payments."""

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
    r"\b(?:start|starts|starting|begin|begins|beginning|first(?: \w+)?|from)(?: on| from)?,?"
    r" (?:the )?$",
    re.IGNORECASE,
)
_LEFT = re.compile(
    r"\b(?:leav(?:es|ing)|left(?: is|'s)?|remaining|remainder(?: is)?|still|balance(?: of| is)?"
    r"|instead of|not|after that|owing|rather than|out of|of the|less|minus)(?: \w+){0,2}\W*$",
    re.IGNORECASE,
)
"""Before a sum, it is what remains or what was before, not what is paid."""


_CANNOT = re.compile(r",? (?:i|we) (?:can't|cannot|couldn't|won't|don't)\b", re.IGNORECASE)

SOON = 3
"""Turns before the last promise within which terms were agreed by it."""


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
    sums = entities.money(turn.text, reading.currency, bare=True)
    paid = tuple(money for money in sums if not _LEFT.search(turn.text[: money.start]))
    return Said(
        turn,
        tuple(_payments(turn, paid, days)),
        days,
        tuple(day for day in days if _BEGINS.search(turn.text[: day.start])),
        frequency,
        counts[0].instalments if counts else None,
        sums,
    )


def _is_ruled_out(text: str, rate: Rate) -> bool:
    """As in "monthly I can't"."""
    return _CANNOT.match(text, rate.end) is not None


def _payments(turn: Turn, sums: Sequence[Money], days: Sequence[Day]) -> Iterator[Payment]:
    """Each sum with its day. A bare day after an earlier payment's lies after it."""
    free, last = list(days), None
    for place, money in enumerate(sums):
        until = sums[place + 1].start if place + 1 < len(sums) else len(turn.text)
        paid = Payment(money.amount, None, money.told, money.currency, money, turn=turn)
        day = _nearest(money, free, until)
        if day is None:
            yield paid
            continue
        free.remove(day)
        date = day.date
        if last and date < last and not _names_month(turn.text, day):
            date = next_day(date.day, last) or date
        last = date
        yield paid._replace(date=date, day=day._replace(date=date), day_turn=turn)


def _nearest(money: Money, days: Sequence[Day], until: int) -> Day | None:
    """The day said nearest to the sum, after it or before, but not past the next sum."""

    def distance(day: Day) -> int:
        return day.start - money.end if day.start >= money.end else money.start - day.end + 8

    near = [day for day in days if day.end <= money.start or money.end <= day.start < until]
    return min(near, key=distance, default=None)


def _names_month(text: str, day: Day) -> bool:
    return any(token.text in MONTHS for token in tokens(text[day.start : day.end]))


def single_payments(reading: Reading, told: Sequence[Said]) -> list[Payment]:
    """Payments that are no plan: the dated sums of the fullest turn, or the best of all turns."""
    if is_paid(reading):
        return _paid(reading, told)
    for source in told:
        if dated := [payment for payment in source.payments if payment.date]:
            return _without_repeats(dated)
    best = next((s.payments[-1] for s in told if s.payments), None) or whole(reading, told)
    dated_turn = next((s for s in told if s.days), None)
    day = dated_turn.days[0] if dated_turn else None
    return [
        (best or NO_PAYMENT)._replace(
            date=day.date if day else None,
            day=day,
            day_turn=dated_turn.turn if dated_turn else None,
        )
    ]


def _without_repeats(payments: list[Payment]) -> list[Payment]:
    return list({(p.amount, p.date): p for p in payments}.values())


def is_paid(reading: Reading) -> bool:
    """Whether the agent saw a payment come in that was promised for now."""
    return receipt(reading) is not None


def receipt(reading: Reading) -> Turn | None:
    """The agent's turn that tells of a payment gone through.

    After a promise to pay now many words tell it; without one, only those that say nothing else,
    in the second half of the call.
    """
    now = [s for s in heard(reading, "promise") if _is_for_now(s, reading)]
    first = now[-1].turn.index if now else len(reading.turns)
    half = len(reading.turns) // 2
    for turn in reading.by("agent"):
        if reading.turns[turn.index].has("plan_terms"):
            continue
        plain = reading.says(turn, "gone_through") and turn.index > half
        if plain or (turn.index > first and reading.says(turn, "paid")):
            return turn
    return None


def _is_for_now(promised: Said, reading: Reading) -> bool:
    """A promise without a day, or for today."""
    today = reading.date
    return not promised.days or any(day.date == today for day in promised.days)


def _paid(reading: Reading, told: Sequence[Said]) -> list[Payment]:
    """The payment made in the call, and what was promised for later."""
    today = reading.date
    seen = receipt(reading)
    seen_sums = said(reading, seen).payments if seen else ()
    promised = [p for s in told if not _is_offer(reading, s) for p in s.payments]
    made = (
        next((p for p in seen_sums if p.date in {None, today}), None)
        or next((p for p in _told_paid(reading, seen) if p.date in {None, today}), None)
        or next((p for p in promised if p.date == today), None)
        or whole(reading, told)
        or next((p for p in promised if p.date is None and p.told != "bare"), None)
        or _owed(reading)
    )
    first = (made or NO_PAYMENT)._replace(date=today, day=None, day_turn=None)
    later = [p for p in promised if p.date and today and p.date > today and p.turn is not seen]
    given = reading.last("promise")
    later = [p for p in later if p.turn and _is_promised(reading, p.turn, given)]
    return [first, *_without_repeats(later)]


def _told_paid(reading: Reading, seen: Turn | None) -> list[Payment]:
    """Sums of later turns in which the agent says again that it is paid."""
    later = reading.by("agent", after=seen.index) if seen else ()
    return [p for turn in later if reading.says(turn, "paid") for p in said(reading, turn).payments]


def _is_promised(reading: Reading, turn: Turn, given: int) -> bool:
    """Whether the turn tells a later payment that the caller took on, not the next bill."""
    labelled = reading.turns[turn.index]
    return turn.index > given - SOON and labelled.has("promise", "plan_terms")


def _is_offer(reading: Reading, told: Said) -> bool:
    return not reading.turns[told.turn.index].has("promise", "plan_terms", "recap")


def whole(reading: Reading, told: Sequence[Said]) -> Payment | None:
    """What is owed, as the agent last told it, where all of it was promised."""
    if not any(reading.says(s.turn, "all_of_it") for s in told):
        return None
    return _owed(reading)


def _owed(reading: Reading) -> Payment | None:
    """What is owed, as the agent last told it; else as the account has it."""
    for stated in heard(reading, "amount_stated"):
        if stated.stated:
            money = stated.stated[-1]
            return Payment(money.amount, None, money.told, money.currency, money, turn=stated.turn)
    balance = reading.call.account.balance
    return Payment(balance, None, currency=reading.currency) if balance is not None else None


def owed(reading: Reading) -> Decimal | None:
    """The sum that is owed, told in the call or on the account; None where neither tells."""
    found = _owed(reading)
    return found.amount if found else None
