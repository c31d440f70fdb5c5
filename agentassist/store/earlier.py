"""What this desk's own records tell of an account's earlier calls, a line each."""

from collections.abc import Iterator
from pathlib import Path

import msgspec

from agentassist.account import EarlierNote
from agentassist.note.words import sum_of
from agentassist.store.chain import FILES
from agentassist.store.records import CallFacts, Correction, Moment
from agentassist.values import Promise
from agentassist.vocabulary import Outcome


class _Fields(msgspec.Struct, frozen=True):
    outcome: Outcome
    promises: tuple[Promise, ...] = ()


class _Approved(msgspec.Struct, frozen=True):
    fields: _Fields


class _Approval(msgspec.Struct, frozen=True):
    at: Moment


class _Record(msgspec.Struct, frozen=True):
    number: int
    call: CallFacts
    approval: _Approval
    approved: _Approved
    corrects: Correction | None = None


class _Line(msgspec.Struct, frozen=True):
    record: _Record


def notes(folder: Path, identity: str) -> tuple[EarlierNote, ...]:
    """Approved notes of that account, oldest first, each as it was last corrected.

    A line that can't be read is left out: to prove the records is `note verify`'s. Raises OSError.
    """
    found: dict[int, _Record] = {}
    for record in _records(folder, identity):
        if record.corrects:
            found.pop(record.corrects.number, None)
        found[record.number] = record
    return tuple(_note(record) for record in found.values())


def _records(folder: Path, identity: str) -> Iterator[_Record]:
    told = b'"id":' + msgspec.json.encode(identity)
    for file in sorted(folder.glob(FILES)):
        with file.open("rb") as lines:
            for line in lines:
                # Most lines are of other accounts, and are not taken apart.
                if told in line and (record := _record(line, identity)):
                    yield record


def _record(line: bytes, identity: str) -> _Record | None:
    try:
        record = msgspec.json.decode(line, type=_Line).record
    except msgspec.DecodeError:
        return None
    account = record.call.account
    return record if account and account.id == identity else None


def _note(record: _Record) -> EarlierNote:
    fields = record.approved.fields
    begun = record.call.date or record.approval.at.local.date()
    parts = [fields.outcome.replace("_", " "), *map(_promise, fields.promises)]
    return EarlierNote(begun, f"{', '.join(parts)} (note {record.number})")


def _promise(promise: Promise) -> str:
    amount = sum_of(promise.amount, promise.currency) if promise.amount else "a sum"
    return f"{amount} promised" + (f" for {promise.date}" if promise.date else "")
