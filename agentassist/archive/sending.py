"""Sends what a floor's server lacks of a desk's own archive, and brings back what was answered.

A call goes whole, in one transaction of the server, and reviews go after it. What arrived is
remembered in `deliveries`; a crash before that sends it again, which changes nothing there. So
nothing is lost, nothing doubled, and it may be interrupted between any two steps.
"""

import datetime
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any, NamedTuple, TypeAlias

from sqlalchemy import ColumnElement, Row, Select, and_, delete, func, insert, not_, or_, select

from agentassist.archive import answers, filing, following, tables, wiping
from agentassist.archive.correcting import correct_own, put_corrected
from agentassist.archive.filed import Corrected, Filed
from agentassist.archive.opening import Archive, ArchiveError, UnreachableError
from agentassist.archive.proof import Reason
from agentassist.archive.recordings import Reach
from agentassist.archive.removal import Order
from agentassist.archive.tables import calls, deliveries, reviews
from agentassist.reviewing import Person

BATCH = 100
"""Calls that are looked up at once."""

AGAIN = datetime.timedelta(days=1)
"""After which what was refused is tried again unasked."""

_KEPT_BY_TRIGGER = ("standing", "disputed", "praised", "shared", "consented")


class Waiting(NamedTuple):
    """What a desk has that its server does not."""

    calls: int
    reviews: int
    since: datetime.datetime | None
    """When the first of these calls was filed."""
    refused: int = 0
    """Calls and reviews that the server would not take."""
    why: str = ""
    """What it said of the last of these."""

    def told(self, now: datetime.datetime) -> str:
        """As "3 calls wait to be sent, since 14:02"; empty where nothing does. `now` is aware."""
        if not (count := self.calls or self.reviews):
            return ""
        one, more = ("call", "calls") if self.calls else ("word on a moment", "words on moments")
        named = f"1 {one} waits" if count == 1 else f"{count:,} {more} wait"
        return f"{named} to be sent{_since(self.since, now)}"


def _since(at: datetime.datetime | None, now: datetime.datetime) -> str:
    """The hour, and the day where it is not today's."""
    if at is None:
        return ""
    here = at.astimezone(now.tzinfo)
    form = "%H:%M" if here.date() == now.date() else "%Y-%m-%d %H:%M"
    return f", since {here.strftime(form)}"


class Delivered(NamedTuple):
    """A call or a review is there."""

    what: str
    id: str


class Refused(NamedTuple):
    """One that the server does not take; the others go on."""

    what: str
    id: str
    title: str
    why: str


class Answered(NamedTuple):
    """So many reviews by others were brought back."""

    reviews: int


class Gone(NamedTuple):
    """So many calls were removed here, since the server has removed them."""

    calls: int


Step: TypeAlias = Delivered | Refused | Answered | Gone
_Selected: TypeAlias = Select[*tuple[Any, ...]]


def waiting(own: Archive, who: Person) -> Waiting:
    """Counts what there is to send. Raises ArchiveError."""
    with own.reading() as connection:
        of_calls = select(func.count(), func.min(calls.c.filed_at)).where(_to_send(who))
        count, since = connection.execute(_beside(of_calls)).one()
        of_reviews = _own_reviews(select(func.count()), who)
        said = connection.execute(of_reviews).scalar_one()
        told = select(deliveries.c.digest).where(deliveries.c.what.in_(_REFUSED.values()))
        refused = connection.execute(told.order_by(deliveries.c.at.desc())).scalars().all()
        return Waiting(count, said, since, len(refused), refused[0] if refused else "")


def send(
    own: Archive, server: Archive, who: Person, at: datetime.datetime, *, again: bool = False
) -> Iterator[Step]:
    """Step by step; who iterates may stop after any. `again` tries what was refused before, too.

    Raises UnreachableError where the server is away: what is left waits. `at` is aware.
    """
    _forget_refusals(own, at if again else at - AGAIN)
    heard: set[str] = set()
    for row in _each(own, _beside(select(calls)).where(_to_send(who)), calls.c.id):
        yield _delivered(own, server, who, row, at)
    for row in _each(own, _own_reviews(select(reviews), who), reviews.c.id):
        heard.add(row.moment)
        yield _reviewed(own, server, row, at)
    if brought := answers.bring(own, server, who, heard):
        yield Answered(brought)
    yield from _followed(own, server, who, at)


def _followed(own: Archive, server: Archive, who: Person, at: datetime.datetime) -> Iterator[Gone]:
    """What the server has removed for good goes here, too."""
    order = Order(Reason("the floor's server removed it", who.id, at), Reach(None))
    for batch in following.follow(own, server, order):
        if batch.gone:
            yield Gone(batch.gone)
    if not wiping.is_wiped(own):
        with suppress(ArchiveError):  # somebody reads it just now; the next time, then
            wiping.wipe(own)


_REFUSED = {"call": "refused call", "review": "refused review"}


def _to_send(who: Person) -> ColumnElement[bool]:
    """Calls of theirs that are not there, or whose note was corrected since."""
    lacks = or_(deliveries.c.id.is_(None), deliveries.c.digest != calls.c.digest)
    return and_(calls.c.agent == who.id, lacks, not_(_is_refused("call", calls.c.id)))


