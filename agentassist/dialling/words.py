"""What is said, as whole sentences."""

import contextlib
import datetime

from agentassist.account import Channel, Wishes
from agentassist.dialling.against import counted, holiday
from agentassist.dialling.asked import Asked, city
from agentassist.rules_in_words import either
from agentassist.rules_of_dialling import (
    WEEKDAYS,
    AnyDiallingRule,
    CallsRule,
    ContactsRule,
    HolidaysRule,
    Weekday,
    WishesRule,
)
from agentassist.standing import Facts

_WEEK = datetime.timedelta(days=7)


def details(rule: AnyDiallingRule, asked: Asked, now: datetime.datetime) -> dict[str, str]:
    """The rule's placeholders."""
    moments = sorted(moment.replace(tzinfo=None) for moment in asked.local(now))
    first, last = f"{moments[0]:%H:%M}", f"{moments[-1]:%H:%M}"
    known = {"time": first if first == last else f"between {first} and {last}"}
    known |= dict.fromkeys(("holiday", "wish"), "")
    match rule:
        case CallsRule() | ContactsRule():
            contacts = asked.account.contacts or ()
            counts = (counted(rule, contacts, local)[0] for local in asked.local(now))
            known["count"] = _times(max(counts))
        case HolidaysRule():
            with contextlib.suppress(LookupError):
                days = (local.date() for local in asked.local(now))
                names = (holiday(rule, asked.account, day) for day in days)
                known["holiday"] = next(filter(None, names), "")
        case WishesRule() if asked.account.wishes:
            known["wish"] = _wish(rule, asked.account.wishes)
    return known


def after(ends: datetime.datetime, now: datetime.datetime, asked: Asked) -> str:
    """When to ring, by the day and the clock of the person."""
    today = now.astimezone(ends.tzinfo).date()
    ahead = ends.date() - today
    day = f" on {ends.day} {ends:%B}"
    if ahead < _WEEK:
        day = ("", " tomorrow")[ahead.days] if ahead.days < 2 else f" on {ends:%A}"
    clock = f" after {ends:%H:%M}" if ends.time() != datetime.time.min else ""
    place = f" in {city(ends.tzinfo)}" if len(asked.zones) > 1 and ends.tzinfo else ""
    return f"Ring{day}{clock}{place}."


def depends(rule: AnyDiallingRule, known: Facts) -> str:
    """What the account would have to tell for the rule to be sure."""
    missing = [fact.replace("_", " ") for fact in rule.account if known[fact] is None]
    if not missing:
        return ""
    return f"Whether this holds here depends on what is not recorded: {', '.join(missing)}."


def _times(count: int) -> str:
    return {1: "once", 2: "twice"}.get(count, f"{count} times")


def _wish(rule: WishesRule, wishes: Wishes) -> str:
    match rule.wish:
        case "days":
            return f"on {either([_DAYS[day] for day in WEEKDAYS if day in wishes.not_on])}"
        case "channels":
            return either([_CHANNELS.get(channel, channel) for channel in wishes.channels])
    if wishes.earliest and wishes.latest:
        return f"between {wishes.earliest:%H:%M} and {wishes.latest:%H:%M}"
    if wishes.earliest:
        return f"after {wishes.earliest:%H:%M}"
    return f"before {wishes.latest:%H:%M}" if wishes.latest else ""


_DAYS: dict[Weekday, str] = {
    "mon": "Mondays",
    "tue": "Tuesdays",
    "wed": "Wednesdays",
    "thu": "Thursdays",
    "fri": "Fridays",
    "sat": "Saturdays",
    "sun": "Sundays",
}
_CHANNELS: dict[Channel, str] = {"text": "text message", "branch": "a branch", "web": "the web"}
