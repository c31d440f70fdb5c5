"""Which archive a command opens, and as whom."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from agentassist import config
from agentassist.archive import FILE
from agentassist.commands import desk
from agentassist.errors import MendableError
from agentassist.reviewing import Person

if TYPE_CHECKING:  # it brings SQLAlchemy
    from agentassist.archive.desk import ArchiveDesk
    from agentassist.archive.opening import Archive

db_option = click.option(
    "--db",
    metavar="FILE|URL",
    help="Another archive; by default the settings' server, or this desk's own file.",
)


def own_file() -> Path:
    """This desk's own archive, where calls are filed first."""
    return desk.data_folder() / FILE


def own() -> "Archive":
    """This desk's own archive. Raises MendableError."""
    from agentassist.archive.opening import open_file

    return open_file(own_file())


def opened(db: str | None, *, new: bool = False) -> "Archive":
    """The archive that is named, the settings' server, or this desk's own file.

    A named file must be there, unless it may be `new`. Raises MendableError.
    """
    from agentassist.archive.opening import open_file, open_server

    url = None if db else config.load().archive.url
    if url or (db and "://" in db):
        return open_server(url or db or "")
    if db and not new and not Path(db).exists():
        raise MendableError(f"{db}: no archive there; agentassist archive import --db makes one")
    return open_file(Path(db).absolute() if db else own_file())


def agent() -> str:
    """By whose name this desk's calls are filed: the login at the server, or that of here.

    Raises MendableError.
    """
    return config.load().archive.user or desk.user()


def reviewing(archive: "Archive") -> "ArchiveDesk":
    """The archive as whoever is logged in sees it. Raises MendableError."""
    from agentassist.archive.desk import ArchiveDesk

    return ArchiveDesk(archive, None if archive.is_server else _own(archive), desk.now)


def _own(archive: "Archive") -> Person:
    """Who uses a file: all of it is theirs, unless it is a desk's of a floor."""
    settings = config.load().archive
    is_agents = settings.url is not None and Path(archive.place) == own_file()
    name = desk.user()
    return Person(name, name, "agent" if is_agents else "owner", settings.team)
