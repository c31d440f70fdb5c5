"""A balance in instalments, by amount or by length, to the last penny.

A day of the month that a month lacks is that month's last: the 31st of January, the 28th of
February, the 31st of March.
"""

import datetime
from decimal import ROUND_DOWN, Decimal

from dateutil.relativedelta import relativedelta

from agentassist.arrangement import Instalment
from agentassist.entities.currencies import decimals, smallest
from agentassist.errors import MendableError
from agentassist.vocabulary import Frequency

PENNIES = Decimal("0.2")
"""A last payment below this part of an instalment is added to the one before it."""

LARGEST = Decimal(10) ** 12
"""Far above any debt of a person, in any currency."""

MOST = 1200
"""Payments that a schedule may have: a hundred years of months."""

_STEPS: dict[Frequency, relativedelta] = {
    "weekly": relativedelta(weeks=1),
    "fortnightly": relativedelta(weeks=2),
    "monthly": relativedelta(months=1),
}


class PlanError(MendableError):
    """Figures that make no arrangement: what is wrong with them, and what would be right."""


def by_amount(
    balance: Decimal,
    amount: Decimal,
    frequency: Frequency,
    first_date: datetime.date,
    currency: str | None = None,
) -> tuple[Instalment, ...]:
    """Payments of `amount` until `balance` is cleared; the last takes what is left.

    The last is never pennies and never more than is owed. Raises PlanError.
    """
    balance = _checked(balance, "balance", currency)
    amount = _checked(amount, "amount", currency)
    count = int(balance // amount)
    if count > MOST:
        raise PlanError(f"amount: that would be more than {MOST} payments; name a larger one")
    rest = balance - count * amount
    if count == 0 or rest >= amount * PENNIES:
        sums = [amount] * count + [rest]
    else:
        sums = [amount] * (count - 1) + [amount + rest]
    return _dated(sums, frequency, first_date)


def by_length(
    balance: Decimal,
    instalments: int,
    frequency: Frequency,
    first_date: datetime.date,
    currency: str | None = None,
) -> tuple[Instalment, ...]:
    """So many equal payments that clear `balance`; the last takes what rounding leaves.

    Raises PlanError.
    """
    balance = _checked(balance, "balance", currency)
    if not 1 <= instalments <= MOST:
        raise PlanError(f"payments: say a number from 1 to {MOST}")
    unit = smallest(currency)
    each = (balance / instalments).quantize(unit, ROUND_DOWN)
    if not each:
        raise PlanError(f"payments: the balance can't be shared out into {instalments}; say fewer")
    return _dated(
        [each] * (instalments - 1) + [balance - each * (instalments - 1)], frequency, first_date
    )


def repeated(
    amount: Decimal,
    instalments: int,
    frequency: Frequency,
    first_date: datetime.date,
    currency: str | None = None,
) -> tuple[Instalment, ...]:
    """The same sum so many times, whatever that leaves owing. Raises PlanError."""
    amount = _checked(amount, "amount", currency)
    if not 1 <= instalments <= MOST:
        raise PlanError(f"payments: say a number from 1 to {MOST}")
    return _dated([amount] * instalments, frequency, first_date)


def dates(first_date: datetime.date, frequency: Frequency, count: int) -> tuple[datetime.date, ...]:
    """So many days of payment, each reckoned from the first. Raises PlanError."""
    step = _STEPS[frequency]
    try:
        return tuple(first_date + step * place for place in range(count))
    except (OverflowError, ValueError):
        raise PlanError("first date: the last payment would lie beyond the calendar") from None


def next_pay_day(
    pay_day: datetime.date | None, paid: Frequency | None, earliest: datetime.date
) -> datetime.date | None:
    """The first day on which they are paid, from `earliest` on; None where that can't be told."""
    if pay_day is None or pay_day >= earliest:
        return pay_day
    if paid is None:
        return None
    step = _STEPS[paid]
    # Days between pay days are 31 at most, so the estimate is never too late.
    place = (earliest - pay_day).days // (step.days or 31)
    while (day := pay_day + step * place) < earliest:
        place += 1
    return day


def months(first: datetime.date, last: datetime.date) -> int:
    """The months that payments from `first` to `last` take: twelve monthly ones take twelve."""
    apart = (last.year - first.year) * 12 + last.month - first.month
    return apart + (first + relativedelta(months=apart) <= last)


def _dated(
    sums: list[Decimal], frequency: Frequency, first_date: datetime.date
) -> tuple[Instalment, ...]:
    days = dates(first_date, frequency, len(sums))
    return tuple(Instalment(day, amount) for day, amount in zip(days, sums, strict=True))


def _checked(amount: Decimal, name: str, currency: str | None) -> Decimal:
    """The same sum, written with the currency's own decimals."""
    if not amount.is_finite() or not 0 < amount < LARGEST:
        raise PlanError(f"{name}: say a sum above nothing and below {LARGEST:,}")
    if round(amount, decimals(currency)) != amount:
        raise PlanError(
            f"{name}: {currency or 'the currency'} has no sum below {smallest(currency)}"
        )
    return amount.quantize(smallest(currency))
