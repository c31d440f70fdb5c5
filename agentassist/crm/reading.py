"""A file from another system as a table: CSV of any dialect, or JSON; rows with their lines."""

import codecs
import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from agentassist.crm.fields import Cell, cell_of
from agentassist.errors import MendableError

_DELIMITERS = ",;\t|"
_SAMPLE = 20_000
"""Characters by which the dialect is told."""


class Row(NamedTuple):
    """The cells that a row has, by column, and the line it begins on."""

    line: int
    cells: dict[str, Cell]
    fault: str = ""
    """Why it can't be read at all, without its words; empty where it can be."""


class Table(NamedTuple):
    """A file's columns and rows. The rows of JSON need not have all columns."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]


def is_table(path: Path) -> bool:
    """By its name."""
    return path.suffix.lower() in (".csv", ".tsv", ".txt", ".json")


def table(path: Path) -> Table:
    """The whole file. Raises MendableError."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise MendableError(f"{path}: can't be read: {error.strerror}") from None
    return _of_json(path, data) if path.suffix.lower() == ".json" else _of_csv(path, data)


def _of_csv(path: Path, data: bytes) -> Table:
    text = _text(path, data)
    dialect, ahead = _dialect(text)
    lines = io.StringIO(text, newline="")
    for _ in range(ahead):
        lines.readline()
    reader = csv.reader(lines, dialect, doublequote=True)
    try:
        columns = tuple(name.strip() for name in next(reader, []))
        rows = tuple(_rows(reader, columns, ahead))
    except csv.Error as error:
        raise MendableError(f"{path}:{reader.line_num + ahead}: not CSV: {error}") from None
    if not any(columns):
        raise MendableError(f"{path}: no columns; the first line names them")
    return Table(columns, rows)


def _dialect(text: str) -> tuple[Any, int]:
    """With how many lines stand before the table: spreadsheets tell their sign in one."""
    first, _, _ = text.partition("\n")
    if (told := first.strip("\ufeff\r\n").strip('"')).lower().startswith("sep=") and len(told) == 5:
        told_by_itself = type("Told", (csv.excel,), {"delimiter": told[-1]})
        return told_by_itself, 1
    try:
        return csv.Sniffer().sniff(text[:_SAMPLE], _DELIMITERS), 0
    except csv.Error:
        return csv.excel, 0


def _rows(reader: Any, columns: Sequence[str], ahead: int) -> Iterator[Row]:
    before = reader.line_num
    for cells in reader:
        if any(cell.strip() for cell in cells):
            yield _row(before + ahead + 1, cells, columns)
        before = reader.line_num


def _row(line: int, cells: list[str], columns: Sequence[str]) -> Row:
    """A cell too few or too many shifts the others, and a sum would stand for another."""
    while len(cells) > len(columns) and not cells[-1].strip():
        cells.pop()
    if len(cells) != len(columns):
        return Row(line, {}, f"{len(cells)} cells, where the first line names {len(columns)}")
    return Row(line, dict(zip(columns, cells, strict=True)))


def _text(path: Path, data: bytes) -> str:
    wide = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ("utf-16",) if wide else ("utf-8-sig", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise MendableError(f"{path}: neither UTF-8 nor Windows text; save it as UTF-8")


def _of_json(path: Path, data: bytes) -> Table:
    """One object, or a list of them."""
    data = data.removeprefix(codecs.BOM_UTF8)
    try:
        whole = msgspec.json.decode(data, type=msgspec.Raw)
        is_list = bytes(whole).lstrip().startswith(b"[")
        items = msgspec.json.decode(data, type=list[msgspec.Raw]) if is_list else [whole]
        rows = tuple(_records(data, items))
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise MendableError(f"{path}: not JSON: {error}") from None
    columns = dict.fromkeys(column for row in rows for column in row.cells)
    return Table(tuple(columns), rows)


def _records(data: bytes, items: Iterable[msgspec.Raw]) -> Iterator[Row]:
    at, line = 0, 1
    for item in items:
        words = bytes(item)
        begins = data.index(words, at)
        line += data.count(b"\n", at, begins)
        yield _record(line, words)
        line += words.count(b"\n")
        at = begins + len(words)


def _record(line: int, words: bytes) -> Row:
    if not words.lstrip().startswith(b"{"):
        return Row(line, {}, "not an object, {…}")
    raw = msgspec.json.decode(words, type=dict[str, msgspec.Raw])
    return Row(line, {name: cell_of(value) for name, value in raw.items()})
