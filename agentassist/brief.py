"""What to know before ringing somebody: one account as a page that is read in half a minute.

Pure: of the account, the day, and what stands against ringing (`dialling`). What is not known is
named, with what it is needed for; nothing is made up for it.
"""

import datetime
from collections.abc import Iterable, Iterator
from decimal import Decimal

import msgspec

from agentassist.account import Account, Contact, Role
from agentassist.dialling import Answer
from agentassist.note.words import sum_of
from agentassist.standing import Fact, Facts, facts
from agentassist.vocabulary import Objective

OBJECTIVE: dict[Objective, str] = {
    "confirm": "Confirm an arrangement",
    "negotiate": "Find an arrangement",
    "settle": "Settle for less",
    "gather": "Learn how things are",
    "follow_up": "Follow up",
}

_STANDING: dict[Fact, str] = {
    "ceased": "They asked not to be rung.",
    "represented": "Somebody speaks for them: talk to that person alone.",
    "moratorium": "Breathing space is in force: ask for no payment.",
    "insolvent": "They are insolvent: ask for no payment, pass it on.",
    "disputed": "The debt is disputed: say how that goes on, ask for no payment.",
    "time_barred": "It is too old for a court: no word of legal steps.",
    "in_validation": "The time to dispute the debt still runs.",
    "hardship_arrangement": "A hardship arrangement is in force.",
}
"""Facts of an account that change what may be said, most pressing first."""

_ROLE: dict[Role, str] = {
    "first_party": "You ring for the creditor itself",
    "third_party": "You ring as a collector for the creditor",
    "debt_buyer": "You ring for who bought the debt",
}

_NO_PAYMENT: tuple[tuple[Fact, str], ...] = (
    ("moratorium", "breathing space is in force"),
    ("insolvent", "they are insolvent"),
    ("disputed", "the debt is disputed"),
    ("represented", "somebody speaks for them"),
)
"""Facts under which no payment is asked for, whatever was promised before."""

_NEEDED: tuple[tuple[str, str, str], ...] = (
    ("name", "the person's name", "to make sure who is speaking"),
    ("balance", "the balance", "to say what is owed, and for plans"),
    ("origin", "what the debt is from", "to explain it"),
    ("fees", "the fees", "to say what was added, or that nothing was"),
    ("contacts", "earlier calls", "to count them against the rules"),
    ("country", "the country", "to know which rules hold"),
    ("time_zone", "their time zone", "to ring at a decent hour"),
    ("role", "whose name you ring in", "to know which notices to give"),
)
"""Fields, what they are, and what they are needed for."""

RECENT = 3
"""Entries of a history that are shown; the others are counted."""


class Section(msgspec.Struct, frozen=True):
    """A titled part of the page."""

    title: str
    lines: tuple[str, ...]


class Brief(msgspec.Struct, frozen=True):
    """The page. `stops` and `asks` are what stands against ringing now."""

    who: str
    stops: tuple[Answer, ...]
    asks: tuple[Answer, ...]
    warnings: tuple[str, ...]
    sections: tuple[Section, ...]
    missing: tuple[str, ...]
    objective: Objective
    reason: str
    """Why that objective is suggested."""


def brief(
    account: Account, pack: str, now: datetime.datetime, answers: Iterable[Answer] = ()
) -> Brief:
    """The page as of `now`, an aware time."""
    against = tuple(answers)
    today = now.date()
    known = facts(account, pack, today)
    warnings = [words for fact, words in _STANDING.items() if known[fact]]
    sections = (
        Section("Owed", tuple(_owed(account, today))),
        Section("Promises", tuple(_promises(account, today))),
        Section("Payments", tuple(_payments(account))),
        Section("Contact", tuple(_contacts(account, now))),
        Section("Asked for", tuple(_wishes(account))),
        Section("Helps them", account.support_needs),
        Section("At hand", account.documents or ()),
        Section("Earlier notes", tuple(_notes(account))),
    )
    objective, reason = _objective(account, known, today)
    return Brief(
        who=_who(account),
        stops=tuple(answer for answer in against if answer.verdict == "stop"),
        asks=tuple(answer for answer in against if answer.verdict == "ask"),
        warnings=(*warnings, *account.warnings),
        sections=tuple(section for section in sections if section.lines),
        missing=tuple(_missing(account)),
        objective=objective,
        reason=reason,
    )


def _who(account: Account) -> str:
    parts = [account.name or (f"Account {account.id}" if account.id else "Not known who")]
    if account.balance is not None:
        parts.append(sum_of(account.balance, account.currency))
    if account.creditor:
        parts.append(account.creditor)
    return " · ".join(parts)


def _owed(account: Account, today: datetime.date) -> Iterator[str]:
    if account.balance is not None:
        yield f"{sum_of(account.balance, account.currency)}{_parts(account)}"
    if account.origin:
        yield f"From {account.origin}"
    if account.due_since:
        yield f"Overdue since {_day(account.due_since)} ({_age(account.due_since, today)})"
    if account.role:
        yield _ROLE[account.role]


def _parts(account: Account) -> str:
    named = {"debt": account.principal, "fees": account.fees, "interest": account.interest}
    parts = {name: amount for name, amount in named.items() if amount is not None}
    if not parts or account.balance is None:
        return ""
    told = ", ".join(f"{name} {sum_of(amount, account.currency)}" for name, amount in parts.items())
    off = account.balance - sum(parts.values(), Decimal(0))
    if len(parts) == len(named) and off:
        way = "less" if off > 0 else "more"
        return f": {told}; together {sum_of(abs(off), account.currency)} {way} than the balance"
    return f": {told}"


