"""Accounts from a CRM: tables and records as people export them, and the list that keeps them."""

import datetime
import json
import os
import sqlite3
import stat
import subprocess
import sys
from collections import Counter
from contextlib import suppress
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentassist import account as accounts
from agentassist.account import Account, Payment, Representative, Wishes
from agentassist.commands.accounts import account_named, account_numbered
from agentassist.crm import columns, reading, updates
from agentassist.crm.account_list import NAME, AccountList, listed, open_list
from agentassist.crm.fields import HINTS, WHOLE, Kind
from agentassist.crm.updates import Update, joined
from agentassist.errors import MendableError
from tests.conftest import Run

MAIN = "from agentassist.cli import main; main()"

TABLE = """Acct No;Customer Name;Amt Due;CCY;Due Date;Breathing Space;Colour
4711;Dana Cole;1.482,10;GBP;27.03.2025;no;red
4712;Sam Reed;64;GBP;28.04.2025;yes;blue
"""


def known(*numbers: str) -> list[Update]:
    return [Update(0, number, {}) for number in numbers]


@pytest.fixture
def table(tmp_path: Path) -> Path:
    file = tmp_path / "crm.csv"
    file.write_text(TABLE, encoding="utf-8")
    return file


def test_every_field_of_an_account_is_held_by_a_column_or_told_as_a_whole() -> None:
    fields = {field.partition(".")[0] for field in columns.told_fields("accounts")} | WHOLE
    assert fields == {*accounts.Account.__struct_fields__}


@pytest.mark.parametrize("kind", list(HINTS))
def test_every_name_of_a_column_stands_for_a_field_that_there_is(kind: Kind) -> None:
    assert {*columns._names(kind).values()} == {*HINTS[kind]}


def test_columns_are_known_by_the_names_that_systems_give_them(table: Path) -> None:
    found = reading.table(table)
    fields = columns.mapping("accounts", found.columns, {})
    assert fields["Amt Due"] == "balance"
    assert "Colour" not in fields
    row = found.rows[0]
    assert row.line == 2
    told = updates.update("accounts", row, fields, None)
    assert isinstance(told, Update)
    assert updates.applied(Account(), told) == Account(
        id="4711", name="Dana Cole", balance=Decimal("1482.10"), currency="GBP",
        due_since=datetime.date(2025, 3, 27), moratorium=False,
    )  # fmt: skip


