"""May this person be rung now? A table for each country, and what holds at any time anywhere."""

import datetime
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from agentassist import examples, packs, public_holidays, time_zones
from agentassist.account import Account, Contact, Wishes
from agentassist.dialling import Answer, may_ring
from agentassist.pack_text import RulebookError
from agentassist.rulebook import Rulebook

BOOK = packs.load()
TABLE = Path(__file__).parent / "dialling.md"
UTC = datetime.UTC
MINUTE, DAY = datetime.timedelta(minutes=1), datetime.timedelta(days=1)
KNOWN: dict[str, Any] = {
    "contacts": (),
    "ceased": (),
    "represented": False,
    "moratorium": False,
}
"""All that a rule asks about is known, and nothing of it stands against a call."""
NEW_YORK = Account(country="US", region="NY", role="third_party", **KNOWN)
LONDON = Account(country="GB", region="ENG", **KNOWN)
MELBOURNE = Account(country="AU", region="VIC", **KNOWN)


def at(text: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text)


def told(account: Account, pack: str, now: datetime.datetime) -> dict[str, Answer]:
    return {answer.rule: answer for answer in may_ring(BOOK, account, pack, now)}


def lines(account: Account, pack: str, now: str) -> list[str]:
    answers = may_ring(BOOK, account, pack, at(now))
    return [f"{a.verdict}: {a.what} [{a.source}]" for a in answers]


def reached(*times: str) -> tuple[Contact, ...]:
    return tuple(Contact(at(time), reached=True) for time in times)


def tried(*times: str) -> tuple[Contact, ...]:
    return tuple(Contact(at(time), reached=False) for time in times)


def rows(pack: str) -> list[tuple[str, str, list[str]]]:
    """What is known, their time, and the answers with their sources, by the table."""
    section = TABLE.read_text(encoding="utf-8").partition(f"## {pack}: ")[2].partition("## ")[0]
    found: list[tuple[str, str, list[str]]] = []
    for line in [line for line in section.splitlines() if line.startswith("|")][2:]:
        known, when, answer, source = (cell.strip() for cell in line.strip("|").split("|"))
        if known:
            found.append((known, when, []))
        if answer != "ring":
            found[-1][2].append(f"{answer} [{source}]")
    return found


def known_of(words: str, account: Account) -> Account:
    zone = {"US": "-05:00", "GB": "+00:00", "AU": "+11:00"}[account.country or ""]
    days = {n: f"2026-11-{n}T10:00:00{zone}" for n in range(10, 31)}
    seven = tried(*(days[day] for day in (19, 20, 21, 22, 23, 24, 24)))
    letters = tuple(
        Contact(at(f"2026-10-26T12:00:00{zone}") + n * 2 * DAY, channel="letter") for n in range(10)
    )
    said: dict[str, dict[str, Any]] = {
        "nothing against it": {},
        "a first party rings": {"role": "first_party"},
        "they may be anywhere in the country": {"region": None},
        "six calls since 19 November": {"contacts": seven[1:]},
        "seven calls since 19 November": {"contacts": seven},
        "seven calls by a first party": {"contacts": seven, "role": "first_party"},
        "spoken to on 23 November": {"contacts": reached(days[23])},
        "reached on 20, 22 and 24 November": {
            "contacts": reached(*(days[n] for n in (20, 22, 24)))
        },
        "ten letters since 26 October": {"contacts": letters},
        "no history is recorded": {"contacts": None},
        "represented": {"represented": True},
        "asked for no more calls": {"ceased": ("phone",)},
        "asked for no calls at work": {"ceased": ("work",)},
        "asked for calls between 18:00 and 20:00": {
            "wishes": Wishes(earliest=datetime.time(18), latest=datetime.time(20))
        },
        "breathing space until 20 January": {"moratorium_until": datetime.date(2027, 1, 20)},
        "the debt is disputed": {"disputed": True},
        "the debt is too old for a court": {"time_barred": True},
    }
    return replace(account, **said[words])


