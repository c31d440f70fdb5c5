"""A table of accounts, CSV or JSON, row by row: accounts, and the faults of rows by their line."""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import yaml

from agentassist.account import Account
from agentassist.crm.fields import FIELDS, CellError, DayOrder, value_of
from agentassist.errors import MendableError

DIALECTS = ",;\t|"


class Fault(NamedTuple):
    """What is wrong with a row, without the words in it."""

    line: int
    what: str


class Table(NamedTuple):
    """A file's columns, and its rows with the line that each begins on."""

    columns: tuple[str, ...]
    rows: tuple[tuple[int, dict[str, str]], ...]


def is_table(path: Path) -> bool:
    """By its name: a table of any dialect, CSV."""
    return path.suffix.lower() in (".csv", ".tsv", ".txt")


def table(path: Path) -> Table:
    """A CSV file of any dialect. Raises MendableError."""
    text = _text(path)
    try:
        dialect: Any = csv.Sniffer().sniff(text[:20_000], DIALECTS)
    except csv.Error:
        dialect = csv.excel
    reader = csv.reader(io.StringIO(text, newline=""), dialect)
    try:
        columns = tuple(name.strip() for name in next(reader, []))
        rows = tuple(_rows(reader, columns))
    except csv.Error as error:
        raise MendableError(f"{path}:{reader.line_num}: not CSV: {error}") from None
    if not columns or not any(columns):
        raise MendableError(f"{path}: no columns; the first line names them")
    return Table(columns, rows)


def _rows(reader: Any, columns: Sequence[str]) -> Iterator[tuple[int, dict[str, str]]]:
    before = reader.line_num
    for cells in reader:
        if any(cell.strip() for cell in cells):
            yield before + 1, dict(zip(columns, cells, strict=False))
        before = reader.line_num


def _text(path: Path) -> str:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise MendableError(f"{path}: can't be read: {error.strerror}") from None
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise MendableError(f"{path}: neither UTF-8 nor Windows text; save it as UTF-8")


def mapping(columns: Sequence[str], told: Mapping[str, str]) -> dict[str, str]:
    """Which field each column holds: as it was told, or by its name; others are left out.

    Raises MendableError where what was told names no column or no field.
    """
    for column, field in told.items():
        if column not in columns:
            raise MendableError(f"there is no column {column!r}; there are: {', '.join(columns)}")
        if field not in FIELDS:
            raise MendableError(f"an account has no {field!r}; it has: {', '.join(FIELDS)}")
    found = dict(told)
    for column in columns:
        known = _known(column)
        if column in told or not known or known in told.values():
            continue
        if known in found.values():
            raise MendableError(
                f"{column!r} is not the only column that looks like the {known}; say which it is: "
                f'--map "{column}={known}"'
            )
        found[column] = known
    return found


def _known(column: str) -> str | None:
    return _names().get(_plain(column))


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


@cache
def _names() -> dict[str, str]:
    text = (files(__package__) / "columns.yaml").read_text(encoding="utf-8")
    named: dict[str, list[str]] = yaml.safe_load(text)
    own = {_plain(field): field for field in FIELDS}
    return {_plain(name): field for field, names in named.items() for name in names} | own


def account(
    row: Mapping[str, str], fields: Mapping[str, str], line: int, order: DayOrder | None
) -> Account | Fault:
    """The row as an account that has an id, or what is wrong with it."""
    values = {}
    for column, field in fields.items():
        try:
            value = value_of(field, row.get(column, ""), order)
        except CellError as error:
            return Fault(line, f"{column}: {error}")
        if value is not None:
            values[field] = value
    if "id" not in values:
        return Fault(line, "no account number in it")
    return Account(**values)


def records(path: Path) -> list[Account | Fault]:
    """A JSON file: one record, or a list of them. Raises MendableError."""
    try:
        raw = msgspec.json.decode(path.read_bytes())
    except OSError as error:
        raise MendableError(f"{path}: can't be read: {error.strerror}") from None
    except msgspec.DecodeError as error:
        raise MendableError(f"{path}: not JSON: {error}") from None
    return [
        _record(item, place)
        for place, item in enumerate(raw if isinstance(raw, list) else [raw], 1)
    ]


def _record(item: Any, place: int) -> Account | Fault:
    try:
        found = msgspec.convert(item, Account, strict=False)
    except msgspec.ValidationError as error:
        return Fault(place, str(error))
    return found if found.id else Fault(place, "no `id` in it")


def one(path: Path, identity: str, order: DayOrder | None = None) -> Account:
    """The account of that number in a CSV file, or its only one. Raises MendableError."""
    found = table(path)
    fields = mapping(found.columns, {})
    column = next((column for column, field in fields.items() if field == "id"), None)
    rows = [
        (line, row)
        for line, row in found.rows
        if not identity or (column and row.get(column, "").strip() == identity)
    ]
    if not rows:
        raise MendableError(f"{path}: no account {identity} in it")
    if len(rows) > 1:
        raise MendableError(f"{path}: {len(rows)} accounts; name one of them: {path}#NUMBER")
    line, row = rows[0]
    read = account(row, fields, line, order)
    if isinstance(read, Fault):
        raise MendableError(f"{path}:{read.line}: {read.what}")
    return read
