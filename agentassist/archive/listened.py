"""Which recordings were listened to already, and which call each was.

Kept in a desk's own archive, whichever archive the call was filed into: listening takes long.
"""

import datetime
from collections.abc import Sequence

from sqlalchemy import Connection, delete, insert, select

from agentassist.archive.tables import listened


def call_of(connection: Connection, file: str) -> str | None:
    """The call of that file, which is named by a hash."""
    wanted = select(listened.c.call).where(listened.c.file == file)
    return connection.execute(wanted).scalar()


def remember(
    connection: Connection, files: Sequence[str], call: str, at: datetime.datetime
) -> None:
    """By each of the names of its file. `at` is aware."""
    connection.execute(delete(listened).where(listened.c.file.in_(files)))
    rows = [{"file": file, "call": call, "at": at} for file in files]
    connection.execute(insert(listened), rows)
