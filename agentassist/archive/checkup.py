"""What `doctor` looks at in the archive: this desk's own file, and the floor's server."""

import datetime
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from agentassist.archive import sending, state
from agentassist.archive.opening import open_file, open_server
from agentassist.errors import MendableError
from agentassist.reviewing import Person

PATIENCE = 5
"""Seconds to wait for the server."""


class Look(NamedTuple):
    """One thing looked at; all is well where there is nothing to mend."""

    what: str
    told: str
    mend: str = ""


def looks(file: Path, url: str | None, user: str) -> Iterator[Look]:
    """The file, if it is there, and the server, if one is named; `user` sends to it."""
    if file.exists():
        yield _own(file)
    if url:
        yield _server(url)
        if file.exists():
            yield from _waits(file, user)


def _own(file: Path) -> Look:
    try:
        with closing(open_file(file)) as own:
            return Look("Archive", f"{file}, {state.state(own).calls:,} calls")
    except MendableError as error:
        mend = "Restore the file from a backup, or move it away: calls are filed into a new one."
        return Look("Archive", str(error), mend)


def _server(url: str) -> Look:
    try:
        with closing(open_server(url, PATIENCE)) as server:
            return Look("Archive server", f"{server.place}, up to date")
    except MendableError as error:
        mend = "Mend that, or take url out of [archive] in the settings; until then calls wait."
        return Look("Archive server", str(error), mend)


def _waits(file: Path, user: str) -> Iterator[Look]:
    try:
        with closing(open_file(file)) as own:
            left = sending.waiting(own, Person(user, user, "agent"))
    except MendableError:
        return  # told of already
    if told := left.told(datetime.datetime.now().astimezone()):
        yield Look("Calls to send", told, "Run agentassist archive send.")
    if left.refused:
        found = f"{left.refused:,} refused by the server, the last: {left.why}"
        yield Look("Calls to send", found, "Ask the server's owner, then run archive send.")
