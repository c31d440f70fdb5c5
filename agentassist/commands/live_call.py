"""One live call put together: its sound, its session, where it is kept and recorded."""

import datetime
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

from agentassist import events as ev
from agentassist.audio.line import Line
from agentassist.audio.tape import Tape, new_file
from agentassist.cleaning import clean
from agentassist.commands import desk
from agentassist.commands.coach import Coach
from agentassist.control import Start
from agentassist.errors import MendableError
from agentassist.hearing import Hearing
from agentassist.session import CallSession, Sink
from agentassist.speech.base import Engine
from agentassist.store.keeping import Keeping
from agentassist.store.records import moment
from agentassist.store.unfinished import About, UnfinishedNote
from agentassist.tui import wording
from agentassist.values import UNTUNED, Tuning
from agentassist.vocabulary import PARTIES, Party


class Plan(NamedTuple):
    """How all calls of the program are heard and kept."""

    engine: Engine
    open_line: Callable[[], Line]
    """A new line, not entered yet."""
    redacts: bool = True
    recordings: Path | None = None
    """The folder that each call is recorded into; None where none is."""
    tentative: bool = True
    tuning: Tuning = UNTUNED
    pack: str = ""
    """The pack of rules that was asked for; empty where the account's country decides."""
    voices: tuple[Party, ...] = PARTIES
    """Whose loudness and pitch are measured."""


class Begun(NamedTuple):
    """A call that is on."""

    start: Start
    at: datetime.datetime
    """Aware."""
    line: Line


class LiveCall(NamedTuple):
    """A call for a front end: its session does not run yet."""

    session: CallSession
    title: str
    kept: UnfinishedNote | None


def put_together(begun: Begun, plan: Plan, coach: Coach, stack: ExitStack) -> LiveCall:
    """The call; what it holds open is closed with the stack.

    What can't be had of keeping and recording is told as trouble of the call, which goes on.
    """
    troubles: list[ev.TroubleHeard] = []
    account = begun.start.account
    title = _title(begun.start)
    tell = _Telling()
    tape = _tape(begun, title, plan, tell, troubles)
    kept = _kept(About(title, moment(begun.at), recording=_path(tape)), coach, stack, troubles)
    started = ev.CallStarted(
        0.0,
        "live",
        plan.engine.name,
        begun.at,
        begun.at.date(),
        account,
        number=begun.start.number,
        direction=begun.start.direction,
        recording=tape.path.name if tape else "",
        objective=begun.start.objective,
        pack=plan.pack,
        tuning=plan.tuning,
        voices=plan.voices,
    )
    hearing = Hearing(started, begun.line, plan.engine, tentative=plan.tentative)
    sinks: list[Sink] = [sink for sink in (kept, tape) if sink]
    source = _Listening(hearing, begun.line, troubles)
    session = CallSession(source, coach.stages(), sinks, redaction=plan.redacts)
    tell.session = session
    if tape:
        stack.enter_context(tape)
        begun.line.record(tape.heard)
        session.recorder = tape
    if kept:
        session.add_sink(_KeepingWatch(kept, session))
    stack.callback(session.stop)
    return LiveCall(session, title, kept.note if kept else None)


class _Listening:
    """The source of a live session: both sides, until it is hung up."""

    def __init__(self, hearing: Hearing, line: Line, troubles: list[ev.TroubleHeard]) -> None:
        """`troubles` are told behind the call's first event."""
        self._hearing = hearing
        self._line = line
        self._troubles = troubles

    def hang_up(self) -> None:
        self._line.hang_up()

    def __enter__(self) -> Self:
        self._hearing.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._line.hang_up()
        try:
            self._hearing.__exit__(kind, error, trace)
        finally:
            self._line.__exit__(kind, error, trace)

    def __iter__(self) -> Iterator[ev.Heard | ev.WordsTentative]:
        for event in self._hearing:
            yield event
            if isinstance(event, ev.CallStarted):
                yield from self._troubles


class _Telling:
    """Trouble of the tape, as an event of the session that it belongs to."""

    session: CallSession | None = None

    def __call__(self, what: str, mend: str) -> None:
        if self.session:
            self.session.trouble(what, mend)


class _KeepingWatch:
    """The sink that tells on the screen that the call can't be kept any more, once."""

    def __init__(self, kept: Keeping, session: CallSession) -> None:
        self._kept = kept
        self._session = session
        self._told = False

    def __call__(self, _event: ev.AnyEvent) -> None:
        if self._kept.trouble and not self._told:
            self._told = True
            self._session.trouble("The call can't be kept any more.", self._kept.trouble)


def _title(start: Start) -> str:
    """What the call is listed by."""
    account, number, way = start.account, start.number, start.direction
    named = ev.CallStarted(0.0, "live call", "", account=account, number=number, direction=way)
    return clean((account and account.name) or wording.call(named))


def _path(tape: Tape | None) -> str:
    return str(tape.path) if tape else ""


def _tape(
    begun: Begun, title: str, plan: Plan, tell: _Telling, troubles: list[ev.TroubleHeard]
) -> Tape | None:
    if plan.recordings is None:
        return None
    plain = "".join(letter if letter.isalnum() else " " for letter in title)
    name = f"{begun.at:%Y-%m-%d %H.%M.%S} {' '.join(plain.split())[:60]}".strip()
    try:
        return Tape(new_file(plan.recordings, name), tell)
    except MendableError as error:
        troubles.append(ev.TroubleHeard(0.0, "The call is not recorded.", f"{error}."))
        return None


def _kept(
    about: About, coach: Coach, stack: ExitStack, troubles: list[ev.TroubleHeard]
) -> Keeping | None:
    try:
        return stack.enter_context(desk.kept_call(about, coach))
    except MendableError as error:
        mend = f"{error}. Save or copy its note before you leave."
        troubles.append(ev.TroubleHeard(0.0, "The call is not kept.", mend))
        return None