def check(pack: str, account: Account, zone: str, row: tuple[str, str, list[str]]) -> None:
    known, when, says = row
    there = datetime.datetime.strptime(when, "%a %Y-%m-%d %H:%M").replace(tzinfo=ZoneInfo(zone))
    answers = may_ring(BOOK, known_of(known, account), pack, there.astimezone(UTC))
    assert [f"{a.verdict}: {a.what} [{a.source}]" for a in answers] == says


@pytest.mark.parametrize("row", rows("us"), ids=lambda row: f"{row[0]}, {row[1]}")
def test_in_the_united_states(row: tuple[str, str, list[str]]) -> None:
    check("us", NEW_YORK, "America/New_York", row)


@pytest.mark.parametrize("row", rows("uk"), ids=lambda row: f"{row[0]}, {row[1]}")
def test_in_the_united_kingdom(row: tuple[str, str, list[str]]) -> None:
    check("uk", LONDON, "Europe/London", row)


@pytest.mark.parametrize("row", rows("au"), ids=lambda row: f"{row[0]}, {row[1]}")
def test_in_australia(row: tuple[str, str, list[str]]) -> None:
    check("au", MELBOURNE, "Australia/Melbourne", row)


def test_every_shipped_rule_proves_itself_both_ways() -> None:
    for rule in BOOK.dialling:
        verdicts = {case.verdict for case in rule.examples}
        assert {rule.verdict, "none"} <= verdicts, rule.id
        assert rule.source
    assert [f for f in examples.failures(BOOK) if f.rule in {r.id for r in BOOK.dialling}] == []


def test_an_example_that_a_rule_fails_is_told(tmp_path: Path) -> None:
    wrong = replace(BOOK.dialling[0].examples[0], verdict="none")
    rule = replace(BOOK.dialling[0], examples=(wrong,))
    failed = list(
        examples.failures(
            replace(BOOK, labels=(), marks=(), contexts=(), cues=(), sequences=(), dialling=(rule,))
        )
    )
    assert [(f.rule, f.must_fire) for f in failed] == [(rule.id, False)]
    assert failed[0].example.endswith("none (it says stop)")


# What they asked for.


def test_a_wish_is_told_with_what_was_wished_and_when_it_fits() -> None:
    wishes = Wishes(
        channels=("email", "letter"), earliest=datetime.time(18), latest=datetime.time(20),
        not_on=("wed", "thu"),
    )  # fmt: skip
    account = replace(LONDON, wishes=wishes)
    assert [line.partition(" [")[0] for line in lines(account, "uk", "2026-11-25T12:00:00Z")] == [
        (
            "stop: They asked to be rung between 18:00 and 20:00, and it is 12:00 where they are. "
            "Ring on Friday after 18:00."
        ),
        "stop: They asked not to be rung on Wednesdays or Thursdays. Ring on Friday after 18:00.",
        "ask: They prefer email or letter. Does this need a call?",
    ]


def test_nobody_is_told_to_ring_who_asked_for_no_day_at_all() -> None:
    account = replace(
        LONDON, wishes=Wishes(not_on=("mon", "tue", "wed", "thu", "fri", "sat", "sun"))
    )
    (answer,) = may_ring(BOOK, account, "uk", at("2026-11-25T12:00:00Z"))
    assert answer.until is None
    assert "Ring" not in answer.what


def test_a_lasting_stop_gives_no_time_to_any_other() -> None:
    account = replace(NEW_YORK, ceased=("all",))
    answers = may_ring(BOOK, account, "us", at("2026-11-25T06:00:00-05:00"))
    assert [(a.rule, a.until) for a in answers] == [("general-ceased", None), ("us-hours", None)]


