"""People's figures side by side: only where their organisation turned that on.

What a coach hears is for coaching. Where it decides on pay or discipline, people stop disputing
cues, sharing moments and asking for help, and the figures stop telling anything.
"""

import datetime
from collections.abc import Mapping

import msgspec

from agentassist.report.figures import Name, Period, Sums, estimate


class Policy(msgspec.Struct, frozen=True):
    """Whether comparing is on, and who turned it on or off; nobody did where `by` is empty."""

    is_on: bool = False
    why: str = ""
    by: str = ""
    at: datetime.datetime | None = None
    """Aware."""


class Comparison(msgspec.Struct, frozen=True):
    """Agents side by side, in the order that they are shown in."""

    whose: str
    asked: Period
    policy: Policy
    rows: tuple[tuple[str, Sums], ...]
    order: Name | None = None
    """What they were to be ordered by."""
    is_ordered: bool = False
    """Whether they are: numbers that are too small to tell order nobody."""


def comparison(
    whose: str, asked: Period, policy: Policy, found: Mapping[str, Sums], order: Name | None
) -> Comparison:
    """By that figure, the highest first, where each of them is large enough; else by name."""
    rows = sorted(found.items())
    is_ordered = order is not None and all(_tells(order, sums) for _, sums in rows)
    if order and is_ordered:
        rows.sort(key=lambda row: estimate(order, row[1]).value or 0.0, reverse=True)
    return Comparison(whose, asked, policy, tuple(rows), order, is_ordered)


def _tells(name: Name, sums: Sums) -> bool:
    return not estimate(name, sums).is_small
