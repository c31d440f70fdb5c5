"""The brief: what it tells of an account, what it names as missing, and what it suggests."""

import datetime
import json
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
from agentassist.store.chain import Chain
from agentassist.store.records import Correction
from tests.conftest import Run
from tests.test_records import record

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


ALONE = replace(DANA, representative=None)
"""Nobody speaks for her."""


def told(page: Brief, title: str) -> list[str]:
    return [line for section in page.sections if section.title == title for line in section.lines]


def test_a_page_tells_what_is_owed_and_whether_its_parts_add_up() -> None:
    page = brief(DANA, "uk", NOW)
    assert page.who == "Dana Cole · £482.10 · Northern Water"
    assert told(page, "Owed") == [
        "£482.10: debt £460.10, fees £22.00, interest £0.00",
        "From water supplied until January",
        "Overdue since Fri 31 Jan 2025 (1 year, 1 month)",
        "You ring as a collector for the creditor",
    ]
    off = brief(replace(DANA, fees=Decimal(20)), "uk", NOW)
    assert told(off, "Owed")[0].endswith("together £2.00 less than the balance")


def test_histories_are_told_by_their_latest_and_counted() -> None:
    page = brief(DANA, "uk", NOW)
    assert told(page, "Promises") == [
        "1 of 2 kept", "Sun 1 Feb 2026: £40.00, BROKEN", "Mon 1 Dec 2025: £40.00, kept",
    ]  # fmt: skip
    assert told(page, "Payments")[0] == "Thu 5 Jun 2025: £20.00"
    assert told(page, "Payments")[-1] == "£100.00 in 5 payments"
    assert told(page, "Contact")[0] == "1 call to them in the last seven days"
    assert told(page, "Earlier notes") == ["Sun 1 Feb 2026: Note 2", "Thu 1 Jan 2026: Note 1"]


def test_tries_of_this_week_are_those_made_to_them_by_telephone() -> None:
    days = [NOW - datetime.timedelta(days=day) for day in (1, 2, 3, 8, -1)]
    tried = [Contact(at, reached=False) for at in days]
    others = (Contact(days[0], direction="inbound"), Contact(days[0], "letter"))
    page = brief(replace(DANA, contacts=(*tried, *others)), "uk", NOW)
    assert told(page, "Contact") == ["3 calls to them in the last seven days"]
    once = brief(replace(DANA, contacts=(tried[3],)), "uk", NOW)
    assert told(once, "Contact")[-1] == "Tried once, never reached"
    midnight = Contact(datetime.datetime(2026, 3, 2), reached=True)  # noqa: DTZ001
    reached = brief(replace(DANA, contacts=(midnight,)), "uk", NOW)
    assert told(reached, "Contact")[-1] == "Last spoken to on Mon 2 Mar 2026"


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
        (ALONE, "follow_up"),
        (replace(ALONE, promises=(EarlierPromise(datetime.date(2026, 3, 1)),)), "follow_up"),
        (replace(ALONE, promises=(EarlierPromise(datetime.date(2026, 4, 1)),)), "confirm"),
        (replace(ALONE, promises=()), "negotiate"),
        (replace(ALONE, promises=(), contacts=()), "gather"),
        (replace(ALONE, hardship_arrangement=True), "confirm"),
        (replace(ALONE, hardship_arrangement=True, moratorium=True), "gather"),
        (replace(ALONE, disputed=True), "gather"),
        (replace(ALONE, insolvent=True), "gather"),
        (DANA, "gather"),
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


def test_notes_that_were_approved_at_this_desk_stand_among_the_earlier_ones() -> None:
    chain = Chain(desk.data_folder() / "records")
    for number, name in (("4711", "Dana"), ("47", "Tom"), ("4711", "Dana")):
        made = record(name)
        account = Account(name=name, id=number)
        chain.append(replace(made, call=replace(made.call, account=account)))
    wrong = next(chain.entries())
    chain.append(replace(wrong.record, corrects=Correction(1, wrong.hash, "It was 40")))
    with next(iter(chain.files())).open("ab") as file:
        file.write(b'"id":"4711" torn')
    page = desk.briefed(replace(DANA, notes=None), load(), "", NOW)
    assert told(page, "Earlier notes") == [
        "Thu 12 Mar 2026: promise to pay, £40.00 promised (note 3)",
        "Thu 12 Mar 2026: promise to pay, £40.00 promised (note 4)",
    ]
    tom = desk.briefed(Account(id="47"), load(), "", NOW)
    assert len(told(tom, "Earlier notes")) == 1
    assert told(desk.briefed(Account(), load(), "", NOW), "Earlier notes") == []


def test_the_command_prints_the_page_and_nothing_that_moves_a_terminal(run: Run) -> None:
    done = run("brief", "4711", "--at", "2026-03-12 12:30")
    assert done.code == 0
    assert done.out.startswith("Account 4711\n")
    assert "Not known" in done.out
    assert "Suggested: learn how things are" in done.out
    assert json.loads(run("brief", "4711", "--json").out)["objective"] == "gather"
    assert "4711 is not in your list" in done.err
    assert run("brief", "no such/number").code == 2
