"""`review --web`: its options, and what is checked before anything listens."""

import sys
import webbrowser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html import escape
from pathlib import Path
from typing import Any, TypeVar

import click

from agentassist.commands import archives, desk
from agentassist.commands.options import Theme
from agentassist.errors import MendableError
from agentassist.store import durable

Command = TypeVar("Command", bound=Callable[..., Any])

_OPTIONS = [
    click.option(
        "--host",
        metavar="ADDRESS",
        help="With --web: listen there, not on this machine alone (127.0.0.1).",
    ),
    click.option(
        "--port",
        type=click.IntRange(1, 65535),
        help="With --web: this port and no other; by default 8000 or the next free one.",
    ),
    click.option(
        "--public-url",
        metavar="URL",
        help="With --web: as browsers reach it, where a TLS proxy stands in front.",
    ),
    click.option("--browser", is_flag=True, help="With --web: open it in your browser."),
]


def web_options(command: Command) -> Command:
    """The options of `--web`; `serve` takes them as they are."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def serve(
    db: str | None,
    theme: Theme,
    *,
    host: str | None,
    port: int | None,
    public_url: str | None,
    browser: bool,
) -> None:
    """Serves the desk until Ctrl+C. Raises MendableError."""
    try:
        from agentassist.web.place import LOOPBACK, Place
        from agentassist.web.server import Look
        from agentassist.web.server import serve as serve_desk
    except ModuleNotFoundError as error:
        mend = "pip install 'agentassist[web]'"
        raise MendableError(f"--web needs {error.name}, which is not here: {mend}") from None
    from agentassist.tui.themes import THEMES

    # A fault is told here, before anybody has a link to it.
    archive = archives.opened(db)
    try:
        archives.reviewing(archive)
    finally:
        archive.close()
    where = Place(host or LOOPBACK, port, public_url)
    if not (where.is_loopback and public_url is None):
        click.echo(_REACHED, err=True)
    colours = THEMES[theme]
    look = Look(str(colours.background), str(colours.foreground), colours.primary)

    def ready(link: str) -> None:
        click.echo(f"The desk: {link}")
        click.echo("It opens one browser, once. Ctrl+C here ends it, with every desk in a tab.")
        if browser:
            _open(page, link)

    with _page() as page:
        serve_desk(where, _program(db, theme), look, ready, click.echo)


_REACHED = (
    "agentassist: others can reach this desk, and it speaks plain HTTP: put TLS in front."
    " Who has the link sees what you see, and judges in your name."
)


def _program(db: str | None, theme: Theme) -> list[str]:
    """The desk of each tab: this program again, wherever it is run."""
    place = [] if not db else ["--db", db if "://" in db else str(Path(db).absolute())]
    return [sys.executable, "-P", "-m", "agentassist", "review", "--theme", theme, *place]


@contextmanager
def _page() -> Iterator[Path]:
    """Where a page for the user's own browser may lie; it is taken away."""
    path = desk.data_folder() / "open-desk.html"
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)


def _open(page: Path, link: str) -> None:
    """By a private file: everybody on this machine may see what a program is started with."""
    goes_on = f'<meta http-equiv="refresh" content="0;url={escape(link)}">'
    quiet = '<meta name="referrer" content="no-referrer">'
    try:
        durable.make_folder(page.parent)
        durable.replace(page, f"<!DOCTYPE html>{quiet}{goes_on}".encode())
        found = webbrowser.open(page.as_uri())
    except (OSError, webbrowser.Error):
        found = False
    if not found:
        click.echo("agentassist: no browser could be opened; open the link yourself", err=True)
