"""The people of a floor: each has a login of their own at its server, and one role there.

What the roles may see is the server's own business: see `migrations/versions/v0003_*.sql`.
Passwords are made here and made unreadable here (SCRAM-SHA-256, RFC 5802), so that the server
and its log never get one in clear.
"""

import datetime
import secrets
from typing import Any, Literal, TypeAlias

import msgspec
from sqlalchemy import Connection, delete, insert, select, text, update

from agentassist.archive.opening import Archive
from agentassist.archive.tables import people, supervises, teams
from agentassist.cleaning import clean
from agentassist.errors import MendableError

FloorRole: TypeAlias = Literal["agent", "supervisor", "compliance"]

_ROLES: tuple[FloorRole, ...] = ("agent", "supervisor", "compliance")
_LONGEST = 63
"""Bytes of a name; PostgreSQL cuts off the rest (NAMEDATALEN), and might log in another."""

_RESERVED = ("pg_", "agentassist_")
_IS_OWNER = text(
    "SELECT pg_has_role(tableowner, 'MEMBER') FROM pg_tables"
    " WHERE schemaname = 'public' AND tablename = 'people'"
)
_STANDING = text(
    "SELECT rolsuper OR rolbypassrls OR rolcreaterole OR rolreplication"
    " OR pg_has_role(rolname, current_user, 'MEMBER') FROM pg_roles WHERE rolname = :name"
)
"""Of a login that is there: whether policies would not hold it, or it could make that so."""


class Listed(msgspec.Struct, frozen=True):
    """Somebody of the floor, as the list shows them."""

    id: str
    """Their login."""
    name: str
    role: str
    team: str
    teams: tuple[str, ...]
    """Those that they supervise."""
    left_at: datetime.datetime | None
    """Aware."""


def listed(archive: Archive) -> tuple[Listed, ...]:
    """Everybody that whoever asks may know of, by login. Raises MendableError."""
    _refuse_file(archive)
    with archive.reading() as connection:
        looked_after: dict[str, list[str]] = {}
        for person, team in connection.execute(select(supervises).order_by(supervises.c.team)):
            looked_after.setdefault(person, []).append(team)
        return tuple(
            Listed(
                row.id,
                row.name,
                row.role,
                row.team or "",
                tuple(looked_after.get(row.id, ())),
                row.left_at,
            )
            for row in connection.execute(select(people).order_by(people.c.id))
        )


def add(  # noqa: PLR0913 - what a person is
    archive: Archive,
    name: str,
    role: FloorRole,
    *,
    team: str = "",
    full_name: str = "",
    password: bool = True,
) -> str:
    """Lets somebody in, with that role alone; again, after they left or to change their role.

    Returns the password of a login that this made, empty where it has none or one of its own.
    Raises MendableError.
    """
    _check(name, team)
    with archive.writing() as connection:
        _refuse_others(archive, connection)
        is_new = _prepare_login(connection, name)
        _tell(connection, f"GRANT agentassist_{role} TO", name)
        _put(connection, {"id": name, "name": full_name or name, "role": role}, team)
        return _new_password(connection, name) if is_new and password else ""


def supervise(archive: Archive, name: str, team: str, *, ends: bool = False) -> None:
    """A supervisor sees that team's calls from now on, or no longer. Raises MendableError."""
    _check(name, team)
    with archive.writing() as connection:
        _refuse_others(archive, connection)
        if _role(connection, name) != "supervisor":
            raise MendableError(f"{clean(name)}: not a supervisor; see the list of people")
        connection.execute(delete(supervises).where(*_link(name, team)))
        if not ends:
            _put_team(connection, team)
            connection.execute(insert(supervises).values(person=name, team=team))


def leave(archive: Archive, name: str, at: datetime.datetime) -> None:
    """Nothing is open to them any more; what they filed and said stays. Raises MendableError."""
    with archive.writing() as connection:
        _refuse_others(archive, connection)
        _role(connection, name)
        _shut_out(connection, name)
        _tell(connection, "ALTER ROLE", name, "NOLOGIN PASSWORD NULL")
        connection.execute(delete(supervises).where(supervises.c.person == name))
        connection.execute(update(people).where(people.c.id == name).values(left_at=at))


