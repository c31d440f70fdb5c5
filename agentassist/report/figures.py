"""What the figures of calls tell: each with what it is of, how sure it is, and whether it is small.

Coaching is all that they are for. The thresholds and their reasons are in `figures.yaml`.
"""

import datetime
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Literal, TypeAlias, get_args

import msgspec

from agentassist.report.intervals import Estimate, rate, ratio, ratio_of_sums, share

FILE = Path(__file__).with_suffix(".yaml")

Name: TypeAlias = Literal["flags", "answered", "reflections", "talk_share", "kept"]
By: TypeAlias = Literal["week", "month"]

NAMES: tuple[Name, ...] = get_args(Name)


class Measure(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a figure is called, and from when it tells anything."""

    title: str
    part: str
    whole: str
    counted: str
    """Both in words: `{part} of {whole} hardships`."""
    least: int
    """Of the whole, or of what `counts` names."""
    why: str
    """Why that many."""
    means: str
    none: str
    """What is told where there is nothing to measure."""
    counts: str = ""


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    measures: dict[Name, Measure]
    reasons: dict[str, str]


@cache
def _file() -> _File:
    import yaml

    return msgspec.convert(yaml.safe_load(FILE.read_bytes()), _File)


def measure(name: Name) -> Measure:
    """As the file has it."""
    return _file().measures[name]


def reason_kind(kind: str) -> str:
    """What that kind of reason is called: `can't pay`."""
    return _file().reasons.get(kind, kind)


class Sums(msgspec.Struct, frozen=True):
    """What was counted of some calls. Talk is in seconds."""

    calls: int = 0
    talk: float = 0.0
    agent_talk: float = 0.0
    flags: int = 0
    hardships: int = 0
    answered: int = 0
    questions: int = 0
    reflections: int = 0
    kept: int = 0
    broken: int = 0
    """Promises that were not kept, or only in part."""
    waiting: int = 0
    """Promises of which nothing is known yet."""
    talk_squared: float = 0.0
    """Each call's talk squared, and so on: what the interval of the talk share needs."""
    agent_talk_squared: float = 0.0
    talk_product: float = 0.0

    def __add__(self, other: "Sums") -> "Sums":
        return Sums(*(getattr(self, f) + getattr(other, f) for f in self.__struct_fields__))


class Period(msgspec.Struct, frozen=True):
    """A week or month, or what of it is asked about; both days belong to it."""

    first: datetime.date
    last: datetime.date


class Whose(msgspec.Struct, frozen=True):
    """Whose calls are meant: a team's, an agent's, or all that one may see."""

    team: str = ""
    agent: str = ""

    @property
    def told(self) -> str:
        """In words."""
        if self.agent:
            return self.agent
        return f"team {self.team}" if self.team else "all calls"

    @property
    def heading(self) -> str:
        """The same to begin a line with; a login stays as it is."""
        return self.told if self.agent else self.told[:1].upper() + self.told[1:]


class Wanted(msgspec.Struct, frozen=True):
    """Of whose calls, of which days, and by what they are added up."""

    whose: Whose
    asked: Period
    by: By = "week"


class Point(msgspec.Struct, frozen=True):
    """What was counted in a period."""

    period: Period
    sums: Sums


class Reason(msgspec.Struct, frozen=True):
    """In how many calls something was told, in all and in the earlier and later half."""

    kind: str
    """`hardship`, `dispute`, `cease` or `complaint`."""
    code: str
    calls: Estimate
    earlier: Estimate
    later: Estimate


class Course(msgspec.Struct, frozen=True):
    """A team's or a person's figures over time."""

    whose: Whose
    by: By
    asked: Period
    people: int
    """How many agents' calls these are."""
    points: tuple[Point, ...]
    """Every period, those without a call too."""
    reasons: tuple[Reason, ...]
    """The most frequent first."""

    @property
    def total(self) -> Sums:
        return total(point.sums for point in self.points)

    @property
    def halves(self) -> tuple[Sums, Sums]:
        """What was counted in the earlier half of the periods, and in the later."""
        middle = len(self.points) // 2
        halves = self.points[:middle], self.points[middle:]
        earlier, later = (total(point.sums for point in half) for half in halves)
        return earlier, later


def total(sums: Iterable[Sums]) -> Sums:
    """All of them together."""
    return sum(sums, Sums())


def estimate(name: Name, sums: Sums) -> Estimate:
    """One of the figures, from what was counted."""
    least = measure(name).least
    match name:
        case "flags":
            return rate(sums.flags, sums.talk / 3600, least)
        case "answered":
            return share(sums.answered, sums.hardships, least)
        case "reflections":
            return ratio(sums.reflections, sums.questions, least)
        case "talk_share":
            return _talk_share(sums, least)
        case "kept":
            return share(sums.kept, sums.kept + sums.broken, least)


def _talk_share(sums: Sums, least: int) -> Estimate:
    return ratio_of_sums(
        sums.agent_talk / 3600,
        sums.talk / 3600,
        sums.calls,
        (
            sums.agent_talk_squared / 3600**2,
            sums.talk_product / 3600**2,
            sums.talk_squared / 3600**2,
        ),
        least,
    )


def change(earlier: Estimate, later: Estimate) -> Literal["higher", "lower", "same", "unknown"]:
    """Whether the later one is another: `same` where chance may have made the difference.

    Told only where the intervals do not touch, which is a cautious test.
    """
    if earlier.is_small or later.is_small or earlier.high is None or later.high is None:
        return "unknown"
    assert earlier.low is not None
    assert later.low is not None
    if later.low > earlier.high:
        return "higher"
    return "lower" if later.high < earlier.low else "same"


def periods(asked: Period, by: By) -> tuple[Period, ...]:
    """The weeks from Monday, or the months, that the days lie in; the outer ones cut to them."""
    found = []
    first = asked.first
    while first <= asked.last:
        following = _following(first, by)
        found.append(Period(first, min(asked.last, following - datetime.timedelta(days=1))))
        first = following
    return tuple(found)


def begins(day: datetime.date, by: By) -> datetime.date:
    """The Monday of its week, or the first of its month."""
    if by == "month":
        return day.replace(day=1)
    return day - datetime.timedelta(days=day.weekday())


def _following(day: datetime.date, by: By) -> datetime.date:
    if by == "month":
        return (begins(day, by) + datetime.timedelta(days=32)).replace(day=1)
    return begins(day, by) + datetime.timedelta(days=7)