def test_the_evening_ends_at_midnight_and_the_hours_come_first_then() -> None:
    account = replace(NEW_YORK, ceased=("evening",))
    answer = told(account, "us", at("2026-11-27T18:00:00-05:00"))["general-wish-evening"]
    assert answer.until == at("2026-11-28T08:00:00-05:00")


# What is not known.


@pytest.mark.parametrize(
    ("pack", "rules"),
    [
        ("us", {"general-ceased", "us-represented", "us-seven-calls", "us-hours"}),
        ("uk", {"general-ceased", "uk-breathing-space"}),
        ("au", {"general-ceased", "au-represented", "au-three-a-week", "au-hours"}),
        ("general", {"general-ceased", "general-hours"}),
    ],
)
def test_an_empty_record_is_asked_about_and_never_accused(pack: str, rules: set[str]) -> None:
    answers = told(Account(), pack, at("2026-11-25T12:00:00Z"))
    assert answers.keys() == rules
    assert {answer.verdict for answer in answers.values()} == {"ask"}


def test_a_rule_whose_role_is_not_known_asks_and_says_so() -> None:
    answer = told(replace(NEW_YORK, role=None), "us", at("2026-11-25T06:00:00-05:00"))["us-hours"]
    assert answer.verdict == "ask"
    assert answer.why.endswith("depends on what is not recorded: role.")


def test_contacts_that_may_have_reached_them_are_asked_about() -> None:
    perhaps = tuple(
        Contact(at(f"2026-11-{day}T10:00:00+11:00"), reached=None) for day in (20, 22, 24)
    )
    now = at("2026-11-25T12:00:00+11:00")
    answer = told(replace(MELBOURNE, contacts=perhaps), "au", now)["au-three-a-week"]
    assert (answer.verdict, answer.until) == ("ask", None)
    assert told(replace(MELBOURNE, contacts=perhaps[1:]), "au", now) == {}


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        may_ring(BOOK, NEW_YORK, "us", datetime.datetime(2026, 11, 25, 12))  # noqa: DTZ001


# Where they are.


def test_where_several_zones_are_possible_all_must_allow_it() -> None:
    idaho = replace(NEW_YORK, region="ID")
    answer = told(idaho, "us", at("2026-11-25T08:30:00-07:00"))["us-hours"]
    assert answer.what == (
        "It is between 07:30 and 08:30 where they are. Ring after 08:00 in Los Angeles."
    )
    assert answer.why.endswith("so it must be allowed in Boise and Los Angeles.")
    assert told(idaho, "us", at("2026-11-25T09:00:00-07:00")) == {}
    assert told(replace(idaho, time_zone="America/Boise"), "us", at("2026-11-25T08:30-07:00")) == {}


def test_an_account_without_a_country_is_in_its_packs_only_time_zone() -> None:
    nowhere = replace(LONDON, country=None, region=None)
    assert set(told(nowhere, "uk", at("2026-07-01T06:59:00Z"))) == {"uk-hours"}
    assert told(nowhere, "uk", at("2026-07-01T07:00:00Z")) == {}
    assert set(told(nowhere, "au", at("2026-07-01T12:00:00Z"))) == {"au-hours"}


def test_a_time_zone_that_does_not_exist_is_as_none() -> None:
    for name in ("Mars/Olympus", "../etc/passwd", "/etc/passwd", "America"):
        account = replace(LONDON, time_zone=name)
        assert told(account, "uk", at("2026-11-25T12:00:00Z")) == {}


def test_every_part_of_a_country_has_its_zones_and_every_zone_its_part() -> None:
    for country, outside in (("US", {"UM"}), ("AU", {"NSW Western"})):
        parts = {code[3:]: zones for code, zones in BOOK.zones.items() if code[:3] == f"{country}-"}
        named = set(holidays.country_holidays(country).subdivisions)
        assert parts.keys() == named - outside
        told_of = {zone for zones in parts.values() for zone in zones}
        assert told_of >= set(time_zones.of_countries()[country])


