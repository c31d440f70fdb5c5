"""A finished call -> the rows that are filed of it. Pure: what a server gets, a file gets.

What the agent has turned off for themselves, and how their own voice sounded, is not filed:
see `contract.public`. Words are redacted before they come here.
"""

import datetime
import hashlib
import zlib
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import msgspec

from agentassist import contract
from agentassist import events as ev
from agentassist.archive.moments_of import Row, moments
from agentassist.call import Call, LabelledTurn
from agentassist.rulebook import Rulebook
from agentassist.store.records import Versions
from agentassist.values import Note, said_of
from agentassist.vocabulary import FLAGS

ANSWERED_WITHIN = 2
"""The agent's turns in which a hardship is to be acknowledged."""

_ACKNOWLEDGED = ("empathy", "reflection")


class About(msgspec.Struct, frozen=True):
    """What the call itself does not tell."""

    id: str
    """The same for the same call, wherever and however often it is filed."""
    title: str
    agent: str
    """Their login."""
    filed_at: datetime.datetime
    """Aware."""
    team: str = ""
    pack: str = ""
    """The pack that was in force."""
    recording: str = ""
    """The whole path of its sound on the machine that has it."""
    note: str = ""
    """The note's text, as it was approved."""


class Derived(NamedTuple):
    """A call that has ended, and what it was derived from."""

    call: Call
    heard: tuple[ev.Heard, ...]
    versions: Versions
    note: Note | None = None
    """As it was approved; None where there is the draft alone."""


class Filed(msgspec.Struct, frozen=True):
    """Rows by table; `tables` has the columns."""

    calls: Row
    figures: Row
    heard: Row
    notes: Row | None
    turns: tuple[Row, ...]
    moments: tuple[Row, ...]
    promises: tuple[Row, ...]
    reasons: tuple[Row, ...]
    reviews: tuple[Row, ...]
    """What the agent disputed while the call was on."""


def filed(about: About, derived: Derived, rulebook: Rulebook) -> Filed:
    """The rows of a call that has ended."""
    call, note = derived.call, derived.note or derived.call.note
    whose = {"agent": about.agent, "team": about.team, "day": _day(about, call)}
    by_call = {"call": about.id, **whose}
    outcome = note.outcome if note else "no_resolution"
    shared = {**by_call, "pack": about.pack, "outcome": outcome}
    packed = _packed(derived.heard)
    return Filed(
        _call(about, derived)
        | whose
        | {"outcome": outcome, "digest": _digest(about.note, note, packed)},
        _figures(call) | by_call | {"pack": about.pack},
        {"call": about.id, "events": packed},
        _note_row(about.id, note, about.note) if note else None,
        tuple(_turn(about.id, turn) for turn in call.turns),
        tuple(moments(call, _begun(about, call), rulebook, shared)),
        tuple(_promises(note, by_call)),
        tuple(_reasons(note, by_call)),
        tuple(_disputes(about, call)),
    )


class Corrected(NamedTuple):
    """What a corrected note changes of a filed call: these rows, in place of those before."""

    notes: Row
    promises: tuple[Row, ...]
    reasons: tuple[Row, ...]
    digest: str


def corrected(by_call: Row, packed: bytes, note: Note, words: str) -> Corrected:
    """Rows of the note as it was corrected; moments stay as they were.

    `by_call` has `call`, `agent`, `team` and `day`; `packed` is `Filed.heard`'s, or empty.
    """
    return Corrected(
        _note_row(by_call["call"], note, words),
        tuple(_promises(note, by_call)),
        tuple(_reasons(note, by_call)),
        _digest(words, note, packed),
    )


def heard_again(packed: bytes) -> Iterator[ev.Heard]:
    """The heard events of `Filed.heard`, to derive the call from again."""
    for line in zlib.decompress(packed).splitlines():
        yield ev.decode_heard(line)


def _packed(heard: Iterable[ev.Heard]) -> bytes:
    told = map(contract.public, heard)
    return zlib.compress(b"\n".join(ev.encode(event) for event in told if event is not None))


