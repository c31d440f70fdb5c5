"""The people of a floor's server, as its owner lets them in and shuts them out."""

import datetime
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from agentassist.archive import people
from agentassist.archive.opening import open_file
from agentassist.errors import MendableError
from tests.conftest import Run
from tests.floor import Floor, a_floor, rows
from tests.postgres import Postgres

NOW = datetime.datetime(2026, 3, 14, 9, tzinfo=datetime.UTC)


@pytest.fixture(scope="module")
def floor(postgres_server: Postgres) -> Iterator[Floor]:
    """Each test lets in people of its own."""
    with postgres_server.passwords(), a_floor(postgres_server) as made:
        yield made


@pytest.fixture
def owner(floor: Floor) -> str:
    return floor.server.url(floor.database)


def test_who_is_added_gets_a_password_once_and_sees_what_is_theirs(
    run: Run, floor: Floor, owner: str
) -> None:
    done = run(
        "archive", "people", "add", "Nora K.", "--role", "agent", "--team", "n", "--db", owner
    )
    assert done.code == 0
    floor.server.remember("Nora K.", done.out.strip())
    assert floor.ask("Nora K.", "SELECT session_user, my_role(), my_team()") == [
        ("Nora K.", "agent", "n")
    ]
    again = run("archive", "people", "add", "Nora K.", "--role", "compliance", "--db", owner)
    assert (again.code, again.out) == (0, "")
    assert floor.ask("Nora K.", "SELECT my_role()") == [("compliance",)]


def test_a_new_password_shuts_the_old_one_out(run: Run, floor: Floor, owner: str) -> None:
    floor.let_in("pam", "agent")
    done = run("archive", "people", "password", "pam", "--db", owner)
    with pytest.raises(psycopg.OperationalError):
        floor.ask("pam", "SELECT 1")
    floor.server.remember("pam", done.out.strip())
    assert floor.ask("pam", "SELECT 1") == [(1,)]


def test_everybody_changes_their_own_password(
    run: Run, floor: Floor, monkeypatch: pytest.MonkeyPatch
) -> None:
    floor.let_in("quin", "agent")
    monkeypatch.setattr("click.prompt", lambda *_, **__: "a word of their own")
    url = floor.server.url(floor.database, "quin")
    assert run("archive", "people", "password", "--db", url).code == 0
    floor.server.remember("quin", "a word of their own")
    assert floor.ask("quin", "SELECT 1") == [(1,)]


def test_no_password_is_ever_in_the_servers_log(run: Run, floor: Floor, owner: str) -> None:
    floor.server.ask("postgres", "ALTER ROLE floor SET log_statement = 'all'")
    try:
        done = run("archive", "people", "add", "rosa", "--role", "agent", "--db", owner)
    finally:
        floor.server.ask("postgres", "ALTER ROLE floor RESET log_statement")
    log = floor.server.log.read_text()
    assert 'ALTER ROLE "rosa" PASSWORD' in log
    assert done.out.strip()
    assert done.out.strip() not in log


def test_a_login_without_a_password_is_for_other_ways_in(
    run: Run, floor: Floor, owner: str
) -> None:
    made = run(
        "archive", "people", "add", "tess", "--role", "agent", "--no-password", "--db", owner
    )
    assert (made.code, made.out) == (0, "")
    with floor.server.connected("postgres", "postgres") as connection:
        password = "SELECT rolcanlogin, rolpassword FROM pg_authid WHERE rolname = 'tess'"
        assert rows(connection, password) == [(True, None)]


def test_who_leaves_is_let_in_again_with_a_new_password(run: Run, floor: Floor, owner: str) -> None:
    floor.let_in("uma", "supervisor")
    assert run("archive", "people", "supervise", "uma", "north", "--db", owner).code == 0
    assert floor.ask("uma", "SELECT id FROM calls") == [("a1",)]
    assert run("archive", "people", "leave", "uma", "--db", owner).code == 0
    with pytest.raises(psycopg.OperationalError):
        floor.ask("uma", "SELECT 1")
    listed = run("archive", "people", "list", "--db", owner).out
    assert "uma" in listed
    assert "(left 20" in listed
    back = run("archive", "people", "add", "uma", "--role", "supervisor", "--db", owner)
    floor.server.remember("uma", back.out.strip())
    assert floor.ask("uma", "SELECT id FROM calls") == []


