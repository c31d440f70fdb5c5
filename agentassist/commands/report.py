"""`report`: figures over time as pictures in the terminal, or as one page to send."""

import datetime
import shutil
import sys
from pathlib import Path
from typing import get_args

import click

from agentassist.commands import archives, desk
from agentassist.commands.options import FILE
from agentassist.export.files import refuse_to_overwrite, write_new
from agentassist.report.figures import NAMES, By, Name, Period, Wanted, Whose, begins
from agentassist.report.whole import Report

_DAY = click.DateTime(["%Y-%m-%d"])

_USUAL: dict[By, int] = {"week": 12 * 7, "month": 5 * 31}
"""Days before the week or month that is on: a quarter, half a year."""

_LONG = 26 * 7
"""Days from which on months are shown, unless weeks are asked for."""


@click.command(epilog="Example: agentassist report --team north --html north.html")
@click.option("--team", default="", metavar="TEAM", help="A team's calls.")
@click.option("--agent", default="", metavar="NAME", help="One person's calls, for coaching.")
@click.option(
    "--since", type=_DAY, metavar="YYYY-MM-DD", help="The first day; by default a quarter ago."
)
@click.option("--until", type=_DAY, metavar="YYYY-MM-DD", help="The last day; by default today.")
@click.option(
    "--by",
    type=click.Choice(get_args(By)),
    help="By default weeks, and months of half a year and more.",
)
@click.option("--html", type=FILE, help="Write one page of HTML, to send or print, to this file.")
@click.option("--plain", is_flag=True, help="Sentences and tables, for screen readers and logs.")
@click.option(
    "--quotes", is_flag=True, help="With words of calls, redacted; the look is on record."
)
@click.option("--compare", is_flag=True, help="People side by side, where that is turned on.")
@click.option("--order-by", type=click.Choice(NAMES), help="With --compare; by default by name.")
@archives.db_option
def report(
    team: str,
    agent: str,
    since: datetime.datetime | None,
    until: datetime.datetime | None,
    by: By | None,
    html: Path | None,
    plain: bool,
    quotes: bool,
    compare: bool,
    order_by: Name | None,
    db: str | None,
) -> None:
    """See how calls go over time: a team's, a person's, or all that you may see.

    Flags an hour of talk, hardships acknowledged, reflections to questions, talk share, promises
    kept, and the reasons and issues that recur; each with the interval that the truth lies in,
    and marked where the numbers are too small to tell. No words of calls are in it unless
    --quotes asks for them. An agent sees their own figures, a supervisor those of their teams.
    """
    if team and agent:
        raise click.UsageError("name --team or --agent, not both")
    if compare and (agent or quotes):
        raise click.UsageError("--compare goes without --agent and --quotes")
    if order_by and not compare:
        raise click.UsageError("--order-by goes with --compare")
    asked, by = _asked(since, until, by)
    if html:
        refuse_to_overwrite(html)
    wanted = Wanted(Whose(team, agent), asked, by)
    made = _made(db, wanted, order_by, compare=compare, quotes=quotes)
    if html:
        from agentassist.report.page import page

        write_new(html, page(made).encode())
        click.echo(f"{html}: one page, to open in any browser, send or print")
        return
    from agentassist.report.lines import lines

    plain = plain or not _can_draw()
    for line in lines(made, shutil.get_terminal_size().columns, plain=plain):
        click.echo(line)


def _can_draw() -> bool:
    """Whether what reads this can show the characters that plots are made of."""
    from agentassist.report.plots import KEY

    try:
        KEY.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        click.echo("agentassist: no characters to draw with here: tables instead", err=True)
        return False
    return True


def _made(
    db: str | None, wanted: Wanted, order_by: Name | None, *, compare: bool, quotes: bool
) -> Report:
    from agentassist.archive.reports import over_time, side_by_side

    archive = archives.opened(db)
    try:
        sits = archives.reviewing(archive)
        if compare:
            return side_by_side(sits, wanted, order_by, desk.now())
        return over_time(sits, wanted, desk.now(), quotes=quotes)
    finally:
        archive.close()


def _asked(
    since: datetime.datetime | None, until: datetime.datetime | None, by: By | None
) -> tuple[Period, By]:
    """The days, from the beginning of a week or month where none was named."""
    last = until.date() if until else desk.now().date()
    first = since.date() if since else None
    if first and first > last:
        raise click.UsageError(f"--since {first} is after --until {last}")
    if by is None:
        by = "month" if first and (last - first).days > _LONG else "week"
    return Period(first or begins(last - datetime.timedelta(days=_USUAL[by]), by), last), by
