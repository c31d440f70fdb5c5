"""The call as a vCon, a container of a conversation (draft-ietf-vcon-vcon-core-03, unsigned form).

Parties, the words as text dialog, labels and note as analysis, the whole note as attachment.
The party's role is of draft-ietf-vcon-cc-extension-01. The agent's flags are left out: they are
coaching, not record.
"""

import datetime
import hashlib
import uuid
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import msgspec

from agentassist import __version__
from agentassist.call import Call, LabelledTurn
from agentassist.cleaning import cleaned
from agentassist.errors import MendableError
from agentassist.export.identity import fingerprint
from agentassist.export.markdown import to_markdown
from agentassist.export.text import to_text
from agentassist.values import Note, said_of
from agentassist.vocabulary import FLAGS, PARTIES

SYNTAX = "0.4.0"
"""The syntax that the draft defines, by its own name (section 4.1.1)."""

_SOFTWARE = len(PARTIES)
"""The party that adds the note: the coach itself, behind those who spoke."""

_encoder = msgspec.json.Encoder(decimal_format="number")


def to_vcon(
    call: Call,
    note: Note | None = None,
    *,
    now: datetime.datetime,
    domain: str,
    started_at: datetime.datetime | None = None,
) -> str:
    """The vCon as JSON, made at `now` (aware) by a machine whose name is `domain`.

    Its dialog needs the time at which the call began: `started_at` where the call does not tell,
    else midnight (UTC) of its day. Raises MendableError where not even the day is known.
    """
    call, note = cleaned(call), cleaned(note)
    begun = _begun(call, started_at)
    said = [turn for turn in call.turns if turn.turn.text.strip()]
    made = {
        "vcon": SYNTAX,
        "uuid": str(_uuid(now, domain, fingerprint(call))),
        "extensions": ["CC"],
        "created_at": _date(now),
        "parties": [*_parties(call, note)],
        "dialog": [_dialog(turn, begun) for turn in said],
        "analysis": [*_analysis(call, note, said)],
        "attachments": [*_attachments(call, note, now, said)],
    }
    kept = {key: value for key, value in made.items() if value or key == "parties"}
    return msgspec.json.format(_encoder.encode(kept)).decode() + "\n"


def _begun(call: Call, started_at: datetime.datetime | None) -> datetime.datetime:
    started = call.started
    known = started_at or (started.started_at if started else None)
    if known:
        return known
    if started and started.call_date:
        return datetime.datetime.combine(started.call_date, datetime.time(), datetime.UTC)
    raise MendableError(
        "a vCon tells when the call was, and this call does not; "
        "say it: --started-at 2026-03-12T14:30+00:00"
    )


def _uuid(now: datetime.datetime, domain: str, seed: bytes) -> uuid.UUID:
    """Version 8 as the draft has it (section 4.1.2): a version 7 whose tail names the domain.

    In place of random bits there are bits of the call, so that calls written at once differ.
    """
    milliseconds = int(now.timestamp() * 1000) & (1 << 48) - 1
    call = int.from_bytes(seed[:2], "big") & 0xFFF
    named = hashlib.sha1(domain.encode(), usedforsecurity=False).digest()
    tail = int.from_bytes(named[:8], "big") >> 2
    return uuid.UUID(int=milliseconds << 80 | 8 << 76 | call << 64 | 2 << 62 | tail)


def _date(at: datetime.datetime) -> str:
    """RFC 3339, fractions of a second only where there are any (RFC 8620, section 1.4)."""
    rounded = at.replace(microsecond=at.microsecond // 1000 * 1000)
    return rounded.isoformat(timespec="milliseconds" if rounded.microsecond else "seconds")


def _parties(call: Call, note: Note | None) -> Iterator[dict[str, Any]]:
    yield {"type": "person", "role": "agent"}
    right = note.right_party if note else None
    caller: dict[str, Any] = {
        "type": "person",
        "role": "thirdparty" if right is False else "customer",
    }
    if right and call.account.name:
        ways = ", ".join(note.verified_by) if note else ""
        caller |= {"name": call.account.name, "validation": ways or "none"}
    yield caller
    yield {"type": "bot", "name": "agentassist", "validation": "none"}


def _dialog(turn: LabelledTurn, begun: datetime.datetime) -> dict[str, Any]:
    said = turn.turn
    return {
        "type": "text",
        "start": _date(begun + datetime.timedelta(seconds=said.start)),
        "duration": round(max(0.0, said.end - said.start), 3),
        "parties": PARTIES.index(said.speaker),
        "mediatype": "text/plain",
        "body": said.text,
        "encoding": "none",
    }


def _analysis(call: Call, note: Note | None, said: list[LabelledTurn]) -> Iterator[dict[str, Any]]:
    labels = [*_labels(said)]
    if labels:
        yield _report("labels-1", labels, said)
    if note:
        yield _report("note-1", msgspec.to_builtins(note, builtin_types=(Decimal,)), said)
        summary = _made("summary", said) | {"mediatype": "text/plain"}
        yield summary | {"body": to_text(call, note), "encoding": "none"}


def _labels(said: list[LabelledTurn]) -> Iterator[dict[str, Any]]:
    for index, turn in enumerate(said):
        for label in turn.labels:
            if label.name not in FLAGS:
                yield {"dialog": index, **msgspec.to_builtins(said_of(label))}


def _report(schema: str, body: Any, said: list[LabelledTurn]) -> dict[str, Any]:
    made = _made("report", said) | {"schema": schema, "mediatype": "application/json"}
    return made | {"body": body, "encoding": "json"}


def _made(kind: str, said: list[LabelledTurn]) -> dict[str, Any]:
    about = {"dialog": list(range(len(said)))} if said else {}
    return {"type": kind, **about, "vendor": "agentassist", "product": f"agentassist {__version__}"}


def _attachments(
    call: Call, note: Note | None, now: datetime.datetime, said: list[LabelledTurn]
) -> Iterator[dict[str, Any]]:
    if note and said:
        yield {
            "purpose": "call note, drafted by machine",
            "start": _date(now),
            "party": _SOFTWARE,
            "dialog": 0,
            "mediatype": "text/markdown",
            "filename": "note.md",
            "body": to_markdown(call, note),
            "encoding": "none",
        }
