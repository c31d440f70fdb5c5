"""`analyze`: a call without a screen, as fast as it can be recognised."""

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from agentassist import contract, in_force
from agentassist import events as ev
from agentassist.call import Call
from agentassist.commands.coach import Coach
from agentassist.commands.options import (
    FILE,
    call_name,
    call_options,
    read_rules,
    rules_only_option,
    rules_option,
)
from agentassist.errors import MendableError
from agentassist.session import CallSession, Sink
from agentassist.source import CallName, is_recording, open_call


@click.command(epilog="Example: agentassist analyze monday.wav --json > monday.jsonl")
@click.argument("calls", metavar="CALL...", type=FILE, nargs=-1)
@call_options
@click.option("--json", "as_json", is_flag=True, help="JSON Lines: turns, cues, note.")
@click.option("--events", is_flag=True, help="JSON Lines of every event, heard and derived.")
@click.option("--journal", type=FILE, help="Keep what was heard in this new file (one CALL).")
@rules_option
@rules_only_option
def analyze(
    calls: tuple[Path, ...],
    as_json: bool,
    events: bool,
    journal: Path | None,
    rules: tuple[Path, ...],
    rules_only: bool,
    **options: Any,
) -> int:
    """Every turn, cue and the note of calls, on standard output.

    CALL is a recording (two channels), a transcript (JSON), or a journal.
    """
    if journal and len(calls) > 1:
        raise click.UsageError("--journal keeps one call; name one CALL")
    names = [call_name(path, **options) for path in calls] or [call_name(None, **options)]
    coach = Coach(read_rules(rules, names[0].pack), rules_only=rules_only)
    failed = False
    for name in names:
        try:
            _analyze(name, coach, as_json, events, journal)
        except MendableError as error:
            click.echo(f"agentassist: {error}", err=True)
            failed = True
    return int(failed)


def _analyze(
    name: CallName, coach: Coach, as_json: bool, events: bool, journal: Path | None
) -> None:
    kept: list[ev.AnyEvent] = []
    sinks: list[Sink] = []
    if events:
        sinks.append(_echo)
    elif as_json:
        sinks.append(kept.append)
    else:
        from agentassist.plain import PlainSink

        sinks.append(PlainSink(sys.stdout))
    if journal:
        from agentassist.store.journal import Journal

        with Journal(journal) as keep:
            heard(name, coach, [keep, *sinks])
    else:
        heard(name, coach, sinks)
    for line in contract.lines(kept) if kept else ():
        told = _which(name, coach, kept) if line["kind"] == "call" else {}
        click.echo(contract.encode(line | told))


def _which(name: CallName, coach: Coach, stream: Iterable[ev.AnyEvent]) -> dict[str, str]:
    """Where the call came from, and the rules in force in it."""
    started = next((event for event in stream if isinstance(event, ev.CallStarted)), None)
    return {
        "file": str(name),
        "pack": in_force.pack_of(coach.rulebook, started),
        "rules": in_force.version(coach.rulebook, started),
    }


def _echo(event: ev.AnyEvent) -> None:
    if (told := contract.public(event)) is not None:
        click.echo(ev.encode(told).decode())


def heard(name: CallName, coach: Coach, sinks: list[Sink]) -> Call:
    """The call, listened to as fast as it can be recognised; its events go to the sinks."""
    with _progress(name) as told:
        return listened(name, coach, [*sinks, *told])


def listened(name: CallName, coach: Coach, sinks: list[Sink]) -> Call:
    """The same, without telling how far it is."""
    source = open_call(name, tentative=False)
    return CallSession(source, coach.stages(), sinks, redaction=name.redaction).run()


@contextmanager
def _progress(name: CallName) -> Iterator[list[Sink]]:
    """How far the listening is, on standard error; nothing for what takes no time."""
    if not sys.stderr.isatty() or (name.path and not is_recording(name.path)):
        yield []
        return
    from agentassist.audio.recording import open_recording

    recording = open_recording(
        name.path, agent=name.agent, caller=name.caller, agent_channel=name.agent_channel
    )
    bar: Any = click.progressbar(
        length=int(recording.duration), label=f"Listening to {name}", file=sys.stderr
    )
    with bar:
        yield [lambda event: bar.update(int(event.at) - bar.pos)]
