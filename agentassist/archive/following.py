"""What a floor's server has removed goes from a desk's own archive as well, recordings included."""

from collections.abc import Iterator

from sqlalchemy import select

from agentassist.archive import erasing
from agentassist.archive.erasing import Going, Plan
from agentassist.archive.filing import tombstone
from agentassist.archive.opening import Archive
from agentassist.archive.removal import BATCH, Batch, Order
from agentassist.archive.tables import calls, gone


def removed_there(own: Archive, server: Archive) -> Plan:
    """The calls of this desk that the server has removed for good. Raises ArchiveError."""
    with own.reading() as connection:
        packs = {row.id: row.pack for row in connection.execute(select(calls.c.id, calls.c.pack))}
    ids = {tombstone(call): call for call in packs}
    found: list[str] = []
    with server.reading() as connection:
        hashed = list(ids)
        for at in range(0, len(hashed), BATCH):
            some = hashed[at : at + BATCH]
            there = connection.execute(select(gone.c.call).where(gone.c.call.in_(some)))
            found += [ids[call] for call in there.scalars()]
    of_pack: dict[str, list[str]] = {}
    for call in sorted(found):
        of_pack.setdefault(packs[call], []).append(call)
    return Plan(tuple(Going("call", pack, tuple(some)) for pack, some in of_pack.items()))


def follow(own: Archive, server: Archive, order: Order) -> Iterator[Batch]:
    """Removes them here, each batch with its proof. Raises ArchiveError."""
    yield from erasing.erase(own, removed_there(own, server), order)
