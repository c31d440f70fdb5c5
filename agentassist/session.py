"""Wires one call: a source of heard events, the stages, and the sinks; owns the thread.

The journal is a sink like any other, but the first: what was heard is on disk before anyone
sees it or anything is derived from it. Redaction stands before even that: what must not be
kept is masked in the words before any sink or stage has them.
"""

import threading
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Literal, Protocol, TypeAlias, runtime_checkable

from agentassist import events as ev
from agentassist.arrangement import Arrangement
from agentassist.call import EMPTY, Call, apply
from agentassist.pipeline import Stage, step
from agentassist.playback import Playback
from agentassist.redaction import Redaction, redact, redact_means
from agentassist.vocabulary import FLAGS

Sink: TypeAlias = Callable[[ev.AnyEvent], None]
Source: TypeAlias = Iterable[ev.Heard | ev.WordsTentative]


Recording: TypeAlias = Literal["on", "paused", "card", "stopped"]
"""Sound is kept; paused by the agent; card data is spoken; it failed."""


class Recorder(Protocol):
    """What records the sound of a call."""

    @property
    def state(self) -> Recording: ...

    def toggle(self) -> None:
        """Pauses it, or lets it go on. May be called from any thread."""
        ...


@runtime_checkable
class Live(Protocol):
    """A source that ends when it is told to; a recorded call ends by itself."""

    def hang_up(self) -> None: ...


class CallSession:
    """One call from its source to its sinks, with what the agent may do to it meanwhile."""

    def __init__(
        self,
        source: AbstractContextManager[Source] | Source,
        stages: Sequence[Stage],
        sinks: Sequence[Sink],
        playback: Playback | None = None,
        *,
        redaction: bool = True,
    ) -> None:
        """Without `redaction` card and account numbers reach every sink as they were said."""
        self._source = source
        self._stages = stages
        self._sinks = [*sinks]
        self._redaction = Redaction() if redaction else None
        self._live = source if isinstance(source, Live) else None
        self._lock = threading.RLock()
        self._thread: threading.Thread | None = None
        self.playback = playback
        self.recorder: Recorder | None = None
        self.call: Call = EMPTY
        self.error: BaseException | None = None

    def add_sink(self, sink: Sink) -> None:
        """To be called before the session runs."""
        self._sinks.append(sink)

    def run(self) -> Call:
        """Plays the call to its end in this thread; returns all that is known of it."""
        manager = (
            self._source
            if isinstance(self._source, AbstractContextManager)
            else nullcontext(self._source)
        )
        with manager as source:
            self._play(source)
        return self.call

    def _play(self, source: Source) -> None:
        """What redaction holds back is passed on also when the source fails or is stopped."""
        try:
            for event in source:
                if self.playback and not self.playback.wait_to_show(event.at):
                    break
                for passed in self._redaction.feed(event) if self._redaction else (event,):
                    self._take(passed)
        finally:
            for passed in self._redaction.finish() if self._redaction else ():
                self._take(passed)

    def start(self) -> None:
        """As `run`, in a thread of its own; an error is kept in `error`."""
        self._thread = threading.Thread(target=self._guarded, name="session", daemon=True)
        self._thread.start()

    @property
    def is_live(self) -> bool:
        """Whether it is the agent who ends the call."""
        return self._live is not None

    def hang_up(self) -> None:
        """Ends a live call; its last words and its note still come. From any thread."""
        if self._live:
            self._live.hang_up()

    def wait(self, seconds: float) -> bool:
        """So long at most for the end of what `start` began; whether it came."""
        if self._thread:
            self._thread.join(timeout=seconds)
        return self._thread is None or not self._thread.is_alive()

    def stop(self) -> None:
        """Ends the call or the playing, and waits for the thread."""
        self.hang_up()
        if self.playback:
            self.playback.close()
        if self._thread:
            self._thread.join(timeout=10.0)

    def dispute(self, cue: str, reason: str = "") -> None:
        """The agent says that a cue is wrong. May be called from any thread."""
        reason = redact(reason) if self._redaction else reason
        self._take(ev.DisputeMade(self.call.at, cue, reason))

    def snooze(self, cue: str) -> None:
        """The agent wants no more of the cue's rule in this call. From any thread."""
        self._while_on(lambda at: ev.CueSnoozed(at, cue))

    def switch_quiet(self) -> None:
        """Urgent cues alone, or all again. From any thread."""
        self._while_on(lambda at: ev.QuietSwitched(at, on=not self.call.quiet))

    def take_step(self, protocol: str, step: int) -> None:
        """The agent did that step of a protocol. From any thread."""
        self._while_on(lambda at: ev.StepTaken(at, protocol, step))

    def hand_over(self, to: str, name: str, reason: str = "") -> bool:
        """The agent passes the call on; whether it was on still. From any thread."""
        reason = redact(reason) if self._redaction else reason
        return self._while_on(lambda at: ev.HandedOver(at, to, name, reason))

    def keep_plan(self, drawn: Arrangement) -> bool:
        """The agent keeps what they drew up; whether the call was on still. From any thread."""
        drawn = redact_means(drawn) if self._redaction else drawn
        return self._while_on(lambda at: ev.PlanDrawn(at, drawn))

    def _while_on(self, event: Callable[[float], ev.Heard]) -> bool:
        """Nothing is heard before a call's first event or after its last."""
        with self._lock:
            on = self.call.started is not None and not self.call.ended
            if on:
                self._take(event(self.call.at))
            return on

    def trouble(self, what: str, mend: str) -> None:
        """Something beside the call failed. May be called from any thread."""
        self._take(ev.TroubleHeard(self.call.at, what, mend))

    def _guarded(self) -> None:
        try:
            self.run()
        except Exception as error:  # noqa: BLE001 - shown by whoever started the session
            self.error = error

    def _take(self, event: ev.Heard | ev.WordsTentative) -> None:
        with self._lock:
            self._send(event)
            if not isinstance(event, ev.WordsTentative):
                for derived in step(event, self._stages)[1:]:
                    self._send(derived)

    def _send(self, event: ev.AnyEvent) -> None:
        self.call = apply(self.call, event)
        for sink in self._sinks:
            sink(event)
        if self.playback and self._is_sought(event):
            self.playback.arrived(event.at)

    def _is_sought(self, event: ev.AnyEvent) -> bool:
        assert self.playback is not None
        match self.playback.seeking:
            case "turn":
                return isinstance(event, ev.TurnEnded)
            case "moment":
                return is_moment(event, self.call)
            case _:
                return False


def is_moment(event: ev.AnyEvent, call: Call) -> bool:
    """Whether it is worth stopping for: a cue, or a flag that no cue spoke up about."""
    if isinstance(event, ev.TurnLabelled):
        flagged = event.final and any(label.name in FLAGS for label in event.labels)
        return flagged and all(record.cue.turn != event.turn for record in call.cues)
    return isinstance(event, ev.CueRaised)
