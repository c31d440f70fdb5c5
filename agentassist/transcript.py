"""A transcript file -> heard events, and nothing else of it: labels and notes are ignored."""

import datetime
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec

from agentassist import dialogue
from agentassist import events as ev
from agentassist.account import Account
from agentassist.errors import MendableError
from agentassist.vocabulary import Party


class TranscriptError(MendableError):
    """A transcript that can't be used; one line that names the file and the mend."""


class _Turn(msgspec.Struct, frozen=True):
    speaker: Party
    text: str
    start: float | None = None
    end: float | None = None


class _Transcript(msgspec.Struct, frozen=True):
    turns: tuple[_Turn, ...]
    call_date: datetime.date | None = None
    account: Account | None = None


def read(path: Path) -> Iterator[ev.Heard]:
    """The call of a JSON transcript: `turns` of `speaker` and `text`, optional times.

    Raises TranscriptError.
    """
    transcript = _parse(path)
    if not transcript.turns:
        raise TranscriptError(f"{path}: `turns` is empty; a call has at least one turn")
    lines = [dialogue.SpokenLine(t.speaker, t.text, t.start, t.end) for t in transcript.turns]
    started = ev.CallStarted(
        0.0, "transcript", "none", call_date=transcript.call_date, account=transcript.account
    )
    return dialogue.heard(started, lines)


def _parse(path: Path) -> _Transcript:
    try:
        return msgspec.json.decode(path.read_bytes(), type=_Transcript, dec_hook=_dec_hook)
    except FileNotFoundError:
        raise TranscriptError(f"{path}: no such file") from None
    except OSError as error:
        raise TranscriptError(f"{path}: can't be read: {error.strerror}") from None
    except msgspec.ValidationError as error:
        raise TranscriptError(f"{path}: not a transcript: {error}") from None
    except msgspec.DecodeError as error:
        raise TranscriptError(f"{path}: not JSON: {error}") from None


def _dec_hook(kind: type, value: Any) -> Any:
    if kind is Decimal:
        return Decimal(str(value))
    raise NotImplementedError(kind)