def _beside(some: _Selected) -> _Selected:
    """With what is known of their delivery."""
    sent = and_(deliveries.c.what == "call", deliveries.c.id == calls.c.id)
    return some.select_from(calls.outerjoin(deliveries, sent))


def _own_reviews(some: _Selected, who: Person) -> _Selected:
    """Theirs, of calls that are there, which they may say there."""
    sent = deliveries.alias("sent")
    there = deliveries.alias("there")
    return (
        some.select_from(
            reviews.join(calls, calls.c.id == reviews.c.call)
            .join(there, and_(there.c.what == "call", there.c.id == reviews.c.call))
            .outerjoin(sent, and_(sent.c.what == "review", sent.c.id == reviews.c.id))
        )
        .where(reviews.c.by == who.id, reviews.c.kind.in_(who.may(who.id)))
        .where(sent.c.id.is_(None), not_(_is_refused("review", reviews.c.id)))
    )


def _is_refused(what: str, identity: ColumnElement[str]) -> ColumnElement[bool]:
    refused = deliveries.alias()
    told = select(refused.c.id).where(refused.c.what == _REFUSED[what], refused.c.id == identity)
    return told.exists()


def _each(own: Archive, wanted: _Selected, key: ColumnElement[str]) -> Iterator[Row[Any]]:
    """The rows, a batch at a time: what is delivered meanwhile is not wanted again."""
    after = ""
    while True:
        with own.reading() as connection:
            page = wanted.where(key > after).order_by(key).limit(BATCH)
            rows = connection.execute(page).all()
        yield from rows
        if len(rows) < BATCH:
            return
        after = rows[-1].id


def _delivered(
    own: Archive, server: Archive, who: Person, call: Row[Any], at: datetime.datetime
) -> Step:
    try:
        if (filed := _filed(own, call.id, who)) and not filing.file_call(server, filed):
            _correct(server, who, filed)
    except UnreachableError:
        raise
    except ArchiveError as error:
        # Another program of this desk may just have sent it.
        if not _is_there(server, call):
            return _refused(own, Refused("call", call.id, call.title, str(error)), at)
    _remember(own, "call", call.id, call.digest, at)
    return Delivered("call", call.id)


def _is_there(server: Archive, call: Row[Any]) -> bool:
    with server.reading() as connection:
        known = select(calls.c.digest).where(calls.c.id == call.id)
        return bool(connection.execute(known).scalar() == call.digest)


def _correct(server: Archive, who: Person, filed: Filed) -> None:
    """The call is there; its note is, too, as it stands here."""
    call, digest = filed.calls["id"], filed.calls["digest"]
    with server.writing() as connection:
        known = connection.execute(select(calls.c.digest).where(calls.c.id == call)).scalar()
        if known is not None and known != digest and filed.notes:
            now = Corrected(filed.notes, filed.promises, filed.reasons, digest)
            put = put_corrected if who.role == "owner" else correct_own
            put(connection, call, now)


def _reviewed(own: Archive, server: Archive, review: Row[Any], at: datetime.datetime) -> Step:
    row = {column.name: getattr(review, column.name) for column in reviews.c}
    try:
        with server.writing() as connection:
            there = select(reviews.c.id).where(reviews.c.id == review.id)
            if connection.execute(there).first() is None:
                connection.execute(insert(reviews), row)
    except UnreachableError:
        raise
    except ArchiveError as error:
        return _refused(own, Refused("review", review.id, review.moment, str(error)), at)
    _remember(own, "review", review.id, "", at)
    return Delivered("review", review.id)


def _filed(own: Archive, call: str, who: Person) -> Filed | None:
    """The call as it stands here, and as of their team there; None once it is removed.

    What was said of it goes by itself, and the server tells from it how each moment stands.
    """
    theirs = {"team": who.team} if who.role == "agent" else {}
    with own.reading() as connection:

        def rows(name: str, without: Sequence[str] = ()) -> tuple[dict[str, Any], ...]:
            table = tables.metadata.tables[name]
            whose = table.c.id if name == "calls" else table.c.call
            columns = [column for column in table.c if column.name not in without]
            found = connection.execute(select(*columns).where(whose == call))
            known = theirs if "team" in table.c else {}
            return tuple(row._asdict() | known for row in found)

        if not (call_row := rows("calls")):
            return None
        return Filed(
            call_row[0],
            rows("figures")[0],
            next(iter(rows("heard")), {}),
            next(iter(rows("notes")), None),
            rows("turns", ["id"]),
            rows("moments", _KEPT_BY_TRIGGER),
            rows("promises", ["kept"]),
            rows("reasons"),
            (),
        )


def _remember(own: Archive, what: str, identity: str, digest: str, at: datetime.datetime) -> None:
    with own.writing() as connection:
        known = and_(deliveries.c.what == what, deliveries.c.id == identity)
        connection.execute(delete(deliveries).where(known))
        row = {"what": what, "id": identity, "digest": digest, "at": at}
        connection.execute(insert(deliveries), row)


def _refused(own: Archive, refused: Refused, at: datetime.datetime) -> Refused:
    _remember(own, _REFUSED[refused.what], refused.id, refused.why, at)
    return refused


def _forget_refusals(own: Archive, until: datetime.datetime) -> None:
    """What was refused by then is tried again."""
    with own.writing() as connection:
        refused = deliveries.c.what.in_(_REFUSED.values())
        connection.execute(delete(deliveries).where(refused, deliveries.c.at <= until))
