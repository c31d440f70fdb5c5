"""Sums, days, times and codes as the note writes them, and the lines that tell its fields."""

import datetime
from decimal import Decimal

from agentassist.entities.currencies import decimals
from agentassist.entities.reckoning import MONTH_NAMES, WEEKDAY_NAMES
from agentassist.values import FollowUp, HandOver, Note, Plan, Promise, Settlement
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
GROUNDS = {
    "not_mine": "the debt is not theirs",
    "paid": "it was paid",
    "amount": "the sum is wrong",
    "not_received": "what was bought was faulty or never came",
    "cancelled": "it was cancelled or given back",
    "proof": "asks for proof",
    "time_barred": "it is too old",
    "identity_theft": "someone used their name",
    "liability": "somebody else should pay",
}
NOTICES = {
    "recording": "that the call is recorded",
    "debt_collection": "that a debt is being collected",
    "right_to_dispute": "of the right to dispute",
    "time_barred": "that the debt may be too old to be sued for",
    "complaints": "of how to complain",
    "credit_reporting": "of credit reporting",
}
TAKEN_OVER = "To be taken over by "
TAKE_OVER = "take the case over"
"""What is to be done by whom a call was passed on to without a reason."""
COVERS = {True: "which covers what is owed", False: "which does not cover what is owed"}


def told(code: str) -> str:
    """A code as words: `reduced_hours` as "reduced hours"."""
    return code.replace("_", " ")


def sum_of(amount: Decimal, currency: str | None) -> str:
    """As "£1,250.00", "AUD 40.00", "JPY 5,000"; the bare sum where the currency is not known."""
    places = decimals(currency)
    number = f"{amount:,.{places if round(amount, places) == amount else max(places, 2)}f}"
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
    """As "£40.00 on Friday 27 March 2026, by card", with what was not said left out."""
    amount = sum_of(value.amount, value.currency) if value.amount is not None else "a sum not told"
    when = f"{amount} on {day(value.date)}" if value.date else f"{amount}, day not told"
    return f"{when}, by {told(value.method)}" if value.method else when


def plan(value: Plan) -> str:
    """As "£40.00 monthly, first on Friday 27 March 2026, 12 payments, £480.00 in all"."""
    amount = sum_of(value.amount, value.currency) if value.amount is not None else "a sum not told"
    parts = [f"{amount} {value.frequency}" if value.frequency else amount]
    if value.first_date:
        parts.append(f"first on {day(value.first_date)}")
    if value.instalments:
        parts.append(f"{value.instalments} payments")
    if value.total is not None:
        parts.append(f"{sum_of(value.total, value.currency)} in all")
    if value.covers_balance is not None:
        parts.append(COVERS[value.covers_balance])
    return ", ".join(parts)


def settlement(value: Settlement) -> str:
    """As "£1,400.00 settles the debt, £1,720.00 written off"."""
    amount = sum_of(value.amount, value.currency) if value.amount is not None else "a sum not told"
    text = f"{amount} settles the debt"
    if value.written_off is None:
        return text
    return f"{text}, {sum_of(value.written_off, value.currency)} written off"


def plan_line(value: Plan) -> str:
    """The line that tells a plan."""
    return f"Agreed: {plan(value)}"


def settlement_line(value: Settlement) -> str:
    """The line that tells a settlement."""
    return f"Settlement: {settlement(value)}"


def promise_line(value: Promise) -> str:
    """The line that tells a promise."""
    return f"Promised by the caller: {promise(value)}"


def callback_line(at: str) -> str:
    """The line that tells when the parties speak again."""
    return f"To speak again: {moment(at)}"


def to_pay(value: Promise) -> str:
    """What a promise leaves to be done, as "pay £40.00"."""
    return f"pay {sum_of(value.amount, value.currency)}" if value.amount is not None else "pay"


def follow_up_line(value: FollowUp) -> str:
    """As "Agent to do: send the form, by Friday 13 March 2026"."""
    who = f"{value.owner.capitalize()} to do: {value.text}"
    if value.taken_by:
        who = f"{TAKEN_OVER}{value.taken_by}: {value.text}"
    return f"{who}, by {day(value.date)}" if value.date else who


def handed_over(value: HandOver) -> str:
    """As "Legal at 3:24: a claim"."""
    told = f"{value.name} at {clock(value.at)}"
    return f"{told}: {value.reason}" if value.reason else told


def handed_over_line(value: HandOver) -> str:
    """The line that tells of a call passed on."""
    return f"Handed over to {handed_over(value)}"


def figures(note: Note) -> list[str]:
    """The lines that tell the note's figures, in a fixed order."""
    return [
        *([plan_line(note.plan)] if note.plan else ()),
        *([settlement_line(note.settlement)] if note.settlement else ()),
        *map(promise_line, note.promises),
        *([callback_line(note.callback_at)] if note.callback_at else ()),
        *map(follow_up_line, note.follow_ups),
    ]
