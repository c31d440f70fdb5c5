"""A CALL as the user names it -> a source of heard events."""

import datetime
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Literal

import msgspec
from msgspec.structs import replace

from agentassist import events as ev
from agentassist import transcript
from agentassist.account import Account
from agentassist.errors import MendableError
from agentassist.playback import Playback
from agentassist.session import Source
from agentassist.store import journal
from agentassist.values import UNTUNED, Tuning
from agentassist.vocabulary import PARTIES, Party

Side = Literal["left", "right"]


class CallName(msgspec.Struct, frozen=True):
    """What to open: one file, or one recording for each party; and what is known beforehand."""

    path: Path | None = None
    agent: Path | None = None
    caller: Path | None = None
    agent_channel: Side = "left"
    call_date: datetime.date | None = None
    account: Account | None = None
    engine: str | None = None
    model: str | None = None
    """Vosk's, by name or path, where one is chosen."""
    redaction: bool = True
    """Whether card and account numbers, codes and birthdays are masked before all else."""
    tuning: Tuning | None = None
    """How the agent wants the coach; a journal has its own."""
    pack: str = ""
    """The pack of rules that was asked for."""
    usual_pack: str = ""
    """That of the settings, where none is asked for; a journal has its own."""
    voices: tuple[Party, ...] = PARTIES
    """Whose loudness and pitch are measured; a journal has its own."""

    def __str__(self) -> str:
        return str(self.path or f"{self.agent} + {self.caller}")


def open_call(
    name: CallName, playback: Playback | None = None, *, tentative: bool = True
) -> AbstractContextManager[Source]:
    """The call's heard events: from a journal, a transcript or a recording.

    Raises MendableError where it can't be opened.
    """
    if name.path and not name.path.exists():
        raise MendableError(f"{name.path}: no such file")
    if name.path and journal.is_journal(name.path):
        return nullcontext(
            _begun(journal.read(name.path), replace(name, tuning=None, usual_pack=""))
        )
    if name.path and _is_json(name.path):
        return nullcontext(_begun(transcript.read(name.path), name))
    return _recording(name, playback, tentative=tentative)


def is_recording(path: Path) -> bool:
    """Whether the call has to be listened to, which takes time."""
    return not _is_json(path)


def _is_json(path: Path) -> bool:
    """Journals and transcripts begin with a brace; no recording does."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(64).lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{")


def _begun(events: Iterator[ev.Heard], name: CallName) -> Iterator[ev.Heard]:
    """The events, with the day and the account of the name where it has them."""
    for event in events:
        if isinstance(event, ev.CallStarted):
            yield replace(
                event,
                call_date=name.call_date or event.call_date,
                account=name.account or event.account,
                pack=name.pack or event.pack or name.usual_pack,
                tuning=name.tuning or event.tuning,
            )
        else:
            yield event


def _recording(
    name: CallName, playback: Playback | None, *, tentative: bool
) -> AbstractContextManager[Source]:
    from agentassist.audio.recording import open_recording
    from agentassist.hearing import Hearing
    from agentassist.speech.engines import load_engine
    from agentassist.speech.models import path_of

    recording = open_recording(
        name.path, agent=name.agent, caller=name.caller, agent_channel=name.agent_channel
    )
    model = path_of(name.model) if name.model and name.engine != "moonshine" else None
    engine = load_engine(name.engine, model)
    started = ev.CallStarted(
        0.0,
        "recording",
        engine.name,
        call_date=name.call_date,
        account=name.account,
        pack=name.pack or name.usual_pack,
        tuning=name.tuning or UNTUNED,
        voices=name.voices,
    )
    return Hearing(started, recording, engine, playback, tentative=tentative)
