"""`review`: the supervisor's desk, on the screen, in a browser, or as plain lines."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click
from msgspec.structs import replace

from agentassist.commands import desk, filing
from agentassist.commands.archives import db_option, opened, own, reviewing
from agentassist.commands.options import Theme, has_screen, theme_option
from agentassist.commands.review_web import serve, web_options
from agentassist.reviewing import Filters, Reviewing
from agentassist.tui.review import lines
from agentassist.tui.review import words as words_of
from agentassist.tui.review.sound import in_browser

if TYPE_CHECKING:  # it brings SQLAlchemy
    from agentassist.archive.opening import Archive

_PAGE = 50


@click.command(
    epilog="Example: agentassist review\n\n"
    "\b\nAs lines:     agentassist review --plain\n"
    "One of them:  agentassist review --open ID\n"
    "In a browser: agentassist review --web"
)
@db_option
@theme_option
@click.option("--plain", is_flag=True, help="The queue as lines, for screen readers and logs.")
@click.option("--most", type=click.IntRange(min=1), default=50, show_default=True, help="Lines.")
@click.option("--words", default="", help="Only moments of calls in which these were said.")
@click.option("--open", "to_open", metavar="ID", help="Print one moment and what was said.")
@click.option("--agree", metavar="ID", help="Agree to what the coach said there.")
@click.option("--overrule", metavar="ID", help="Overrule it; needs --why.")
@click.option("--why", metavar="TEXT", default="", help="The reason of --overrule.")
@click.option("--web", is_flag=True, help="Serve the desk to a browser on this machine.")
@web_options
def review(
    db: str | None,
    theme: Theme,
    plain: bool,
    most: int,
    words: str,
    to_open: str | None,
    agree: str | None,
    overrule: str | None,
    why: str,
    web: bool,
    **options: Any,
) -> None:
    """Go through the moments of calls: agree, overrule, comment, praise; or dispute your own.

    Whose moments there are is for the archive to say: an agent's own, a supervisor's teams',
    everybody's for compliance, who can read only. Coaching data is kept apart from discipline.
    """
    chosen = [each for each in (to_open, agree, overrule) if each]
    if len(chosen) > 1 or (chosen and web):
        raise click.UsageError("--open, --agree, --overrule and --web go one at a time")
    if bool(overrule) != bool(why.strip()):
        raise click.UsageError("--overrule ID and --why TEXT go together")
    if any(options.values()) and not web:
        raise click.UsageError(f"--{_first(options)} goes with --web")
    if web:
        serve(db, theme, **options)
        return
    with _at_desk(db) as sitting:
        if agree:
            _print([lines.judged(sitting.add(agree, "agree"))])
        elif overrule:
            _print([lines.judged(sitting.add(overrule, "overrule", why))])
        elif to_open:
            _print(lines.moment(sitting.open(to_open)))
        elif plain or words or not (has_screen() or in_browser()):
            _print(_queue(sitting, replace(Filters(), words=words), most))
        else:
            _on_screen(sitting, theme)


def _first(options: dict[str, Any]) -> str:
    """The first that was given, as it is typed."""
    return next(name for name, value in options.items() if value).replace("_", "-")


@contextmanager
def _at_desk(db: str | None) -> Iterator[Reviewing]:
    filing.file_all()  # what a crash left of approved calls
    archive = _opened(db)
    try:
        yield reviewing(archive)
    finally:
        archive.close()


def _opened(db: str | None) -> "Archive":
    """The archive; this desk's own calls where the server that has all of them is away."""
    from agentassist.archive.opening import UnreachableError

    try:
        return opened(db)
    except UnreachableError as error:
        if db:
            raise
        away = f"agentassist: {error}. Your own calls are shown; what you say is sent later."
        click.echo(away, err=True)
        return own()


def _queue(sitting: Reviewing, filters: Filters, most: int) -> Iterator[str]:
    """A line for each moment that waits; how many more there are goes to standard error."""
    yield lines.head(sitting, filters)
    left, after = most, ""
    while left:
        page = sitting.page(filters, after, min(left, _PAGE))
        yield from map(words_of.line, page.moments)
        left, after = left - len(page.moments), page.after
        if not after:
            return
    click.echo("agentassist: there is more; --most tells how many are shown", err=True)


def _print(told: Any) -> None:
    for line in told:
        click.echo(line)


def _on_screen(sitting: Reviewing, theme: Theme) -> None:
    from agentassist.audio import excerpt
    from agentassist.store.seen import SeenFile
    from agentassist.tui import faults
    from agentassist.tui.review.app import ReviewApp

    seen = SeenFile(desk.data_folder() / "answers-seen")
    faults.run(ReviewApp(sitting, excerpt.play, desk.now, seen, theme))
