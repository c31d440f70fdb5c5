"""When somebody may be rung again."""

import datetime
import heapq
from collections.abc import Iterator, Sequence

from agentassist.dialling.against import against, together
from agentassist.dialling.asked import Asked
from agentassist.rules_of_dialling import AnyDiallingRule, FlagRule, HoursRule

HORIZON = 33
"""Days to look ahead: past the longest month that contacts are counted by."""

_ENDS = {"moratorium": "moratorium_until", "in_validation": "validation_until"}
"""Facts that end after a day that the account tells."""


def until(
    rule: AnyDiallingRule,
    others: Sequence[AnyDiallingRule],
    asked: Asked,
    now: datetime.datetime,
) -> datetime.datetime | None:
    """The first moment after `now` that the rule allows, and all others as far as they can tell.

    In the zone in which something changes then. None where there is none within `HORIZON`
    days, or the account does not tell.
    """
    start = now.date()
    if isinstance(rule, FlagRule):
        last = _last_day(rule, asked)
        if last is None:
            return None
        start = max(start, last)
    for moment in _changes((rule, *others), asked, start):
        if moment > now and _is_free(rule, others, asked, moment):
            return moment
    return None


def _last_day(rule: FlagRule, asked: Asked) -> datetime.date | None:
    days = [getattr(asked.account, field) for fact, field in _ENDS.items() if fact in rule.account]
    return next((day for day in days if day is not None), None)


def _is_free(
    rule: AnyDiallingRule,
    others: Sequence[AnyDiallingRule],
    asked: Asked,
    moment: datetime.datetime,
) -> bool:
    """Wherever they may be."""
    there = asked.local(moment)
    return together(against(rule, asked, local) for local in there) is False and not any(
        against(other, asked, local) for other in others for local in there
    )


def _changes(
    rules: Sequence[AnyDiallingRule], asked: Asked, start: datetime.date
) -> Iterator[datetime.datetime]:
    """When a day, a window or a wish begins in any of the zones, one after another."""
    clocks = {datetime.time.min}
    hours = (rule for rule in rules if isinstance(rule, HoursRule))
    clocks |= {datetime.time.fromisoformat(w.earliest) for rule in hours for w in rule.windows}
    if asked.account.wishes and asked.account.wishes.earliest:
        clocks.add(asked.account.wishes.earliest.replace(tzinfo=None))
    zones = asked.zones or (asked.desk,)
    return heapq.merge(*(_of_zone(zone, clocks, start) for zone in zones), key=_utc)


def _of_zone(
    zone: datetime.tzinfo, clocks: set[datetime.time], start: datetime.date
) -> Iterator[datetime.datetime]:
    for ahead in range(-1, HORIZON):
        day = start + datetime.timedelta(days=ahead)
        there = (datetime.datetime.combine(day, clock, zone) for clock in clocks)
        # By way of UTC, since a time that the clocks skip is told as the one after.
        yield from (utc.astimezone(zone) for utc in sorted(map(_utc, there)))


def _utc(moment: datetime.datetime) -> datetime.datetime:
    return moment.astimezone(datetime.UTC)
