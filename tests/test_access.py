"""Who may see what on a floor's server, tried by people who know SQL and mean to break in."""

import datetime
import re
from collections.abc import Iterator
from pathlib import Path
from typing import LiteralString, NamedTuple

import psycopg
import pytest
from msgspec.structs import replace

from agentassist.archive import people, tables
from agentassist.archive.desk import ArchiveDesk
from agentassist.archive.filing import file_call
from agentassist.archive.looks import looks
from agentassist.archive.opening import ArchiveError
from agentassist.errors import MendableError
from agentassist.reviewing import Filters
from tests.filed_calls import a_call, begun
from tests.floor import LOOK, Floor, a_floor, rows
from tests.postgres import Postgres

NOW = datetime.datetime.now(datetime.UTC)
HEAD = re.compile(r"-- (refused|nothing) (\w+): (.+)\n")


class Attempt(NamedTuple):
    outcome: str
    who: str
    statements: LiteralString


def attempts() -> dict[str, Attempt]:
    """By the sentence that says what is tried."""
    _, *found = HEAD.split(Path(__file__).with_name("break_ins.sql").read_text())
    told = zip(*(found[at::4] for at in range(4)), strict=True)
    return {what: Attempt(outcome, who, statements) for outcome, who, what, statements in told}


@pytest.fixture(scope="module")
def floor(postgres_server: Postgres) -> Iterator[Floor]:
    postgres_server.add_login("otto")
    with a_floor(postgres_server) as made:
        for person in ("anna", "sue", "cora"):
            made.look(person, "a1")
        yield made


@pytest.fixture
def fresh(postgres: Postgres) -> Iterator[Floor]:
    """For what changes something."""
    with a_floor(postgres) as made:
        yield made


@pytest.mark.parametrize("attempt", attempts().values(), ids=attempts())
def test_nobody_breaks_in_where(attempt: Attempt, floor: Floor) -> None:
    with floor.connected(attempt.who) as connection:
        if attempt.outcome == "refused":
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                rows(connection, attempt.statements)
            return
        *before, last = attempt.statements.strip().removesuffix(";").split(";\n")
        for statement in before:
            rows(connection, statement)
        assert rows(connection, last) == []


def test_each_sees_what_is_theirs(floor: Floor) -> None:
    """So that what is refused above is not refused for want of everything."""
    seen = {who: floor.ask(who, "SELECT id FROM calls ORDER BY id") for who in ("anna", "ben")}
    assert seen == {"anna": [("a1",)], "ben": [("b1",)]}
    assert floor.ask("sue", "SELECT id FROM calls") == [("a1",)]
    assert floor.ask("cora", "SELECT id FROM calls ORDER BY id") == [("a1",), ("b1",)]
    for who in ("anna", "sue", "cora"):
        assert floor.ask(who, "SELECT count(*) FROM turns") == [(4,)]


WORDS: LiteralString = "SELECT text FROM turns WHERE call = 'b1' AND turn = 4"


def test_a_look_that_is_rolled_back_shows_no_words(fresh: Floor) -> None:
    with fresh.connected("cora") as connection:
        with connection.transaction(force_rollback=True):
            rows(connection, LOOK, by="cora", call="b1")
            assert rows(connection, WORDS) == []
        with connection.transaction(force_rollback=True):
            with connection.transaction():  # a savepoint is a transaction of its own
                rows(connection, LOOK, by="cora", call="b1")
            assert rows(connection, WORDS) == []


def test_a_look_shows_words_once_it_is_on_record(fresh: Floor) -> None:
    fresh.look("cora", "b1")
    assert fresh.ask("cora", WORDS) == [("I fly a zeppelin to work.",)]
    assert fresh.ask("ben", WORDS) == []


@pytest.mark.parametrize(("minutes", "count"), [(59, 1), (61, 0)])
def test_a_look_holds_for_an_hour(minutes: int, count: int, fresh: Floor) -> None:
    then = "INSERT INTO looks VALUES ('x', 'cora', now() - %(ago)s, 'b1', 'opened')"
    fresh.ask("floor", then, ago=datetime.timedelta(minutes=minutes))
    assert len(fresh.ask("cora", WORDS)) == count


