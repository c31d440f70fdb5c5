"""Sums, days, times and codes as the note writes them."""

import datetime
from decimal import Decimal

from agentassist.entities.reckoning import MONTH_NAMES, WEEKDAY_NAMES
from agentassist.values import Plan, Promise
from agentassist.vocabulary import Outcome

_SIGNS = {"GBP": "£", "USD": "$", "EUR": "€", "INR": "₹"}

OUTCOMES: dict[Outcome, str] = {
    "paid_now": "paid during the call",
    "promise_to_pay": "promise to pay",
    "payment_plan": "payment plan agreed",
    "settlement": "settlement agreed",
    "hardship_hold": "on hold because of hardship",
    "dispute": "disputed",
    "refused": "refused",
    "callback": "to be called back",
    "wrong_party": "wrong person",
    "cease_contact": "asked for contact to stop",
    "represented": "represented by someone else",
    "escalated": "passed on",
    "no_resolution": "no resolution",
}
CEASE = {
    "all": "any contact",
    "work": "contact at work",
    "phone": "phone calls",
    "evening": "contact in the evening",
    "letter": "letters",
    "third_party": "contact with other people",
    "text": "text messages",
    "email": "e-mails",
}


def told(code: str) -> str:
    """A code as words: `reduced_hours` as "reduced hours"."""
    return code.replace("_", " ")


def sum_of(amount: Decimal, currency: str | None) -> str:
    """As "£1,250.00", "AUD 40.00"; the bare sum where the currency is not known."""
    number = f"{amount:,.2f}"
    if currency is None:
        return number
    return f"{_SIGNS[currency]}{number}" if currency in _SIGNS else f"{currency} {number}"


def day(date: datetime.date) -> str:
    """As "Friday 27 March 2026"."""
    weekday, month = WEEKDAY_NAMES[date.weekday()], MONTH_NAMES[date.month - 1]
    return f"{weekday} {date.day} {month} {date.year}"


def moment(iso: str) -> str:
    """An ISO date or date-time as words."""
    at = datetime.datetime.fromisoformat(iso)
    return f"{day(at.date())}, {at:%H:%M}" if "T" in iso else day(at.date())


def clock(seconds: float) -> str:
    """Seconds of the call as "2:05"."""
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes}:{rest:02d}"


def promise(value: Promise) -> str:
    """As "£40.00 on Friday 27 March 2026", with what was not said left out."""
    amount = sum_of(value.amount, value.currency) if value.amount is not None else "a sum not told"
    return f"{amount} on {day(value.date)}" if value.date else f"{amount}, day not told"


def plan(value: Plan) -> str:
    """As "£40.00 monthly, first on Friday 27 March 2026, 12 payments"."""
    amount = sum_of(value.amount, value.currency) if value.amount is not None else "a sum not told"
    parts = [f"{amount} {value.frequency}" if value.frequency else amount]
    if value.first_date:
        parts.append(f"first on {day(value.first_date)}")
    if value.instalments:
        parts.append(f"{value.instalments} payments")
    return ", ".join(parts)
