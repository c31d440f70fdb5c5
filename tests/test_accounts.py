"""Accounts from a CRM: tables and records as people export them, and the list that keeps them."""

import datetime
import json
import stat
import sys
from contextlib import suppress
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentassist.account import Account, Payment
from agentassist.commands.accounts import account_named, account_numbered
from agentassist.crm import reading
from agentassist.crm.account_list import NAME, AccountList, listed, open_list
from agentassist.crm.fields import CellError, value_of
from agentassist.errors import MendableError
from tests.conftest import Run

TABLE = """Acct No;Customer Name;Amt Due;CCY;Due Date;Breathing Space;Colour
4711;Dana Cole;1.482,10;GBP;27.03.2025;no;red
4712;Sam Reed;64;GBP;28.04.2025;yes;blue
"""


@pytest.fixture
def table(tmp_path: Path) -> Path:
    file = tmp_path / "crm.csv"
    file.write_text(TABLE, encoding="utf-8")
    return file


@pytest.mark.parametrize(
    ("cell", "amount"),
    [
        ("482.10", "482.10"), ("£1,482.10", "1482.10"), ("1.482,10 ", "1482.10"), ("64", "64"),
        ("1'250.00", "1250.00"), ("12,345", "12345"), ("1.234.567", "1234567"), ("0,5", "0.5"),
        ("(12.00)", "-12.00"), ("-3", "-3"), ("USD 7.5", "7.5"), ("$ 1 200", "1200"),
    ],
)  # fmt: skip
def test_a_sum_is_read_as_it_is_written_anywhere(cell: str, amount: str) -> None:
    assert value_of("balance", cell, None) == Decimal(amount)


@pytest.mark.parametrize("cell", ["a lot", "12.345", "1.2.3,4,5", "12 %", "--4", "1e5"])
def test_a_sum_that_may_be_another_is_refused(cell: str) -> None:
    with pytest.raises(CellError):
        value_of("balance", cell, None)


@given(st.decimals(0, 10**9, places=2), st.sampled_from(["{:,.2f}", "{:.2f}", "EUR {:,.2f}"]))
def test_every_sum_that_is_written_with_its_cents_is_read_back(sum_: Decimal, form: str) -> None:
    text = form.format(sum_)
    assert value_of("fees", text, None) == sum_
    assert value_of("fees", text.translate(str.maketrans(",.", ".,")), None) == sum_


@given(st.dates(datetime.date(1990, 1, 1), datetime.date(2049, 12, 31)))
def test_a_day_is_read_in_the_order_that_was_said_and_never_guessed(day: datetime.date) -> None:
    assert value_of("due_since", day.isoformat(), None) == day
    assert value_of("due_since", f"{day:%d/%m/%Y}", "day-first") == day
    assert value_of("due_since", f"{day:%m/%d/%Y}", "month-first") == day
    if day.day <= 12 and day.day != day.month:
        with pytest.raises(CellError, match="--dates"):
            value_of("due_since", f"{day:%d/%m/%Y}", None)
    else:
        assert value_of("due_since", f"{day:%d.%m.%Y}", None) == day


def test_a_cell_is_what_its_field_is() -> None:
    assert value_of("disputed", "Yes", None) is True
    assert value_of("disputed", "n", None) is False
    assert value_of("disputed", "  ", None) is None
    assert value_of("role", "Debt buyer", None) == "debt_buyer"
    assert value_of("ceased", "work; evening", None) == ("work", "evening")
    with pytest.raises(CellError, match="say yes or no"):
        value_of("disputed", "perhaps", None)
    with pytest.raises(CellError, match="first_party, third_party or debt_buyer"):
        value_of("role", "friend", None)


def test_columns_are_known_by_the_names_that_systems_give_them(table: Path) -> None:
    found = reading.table(table)
    fields = reading.mapping(found.columns, {})
    assert fields["Amt Due"] == "balance"
    assert "Colour" not in fields
    line, row = found.rows[0]
    assert line == 2
    assert reading.account(row, fields, line, None) == Account(
        id="4711", name="Dana Cole", balance=Decimal("1482.10"), currency="GBP",
        due_since=datetime.date(2025, 3, 27), moratorium=False,
    )  # fmt: skip


