"""Accounts as they are named on the command line: a file, or the number in another system."""

import string
from pathlib import Path

import click

from agentassist.account import Account
from agentassist.commands import desk
from agentassist.crm import columns, reading
from agentassist.crm.account_list import listed, told_of
from agentassist.crm.updates import Fault, applied, update
from agentassist.errors import MendableError
from agentassist.tui import wording

_LETTERS = frozenset(string.ascii_letters + string.digits + "-_.:#")
_LONGEST = 64


def account_named(name: str) -> Account:
    """A file of JSON or CSV, `crm.csv#4711` for one of several in it, or a number.

    Raises MendableError, click.UsageError.
    """
    path, _, identity = name.rpartition("#")
    if path and reading.is_table(Path(path)):
        return _in_file(Path(path), identity)
    if reading.is_table(Path(name)):
        return _in_file(Path(name), "")
    return account_numbered(name)


def account_numbered(number: str) -> Account:
    """As it was imported, or else known by its number alone.

    Raises click.UsageError where it can't be one, MendableError where the list can't be read.
    """
    if len(number) <= _LONGEST and (known := listed(desk.data_folder(), number)):
        return known
    if not number.strip() or len(number) > _LONGEST or not _LETTERS.issuperset(number):
        raise click.UsageError(
            f"account {number[:_LONGEST]!r}: letters, digits and -_.:# only, or a .json or .csv"
        )
    return Account(id=number)


def _in_file(path: Path, identity: str) -> Account:
    """The account of that number, or the only one."""
    table = reading.table(path)
    told = told_of(desk.data_folder(), table.columns)
    fields = columns.mapping("accounts", table.columns, told.fields)
    tell_left_out(table.columns, fields, told.fields)
    number = next((column for column, field in fields.items() if field == "id"), "")
    rows = [row for row in table.rows if identity in ("", str(row.cells.get(number, "")).strip())]
    if not rows:
        raise MendableError(wording.clean(f"{path}: no account {identity}".rstrip() + " in it"))
    if len(rows) > 1:
        which = "the same number" if identity else f"name one of them: {path}#NUMBER"
        raise MendableError(f"{path}: {len(rows)} accounts; {which}")
    read = update("accounts", rows[0], fields, told.dates)
    if isinstance(read, Fault):
        raise MendableError(wording.clean(f"{path}:{read.line}: {read.what}"))
    return applied(Account(), read)


def tell_left_out(
    found: tuple[str, ...], fields: dict[str, str], told: dict[str, str] | None = None
) -> None:
    """Names the columns that nothing is known for, unless that was told."""
    left = [name for name in found if name and name not in fields and name not in (told or {})]
    if left:
        names = wording.clean(", ".join(left))
        click.echo(f"agentassist: left out, as no field is known for them: {names}", err=True)
