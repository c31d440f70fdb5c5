"""What the call and the account tell of a plan so far: where the plan sheet begins.

Each figure says where it comes from, so that the agent can trust it or not.
"""

import datetime
from decimal import Decimal
from typing import NamedTuple

from agentassist.call import Call
from agentassist.note.payments import owed
from agentassist.note.reading import Reading
from agentassist.note.told import Said, heard
from agentassist.note.words import clock
from agentassist.plans.schedule import next_pay_day
from agentassist.plans.told import told_means
from agentassist.vocabulary import Frequency


class Opening(NamedTuple):
    """Figures to begin with; None where nothing tells them. `…_from` says what told them."""

    today: datetime.date
    currency: str | None = None
    balance: Decimal | None = None
    balance_from: str = ""
    amount: Decimal | None = None
    instalments: int | None = None
    amount_from: str = ""
    frequency: Frequency | None = None
    first_date: datetime.date | None = None
    first_from: str = ""


def opening(call: Call, today: datetime.date) -> Opening:
    """From the account first, else as the agent told it; the offer is the caller's last.

    `today` is the day of the call where the source does not tell it.
    """
    reading = Reading(call, {})
    day = reading.date or today
    account = call.account
    offers = [*heard(reading, "promise"), *heard(reading, "offer")]
    offers = sorted(offers, key=lambda said: said.turn.index, reverse=True)
    balance = account.balance if account.balance is not None else owed(reading)
    on_file = "on file" if account.balance is not None else "as you told it"
    first, first_from = _first_date(call, offers, day)
    told, amount = _offer(call, offers, balance)
    count = told.instalments if told and amount is None else None
    rated = next((said.frequency for said in offers if said.frequency), None)
    currency = account.currency or next(
        (m.currency for said in offers for m in said.stated if m.currency), None
    )
    return Opening(
        day,
        currency,
        balance,
        on_file if balance is not None else "",
        amount,
        count,
        _at(told),
        rated or account.paid,
        first,
        first_from,
    )


def _offer(
    call: Call, offers: list[Said], balance: Decimal | None
) -> tuple[Said | None, Decimal | None]:
    """The last turn that offers a sum or a length, and its sum.

    What they live on is no offer, and neither is what is more than is owed.
    """
    means = {(told.line.turn, told.line.amount) for told in told_means(call)}
    for said in offers:
        sums = [payment.amount for payment in said.payments if payment.amount]
        sums = [x for x in sums if (said.turn.index, x) not in means]
        sums = [x for x in sums if balance is None or x <= balance]
        if sums or said.instalments:
            return said, next(iter(sums), None)
    return None, None


def _first_date(
    call: Call, offers: list[Said], today: datetime.date
) -> tuple[datetime.date | None, str]:
    """As the caller offered it; else their next pay day from tomorrow on."""
    tomorrow = today + datetime.timedelta(1)
    for said in offers:
        days = [day.date for day in (*said.starts, *said.days) if day.date >= today]
        if days:
            return days[0], _at(said)
    pay_day = next_pay_day(call.account.pay_day, call.account.paid, tomorrow)
    return pay_day, "their pay day" if pay_day else ""


def _at(said: Said | None) -> str:
    return f"offered {clock(said.turn.start)}" if said else ""
