"""Whether a rule stands against ringing at some time of the person's day: yes, no, not known."""

import datetime
from collections.abc import Iterable, Sequence

from dateutil.relativedelta import relativedelta

from agentassist import public_holidays
from agentassist.account import Account, Contact, Wishes
from agentassist.dialling.asked import Asked
from agentassist.rules_of_dialling import (
    WEEKDAYS,
    AnyDiallingRule,
    CallsRule,
    ContactsRule,
    FlagRule,
    HolidaysRule,
    HoursRule,
    WishesRule,
)
from agentassist.standing import facts, holds


def against(rule: AnyDiallingRule, asked: Asked, local: datetime.datetime) -> bool | None:
    """None where the account does not tell. `local` is aware, in a zone that they may be in."""
    match rule:
        case HoursRule():
            return not _in_windows(rule, local) if asked.zones else None
        case WishesRule():
            return _against_wishes(rule, asked, local)
        case CallsRule() | ContactsRule():
            return _too_many(rule, asked.account, local)
        case HolidaysRule():
            return _is_holiday(rule, asked.account, local.date())
        case FlagRule():
            return holds(rule.account, facts(asked.account, asked.pack, local.date()))


def together(found: Iterable[bool | None]) -> bool | None:
    """What is so of all places that somebody may be in: the worst of them."""
    all_found = list(found)
    return True if True in all_found else None if None in all_found else False


def counted(
    rule: CallsRule | ContactsRule, contacts: Sequence[Contact], local: datetime.datetime
) -> tuple[int, int]:
    """How many surely count on that local day, and how many may."""
    first = _first_day(rule, local.date())
    known = [
        _counts(rule, contact)
        for contact in contacts
        if first <= _day(contact, local.tzinfo) <= local.date()
    ]
    return known.count(True), len(known) - known.count(False)


def _first_day(rule: CallsRule | ContactsRule, today: datetime.date) -> datetime.date:
    if isinstance(rule, ContactsRule) and rule.months:
        return today - relativedelta(months=rule.months) + relativedelta(days=1)
    return today - relativedelta(days=(rule.days or 1) - 1)


def _day(contact: Contact, zone: datetime.tzinfo | None) -> datetime.date:
    at = contact.at
    return (at.astimezone(zone) if at.tzinfo else at).date()


def _counts(rule: CallsRule | ContactsRule, contact: Contact) -> bool | None:
    if isinstance(rule, CallsRule):
        return (contact.channel, contact.direction) == ("phone", "outbound")
    if contact.channel not in rule.channels or rule.direction not in (None, contact.direction):
        return False
    return contact.reached if contact.channel == "phone" else True


def _too_many(
    rule: CallsRule | ContactsRule, account: Account, local: datetime.datetime
) -> bool | None:
    """Whether one more is one too many."""
    if account.contacts is None:
        return None
    limit = max(rule.most, 1)
    sure, perhaps = counted(rule, account.contacts, local)
    return True if sure >= limit else None if perhaps >= limit else False


def _in_windows(rule: HoursRule, local: datetime.datetime) -> bool:
    clock, day = f"{local:%H:%M}", WEEKDAYS[local.weekday()]
    return any(day in w.days and w.earliest <= clock < w.latest for w in rule.windows)


def _is_holiday(rule: HolidaysRule, account: Account, day: datetime.date) -> bool | None:
    try:
        return holiday(rule, account, day) is not None
    except LookupError:
        return None


def holiday(rule: HolidaysRule, account: Account, day: datetime.date) -> str | None:
    """What that day is called. Raises LookupError where nobody knows the country's holidays."""
    is_there = rule.regional and account.country == rule.country
    return public_holidays.name_of(rule.country, account.region if is_there else None, day)


def _against_wishes(rule: WishesRule, asked: Asked, local: datetime.datetime) -> bool | None:
    wishes, ceased = asked.account.wishes, asked.account.ceased or ()
    match rule.wish:
        case "work":
            return "work" in ceased
        case "evening":
            by_the_clock = "evening" in ceased
            refused = f"{local:%H:%M}" >= (rule.evening_from or "")
        case "channels":
            return bool(wishes and wishes.channels and "phone" not in wishes.channels)
        case "days":
            by_the_clock = bool(wishes and wishes.not_on)
            refused = wishes is not None and WEEKDAYS[local.weekday()] in wishes.not_on
        case "times":
            by_the_clock = bool(wishes and (wishes.earliest or wishes.latest))
            refused = wishes is not None and not _suits(wishes, local.time())
    if not by_the_clock:
        return False
    return refused if asked.zones else None


def _suits(wishes: Wishes, clock: datetime.time) -> bool:
    """Whether they asked for that time; from 22:00 to 06:00 goes over midnight."""
    earliest = (wishes.earliest or datetime.time.min).replace(tzinfo=None)
    if wishes.latest is None or wishes.latest == wishes.earliest:
        return clock >= earliest
    latest = wishes.latest.replace(tzinfo=None)
    if earliest < latest:
        return earliest <= clock < latest
    return clock >= earliest or clock < latest
