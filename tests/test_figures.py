"""Figures: what they come to, how sure they are, and what is too small to tell."""

import datetime
import math

import pytest
from filed_calls import DAY, a_call
from hypothesis import given
from hypothesis import strategies as st

from agentassist.archive import figures as asking
from agentassist.archive.filing import file_call
from agentassist.archive.opening import Archive
from agentassist.report.comparing import Policy, comparison
from agentassist.report.figures import (
    NAMES,
    By,
    Course,
    Period,
    Sums,
    Whose,
    change,
    estimate,
    measure,
    periods,
    total,
)
from agentassist.report.intervals import poisson, rate, ratio, ratio_of_sums, share, wilson
from agentassist.reviewing import Person
from agentassist.vocabulary import Party

OWNER = Person("owner", "Owner", "owner")
SPRING = Period(datetime.date(2026, 3, 1), datetime.date(2026, 5, 31))
CALM: tuple[tuple[Party, str], ...] = (
    ("agent", "How are you managing with the bills?"),
    ("caller", "I lost my job."),
)


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    [(8, 10, 0.4902, 0.9433), (0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0), (50, 100, 0.404, 0.596)],
)
def test_a_share_has_the_interval_that_wilson_gives(
    part: int, whole: int, low: float, high: float
) -> None:
    assert wilson(part, whole) == pytest.approx((low, high), abs=5e-4)


@pytest.mark.parametrize(
    ("count", "low", "high"),
    [
        (0, 0.0, 3.689),
        (1, 0.0253, 5.572),
        (2, 0.2422, 7.225),
        (10, 4.795, 18.39),
        (100, 81.36, 121.63),
    ],
)
def test_a_count_has_nearly_the_exact_interval_of_poisson(
    count: int, low: float, high: float
) -> None:
    assert poisson(count) == pytest.approx((low, high), rel=0.01, abs=0.03)


