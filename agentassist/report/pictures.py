"""What is shown of a course of figures, before anything draws it: pictures with their tables."""

from collections.abc import Iterable
from typing import Literal

import msgspec

from agentassist.cleaning import cleaned
from agentassist.report import words
from agentassist.report.comparing import Comparison, Policy
from agentassist.report.figures import (
    NAMES,
    Course,
    Name,
    Reason,
    estimate,
    measure,
    reason_kind,
)
from agentassist.report.intervals import Estimate

DRAWN = 10
"""Reasons in the picture; the table has all of them."""


class Table(msgspec.Struct, frozen=True):
    """Texts by row and column; the first column names the row."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class Mark(msgspec.Struct, frozen=True):
    """One number of a picture; nothing is drawn where it has no value."""

    label: str
    found: Estimate


class Picture(msgspec.Struct, frozen=True):
    """A sentence, what is drawn under it, and the same as a table."""

    id: str
    title: str
    sentence: str
    means: str
    """What is counted, and how."""
    table: Table
    kind: Literal["course", "bars", "none"] = "none"
    """Over time, side by side, or a table alone."""
    marks: tuple[Mark, ...] = ()
    is_share: bool = False
    """Whether 1 is told as 100 %."""


def pictures(course: Course) -> tuple[Picture, ...]:
    """Of each figure over time, then of the reasons."""
    course = cleaned(course)
    return (*(_over_time(name, course) for name in NAMES), _reasons(course))


def compared(found: Comparison) -> tuple[Picture, ...]:
    """A table of the agents for each figure."""
    found = cleaned(found)
    return tuple(_side_by_side(name, found) for name in NAMES)


def why_compared(policy: Policy) -> str:
    """Who turned comparing on, when and why, and what it is not for."""
    when = f" on {words.day(policy.at.date())}" if policy.at else ""
    why = f": {policy.why}" if policy.why else ""
    return (
        f"Comparing people was turned on by {policy.by}{when}{why}. Coaching data is kept apart"
        " from discipline: it shows where help is due, not who is to be rewarded or blamed."
    )


def order_of(found: Comparison) -> str:
    """In which order the agents stand, and why."""
    if found.order is None:
        return "In the order of their names."
    title = measure(found.order).title
    if found.is_ordered:
        return f"By {title.lower()}, the highest first; where intervals overlap, order is chance."
    return f"In the order of names: of some, {title.lower()} is {words.SMALL}."


def _over_time(name: Name, course: Course) -> Picture:
    told = measure(name)
    marks = tuple(
        Mark(words.period(point.period, course.by), estimate(name, point.sums))
        for point in course.points
    )
    is_empty = all(mark.found.value is None for mark in marks)
    return Picture(
        name,
        told.title,
        words.sentence(name, course),
        told.means,
        _table(name, "Week from" if course.by == "week" else "Month", marks),
        "none" if is_empty else "course",
        marks,
        name in ("answered", "talk_share", "kept"),
    )


def _side_by_side(name: Name, found: Comparison) -> Picture:
    marks = tuple(Mark(agent, estimate(name, sums)) for agent, sums in found.rows)
    told = words.how_many_small([mark.found for mark in marks], ("person", "people"))
    means = measure(name).means
    return Picture(f"by-{name}", measure(name).title, told, means, _table(name, "Agent", marks))


def _table(name: Name, first: str, marks: Iterable[Mark]) -> Table:
    told = measure(name)
    head = (first, "Figure", words.INTERVAL, told.part.capitalize(), told.whole.capitalize(), "")
    return Table(head, tuple(_row(name, mark) for mark in marks))


def _row(name: Name, mark: Mark) -> tuple[str, ...]:
    found = mark.found
    return (
        mark.label,
        words.value(name, found.value),
        words.interval(name, found),
        words.part(name, found),
        words.whole(name, found),
        _smallness(found),
    )


def _smallness(found: Estimate) -> str:
    if found.value is None:
        return "none"
    return "too small" if found.is_small else ""


def _reasons(course: Course) -> Picture:
    found = course.reasons
    head = ("Told", "Calls", "Of all", words.INTERVAL, "Earlier", "Later")
    return Picture(
        "reasons",
        "Reasons and issues that recur",
        _most(course),
        "In how many calls each was told, in all and in the halves; a call may tell several.",
        Table(head, tuple(map(_reason_row, found))),
        "bars" if found else "none",
        tuple(Mark(_reason(each), each.calls) for each in found[:DRAWN]),
        is_share=True,
    )


def _most(course: Course) -> str:
    if not course.reasons:
        return "No reason or issue was told in that time."
    first = course.reasons[0]
    found = first.calls
    told = f"Most often: {_reason(first)}, in {found.part:,.0f} of {found.whole:,.0f} calls"
    told += f" ({words.value('kept', found.value)}, {words.interval('kept', found)})."
    if found.is_small:
        return f"{told} {words.SMALL.capitalize()}: so few calls say little of what recurs."
    return told


def _reason(reason: Reason) -> str:
    kind, code = reason_kind(reason.kind), reason.code.replace("_", " ")
    return kind if reason.kind == "complaint" else f"{kind}: {code}"


def _reason_row(reason: Reason) -> tuple[str, ...]:
    found = reason.calls
    return (
        _reason(reason),
        f"{found.part:,.0f}",
        words.value("kept", found.value),
        words.interval("kept", found),
        words.value("kept", reason.earlier.value),
        words.value("kept", reason.later.value),
    )
