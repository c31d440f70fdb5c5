"""`archive status` and `archive migrate`: where the archive is, what is in it, what waits."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import click

from agentassist import config
from agentassist.commands import archives, desk, filing, sending
from agentassist.errors import MendableError
from agentassist.tui.wording import clean

if TYPE_CHECKING:  # it brings SQLAlchemy
    from agentassist.archive.opening import Archive

_MEGABYTE = 1_000_000


@click.command(epilog="Example: agentassist archive status")
@archives.db_option
def status(db: str | None) -> int:
    """Where the archive is, what is in it, and what waits to be filed and to be sent."""
    troubles = filing.file_all()
    for trouble in troubles:
        click.echo(f"agentassist: not filed yet: {clean(trouble)}", err=True)
    code = int(bool(troubles))
    try:
        with closing(archives.opened(db)) as archive:
            _tell(_stands(archive))
    except MendableError as error:
        click.echo(f"agentassist: {clean(str(error))}", err=True)
        code = 1
    _tell(waits())
    return code


def _stands(archive: "Archive") -> Iterator[tuple[str, str]]:
    from agentassist.archive import state

    found = state.state(archive)
    yield "Archive", archive.place
    yield "Tables", f"step {state.step(archive)}, up to date"
    yield "Calls", f"{found.calls:,}"
    yield "Moments", f"{found.open:,} open of {found.moments:,}"
    yield "Size", f"{found.size / _MEGABYTE:,.1f} MB"


def waits() -> Iterator[tuple[str, str]]:
    """What this desk has still to do, and what to do about it. Raises MendableError."""
    settings = config.load().archive
    if not settings.on:
        yield "Filing", "off: [archive] on"
    if unfiled := filing.unfiled():
        yield "To file", unfiled
    if settings.url is None or not archives.own_file().exists():
        return
    with closing(archives.own()) as own:
        left = sending.waiting(own)
    yield "To send", left.told(desk.now()) or "nothing"
    if left.refused:
        yield "Refused", f"{left.refused:,} by the server, the last: {left.why}"


def _tell(lines: Iterator[tuple[str, str]]) -> None:
    for what, told in lines:
        click.echo(clean(f"{what:<9} {told}"))


@click.command(
    epilog="Example: agentassist archive migrate --db postgresql+psycopg://floor@db/calls"
)
@archives.db_option
def migrate(db: str | None) -> None:
    """Bring an archive to the tables of this program, as its owner; nothing is lost by it.

    A file is brought up to date by itself. On a server its owner does it, once for everybody.
    """
    from agentassist.archive import state
    from agentassist.archive.opening import open_file, open_owned

    url = db if db and "://" in db else None if db else config.load().archive.url
    file = Path(db).absolute() if db else archives.own_file()
    is_new = not url and not file.exists()
    opened = open_owned(url) if url else open_file(file)
    with closing(opened) as archive:
        done = state.migrate(archive)
        click.echo(f"{clean(archive.place)}: {_done(done, is_new)}, step {state.step(archive)}")


def _done(steps: tuple[str, ...], is_new: bool) -> str:
    if is_new:
        return "made"
    return f"took {', '.join(steps)}" if steps else "up to date"
