"""Promises are kept or not by the creditor's own records, and by nothing else."""

import datetime
from decimal import Decimal
from pathlib import Path

import pytest
from conftest import Run
from filed_calls import DAY, a_call
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from agentassist.account import Account, Payment
from agentassist.archive.filing import file_call
from agentassist.archive.opening import Archive, open_file
from agentassist.archive.settling import settle, unsettled
from agentassist.archive.tables import promises
from agentassist.report.settling import Promised, Records, grace, settled
from agentassist.vocabulary import Party

PROMISES: tuple[tuple[Party, str], ...] = (
    ("agent", "What could you pay?"),
    ("caller", "I will pay forty pounds on the twenty seventh of March."),
)
DUE = datetime.date(2026, 3, 27)
ALL = Records(datetime.date(2026, 3, 1), datetime.date(2026, 4, 30))
NO_GRACE = datetime.timedelta()
FORTY = Decimal(40)


def _day(number: int) -> datetime.date:
    return DAY + datetime.timedelta(days=number)


def _promised(due: int, amount: int = 40, call: str = "one", made: int = 0) -> Promised:
    return Promised(call, 0, _day(made), _day(due), Decimal(amount))


def _paid(*told: tuple[int, int]) -> list[Payment]:
    return [Payment(_day(day), Decimal(amount)) for day, amount in told]


def _standings(promised: list[Promised], paid: list[Payment], records: Records = ALL) -> list[str]:
    return [each.standing for each in settled(promised, paid, records, grace())]


@pytest.mark.parametrize(
    ("paid", "standing"),
    [
        ([(10, 40)], "kept"),
        ([(2, 15), (10, 25)], "kept"),
        ([(13, 40)], "kept"),
        ([(14, 40)], "unpaid"),
        ([(-1, 40)], "unpaid"),
        ([(10, 39)], "partly"),
        ([(9, 40), (10, -40)], "unpaid"),
        ([], "unpaid"),
    ],
)
def test_a_promise_is_kept_by_what_is_paid_from_its_call_to_its_day_and_the_grace(
    paid: list[tuple[int, int]], standing: str
) -> None:
    assert _standings([_promised(10)], _paid(*paid)) == [standing]


def test_a_payment_counts_once() -> None:
    two = [_promised(10, call="one"), _promised(12, call="two")]
    assert _standings(two, _paid((9, 40))) == ["kept", "unpaid"]
    assert _standings(two, _paid((9, 60))) == ["kept", "partly"]


def test_a_promise_that_is_said_again_is_one_promise() -> None:
    again = [_promised(10, call="one"), _promised(10, call="two", made=5)]
    assert _standings(again, _paid((3, 40))) == ["kept", "kept"]


def test_what_the_records_do_not_reach_over_is_not_told_to_be_broken() -> None:
    short = Records(_day(1), _day(30))
    assert _standings([_promised(10)], [], short) == ["waiting"]
    assert _standings([_promised(10)], _paid((5, 40)), short) == ["kept"]
    assert _standings([_promised(10)], [], Records(_day(0), _day(12))) == ["waiting"]


@given(
    st.lists(st.tuples(st.integers(0, 30), st.integers(1, 90)), max_size=6, unique=True),
    st.lists(st.tuples(st.integers(0, 30), st.integers(1, 90)), max_size=6),
)
def test_no_more_is_told_to_be_paid_than_was_paid(
    due: list[tuple[int, int]], paid: list[tuple[int, int]]
) -> None:
    promised = [_promised(day, amount, str(n)) for n, (day, amount) in enumerate(due)]
    told = list(settled(promised, _paid(*paid), ALL, grace()))
    assert sum(each.paid for each in told) <= sum(amount for _, amount in paid)
    assert all((each.standing == "kept") == (each.paid == each.promise.amount) for each in told)


def _with_promise(archive: Archive, call: str, account: str) -> None:
    filed = a_call(call, lines=PROMISES, account=Account(id=account) if account else None)
    assert [(row["amount"], row["due"]) for row in filed.promises] == [(FORTY, DUE)]
    file_call(archive, filed)


def _kept(archive: Archive) -> dict[str, bool | None]:
    with archive.reading() as connection:
        rows = connection.execute(select(promises.c.call, promises.c.kept))
        return {row.call: row.kept for row in rows}


def test_settling_writes_what_is_known_and_leaves_the_rest_open(archive: Archive) -> None:
    for call, account in (("kept", "A1"), ("broken", "A2"), ("unknown", "")):
        _with_promise(archive, call, account)
    assert unsettled(archive) == (2, 1)
    settle(archive, {"A1": [Payment(DUE, FORTY)]}, ALL, NO_GRACE)
    assert _kept(archive) == {"kept": True, "broken": False, "unknown": None}
    assert unsettled(archive) == (0, 1)


def test_payments_in_two_tables_settle_as_in_one(archive: Archive) -> None:
    _with_promise(archive, "first", "A1")
    _with_promise(archive, "second", "A2")
    settle(archive, {"A1": [Payment(DUE, FORTY)]}, ALL, NO_GRACE)
    settle(archive, {"A2": [Payment(DUE, FORTY)]}, ALL, NO_GRACE)
    assert _kept(archive) == {"first": True, "second": True}


def test_the_command_reads_a_table_of_a_crm_and_tells_what_it_settled(
    run: Run, tmp_path: Path
) -> None:
    file = tmp_path / "calls.sqlite"
    archive = open_file(file)
    for call, account in (("kept", "A1"), ("partly", "A2"), ("unpaid", "A3"), ("nobody", "")):
        _with_promise(archive, call, account)
    table = tmp_path / "payments.csv"
    table.write_text(
        "Acct No;Paid on;Amount paid\nA9;01/03/2026;1\nA1;28/03/2026;40.00\nA2;20/03/2026;£10\n"
        "A9;30/04/2026;1\n"
    )
    done = run("archive", "payments", table, "--dates", "day-first", "--db", file)
    assert (done.code, done.err) == (0, "")
    assert "1 kept, 1 paid in part, which is not kept, 1 not paid" in done.out
    assert "A2: 10.00 of 40.00, promised for 2026-03-27" in done.out
    assert "1 without a sum, a day or an account" in done.out
    told = {"kept": True, "partly": False, "unpaid": False, "nobody": None}
    assert _kept(archive) == told
    archive.close()


def test_a_bad_row_is_named_and_the_good_ones_are_used(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "calls.sqlite"
    archive = open_file(file)
    _with_promise(archive, "one", "A1")
    table = tmp_path / "payments.csv"
    table.write_text("account,date,amount\nA1,2026-03-27,40\nA2,soon,40\nA3,,40\n")
    done = run("archive", "payments", table, "--until", "2026-04-30", "--db", file)
    assert done.code == 1
    assert "payments.csv:3: date: " in done.err
    assert "payments.csv:4: no date in it" in done.err
    assert _kept(archive) == {"one": True}
    archive.close()


def test_before_the_grace_is_over_nothing_is_told_not_even_what_was_paid(archive: Archive) -> None:
    _with_promise(archive, "one", "A1")
    paid = {"A1": [Payment(DUE, FORTY)]}
    assert settle(archive, paid, Records(DAY, DUE), grace()) == ()
    assert _kept(archive) == {"one": None}


def test_a_table_without_a_payment_is_refused(run: Run, tmp_path: Path) -> None:
    table = tmp_path / "payments.csv"
    table.write_text("account,date,amount\n")
    done = run("archive", "payments", table, "--db", tmp_path / "calls.sqlite")
    assert done.code == 1
    assert "no payment in it; with --since and --until it may have none" in done.err