@given(st.integers(1, 10_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_every_interval_holds_its_value_and_stays_in_its_bounds(counted: tuple[int, int]) -> None:
    part, whole = counted
    for found in (share(part, whole, 30), rate(part, whole / 7, 10), ratio(part, whole, 30)):
        assert found.value is not None
        assert found.low is not None
        assert found.high is not None
        assert 0 <= found.low <= found.value + 1e-9
        assert found.value <= found.high + 1e-9
    assert wilson(part, whole)[1] <= 1


@given(st.integers(1, 500), st.integers(1, 500))
def test_more_of_the_same_makes_a_figure_surer(part: int, more: int) -> None:
    few, many = wilson(part, 2 * part), wilson(part + more, 2 * (part + more))
    assert many[1] - many[0] < few[1] - few[0]


def test_a_ratio_turned_around_has_the_interval_turned_around() -> None:
    found, turned = ratio(12, 40, 30), ratio(40, 12, 30)
    assert found.low is not None
    assert found.high is not None
    assert (1 / found.high, 1 / found.low) == pytest.approx((turned.low, turned.high))
    assert ratio(5, 0, 30).value is None


@given(st.lists(st.tuples(st.floats(10, 900), st.floats(0, 1)), min_size=2, max_size=40))
def test_the_interval_of_talk_share_comes_from_how_calls_differ(
    told: list[tuple[float, float]],
) -> None:
    talk, own = [t for t, _ in told], [t * s for t, s in told]
    sums = (
        sum(a * a for a in own),
        sum(a * t for a, t in zip(own, talk, strict=True)),
        sum(t * t for t in talk),
    )
    found = ratio_of_sums(sum(own), sum(talk), len(told), sums, 30)
    assert found.value is not None
    assert found.high is not None
    off = sum((a - found.value * t) ** 2 for a, t in zip(own, talk, strict=True))
    half = 1.959964 * math.sqrt(off * len(told) / (len(told) - 1)) / sum(talk)
    assert found.high == pytest.approx(min(1.0, found.value + half), abs=1e-5)
    assert found.is_small == (len(told) < 30)


def test_what_is_below_its_threshold_is_small_and_the_threshold_tells_why() -> None:
    assert estimate("flags", Sums(calls=9, talk=9.9 * 3600, flags=3)).is_small
    assert not estimate("flags", Sums(calls=9, talk=10.1 * 3600)).is_small
    assert estimate("answered", Sums(hardships=29, answered=29)).is_small
    assert not estimate("kept", Sums(kept=10, broken=20)).is_small
    assert all(measure(name).why and measure(name).none for name in NAMES)


def test_nothing_to_measure_is_no_figure() -> None:
    assert all(estimate(name, Sums()).value is None for name in NAMES)


def test_a_change_is_told_only_where_the_intervals_are_apart() -> None:
    low, middle, high = share(10, 100, 30), share(15, 100, 30), share(60, 100, 30)
    assert change(low, high) == "higher"
    assert change(high, low) == "lower"
    assert change(low, middle) == "same"
    assert change(share(1, 5, 30), high) == "unknown"


@given(
    st.dates(datetime.date(2020, 1, 1), datetime.date(2030, 1, 1)),
    st.integers(0, 800),
    st.sampled_from(["week", "month"]),
)
def test_periods_hold_every_day_once(first: datetime.date, length: int, by: By) -> None:
    last = first + datetime.timedelta(days=length)
    spans = periods(Period(first, last), by)
    days = sum((span.last - span.first).days + 1 for span in spans)
    assert (spans[0].first, spans[-1].last, days) == (first, last, length + 1)
    assert all(s.first.weekday() == 0 if by == "week" else s.first.day == 1 for s in spans[1:])


def _filed(archive: Archive) -> None:
    later = DAY + datetime.timedelta(days=60)
    file_call(archive, a_call("one"))
    file_call(archive, a_call("two", lines=CALM, day=later))
    file_call(archive, a_call("three", "ben", "south", day=later))
    file_call(archive, a_call("old", day=datetime.date(2025, 3, 12)))


def _course(archive: Archive, who: Person, whose: Whose, by: By = "week") -> Course:
    with archive.reading() as connection:
        return asking.course(connection, who, whose, SPRING, by)


def test_a_course_holds_the_calls_of_its_team_and_days(archive: Archive) -> None:
    _filed(archive)
    found = _course(archive, OWNER, Whose(team="north"))
    assert (found.total.calls, found.people, found.whose.told) == (2, 1, "team north")
    assert [p.period.first for p in found.points if p.sums.calls] == [
        datetime.date(2026, 3, 9),
        datetime.date(2026, 5, 11),
    ]
    assert len(found.points) == 14
    assert _course(archive, OWNER, Whose()).total.calls == 3
    assert _course(archive, OWNER, Whose(agent="ben")).total.calls == 1


def test_a_course_adds_up_what_was_filed_of_its_calls(archive: Archive) -> None:
    calls = [a_call("one"), a_call("two", lines=CALM)]
    for each in calls:
        file_call(archive, each)
    found = _course(archive, OWNER, Whose(), "month").total
    for name in ("talk", "agent_talk", "flags", "hardships", "answered", "questions"):
        assert getattr(found, name) == pytest.approx(sum(c.figures[name] for c in calls)), name
    assert found.talk_squared == pytest.approx(sum(c.figures["talk"] ** 2 for c in calls))
    assert found.flags
    assert found.hardships == 2


def test_a_reason_is_counted_by_calls_and_in_halves(archive: Archive) -> None:
    _filed(archive)
    (first, *_) = _course(archive, OWNER, Whose(team="north")).reasons
    assert (first.kind, first.code) == ("hardship", "job_loss")
    assert (first.calls.part, first.calls.whole) == (2, 2)
    assert (first.earlier.part, first.later.part) == (1, 1)


def test_an_agent_sees_their_own_and_a_supervisor_their_teams(archive: Archive) -> None:
    _filed(archive)
    ben = Person("ben", "Ben", "agent", "south")
    sue = Person("sue", "Sue", "supervisor", teams=("north",))
    assert _course(archive, ben, Whose()).total.calls == 1
    assert _course(archive, ben, Whose(agent="anna")).total.calls == 0
    assert _course(archive, sue, Whose()).total.calls == 2
    assert _course(archive, sue, Whose(team="south")).total.calls == 0


def test_side_by_side_each_agent_has_their_own(archive: Archive) -> None:
    _filed(archive)
    with archive.reading() as connection:
        found = asking.by_agent(connection, OWNER, Whose(), SPRING)
    assert {agent: sums.calls for agent, sums in found.items()} == {"anna": 2, "ben": 1}
    assert total(found.values()).calls == 3


def test_numbers_that_are_small_order_nobody() -> None:
    large, small = Sums(hardships=40, answered=10), Sums(hardships=2, answered=2)
    larger = Sums(hardships=40, answered=30)
    told = comparison("all", SPRING, Policy(), {"b": larger, "a": large}, "answered")
    assert told.is_ordered
    assert [agent for agent, _ in told.rows] == ["b", "a"]
    told = comparison("all", SPRING, Policy(), {"b": large, "c": small, "a": large}, "answered")
    assert not told.is_ordered
    assert [agent for agent, _ in told.rows] == ["a", "b", "c"]
