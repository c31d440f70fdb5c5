"""The brief: what it tells of an account, what it names as missing, and what it suggests."""

import datetime
from decimal import Decimal

import pytest
from msgspec.structs import replace

from agentassist.account import (
    Account,
    Contact,
    EarlierNote,
    EarlierPromise,
    Payment,
    Representative,
    Wishes,
)
from agentassist.brief import Brief, brief
from agentassist.commands import desk
from agentassist.packs import load
from tests.conftest import Run

NOW = datetime.datetime(2026, 3, 12, 9, 30, tzinfo=datetime.UTC)
DAY = NOW.date()

DANA = Account(
    id="4711",
    name="Dana Cole",
    creditor="Northern Water",
    balance=Decimal("482.10"),
    currency="GBP",
    origin="water supplied until January",
    country="GB",
    time_zone="Europe/London",
    role="third_party",
    principal=Decimal("460.10"),
    fees=Decimal("22.00"),
    interest=Decimal(0),
    due_since=datetime.date(2025, 1, 31),
    payments=tuple(Payment(datetime.date(2025, n, 5), Decimal(20)) for n in range(2, 7)),
    promises=(
        EarlierPromise(datetime.date(2025, 12, 1), Decimal(40), kept=True),
        EarlierPromise(datetime.date(2026, 2, 1), Decimal(40), kept=False),
    ),
    contacts=(
        Contact(NOW - datetime.timedelta(days=2), reached=False),
        Contact(NOW - datetime.timedelta(days=30), reached=True),
    ),
    notes=tuple(EarlierNote(datetime.date(2026, n, 1), f"Note {n}") for n in (1, 2)),
    documents=("final bill of January",),
    wishes=Wishes(("email",), earliest=datetime.time(18), not_on=("sun",)),
    ceased=("work",),
    representative=Representative("Lee Ward", "debt_adviser", "0808 1"),
    support_needs=("speak slowly",),
    hardship_arrangement=False,
)


def told(page: Brief, title: str) -> list[str]:
    return [line for section in page.sections if section.title == title for line in section.lines]


def test_a_page_tells_what_is_owed_and_whether_its_parts_add_up() -> None:
    page = brief(DANA, "uk", NOW)
    assert page.who == "Dana Cole · 482.10 GBP · Northern Water"
    assert told(page, "Owed") == [
        "482.10 GBP: debt 460.10, fees 22.00, interest 0.00",
        "From water supplied until January",
        "Overdue since Fri 31 Jan 2025 (1 year, 1 month)",
    ]
    off = brief(replace(DANA, fees=Decimal(20)), "uk", NOW)
    assert told(off, "Owed")[0].endswith("together 2.00 less than the balance")


def test_histories_are_told_by_their_latest_and_counted() -> None:
    page = brief(DANA, "uk", NOW)
    assert told(page, "Promises") == [
        "1 of 2 kept", "Sun 1 Feb 2026: 40.00 GBP, BROKEN", "Mon 1 Dec 2025: 40.00 GBP, kept",
    ]  # fmt: skip
    assert told(page, "Payments")[0] == "Thu 5 Jun 2025: 20.00 GBP"
    assert told(page, "Payments")[-1] == "100.00 GBP in 5 payments"
    assert told(page, "Contact")[0] == "1 call in the last seven days"
    assert told(page, "Earlier notes") == ["Sun 1 Feb 2026: Note 2", "Thu 1 Jan 2026: Note 1"]


def test_what_they_asked_for_and_who_speaks_for_them_is_told() -> None:
    page = brief(DANA, "uk", NOW)
    assert told(page, "Asked for") == [
        "Prefers email", "Ring after 18:00", "Not on Sun", "Stop: work",
        "Spoken for by Lee Ward, debt adviser, 0808 1",
    ]  # fmt: skip
    assert "Somebody speaks for them: talk to that person alone." in page.warnings
    assert told(page, "Helps them") == ["speak slowly"]
    assert told(page, "At hand") == ["final bill of January"]


def test_what_is_not_known_is_named_with_what_it_is_needed_for() -> None:
    page = brief(Account(id="1"), "general", NOW)
    assert "the balance, to say what is owed, and for plans" in page.missing
    assert len(page.missing) == 8
    assert page.sections == ()
    assert brief(DANA, "uk", NOW).missing == ()


@pytest.mark.parametrize(
    ("account", "objective"),
    [
        (DANA, "follow_up"),
        (replace(DANA, promises=(EarlierPromise(datetime.date(2026, 3, 1)),)), "follow_up"),
        (replace(DANA, promises=(EarlierPromise(datetime.date(2026, 4, 1)),)), "confirm"),
        (replace(DANA, promises=(), disputed=True), "gather"),
        (replace(DANA, promises=()), "negotiate"),
        (replace(DANA, hardship_arrangement=True), "confirm"),
        (Account(), "gather"),
    ],
)
def test_what_the_call_should_be_for_follows_from_what_was_before(
    account: Account, objective: str
) -> None:
    page = brief(account, "uk", NOW)
    assert page.objective == objective
    assert page.reason


def test_the_rules_of_the_persons_country_say_whether_they_may_be_rung() -> None:
    early = desk.briefed(
        replace(DANA, country="US", region="NY", time_zone=None), load(), "", NOW.replace(hour=11)
    )
    assert any("1006.6(b)" in answer.source for answer in early.stops)
    (first, *_) = early.stops
    assert first.what


def test_the_command_prints_the_page_and_nothing_that_moves_a_terminal(run: Run) -> None:
    done = run("brief", "4711", "--at", "2026-03-12 12:30")
    assert done.code == 0
    assert done.out.startswith("Account 4711\n")
    assert "Not known" in done.out
    assert "Suggested: learn how things are" in done.out
    assert '"objective":"gather"' in run("brief", "4711", "--json").out
    assert run("brief", "no such/number").code == 2
