"""The organisation's limits of arrangements, as its settings tell them."""

from decimal import Decimal

import msgspec


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """None where the organisation sets none. Sums are of the account's currency."""

    longest_months: int | None = None
    least_instalment: Decimal | None = None
    lowest_settlement: Decimal | None = None
    """The part of the balance that a settlement must come to, 0 to 1."""
    partial_least: Decimal | None = None
    """The least that a part payment must come to in all."""
    share_of_spare: Decimal = Decimal("0.5")
    """The part of what a person has left over, 0 to 1, that a proposal may take. Half leaves
    room for what no budget foresees; an organisation's own standard stands in the settings."""


NO_LIMITS = Limits()
