"""Figures in words: how a number, a day and a change are told. Pure."""

import datetime
import math
from collections.abc import Sequence

from agentassist.report.figures import (
    By,
    Course,
    Measure,
    Name,
    Period,
    change,
    estimate,
    measure,
)
from agentassist.report.intervals import CONFIDENCE, Estimate

SMALL = "too small to tell"
INTERVAL = f"{100 * CONFIDENCE:.0f}% interval"

PERIODS: dict[By, tuple[str, str]] = {"week": ("week", "weeks"), "month": ("month", "months")}

_SHARES = ("answered", "talk_share", "kept")
_COUNTED_IN_HOURS = ("flags", "talk_share")


def value(name: Name, number: float | None) -> str:
    """As `1.8`, `62%` or `0.75`; a dash where there is none."""
    if number is None:
        return "-"
    if math.isinf(number):
        return "no bound"
    if name in _SHARES:
        return f"{number:.0%}"
    return f"{number:.1f}" if name == "flags" else f"{number:.2f}"


def interval(name: Name, found: Estimate) -> str:
    """As `1.5 to 2.2`."""
    if found.low is None or found.high is None:
        return "-"
    return f"{value(name, found.low)} to {value(name, found.high)}"


def part(name: Name, found: Estimate) -> str:
    """What was counted: hours to a tenth, all else whole."""
    return f"{found.part:,.1f}" if name == "talk_share" else f"{found.part:,.0f}"


def whole(name: Name, found: Estimate) -> str:
    """What it is of."""
    return f"{found.whole:,.1f}" if name in _COUNTED_IN_HOURS else f"{found.whole:,.0f}"


def day(date: datetime.date) -> str:
    """As `2 Mar 2026`."""
    return f"{date.day} {date:%b %Y}"


def span(asked: Period) -> str:
    """As `2 Mar to 31 May 2026`."""
    first = day(asked.first)
    if asked.first.year == asked.last.year:
        first = first.rpartition(" ")[0]
    return f"{first} to {day(asked.last)}"


def period(found: Period, by: By) -> str:
    """As `2 Mar 2026`, the week that begins then, or `Mar 2026`."""
    return day(found.first) if by == "week" else f"{found.first:%b %Y}"


def sentence(name: Name, course: Course) -> str:
    """What its picture shows, and whether the numbers are too small."""
    told = measure(name)
    found = estimate(name, course.total)
    if found.value is None:
        return told.none
    counted = told.counted.format(part=part(name, found), whole=whole(name, found))
    bounds = f"{INTERVAL} {interval(name, found)}"
    lines = [f"{value(name, found.value)} ({bounds}): {counted}."]
    if found.is_small:
        lines.append(f"{SMALL.capitalize()}: {_least(told)}.")
    else:
        lines.append(_changed(name, course))
    points = [estimate(name, point.sums) for point in course.points]
    return " ".join((*lines, how_many_small(points, PERIODS[course.by])))


def how_many_small(found: Sequence[Estimate], noun: tuple[str, str]) -> str:
    """How many of them are too small to tell, by what one and several are called."""
    drawn = [each for each in found if each.value is not None]
    count = sum(each.is_small for each in drawn)
    one, many = noun
    if not drawn:
        return ""
    if count == len(drawn):
        return f"Every {one} is {SMALL} alone."
    if not count:
        return f"No {one} is {SMALL}."
    return f"Of {len(drawn)} {many} {count} {'is' if count == 1 else 'are'} {SMALL}."


def _least(told: Measure) -> str:
    return f"it takes {told.least} {told.counts or told.whole}"


def _changed(name: Name, course: Course) -> str:
    earlier, later = (estimate(name, sums) for sums in course.halves)
    told = change(earlier, later)
    if told == "unknown":
        return "One of its halves is too small to compare them."
    both = f"{value(name, later.value)} after {value(name, earlier.value)}"
    if told == "same":
        return f"Later half against earlier: {both}, no more than chance may make."
    return f"The later half is {told} than the earlier, by more than chance: {both}."