SEARCH: LiteralString = "SELECT call, turn, text FROM search_words('zeppelins', 5)"


def test_a_search_gives_words_once_the_look_is_on_record(fresh: Floor) -> None:
    assert fresh.ask("cora", SEARCH) == []
    assert fresh.ask("cora", SEARCH) == [("b1", 4, "I fly a zeppelin to work.")]
    assert fresh.ask("floor", "SELECT by, call, what FROM looks") == [("cora", "b1", "found")]


def test_a_search_that_is_rolled_back_tells_nothing(fresh: Floor) -> None:
    with fresh.connected("cora") as connection:
        for _ in range(2):
            with connection.transaction(force_rollback=True):
                assert rows(connection, SEARCH) == []
                assert rows(connection, "SELECT * FROM looks") == []


LEAK: LiteralString = """
CREATE FUNCTION pg_temp.leak(text) RETURNS boolean LANGUAGE plpgsql COST 0.0000001 AS
$$BEGIN RAISE NOTICE '%', $1; RETURN true; END$$
"""


def test_a_function_that_tells_what_it_is_given_is_given_nothing(floor: Floor) -> None:
    heard: list[str] = []
    with floor.connected("anna") as connection:
        connection.add_notice_handler(lambda told: heard.append(told.message_primary or ""))
        rows(connection, LEAK)
        rows(connection, "SELECT 1 FROM calls WHERE pg_temp.leak(person)")
        rows(connection, "SELECT 1 FROM turns WHERE pg_temp.leak(text)")
    assert "Helen Carter" in heard
    assert "Harry Bell" not in heard
    assert not any("zeppelin" in told for told in heard)


def test_an_error_tells_nothing_of_others_rows(floor: Floor) -> None:
    floor.ask("anna", "SELECT 1 / (person <> 'Harry Bell')::int FROM calls")
    with pytest.raises(psycopg.errors.DivisionByZero):
        floor.ask("anna", "SELECT 1 / (person <> 'Helen Carter')::int FROM calls")


def test_a_call_of_anothers_that_is_filed_again_is_told_by_its_id_alone(fresh: Floor) -> None:
    with fresh.opened("anna") as archive, pytest.raises(ArchiveError) as told:
        file_call(archive, a_call("b1", "anna", "north"))
    assert "Harry" not in str(told.value)
    assert fresh.ask("floor", "SELECT agent FROM calls WHERE id = 'b1'") == [("ben",)]


MANY: LiteralString = """
INSERT INTO calls SELECT id || n, agent, team, day, pack, outcome, title, started_at, seconds,
    direction, account, person, phone, recording, rules, classifier, program, digest, filed_at
    FROM calls, generate_series(1, 300) AS n WHERE id = 'b1';
INSERT INTO turns (call, turn, speaker, start, "end", text, labels)
    SELECT c.id, turn, speaker, start, "end", text, labels
    FROM turns JOIN calls AS c ON c.id LIKE 'b1_%' WHERE call = 'b1';
ANALYZE
"""
GUESSES: dict[LiteralString, tuple[str, str]] = {
    "EXPLAIN SELECT FROM calls WHERE person = %(it)s": ("Harry Bell", "Nobody"),
    "EXPLAIN SELECT FROM turns WHERE to_tsvector('english', text) @@ %(it)s::tsquery": (
        "zeppelin",
        "nobody",
    ),
}


@pytest.mark.parametrize("question", GUESSES)
def test_a_guess_of_the_planner_tells_nothing_of_others_rows(
    question: LiteralString, fresh: Floor
) -> None:
    fresh.ask("floor", MANY)
    plans = [str(fresh.ask("sue", question, it=it)) for it in GUESSES[question]]
    guesses = [re.findall(r"rows=\d+", plan) for plan in plans]
    assert guesses[0] == guesses[1]


