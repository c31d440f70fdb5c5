"""`archive purge`, `removals`, `hold`: what goes when its time is over, the proof, what stays."""

import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from agentassist import config
from agentassist.commands import desk
from agentassist.commands.archive_removing import (
    archive_of,
    carried_out,
    cleared,
    counted,
    order_of,
    removing_options,
    require_yes,
)
from agentassist.commands.archives import db_option
from agentassist.tui.wording import clean

if TYPE_CHECKING:  # they bring SQLAlchemy
    from agentassist.archive.holds import Hold
    from agentassist.archive.past import Due
    from agentassist.archive.proof import Removal


@click.command(epilog="Example: agentassist archive purge --dry-run")
@db_option
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="Past its time by that day.")
@removing_options
def purge(
    db: str | None,
    as_of: datetime.datetime | None,
    dry_run: bool,
    yes: bool,
    why: str,
    recordings: tuple[Path, ...],
    lost: bool,
) -> int:
    """Remove what is past its time: recordings, words, calls, looks; by pack, with proof.

    How long what is kept stands in rules/retention.yaml, or in your own file: `[archive]
    retention`. Calls that are held stay. On a server only its owner may.
    """
    from agentassist.archive import past, removal, retention

    today = desk.now().date()
    on = as_of.date() if as_of else today
    if on > today and not dry_run:
        raise click.UsageError("--as-of: a day to come only with --dry-run")
    periods = retention.load(config.load().archive.retention)
    with archive_of(db, "owner") as (archive, who):
        with archive.reading() as connection:
            due = past.due(connection, periods, on)
        for one in due:
            click.echo(_due(one))
        if not due:
            click.echo(f"Nothing is past its time on {on}.")
        if dry_run:
            return 0
        if not due:
            cleared(archive)
            return 0
        require_yes("Remove all that, for good?", yes=yes)
        told = f"retention: {why}" if why else "retention"
        order = order_of(archive, who, told, recordings, lost=lost)
        batches = removal.purge(archive, due, order)
        return carried_out(archive, batches, sum(one.count for one in due))


@click.command(epilog="Example: agentassist archive removals --verify --expect 4f0c…")
@db_option
@click.option("--verify", is_flag=True, help="Prove that the list is as it was written.")
@click.option("--expect", metavar="HASH", default="", help="A seal that must still be there.")
@click.option("--of", "whose", metavar="ID", default="", help="Only erasures of this account.")
def removals(db: str | None, verify: bool, expect: str, whose: str) -> int:
    """What was removed, when, by whom and why, each line sealed with the one before."""
    from agentassist.archive import proof

    with archive_of(db, "owner", "compliance") as (archive, _), archive.reading() as connection:
        found = proof.told(connection)
    shown = [one for one in found if not whose or proof.is_subject(whose, one.subject)]
    for one in shown:
        click.echo(_removal(one))
    if not shown:
        click.echo("Nothing was removed of that account." if whose else "Nothing was removed yet.")
    if not (verify or expect):
        return 0
    faults = list(proof.faults(found, expect))
    for fault in faults:
        click.echo(f"agentassist: {clean(fault)}", err=True)
    click.echo(f"{counted(len(found), 'removal')}: {'NOT as written' if faults else 'unchanged'}")
    if found and not faults:
        click.echo(f"The last is {found[-1].number}, sealed {found[-1].chain}")
        click.echo("Keep that elsewhere: with --expect it shows that none was cut off.")
    return int(bool(faults))


@click.command(epilog="Example: agentassist archive hold --account 4711 --why 'court, 12/2026'")
@db_option
@click.option("--call", metavar="ID", help="One call.")
@click.option("--account", metavar="ID", help="All calls for this account, also those to come.")
@click.option("--person", metavar="NAME", help="All calls of this name, as it is filed.")
@click.option("--why", default="", help="For whoever asks why it was not removed.")
@click.option("--list", "shown", is_flag=True, help="Those that stand.")
@click.option("--lift", metavar="HOLD", help="End one, by its number in --list.")
def hold(
    db: str | None,
    call: str | None,
    account: str | None,
    person: str | None,
    why: str,
    shown: bool,
    lift: str | None,
) -> None:
    """Keep calls from being purged or erased, whatever their age, until that is lifted."""
    from agentassist.archive import holds

    named = {"call": call, "account": account, "person": person}
    wanted = [(what, which) for what, which in named.items() if which]
    if len(wanted) + shown + bool(lift) != 1:
        raise click.UsageError("name one of --call, --account, --person, --list, --lift")
    with archive_of(db, "owner", *(["compliance"] if shown else [])) as (archive, who):
        if shown:
            with archive.reading() as connection:
                standing = holds.standing(connection)
            click.echo("\n".join(map(_hold, standing)) or "Nothing is held.")
            return
        with archive.writing() as connection:
            if lift:
                holds.lift(connection, lift, who.id, desk.now())
                click.echo(clean(f"{lift} is lifted"))
                return
            ((what, which),) = wanted
            placed = holds.new(what, which, why, who.id, desk.now())  # type: ignore[arg-type]
            count = holds.place(connection, placed)
    click.echo(f"Held as {placed.id}: {counted(count, 'call')} now, and those to come")


def _due(one: "Due") -> str:
    what = counted(one.count, "look" if one.kind == "look" else "call")
    line = f"{one.kind:<9}  {one.pack or '-':<8}  before {one.before}  {what:>15}"
    return clean(f"{line}, kept {one.period.keep}") + "\n" + clean(f"           {one.period.told}")


def _removal(one: "Removal") -> str:
    before = f" before {one.before}" if one.before else ""
    what = f"{one.rows:,} of {one.what} ({one.pack or 'no pack'}){before}"
    return clean(f"{one.number:>5}  {one.at:%Y-%m-%d %H:%M}Z  {what}  by {one.by}: {one.why}")


def _hold(one: "Hold") -> str:
    return clean(f"{one.id}  {one.at:%Y-%m-%d}  {one.what} {one.which}, by {one.by}: {one.why}")
