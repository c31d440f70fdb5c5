"""What a record of a note holds, and how it is sealed so that a change shows.

Kept in the ordinary course of business at the time of the call (US Federal Rules of Evidence
803(6)), with hashes that anyone can compute again (902(13)-(14)). A line of the chain is

    {"digests": {"/number": …, "/approved/text": …}, "hash": …, "record": {…}}

in the canonical JSON of RFC 8785. `digests` holds the SHA-256 of the canonical JSON of each
part of the record, by its JSON pointer, so that a change is told by its field; `hash` is the
SHA-256 of the canonical JSON of `digests`; `/before` is the `hash` of the record before.
"""

import datetime
import hashlib
from collections.abc import Iterator
from typing import Any, NamedTuple

import msgspec
import rfc8785

from agentassist import __version__
from agentassist import events as ev
from agentassist.account import Account
from agentassist.call import Call
from agentassist.errors import MendableError
from agentassist.values import Note
from agentassist.vocabulary import Direction, Party

SCHEMA = 1
"""Of `Record`; counted up with every change that an older reader would not understand."""

_DEPTH = 3
"""Mappings are told apart down to here, as in `/approved/fields/promises`; deeper is one part."""


class Part(msgspec.Struct, frozen=True):
    """A value that a record holds, every field written, so that blank is told to be blank."""


class Moment(Part, frozen=True):
    """A time, in UTC and as the clock on the wall told it. Both are aware."""

    utc: datetime.datetime
    local: datetime.datetime


class NoteVersion(Part, frozen=True):
    """A note as machine or agent has it: its fields, and its text as it is read."""

    fields: Note
    text: str


class Said(Part, frozen=True):
    """A turn of the transcript as it is stored; times in seconds of the call."""

    speaker: Party
    start: float
    end: float
    text: str


class Versions(Part, frozen=True):
    """What derived the draft from what was heard."""

    rulebook: str
    classifier: str
    program: str = __version__


class CallFacts(Part, frozen=True):
    """Which call it was. Start and end are None where the recording does not tell them."""

    id: str
    title: str
    started: Moment | None = None
    ended: Moment | None = None
    date: datetime.date | None = None
    account: Account | None = None
    """What tells the debt and the person; histories stay in the creditor's own system."""
    recording: str = ""
    """The name of the file that the sound was kept in."""
    number: str = ""
    direction: Direction | None = None


class Approval(Part, frozen=True):
    """Who stands for the note, and since when."""

    by: str
    at: Moment


class Correction(Part, frozen=True):
    """Which record is corrected, and why. That record stays as it is."""

    number: int
    hash: str
    reason: str


class Record(Part, frozen=True):
    """One approved note, or one correction of it."""

    call: CallFacts
    approval: Approval
    approved: NoteVersion
    draft: NoteVersion | None = None
    """The machine's. A correction has none, nor what made it, nor the words: it names the
    record that holds them."""
    versions: Versions | None = None
    transcript: tuple[Said, ...] = ()
    corrects: Correction | None = None
    number: int = 0
    """From 1, without a gap; given when the record is appended, as is `before`."""
    before: str | None = None
    schema: int = SCHEMA


class Sealed(NamedTuple):
    """A line of the chain, read back and its own seal checked."""

    record: dict[str, Any]
    hash: str
    faults: tuple[str, ...]
    """What does not match the seal: JSON pointers with what happened to them."""


def moment(at: datetime.datetime) -> Moment:
    """An aware time with the offset of the place, as a moment."""
    assert at.tzinfo is not None
    return Moment(at.astimezone(datetime.UTC), at)


def facts(identity: str, title: str, call: Call) -> CallFacts:
    """What a finished call tells of itself."""
    started = call.started or ev.CallStarted(0.0, "", "")
    begun = started.started_at
    over = begun + datetime.timedelta(seconds=call.at) if begun else None
    return CallFacts(
        identity,
        title,
        moment(begun) if begun else None,
        moment(over) if over else None,
        started.call_date or (begun.date() if begun else None),
        _identifying(started.account),
        started.recording,
        started.number,
        started.direction,
    )


_IDENTIFYING = ("name", "creditor", "balance", "currency", "origin", "id", "role", "country")


def _identifying(account: Account | None) -> Account | None:
    return account and Account(**{field: getattr(account, field) for field in _IDENTIFYING})


def transcript(call: Call) -> tuple[Said, ...]:
    """The call's words as they were stored."""
    turns = (labelled.turn for labelled in call.turns)
    return tuple(Said(turn.speaker, turn.start, turn.end, turn.text) for turn in turns)


def seal(record: Record) -> tuple[bytes, str]:
    """The record as a line of the chain, without the line feed, and its hash.

    Raises MendableError where a text holds what no file can.
    """
    plain: dict[str, Any] = msgspec.to_builtins(record)
    try:
        digests = {pointer: _digest(value) for pointer, value in _parts(plain)}
        sealed = _digest(digests)
        return rfc8785.dumps({"digests": digests, "hash": sealed, "record": plain}), sealed
    except rfc8785.CanonicalizationError as error:
        raise MendableError(f"the note can't be recorded: {error}; take that out") from None


def unseal(line: bytes) -> Sealed | None:
    """The line's record and what is wrong with it; None where it is no sealed record at all."""
    try:
        found = msgspec.json.decode(line, type=_Line)
        number, identity = found.record["number"], found.record["call"]["id"]
        if not (isinstance(number, int) and isinstance(identity, str)):
            return None
        return Sealed(found.record, found.hash, tuple(_faults(found, line)))
    except (msgspec.DecodeError, LookupError, TypeError, ValueError, RecursionError):
        return None


class _Line(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    digests: dict[str, str]
    hash: str
    record: dict[str, Any]


def _faults(line: _Line, written: bytes) -> Iterator[str]:
    computed = {pointer: _digest(value) for pointer, value in _parts(line.record)}
    for pointer in sorted(computed.keys() | line.digests.keys()):
        if pointer not in computed:
            yield f"{pointer} is missing"
        elif pointer not in line.digests:
            yield f"{pointer} was added"
        elif computed[pointer] != line.digests[pointer]:
            yield f"{pointer} is changed"
    if _digest(line.digests) != line.hash:
        yield "its digests don't give its hash"
    if rfc8785.dumps(msgspec.to_builtins(line)) != written:
        yield "it is not written as it was: spacing, order or a key that stands twice"


def _parts(value: dict[str, Any], path: str = "", depth: int = 1) -> Iterator[tuple[str, Any]]:
    for key, inner in value.items():
        pointer = f"{path}/{key.replace('~', '~0').replace('/', '~1')}"
        if isinstance(inner, dict) and inner and depth < _DEPTH:
            yield from _parts(inner, pointer, depth + 1)
        else:
            yield pointer, inner


def _digest(value: Any) -> str:
    return hashlib.sha256(rfc8785.dumps(value)).hexdigest()