def test_the_servers_clock_counts_for_looks_and_reviews(fresh: Floor) -> None:
    fresh.ask("sue", "INSERT INTO looks VALUES ('l', 'sue', now() - interval '1 day', 'a1', 'x')")
    fresh.ask(
        "sue",
        "INSERT INTO reviews VALUES ('s', 'a1/c1', 'a1', 'sue', 'agree', '2020-01-01', '')",
    )
    fresh.ask(
        "anna",
        "INSERT INTO reviews VALUES ('a', 'a1/c1', 'a1', 'anna', 'comment', '2099-01-01', 'x')",
    )
    (old,) = fresh.ask(
        "floor", "SELECT now() - least((SELECT at FROM looks), min(at)) FROM reviews"
    )
    (ahead,) = fresh.ask("floor", "SELECT count(*) FROM reviews WHERE at > now()")
    assert old[0] < datetime.timedelta(minutes=1)
    assert ahead == (0,)


def test_a_dispute_that_was_made_in_the_call_keeps_its_time(fresh: Floor) -> None:
    with fresh.opened("anna") as archive:
        assert file_call(archive, a_call("a2", "anna", "north", disputed="no threat"))
    (at,) = fresh.ask("floor", "SELECT at FROM reviews WHERE call = 'a2'")
    assert begun() < at[0] < begun() + datetime.timedelta(minutes=1)
    assert fresh.ask("sue", "SELECT disputed FROM moments WHERE call = 'a2'") == [(True,)]


def test_an_agent_files_a_call_of_a_single_turn(fresh: Floor) -> None:
    with fresh.opened("anna") as archive:
        assert file_call(archive, a_call("a2", "anna", "north", [("caller", "Hello?")]))
        assert not file_call(archive, a_call("a2", "anna", "north", [("caller", "Hello?")]))


@pytest.mark.parametrize(("agent", "team"), [("ben", "south"), ("anna", "south"), ("anna", "")])
def test_an_agent_files_nothing_as_somebody_else(agent: str, team: str, fresh: Floor) -> None:
    with fresh.opened("anna") as archive, pytest.raises(ArchiveError, match="may not do that"):
        file_call(archive, a_call("a2", agent, team))


@pytest.mark.parametrize(
    "judged", [{"standing": "agreed"}, {"praised": True}, {"agent": "ben"}, {"team": "south"}]
)
def test_an_agent_files_no_moment_that_is_judged_or_anothers(
    judged: dict[str, str | bool], fresh: Floor
) -> None:
    call = a_call("a2", "anna", "north")
    call = replace(call, moments=tuple(row | judged for row in call.moments))
    with fresh.opened("anna") as archive, pytest.raises(ArchiveError, match="may not do that"):
        file_call(archive, call)
    assert fresh.ask("floor", "SELECT 1 FROM calls WHERE id = 'a2'") == []


def test_consent_is_given_once_somebody_asked_and_taken_back(fresh: Floor) -> None:
    fresh.ask("sue", "INSERT INTO reviews VALUES ('s','a1/c1','a1','sue','share',now(),'')")
    fresh.ask("anna", "INSERT INTO reviews VALUES ('c','a1/c1','a1','anna','consent',now(),'')")
    assert fresh.ask("sue", "SELECT consented FROM moments WHERE id = 'a1/c1'") == [(True,)]
    fresh.ask("anna", "INSERT INTO reviews VALUES ('w','a1/c1','a1','anna','withdraw',now(),'')")
    assert fresh.ask("sue", "SELECT consented FROM moments WHERE id = 'a1/c1'") == [(False,)]


def test_who_is_of_another_database_of_the_server_sees_nothing_here(fresh: Floor) -> None:
    fresh.server.add_login("zoe")
    fresh.server.ask(
        "postgres",
        "GRANT agentassist_compliance, agentassist_supervisor, agentassist_agent TO zoe",
    )
    for table in tables.metadata.tables:
        if table not in ("deliveries", "listened"):
            assert fresh.ask("zoe", f"SELECT 1 FROM {table}") == []
    assert fresh.ask("zoe", SEARCH) == fresh.ask("zoe", SEARCH) == []


