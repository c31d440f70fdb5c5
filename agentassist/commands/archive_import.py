"""`archive import`: recorded and written calls into the archive, each once for all."""

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import click

from agentassist import config
from agentassist import events as ev
from agentassist.commands import archives
from agentassist.commands.coach import Coach
from agentassist.commands.importing import Importing, Wanted
from agentassist.commands.options import (
    FILE,
    call_name,
    one_file_options,
    read_rules,
    rules_only_option,
    rules_option,
)
from agentassist.errors import MendableError
from agentassist.session import Sink
from agentassist.tui.wording import clean

if TYPE_CHECKING:  # it brings SQLAlchemy
    from agentassist.archive.opening import Archive

ENDINGS = frozenset(
    (".wav", ".flac", ".mp3", ".ogg", ".oga", ".opus", ".json", ".jsonl", ".journal")
)
"""Of files that are taken for calls in a folder; any file that is named is tried."""

Shown: TypeAlias = Callable[[Path], Sink]
"""Shows which file is read, and takes what is heard in it."""


class _Found(NamedTuple):
    """Files to import, and how many others lie between them."""

    files: tuple[Path, ...]
    others: int


@click.command(epilog="Example: agentassist archive import ~/calls --agent-from folder")
@click.argument("paths", metavar="PATH...", type=FILE, nargs=-1, required=True)
@click.option("--agent", "agent", metavar="NAME", default="", help="Whose calls these are.")
@click.option(
    "--agent-from",
    type=click.Choice(["folder"]),
    help="The folder that a call lies in is named after its agent.",
)
@click.option("--team", default="", help="The agent's; by default as the archive knows them.")
@archives.db_option
@one_file_options
@rules_option
@rules_only_option
def import_(
    paths: tuple[Path, ...],
    agent: str,
    agent_from: str | None,
    team: str,
    db: str | None,
    rules: tuple[Path, ...],
    rules_only: bool,
    **options: Any,
) -> int:
    """Bring in recordings, transcripts and journals, or whole folders of them, to be reviewed.

    A call that is there already is left as it is: run it again after adding files, or to go on
    where it was interrupted. Files stay where they are, and recordings are played from there. The
    day of a call that doesn't tell it is that in its file's name, as 2026-03-12, or --call-date.
    """
    if bool(agent.strip()) == bool(agent_from):
        raise click.UsageError("say whose calls these are: --agent NAME, or --agent-from folder")
    date = options.pop("call_date")
    name = call_name(paths[0], call_date=None, **options)
    coach = Coach(read_rules(rules, name.pack), rules_only=rules_only)
    found = _files(paths)
    if not found.files:
        raise MendableError(f"{clean(str(paths[0]))}: no recording, transcript or journal in it")
    with closing(archives.opened(db, new=True)) as archive, closing(_memory(archive)) as memory:
        wanted = Wanted(name, date.date() if date else None, cache(_team_of(archive, team)))
        importing = Importing(archive, memory, coach, wanted)
        return _brought(importing, found, agent.strip())


def _brought(importing: Importing, found: _Found, agent: str) -> int:
    from agentassist.archive.opening import UnreachableError

    new = known = failed = 0
    try:
        with _progress(len(found.files)) as shown:
            for path in found.files:
                try:
                    whose = agent or path.resolve().parent.name
                    if importing.bring(path, whose, shown(path)):
                        new += 1
                    else:
                        known += 1
                except UnreachableError:
                    raise
                except (MendableError, OSError) as error:
                    failed += 1
                    _tell(path, error)
    finally:
        told = f"{new:,} new, {known:,} known, {failed:,} can't be read"
        left = f"; {found.others:,} other files left alone" if found.others else ""
        stopped = new + known + failed < len(found.files)
        click.echo(told + left + ("; run it again to go on" if stopped else ""))
    return int(bool(failed))


def _tell(path: Path, error: MendableError | OSError) -> None:
    told = str(error) if isinstance(error, MendableError) else f"{path}: {error.strerror}"
    if str(path) not in told:
        told = f"{path}: {told}"
    click.echo(f"agentassist: {clean(told)}", err=True)


def _files(paths: Sequence[Path]) -> _Found:
    """All that are meant, each once, in the order of their names."""
    found: dict[Path, None] = {}
    others = 0
    for path in paths:
        if not path.is_dir():
            found[path] = None
            continue
        for file in _within(path):
            if file.suffix.lower() in ENDINGS:
                found[file] = None
            else:
                others += 1
    return _Found(tuple(found), others)


def _within(folder: Path) -> Iterator[Path]:
    for place, folders, files in os.walk(folder, onerror=_refuse):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (Path(place, name) for name in sorted(files) if not name.startswith("."))


def _refuse(error: OSError) -> None:
    click.echo(f"agentassist: {clean(str(error.filename))}: {error.strerror}", err=True)


def _memory(archive: "Archive") -> "Archive":
    """This desk's own archive: the same file, where that is meant."""
    same = not archive.is_server and Path(archive.place) == archives.own_file()
    return archive if same else archives.own()


def _team_of(archive: "Archive", team: str) -> Callable[[str], str]:
    """The team that is named, that of the agent at the server, or the settings'.

    Raises MendableError where this person may not bring in calls there.
    """
    if not archive.is_server:
        named = team or config.load().archive.team
        return lambda _: named
    from agentassist.archive.people import listed

    who = archives.reviewing(archive).who
    if who.role not in ("owner", "agent"):
        raise MendableError(f"{archive.place}: its owner brings calls in; log in as the owner")
    there = {one.id: one.team for one in listed(archive) if not one.left_at}

    def team_of(agent: str) -> str:
        if agent not in there:
            mend = f"agentassist archive people add {agent} --role agent"
            raise MendableError(f"{agent}: not one of the people of {archive.place}; {mend}")
        return team or there[agent]

    return team_of


@contextmanager
def _progress(count: int) -> Iterator[Shown]:
    """Which file is read, and how far, on standard error in a terminal."""
    if not sys.stderr.isatty():
        yield lambda _path: lambda _event: None
        return
    bar: Any = click.progressbar(
        length=count, label="Importing", file=sys.stderr, item_show_func=lambda item: item or ""
    )
    begun = 0

    def shown(path: Path) -> Sink:
        nonlocal begun
        name, at = clean(path.name), -1
        bar.update(begun - bar.pos, name)
        begun += 1

        def heard(event: ev.AnyEvent) -> None:
            nonlocal at
            if int(event.at) > at:
                at = int(event.at)
                bar.update(0, f"{name} {at // 60}:{at % 60:02}")

        return heard

    with bar:
        yield shown
        with suppress(KeyboardInterrupt):
            bar.update(count - bar.pos)
