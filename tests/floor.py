"""A floor for the tests of who may see what: people with logins, and calls of two teams."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, LiteralString

import psycopg
from psycopg import sql

from agentassist.account import Account
from agentassist.archive import people
from agentassist.archive.filing import file_call
from agentassist.archive.opening import Archive, open_owned, open_server
from agentassist.archive.people import FloorRole
from tests.filed_calls import LINES, Lines, a_call
from tests.postgres import MIGRATED, Postgres

PEOPLE: tuple[tuple[str, FloorRole, str], ...] = (
    ("anna", "agent", "north"),
    ("ben", "agent", "south"),
    ("sue", "supervisor", ""),
    ("cora", "compliance", ""),
)
"""Sue supervises north."""

BENS_LINES: Lines = (*LINES, ("caller", "I fly a zeppelin to work."))


class Floor:
    """A migrated database with its people, and what they may do with it past our programs."""

    def __init__(self, server: Postgres, database: str) -> None:
        self.server, self.database = server, database

    @contextmanager
    def opened(self, person: str = "") -> Iterator[Archive]:
        """The archive as that person's programs have it; without one, as the owner has."""
        url = self.server.url(self.database)
        archive = open_server(self.server.url(self.database, person)) if person else open_owned(url)
        try:
            yield archive
        finally:
            archive.close()

    @contextmanager
    def connected(self, person: str) -> Iterator[psycopg.Connection]:
        """Each statement is its own transaction."""
        with self.server.connected(self.database, person) as connection:
            yield connection

    def ask(self, person: str, statement: LiteralString, **values: Any) -> list[Any]:
        """The rows that one statement gives, if any."""
        with self.connected(person) as connection:
            return rows(connection, statement, **values)

    def look(self, person: str, call: str) -> None:
        """As our programs do, in a transaction of its own."""
        self.ask(person, LOOK, by=person, call=call)

    def let_in(self, name: str, role: FloorRole, team: str = "") -> None:
        with self.opened() as archive:
            self.remember(name, people.add(archive, name, role, team=team))

    def remember(self, name: str, password: str) -> None:
        """A new one; without one they have that of before."""
        if password:
            self.server.remember(name, password)


LOOK: LiteralString = (
    "INSERT INTO looks VALUES (gen_random_uuid()::text, %(by)s, now(), %(call)s, 'opened')"
)


def rows(connection: psycopg.Connection, statement: LiteralString, **values: Any) -> list[Any]:
    answer = connection.execute(sql.SQL(statement), values or None)
    return answer.fetchall() if answer.description else []


@contextmanager
def a_floor(server: Postgres) -> Iterator[Floor]:
    """Calls `a1` of Anna's and `b1` of Ben's, with their account numbers; b1 has a zeppelin."""
    server.start()
    server.make_template("floor", MIGRATED, lambda name: _fill(Floor(server, name)))
    with server.passwords(), server.database("floor") as database:
        yield Floor(server, database)


def _fill(floor: Floor) -> None:
    helen, harry = Account("Helen Carter", id="A-1"), Account("Harry Bell", id="B-1")
    with floor.opened() as archive:
        for name, role, team in PEOPLE:
            floor.remember(name, people.add(archive, name, role, team=team))
        people.supervise(archive, "sue", "north")
        file_call(archive, a_call("a1", "anna", "north", account=helen))
        file_call(archive, a_call("b1", "ben", "south", BENS_LINES, account=harry))
