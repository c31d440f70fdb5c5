"""Sends this desk's filed calls on to the floor's server, as the settings name it."""

from collections.abc import Iterator
from contextlib import closing
from typing import TYPE_CHECKING

from agentassist import config
from agentassist.commands import archives, desk
from agentassist.errors import MendableError
from agentassist.reviewing import Person

if TYPE_CHECKING:  # they bring SQLAlchemy
    from agentassist.archive.opening import Archive
    from agentassist.archive.sending import Step, Waiting

PATIENCE = 10
"""Seconds to wait for the server where somebody asked for it."""


def url() -> str:
    """The server's. Raises MendableError where none is named."""
    named = config.load().archive.url
    if named is None:
        mend = 'write url = "postgresql+psycopg://server/database" below [archive]'
        raise MendableError(f"no server is named; in {config.settings_file()} {mend}")
    return named


def send(own: "Archive", *, patience: int = PATIENCE, again: bool = False) -> Iterator["Step"]:
    """As `archive.sending.send`, to the settings' server. Raises MendableError."""
    from agentassist.archive import sending
    from agentassist.archive.desk import ArchiveDesk
    from agentassist.archive.opening import open_server

    with closing(open_server(url(), patience)) as server:
        who = ArchiveDesk(server, None, desk.now).who
        yield from sending.send(own, server, who, desk.now(), again=again)


def waiting(own: "Archive") -> "Waiting":
    """What is to be sent still. Raises MendableError."""
    from agentassist.archive import sending

    name = archives.agent()
    return sending.waiting(own, Person(name, name, "agent"))
