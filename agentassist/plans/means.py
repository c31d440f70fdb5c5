"""What a person has left over in a month, from what they told, and what a plan takes of it."""

from collections.abc import Iterable
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from typing import NamedTuple

from agentassist.arrangement import Arrangement, MeansLine
from agentassist.entities.currencies import smallest
from agentassist.vocabulary import Frequency, MeansKind

PAYMENTS_A_YEAR: dict[Frequency, int] = {"weekly": 52, "fortnightly": 26, "monthly": 12}


class Budget(NamedTuple):
    """Sums a month. None where nothing of the kind was told."""

    income: Decimal | None
    outgoings: Decimal | None
    spare: Decimal | None
    """What is left over: as they reckon it themselves, else what comes in less what goes out;
    None unless both were told."""


class Burden(NamedTuple):
    """What an arrangement takes of what is left over, sums a month."""

    taken: Decimal
    spare: Decimal
    share: Decimal
    """What may be taken of it by the organisation's setting."""

    @property
    def is_kept(self) -> bool:
        """Whether it stays within what may be taken."""
        return self.taken <= self.share


def monthly(amount: Decimal, frequency: Frequency, currency: str | None = None) -> Decimal:
    """What so much so often comes to in a month, a twelfth of the year's."""
    return _a_month(amount, frequency).quantize(smallest(currency), ROUND_HALF_UP)


def budget(lines: Iterable[MeansLine], currency: str | None = None) -> Budget:
    """The month's sums; lines of which it was not said how often are left out."""
    sums: dict[MeansKind, Decimal] = {}
    for line in lines:
        if line.frequency:
            a_month = monthly(line.amount, line.frequency, currency)
            sums[line.kind] = sums.get(line.kind, Decimal(0)) + a_month
    income, outgoings = sums.get("income"), sums.get("outgoing")
    reckoned = None if income is None or outgoings is None else income - outgoings
    return Budget(income, outgoings, sums.get("spare", reckoned))


def proposal(
    spare: Decimal, share: Decimal, frequency: Frequency, currency: str | None = None
) -> Decimal | None:
    """An instalment that takes no more than `share` of what is left over; None where none can.

    In whole units of the currency where it is more than one: people remember those.
    """
    each = spare * share * 12 / PAYMENTS_A_YEAR[frequency]
    whole = Decimal(1) if each >= 1 else smallest(currency)
    offered = each.quantize(whole, ROUND_DOWN)
    return offered if offered > 0 else None


def burden(drawn: Arrangement, known: Budget, share: Decimal) -> Burden | None:
    """What its regular payments take, or one payment by itself; None where means are not known."""
    if known.spare is None:
        return None
    each = drawn.payments[0].amount
    taken = _a_month(each, drawn.frequency) if drawn.frequency else each
    unit = smallest(drawn.currency)
    return Burden(
        taken.quantize(unit, ROUND_HALF_UP),
        known.spare,
        (max(known.spare, Decimal(0)) * share).quantize(unit, ROUND_HALF_UP),
    )


def _a_month(amount: Decimal, frequency: Frequency) -> Decimal:
    return amount * PAYMENTS_A_YEAR[frequency] / 12
