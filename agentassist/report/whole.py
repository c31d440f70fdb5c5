"""All that a report says, before it is lines in a terminal or a page to send."""

import datetime

import msgspec

from agentassist.cleaning import clean, cleaned
from agentassist.report import words
from agentassist.report.comparing import Comparison
from agentassist.report.figures import Course, Period, periods
from agentassist.report.pictures import Picture, compared, order_of, pictures, why_compared

COACHING = (
    "For coaching, which is kept apart from discipline. Intervals take every flag and answer as if"
    " it came by itself; those of one call are alike, so the truth may lie somewhat further off."
)


class Quote(msgspec.Struct, frozen=True):
    """Words of a call, redacted, and which moment they are of."""

    words: str
    about: str


class Report(msgspec.Struct, frozen=True):
    """Everything in it is clean text."""

    title: str
    about: str
    notes: tuple[str, ...]
    pictures: tuple[Picture, ...]
    quotes: tuple[Quote, ...]
    foot: str = COACHING


def of_course(course: Course, made: datetime.datetime, quotes: tuple[Quote, ...] = ()) -> Report:
    """A team's or a person's figures over time."""
    sums = course.total
    people = (
        ""
        if course.whose.agent
        else f" by {course.people} {_noun(course.people, 'person', 'people')}"
    )
    about = f"{sums.calls:,} {_noun(sums.calls, 'call', 'calls')}{people}, by {course.by}"
    if _is_cut(course):
        about += f"; the first {course.by} or the last is not whole"
    person = f"{course.whose.agent} is seen here alone, and is compared with nobody."
    notes = (clean(person),) if course.whose.agent else ()
    return Report(
        clean(f"{course.whose.heading}, {words.span(course.asked)}"),
        f"{about}. Made on {words.day(made.date())}.",
        notes,
        pictures(course),
        cleaned(quotes),
    )


def of_comparison(found: Comparison, made: datetime.datetime) -> Report:
    """Agents side by side, with who turned that on."""
    return Report(
        clean(f"People side by side: {found.whose}, {words.span(found.asked)}"),
        f"{order_of(found)} Made on {words.day(made.date())}.",
        (clean(why_compared(found.policy)),),
        compared(found),
        (),
    )


def _is_cut(course: Course) -> bool:
    """Whether the days that are asked about begin or end within a period."""
    one = datetime.timedelta(days=1)
    wider = Period(course.asked.first - one, course.asked.last + one)
    return len(periods(wider, course.by)) < len(course.points) + 2


def _noun(count: int, one: str, many: str) -> str:
    return one if count == 1 else many
