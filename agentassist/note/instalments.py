"""A regular plan: how much, how often, from which day, how many times, and what is paid today.

Its sum is the one that has a rate, its first day the one that is said to be the start; what the
agent's terms leave out is taken from the promise and the offer.
"""

from decimal import Decimal

from agentassist.note.payments import owed, receipt
from agentassist.note.reading import Reading
from agentassist.note.settled import ROUNDING
from agentassist.note.told import NO_PAYMENT, Payment, Said, heard, said
from agentassist.values import Plan, Turn
from agentassist.vocabulary import Frequency


def plan_of(
    reading: Reading, terms: tuple[Said, ...], told: tuple[Said, ...]
) -> tuple[Plan, Payment] | None:
    """A plan with its first payment, where it is told how often it is paid, or how many times."""
    agreed = [s for s in terms if reading.turns[s.turn.index].has("plan_terms")]
    if not agreed:
        return None
    count = next((s.instalments for s in terms if s.instalments), None)
    frequency = _frequency(reading, terms, told, count)
    if frequency is None:
        return None
    first = _with_first_day(_amount(reading, terms, agreed, told) or NO_PAYMENT, told)
    total = first.amount * count if first.amount is not None and count else None
    return (
        Plan(
            first.amount,
            reading.currency or first.currency,
            frequency,
            first.date,
            count,
            total,
            _covers(total, owed(reading)),
        ),
        first,
    )


def _covers(total: Decimal | None, balance: Decimal | None) -> bool | None:
    """Whether the plan pays what is owed."""
    return None if total is None or balance is None else total >= balance - ROUNDING


def _frequency(
    reading: Reading, terms: tuple[Said, ...], told: tuple[Said, ...], count: int | None
) -> Frequency | None:
    """As the terms or the promise tell it; an offer tells it where its sum was agreed."""
    sums = {amount for s in terms for amount in s.sums}
    named = next(
        (
            s.frequency
            for s in told
            if s.frequency and (s in terms or _is_given(reading, s) or s.sums & sums)
        ),
        None,
    )
    return named or ("monthly" if count and count >= 3 else None)


def _is_given(reading: Reading, told: Said) -> bool:
    return reading.turns[told.turn.index].has("promise")


def _revised(reading: Reading, terms: tuple[Said, ...], rated: list[Payment]) -> Payment | None:
    """The sum that a later word alone names in place of the rated one: "thirty it is"."""
    after = max(p.turn.index for p in rated if p.turn)
    later = [s for s in (*heard(reading, "promise"), *terms) if s.turn.index > after and s.sums]
    last = max(later, key=lambda s: s.turn.index, default=None)
    if last is None or len(last.sums) > 1 or reading.turns[last.turn.index].has("amount_stated"):
        return None
    small = max(p.amount for p in rated if p.amount is not None) * 3
    (amount,) = last.sums
    if amount in {p.amount for s in terms if s.turn.index == after for p in s.payments}:
        return None
    return None if amount > small or amount * 9 < small else last.payments[0]


def _amount(
    reading: Reading, terms: tuple[Said, ...], agreed: list[Said], told: tuple[Said, ...]
) -> Payment | None:
    """The instalment: the sum that has a rate, else the one named or dated, else any."""
    rated = [p for s in terms for p in s.payments if p.told == "rated"]
    if rated and (revised := _revised(reading, terms, rated)):
        return revised
    named = [
        p for s in agreed for p in s.payments if p.told == "named" and not _is_today(reading, p)
    ]
    dated = [p for s in agreed for p in s.payments if p.date]
    dated = [p for p in dated if not _is_today(reading, p)] or dated
    others = [p for s in (*agreed, *told) for p in s.payments]
    return next(iter((*rated, *named, *dated, *others)), None)


def _is_today(reading: Reading, payment: Payment) -> bool:
    return payment.date is not None and payment.date == reading.date


def _with_first_day(first: Payment, told: tuple[Said, ...]) -> Payment:
    """With the day on which the plan begins: one said to be the start, else exact, else any."""
    days = [(day, s.turn) for s in told for day in s.days]
    begins = [(day, s.turn) for s in told for day in s.starts]
    exact = [(day, turn) for day, turn in days if day.exact]
    day, turn = next(iter((*begins, *exact, *days)), (None, None))
    return first._replace(date=day.date if day else None, day=day, day_turn=turn)


def with_todays(
    reading: Reading, plan: Plan, first: Payment, terms: tuple[Said, ...]
) -> list[Payment]:
    """The plan's first payment, after one that was made today."""
    if plan.first_date == reading.date:
        return [first]
    firm = (*terms, *heard(reading, "promise", "offer"))
    seen = receipt(reading)
    summed = firm if seen else terms
    today = [p for s in summed for p in s.payments if p.date and p.date == reading.date]
    now = [p for p in said(reading, seen).payments if p.date is None] if seen else []
    promised = [p for s in heard(reading, "promise") if _is_before(s, seen) for p in s.payments]
    made = next((p for p in (*today, *now, *promised) if p.amount != plan.amount), None)
    return [made._replace(date=reading.date), first] if made else [first]


def _is_before(promised: Said, seen: Turn | None) -> bool:
    return seen is not None and promised.turn.index < seen.index
