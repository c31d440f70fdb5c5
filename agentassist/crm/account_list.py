"""The accounts that were imported: one private file of the user's, by their numbers."""

import contextlib
import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Self

import msgspec
from msgspec.structs import replace

from agentassist.account import Account
from agentassist.errors import MendableError
from agentassist.store import durable

NAME = "accounts.sqlite3"

_TABLES = """
create table if not exists accounts (id text primary key, name text not null, record blob not null);
create table if not exists mappings (columns text primary key, fields blob not null);
"""

_decoder = msgspec.json.Decoder(Account)
_encoder = msgspec.json.Encoder(decimal_format="string")


class AccountList:
    """A context manager: what was done in the block is kept whole, or not at all.

    Raises MendableError where the file can't be used.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / NAME
        self._stack = contextlib.ExitStack()

    def __enter__(self) -> Self:
        try:
            durable.make_folder(self._path.parent)
            os.close(os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600))
            self._file = sqlite3.connect(self._path, timeout=10.0)
            self._stack.callback(self._file.close)
            self._file.executescript(_TABLES)
        except (OSError, sqlite3.Error) as error:
            self._stack.close()
            raise MendableError(f"{self._path}: can't be used: {error}") from None
        self._stack.enter_context(self._file)
        return self

    def __exit__(self, *error: object) -> None:
        try:
            self._stack.__exit__(*error)  # type: ignore[arg-type]
        except sqlite3.Error as failed:
            raise MendableError(f"{self._path}: can't be written: {failed}") from None

    def add(self, accounts: Iterable[Account]) -> int:
        """Those new and those known, by number; returns how many. What is not told stays."""
        count = 0
        for account in accounts:
            known = self.get(account.id or "")
            merged = _merged(account, known) if known else account
            row = (merged.id, merged.name or "", _encoder.encode(merged))
            self._file.execute("insert or replace into accounts values (?, ?, ?)", row)
            count += 1
        return count

    def get(self, identity: str) -> Account | None:
        rows = self._file.execute("select record from accounts where id = ?", (identity,))
        row = rows.fetchone()
        return _decoder.decode(row[0]) if row else None

    def found(self, words: str = "", most: int = 50) -> list[Account]:
        """Those whose number or name holds the words, by number."""
        like = f"%{words.replace('!', '!!').replace('%', '!%').replace('_', '!_')}%"
        rows = self._file.execute(
            "select record from accounts where id like ? escape '!' or name like ? escape '!'"
            " order by id limit ?",
            (like, like, most),
        )
        return [_decoder.decode(record) for (record,) in rows]

    @property
    def count(self) -> int:
        count: int = self._file.execute("select count(*) from accounts").fetchone()[0]
        return count

    def remove(self, identities: Sequence[str] | None) -> int:
        """Those of the numbers, or all where none are named; returns how many are gone."""
        if identities is None:
            return self._file.execute("delete from accounts").rowcount
        gone = self._file.executemany(
            "delete from accounts where id = ?", [(i,) for i in identities]
        )
        return gone.rowcount

    def mapping(self, columns: Sequence[str]) -> dict[str, str]:
        """What was told of a table with just these columns, if one was imported before."""
        rows = self._file.execute("select fields from mappings where columns = ?", (_key(columns),))
        row = rows.fetchone()
        told: dict[str, str] = msgspec.json.decode(row[0]) if row else {}
        return told

    def remember(self, columns: Sequence[str], told: dict[str, str]) -> None:
        row = (_key(columns), msgspec.json.encode(told))
        self._file.execute("insert or replace into mappings values (?, ?)", row)


def _key(columns: Sequence[str]) -> str:
    return msgspec.json.encode(sorted(columns)).decode()


def _merged(new: Account, known: Account) -> Account:
    kept = {
        name: getattr(known, name)
        for name in new.__struct_fields__
        if getattr(new, name) in (None, ())
    }
    return replace(new, **kept)


@contextlib.contextmanager
def open_list(folder: Path) -> Iterator[AccountList]:
    """The list of that data folder. Raises MendableError."""
    with AccountList(folder) as accounts:
        yield accounts


def listed(folder: Path, identity: str) -> Account | None:
    """The account of that number, if it was imported. Raises MendableError."""
    if not (folder / NAME).exists():
        return None
    with AccountList(folder) as accounts:
        return accounts.get(identity)
