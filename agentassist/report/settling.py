"""Whether promises were kept, by the payments that the creditor's own records show. Pure.

A payment counts once, towards the earliest promise that it may be for; a promise that was said
again in a later call, the same sum for the same day, is one promise.
"""

import datetime
from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Literal, TypeAlias

import msgspec

from agentassist.account import Payment

FILE = Path(__file__).with_suffix(".yaml")

Standing: TypeAlias = Literal["kept", "partly", "unpaid", "waiting"]
"""Paid in full, in part, not at all; or not to be told yet from these payments."""


class Promised(msgspec.Struct, frozen=True):
    """A promise of one account."""

    call: str
    number: int
    """Of the call."""
    made: datetime.date
    due: datetime.date
    amount: Decimal
    is_kept: bool = False
    """Already, by other records."""


class Records(msgspec.Struct, frozen=True):
    """The days over which the payments are all there, both included."""

    first: datetime.date
    last: datetime.date


class Settled(msgspec.Struct, frozen=True):
    """What became of a promise."""

    promise: Promised
    standing: Standing
    paid: Decimal
    """Of its amount, in its time."""


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    grace_days: int


@cache
def grace() -> datetime.timedelta:
    """How long after its day a payment may come, by the file."""
    import yaml

    return datetime.timedelta(
        days=msgspec.convert(yaml.safe_load(FILE.read_bytes()), _File).grace_days
    )


def settled(
    promises: Iterable[Promised],
    payments: Iterable[Payment],
    records: Records,
    grace: datetime.timedelta,
) -> Iterator[Settled]:
    """What became of one account's promises, the earliest due first.

    One that was not paid in full is told so only where the records reach over its whole time.
    """
    in_order = sorted(payments, key=_day)
    left = [payment.amount for payment in in_order]
    for (due, amount), same in groupby(sorted(promises, key=_said), key=_said):
        again = list(same)
        made = min(promise.made for promise in again)
        inside = [n for n, each in enumerate(in_order) if made <= each.date <= due + grace]
        paid = _taken(left, inside, amount)
        is_covered = records.first <= made and due + grace <= records.last
        for promise in again:
            is_kept = promise.is_kept or paid >= amount
            told = _standing(paid, is_kept=is_kept, is_covered=is_covered)
            yield Settled(promise, told, paid)


def _day(payment: Payment) -> datetime.date:
    return payment.date


def _said(promise: Promised) -> tuple[datetime.date, Decimal]:
    return promise.due, promise.amount


def _standing(paid: Decimal, *, is_kept: bool, is_covered: bool) -> Standing:
    if is_kept:
        return "kept"
    if not is_covered:
        return "waiting"
    return "partly" if paid > 0 else "unpaid"


def _taken(left: list[Decimal], places: Iterable[int], amount: Decimal) -> Decimal:
    """Takes up to the amount from what is left of the payments at these places."""
    paid = Decimal(0)
    for place in places:
        taken = min(left[place], amount - paid)
        left[place] -= taken
        paid += taken
    return paid
