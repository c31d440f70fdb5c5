"""Opens the archive: one private file of SQLite, or a floor's PostgreSQL by its URL."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError

from agentassist.archive import migrations
from agentassist.cleaning import clean
from agentassist.errors import MendableError
from agentassist.store import durable

_PATIENCE = 10
"""Seconds to wait for another program that writes, or for a server to answer."""

_PASSING = ("08", "25006", "40", "53", "57")
"""Classes of SQLSTATE that tell of a server in trouble, not of what it was asked."""

_REFUSED = re.compile(r"(?<=FATAL:  ).+|no password supplied")
_ON_ITS_WAY = re.compile("starting up|shutting down|recovery|too many|connection slots")

_TELLS = (
    "has a password in it, which others can read; take it out and put it into"
    " ~/.pgpass, or use a client certificate"
)


class ArchiveError(MendableError):
    """An archive that can't be used; one line that names it and the mend."""


class UnreachableError(ArchiveError):
    """A server that can't be reached now: what is to be sent waits."""


class Archive:
    """An open archive. May be used from several threads."""

    def __init__(self, engine: Engine, place: str) -> None:
        """`open_file` and `open_server` make these."""
        self.engine = engine
        self.place = place
        """As the user may know it: a path, or a URL without a password."""

    @property
    def is_server(self) -> bool:
        """Whether it is PostgreSQL, which decides by itself who may see what."""
        return self.engine.dialect.name == "postgresql"

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One view of the archive, in which nothing changes. Raises ArchiveError."""
        with self._told(), self.engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """All that is done in the block is done, or none of it. Raises ArchiveError."""
        with (
            self._told(),
            self.engine.connect().execution_options(writes=True) as connection,
            connection.begin(),
        ):
            yield connection

    def close(self) -> None:
        self.engine.dispose()

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            raise _fault(error, self.place) from None


def open_file(path: Path) -> Archive:
    """The archive in that file, made if it is not there, and brought up to date.

    Raises ArchiveError.
    """
    try:
        durable.make_folder(path.parent)
        # SQLite gives its side files the mode of this one.
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        raise ArchiveError(f"{path}: can't be written: {error.strerror}") from None
    engine = create_engine(f"sqlite:///{path}", connect_args={"timeout": _PATIENCE})
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    archive = Archive(engine, str(path))
    with _closed_where_it_fails(archive), archive.writing() as connection:
        migrations.upgrade(connection, archive.place)
    return archive


def open_owned(url: str, patience: int = _PATIENCE) -> Archive:
    """A server's archive as its owner opens it, who may have to bring it up to date first.

    `patience` in seconds. Raises ArchiveError.
    """
    parsed = server_url(url)
    return Archive(_server_engine(parsed, patience), str(parsed))


def open_server(url: str, patience: int = _PATIENCE) -> Archive:
    """The archive of that URL, as `postgresql+psycopg://server/database`.

    It is not brought up to date: its owner does that once for all, with `archive migrate`.
    `patience` in seconds, for each time that it has to answer the network. Raises
    UnreachableError, or ArchiveError where it can't be used at all.
    """
    archive = open_owned(url, patience)
    with _closed_where_it_fails(archive), archive.reading() as connection:
        migrations.check(connection, archive.place)
    return archive


def server_url(url: str) -> URL:
    """Raises ArchiveError where it is no URL of a server that may be used."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise ArchiveError("not a URL; as postgresql+psycopg://server/database") from None
    if parsed.drivername != "postgresql+psycopg":
        told = f"{parsed.drivername}: not supported; as postgresql+psycopg://server/database"
        raise ArchiveError(told)
    if parsed.password or "password" in parsed.query:
        raise ArchiveError(f"{parsed.set(query={}).render_as_string()}: {_TELLS}")
    return parsed


@contextmanager
def _closed_where_it_fails(archive: Archive) -> Iterator[None]:
    try:
        yield
    except BaseException:
        archive.close()
        raise


def _server_engine(url: URL, patience: int) -> Engine:
    try:
        return create_engine(
            url,
            connect_args={
                "connect_timeout": patience,
                # In milliseconds: a cable that was pulled out is told as well.
                "tcp_user_timeout": patience * 1000,
                "application_name": "agentassist",
            },
            pool_pre_ping=True,
        )
    except ImportError:
        mend = "pip install 'agentassist[postgres]'"
        raise ArchiveError(f"{url}: needs PostgreSQL's driver: {mend}") from None


def _prepare(connection: Any, _record: Any) -> None:
    """Settings of a connection to SQLite; transactions are begun by `_begin`."""
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _fault(error: DBAPIError, place: str) -> ArchiveError:
    """Without the statement and its values, which may be words of a call."""
    kind = type(error.orig).__name__
    match getattr(error.orig, "sqlstate", None):
        case None if "not a database" in str(error.orig):
            return ArchiveError(f"{place}: not a file of an archive; name another with --db")
        case None if not isinstance(error, OperationalError):
            return ArchiveError(f"{place}: {kind}")
        case None if not place.startswith("postgresql"):
            return ArchiveError(f"{place}: {error.orig}; look at the file and its disk")
        case None if reason := _refusal(str(error.orig)):
            return ArchiveError(f"{place}: {reason}; are you one of its people?")
        case "42501":
            return ArchiveError(f"{place}: you may not do that there")
        case None:
            return UnreachableError(f"{place}: can't be reached ({kind}); is the server up?")
        case state if state.startswith(_PASSING):
            return UnreachableError(f"{place}: can't be used now ({kind}); is the server up?")
        case state:
            return ArchiveError(f"{place}: {kind} ({state or 'no code'})")


def _refusal(told: str) -> str:
    """Why a server that is up let nobody in; empty where it is not up, or on its way.

    Before there is a connection, the library tells no SQLSTATE.
    """
    found = _REFUSED.search(told)
    return clean(found[0]) if found and not _ON_ITS_WAY.search(told) else ""
