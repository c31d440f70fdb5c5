"""The fixtures of the archive's tests: `archive` over both databases, and the server itself."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from agentassist.archive.opening import Archive, open_file, open_owned
from tests import postgres as servers


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[servers.Postgres]:
    """One for all tests of a process; skipped where there is none to be had, but never in CI."""
    if servers.binaries() is None:
        if os.environ.get("CI"):
            pytest.fail(servers.MISSING)
        pytest.skip(servers.MISSING)
    server = servers.started()
    yield server
    server.remove()


@pytest.fixture
def postgres(postgres_server: servers.Postgres) -> Iterator[servers.Postgres]:
    """The server, running, with its passwords at hand."""
    postgres_server.start()
    with postgres_server.passwords():
        yield postgres_server
    postgres_server.start()


@pytest.fixture(params=["sqlite", "postgresql"])
def archive(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Archive]:
    """A fresh archive of today's tables, as its owner has it open."""
    if request.param == "sqlite":
        file = open_file(tmp_path / "archive.sqlite")
        yield file
        file.close()
        return
    server: servers.Postgres = request.getfixturevalue("postgres")
    with server.database() as name:
        opened = open_owned(server.url(name))
        yield opened
        opened.close()
