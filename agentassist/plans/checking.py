"""An arrangement against the limits: outside them it is shown and told so, never changed."""

from collections.abc import Iterator
from decimal import ROUND_UP, Decimal

from agentassist.arrangement import Arrangement
from agentassist.entities.currencies import smallest
from agentassist.note.words import sum_of
from agentassist.plans.limits import Limits
from agentassist.plans.schedule import months


def outside(drawn: Arrangement, limits: Limits) -> tuple[str, ...]:
    """Each limit that it does not keep, and by how much, as "lasts 2 months longer than 12"."""
    return tuple(_outside(drawn, limits))


def _outside(drawn: Arrangement, limits: Limits) -> Iterator[str]:
    paid = drawn.total
    if drawn.payments and limits.longest_months is not None:
        takes = months(drawn.payments[0].date, drawn.payments[-1].date)
        if (more := takes - limits.longest_months) > 0:
            longer = "1 month" if more == 1 else f"{more} months"
            yield f"lasts {longer} longer than the {limits.longest_months} allowed"
    if drawn.kind == "plan" and limits.least_instalment is not None:
        each = drawn.payments[0].amount
        if each < limits.least_instalment and len(drawn.payments) > 1:
            yield _short("each payment", each, limits.least_instalment, drawn)
    if drawn.kind == "settlement" and limits.lowest_settlement is not None:
        lowest = lowest_settlement(drawn.balance, limits.lowest_settlement, drawn.currency)
        if paid < lowest:
            yield _short("the settlement", paid, lowest, drawn)
    if drawn.kind == "partial" and limits.partial_least is not None and paid < limits.partial_least:
        yield _short("the part payment", paid, limits.partial_least, drawn)


def lowest_settlement(balance: Decimal, share: Decimal, currency: str | None) -> Decimal:
    """The smallest sum that is no less than that part of the balance."""
    return (balance * share).quantize(smallest(currency), ROUND_UP)


def _short(what: str, amount: Decimal, least: Decimal, drawn: Arrangement) -> str:
    by, of = (sum_of(x, drawn.currency) for x in (least - amount, least))
    return f"{what} is {by} below the least allowed, {of}"
