"""`accounts`: bring in accounts from a CRM, look at them, take them out."""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TypeVar, get_args

import click
import msgspec

from agentassist.commands import desk
from agentassist.commands.accounts import tell_left_out
from agentassist.commands.options import FILE
from agentassist.crm import columns, reading
from agentassist.crm.account_list import Told, open_list
from agentassist.crm.days import DayOrder
from agentassist.crm.fields import HISTORIES, Kind
from agentassist.crm.updates import Fault, Update, update
from agentassist.errors import MendableError
from agentassist.tui import wording

_Each = TypeVar("_Each")

SHOWN_FAULTS = 20

LONG = 5000
"""Rows from which on it is shown how far the reading is."""


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
    table = reading.table(file)
    with open_list(desk.data_folder()) as known:
        before = known.told(kind, table.columns)
        mapped = _asked(kind, table, _mapped(told, before.fields))
        fields = columns.mapping(kind, table.columns, mapped)
        _require_number(table, fields)
        order = dates or before.dates
        known.remember(kind, table.columns, Told(mapped, order))
    tell_left_out(table.columns, fields, mapped)
    good, bad = _read(kind, table, fields, order)
    with open_list(desk.data_folder()) as known:
        if kind == "accounts":
            count = known.add(_shown(good, "Keeping"))
        else:
            count, unknown = known.add_history(kind, good)
            bad += unknown
        _tell_faults(file, bad)
        if bad and strict:
            raise MendableError("nothing was brought in; without --strict the good rows are")
        click.echo(f"{count:,} {kind} brought in; {known.count:,} accounts are known")
    return int(bool(bad))


def _require_number(table: reading.Table, fields: dict[str, str]) -> None:
    if table.rows and "id" not in fields.values():
        raise click.UsageError(
            'no column holds the account\'s number; say which: --map "COLUMN=id" '
            f"(columns: {wording.clean(', '.join(table.columns))})"
        )


def _mapped(told: Sequence[str], before: dict[str, str]) -> dict[str, str]:
    """What is told now, and of what was told before, what it does not contradict."""
    pairs = [pair.rpartition("=") for pair in told]
    for pair, (column, _, _) in zip(told, pairs, strict=True):
        if not column:
            raise click.UsageError(f"--map {pair!r}: say COLUMN=FIELD")
    new = {column.strip(): field.strip() for column, _, field in pairs}
    taken = {*new.values()} - {columns.LEFT_OUT}
    return {name: field for name, field in before.items() if field not in taken} | new


def _asked(kind: Kind, table: reading.Table, told: dict[str, str]) -> dict[str, str]:
    """With what is asked for, in a terminal, of the columns that nothing tells of."""
    found = columns.mapping(kind, table.columns, told)
    unknown = [name for name in table.columns if name and name not in found | told]
    if not unknown or not (sys.stdin.isatty() and sys.stderr.isatty()):
        return told
    free = [field for field in columns.told_fields(kind) if field not in found.values()]
    click.echo(f"Fields: {', '.join(free)}", err=True)
    answers = click.Choice([*free, columns.LEFT_OUT])
    for name in unknown:
        told |= {name: _ask(f"Which field is {wording.clean(name)!r}? (Enter: none)", answers)}
    return told


def _ask(question: str, answers: click.Choice[str]) -> str:
    answer: str = click.prompt(
        question,
        default=columns.LEFT_OUT,
        show_default=False,
        show_choices=False,
        type=answers,
        err=True,
    )
    return answer


def _read(
    kind: Kind, table: reading.Table, fields: dict[str, str], order: DayOrder | None
) -> tuple[list[Update], list[Fault]]:
    """The good rows and the bad."""
    good: list[Update] = []
    bad: list[Fault] = []
    lines: dict[str, int] = {}
    for row in _shown(table.rows, "Reading"):
        read = update(kind, row, fields, order)
        if isinstance(read, Fault):
            bad.append(read)
        elif not read.id:
            bad.append(Fault(read.line, "no account number in it"))
        elif kind == "accounts" and (first := lines.setdefault(read.id, read.line)) != read.line:
            bad.append(Fault(read.line, f"the account of line {first} again"))
        else:
            good.append(read)
    return good, bad


def _shown(rows: Sequence[_Each], label: str) -> Iterator[_Each]:
    """With how far it is, in a terminal."""
    hidden = len(rows) < LONG or not sys.stderr.isatty()
    with click.progressbar(rows, label=label, hidden=hidden, file=sys.stderr) as shown:
        yield from shown


def _tell_faults(file: Path, faults: list[Fault]) -> None:
    faults.sort()
    for fault in faults[:SHOWN_FAULTS]:
        click.echo(wording.clean(f"{file}:{fault.line}: {fault.what}"), err=True)
    if len(faults) > SHOWN_FAULTS:
        click.echo(f"agentassist: and {len(faults) - SHOWN_FAULTS:,} more", err=True)
    if faults:
        count = "1 row is" if len(faults) == 1 else f"{len(faults):,} rows are"
        click.echo(f"agentassist: {count} bad", err=True)


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
