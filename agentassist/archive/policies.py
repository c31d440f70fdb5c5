"""What an organisation turned on, by whom, when and why: off is what nobody turned on."""

import datetime
from typing import Literal, TypeAlias

from sqlalchemy import delete, insert, select

from agentassist.archive.desk import ArchiveDesk
from agentassist.archive.tables import policies
from agentassist.errors import MendableError
from agentassist.report.comparing import Policy

Name: TypeAlias = Literal["rankings"]


def policy(desk: ArchiveDesk, name: Name) -> Policy:
    """As it stands. Raises ArchiveError."""
    with desk.archive.reading() as connection:
        row = connection.execute(select(policies).where(policies.c.name == name)).first()
    if row is None:
        return Policy()
    return Policy(row.value == "on", row.why, row.by, row.at)


def turn(desk: ArchiveDesk, name: Name, why: str, at: datetime.datetime, *, on: bool) -> None:
    """The owner of the archive alone may. Raises MendableError."""
    if desk.who.role != "owner":
        raise MendableError(f"{name}: only the archive's owner may turn it on or off")
    state = "on" if on else "off"
    row = {"name": name, "value": state, "why": why, "by": desk.who.id, "at": at}
    with desk.archive.writing() as connection:
        connection.execute(delete(policies).where(policies.c.name == name))
        connection.execute(insert(policies), row)
