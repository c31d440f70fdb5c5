"""`archive people` and `archive looks`: who may come in at a server, and who looked at what."""

import sys
from contextlib import closing
from typing import TYPE_CHECKING, Literal

import click

from agentassist.commands import archives, desk
from agentassist.tui import wording

if TYPE_CHECKING:  # it brings SQLAlchemy
    from agentassist.archive.people import Listed

_SHORTEST = 12
"""Characters of a password that somebody chooses."""


@click.group()
def people() -> None:
    """The people of a floor's server: each has a login of their own, and one role.

    Agents see and file their own calls; supervisors review those of the teams that they
    supervise; compliance reads everything. The server itself holds them to that. The archive's
    owner runs these commands, with a --db of their own login.
    """


@people.command("list", epilog="Example: agentassist archive people list")
@archives.db_option
def list_(db: str | None) -> None:
    """Everybody that you may know of, with role and teams."""
    from agentassist.archive import people as floor

    with closing(archives.opened(db)) as archive:
        found = floor.listed(archive)
    for one in found:
        click.echo(wording.clean(_line(one)))
    click.echo(f"{len(found):,} people", err=True)


@people.command(epilog="Example: agentassist archive people add anna --role agent --team north")
@click.argument("name")
@click.option("--role", type=click.Choice(["agent", "supervisor", "compliance"]), required=True)
@click.option("--team", default="", help="That an agent belongs to.")
@click.option("--full-name", default="", help="As it is shown; by default the login.")
@click.option("--password/--no-password", default=True, help="None for certificates or Kerberos.")
@archives.db_option
def add(
    name: str,
    role: Literal["agent", "supervisor", "compliance"],
    team: str,
    full_name: str,
    password: bool,
    db: str | None,
) -> None:
    """Let somebody in: NAME is their login. Also to change a role, or when they come back.

    The password of a new login is shown once, here. They change it with "archive people password".
    """
    from agentassist.archive import people as floor

    with closing(archives.opened(db)) as archive:
        made = floor.add(archive, name, role, team=team, full_name=full_name, password=password)
    click.echo(f"{name} is let in as {role}", err=True)
    _show(made, "no new password: that login keeps its own" if password else "no password")


@people.command(epilog="Example: agentassist archive people supervise sue north")
@click.argument("name")
@click.argument("team")
@click.option("--no-longer", is_flag=True, help="From now on they do not see that team's calls.")
@archives.db_option
def supervise(name: str, team: str, no_longer: bool, db: str | None) -> None:
    """Let a supervisor see the calls of a team."""
    from agentassist.archive import people as floor

    with closing(archives.opened(db)) as archive:
        floor.supervise(archive, name, team, ends=no_longer)
    told = "no longer supervises" if no_longer else "supervises"
    click.echo(f"{name} {told} {team}", err=True)


@people.command(epilog="Example: agentassist archive people leave anna")
@click.argument("name")
@archives.db_option
def leave(name: str, db: str | None) -> None:
    """Shut somebody out, at once. Their calls, and what they said of calls, stay."""
    from agentassist.archive import people as floor

    with closing(archives.opened(db)) as archive:
        floor.leave(archive, name, desk.now())
    click.echo(f"{name} is shut out", err=True)


@people.command(epilog="Example: agentassist archive people password")
@click.argument("name", required=False)
@archives.db_option
def password(name: str | None, db: str | None) -> None:
    """Change your own password; or, as the owner, make a new one for NAME, shown once.

    The server gets what it can check a password by, never the password.
    """
    from agentassist.archive import people as floor

    with closing(archives.opened(db)) as archive:
        if name:
            _show(floor.new_password(archive, name))
        else:
            floor.set_own_password(archive, _asked())
            click.echo("changed; put the new one into ~/.pgpass", err=True)


@click.command(epilog="Example: agentassist archive looks --call import-3f2a")
@click.option("--call", default="", metavar="ID", help="Only those at that call.")
@click.option("--by", default="", metavar="NAME", help="Only those of that person.")
@click.option("--most", type=click.IntRange(min=1), default=100, show_default=True)
@archives.db_option
def looks(call: str, by: str, most: int, db: str | None) -> None:
    """Who saw the words of calls, newest first: for the owner and compliance; else your own."""
    from agentassist.archive.looks import looks as looked

    with closing(archives.opened(db)) as archive:
        found = looked(archive, call, by, most)
    for one in found:
        at = one.at.astimezone()
        click.echo(wording.clean(f"{at:%Y-%m-%d %H:%M}  {one.by:<20} {one.what:<9} {one.call}"))
    click.echo(f"{len(found):,} looks", err=True)


def _line(one: "Listed") -> str:
    where = ", ".join(one.teams) or one.team
    left = f"  (left {one.left_at:%Y-%m-%d})" if one.left_at else ""
    return f"{one.id:<20} {one.role:<11} {where:<20} {one.name}{left}"


def _show(password: str, without: str = "") -> None:
    """The password alone on standard output, so that it can be piped to where it belongs."""
    if not password:
        click.echo(without, err=True)
        return
    if sys.stdout.isatty():
        click.echo("password, shown this once:", err=True)
    click.echo(password)


def _asked() -> str:
    """A password that was typed twice alike."""
    while True:
        typed: str = click.prompt("New password", hide_input=True, confirmation_prompt=True)
        if len(typed) >= _SHORTEST:
            return typed
        click.echo(f"{_SHORTEST} characters or more", err=True)