# What holds at any time, anywhere.

ZONES = [
    *("America/New_York", "America/St_Johns", "Asia/Kolkata", "Australia/Lord_Howe"),
    *("Australia/Eucla", "Pacific/Kiritimati", "Pacific/Pago_Pago", "Europe/London"),
    *("Africa/Casablanca", "America/Santiago", "Asia/Kathmandu", "Australia/Adelaide"),
]
moments = st.datetimes(
    datetime.datetime(2023, 12, 1),  # noqa: DTZ001
    datetime.datetime(2029, 3, 2),  # noqa: DTZ001
    timezones=st.just(UTC),
)
zones = st.sampled_from(ZONES)


@given(moments, zones, st.sampled_from(ZONES))
def test_hours_are_those_of_their_own_day_whatever_the_clock_at_the_desk(
    now: datetime.datetime, zone: str, desk: str
) -> None:
    account = replace(NEW_YORK, time_zone=zone)
    answer = told(account, "us", now.astimezone(ZoneInfo(desk))).get("us-hours")
    local = now.astimezone(ZoneInfo(zone))
    assert (answer is None) == (8 <= local.hour < 21)
    assert answer == told(account, "us", now).get("us-hours")
    if answer:
        assert answer.until is not None
        opens = answer.until.astimezone(UTC)
        assert now < opens <= now + datetime.timedelta(hours=12)
        assert "us-hours" not in told(account, "us", opens)
        assert "us-hours" in told(account, "us", opens - MINUTE)


@given(moments, st.sampled_from(sorted(code for code in BOOK.zones if code.startswith("US"))))
def test_a_part_of_a_country_is_rung_when_all_of_it_may_be(
    now: datetime.datetime, code: str
) -> None:
    account = replace(NEW_YORK, region=code[3:] or None)
    there = told(account, "us", now)
    each = [told(replace(NEW_YORK, time_zone=zone), "us", now) for zone in BOOK.zones[code]]
    assert ("us-hours" in there) == any("us-hours" in answers for answers in each)
    if "us-hours" in there:
        opens = there["us-hours"].until
        assert opens is not None
        assert "us-hours" not in told(account, "us", opens)
        assert "us-hours" in told(account, "us", opens - MINUTE)


@st.composite
def histories(draw: st.DrawFn) -> tuple[datetime.datetime, str, tuple[Contact, ...]]:
    now, zone = draw(moments), draw(zones)
    ages = draw(st.lists(st.integers(0, 14 * 24 * 60), max_size=14))
    local = draw(st.booleans())
    times = [now - age * MINUTE for age in ages]
    if local:
        times = [time.astimezone(ZoneInfo(zone)).replace(tzinfo=None) for time in times]
    return now, zone, tuple(Contact(time, reached=draw(st.booleans())) for time in times)


def days_ago(contacts: Sequence[Contact], now: datetime.datetime, zone: str) -> list[int]:
    there = ZoneInfo(zone)
    today = now.astimezone(there).date()
    whens = [c.at.astimezone(there) if c.at.tzinfo else c.at for c in contacts]
    return [(today - when.date()).days for when in whens]


@pytest.mark.parametrize(
    ("call", "counts"),
    [
        ("2026-11-19T05:00:00+00:00", True),  # 00:00 on the 19th in New York
        ("2026-11-19T04:59:00+00:00", False),
        ("2026-11-19T00:00:00", True),  # told in their own time
        ("2026-11-18T23:59:00", False),
        ("2026-11-26T04:59:00+00:00", True),  # 23:59 on the 25th there
    ],
)
def test_a_call_counts_on_the_day_that_it_was_where_they_are(call: str, counts: bool) -> None:
    account = replace(NEW_YORK, contacts=tried(*[call] * 7))
    assert ("us-seven-calls" in told(account, "us", at("2026-11-25T12:00:00-05:00"))) == counts


