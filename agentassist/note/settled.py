"""Whether what was agreed settles the debt for less than is owed, and what is written off."""

from decimal import Decimal

from agentassist.note.reading import Reading
from agentassist.note.told import heard, said
from agentassist.values import Plan, Promise, Settlement

ROUNDING = Decimal(1)
"""What the instalments of a plan may fall short of the balance by, through rounding alone."""


def settlement(
    reading: Reading, promises: tuple[Promise, ...], plan: Plan | None
) -> Settlement | None:
    """The sum that ends the debt, where it is less than is owed and the agent says so."""
    sums = [p.amount for p in promises if p.amount is not None]
    if plan:
        sums = [plan.total] if plan.total is not None else []
    total = sum(sums, Decimal(0))
    stated = [{m.amount for m in s.stated} for s in heard(reading, "amount_stated")]
    balance = reading.call.account.balance or max(
        (x for found in stated for x in found), default=None
    )
    if not sums or (balance is not None and total >= balance - ROUNDING):
        return None
    # What is told as the sum owed, as after a fee was taken off, is no smaller sum.
    code = "settled_for_less" if any(total in found for found in stated) else "settled"
    given = reading.last("promise")
    close = (t for t in reading.by("agent") if t.index > given or said(reading, t).sums & set(sums))
    if not any(reading.says(turn, code) for turn in close):
        return None
    written_off = balance - total if balance is not None else None
    return Settlement(total, promises[0].currency, written_off)
