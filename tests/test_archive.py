"""The archive in SQLite and in PostgreSQL: filing, searching, bringing it up to date."""

import datetime
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from msgspec.structs import replace
from sqlalchemy import Connection, MetaData, Table, create_engine, insert, select, text, update

from agentassist.account import Account
from agentassist.archive import migrations, tables
from agentassist.archive.desk import ArchiveDesk
from agentassist.archive.filed import Filed, heard_again
from agentassist.archive.filing import file_call
from agentassist.archive.opening import (
    Archive,
    ArchiveError,
    UnreachableError,
    open_file,
    open_owned,
    open_server,
)
from agentassist.errors import MendableError
from agentassist.events import CallEnded
from agentassist.reviewing import Person
from tests.filed_calls import LINES, a_call
from tests.postgres import EMPTY, Postgres

NOW = datetime.datetime(2026, 3, 14, 9, tzinfo=datetime.UTC)
OWNER = Person("otto", "Otto", "owner")
PROMISE = (
    *LINES,
    ("agent", "Forty pounds a month from the first of April, then. Shall I set that up?"),
    ("caller", "Yes, I will pay forty pounds on the first of April."),
)
FILED = ("calls", "figures", "heard", "notes", "turns", "moments", "promises", "reasons", "reviews")


def rows_of(filed: Filed, table: str) -> list[dict[str, Any]]:
    """What is filed into that table."""
    found = getattr(filed, table)
    return [found] if isinstance(found, dict) else list(found or ())


def kept(archive: Archive, table: str) -> list[dict[str, Any]]:
    with archive.reading() as connection:
        columns = tables.metadata.tables[table]
        return [dict(row._mapping) for row in connection.execute(select(columns))]


def counts(archive: Archive) -> dict[str, int]:
    return {table: len(kept(archive, table)) for table in FILED}


def is_within(row: dict[str, Any], among: list[dict[str, Any]]) -> bool:
    return any(row.items() <= other.items() for other in among)


def test_a_call_is_filed_with_all_that_belongs_to_it(archive: Archive) -> None:
    call = a_call(
        "c1", lines=PROMISE, account=Account("Helen Carter", id="A-1"), disputed="it was kind"
    )
    assert file_call(archive, call)
    assert counts(archive) == {table: len(rows_of(call, table)) for table in FILED}
    assert all(counts(archive).values())
    for table in FILED:
        there = kept(archive, table)
        wanted = [
            {name: value for name, value in row.items() if name != "disputed"}
            for row in rows_of(call, table)
        ]
        assert [row for row in wanted if not is_within(row, there)] == []


def test_a_call_that_is_filed_again_is_not_doubled(archive: Archive) -> None:
    assert file_call(archive, a_call("c1", disputed="it was kind"))
    once = counts(archive)
    assert not file_call(archive, a_call("c1", agent="ben"))
    assert counts(archive) == once
    assert kept(archive, "calls")[0]["agent"] == "anna"


def test_a_call_that_can_not_be_filed_whole_is_not_filed_at_all(archive: Archive) -> None:
    call = a_call("c1")
    with pytest.raises(ArchiveError) as told:
        file_call(archive, replace(call, reasons=call.reasons * 2))
    assert "job" not in str(told.value)
    assert not any(counts(archive).values())


def test_sums_and_times_come_back_as_they_were(archive: Archive) -> None:
    file_call(archive, a_call("c1", lines=PROMISE))
    (promise,) = kept(archive, "promises")
    (call,) = kept(archive, "calls")
    assert promise["amount"] == Decimal("40.00")
    assert isinstance(promise["amount"], Decimal)
    assert call["started_at"] == datetime.datetime(2026, 3, 12, 10, tzinfo=datetime.UTC)
    assert call["started_at"].tzinfo


def test_what_was_heard_can_be_derived_from_again(archive: Archive) -> None:
    file_call(archive, a_call("c1"))
    (heard,) = kept(archive, "heard")
    *_, last = heard_again(heard["events"])
    assert isinstance(last, CallEnded)


