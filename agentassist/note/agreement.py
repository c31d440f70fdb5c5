"""What the caller committed to: a regular plan, or single payments, from the turns that stand.

The agent's last terms or summing-up tell it most fully; what they leave out is taken from the
caller's promise, and then from the offer.
"""

import datetime
from typing import NamedTuple

from agentassist.note.payments import Payment, Said, heard, is_paid, single_payments
from agentassist.note.reading import Reading
from agentassist.values import Plan, Promise, Turn
from agentassist.vocabulary import Frequency


class Agreement(NamedTuple):
    """What stands at the end of the call."""

    promises: tuple[Promise, ...] = ()
    plan: Plan | None = None
    turns: tuple[Turn, ...] = ()
    """The turns that it was read from, in order."""


NOTHING = Agreement()


def agreement(reading: Reading) -> Agreement:
    """The promise and plan that stand; nothing where none was made or it was taken back."""
    given = _given(reading)
    if given < 0 or reading.last("refusal") > given:
        return NOTHING
    terms = heard(reading, "plan_terms", "recap")
    said = (*terms, *heard(reading, "promise"), *heard(reading, "offer"))
    plan = _plan(reading, terms, said)
    payments = _of_plan(reading, plan, terms) if plan else single_payments(reading, said)
    turns = {source.turn.index: source.turn for source in said}
    return Agreement(
        tuple(Promise(p.amount, reading.currency or p.currency, p.date) for p in payments),
        plan,
        tuple(turns[index] for index in sorted(turns)),
    )


def _given(reading: Reading) -> int:
    """The turn that makes it an agreement: the caller's word, or terms that the agent sums up."""
    summed = [t.turn.index for t in reading.having("recap") if t.has("plan_terms")]
    return max(reading.last("promise"), *summed, -1)


def _plan(reading: Reading, terms: tuple[Said, ...], said: tuple[Said, ...]) -> Plan | None:
    """A plan, where it is told how often it is paid, or how many times of three and more."""
    agreed = [s for s in terms if reading.turns[s.turn.index].has("plan_terms")]
    if not agreed:
        return None
    count = next((s.instalments for s in terms if s.instalments), None)
    frequency = _frequency(said, count)
    if frequency is None:
        return None
    money = _amount(terms, agreed, said)
    return Plan(
        money.amount if money else None,
        reading.currency or (money.currency if money else None),
        frequency,
        _first_day(said),
        count,
    )


def _frequency(said: tuple[Said, ...], count: int | None) -> Frequency | None:
    told = next((s.frequency for s in said if s.frequency), None)
    return told or ("monthly" if count and count >= 3 else None)


def _amount(terms: tuple[Said, ...], agreed: list[Said], said: tuple[Said, ...]) -> Payment | None:
    """The instalment: the sum that has a rate, else the one named or dated, else any."""
    rated = [p for s in terms for p in s.payments if p.told == "rated"]
    named = [p for s in agreed for p in s.payments if p.told == "named"]
    dated = [p for s in agreed for p in s.payments if p.date]
    others = [p for s in (*agreed, *said) for p in s.payments]
    return next(iter((*rated, *named, *dated, *others)), None)


def _first_day(said: tuple[Said, ...]) -> datetime.date | None:
    """The day on which a plan begins: one said to be the start, else exact, else any."""
    days = [day for s in said for day in s.days]
    begins = [day for s in said for day in s.starts]
    exact = [day for day in days if day.exact]
    return next((day.date for day in (*begins, *exact, *days)), None)


def _of_plan(reading: Reading, plan: Plan, terms: tuple[Said, ...]) -> list[Payment]:
    """The plan's first payment, after one that was made today."""
    today = [p for s in terms for p in s.payments if p.date and p.date == reading.date]
    first = Payment(plan.amount, plan.first_date, currency=plan.currency)
    if today and plan.first_date != reading.date and is_paid(reading):
        return [today[0], first]
    return [first]
