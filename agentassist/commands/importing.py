"""One file of a call into the archive: known again by what was heard, and a recording by its file.

Files stay where they are. A recording is filed with its path, so that the desk can play it.
"""

import datetime
import hashlib
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, cast

from msgspec.structs import replace

from agentassist import contract
from agentassist import events as ev
from agentassist.commands import desk
from agentassist.commands.analyze import listened
from agentassist.commands.coach import Coach
from agentassist.errors import MendableError
from agentassist.in_force import pack_of
from agentassist.session import CallSession, Sink
from agentassist.source import CallName, is_recording, open_call

if TYPE_CHECKING:  # they bring SQLAlchemy
    from agentassist.archive.filed import Filed
    from agentassist.archive.opening import Archive

_DAY = re.compile(r"(?<!\d)(20\d\d)-?([01]\d)-?([0-3]\d)(?!\d)")


class Wanted(NamedTuple):
    """What holds for all files of an import."""

    name: CallName
    """Of any of them: the others are opened in the same way."""
    call_date: datetime.date | None
    """Of calls of which neither they nor their file's name tell the day."""
    team_of: Callable[[str], str]
    """The team of an agent. Raises MendableError where they are nobody's."""


class _File(NamedTuple):
    """A call's file."""

    name: CallName
    own: ev.CallStarted
    """What it tells of the call by itself."""
    known_by: tuple[str, ...] = ()
    """Hashes that a recording is known by."""


class Importing:
    """Imports files, one after the other."""

    def __init__(self, archive: "Archive", memory: "Archive", coach: Coach, wanted: Wanted) -> None:
        """`memory` is this desk's own archive; `archive` may be the same."""
        self._archive = archive
        self._memory = memory
        self._coach = coach
        self._wanted = wanted

    def bring(self, path: Path, agent: str, shown: Sink) -> bool:
        """Files that agent's call; whether it was new. `shown` is told what is heard meanwhile.

        Raises MendableError.
        """
        from agentassist.archive.filing import file_call

        if not path.exists():
            raise MendableError(f"{path}: no such file")
        team = self._wanted.team_of(agent)
        file = self._recording(path) if is_recording(path) else self._written(path)
        known = self._known(file)
        if known and self._is_filed(known):
            return False
        filed = self._derived(file, agent, team, shown)
        new = file_call(self._archive, filed)
        self._remember(file.known_by, filed.calls["id"])
        return new

    def _recording(self, path: Path) -> _File:
        name = replace(self._wanted.name, path=path, call_date=self._day(path))
        stat = path.stat()
        how = f"{name.engine} {name.model} {name.agent_channel} {name.redaction}"
        glance = f"{path.resolve()} {stat.st_size} {stat.st_mtime_ns}"
        known_by = tuple(_hash(f"{told}\n{how}".encode()) for told in (glance, _bytes_of(path)))
        return _File(name, ev.CallStarted(0.0, "recording", ""), known_by)

    def _written(self, path: Path) -> _File:
        """A transcript or a journal."""
        with open_call(CallName(path), tentative=False) as events:
            own = next(iter(events))
        assert isinstance(own, ev.CallStarted)
        tells = own.call_date or own.started_at
        day = None if tells else self._day(path)
        return _File(replace(self._wanted.name, path=path, call_date=day), own)

    def _day(self, path: Path) -> datetime.date | None:
        """As the file's name tells it, or the user."""
        for found in _DAY.finditer(path.stem):
            try:
                return datetime.date(*map(int, found.groups()))
            except ValueError:
                continue
        return self._wanted.call_date

    def _known(self, file: _File) -> str | None:
        """The call's id, if that can be had without listening."""
        from agentassist.archive import listened as memory

        if not file.known_by:
            heard: list[ev.Heard] = []
            source = open_call(file.name)
            CallSession(source, [], [_keeping(heard)], redaction=file.name.redaction).run()
            return _identity(file.own, heard)
        with self._memory.reading() as connection:
            found = (memory.call_of(connection, name) for name in file.known_by)
            return next(filter(None, found), None)

    def _is_filed(self, call: str) -> bool:
        from agentassist.archive.filing import is_filed

        with self._archive.reading() as connection:
            return is_filed(connection, call)

    def _derived(self, file: _File, agent: str, team: str, shown: Sink) -> "Filed":
        from agentassist.archive.filed import About, Derived, filed

        path, rulebook = file.name.path, self._coach.rulebook
        assert path
        heard: list[ev.Heard] = []
        call = listened(file.name, self._coach, [_keeping(heard), shown])
        about = About(
            _identity(file.own, heard),
            path.stem,
            agent,
            desk.now(),
            team,
            pack_of(rulebook, call.started),
            str(path.resolve()) if file.known_by else "",
        )
        return filed(about, Derived(call, tuple(heard), self._coach.versions(call)), rulebook)

    def _remember(self, names: tuple[str, ...], call: str) -> None:
        from agentassist.archive import listened as memory

        if names:
            with self._memory.writing() as connection:
                memory.remember(connection, names, call, desk.now())


def _keeping(heard: list[ev.Heard]) -> Sink:
    def keep(event: ev.AnyEvent) -> None:
        if isinstance(event, ev.HEARD):
            heard.append(cast("ev.Heard", event))

    return keep


def _identity(own: ev.CallStarted, heard: Iterable[ev.Heard]) -> str:
    """The same for the same call, whatever the user told of it, and whatever wrote it down."""
    begun = ev.CallStarted(
        0.0, "", "", own.started_at, own.call_date, own.account, number=own.number
    )
    said = (event for event in heard if not isinstance(event, ev.CallStarted))
    told = (contract.public(event) for event in (begun, *said))
    return "import-" + _hash(b"\n".join(ev.encode(event) for event in told if event))[:32]


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _bytes_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
