"""Which sum was meant, where its words say several things: read by the bargain around it."""

import math
from decimal import Decimal
from statistics import median

from agentassist.note.reading import Reading
from agentassist.note.told import Payment, heard, said
from agentassist.values import Turn

NEARBY = 6
"""Turns around a short sum in which it may be said in full."""

SHORT = Decimal(100)
"""A bare sum below this may be short for hundreds or thousands."""

BARGAIN = 12
"""Turns within which sums belong to one bargain."""

FAR = 10
"""Times a sum by which the others of a bargain are of another order."""


def meant(reading: Reading, payment: Payment) -> Payment:
    """The payment with the sum that was meant."""
    return _in_full(reading, _as_meant(reading, payment))


def _in_full(reading: Reading, payment: Payment) -> Payment:
    """The sum as it was said in full nearby: "forty-five" of "forty-five thousand"."""
    if payment.told != "bare" or payment.turn is None or payment.amount is None:
        return payment
    begin = max(0, payment.turn.index - NEARBY)
    near = reading.turns[begin : payment.turn.index + NEARBY]
    known = {amount for labelled in near for amount in said(reading, labelled.turn).sums}
    if payment.amount >= SHORT:
        return payment
    whole = next((x for x in (payment.amount * 1000, payment.amount * 100) if x in known), None)
    return payment._replace(amount=whole) if whole else payment


def _as_meant(reading: Reading, payment: Payment) -> Payment:
    """Of the readings of "ten-fifty" the one that is near to the other sums of the bargain.

    "Twenty-three fifty" is plainly 23.50, unless two thousand and more is bargained about.
    """
    money, turn = payment.money, payment.turn
    if money is None or turn is None:
        return payment
    middle = _middle(reading, turn)
    readings = (money.amount, *money.others)
    if money.told == "bare" and money.amount % 1 and money.amount * FAR < middle:
        readings = (*readings, money.amount * 100)
    if len(readings) == 1 or not middle:
        return payment
    return payment._replace(amount=min(readings, key=lambda x: abs(math.log(x / middle))))


def _middle(reading: Reading, turn: Turn) -> Decimal:
    """The middle one of the sums that are bargained about near the turn; 0 where there is none."""
    near = [
        money.amount
        for said in heard(reading, "offer", "options", "plan_terms", "promise", "recap")
        for money in said.stated
        if not money.others and money.amount >= 1 and abs(said.turn.index - turn.index) <= BARGAIN
    ]
    return median(near) if near else Decimal(0)
