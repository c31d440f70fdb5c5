"""The live coach as lines of text: for screen readers, logs and where there is no terminal."""

import time
from typing import TextIO

from agentassist.commands.calls import Calls
from agentassist.plain import PlainSink
from agentassist.session import CallSession, Recording
from agentassist.tui import wording
from agentassist.tui.ready.screen import Setup

LOOK_EVERY = 0.1
"""Seconds between looks at what no event tells."""

_RECORDING: dict[Recording, str] = {
    "on": "Recording: on.",
    "paused": "Recording: paused.",
    "card": "Recording: left out while card details are said.",
    "stopped": "Recording: stopped.",
}


class _LastingOut:
    """Where lines go. A reader that is gone, as a terminal that hung up, ends no call."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._gone = False

    def write(self, text: str) -> int:
        if not self._gone:
            try:
                self._out.write(text)
                self._out.flush()
            except OSError:
                self._gone = True
        return len(text)

    def flush(self) -> None:
        """Done with each line."""

    def say(self, line: str) -> None:
        self.write(f"{wording.clean(line)}\n")


def in_lines(calls: Calls, setup: Setup, out: TextIO) -> None:
    """Waits for a call, tells it, waits for the next, until the program is to end."""
    lasting = _LastingOut(out)
    while not calls.is_leaving:
        if not calls.has_begun:
            _wait(calls, setup, lasting)
        if calls.has_begun:
            with calls.call() as call:
                call.session.add_sink(PlainSink(lasting))
                call.session.start()
                _follow(call.session, lasting)
            lasting.say("The call has ended.")


def _wait(calls: Calls, setup: Setup, out: _LastingOut) -> None:
    """Until a call has begun, or the program is to end."""
    line = calls.line()
    out.say(
        f"Ready. You: {setup.devices['agent']}. The caller: {setup.devices['caller']}. "
        f"Speech: {setup.engine}. Recording: {'on' if setup.records else 'off'}."
    )
    out.say("Start a call with: agentassist call start. Ctrl+C ends the program.")
    spoken, told = False, line.faults()[:0]
    while not (calls.has_begun or calls.is_leaving):
        if line.somebody_speaks and not spoken:
            out.say("Somebody speaks at the other end. Is it a call? agentassist call start")
        spoken, faults = line.somebody_speaks, line.faults()
        for fault in faults:
            if fault not in told:
                out.say("*** " + " ".join(wording.trouble(fault)))
        told = faults
        time.sleep(LOOK_EVERY)


def _follow(session: CallSession, out: _LastingOut) -> None:
    """Until the call has ended; what is said of it comes from its sinks."""
    recording: Recording | None = None
    ended = False
    while not ended:
        ended = session.wait(LOOK_EVERY)
        state = session.recorder.state if session.recorder else None
        if state and state != recording:
            recording = state
            out.say(_RECORDING[state])
    if session.error:
        out.say(f"*** The call can't go on: {session.error}. What was heard is kept.")
