"""The archive as one person sees it: what the desk's screens ask of `reviewing.Reviewing`."""

import datetime
import uuid
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from pathlib import Path

import msgspec
from sqlalchemy import Connection, insert, select, text

from agentassist.archive import queue, reviews, words
from agentassist.archive.opening import Archive, ArchiveError
from agentassist.archive.tables import calls, looks, people, supervises, turns
from agentassist.errors import MendableError
from agentassist.reviewing import (
    Choices,
    Filters,
    Found,
    Moment,
    Opened,
    OpenedCall,
    Page,
    Person,
    Review,
    ReviewKind,
    RulePrecision,
    Said,
)
from agentassist.values import Label

_IS_OWNER = text(
    "SELECT current_user, pg_has_role(tableowner, 'member') FROM pg_tables"
    " WHERE schemaname = 'public' AND tablename = 'calls'"
)


_SEARCHED_ANEW = datetime.timedelta(minutes=10)
"""After which a search is written down again; what is said in between is found by the next."""


class ArchiveDesk:
    """One person at one archive."""

    def __init__(
        self, archive: Archive, who: Person | None, now: Callable[[], datetime.datetime]
    ) -> None:
        """`who` is None on a server, which knows who is logged in. Raises ArchiveError."""
        self.archive = archive
        self._now = now
        self._searched: dict[str, datetime.datetime] = {}
        self._who = who or _logged_in(archive)

    @property
    def who(self) -> Person:
        return self._who

    def page(self, filters: Filters, after: str = "", size: int = 50) -> Page:
        # A search writes down whose calls it found.
        with self._asking(filters.words) as connection:
            return queue.page(connection, self.who, filters, after, size)

    def count(self, filters: Filters, most: int = 1000) -> int:
        with self._asking(filters.words) as connection:
            return queue.count(connection, self.who, filters, most)

    def choices(self) -> Choices:
        with self.archive.reading() as connection:
            return queue.choices(connection, self.who)

    def open(self, moment: str) -> Opened:
        with self.archive.writing() as connection:
            self._look_at(connection, queue.one(connection, moment))
        return self._opened(moment)

    def open_call(self, call: str) -> OpenedCall:
        wanted = calls.c.title, calls.c.agent, calls.c.day, calls.c.recording
        with self.archive.writing() as connection:
            row = connection.execute(select(*wanted).where(calls.c.id == call)).first()
            if row is None:
                raise MendableError(f"{call}: no such call, or not one that you may see")
            look(connection, self.who.id, self._now(), "opened", [call])
        with self.archive.reading() as connection:
            said, found = _said(connection, call), queue.of_call(connection, call)
            return OpenedCall(call, *row[:3], said, found, _reachable(row.recording))

    def add(self, moment: str, kind: ReviewKind, text: str = "") -> Opened:
        said = reviews.new(moment, self.who.id, kind, self._now(), text)
        with self.archive.writing() as connection:
            one = queue.one(connection, moment)
            reviews.add(connection, self.who, one, said)
            self._look_at(connection, one)
        return self._opened(moment)

    def search(self, words: str, most: int = 50) -> tuple[Found, ...]:
        with self._asking(words) as connection:
            return self._found(connection, words, most)

    def precision(self) -> tuple[RulePrecision, ...]:
        with self.archive.reading() as connection:
            return reviews.precision(connection, self.who)

    def answers(self) -> tuple[Review, ...]:
        with self.archive.reading() as connection:
            return reviews.answers(connection, self.who)

    def _search_first(self, wanted: str) -> None:
        """A server first writes down whose calls it finds, and gives them the second time."""
        if not wanted or not self.archive.is_server:
            return
        now = self._now()
        if now - self._searched.get(wanted, now - _SEARCHED_ANEW) >= _SEARCHED_ANEW:
            with self.archive.writing() as connection:
                words.find(connection, wanted, words.MOST)
            self._searched[wanted] = now

    def _asking(self, wanted: str) -> AbstractContextManager[Connection]:
        """A server gives what a search found once it is on record that these calls were seen."""
        if not wanted:
            return self.archive.reading()
        if self.archive.is_server:
            with self.archive.writing() as connection:
                words.find(connection, wanted, words.MOST)
        return self.archive.writing()

    def _found(self, connection: Connection, wanted: str, most: int) -> tuple[Found, ...]:
        found = words.find(connection, wanted, most)
        if not self.archive.is_server:
            look(connection, self.who.id, self._now(), "found", (each.call for each in found))
        return found

    def _look_at(self, connection: Connection, moment: Moment) -> None:
        look(connection, self.who.id, self._now(), "opened", [moment.call])

    def _opened(self, identity: str) -> Opened:
        """After the look: a server shows no words before it is on record for good."""
        with self.archive.reading() as connection:
            moment = queue.one(connection, identity)
            kept = connection.execute(select(calls.c.recording).where(calls.c.id == moment.call))
            recording = kept.scalar_one()
            return Opened(
                moment,
                _said(connection, moment.call),
                reviews.of_moment(connection, identity),
                _reachable(recording),
            )


def look(
    connection: Connection, by: str, at: datetime.datetime, what: str, seen: Iterable[str]
) -> None:
    """Writes down that somebody sees the words of these calls; before they are read.

    `what` is `opened`, `found`, `exported` or `tried`.
    """
    rows = [
        {"id": uuid.uuid4().hex, "by": by, "at": at, "call": call, "what": what}
        for call in dict.fromkeys(seen)
    ]
    if rows:
        connection.execute(insert(looks), rows)


def _reachable(recording: str | None) -> Path | None:
    return Path(recording) if recording and Path(recording).is_file() else None


def _said(connection: Connection, call: str) -> tuple[Said, ...]:
    rows = connection.execute(select(turns).where(turns.c.call == call).order_by(turns.c.turn))
    return tuple(
        Said(row.turn, row.speaker, row.start, row.end, row.text, _marks(row.labels))
        for row in rows
    )


def _marks(labels: str) -> tuple[tuple[str, int, int], ...]:
    found = msgspec.json.decode(labels, type=tuple[Label, ...])
    return tuple((label.name, label.start, label.end) for label in found)


def _logged_in(archive: Archive) -> Person:
    with archive.reading() as connection:
        name, is_owner = connection.execute(_IS_OWNER).one()
        if is_owner:
            return Person(name, name, "owner")
        row = connection.execute(select(people).where(people.c.id == name)).first()
        if row is None or row.left_at:
            raise ArchiveError(f"{archive.place}: {name} is not one of its people; ask its owner")
        theirs = select(supervises.c.team).where(supervises.c.person == name)
        looked_after = tuple(connection.execute(theirs).scalars())
        return Person(name, row.name, row.role, row.team or "", looked_after)