@given(histories())
def test_the_united_states_count_calls_on_the_last_seven_days_of_theirs(
    history: tuple[datetime.datetime, str, tuple[Contact, ...]],
) -> None:
    now, zone, contacts = history
    account = replace(NEW_YORK, time_zone=zone, contacts=contacts)
    ages = days_ago(contacts, now, zone)
    answers = told(account, "us", now)
    assert ("us-seven-calls" in answers) == (sum(age < 7 for age in ages) >= 7)
    spoken = days_ago([c for c in contacts if c.reached], now, zone)
    assert ("us-after-a-conversation" in answers) == any(age < 7 for age in spoken)
    for rule in ("us-seven-calls", "us-after-a-conversation"):
        if rule in answers:
            ends = answers[rule].until
            assert ends is not None
            assert now < ends < now + 8 * DAY
            assert told(account, "us", ends).keys() <= {"us-holiday"}


@given(histories())
def test_a_rolling_week_is_never_laxer_than_that_of_the_calendar(
    history: tuple[datetime.datetime, str, tuple[Contact, ...]],
) -> None:
    now, zone, contacts = history
    answers = told(replace(MELBOURNE, time_zone=zone, contacts=contacts), "au", now)
    ages = days_ago([c for c in contacts if c.reached], now, zone)
    today = now.astimezone(ZoneInfo(zone)).date()
    assert ("au-three-a-week" in answers) == (sum(age < 7 for age in ages) >= 3)
    if sum(age <= today.weekday() for age in ages) >= 3:
        assert "au-three-a-week" in answers
    if sum(age < today.day for age in ages) >= 10:
        assert "au-ten-a-month" in answers


@pytest.mark.parametrize(
    ("today", "oldest"),
    [
        ("2026-11-25", "2026-10-26"),
        ("2026-12-31", "2026-12-01"),
        ("2026-03-31", "2026-03-01"),
        ("2028-03-29", "2028-03-01"),
        ("2028-03-28", "2028-02-29"),
        ("2028-02-29", "2028-01-30"),
        ("2027-03-01", "2027-02-02"),
    ],
)
def test_a_month_goes_back_to_the_day_after_this_one_a_month_ago(today: str, oldest: str) -> None:
    now, first = at(f"{today}T12:00:00+11:00"), datetime.date.fromisoformat(oldest)

    def letters(on: datetime.date) -> Account:
        noon = datetime.datetime.combine(on, datetime.time(12))
        written = tuple(Contact(noon, channel="letter") for _ in range(10))
        return replace(MELBOURNE, contacts=written)

    assert "au-ten-a-month" in told(letters(first), "au", now)
    assert "au-ten-a-month" not in told(letters(first - DAY), "au", now)


@given(moments, zones, st.times(), st.times())
def test_wished_times_go_over_midnight_too(
    now: datetime.datetime, zone: str, earliest: datetime.time, latest: datetime.time
) -> None:
    wishes = Wishes(earliest=earliest, latest=latest)
    account = replace(LONDON, time_zone=zone, wishes=wishes)
    answer = told(account, "general", now).get("general-wish-times")
    clock = now.astimezone(ZoneInfo(zone)).time()
    if earliest < latest:
        assert (answer is None) == (earliest <= clock < latest)
    elif latest < earliest:
        assert (answer is None) == (not latest <= clock < earliest)
    if answer and answer.until:
        assert "general-wish-times" not in told(account, "general", answer.until)


@given(moments, zones, st.sampled_from(["us", "uk", "au", "general"]), histories())
def test_answers_are_whole_sentences_the_stopping_ones_first(
    now: datetime.datetime,
    zone: str,
    pack: str,
    history: tuple[datetime.datetime, str, tuple[Contact, ...]],
) -> None:
    account = Account(time_zone=zone, contacts=history[2], disputed=True, ceased=("work",))
    answers = may_ring(BOOK, account, pack, now)
    assert len({answer.what for answer in answers}) == len(answers)
    verdicts = [answer.verdict for answer in answers]
    assert verdicts == sorted(verdicts, reverse=True)
    for answer in answers:
        for text in (answer.what, answer.why):
            assert text[0].isupper()
            assert text[-1] in ".?"
            assert "{" not in text
        assert answer.until is None or answer.until > now


