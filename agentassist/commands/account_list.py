"""`accounts`: bring in accounts from a CRM, look at them, take them out."""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import get_args

import click
import msgspec

from agentassist.account import Account
from agentassist.commands import desk
from agentassist.commands.options import FILE
from agentassist.crm import reading
from agentassist.crm.account_list import open_list
from agentassist.crm.fields import DayOrder
from agentassist.crm.reading import Fault
from agentassist.tui import wording

SHOWN_FAULTS = 20


@click.group()
def accounts() -> None:
    """Accounts from your CRM, for the brief before a call."""


@accounts.command("import", epilog="Example: agentassist accounts import crm.csv --dates day-first")
@click.argument("file", type=FILE)
@click.option("--map", "told", multiple=True, metavar="COLUMN=FIELD", help="May be repeated.")
@click.option("--dates", type=click.Choice(get_args(DayOrder)), help="Of days like 03/04/2026.")
@click.option("--strict", is_flag=True, help="Bring in nothing if any row is bad.")
def import_(file: Path, told: tuple[str, ...], dates: DayOrder | None, strict: bool) -> int:
    """Bring in a CSV table or a JSON list; those known by number are brought up to date.

    Columns are known by the names that CRMs give them; say the others by --map, once: that is
    remembered for tables with the same columns. Histories come with JSON.
    """
    with open_list(desk.data_folder()) as known:
        if file.suffix.lower() == ".json":
            found: Sequence[Account | Fault] = reading.records(file)
        else:
            table = reading.table(file)
            mapped = known.mapping(table.columns) | _mapped(told)
            fields = reading.mapping(table.columns, mapped)
            if "id" not in fields.values():
                raise click.UsageError(
                    'no column holds the account\'s number; say which: --map "COLUMN=id" '
                    f"(columns: {', '.join(table.columns)})"
                )
            known.remember(table.columns, mapped)
            _tell_left_out(table.columns, fields)
            found = list(_read(table, fields, dates))
        good = [each for each in found if isinstance(each, Account)]
        bad = [each for each in found if isinstance(each, Fault)]
        _tell_faults(file, bad)
        if bad and strict:
            click.echo("agentassist: nothing was brought in", err=True)
            return 1
        count = known.add(good)
        click.echo(f"{count:,} accounts brought in; {known.count:,} are known")
    return int(bool(bad))


def _mapped(told: Sequence[str]) -> dict[str, str]:
    pairs = [pair.rpartition("=") for pair in told]
    if wrong := [field for column, sign, field in pairs if not (sign and column)]:
        raise click.UsageError(f"--map {wrong[0]!r}: say COLUMN=FIELD")
    return {column.strip(): field.strip() for column, _, field in pairs}


def _read(
    table: reading.Table, fields: dict[str, str], dates: DayOrder | None
) -> Iterator[Account | Fault]:
    with click.progressbar(
        table.rows,
        label="Reading",
        hidden=len(table.rows) < 5000,
        file=sys.stderr,
    ) as rows:
        for line, row in rows:
            yield reading.account(row, fields, line, dates)


def _tell_left_out(columns: Sequence[str], fields: dict[str, str]) -> None:
    left = [column for column in columns if column and column not in fields]
    if left:
        names = wording.clean(", ".join(left))
        click.echo(f"agentassist: left out, as no field is known for them: {names}", err=True)


def _tell_faults(file: Path, faults: Sequence[Fault]) -> None:
    for fault in faults[:SHOWN_FAULTS]:
        click.echo(wording.clean(f"{file}:{fault.line}: {fault.what}"), err=True)
    if len(faults) > SHOWN_FAULTS:
        click.echo(f"agentassist: and {len(faults) - SHOWN_FAULTS:,} more bad rows", err=True)


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
    click.echo(msgspec.json.format(msgspec.json.encode(account)).decode())
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
