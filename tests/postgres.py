"""A real PostgreSQL for the tests: in a temporary folder, gone when the tests are.

It is started once by each process that runs tests. People log in by passwords of their own
(SCRAM), which stand in a password file as they would on a desk.
"""

import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import LiteralString

import psycopg
import pytest
from psycopg import sql

from agentassist.archive import migrations
from agentassist.archive.opening import open_owned

MISSING = "no PostgreSQL here: apt-get install postgresql (scripts/install-servers does it)"
OWNER = "floor"
"""Who owns the databases: no superuser, but may create roles."""

MIGRATED = "migrated"
"""The template of an archive of today's tables."""

EMPTY = "template0"

_SUPERUSER = "postgres"
_QUICK = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "32MB",
    "max_connections": "40",
    "autovacuum": "off",
    "jit": "off",
    "listen_addresses": "127.0.0.1",
}
_PATIENCE = 30.0


def binaries() -> Path | None:
    """The folder of PostgreSQL's programs; the newest that is there."""
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    folders = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    newest = sorted(folders, key=lambda file: int(file.parent.parent.name))
    return newest[-1].parent if newest else None


class Postgres:
    """A server, and the passwords of those who may log in."""

    def __init__(self, programs: Path) -> None:
        self._programs = programs
        self.folder = Path(tempfile.mkdtemp(prefix="pg-"))
        self.passfile = self.folder / "passwords"
        self.log = self.folder / "log"
        self.port = _free_port()
        self._passwords: dict[str, str] = {}
        self._running: subprocess.Popen[bytes] | None = None
        self._templates: set[str] = set()
        self._names = (f"calls_{number}" for number in count())
        self._initialise()

    def url(self, database: str, person: str = OWNER) -> str:
        """How a person reaches a database; without a password."""
        return f"postgresql+psycopg://{person}@127.0.0.1:{self.port}/{database}"

    def start(self) -> None:
        """Waits until it answers; nothing where it runs."""
        if self._running:
            return
        settings = _QUICK | {"port": str(self.port), "unix_socket_directories": str(self.folder)}
        told = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        with self.log.open("ab") as log:
            self._running = subprocess.Popen(
                [*_as_nobody_special(), self._programs / "postgres", "-D", self._data, *told],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.folder,
            )
        self._await_answer()

    def stop(self) -> None:
        """An outage: whoever is connected is thrown out."""
        if self._running:
            self._running.send_signal(signal.SIGINT)
            self._running.wait(_PATIENCE)
            self._running = None

    def remove(self) -> None:
        self.stop()
        shutil.rmtree(self.folder)

    def add_login(self, person: str) -> None:
        """A role that may log in, made by the administrator, once; it belongs to nothing."""
        if person not in self._passwords:
            password = secrets.token_hex(8)
            statement = sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}")
            self.ask("postgres", statement.format(sql.Identifier(person), password))
            self.remember(person, password)

    def remember(self, person: str, password: str) -> None:
        """Puts a password into the file, in place of an earlier one."""
        self._passwords[person] = password
        told = ("*:*:*:" + ":".join(map(_escaped, pair)) for pair in self._passwords.items())
        self.passfile.touch(0o600)
        self.passfile.write_text("\n".join([*told, ""]))

    @contextmanager
    def passwords(self) -> Iterator[None]:
        """The password file is the one that PostgreSQL's library reads in the block."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("PGPASSFILE", str(self.passfile))
            yield

    @contextmanager
    def connected(self, database: str, person: str = OWNER) -> Iterator[psycopg.Connection]:
        """Speaks to it as that person; each statement is its own transaction."""
        with psycopg.connect(
            host="127.0.0.1",
            port=self.port,
            dbname=database,
            user=person,
            passfile=str(self.passfile),
            autocommit=True,
        ) as connection:
            yield connection

    def ask(self, database: str, statement: LiteralString | sql.Composed) -> None:
        """As the superuser."""
        with self.connected(database, _SUPERUSER) as connection:
            connection.execute(statement)

    @contextmanager
    def database(self, template: str = MIGRATED) -> Iterator[str]:
        """The name of a fresh one, like the template; gone after the block."""
        name = next(self._names)
        self._create(name, template)
        yield name
        self.start()
        statement = sql.SQL("DROP DATABASE {} WITH (FORCE)")
        self.ask("postgres", statement.format(sql.Identifier(name)))

    def make_template(self, name: str, like: str, fill: Callable[[str], None]) -> None:
        """Databases are cloned from it afterwards, which is quick. Once for each name."""
        if name not in self._templates:
            self._create(name, like)
            with self.passwords():
                fill(name)
            self._templates.add(name)

    def _create(self, name: str, template: str) -> None:
        statement = sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {} STRATEGY FILE_COPY")
        names = map(sql.Identifier, (name, OWNER, template))
        self.ask("postgres", statement.format(*names))

    @property
    def _data(self) -> Path:
        return self.folder / "data"

    def _initialise(self) -> None:
        first = self.folder / "first"
        password = secrets.token_hex(8)
        first.write_text(password)
        if os.geteuid() == 0:
            shutil.chown(self.folder, "postgres", "postgres")
            shutil.chown(first, "postgres", "postgres")
        told = ("-A", "scram-sha-256", "-U", _SUPERUSER, f"--pwfile={first}", "-E", "UTF8")
        subprocess.run(
            [
                *_as_nobody_special(),
                self._programs / "initdb",
                *told,
                "--locale=C.UTF-8",
                "--no-sync",
                "--no-instructions",
                self._data,
            ],
            check=True,
            capture_output=True,
            cwd=self.folder,
        )
        self.remember(_SUPERUSER, password)

    def _await_answer(self) -> None:
        assert self._running
        until = time.monotonic() + _PATIENCE
        while time.monotonic() < until and self._running.poll() is None:
            try:
                with self.connected("postgres", _SUPERUSER):
                    return
            except psycopg.OperationalError:
                time.sleep(0.02)
        raise RuntimeError(f"PostgreSQL does not start: {self.log.read_text()[-500:]}")


def started() -> Postgres:
    """A server that runs, with an owner and a template. Its binaries must be there."""
    programs = binaries()
    assert programs
    server = Postgres(programs)
    try:
        server.start()
        server.add_login(OWNER)
        server.ask("postgres", f"ALTER ROLE {OWNER} CREATEROLE")
        server.make_template(MIGRATED, EMPTY, lambda name: _migrate(server.url(name)))
    except BaseException:
        server.remove()
        raise
    return server


def _migrate(url: str) -> None:
    archive = open_owned(url)
    with archive.writing() as connection:
        migrations.upgrade(connection, archive.place)
    archive.close()


def _escaped(word: str) -> str:
    """As a password file wants it."""
    return word.replace("\\", "\\\\").replace(":", "\\:")


def _as_nobody_special() -> list[str]:
    """It refuses to run as root; and it ends with this process, however this one ends."""
    if not shutil.which("setpriv"):
        return []
    other = ["--reuid=postgres", "--regid=postgres", "--init-groups"] if os.geteuid() == 0 else []
    return ["setpriv", "--pdeathsig=INT", *other, "--"]


def _free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port: int = listening.getsockname()[1]
        return port