@pytest.mark.parametrize(
    ("words", "turns"),
    [
        ("bailiff", [2]),
        ("bailiffs", [2]),
        ('"lost my job"', [1]),
        ('"job lost"', []),
        ("lost bailiff", []),
        ("'; DROP TABLE turns; --", []),
        ("...", []),
    ],
)
def test_words_are_found_by_their_stems_and_in_their_order(
    archive: Archive, words: str, turns: list[int]
) -> None:
    file_call(archive, a_call("c1"))
    found = ArchiveDesk(archive, OWNER, lambda: NOW).search(words)
    assert [hit.turn for hit in found] == turns


def test_reviews_and_looks_are_never_changed(archive: Archive) -> None:
    file_call(archive, a_call("c1", disputed="it was kind"))
    ArchiveDesk(archive, OWNER, lambda: NOW).open("c1/c1")
    for table in (tables.reviews, tables.looks):
        with pytest.raises(ArchiveError), archive.writing() as connection:
            connection.execute(update(table).values(by="ben"))


def test_a_file_is_private_to_its_user_and_written_ahead(tmp_path: Path) -> None:
    file = tmp_path / "new" / "archive.sqlite"
    archive = open_file(file)
    file_call(archive, a_call("c1"))
    with archive.reading() as connection:
        assert connection.execute(text("PRAGMA journal_mode")).scalar() == "wal"
        modes = {stat.S_IMODE(each.stat().st_mode) for each in file.parent.iterdir()}
    archive.close()
    assert modes == {0o600}


@contextmanager
def empty(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Archive]:
    """A database in which no step was taken yet."""
    if kind == "sqlite":
        archive = Archive(create_engine(f"sqlite:///{tmp_path / 'old.sqlite'}"), "old.sqlite")
        yield archive
        archive.close()
        return
    server: Postgres = request.getfixturevalue("postgres")
    with server.database(EMPTY) as name:
        archive = open_owned(server.url(name))
        yield archive
        archive.close()


def upgrade(archive: Archive, to: str = "head") -> None:
    with archive.writing() as connection:
        migrations.upgrade(connection, archive.place, to)


def put(connection: Connection, filed: Filed) -> None:
    """Files it into the tables of an earlier step, as far as they know its columns."""
    for name in FILED:
        table = Table(name, MetaData(), autoload_with=connection)
        typed = tables.metadata.tables[name]
        for row in rows_of(filed, name):
            there = {name: value for name, value in row.items() if name in table.columns}
            connection.execute(insert(typed).inline().values(there))


@pytest.mark.parametrize("step", migrations.versions()[:-1])
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_an_archive_of_an_earlier_step_is_brought_up_to_date_with_all_its_rows(
    kind: str, step: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    call = a_call("c1", lines=PROMISE, disputed="it was kind")
    with empty(kind, request, tmp_path) as archive:
        upgrade(archive, step)
        with archive.writing() as connection:
            put(connection, call)
        upgrade(archive)
        assert counts(archive) == {table: len(rows_of(call, table)) for table in FILED}
        desk = ArchiveDesk(archive, OWNER, lambda: NOW)
        assert [hit.turn for hit in desk.search("bailiff")] == [2]
        assert desk.add("c1/c1", "agree").moment.standing == "agreed"
        assert file_call(archive, a_call("c2"))


def test_the_tables_are_those_that_the_steps_make(archive: Archive) -> None:
    def is_compared(thing: Any, name: str | None, kind: str, *_: Any) -> bool:
        """All but the full-text index, which is each database's own."""
        del thing, kind
        return not (name or "").startswith(("turn_words", "ix_turns_words"))

    with archive.reading() as connection:
        options = {"compare_type": True, "include_object": is_compared}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, tables.metadata) == []


def test_an_archive_that_a_newer_program_made_is_refused(archive: Archive) -> None:
    with archive.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(MendableError, match="newer agentassist"):
        upgrade(archive)
    with pytest.raises(MendableError, match="newer agentassist"):
        _opened_again(archive)


