"""The tables of the archive, as they are after the last migration.

`agent`, `team`, `pack`, `day` and `outcome` are of the call, and stand in its moments, promises
and reasons too: the queue and the reports filter by them without a join, and a policy of
PostgreSQL sees whose row it is. They never change once a call is filed.
"""

import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Numeric,
    SmallInteger,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    }
)


class Instant(TypeDecorator[datetime.datetime]):
    """An aware time; UTC in SQLite, which keeps no offset."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime.datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        assert value.tzinfo is not None
        utc = value.astimezone(datetime.UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime.datetime | None:
        del dialect
        if value is None:
            return None
        utc: datetime.datetime = value if value.tzinfo else value.replace(tzinfo=datetime.UTC)
        return utc.astimezone(datetime.UTC)


class Sum(TypeDecorator[Decimal]):
    """An exact sum of money; as text in SQLite, which would make a float of it."""

    impl = Numeric
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        return dialect.type_descriptor(Text() if dialect.name == "sqlite" else Numeric(14, 2))

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> Any:
        return str(value) if value is not None and dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        del dialect
        return None if value is None else Decimal(value)


def _of_call() -> Column[str]:
    return Column("call", Text, ForeignKey("calls.id", ondelete="CASCADE"), nullable=False)


def _whose() -> list[Column[Any]]:
    return [
        Column("agent", Text, nullable=False),
        Column("team", Text, nullable=False, default=""),
        Column("day", Date, nullable=False),
    ]


def _queue(name: str, *of: str, only: str | None = None) -> Index:
    """Backwards it gives the queue: the most pressing, then the newest; of those `only`."""
    where = text(only) if only else None
    told = ("severity", "happened_at", "id")
    return Index(name, *of, *told, sqlite_where=where, postgresql_where=where)


teams = Table("teams", metadata, Column("id", Text, primary_key=True))

people = Table(
    "people",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("team", Text, ForeignKey("teams.id")),
    Column("left_at", Instant),
)

supervises = Table(
    "supervises",
    metadata,
    Column("person", Text, ForeignKey("people.id"), primary_key=True),
    Column("team", Text, ForeignKey("teams.id"), primary_key=True),
)

calls = Table(
    "calls",
    metadata,
    Column("id", Text, primary_key=True),
    *_whose(),
    Column("pack", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("started_at", Instant),
    Column("seconds", Float, nullable=False),
    Column("direction", Text),
    # Whom the call was with: what a request to export or erase is answered by.
    Column("account", Text),
    Column("person", Text),
    Column("phone", Text),
    Column("recording", Text),
    # What derived it.
    Column("rules", Text, nullable=False),
    Column("classifier", Text, nullable=False),
    Column("program", Text, nullable=False),
    # SHA-256 of all that was filed of it: the same again is not filed twice.
    Column("digest", Text, nullable=False),
    Column("filed_at", Instant, nullable=False),
    Column("words_gone_at", Instant),
    # What there is to choose from; what is past its retention; one person's calls.
    Index(None, "team", "agent", "pack"),
    Index(None, "pack", "day"),
    Index(None, "account"),
)

figures = Table(
    "figures",
    metadata,
    Column("call", Text, ForeignKey("calls.id", ondelete="CASCADE"), primary_key=True),
    *_whose(),
    Column("pack", Text, nullable=False),
    Column("talk", Float, nullable=False),  # seconds that anybody spoke
    Column("agent_talk", Float, nullable=False),
    Column("flags", Integer, nullable=False),
    Column("hardships", Integer, nullable=False),
    Column("answered", Integer, nullable=False),  # hardships acknowledged within two turns
    Column("questions", Integer, nullable=False),
    Column("open_questions", Integer, nullable=False),
    Column("reflections", Integer, nullable=False),
    Column("cues", Integer, nullable=False),
    Column("taken", Integer, nullable=False),
    Column("missed", Integer, nullable=False),
    # Reports: a team's or a person's weeks.
    Index(None, "team", "day"),
    Index(None, "agent", "day"),
)

promises = Table(
    "promises",
    metadata,
    Column("call", Text, ForeignKey("calls.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True),
    *_whose(),
    Column("amount", Sum),
    Column("currency", Text),
    Column("due", Date),
    Column("kept", Boolean),  # null until the creditor's own records tell
    Index(None, "team", "day"),
    Index(None, "agent", "day"),
)

reasons = Table(
    "reasons",
    metadata,
    Column("call", Text, ForeignKey("calls.id", ondelete="CASCADE"), primary_key=True),
    Column("kind", Text, primary_key=True),  # hardship, dispute, cease, complaint
    Column("code", Text, primary_key=True),
    *_whose(),
    Index(None, "team", "day"),
    Index(None, "agent", "day"),
)

turns = Table(
    "turns",
    metadata,
    # What the full-text index of SQLite knows a turn by.
    Column("id", BigInteger().with_variant(Integer, "sqlite"), Identity(), primary_key=True),
    _of_call(),
    Column("turn", Integer, nullable=False),
    Column("speaker", Text, nullable=False),
    Column("start", Float, nullable=False),
    Column("end", Float, nullable=False),
    Column("text", Text, nullable=False),
    Column("labels", Text, nullable=False),  # JSON: values.Label
    UniqueConstraint("call", "turn"),
)

heard = Table(
    "heard",
    metadata,
    Column("call", Text, ForeignKey("calls.id", ondelete="CASCADE"), primary_key=True),
    # JSON Lines of the heard events, packed by zlib: what the call is derived from again.
    Column("events", LargeBinary, nullable=False),
)

notes = Table(
    "notes",
    metadata,
    Column("call", Text, ForeignKey("calls.id", ondelete="CASCADE"), primary_key=True),
    Column("fields", Text, nullable=False),  # JSON: values.Note
    Column("text", Text, nullable=False),
)

moments = Table(
    "moments",
    metadata,
    Column("id", Text, primary_key=True),
    _of_call(),
    *_whose(),
    Column("pack", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("happened_at", Instant, nullable=False),
    Column("at", Float, nullable=False),
    Column("turn", Integer),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("rule", Text, nullable=False),
    Column(
        "severity", SmallInteger, nullable=False
    ),  # the more, the more pressing: see filing.RANKS
    Column("state", Text, nullable=False),
    Column("quote", Text, nullable=False),
    Column("do", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("say", Text, nullable=False),
    # These follow from the reviews; a trigger keeps them.
    Column("standing", Text, nullable=False, default="open"),
    Column("disputed", Boolean, nullable=False, default=False),
    Column("praised", Boolean, nullable=False, default=False),
    Column("shared", Boolean, nullable=False, default=False),
    Column("consented", Boolean, nullable=False, default=False),
    # The queue in its own order: what waits of all, of a team, of a rule, and what is disputed.
    _queue("ix_moments_open", only="standing = 'open'"),
    _queue("ix_moments_open_of_team", "team", only="standing = 'open'"),
    _queue("ix_moments_open_of_rule", "rule", only="standing = 'open'"),
    _queue("ix_moments_disputed", only="disputed"),
    # The same with what was judged.
    _queue("ix_moments_all"),
    _queue("ix_moments_of_team", "team"),
    _queue("ix_moments_of_agent", "agent"),
    _queue("ix_moments_of_rule", "rule"),
    # Precision of each rule, from the index alone.
    Index("ix_moments_judged", "team", "rule", "standing", "disputed"),
    Index(None, "call"),
)

reviews = Table(
    "reviews",
    metadata,
    Column("id", Text, primary_key=True),
    Column("moment", Text, ForeignKey("moments.id", ondelete="CASCADE"), nullable=False),
    _of_call(),
    Column("by", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("text", Text, nullable=False),
    Index(None, "moment"),
    Index(None, "call"),
)

looks = Table(
    "looks",
    metadata,
    Column("id", Text, primary_key=True),
    Column("by", Text, nullable=False),
    Column("at", Instant, nullable=False),
    # No foreign key: that somebody looked outlives the call.
    Column("call", Text, nullable=False),
    Column("what", Text, nullable=False),  # opened, found, exported, tried
    Index(None, "by", "call", "at"),
    Index(None, "call"),
)

removals = Table(
    "removals",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("by", Text, nullable=False),
    Column("why", Text, nullable=False),  # retention, erasure
    Column("what", Text, nullable=False),  # the kind of record
    Column("pack", Text, nullable=False),
    Column("before", Date),  # days before this one
    Column("rows", Integer, nullable=False),
    # SHA-256 over what was removed, and over the removal before: see removal.py.
    Column("digest", Text, nullable=False),
    Column("chain", Text, nullable=False),
    # Of an erasure: whose, as a salted hash that can be confirmed, but not be read.
    Column("subject", Text),
)

holds = Table(
    "holds",
    metadata,
    Column("id", Text, primary_key=True),
    # What must not be removed, whatever its age, until that is lifted.
    Column("what", Text, nullable=False),  # call, account, person
    Column("which", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("lifted_by", Text),
    Column("lifted_at", Instant),
    Index(None, "what", "which"),
)

gone = Table(
    "gone",
    metadata,
    # SHA-256 of the id of a call that was removed: it is not filed again.
    Column("call", Text, primary_key=True),
    Column("at", Instant, nullable=False),
)

policies = Table(
    "policies",
    metadata,
    Column("name", Text, primary_key=True),  # rankings
    Column("value", Text, nullable=False),  # on, off
    Column("why", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("at", Instant, nullable=False),
)

deliveries = Table(
    "deliveries",
    metadata,
    # Of a desk's own archive: what the floor's server has already, or refused.
    Column("what", Text, primary_key=True),  # call, review, refused call, refused review
    Column("id", Text, primary_key=True),
    Column("digest", Text, nullable=False),
    Column("at", Instant, nullable=False),
)

listened = Table(
    "listened",
    metadata,
    # Of a desk's own archive: which call a recording was, by a hash that names the file.
    Column("file", Text, primary_key=True),
    Column("call", Text, nullable=False),
    Column("at", Instant, nullable=False),
)
