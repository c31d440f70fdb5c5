"""What people say of moments: added, never changed; and what that tells of the rules."""

import datetime
import uuid

from sqlalchemy import ColumnElement, Connection, Integer, case, cast, func, insert, select, true

from agentassist.archive.queue import own
from agentassist.archive.tables import moments, reviews
from agentassist.errors import MendableError
from agentassist.redaction import redact
from agentassist.reviewing import (
    Moment,
    Person,
    Review,
    ReviewKind,
    RulePrecision,
    missing_words,
)

_SHOWN = select(*(reviews.c[name] for name in Review.__struct_fields__))
_LATEST = 200
"""Answers that are shown: nobody reads further back at once."""


def of_moment(connection: Connection, identity: str) -> tuple[Review, ...]:
    """All that was said of it, oldest first."""
    found = connection.execute(
        _SHOWN.where(reviews.c.moment == identity).order_by(reviews.c.at, reviews.c.id)
    )
    return tuple(Review(*row) for row in found)


def add(connection: Connection, who: Person, moment: Moment, review: Review) -> None:
    """Puts it there. Raises MendableError where it says nothing, or they may not say it."""
    if told := _refused(who, moment, review.kind) or missing_words(review.kind, review.text):
        raise MendableError(told)
    connection.execute(
        insert(reviews).values(
            id=review.id,
            moment=moment.id,
            call=moment.call,
            by=who.id,
            kind=review.kind,
            at=review.at,
            text=review.text,
        )
    )


def new(moment: str, by: str, kind: ReviewKind, at: datetime.datetime, text: str) -> Review:
    """One to be added; what must not be kept is masked in its words."""
    return Review(uuid.uuid4().hex, moment, by, kind, at, redact(text.strip()))


def answers(connection: Connection, who: Person) -> tuple[Review, ...]:
    """What others said of this person's moments, newest first."""
    found = connection.execute(
        _SHOWN.join(moments, moments.c.id == reviews.c.moment)
        .where(moments.c.agent == who.id, reviews.c.by != who.id)
        .order_by(reviews.c.at.desc())
        .limit(_LATEST)
    )
    return tuple(Review(*row) for row in found)


def precision(connection: Connection, who: Person) -> tuple[RulePrecision, ...]:
    """Of each rule that spoke, the most overruled first."""
    # In the order of an index that holds all of it, so that no row is read.
    kinds = (moments.c.team, moments.c.rule, moments.c.standing, moments.c.disputed)
    alike = select(*kinds, func.count().label("count")).where(*own(who)).group_by(*kinds).subquery()

    def having(so: ColumnElement[bool]) -> ColumnElement[int]:
        return cast(func.sum(case((so, alike.c.count), else_=0)), Integer)

    overruled = having(alike.c.standing == "overruled")
    found = connection.execute(
        select(
            alike.c.rule,
            having(true()),
            having(alike.c.standing == "agreed"),
            overruled,
            having(alike.c.disputed),
        )
        .group_by(alike.c.rule)
        .order_by(overruled.desc(), alike.c.rule)
    )
    return tuple(RulePrecision(*row) for row in found)


def _refused(who: Person, moment: Moment, kind: ReviewKind) -> str:
    if kind not in who.may(moment.agent):
        return f"{kind}: not for you to say of this moment"
    if kind == "consent" and not moment.shared:
        return "consent: nobody asked to share this moment"
    if kind == "withdraw" and not moment.consented:
        return "withdraw: there is no consent to take back"
    return ""
