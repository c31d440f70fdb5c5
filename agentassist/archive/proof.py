"""Proof of what was removed: a row for each batch, each sealed with the row before.

`digest` is the SHA-256 of a line for each row that went, `ID DIGEST`, sorted: whoever still has
those from elsewhere, as from a backup, can compute it again. `chain` is the SHA-256 of the
`chain` before and of the canonical JSON (RFC 8785) of all else in the row, so that a row that is
changed, taken out or put in shows. Rows taken off the end show by a `chain` noted elsewhere.

Whose data was erased is told by scrypt (RFC 7914) with a salt: it can be confirmed for a number
that one knows already, and not be read.
"""

import datetime
import hashlib
import hmac
import secrets
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import msgspec
import rfc8785
from sqlalchemy import Connection, insert, select, text

from agentassist.archive.tables import removals


class Removal(msgspec.Struct, frozen=True):
    """One batch that went."""

    number: int
    """From 1, without a gap."""
    at: datetime.datetime
    """Aware."""
    by: str
    why: str
    what: str
    """The kind of record."""
    pack: str
    before: datetime.date | None
    rows: int
    digest: str
    subject: str | None = None
    chain: str = ""


class Went(NamedTuple):
    """What goes in one transaction: the rows by id and digest."""

    what: str
    pack: str
    before: datetime.date | None
    rows: Iterable[tuple[str, str]]


class Reason(msgspec.Struct, frozen=True):
    """Why something is removed, by whom, and when (aware)."""

    why: str
    by: str
    at: datetime.datetime
    subject: str | None = None


_SHOWN = select(*(removals.c[name] for name in Removal.__struct_fields__)).order_by(
    removals.c.number
)


def record(connection: Connection, reason: Reason, went: Went) -> Removal:
    """Puts down what goes in the same transaction."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("LOCK TABLE removals IN EXCLUSIVE MODE"))
    last = connection.execute(_SHOWN.order_by(None).order_by(removals.c.number.desc())).first()
    lines = sorted(f"{identity} {digest}" for identity, digest in went.rows)
    plain = Removal(
        last.number + 1 if last else 1,
        reason.at.astimezone(datetime.UTC),
        reason.by,
        reason.why,
        went.what,
        went.pack,
        went.before,
        len(lines),
        hashlib.sha256("\n".join(lines).encode()).hexdigest(),
        reason.subject,
    )
    sealed = msgspec.structs.replace(plain, chain=_seal(plain, last.chain if last else ""))
    connection.execute(insert(removals), msgspec.structs.asdict(sealed))
    return sealed


def told(connection: Connection) -> tuple[Removal, ...]:
    """All of them, oldest first."""
    return tuple(Removal(*row) for row in connection.execute(_SHOWN))


def faults(found: Iterable[Removal], expected: str = "") -> Iterator[str]:
    """What shows that the rows are not as they were written; none where they are.

    `expected` is a `chain` noted earlier, which must still be there.
    """
    before, number, chains = "", 0, set[str]()
    for removal in found:
        number += 1
        if removal.number != number:
            yield f"removal {number}: missing, before removal {removal.number}"
            number = removal.number
        elif removal.chain != _seal(removal, before):
            yield f"removal {number}: changed, or not the one that followed removal {number - 1}"
        before = removal.chain
        chains.add(before)
    if expected and expected.lower() not in chains:
        yield f"no removal is sealed {expected}: removals were cut off or changed"


def subject(identifier: str) -> str:
    """A number or name as a salted hash, for `Reason.subject`."""
    salt = secrets.token_bytes(16)
    return f"{salt.hex()}:{_stretched(identifier, salt).hex()}"


def is_subject(identifier: str, hashed: str | None) -> bool:
    """Whether that removal was of this number or name."""
    salt, _, found = (hashed or "").partition(":")
    return bool(found) and hmac.compare_digest(
        _stretched(identifier, bytes.fromhex(salt)).hex(), found
    )


def _stretched(identifier: str, salt: bytes) -> bytes:
    plain = " ".join(identifier.casefold().split()).encode()
    return hashlib.scrypt(plain, salt=salt, n=1 << 14, r=8, p=1, dklen=32)


def _seal(removal: Removal, before: str) -> str:
    plain: dict[str, Any] = msgspec.to_builtins(removal)
    del plain["chain"]
    return hashlib.sha256(before.encode() + rfc8785.dumps(plain)).hexdigest()