def test_a_local_time_that_the_clocks_skip_is_not_waited_for(tmp_path: Path) -> None:
    book = pack(tmp_path, GOOD.replace('"08:00"', '"02:30"'))
    account = Account(time_zone="America/New_York")
    (answer,) = may_ring(book, account, "general", at("2026-03-08T01:00:00-05:00"))
    assert answer.until == at("2026-03-08T03:30:00-04:00")


# Packs of their own.

GOOD = """\
pack: ours
version: "1"
zones:
  US-ID: [America/Boise, America/Los_Angeles]
dialling:
  - kind: hours
    id: ours-hours
    verdict: stop
    windows: [{earliest: "08:00", latest: "20:00"}]
    what: It is {time} there.
    why: We keep these hours.
    asks: What time is it there?
    source: Our own
"""


def pack(tmp_path: Path, text: str) -> Rulebook:
    file = tmp_path / "ours.yaml"
    file.write_text(text, encoding="utf-8")
    return packs.load(file)


def test_a_pack_of_ones_own_has_its_hours(tmp_path: Path) -> None:
    book = pack(tmp_path, GOOD)
    (answer,) = may_ring(book, Account(country="US", region="ID"), "general", at("2026-11-25T12Z"))
    assert answer.until == at("2026-11-25T08:00:00-08:00")
    assert book.places["ours-hours"].endswith("ours.yaml:6:5")


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("windows:", "window:", "9:5: window: unknown key"),
        ('"20:00"', '"24:00"', "9:35: latest: Expected `str` matching regex"),
        ('"20:00"', '"07:00"', "9:15: windows: `latest`, 07:00, must be after `earliest`, 08:00"),
        ("{time}", "{wish}", "6:5: dialling: no placeholder {wish}; there are {time}"),
        ("    asks: What time is it there?\n", "", "6:5: asks: missing"),
        ("kind: hours", "kind: hour", "6:5: kind: Invalid value 'hour'"),
        ("verdict: stop", "verdict: warn", "8:5: verdict: Invalid enum value 'warn'"),
        ("America/Boise", "America/Boisy", "4:11: US-ID: there is no time zone America/Boisy"),
        ("zones:", "replaces: [nothing]\nzones:", "3:12: replaces: there is no rule nothing"),
    ],
)
def test_a_fault_is_told_at_its_place(tmp_path: Path, old: str, new: str, fault: str) -> None:
    with pytest.raises(RulebookError) as caught:
        pack(tmp_path, GOOD.replace(old, new, 1))
    assert caught.value.faults[0].removeprefix(f"{tmp_path}/ours.yaml:").startswith(fault)


def test_an_id_is_one_rules_alone(tmp_path: Path) -> None:
    twice = GOOD + GOOD[GOOD.index("  - kind") :]
    with pytest.raises(RulebookError, match=r"ours.yaml:15:5: id: ours-hours is taken already"):
        pack(tmp_path, twice)


def test_a_packs_rules_hold_under_it_alone_and_replace_others() -> None:
    night = at("2026-11-25T03:00:00Z")
    assert set(told(LONDON, "uk", night)) == {"uk-hours"}
    assert set(told(LONDON, "general", night)) == {"general-hours"}


def test_a_country_whose_holidays_nobody_knows_is_told_apart_from_one_without() -> None:
    with pytest.raises(LookupError):
        public_holidays.name_of("XX", None, datetime.date(2026, 12, 25))
    assert public_holidays.name_of("AU", "Atlantis", datetime.date(2026, 12, 24)) is None