def test_two_columns_for_one_field_are_asked_about_and_one_that_was_told_wins() -> None:
    names = ("id", "balance", "amount due")
    with pytest.raises(MendableError, match='--map "amount due=balance"'):
        columns.mapping("accounts", names, {})
    assert columns.mapping("accounts", names, {"amount due": "balance"}) == {
        "amount due": "balance", "id": "id",
    }  # fmt: skip
    assert columns.mapping("accounts", names, {"balance": ""})["amount due"] == "balance"
    with pytest.raises(MendableError, match="no column 'x'"):
        columns.mapping("accounts", names, {"x": "balance"})
    with pytest.raises(MendableError, match="no field 'colour' of accounts"):
        columns.mapping("accounts", names, {"balance": "colour"})
    with pytest.raises(MendableError, match="two columns to be the same"):
        columns.mapping("accounts", names, {"id": "name", "balance": "name"})
    with pytest.raises(MendableError, match="two columns are named 'id'"):
        columns.mapping("accounts", ("id", "id"), {})


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_a_table_is_read_in_the_encodings_of_spreadsheets(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "crm.csv"
    file.write_bytes('id,name\r\n1,Zoë\r\n\r\n2,"Two\nlines"\r\n3,Kim\r\n'.encode(encoding))
    rows = reading.table(file).rows
    assert [row.cells["name"] for row in rows] == ["Zoë", "Two\nlines", "Kim"]
    assert [row.line for row in rows] == [2, 4, 6]


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_a_table_is_read_whatever_divides_its_cells(tmp_path: Path, sign: str) -> None:
    file = tmp_path / "crm.csv"
    lines = [("id", "name"), ("1", '"Cole ""D"", Dana"'), ("2", "Kim")]
    file.write_text("".join(f"{sign.join(line)}\n" for line in lines))
    assert [row.cells["name"] for row in reading.table(file).rows] == ['Cole "D", Dana', "Kim"]
    file.write_text(f"sep={sign}\n{file.read_text()}")
    assert [row.line for row in reading.table(file).rows] == [3, 4]


def test_a_row_whose_cells_are_shifted_is_refused(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "crm.csv"
    file.write_text("id,name,balance,fees\n1,Cole, Dana,3,4\n2,Kim,3\n3,Sam,3,4,\n")
    done = run("accounts", "import", file)
    assert f"{file}:2: 5 cells, where the first line names 4" in done.err
    assert f"{file}:3: 3 cells, where the first line names 4" in done.err
    assert done.out.startswith("1 accounts brought in")


def test_bad_rows_are_told_by_line_and_do_not_stop_the_good_ones(run: Run, table: Path) -> None:
    table.write_text(TABLE + "4713;Kim;a lot;GBP;;;\n;Nobody;1;GBP;;;\n", encoding="utf-8")
    done = run("accounts", "import", table)
    assert done.code == 1
    assert done.out == "2 accounts brought in; 2 accounts are known\n"
    assert f"{table}:4: Amt Due: not a sum; write 1234.50" in done.err
    assert f"{table}:5: no account number in it" in done.err
    assert "Colour" in done.err
    assert "a lot" not in done.err
    assert "2 rows are bad" in done.err
    run("accounts", "remove", "--all")
    strict = run("accounts", "import", table, "--strict")
    assert (strict.code, strict.out) == (1, "")
    assert "nothing was brought in" in strict.err
    assert "0 accounts are known" in run("accounts", "list").err


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
    assert run("accounts", "import", file, "--map", "Kto=fees").code == 0
    assert account_numbered("4712").fees == Decimal(20)


def test_the_order_of_days_is_told_once_too_and_holds_for_a_row_named_by_itself(
    run: Run, tmp_path: Path
) -> None:
    file = tmp_path / "crm.csv"
    file.write_text("id,due date\n4711,03/04/2025\n")
    assert "--dates day-first" in run("accounts", "import", file).err
    with pytest.raises(MendableError, match=":2: due date: day or month first"):
        account_named(str(file))
    assert run("accounts", "import", file, "--dates", "day-first").code == 0
    assert account_named(str(file)).due_since == datetime.date(2025, 4, 3)


@pytest.mark.skipif(sys.platform == "win32", reason="of pseudo-terminals")
def test_in_a_terminal_an_unknown_column_is_asked_about_once(tmp_path: Path) -> None:
    file = tmp_path / "odd.csv"
    file.write_text("id,Kto,Colour\n4711,12.50,red\n")
    command = [sys.executable, "-c", MAIN, "accounts", "import", str(file)]

    def told(answers: bytes) -> str:
        ours, theirs = os.openpty()
        os.write(ours, answers)
        with subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs) as asking:
            code = asking.wait(60)
        words = os.read(ours, 10_000).decode()
        assert code == 0, words
        os.close(ours)
        os.close(theirs)
        return words

    first = told(b"colour\nbalance\n\n")
    assert "Which field is 'Kto'?" in first
    assert "is not one of" in first
    assert account_numbered("4711").balance == Decimal("12.50")
    assert "Which field" not in told(b"")


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
    assert f"{file}:1: no account number in it" in done.err
    run("accounts", "import", table)
    known = account_numbered("4711")
    assert known.payments == (Payment(datetime.date(2026, 1, 5), Decimal("20.00")),)
    assert known.name == "Dana Cole"


def test_a_later_table_changes_what_it_tells_and_nothing_else(run: Run, tmp_path: Path) -> None:
    full, later = tmp_path / "full.csv", tmp_path / "later.csv"
    full.write_text(
        "id,name,do not contact,warnings,attorney,call before,balance\n"
        "1,Dana,yes,ask for Kim,Lee Ward,18:00,5\n"
    )
    later.write_text("id,balance,call after\n1,3,09:00\n")
    run("accounts", "import", full)
    run("accounts", "import", later)
    assert account_numbered("1") == Account(
        id="1", name="Dana", ceased=("all",), warnings=("ask for Kim",), balance=Decimal(3),
        representative=Representative("Lee Ward"),
        wishes=Wishes(earliest=datetime.time(9), latest=datetime.time(18)),
    )  # fmt: skip
    full.write_text("id,name,do not contact,warnings,attorney,call before,balance\n1,Dana,,,,,3\n")
    run("accounts", "import", full)
    assert account_numbered("1") == Account(
        id="1", name="Dana", balance=Decimal(3), wishes=Wishes(earliest=datetime.time(9))
    )


def test_an_account_that_stands_twice_in_a_table_is_told(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "crm.csv"
    file.write_text("id,balance\n1,5\n1,7\n")
    assert f"{file}:3: the account of line 2 again" in run("accounts", "import", file).err
    assert account_numbered("1").balance == 5


def test_a_sign_tells_the_currency_and_may_not_contradict_it(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "crm.csv"
    file.write_text("id,balance,ccy\n1,£5,\n2,$5,AUD\n3,$5,\n4,£5,USD\n")
    done = run("accounts", "import", file)
    assert [account_numbered(number).currency for number in "123"] == ["GBP", "AUD", None]
    assert f"{file}:4" not in done.err
    assert f"{file}:5: balance: another currency than the account's, USD" in done.err


def test_records_are_read_as_tables_are_and_their_faults_told_without_words(
    run: Run, tmp_path: Path
) -> None:
    file = tmp_path / "crm.json"
    file.write_text(
        '\ufeff[{"id": 4711, "Amt Due": 482.10, "country": "UK", "Colour": "red",\n'
        '  "wishes": {"latest": "18:00"}, "disputed": false, "name": null},\n'
        ' {"id": "2", "role": "SECRET"},\n {"id": "3", "payments": [{"date": "SECRET"}]},\n'
        ' {"id": "4", "contacts": [{"at": "2026-01-01T09:00:00", "channel": "SECRET"}]},\n 7]',
        encoding="utf-8",
    )
    done = run("accounts", "import", file)
    assert done.code == 1, done.err
    assert "4711" in run("accounts", "list").out, done.err
    assert account_numbered("4711") == Account(
        id="4711", balance=Decimal("482.10"), country="GB", disputed=False,
        wishes=Wishes(latest=datetime.time(18)),
    )  # fmt: skip
    assert "Colour" in done.err
    assert f"{file}:3: role: say first_party" in done.err
    assert f"{file}:4: payments: " in done.err
    assert f"{file}:5: contacts: not one of its codes" in done.err
    assert f"{file}:6: not an object" in done.err
    assert "SECRET" not in done.err


def test_a_record_that_is_no_json_is_told_in_one_line(tmp_path: Path) -> None:
    file = tmp_path / "dana.json"
    file.write_text('{"name": ')
    with pytest.raises(MendableError, match="not JSON"):
        account_named(str(file))
    with pytest.raises(MendableError, match="can't be read"):
        account_named(str(tmp_path / "none.csv"))


HISTORY = {
    "payments": "Account,Payment Date,Amount Paid,Payment Method\n4711,2026-01-05,£20.00,card\n",
    "promises": "Account,PTP Date,PTP Amount,PTP Status\n4711,2026-02-01,40,pending\n",
    "contacts": "Account,Call Date,Type,Direction,RPC\n4711,2026-02-01 9:30,Call,out,no answer\n",
    "notes": "Account,Note Date,Comment\n4711,2026-02-01,Asked for time.\n",
}


@pytest.mark.parametrize("kind", list(HISTORY))
def test_a_history_comes_from_a_table_of_its_own_and_each_entry_once(
    run: Run, tmp_path: Path, table: Path, kind: str
) -> None:
    run("accounts", "import", table)
    file = tmp_path / "history.csv"
    text = HISTORY[kind]
    unknown = text.splitlines()[1].replace("4711", "99")
    empty = "4712" + "," * text.splitlines()[0].count(",")
    file.write_text(f"{text}{unknown}\n{empty}\n")
    for _ in range(2):
        done = run("accounts", "import", file, "--as", kind)
        assert done.code == 1
        assert done.out == f"1 {kind} brought in; 2 accounts are known\n"
        assert f"{file}:3: of an account that is not known" in done.err
        assert f"{file}:4: no " in done.err
        assert len(getattr(account_numbered("4711"), kind)) == 1
    assert account_numbered("4712") == account_named(f"{table}#4712")


def test_what_became_of_a_promise_is_brought_up_to_date() -> None:
    day = datetime.date(2026, 2, 1)
    open_, kept = (
        accounts.EarlierPromise(day, Decimal(40)),
        accounts.EarlierPromise(day, Decimal(40), kept=True),
    )
    later = accounts.EarlierPromise(datetime.date(2026, 3, 1))
    assert joined((open_, later), (kept,)) == (kept, later)


@given(
    *[st.lists(st.sampled_from([Payment(datetime.date(2026, 1, n), Decimal(20)) for n in (1, 2)]))]
    * 2
)
def test_two_payments_alike_stay_two_and_no_table_doubles_them(
    old: list[Payment], new: list[Payment]
) -> None:
    both = joined(old, new)
    assert joined(both, new) == both
    counts = Counter(old) | Counter(new)
    assert Counter(both) == counts


def test_an_account_of_any_number_is_found_once_it_was_imported(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "crm.csv"
    file.write_text("id,name\nNW/2026 17,Dana\n")
    run("accounts", "import", file)
    assert account_numbered("NW/2026 17").name == "Dana"
    assert "not in your list" in run("brief", "NW-18").err


@pytest.mark.skipif(sys.platform == "win32", reason="of modes of files")
def test_the_list_is_for_its_user_only_and_kept_whole_or_not_at_all(tmp_path: Path) -> None:
    with open_list(tmp_path) as accounts:
        accounts.add(known("1"))
    assert stat.S_IMODE((tmp_path / NAME).stat().st_mode) == 0o600
    with suppress(RuntimeError), AccountList(tmp_path) as accounts:
        accounts.add(known("2"))
        raise RuntimeError
    assert listed(tmp_path, "1")
    assert listed(tmp_path, "2") is None
    with sqlite3.connect(tmp_path / NAME) as file:
        file.execute("update accounts set record = '[]'")
    file.close()
    with pytest.raises(MendableError, match="can't be read by this version"):
        listed(tmp_path, "1")
    with sqlite3.connect(tmp_path / NAME) as file:
        file.execute("alter table accounts rename to others")
        file.execute("create table accounts (id text)")
    file.close()
    with pytest.raises(MendableError, match="can't be used"):
        listed(tmp_path, "1")
    (tmp_path / NAME).write_bytes(b"not a database at all, and long enough to be looked at" * 40)
    with pytest.raises(MendableError, match="can't be used"):
        listed(tmp_path, "1")


def test_words_that_are_sought_are_no_pattern(tmp_path: Path) -> None:
    with open_list(tmp_path) as accounts:
        accounts.add([Update(0, "1", {"name": "50% Ltd"}), Update(0, "2", {"name": "Fifty"})])
        assert [account.id for account in accounts.found("0% l")] == ["1"]
        assert [account.id for account in accounts.found("_")] == []
        assert accounts.count == 2