def test_two_columns_for_one_field_are_asked_about_and_one_that_was_told_wins() -> None:
    columns = ("id", "balance", "amount due")
    with pytest.raises(MendableError, match='--map "amount due=balance"'):
        reading.mapping(columns, {})
    assert reading.mapping(columns, {"amount due": "balance"}) == {
        "amount due": "balance", "id": "id",
    }  # fmt: skip
    with pytest.raises(MendableError, match="no column 'x'"):
        reading.mapping(columns, {"x": "balance"})
    with pytest.raises(MendableError, match="an account has no 'colour'"):
        reading.mapping(columns, {"balance": "colour"})


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_a_table_is_read_in_the_encodings_of_spreadsheets(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "crm.csv"
    file.write_bytes('id,name\r\n1,Zoë\r\n\r\n2,"Two\nlines"\r\n3,Kim\r\n'.encode(encoding))
    rows = reading.table(file).rows
    assert [row["name"] for _, row in rows] == ["Zoë", "Two\nlines", "Kim"]
    assert [line for line, _ in rows] == [2, 4, 6]


def test_bad_rows_are_told_by_line_and_do_not_stop_the_good_ones(run: Run, table: Path) -> None:
    table.write_text(TABLE + "4713;Kim;a lot;GBP;;;\n;Nobody;1;GBP;;;\n", encoding="utf-8")
    done = run("accounts", "import", table)
    assert done.code == 1
    assert done.out == "2 accounts brought in; 2 are known\n"
    assert f"{table}:4: Amt Due: not a sum; write 1234.50" in done.err
    assert f"{table}:5: no account number in it" in done.err
    assert "Colour" in done.err
    assert "a lot" not in done.err
    assert run("accounts", "import", table, "--strict").code == 1


def test_what_a_column_holds_is_told_once_and_remembered(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "odd.csv"
    file.write_text("Key,Kto\n4711,12.50\n", encoding="utf-8")
    refused = run("accounts", "import", file)
    assert refused.code == 2
    assert '--map "COLUMN=id"' in refused.err
    assert run("accounts", "import", file, "--map", "Key=id", "--map", "Kto=balance").code == 0
    file.write_text("Kto,Key\n20,4712\n", encoding="utf-8")
    assert run("accounts", "import", file).code == 0
    assert account_numbered("4712").balance == Decimal(20)


def test_an_account_is_known_by_its_number_from_then_on(run: Run, table: Path) -> None:
    assert account_numbered("4711") == Account(id="4711")
    run("accounts", "import", table)
    assert account_numbered("4711").name == "Dana Cole"
    assert "4712" in run("accounts", "list", "--search", "reed").out
    assert json.loads(run("accounts", "show", "4711").out)["balance"] == "1482.10"
    assert run("accounts", "show", "99").code == 1
    assert run("accounts", "remove", "4711", "99").code == 1
    assert run("accounts", "remove", "--all").out == "1 taken out\n"
    assert run("accounts", "remove").code == 2


def test_a_record_or_a_row_of_a_table_stands_for_its_account(table: Path, tmp_path: Path) -> None:
    assert account_named(f"{table}#4712").name == "Sam Reed"
    with pytest.raises(MendableError, match="2 accounts; name one of them"):
        account_named(str(table))
    with pytest.raises(MendableError, match="no account 9 in it"):
        account_named(f"{table}#9")
    record = tmp_path / "dana.json"
    record.write_text('{"name": "Dana", "balance": 3}', encoding="utf-8")
    assert account_named(str(record)).balance == 3


def test_a_list_of_records_brings_histories_that_a_later_table_leaves(
    run: Run, table: Path, tmp_path: Path
) -> None:
    file = tmp_path / "crm.json"
    paid = {"date": "2026-01-05", "amount": "20.00"}
    file.write_text(json.dumps([{"id": "4711", "payments": [paid]}, {"name": "No number"}]))
    done = run("accounts", "import", file)
    assert done.code == 1
    assert "no `id` in it" in done.err
    run("accounts", "import", table)
    known = account_numbered("4711")
    assert known.payments == (Payment(datetime.date(2026, 1, 5), Decimal("20.00")),)
    assert known.name == "Dana Cole"


def test_a_table_of_balances_takes_no_wish_away(tmp_path: Path) -> None:
    stop = value_of("ceased", "Yes", None)
    with open_list(tmp_path) as accounts:
        accounts.add([Account(id="1", ceased=stop)])
        accounts.add([Account(id="1", balance=Decimal(5))])
    known = listed(tmp_path, "1")
    assert known
    assert (known.ceased, known.balance) == (("all",), 5)


@pytest.mark.skipif(sys.platform == "win32", reason="of modes of files")
def test_the_list_is_for_its_user_only_and_kept_whole_or_not_at_all(tmp_path: Path) -> None:
    with open_list(tmp_path) as accounts:
        accounts.add([Account(id="1")])
    assert stat.S_IMODE((tmp_path / NAME).stat().st_mode) == 0o600
    with suppress(RuntimeError), AccountList(tmp_path) as accounts:
        accounts.add([Account(id="2")])
        raise RuntimeError
    assert listed(tmp_path, "1")
    assert listed(tmp_path, "2") is None
    (tmp_path / NAME).write_bytes(b"not a database at all, and long enough to be looked at" * 40)
    with pytest.raises(MendableError, match="can't be used"):
        listed(tmp_path, "1")


def test_words_that_are_sought_are_no_pattern(tmp_path: Path) -> None:
    with open_list(tmp_path) as accounts:
        accounts.add([Account(id="1", name="50% Ltd"), Account(id="2", name="Fifty")])
        assert [account.id for account in accounts.found("0% l")] == ["1"]
        assert [account.id for account in accounts.found("_")] == []
        assert accounts.count == 2
