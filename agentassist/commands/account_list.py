"""`accounts`: bring in accounts from a CRM, look at them, take them out."""

from pathlib import Path
from typing import get_args

import click
import msgspec

from agentassist.commands import crm_table, desk
from agentassist.commands.options import FILE
from agentassist.crm.account_list import open_list
from agentassist.crm.days import DayOrder
from agentassist.crm.fields import HISTORIES, Kind
from agentassist.errors import MendableError
from agentassist.tui import wording


@click.group()
def accounts() -> None:
    """Accounts from your CRM, for the brief before a call."""


@accounts.command("import", epilog="Example: agentassist accounts import crm.csv --dates day-first")
@click.argument("file", type=FILE)
@click.option("--as", "kind", type=click.Choice(HISTORIES), help="Its rows are a history instead.")
@click.option("--map", "told", multiple=True, metavar="COLUMN=FIELD", help="May be repeated.")
@click.option("--dates", type=click.Choice(get_args(DayOrder)), help="Of days like 03/04/2026.")
@click.option("--strict", is_flag=True, help="Bring in nothing if any row is bad.")
def import_(
    file: Path, kind: Kind | None, told: tuple[str, ...], dates: DayOrder | None, strict: bool
) -> int:
    """Bring in a table, CSV or JSON; accounts known by number are brought up to date.

    What the table tells is changed, and nothing else. Columns are known by the names that CRMs
    give them; others are asked for, or told by --map ("COLUMN=" leaves one out), and remembered
    with --dates for tables with the same columns. Histories come with JSON, or from tables of
    their own: --as payments. Their entries are added to those that are known, each once.
    """
    kind = kind or "accounts"
    good, bad = crm_table.read(file, kind, told, dates)
    with open_list(desk.data_folder()) as known:
        if kind == "accounts":
            count = known.add(crm_table.shown(good, "Keeping"))
        else:
            count, unknown = known.add_history(kind, good)
            bad += unknown
        crm_table.tell_faults(file, bad)
        if bad and strict:
            raise MendableError("nothing was brought in; without --strict the good rows are")
        click.echo(f"{count:,} {kind} brought in; {known.count:,} accounts are known")
    return int(bool(bad))


@accounts.command("list", epilog="Example: agentassist accounts list --search cole")
@click.option("--search", default="", help="Part of a number or name.")
@click.option("--most", type=click.IntRange(min=1), default=50, show_default=True)
def list_(search: str, most: int) -> None:
    """The accounts that are known, by number."""
    with open_list(desk.data_folder()) as known:
        for account in known.found(search, most):
            click.echo(wording.clean(f"{account.id:<16} {wording.account(account)}"))
        click.echo(f"{known.count:,} accounts are known", err=True)


@accounts.command(epilog="Example: agentassist accounts show 4711")
@click.argument("number")
def show(number: str) -> int:
    """All that is known of one account, as JSON; `agentassist brief` reads better."""
    with open_list(desk.data_folder()) as known:
        account = known.get(number)
    if account is None:
        click.echo(_unknown(number), err=True)
        return 1
    told = msgspec.json.format(msgspec.json.encode(account)).decode()
    click.echo("\n".join(wording.clean(line) for line in told.split("\n")))
    return 0


@accounts.command(epilog="Example: agentassist accounts remove 4711 4712")
@click.argument("numbers", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Every one of them.")
def remove(numbers: tuple[str, ...], everything: bool) -> int:
    """Take accounts out of the list; calls and notes stay."""
    if bool(numbers) == everything:
        raise click.UsageError("name account numbers, or say --all")
    with open_list(desk.data_folder()) as known:
        missing = [number for number in numbers if known.get(number) is None]
        gone = known.remove(None if everything else numbers)
    for number in missing:
        click.echo(_unknown(number), err=True)
    click.echo(f"{gone:,} taken out")
    return int(bool(missing))


def _unknown(number: str) -> str:
    return wording.clean(
        f"agentassist: no account {number!r} is known; those that are: agentassist accounts list"
    )
