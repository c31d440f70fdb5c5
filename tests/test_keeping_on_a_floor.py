"""Who of a floor may remove, hold and hand out; and that what is gone stays gone."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import LiteralString

import psycopg
import pytest

from agentassist.account import Account
from agentassist.archive import proof
from agentassist.archive.filing import file_call
from tests.conftest import Run
from tests.filed_calls import LINES, a_call
from tests.floor import Floor, a_floor
from tests.postgres import Postgres


@pytest.fixture(scope="module")
def floor(postgres_server: Postgres) -> Iterator[Floor]:
    with a_floor(postgres_server) as made:
        yield made


@pytest.fixture
def fresh(postgres: Postgres) -> Iterator[Floor]:
    with a_floor(postgres) as made:
        yield made


def url(floor: Floor, *person: str) -> str:
    return floor.server.url(floor.database, *person)


@pytest.mark.usefixtures("postgres")
@pytest.mark.parametrize(
    ("who", "role"), [("anna", "agent"), ("sue", "supervisor"), ("cora", "compliance")]
)
@pytest.mark.parametrize(
    "command",
    [
        ("purge", "--yes"),
        ("erase-person", "--account", "A-1", "--yes"),
        ("hold", "--call", "a1", "--why", "x"),
    ],
)
def test_only_the_owner_purges_erases_and_holds(
    floor: Floor, run: Run, who: str, role: str, command: tuple[str, ...]
) -> None:
    done = run("archive", command[0], "--db", url(floor, who), *command[1:])
    assert (done.code, f"only for its owner; you are its {role}" in done.err) == (1, True)
    assert floor.ask("cora", "SELECT count(*) FROM calls") == [(2,)]


@pytest.mark.usefixtures("postgres")
def test_compliance_hands_out_one_persons_data_and_that_is_on_record(
    floor: Floor, run: Run, tmp_path: Path
) -> None:
    out = tmp_path / "helen.json"
    whose = ("--db", url(floor, "cora"), "--account", "A-1", "--out", str(out))
    done = run("archive", "export-person", *whose)
    assert done.code == 0, done.err
    told = json.loads(out.read_text())
    assert [turn["text"] for turn in told["calls"][0]["transcript"]] == [text for _, text in LINES]
    assert {row["by"] for row in told["calls"][0]["looks"]} == {"cora"}
    for command in (("removals", "--verify"), ("hold", "--list")):
        assert run("archive", command[0], "--db", url(floor, "cora"), command[1]).code == 0
    for who in ("anna", "sue"):
        whose = ("--db", url(floor, who), "--account", "A-1", "--out", str(tmp_path / who))
        done = run("archive", "export-person", *whose)
        assert (done.code, "only for its owner and compliance" in done.err) == (1, True)


WRITES: tuple[LiteralString, ...] = (
    "INSERT INTO gone VALUES ('x', now())",
    "DELETE FROM gone",
    "INSERT INTO holds VALUES ('x', 'call', 'a1', 'mine', current_user, now())",
    "UPDATE holds SET lifted_at = now()",
    "DELETE FROM holds",
    "INSERT INTO removals VALUES (1, now(), 'x', 'x', 'x', 'x', NULL, 0, 'x', 'x')",
    "DELETE FROM calls",
)


@pytest.mark.usefixtures("postgres")
@pytest.mark.parametrize("who", ["anna", "sue", "cora"])
@pytest.mark.parametrize("statement", WRITES)
def test_nobody_else_writes_what_is_held_or_gone(
    floor: Floor, who: str, statement: LiteralString
) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        floor.ask(who, statement)


@pytest.mark.usefixtures("postgres")
@pytest.mark.parametrize("who", ["anna", "sue"])
def test_why_something_is_held_is_for_compliance_alone(floor: Floor, who: str) -> None:
    assert floor.ask("cora", "SELECT count(*) FROM holds") == [(0,)]
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        floor.ask(who, "SELECT why FROM holds")


def test_an_erased_call_that_a_desk_still_has_is_refused_quietly_and_by_the_server_too(
    fresh: Floor, run: Run
) -> None:
    done = run("archive", "erase-person", "--db", url(fresh), "--account", "A-1", "--yes")
    assert done.code == 0, done.err
    again = a_call("a1", "anna", "north", account=Account("Helen Carter", id="A-1"))
    with fresh.opened("anna") as archive:
        assert not file_call(archive, again)
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        fresh.ask(
            "anna",
            "INSERT INTO calls (id, agent, team, day, pack, outcome, title, seconds, rules,"
            " classifier, program, digest, filed_at)"
            " VALUES ('a1', 'anna', 'north', now(), '', '', '', 1, '', '', '', '', now())",
        )
    fresh.ask(
        "anna",
        "INSERT INTO calls (id, agent, team, day, pack, outcome, title, seconds, rules,"
        " classifier, program, digest, filed_at)"
        " VALUES ('a2', 'anna', 'north', now(), '', '', '', 1, '', '', '', '', now())",
    )
    with fresh.opened() as archive, archive.reading() as connection:
        assert not list(proof.faults(proof.told(connection)))


def test_a_server_keeps_nothing_of_whom_it_erased_in_its_tables(fresh: Floor, run: Run) -> None:
    its = ("Harry Bell", "B-1", "zeppelin")
    assert [word for word in its if word not in _everything(fresh)] == []
    assert run("archive", "erase-person", "--db", url(fresh), "--account", "B-1", "--yes").code == 0
    after = _everything(fresh)
    assert [word for word in its if word in after] == []
    assert "Helen Carter" in after


def _everything(floor: Floor) -> str:
    """All rows of all tables, and what the planner noted of them."""
    told = []
    with floor.server.connected(floor.database) as connection:
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        for (table,) in tables.fetchall():
            rows = connection.execute(
                psycopg.sql.SQL("SELECT t::text FROM {} AS t").format(psycopg.sql.Identifier(table))
            )
            told += [row for (row,) in rows]
        noted = connection.execute(
            "SELECT most_common_vals::text, histogram_bounds::text FROM pg_stats"
        )
        told += [str(row) for row in noted if row != (None, None)]
    return "\n".join(told)