def _opened_again(archive: Archive) -> Archive:
    return open_server(archive.place) if archive.is_server else open_file(Path(archive.place))


def test_a_server_that_is_not_up_to_date_says_who_mends_it(postgres: Postgres) -> None:
    with (
        postgres.database(EMPTY) as name,
        pytest.raises(MendableError, match="its owner runs agentassist archive migrate"),
    ):
        open_server(postgres.url(name))


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("postgresql+psycopg://anna:geheim@localhost/calls", "has a password in it"),
        ("postgresql+psycopg://anna@localhost/calls?password=geheim", "has a password in it"),
        ("mysql://localhost/calls", "mysql: not supported"),
        ("postgresql://localhost/calls", "postgresql: not supported"),
        ("postgresql+psycopg//localhost", "not a URL"),
        ("postgresql+psycopg://anna@127.0.0.1:1/calls", "can't be reached"),
        ("postgresql+psycopg://anna@nowhere.invalid/calls", "can't be reached"),
    ],
)
def test_a_url_that_can_not_be_used_is_told_in_one_line(url: str, told: str) -> None:
    with pytest.raises(ArchiveError, match=told) as fault:
        open_server(url)
    assert "\n" not in str(fault.value)
    assert "geheim" not in str(fault.value)


def test_who_is_not_let_in_is_told_why_and_no_outage(postgres: Postgres) -> None:
    postgres.remember("wrong", "not this one")
    with postgres.database() as name:
        refused = {
            postgres.url(name, "stranger"): "no password supplied",
            postgres.url(name, "wrong"): "password authentication failed for user",
            postgres.url("nowhere"): 'database "nowhere" does not exist',
        }
        for url, why in refused.items():
            with pytest.raises(ArchiveError, match=why) as fault:
                open_server(url)
            assert "\n" not in str(fault.value)
            assert not isinstance(fault.value, UnreachableError)


def test_an_outage_is_told_and_is_over_when_the_server_is_back(postgres: Postgres) -> None:
    with postgres.database() as name:
        archive = open_owned(postgres.url(name))
        file_call(archive, a_call("c1"))
        postgres.stop()
        with pytest.raises(UnreachableError, match="is the server up"):
            file_call(archive, a_call("c2"))
        postgres.start()
        assert file_call(archive, a_call("c2"))
        archive.close()


def test_an_owner_who_may_not_make_groups_is_told_what_to_ask_for(postgres: Postgres) -> None:
    postgres.add_login("poor")
    rename = "ALTER ROLE {} RENAME TO {}"
    with postgres.database(EMPTY) as name:
        postgres.ask("postgres", f'ALTER DATABASE "{name}" OWNER TO poor')
        postgres.ask("postgres", rename.format("agentassist_agent", "away"))
        archive = open_owned(postgres.url(name, "poor"))
        with pytest.raises(MendableError, match="CREATEROLE"):
            upgrade(archive)
        archive.close()
        postgres.ask("postgres", rename.format("away", "agentassist_agent"))


def test_a_schema_that_is_open_to_everybody_is_not_used(postgres: Postgres) -> None:
    with postgres.database(EMPTY) as name:
        postgres.ask(
            name,
            "ALTER SCHEMA public OWNER TO postgres; GRANT ALL ON SCHEMA public TO PUBLIC",
        )
        archive = open_owned(postgres.url(name))
        with pytest.raises(MendableError, match="REVOKE CREATE"):
            upgrade(archive)
        archive.close()


def test_a_flag_beside_the_one_that_a_cue_spoke_of_is_a_moment_of_its_own() -> None:
    said = "You are a liar and a thief. Pay today or a bailiff will be at your door by Friday."
    filed = a_call("c1", "anna", "north", (("agent", said), ("caller", "Excuse me?")))
    kinds = {(row["kind"], row["name"]) for row in filed.moments if row["turn"] == 0}
    cues = {name for kind, name in kinds if kind == "cue"}
    flags = {name for kind, name in kinds if kind == "flag"}
    assert len(cues) == 1
    assert flags
    assert not {f"rephrase_{flag}" for flag in flags} & cues
