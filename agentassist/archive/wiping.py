"""Leaves nothing of what was removed in the archive's files, as far as a program can.

SQLite overwrites freed pages (`secure_delete`), but its full-text index keeps words of removed
turns until it is built again, the planner's statistics keep samples of indexed columns, and the
write-ahead log keeps pages until it is cut off. A crash between a removal and this is made up for
the next time: the file's `user_version` tells.

PostgreSQL's VACUUM frees the space of removed rows to be written over, and statistics are made
anew. What its write-ahead log and its backups hold has their own retention, the server's.
"""

import sqlite3
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from agentassist.archive.opening import Archive, ArchiveError
from agentassist.archive.tables import metadata

_UNWIPED = 1
_BUSY = "another program has it open; close it, and run it again to clear the file"


def mark(connection: Connection) -> None:
    """In a transaction that removes something: until `wipe`, the file is not clear of it."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"PRAGMA user_version = {_UNWIPED}")


def is_wiped(archive: Archive) -> bool:
    """Whether nothing was removed since the last `wipe`; always so on a server."""
    if archive.is_server:
        return True
    with archive.reading() as connection:
        return bool(connection.exec_driver_sql("PRAGMA user_version").scalar_one() == 0)


def wipe(archive: Archive) -> None:
    """Takes as long as writing the archive anew. Raises ArchiveError; run it again then."""
    if archive.is_server:
        _vacuum_server(archive)
        return
    connection = archive.engine.raw_connection()
    try:
        driver: Any = connection.driver_connection
        driver.isolation_level = None
        _wipe_file(driver.cursor(), archive.place)
    except sqlite3.OperationalError as error:
        told = _BUSY if "locked" in str(error) else f"{error}; look at the file and its disk"
        raise ArchiveError(f"{archive.place}: {told}") from None
    finally:
        connection.close()


def _wipe_file(cursor: Any, place: str) -> None:
    cursor.execute("INSERT INTO turn_words(turn_words) VALUES ('rebuild')")
    if cursor.execute("SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat1'").fetchone():
        cursor.execute("ANALYZE")
    cursor.execute("VACUUM")
    _cut_off_log(cursor, place)
    cursor.execute("PRAGMA user_version = 0")
    _cut_off_log(cursor, place)


def _cut_off_log(cursor: Any, place: str) -> None:
    busy, *_ = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if busy:
        raise ArchiveError(f"{place}: {_BUSY}")


def _vacuum_server(archive: Archive) -> None:
    alone = archive.engine.execution_options(isolation_level="AUTOCOMMIT")
    try:
        with alone.connect() as connection:
            for table in metadata.sorted_tables:
                connection.exec_driver_sql(f"VACUUM (ANALYZE) {table.name}")
    except DBAPIError as error:
        kind = type(error.orig).__name__
        raise ArchiveError(f"{archive.place}: VACUUM failed ({kind}); run it again") from None
