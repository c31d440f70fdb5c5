"""`demo` and `replay`: a recorded call through the coach, on the screen or line by line."""

import math
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import click
import msgspec

from agentassist import events as ev
from agentassist import transcript
from agentassist.commands import desk
from agentassist.commands.clerk import Clerk
from agentassist.commands.coach import Coach
from agentassist.commands.options import (
    FILE,
    Theme,
    call_name,
    call_options,
    has_screen,
    read_rules,
    rules_only_option,
    rules_option,
    theme_option,
)
from agentassist.playback import Playback
from agentassist.session import CallSession, Sink
from agentassist.source import CallName, open_call
from agentassist.store.unfinished import UnfinishedNote
from agentassist.tui.desk import Desk


class _Speed(click.ParamType[float]):
    """A factor of real time, or `max`."""

    name = "N|max"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        if value == "max":
            return math.inf
        try:
            speed = float(value)
        except ValueError:
            speed = 0.0
        if not speed > 0:
            self.fail(f"{value!r} is not a speed; say 1, 2.5 or max", param, ctx)
        return speed


_speed = click.option(
    "--speed",
    type=_Speed(),
    metavar="N|max",
    default="1",
    show_default=True,
    help="Times real time; max is as fast as it can be recognised.",
)
_plain = click.option("--plain", is_flag=True, help="Lines of text in place of the screen.")
_journal = click.option("--journal", type=FILE, help="Keep what was heard in this new file.")
_keep = click.option(
    "--keep/--no-keep",
    default=True,
    show_default=True,
    help="Keep the call until its note is approved: `agentassist note list`.",
)


@click.command(epilog="Example: agentassist demo --speed 2")
@_speed
@_plain
@_journal
@click.option("--keep", is_flag=True, help="Keep the call until its note is approved.")
@theme_option
@rules_option
@rules_only_option
def demo(
    speed: float,
    plain: bool,
    journal: Path | None,
    keep: bool,
    theme: Theme,
    rules: tuple[Path, ...],
    rules_only: bool,
) -> None:
    """The coach on a bundled recorded call, in real time. Nothing to set up."""
    from agentassist.demo import DIALOGUE, RECORDING

    started = next(transcript.read(DIALOGUE))
    assert isinstance(started, ev.CallStarted)
    name = CallName(RECORDING, call_date=started.call_date, account=started.account)
    play(name, speed, plain, journal, keep, theme, rules, rules_only)


@click.command(epilog="Example: agentassist replay monday.wav --agent-channel right --speed 2")
@click.argument("call", type=FILE, required=False)
@call_options
@_speed
@_plain
@_journal
@_keep
@theme_option
@rules_option
@rules_only_option
def replay(
    call: Path | None,
    speed: float,
    plain: bool,
    journal: Path | None,
    keep: bool,
    theme: Theme,
    rules: tuple[Path, ...],
    rules_only: bool,
    **options: Any,
) -> None:
    """A recorded call through the same coach: pause, step, jump to the next moment.

    CALL is a recording (WAV, FLAC, MP3, Ogg, Opus; two channels), a transcript, or a journal.
    """
    play(call_name(call, **options), speed, plain, journal, keep, theme, rules, rules_only)


def play(
    name: CallName,
    speed: float,
    plain: bool,
    journal: Path | None,
    keep: bool,
    theme: Theme,
    rules: tuple[Path, ...],
    rules_only: bool,
) -> None:
    """Plays the call to its end on the screen, or as lines where there is no terminal."""
    desk.tell_waiting()
    coach = Coach(read_rules(rules, name.pack), rules_only=rules_only)
    name = msgspec.structs.replace(name, tuning=desk.tuning(coach.rulebook))
    with ExitStack() as stack:
        sinks: list[Sink] = []
        if journal:
            from agentassist.store.journal import Journal

            sinks.append(stack.enter_context(Journal(journal)))
        if kept := stack.enter_context(desk.keeping(name, coach, keep=keep)):
            sinks.append(kept)
        playback = Playback(speed)
        lines = plain or not has_screen()
        source = open_call(name, playback, tentative=not lines)
        session = CallSession(source, coach.stages(), sinks, playback, redaction=name.redaction)
        if lines:
            _in_lines(session)
        else:
            clerk = stack.enter_context(Clerk(coach, lambda: _is_on(session)))
            screens = desk.screens(coach)._replace(filing=clerk.filing)
            _on_screen(session, name, theme, screens, kept.note if kept else None)
        if session.error:
            raise session.error


def _in_lines(session: CallSession) -> None:
    from agentassist.plain import PlainSink

    session.add_sink(PlainSink(sys.stdout))
    session.run()


def _is_on(session: CallSession) -> bool:
    return not (session.call.ended or session.error)


def _on_screen(
    session: CallSession, name: CallName, theme: Theme, screens: Desk, kept: UnfinishedNote | None
) -> None:
    from agentassist.tui import faults
    from agentassist.tui.app import CoachApp

    title = name.path.name if name.path else "two recordings"
    try:
        faults.run(CoachApp(session, title=title, desk=screens, kept=kept, theme=theme))
    finally:
        session.stop()
