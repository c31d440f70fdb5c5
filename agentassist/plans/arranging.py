"""What an agent draws up: instalments, a settlement, a part payment, each checked by limits."""

import datetime
from decimal import ROUND_UP, Decimal

from msgspec.structs import replace

from agentassist.arrangement import Arrangement, Instalment, MeansLine
from agentassist.entities.currencies import smallest
from agentassist.plans.checking import outside
from agentassist.plans.limits import NO_LIMITS, Limits
from agentassist.plans.schedule import PlanError, by_amount, by_length, repeated
from agentassist.values import Value
from agentassist.vocabulary import ArrangementKind, Frequency


class Terms(Value, frozen=True):
    """What an arrangement is reckoned from. `amount` or `instalments` may be left out of a plan."""

    kind: ArrangementKind
    balance: Decimal
    first_date: datetime.date
    frequency: Frequency = "monthly"
    amount: Decimal | None = None
    """An instalment of a plan; of a settlement the sum in all; one payment of a part."""
    instalments: int | None = None
    share: Decimal | None = None
    """A settlement as a part of the balance, 0 to 1, in place of `amount`."""
    down: Decimal | None = None
    """What is paid today."""
    today: datetime.date | None = None
    currency: str | None = None
    means: tuple[MeansLine, ...] = ()


def arrangement(terms: Terms, limits: Limits = NO_LIMITS) -> Arrangement:
    """The arrangement with its schedule, and the limits that it is outside of. Raises PlanError."""
    if terms.today and terms.first_date < terms.today:
        raise PlanError("first date: that day is over; say a later one")
    down = _down(terms)
    make = {"plan": _plan, "settlement": _settlement, "partial": _partial}[terms.kind]
    payments, written_off, left_owing = make(terms, down.amount if down else Decimal(0))
    drawn = Arrangement(
        terms.kind,
        terms.balance,
        payments,
        written_off,
        left_owing,
        terms.currency,
        terms.frequency if len(payments) > 1 else None,
        down,
        means=terms.means,
    )
    return replace(drawn, outside=outside(drawn, limits))


_Made = tuple[tuple[Instalment, ...], Decimal, Decimal]
"""Payments, what is written off, what is left owing."""

_NOTHING = Decimal(0)


def _plan(terms: Terms, down: Decimal) -> _Made:
    rest = terms.balance - down
    if rest <= 0:
        raise PlanError("today: that clears the balance; no plan is left to make")
    how = (terms.frequency, terms.first_date, terms.currency)
    if (terms.amount is None) == (terms.instalments is None):
        raise PlanError("plan: say the amount of a payment, or the number of payments")
    if terms.amount is not None:
        return by_amount(rest, terms.amount, *how), _NOTHING, _NOTHING
    assert terms.instalments is not None
    return by_length(rest, terms.instalments, *how), _NOTHING, _NOTHING


def _settlement(terms: Terms, down: Decimal) -> _Made:
    amount = _settled(terms)
    if amount >= terms.balance:
        raise PlanError("settlement: that is no less than the balance; make it a plan")
    if amount <= down:
        raise PlanError("settlement: the payment of today is as much already")
    how = (terms.frequency, terms.first_date, terms.currency)
    payments = by_length(amount - down, terms.instalments or 1, *how)
    return payments, terms.balance - amount, _NOTHING


def _settled(terms: Terms) -> Decimal:
    if terms.share is not None:
        if not 0 < terms.share < 1:
            raise PlanError("settlement: say a part of the balance from 1% to 99%")
        return (terms.balance * terms.share).quantize(smallest(terms.currency), ROUND_UP)
    if terms.amount is None:
        raise PlanError("settlement: say the sum that settles the debt, or a percentage")
    return terms.amount


def _partial(terms: Terms, down: Decimal) -> _Made:
    if terms.amount is None:
        raise PlanError("part payment: say its amount")
    how = (terms.frequency, terms.first_date, terms.currency)
    payments = repeated(terms.amount, terms.instalments or 1, *how)
    left = terms.balance - down - sum((payment.amount for payment in payments), _NOTHING)
    if left <= 0:
        raise PlanError("part payment: that clears the balance; make it a plan")
    return payments, _NOTHING, left


def _down(terms: Terms) -> Instalment | None:
    if not terms.down:
        return None
    if terms.today is None:
        raise PlanError("today: the day of the call is not known")
    (down,) = repeated(terms.down, 1, "monthly", terms.today, terms.currency)
    return down
