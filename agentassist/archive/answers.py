"""Brings what others said of an agent's moments from a floor's server to the desk's own archive.

So the supervisor's answer is seen also while the server is away.
"""

import datetime
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import Row, func, insert, select, tuple_, update

from agentassist.archive.opening import Archive
from agentassist.archive.tables import moments, reviews
from agentassist.reviewing import Person

BATCH = 500
"""Reviews that are brought at once."""

OVERLAP = datetime.timedelta(days=7)
"""Clocks of two desks differ: what was said so long before the newest is looked at again."""

_LONG_AGO = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
_STANDS = [moments.c[name] for name in ("standing", "disputed", "praised", "shared", "consented")]


def bring(own: Archive, server: Archive, who: Person, heard: Iterable[str]) -> int:
    """How many were new. Raises ArchiveError; what came by then stays.

    Their moments, and those of which the server just `heard`, stand here as they do there: it
    has both sides' words in the order in which they came.
    """
    brought = 0
    for rows in _said(server, who, _newest(own, who)):
        fresh = _unknown(own, rows)
        _put(own, fresh, _standing(server, {row.moment for row in fresh}))
        brought += len(fresh)
    _put(own, [], _standing(server, heard))
    return brought


def _newest(own: Archive, who: Person) -> datetime.datetime:
    """From when on there may be something new."""
    with own.reading() as connection:
        theirs = select(func.max(reviews.c.at)).join(moments, moments.c.id == reviews.c.moment)
        newest = connection.execute(
            theirs.where(moments.c.agent == who.id, reviews.c.by != who.id)
        ).scalar()
        return newest - OVERLAP if newest else _LONG_AGO


def _said(server: Archive, who: Person, since: datetime.datetime) -> Iterator[Sequence[Row[Any]]]:
    """Reviews by others of this agent's moments, oldest first."""
    order = reviews.c.at, reviews.c.id
    theirs = select(reviews).join(moments, moments.c.id == reviews.c.moment)
    wanted = theirs.where(moments.c.agent == who.id, reviews.c.by != who.id)
    after: tuple[datetime.datetime, str] = since, ""
    while True:
        with server.reading() as connection:
            page = wanted.where(tuple_(*order) > tuple_(*after)).order_by(*order).limit(BATCH)
            rows = connection.execute(page).all()
        yield rows
        if len(rows) < BATCH:
            return
        after = rows[-1].at, rows[-1].id


def _unknown(own: Archive, rows: Sequence[Row[Any]]) -> list[Row[Any]]:
    """Those that are not here, of moments that are."""
    said, spoken_of = [row.id for row in rows], [row.moment for row in rows]
    with own.reading() as connection:
        known = set(
            connection.execute(select(reviews.c.id).where(reviews.c.id.in_(said))).scalars()
        )
        here = select(moments.c.id).where(moments.c.id.in_(spoken_of))
        there = set(connection.execute(here).scalars())
    return [row for row in rows if row.id not in known and row.moment in there]


def _standing(server: Archive, wanted: Iterable[str]) -> list[Row[Any]]:
    """How these moments stand on the server."""
    ids, found = sorted(wanted), list[Row[Any]]()
    for at in range(0, len(ids), BATCH):
        with server.reading() as connection:
            some = select(moments.c.id, *_STANDS).where(moments.c.id.in_(ids[at : at + BATCH]))
            found += connection.execute(some).all()
    return found


def _put(own: Archive, said: Sequence[Row[Any]], standing: Sequence[Row[Any]]) -> None:
    if not (said or standing):
        return
    with own.writing() as connection:
        for review in said:
            connection.execute(insert(reviews).values(review._asdict()))
        for moment in standing:
            told = moment._asdict()
            here = moments.c.id == told.pop("id")
            connection.execute(update(moments).where(here).values(told))