def _promises(account: Account, today: datetime.date) -> Iterator[str]:
    promises = sorted(account.promises or (), key=lambda promise: promise.date, reverse=True)
    settled = [promise.kept for promise in promises if promise.kept is not None]
    if settled:
        yield f"{sum(settled)} of {len(settled)} kept"
    for promise in promises[:RECENT]:
        amount = (
            sum_of(promise.amount, account.currency) if promise.amount is not None else "a payment"
        )
        fate = {True: "kept", False: "BROKEN", None: "not known"}[promise.kept]
        if promise.kept is None and promise.date >= today:
            fate = "still to come"
        yield f"{_day(promise.date)}: {amount}, {fate}"


def _payments(account: Account) -> Iterator[str]:
    payments = sorted(account.payments or (), key=lambda payment: payment.date, reverse=True)
    if account.payments == ():
        yield "None so far"
    for payment in payments[:RECENT]:
        method = f", {payment.method}" if payment.method else ""
        yield f"{_day(payment.date)}: {sum_of(payment.amount, account.currency)}{method}"
    if len(payments) > RECENT:
        paid = sum((payment.amount for payment in payments), Decimal(0))
        yield f"{sum_of(paid, account.currency)} in {len(payments)} payments"


def _contacts(account: Account, now: datetime.datetime) -> Iterator[str]:
    if account.contacts == ():
        yield "Never contacted before"
    if not account.contacts:
        return
    recent = [contact for contact in account.contacts if 0 <= _days_ago(contact, now) < 7]
    calls = sum((c.channel, c.direction) == ("phone", "outbound") for c in recent)
    yield f"{calls} {'call' if calls == 1 else 'calls'} to them in the last seven days"
    reached = [contact for contact in account.contacts if contact.reached]
    if reached:
        last = max(reached, key=lambda contact: -_days_ago(contact, now))
        yield f"Last spoken to on {_moment(last.at)}"
    elif all(contact.reached is False for contact in account.contacts):
        tries = len(account.contacts)
        yield f"Tried {'once' if tries == 1 else f'{tries} times'}, never reached"


def _days_ago(contact: Contact, now: datetime.datetime) -> float:
    at = contact.at if contact.at.tzinfo else contact.at.replace(tzinfo=now.tzinfo)
    return (now - at).total_seconds() / 86_400


def _wishes(account: Account) -> Iterator[str]:
    wishes = account.wishes
    if wishes and wishes.channels:
        yield f"Prefers {', then '.join(wishes.channels)}"
    if wishes and (wishes.earliest or wishes.latest):
        yield _hours(wishes.earliest, wishes.latest)
    if wishes and wishes.not_on:
        yield f"Not on {', '.join(day.capitalize() for day in wishes.not_on)}"
    if account.ceased:
        yield f"Stop: {', '.join(code.replace('_', ' ') for code in account.ceased)}"
    if person := account.representative:
        told = (person.name, person.kind and person.kind.replace("_", " "), person.contact)
        yield f"Spoken for by {', '.join(part for part in told if part) or 'somebody'}"


def _hours(earliest: datetime.time | None, latest: datetime.time | None) -> str:
    if earliest and latest:
        return f"Ring between {earliest:%H:%M} and {latest:%H:%M}"
    return f"Ring after {earliest:%H:%M}" if earliest else f"Ring before {latest:%H:%M}"


def _notes(account: Account) -> Iterator[str]:
    notes = sorted(account.notes or (), key=lambda note: note.date, reverse=True)
    for note in notes[:RECENT]:
        yield f"{_day(note.date)}: {note.text}"
    if len(notes) > RECENT:
        yield f"and {len(notes) - RECENT} more"


def _missing(account: Account) -> Iterator[str]:
    for field, what, reason in _NEEDED:
        if getattr(account, field) is None:
            yield f"{what}, {reason}"


def _objective(account: Account, known: Facts, today: datetime.date) -> tuple[Objective, str]:
    promises = sorted(account.promises or (), key=lambda promise: promise.date)
    for fact, reason in _NO_PAYMENT:
        if known[fact]:
            return "gather", reason
    if account.hardship_arrangement:
        return "confirm", "an arrangement is in force"
    if promises and promises[-1].kept is False:
        return "follow_up", "the last promise was broken"
    if promises and promises[-1].kept is None and promises[-1].date < today:
        return "follow_up", "a promise has come due"
    if promises and promises[-1].kept is None:
        return "confirm", "a promise is still to come"
    if not _was_reached(account):
        return "gather", "it is not known yet how things are with them"
    return "negotiate", "nothing is arranged yet"


def _was_reached(account: Account) -> bool:
    return any(contact.reached for contact in account.contacts or ())


def _day(day: datetime.date) -> str:
    return f"{day:%a} {day.day} {day:%b %Y}"


def _moment(at: datetime.datetime) -> str:
    """A day alone where no time of it is known."""
    return _day(at.date()) + (f", {at:%H:%M}" if at.time() != datetime.time() else "")


def _age(since: datetime.date, today: datetime.date) -> str:
    months = (today.year - since.year) * 12 + today.month - since.month - (today.day < since.day)
    if months < 1:
        return "less than a month"
    years, rest = divmod(months, 12)
    parts = ((years, "year"), (rest, "month"))
    return ", ".join(f"{count} {word}{'s' * (count > 1)}" for count, word in parts if count)
