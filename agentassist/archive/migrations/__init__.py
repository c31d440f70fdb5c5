"""Brings an archive to the tables of today: steps in `versions/`, added and never changed."""

from importlib.resources import files

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from agentassist.errors import MendableError

_LOCK = 4_126_071_911
"""Of this program's migrations on a server of PostgreSQL: any number, but always this one."""


def upgrade(connection: Connection, place: str, to: str = "head") -> None:
    """All steps that are missing, in the connection's transaction: all or none.

    Raises MendableError where a newer program made the archive.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    _refuse_newer(version(connection), place)
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, to)


def check(connection: Connection, place: str) -> None:
    """Raises MendableError where the archive is not of today's tables."""
    found = version(connection)
    _refuse_newer(found, place)
    if found != newest():
        mend = "its owner runs agentassist archive migrate"
        raise MendableError(f"{place}: not up to date ({found or 'empty'}); {mend}")


def version(connection: Connection) -> str | None:
    """The last step that was taken; None in an empty database."""
    return MigrationContext.configure(connection).get_current_revision()


def versions() -> list[str]:
    """Every step there is, oldest first."""
    script = ScriptDirectory.from_config(_config())
    return [step.revision for step in script.walk_revisions()][::-1]


def newest() -> str:
    """The step that an archive of today has taken last."""
    return versions()[-1]


def _refuse_newer(found: str | None, place: str) -> None:
    if found is not None and found not in versions():
        told = f"{place}: made by a newer agentassist (step {found})"
        raise MendableError(f"{told}; update this one")


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(files(__name__)))
    return config
