"""What an agent draws up on the plan sheet: payments by day and sum, as frozen values."""

import datetime
from decimal import Decimal

from agentassist.account import Record
from agentassist.vocabulary import ArrangementKind, Frequency, MeansKind


class Instalment(Record, frozen=True):
    """One payment of an arrangement."""

    date: datetime.date
    amount: Decimal


class MeansLine(Record, frozen=True):
    """A sum that the caller offered to tell of: what comes in, what goes out, what is left."""

    kind: MeansKind
    words: str
    """What it is, in their words or the agent's, as `rent`."""
    amount: Decimal
    frequency: Frequency | None = None
    """None where it was not said: the sum is then not reckoned with."""
    turn: int | None = None


class Arrangement(Record, frozen=True):
    """What the agent drew up on the plan sheet: a proposal, and nobody's promise.

    All sums and `written_off`, `left_owing` add up to `balance`.
    """

    kind: ArrangementKind
    balance: Decimal
    payments: tuple[Instalment, ...]
    """In order of their days; a payment made at once is in `down`."""
    written_off: Decimal
    left_owing: Decimal
    currency: str | None = None
    frequency: Frequency | None = None
    """None where there is one payment."""
    down: Instalment | None = None
    """What is paid on the day of the call."""
    outside: tuple[str, ...] = ()
    """The organisation's limits that it does not keep, in words."""
    means: tuple[MeansLine, ...] = ()

    @property
    def schedule(self) -> tuple[tuple[datetime.date, Decimal], ...]:
        """All its payments, that of today too, in order."""
        first = (self.down,) if self.down else ()
        return tuple((payment.date, payment.amount) for payment in (*first, *self.payments))

    @property
    def total(self) -> Decimal:
        """What all its payments come to."""
        return sum((amount for _, amount in self.schedule), Decimal(0))
