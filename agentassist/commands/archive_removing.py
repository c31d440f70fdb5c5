"""What commands share that remove records of an archive: who may, how it shows, what is left."""

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from agentassist import config
from agentassist.commands import desk
from agentassist.commands.archives import opened, reviewing
from agentassist.commands.options import FILE
from agentassist.errors import MendableError
from agentassist.reviewing import Person
from agentassist.tui.wording import clean

if TYPE_CHECKING:  # they bring SQLAlchemy
    from agentassist.archive.opening import Archive
    from agentassist.archive.recordings import Left
    from agentassist.archive.removal import Batch, Order

Command = TypeVar("Command", bound=Callable[..., Any])

SHOWN = 10
"""Recordings that are named; more are counted."""

_OPTIONS = [
    click.option("--dry-run", is_flag=True, help="Only show what would go."),
    click.option("--yes", is_flag=True, help="Don't ask."),
    click.option("--why", default="", help="A few words for the proof; nothing personal."),
    click.option(
        "--recordings",
        type=FILE,
        multiple=True,
        help="A folder of this machine that a server's recordings lie in. May be repeated.",
    ),
    click.option("--lost", is_flag=True, help="Recordings whose whole folder is missing are gone."),
]


def removing_options(command: Command) -> Command:
    """How something is removed."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


@contextmanager
def archive_of(db: str | None, *roles: str) -> Iterator[tuple["Archive", Person]]:
    """An open archive and who is at it. A file is its user's; a server takes these roles only.

    Raises MendableError.
    """
    if db and "://" not in db and not Path(db).exists():
        raise MendableError(f"{db}: no archive there")
    archive = opened(db)
    try:
        who = reviewing(archive).who
        if archive.is_server and who.role not in roles:
            may = " and ".join(roles)
            raise MendableError(f"{archive.place}: only for its {may}; you are its {who.role}")
        yield archive, who
    finally:
        archive.close()


def order_of(
    archive: "Archive",
    who: Person,
    why: str,
    recordings: tuple[Path, ...],
    *,
    lost: bool,
    subject: str | None = None,
) -> "Order":
    """How records are to be removed from that archive."""
    from agentassist.archive.proof import Reason
    from agentassist.archive.recordings import Reach
    from agentassist.archive.removal import Order

    own = config.load().recording.folder
    folders = (*recordings, *([own] if own else []))
    reach = Reach(folders if archive.is_server else None, lost)
    return Order(Reason(clean(why), who.id, desk.now(), subject), reach)


def require_yes(question: str, *, yes: bool, answer: str = "") -> None:
    """Asks, or wants the very `answer` typed where there is one. Raises click.Abort, UsageError."""
    if yes:
        return
    if not sys.stdin.isatty():
        raise click.UsageError("nobody can be asked here; say --yes")
    if answer:
        if click.prompt(question, err=True, default="", show_default=False).strip() != answer:
            raise MendableError("not what was asked for; nothing was removed")
    elif not click.confirm(question, err=True):
        raise MendableError("nothing was removed")


def counted(count: int, what: str) -> str:
    """As "1 call" and "1,200 calls"."""
    return f"{count:,} {what}" if count == 1 else f"{count:,} {what}s"


def carried_out(archive: "Archive", batches: Iterable["Batch"], count: int) -> int:
    """Removes them, with how far it is; then clears the file. The exit status.

    What is cut off goes on when it is run again.
    """
    left: list[Left] = []
    gone = 0
    try:
        with click.progressbar(length=count, label="Removing", file=sys.stderr) as bar:
            for batch in batches:
                gone += batch.gone
                left += batch.left
                bar.update(batch.seen)
        cleared(archive)
    except KeyboardInterrupt:
        click.echo("agentassist: what is removed has its proof; run it again to go on", err=True)
        raise
    click.echo(f"{gone:,} removed; the proof: agentassist archive removals --verify")
    _tell_left(left)
    return int(any(not one.elsewhere for one in left))


def cleared(archive: "Archive") -> None:
    """Leaves nothing of what was removed in its files. Raises MendableError."""
    from agentassist.archive import wiping

    if not archive.is_server and wiping.is_wiped(archive):
        return
    click.echo("Clearing what was removed out of the files …", err=True)
    wiping.wipe(archive)


def _tell_left(left: list["Left"]) -> None:
    stuck = [one for one in left if not one.elsewhere]
    for one in stuck[:SHOWN]:
        click.echo(
            clean(f"agentassist: {one.recording}: {one.why}; tried again next time"), err=True
        )
    if len(stuck) > SHOWN:
        more = counted(len(stuck) - SHOWN, "more recording")
        click.echo(f"agentassist: and {more}", err=True)
    if elsewhere := len(left) - len(stuck):
        click.echo(
            f"Not on this machine, or in no folder that --recordings names: "
            f"{counted(elsewhere, 'recording')}; agentassist archive purge there takes them away"
        )