def new_password(archive: Archive, name: str) -> str:
    """Makes another password for somebody, in place of the one they had. Raises MendableError."""
    with archive.writing() as connection:
        _refuse_others(archive, connection)
        _role(connection, name)
        return _new_password(connection, name)


def set_own_password(archive: Archive, password: str) -> None:
    """Changes the password of whoever is logged in. Raises MendableError."""
    _refuse_file(archive)
    with archive.writing() as connection:
        name = connection.execute(text("SELECT session_user")).scalar_one()
        _set_password(connection, name, password)


def _check(name: str, team: str) -> None:
    """Raises MendableError where that can't be the name of a login or a team."""
    if not name or clean(name) != name or name != name.strip():
        raise MendableError("a login needs a name without line breaks or blanks at its ends")
    if len(name.encode()) > _LONGEST:
        raise MendableError(f"{name}: a login's name has {_LONGEST} bytes at most")
    if name in {"public", "none"} or name.startswith(_RESERVED):
        raise MendableError(f"{name}: a name that the server keeps for itself; take another")
    if clean(team) != team or team != team.strip():
        raise MendableError("a team's name has no line breaks, and no blanks at its ends")


def _refuse_file(archive: Archive) -> None:
    if not archive.is_server:
        told = "a file is its user's alone; people are for a server: --db postgresql+psycopg://…"
        raise MendableError(f"{archive.place}: {told}")


def _refuse_others(archive: Archive, connection: Connection) -> None:
    _refuse_file(archive)
    if not connection.execute(_IS_OWNER).scalar_one():
        raise MendableError(f"{archive.place}: only its owner does that; log in as the owner")


def _role(connection: Connection, name: str) -> str:
    """Raises MendableError where they are not one of the floor."""
    there = select(people.c.role).where(people.c.id == name, people.c.left_at.is_(None))
    role: str | None = connection.execute(there).scalar()
    if role is None:
        raise MendableError(f"{clean(name)}: not one of its people; see the list of people")
    return role


def _prepare_login(connection: Connection, name: str) -> bool:
    """Makes sure of a login without a role; whether it needs a password."""
    privileged = connection.execute(_STANDING, {"name": name}).scalar()
    if privileged is None:
        _tell(connection, "CREATE ROLE", name, "LOGIN")
        return True
    if privileged:
        told = "may do anything on this server; people have logins of their own"
        raise MendableError(f"{name}: {told}")
    _shut_out(connection, name)
    _tell(connection, "ALTER ROLE", name, "LOGIN")
    left = select(people.c.left_at).where(people.c.id == name)
    return connection.execute(left).scalar() is not None


def _shut_out(connection: Connection, name: str) -> None:
    """Of all groups; a session that is open sees nothing from its next statement on."""
    for role in _ROLES:
        _tell(connection, f"REVOKE agentassist_{role} FROM", name)


def _put(connection: Connection, row: dict[str, Any], team: str) -> None:
    if team:
        _put_team(connection, team)
    row |= {"team": team or None, "left_at": None}
    changed = connection.execute(update(people).where(people.c.id == row["id"]).values(row))
    if not changed.rowcount:
        connection.execute(insert(people).values(row))
    if row["role"] != "supervisor":
        connection.execute(delete(supervises).where(supervises.c.person == row["id"]))


def _put_team(connection: Connection, team: str) -> None:
    if not team:
        raise MendableError("name a team")
    if connection.execute(select(teams).where(teams.c.id == team)).first() is None:
        connection.execute(insert(teams).values(id=team))


def _link(name: str, team: str) -> tuple[Any, Any]:
    return supervises.c.person == name, supervises.c.team == team


def _new_password(connection: Connection, name: str) -> str:
    password = secrets.token_urlsafe(15)
    _set_password(connection, name, password)
    return password


def _set_password(connection: Connection, name: str, password: str) -> None:
    """Sends what the server can check a password by, and nobody can read it from."""
    driver: Any = connection.connection.driver_connection
    hidden = driver.pgconn.encrypt_password(password.encode(), name.encode(), b"scram-sha-256")
    _tell(connection, "ALTER ROLE", name, f"PASSWORD '{hidden.decode()}'")


def _tell(connection: Connection, command: str, name: str, rest: str = "") -> None:
    """A statement about a login, whose name is written so that it can only be one."""
    quoted = connection.dialect.identifier_preparer.quote_identifier(name)
    connection.exec_driver_sql(f"{command} {quoted} {rest}")