def _day(about: About, call: Call) -> datetime.date:
    started = call.started
    if started and started.call_date:
        return started.call_date
    at = started.started_at if started and started.started_at else about.filed_at
    return at.date()


def _begun(about: About, call: Call) -> datetime.datetime:
    if call.started and call.started.started_at:
        return call.started.started_at
    return datetime.datetime.combine(_day(about, call), datetime.time(), datetime.UTC)


def _digest(words: str, note: Note | None, packed: bytes) -> str:
    fields = msgspec.json.encode(note) if note else b""
    return hashlib.sha256(packed + words.encode() + fields).hexdigest()


def _call(about: About, derived: Derived) -> Row:
    started = derived.call.started or ev.CallStarted(0.0, "", "")
    account = derived.call.account
    return {
        "id": about.id,
        "pack": about.pack,
        "title": about.title,
        "started_at": started.started_at,
        "seconds": derived.call.at,
        "direction": started.direction,
        "account": account.id or None,
        "person": account.name or None,
        "phone": started.number or None,
        "recording": about.recording or started.recording or None,
        "rules": derived.versions.rulebook,
        "classifier": derived.versions.classifier,
        "program": derived.versions.program,
        "filed_at": about.filed_at,
        "words_gone_at": None,
    }


def _figures(call: Call) -> Row:
    spoken = dict.fromkeys(("agent", "caller"), 0.0)
    for turn in call.turns:
        spoken[turn.turn.speaker] += max(0.0, turn.turn.end - turn.turn.start)
    hardships = [turn for turn in call.turns if turn.has("hardship")]
    states = [record.state for record in call.cues]
    return {
        "talk": sum(spoken.values()),
        "agent_talk": spoken["agent"],
        "flags": sum(turn.has(*FLAGS) for turn in call.turns),
        "hardships": len(hardships),
        "answered": sum(_is_acknowledged(call, turn) for turn in hardships),
        "questions": call.meters.questions,
        "open_questions": call.meters.open_questions,
        "reflections": call.meters.reflections,
        "cues": len(states),
        "taken": states.count("taken"),
        "missed": states.count("missed"),
    }


def _is_acknowledged(call: Call, hardship: LabelledTurn) -> bool:
    after = (turn for turn in call.turns[hardship.turn.index + 1 :])
    answers = [turn for turn in after if turn.turn.speaker == "agent"][:ANSWERED_WITHIN]
    return any(turn.has(*_ACKNOWLEDGED) for turn in answers)


def _note_row(call: str, note: Note, words: str) -> Row:
    return {"call": call, "fields": msgspec.json.encode(note).decode(), "text": words}


def _turn(call: str, turn: LabelledTurn) -> Row:
    said = turn.turn
    return {
        "call": call,
        "turn": said.index,
        "speaker": said.speaker,
        "start": said.start,
        "end": said.end,
        "text": said.text,
        "labels": msgspec.json.encode([*map(said_of, turn.labels)]).decode(),
    }


def _promises(note: Note | None, by_call: Row) -> Iterator[Row]:
    for number, promise in enumerate(note.promises if note else ()):
        yield by_call | {
            "number": number,
            "amount": promise.amount,
            "currency": promise.currency,
            "due": promise.date,
            "kept": None,
        }


def _reasons(note: Note | None, by_call: Row) -> Iterator[Row]:
    if note is None:
        return
    codes = {"hardship": note.hardship, "dispute": note.disputes, "cease": note.cease}
    for kind, told in codes.items():
        for code in dict.fromkeys(told):
            yield by_call | {"kind": kind, "code": code}
    if note.complaint:
        yield by_call | {"kind": "complaint", "code": "complaint"}


def _disputes(about: About, call: Call) -> Iterator[Row]:
    for record in call.cues:
        if record.state == "disputed":
            seconds = datetime.timedelta(seconds=record.changed_at)
            yield {
                "id": f"{about.id}/{record.cue.id}/live",
                "moment": f"{about.id}/{record.cue.id}",
                "call": about.id,
                "by": about.agent,
                "kind": "dispute",
                "at": _begun(about, call) + seconds,
                "text": record.reason,
            }
