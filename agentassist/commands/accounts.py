"""Accounts as they are named on the command line: a file, or the number in another system."""

import string
from pathlib import Path

import click

from agentassist.account import Account
from agentassist.commands import desk
from agentassist.commands.options import read_account
from agentassist.crm import reading
from agentassist.crm.account_list import listed

_LETTERS = frozenset(string.ascii_letters + string.digits + "-_.:#")
_LONGEST = 64


def account_named(name: str) -> Account:
    """A file of JSON, a table (`crm.csv#4711` for one of several), or a number.

    Raises MendableError, click.UsageError.
    """
    path, _, identity = name.partition("#")
    if Path(name).suffix == ".json":
        return read_account(Path(name))
    if reading.is_table(Path(path)):
        return reading.one(Path(path), identity)
    return account_numbered(name)


def account_numbered(number: str) -> Account:
    """As it was imported, or else known by its number alone.

    Raises click.UsageError where it can't be one, MendableError where the list can't be read.
    """
    if not number or len(number) > _LONGEST or not _LETTERS.issuperset(number):
        raise click.UsageError(
            f"account {number[:_LONGEST]!r}: letters, digits and -_.:# only, or a .json or .csv"
        )
    return listed(desk.data_folder(), number) or Account(id=number)