def test_who_leaves_is_shut_out_at_once(fresh: Floor) -> None:
    fresh.let_in("leo", "compliance")
    with fresh.connected("leo") as connection:
        assert rows(connection, "SELECT count(*) FROM calls") == [(2,)]
        with fresh.opened() as archive:
            people.leave(archive, "leo", NOW)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            rows(connection, "SELECT count(*) FROM calls")
    with pytest.raises(psycopg.OperationalError, match="failed"):
        fresh.ask("leo", "SELECT 1")


def test_a_role_is_the_only_one_that_somebody_has(fresh: Floor) -> None:
    fresh.let_in("mia", "supervisor")
    with fresh.opened() as archive:
        people.supervise(archive, "mia", "south")
    assert fresh.ask("mia", "SELECT id FROM calls") == [("b1",)]
    fresh.let_in("mia", "agent", "north")
    assert fresh.ask("mia", "SELECT id FROM calls") == []


def test_every_table_is_held_by_policies_and_none_is_everybodys(floor: Floor) -> None:
    """A table of a later step is forgotten by nobody."""
    open_tables = floor.ask(
        "floor",
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
        " AND relkind IN ('r', 'v', 'm') AND NOT relrowsecurity",
    )
    granted = floor.ask(
        "floor",
        "SELECT table_name FROM information_schema.table_privileges"
        " WHERE table_schema = 'public' AND grantee = 'PUBLIC'",
    )
    assert (open_tables, granted) == ([("alembic_version",)], [])


def test_what_works_as_the_owner_has_a_path_of_its_own_and_is_nobodys(floor: Floor) -> None:
    found = floor.ask(
        "floor",
        "SELECT proname, proconfig, has_function_privilege('public', oid, 'execute')"
        " FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace",
    )
    assert {path[0] for _, path, _ in found} == {"search_path=public, pg_temp"}
    assert not any(is_public for _, _, is_public in found)
    assert "search_words" in {name for name, _, _ in found}


@pytest.mark.parametrize("who", ["anna", "sue", "cora"])
def test_policies_are_asked_once_for_a_page_of_the_queue(who: str, floor: Floor) -> None:
    plan = floor.ask(
        who, "EXPLAIN SELECT * FROM moments ORDER BY severity DESC, happened_at DESC, id DESC"
    )
    text = "\n".join(line for (line,) in plan)
    assert "SubPlan" not in text


def test_the_desk_shows_a_supervisor_their_teams_calls_and_writes_it_down(fresh: Floor) -> None:
    with fresh.opened("sue") as archive:
        desk = ArchiveDesk(archive, None, lambda: NOW)
        assert (desk.who.role, desk.who.teams) == ("supervisor", ("north",))
        (moment,) = desk.page(Filters()).moments
        assert len(desk.open(moment.id).said) == 4
        assert desk.add(moment.id, "overrule", "she was kind").moment.standing == "overruled"
        assert [found.turn for found in desk.search("bailiff")] == [2]
        assert desk.count(Filters(standing="", words="bailiff")) == 1
        with pytest.raises(MendableError, match="no such moment"):
            desk.open("b1/c1")
    with fresh.opened("cora") as archive:
        assert {(look.by, look.call) for look in looks(archive)} == {("sue", "a1")}


def test_the_desk_shows_an_agent_what_was_answered(fresh: Floor) -> None:
    with fresh.opened("anna") as archive:
        desk = ArchiveDesk(archive, None, lambda: NOW)
        assert desk.add("a1/c1", "dispute", "it is").moment.disputed
        with fresh.opened("sue") as hers:
            ArchiveDesk(hers, None, lambda: NOW).add("a1/c1", "answer", "you are right")
        assert [review.text for review in desk.answers()] == ["you are right"]


def test_compliance_reads_at_the_desk_and_says_nothing(fresh: Floor) -> None:
    with fresh.opened("cora") as archive:
        desk = ArchiveDesk(archive, None, lambda: NOW)
        assert {moment.call for moment in desk.page(Filters()).moments} == {"a1", "b1"}
        assert desk.open("b1/c1").said
        with pytest.raises(MendableError, match="not for you"):
            desk.add("b1/c1", "agree")
