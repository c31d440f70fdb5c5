"""Accounts as they are named on the command line: by a file, or by the number in another system."""

import string
from pathlib import Path

import click

from agentassist.account import Account
from agentassist.commands.options import read_account

_LETTERS = frozenset(string.ascii_letters + string.digits + "-_.:#")
_LONGEST = 64


def account_named(name: str) -> Account:
    """A file of JSON, or a number. Raises MendableError, click.UsageError."""
    path = Path(name)
    return read_account(path) if path.suffix == ".json" else account_numbered(name)


def account_numbered(number: str) -> Account:
    """Raises click.UsageError where it can't be one."""
    if not number or len(number) > _LONGEST or not _LETTERS.issuperset(number):
        raise click.UsageError(
            f"account {number[:_LONGEST]!r}: letters, digits and -_.:# only, or a .json file"
        )
    return Account(id=number)