def test_a_supervisor_no_longer_sees_a_team_that_was_taken_away(
    run: Run, floor: Floor, owner: str
) -> None:
    floor.let_in("vic", "supervisor")
    assert run("archive", "people", "supervise", "vic", "south", "--db", owner).code == 0
    assert floor.ask("vic", "SELECT id FROM calls") == [("b1",)]
    done = run("archive", "people", "supervise", "vic", "south", "--no-longer", "--db", owner)
    assert done.code == 0
    assert floor.ask("vic", "SELECT id FROM calls") == []


def test_the_list_tells_roles_and_teams(run: Run, owner: str) -> None:
    told = [
        line.split() for line in run("archive", "people", "list", "--db", owner).out.split("\n")
    ]
    for line in (
        ["anna", "agent", "north", "anna"],
        ["cora", "compliance", "cora"],
        ["sue", "supervisor", "north", "sue"],
    ):
        assert line in told


NASTY = ['a"b', "x; DROP ROLE floor", "o'neil", "50%", "Ünal", "a:b\\c", "current_user", "a--b"]


@pytest.mark.parametrize("name", NASTY)
def test_a_name_is_a_name_whatever_stands_in_it(name: str, floor: Floor) -> None:
    floor.let_in(name, "agent", "north")
    assert floor.ask(name, "SELECT session_user::text, my_role()") == [(name, "agent")]
    with floor.opened() as archive:
        floor.remember(name, people.new_password(archive, name))
        people.leave(archive, name, NOW)
    with pytest.raises(psycopg.OperationalError):
        floor.ask(name, "SELECT 1")


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("", "needs a name"),
        (" anna", "needs a name"),
        ("an\nna", "needs a name"),
        ("public", "keeps for itself"),
        ("pg_monitor", "keeps for itself"),
        ("agentassist_compliance", "keeps for itself"),
        ("ä" * 32, "63 bytes at most"),
        ("floor", "may do anything"),
        ("postgres", "may do anything"),
    ],
)
def test_a_login_that_can_not_be_a_persons_is_refused(name: str, told: str, floor: Floor) -> None:
    with floor.opened() as archive, pytest.raises(MendableError, match=told):
        people.add(archive, name, "agent")


@pytest.mark.parametrize("who", ["anna", "sue", "cora"])
@pytest.mark.parametrize(
    "command",
    [
        ("add", "eve", "--role", "compliance"),
        ("supervise", "sue", "south"),
        ("leave", "ben"),
        ("password", "ben"),
    ],
    ids=" ".join,
)
def test_only_the_owner_lets_people_in_and_out(
    who: str, command: tuple[str, ...], run: Run, floor: Floor
) -> None:
    url = floor.server.url(floor.database, who)
    done = run("archive", "people", *command, "--db", url)
    assert (done.code, done.out) == (1, "")
    assert "only its owner does that" in done.err
    assert len(done.err.splitlines()) == 1


def test_who_is_not_one_of_them_is_told_in_one_line(run: Run, owner: str) -> None:
    for command in (("leave", "nobody"), ("password", "nobody"), ("supervise", "nobody", "north")):
        done = run("archive", "people", *command, "--db", owner)
        assert (done.code, len(done.err.splitlines())) == (1, 1)
        assert "nobody: not one of its people" in done.err
    done = run("archive", "people", "supervise", "anna", "north", "--db", owner)
    assert "anna: not a supervisor" in done.err


@pytest.mark.parametrize("command", [("list",), ("add", "eve", "--role", "agent"), ("leave", "x")])
def test_a_file_has_no_people_but_its_user(
    command: tuple[str, ...], run: Run, tmp_path: Path
) -> None:
    open_file(tmp_path / "archive.sqlite").close()
    done = run("archive", "people", *command, "--db", str(tmp_path / "archive.sqlite"))
    assert done.code == 1
    assert "a file is its user's alone" in done.err


def test_looks_are_listed_for_compliance_and_ones_own_for_others(run: Run, floor: Floor) -> None:
    floor.look("anna", "a1")
    floor.look("sue", "a1")
    seen = {
        who: run("archive", "looks", "--db", floor.server.url(floor.database, who)).out
        for who in ("anna", "sue", "cora")
    }
    assert [("anna" in seen[who], "sue" in seen[who]) for who in ("anna", "sue", "cora")] == [
        (True, False),
        (False, True),
        (True, True),
    ]
    url = floor.server.url(floor.database, "cora")
    assert run("archive", "looks", "--by", "sue", "--db", url).out.count("opened") == 1
    assert run("archive", "looks", "--call", "b1", "--db", url).out == ""
