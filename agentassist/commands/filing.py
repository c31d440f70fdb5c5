"""Files approved calls into this desk's own archive: at once, or what a crash left, later.

A call that can't be filed now stays where it is, and the others go on.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from agentassist import config
from agentassist.call import fold
from agentassist.commands import archives, desk
from agentassist.commands.coach import Coach
from agentassist.commands.options import own_packs, read_rules
from agentassist.errors import MendableError, ours
from agentassist.in_force import pack_of
from agentassist.pipeline import run
from agentassist.source import is_recording
from agentassist.store import journal, to_file
from agentassist.store.chain import Chain
from agentassist.store.to_file import ToFile

if TYPE_CHECKING:  # they bring SQLAlchemy
    from agentassist.archive.filed import Filed
    from agentassist.archive.opening import Archive

_ONE_FILE = re.compile(r"(.*):\d+:\d+")
"""Of `unfinished.About.source`: a path, its size and its time."""


class Filing(NamedTuple):
    """What came of one call; a trouble says why it can't be filed, and how to mend that."""

    call: str
    trouble: str = ""


def is_on() -> bool:
    """Whether approved calls are filed at all. Raises SettingsError."""
    return config.load().archive.on


def waits() -> bool:
    """Whether there is anything to file."""
    folder = desk.data_folder()
    return bool(to_file.waiting(folder) or to_file.corrected(folder))


def unfiled() -> str:
    """As "2 approved calls wait to be filed"; empty where none does."""
    count = len(to_file.waiting(desk.data_folder()))
    named = "1 approved call waits" if count == 1 else f"{count:,} approved calls wait"
    return f"{named} to be filed" if count else ""


@contextmanager
def correcting(call: str) -> Iterator[None]:
    """A note is corrected in the block; its filed copy is by the next filing."""
    if not is_on():
        yield
        return
    with to_file.correcting(desk.data_folder(), call):
        yield


def file_all(coach: Callable[[], Coach] | None = None) -> list[str]:
    """Files everything that waits; the troubles. Raises nothing: nobody's work hangs on it.

    Who is tired of waiting may interrupt it.
    """
    try:
        return [done.trouble for done in file_waiting(coach) if done.trouble]
    except KeyboardInterrupt:
        return []
    except Exception as error:  # noqa: BLE001 - what it was is told, and tried again later
        return [_told(error)]


def file_waiting(
    coach: Callable[[], Coach] | None = None, patience: float = 10.0
) -> Iterator[Filing]:
    """Files what waits, one after the other. Raises MendableError where none can be filed.

    `coach` derives the calls, by default by the settings' rules; `patience` in seconds, where
    another program files.
    """
    folder = desk.data_folder()
    if not (waits() and is_on()):
        return
    with to_file.locked(folder, patience) as held:
        if not held:
            return
        archive = archives.own()
        try:
            yield from _filed(folder, archive, coach or usual_coach)
        finally:
            archive.close()


def usual_coach() -> Coach:
    """By the settings' rules. Raises MendableError."""
    return Coach(read_rules(own_packs()), rules_only=False)


def _filed(folder: Path, archive: "Archive", coach: Callable[[], Coach]) -> Iterator[Filing]:
    from agentassist.archive.filing import file_call

    followed: Coach | None = None
    for call in to_file.waiting(folder):
        trouble = ""
        try:
            followed = followed or coach()
            file_call(archive, rows(call, followed))
            call.done()
        except Exception as error:  # noqa: BLE001 - of this one call; the others go on
            trouble = _told(error)
        yield Filing(call.id, trouble)
    yield from _corrected(folder, archive)


def _told(error: Exception) -> str:
    """Without words of a call."""
    return str(error) if isinstance(error, MendableError) else ours(error)


def _corrected(folder: Path, archive: "Archive") -> Iterator[Filing]:
    from agentassist.archive.correcting import correct_call

    waiting = {call.id for call in to_file.waiting(folder)}
    marked = set(to_file.corrected(folder)) - waiting
    if not marked:
        return
    latest = to_file.latest(Chain(folder / "records"), marked)
    for call in sorted(marked):
        if note := latest.get(call):
            correct_call(archive, call, note.fields, note.text)
        to_file.unmark_corrected(folder, call)
        yield Filing(call)


def rows(call: ToFile, coach: Coach) -> "Filed":
    """What is filed of an approved call. Raises MendableError."""
    from agentassist.archive.filed import About, Derived, filed

    known, note = call.about, call.approved
    heard = tuple(journal.read(call.journal))
    derived = fold(run(heard, coach.stages()))
    about = About(
        call.id,
        known.title,
        archives.agent(),
        desk.now(),
        config.load().archive.team,
        pack_of(coach.rulebook, derived.started),
        known.recording or _played(known.source),
        note.text,
    )
    done = Derived(derived, heard, coach.versions(derived), note.fields)
    return filed(about, done, coach.rulebook)


def _played(source: str) -> str:
    """The recording that a call was played from, where it is one file."""
    told = _ONE_FILE.fullmatch(source)
    path = Path(told[1]) if told else None
    return str(path) if path and path.is_file() and is_recording(path) else ""
