"""The accounts that were imported: one private file of the user's, by their numbers."""

import contextlib
import os
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec
from msgspec.structs import replace

from agentassist.account import Account
from agentassist.crm.days import DayOrder
from agentassist.crm.fields import Kind
from agentassist.crm.updates import Entry, Fault, Update, applied, entry, joined
from agentassist.errors import MendableError
from agentassist.store import durable

NAME = "accounts.sqlite3"

_TABLES = """
pragma secure_delete = on;
create table if not exists accounts (id text primary key, name text not null, record blob not null);
create table if not exists told
  (kind text, columns text, told blob not null, primary key (kind, columns));
"""
"""What is taken out is overwritten on the disk as well."""

_decoder = msgspec.json.Decoder(Account)
_encoder = msgspec.json.Encoder(decimal_format="string")


class Told(msgspec.Struct, frozen=True):
    """What was told of a table: the field of a column, or that it has none; the order of days."""

    fields: dict[str, str] = {}
    dates: DayOrder | None = None


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

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            self._stack.__exit__(kind, error, trace)
        except sqlite3.Error as failed:
            error = failed
        if isinstance(error, sqlite3.Error):
            raise MendableError(f"{self._path}: can't be used: {error}") from None

    def add(self, told: Iterable[Update]) -> int:
        """Those new and those known, by number; returns how many."""
        count = 0
        for each in told:
            self._keep(applied(self.get(each.id) or Account(), each))
            count += 1
        return count

    def add_history(self, kind: Kind, told: Iterable[Update]) -> tuple[int, list[Fault]]:
        """Entries to the history of accounts that are known: how many, and what can't be one."""
        faults: list[Fault] = []
        entries: dict[str, list[tuple[int, Entry]]] = defaultdict(list)
        for each in told:
            made = entry(kind, each)
            if isinstance(made, Fault):
                faults.append(made)
            else:
                entries[each.id].append((each.line, made))
        count = 0
        for identity, new in entries.items():
            if account := self.get(identity):
                history = joined(getattr(account, kind) or (), (each for _, each in new))
                self._keep(replace(account, **{kind: history}))
                count += len(new)
            else:
                what = "of an account that is not known; import the accounts first"
                faults.extend(Fault(line, what) for line, _ in new)
        return count, faults

    def _keep(self, account: Account) -> None:
        row = (account.id, account.name or "", _encoder.encode(account))
        self._file.execute("insert or replace into accounts values (?, ?, ?)", row)

    def get(self, identity: str) -> Account | None:
        rows = self._file.execute("select record from accounts where id = ?", (identity,))
        row = rows.fetchone()
        return self._read(row[0]) if row else None

    def _read(self, record: bytes) -> Account:
        try:
            return _decoder.decode(record)
        except msgspec.DecodeError:
            what = "an account in it can't be read by this version"
            raise MendableError(f"{self._path}: {what}; remove it, and import it again") from None

    def found(self, words: str = "", most: int = 50) -> list[Account]:
        """Those whose number or name holds the words, by number."""
        like = f"%{words.replace('!', '!!').replace('%', '!%').replace('_', '!_')}%"
        rows = self._file.execute(
            "select record from accounts where id like ? escape '!' or name like ? escape '!'"
            " order by id limit ?",
            (like, like, most),
        )
        return [self._read(record) for (record,) in rows]

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

    def told(self, kind: Kind, columns: Sequence[str]) -> Told:
        """What was told of a table with just these columns, if one was imported before."""
        key = (kind, _key(columns))
        rows = self._file.execute("select told from told where kind = ? and columns = ?", key)
        row = rows.fetchone()
        return msgspec.json.decode(row[0], type=Told) if row else Told()

    def remember(self, kind: Kind, columns: Sequence[str], told: Told) -> None:
        row = (kind, _key(columns), msgspec.json.encode(told))
        self._file.execute("insert or replace into told values (?, ?, ?)", row)


def _key(columns: Sequence[str]) -> str:
    return msgspec.json.encode(sorted(columns)).decode()


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


def told_of(folder: Path, columns: Sequence[str]) -> Told:
    """What was told of a table of accounts with these columns. Raises MendableError."""
    if not (folder / NAME).exists():
        return Told()
    with AccountList(folder) as accounts:
        return accounts.told("accounts", columns)
