"""Which recordings were listened to already, and which call each was.

Kept in a desk's own archive, whichever archive the call was filed into: listening takes long.
"""

import datetime
from collections.abc import Sequence

from sqlalchemy import Connection, and_, delete, insert, select

from agentassist.archive.tables import deliveries

_WHAT = "listened"
_IS = deliveries.c.what == _WHAT


def call_of(connection: Connection, file: str) -> str | None:
    """The call of that file, which is named by a hash."""
    wanted = select(deliveries.c.digest).where(_IS, deliveries.c.id == file)
    return connection.execute(wanted).scalar()


def remember(
    connection: Connection, files: Sequence[str], call: str, at: datetime.datetime
) -> None:
    """By each of the names of its file. `at` is aware."""
    connection.execute(delete(deliveries).where(and_(_IS, deliveries.c.id.in_(files))))
    rows = [{"what": _WHAT, "id": file, "digest": call, "at": at} for file in files]
    connection.execute(insert(deliveries), rows)
