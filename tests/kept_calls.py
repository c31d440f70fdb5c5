"""Calls that are filed to be removed, with columns as a test wants them."""

import datetime
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import func, select

from agentassist.archive.filed import Filed
from agentassist.archive.filing import file_call
from agentassist.archive.opening import Archive
from tests.filed_calls import DAY, Lines, a_call

OLD = datetime.date(2020, 1, 2)
"""Past every time under `uk`."""
SECRET = "xylophones"
LINES: Lines = (
    ("agent", "Am I speaking with Helen Carter?"),
    ("caller", f"I lost my job and sold both {SECRET} and I can't pay you."),
    ("agent", f"That's not my problem. Pay today or bailiffs take the {SECRET} by Friday."),
    ("caller", "I could do forty pounds a month."),
)


def changed(call: str, day: datetime.date = DAY, **told: Any) -> Filed:
    """A call in which the secret word was said; `told` changes columns wherever they stand."""
    whole = msgspec.structs.asdict(a_call(call, lines=LINES, day=day))

    def with_told(row: dict[str, Any]) -> dict[str, Any]:
        return row | {name: value for name, value in told.items() if name in row}

    rows: dict[str, Any] = {
        table: tuple(map(with_told, rows)) if isinstance(rows, tuple) else with_told(rows)
        for table, rows in whole.items()
    }
    return Filed(**rows)


def filed(archive: Archive, call: str, day: datetime.date = DAY, **told: Any) -> Filed:
    """As `changed`, in the archive."""
    made = changed(call, day, **told)
    assert file_call(archive, made)
    return made


def count(archive: Archive, table: Any, *where: Any) -> int:
    """Rows of a table."""
    with archive.reading() as connection:
        counted = select(func.count()).select_from(table).where(*where)
        return connection.execute(counted).scalar_one()


def raw(archive: Archive) -> bytes:
    """Everything that is in the files of an archive of SQLite."""
    return b"".join(file.read_bytes() for file in Path(archive.place).parent.glob("archive.*"))
