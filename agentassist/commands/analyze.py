"""`analyze` and `note`: a call without a screen, as fast as it can be recognised."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
import msgspec

from agentassist import contract
from agentassist import events as ev
from agentassist.call import Call
from agentassist.commands.options import (
    FILE,
    call_name,
    call_options,
    classifier,
    read_rules,
    rules_only_option,
    rules_option,
)
from agentassist.errors import MendableError
from agentassist.labels import Classify
from agentassist.pipeline import Stage, stages
from agentassist.rulebook import Rulebook
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
    coach = _Coach(read_rules(rules), rules_only=rules_only)
    failed = False
    for name in names:
        try:
            _analyze(name, coach, as_json, events, journal)
        except MendableError as error:
            click.echo(f"agentassist: {error}", err=True)
            failed = True
    return int(failed)


@click.command(epilog="Example: agentassist note monday.wav > monday.md")
@click.argument("call", type=FILE, required=False)
@call_options
@click.option("--json", "as_json", is_flag=True, help="The note's fields as JSON.")
@rules_option
@rules_only_option
def note(
    call: Path | None, as_json: bool, rules: tuple[Path, ...], rules_only: bool, **options: Any
) -> None:
    """The drafted note of a call, as Markdown, each line with its evidence."""
    name = call_name(call, **options)
    done = _heard(name, _Coach(read_rules(rules), rules_only=rules_only), [])
    if done.note is None:
        raise MendableError(f"{name}: no note: the call did not end")
    if as_json:
        encoder = msgspec.json.Encoder(decimal_format="number")
        click.echo(msgspec.json.format(encoder.encode(done.note)).decode())
    else:
        from agentassist.note import to_markdown

        click.echo(to_markdown(done.note, done))


class _Coach:
    """The rules and the classifier, read once for all calls."""

    def __init__(self, rulebook: Rulebook, *, rules_only: bool) -> None:
        self._rulebook = rulebook
        self._classify: Classify = classifier(rulebook, rules_only=rules_only)

    def stages(self) -> list[Stage]:
        """Fresh stages for one call."""
        return stages(self._rulebook, self._classify)


def _analyze(
    name: CallName, coach: _Coach, as_json: bool, events: bool, journal: Path | None
) -> None:
    kept: list[ev.AnyEvent] = []
    sinks: list[Sink] = []
    if events:
        sinks.append(lambda event: click.echo(ev.encode(event).decode()))
    elif as_json:
        sinks.append(kept.append)
    else:
        from agentassist.plain import PlainSink

        sinks.append(PlainSink(sys.stdout))
    if journal:
        from agentassist.store.journal import Journal

        with Journal(journal) as keep:
            _heard(name, coach, [keep, *sinks])
    else:
        _heard(name, coach, sinks)
    for line in contract.lines(kept) if kept else ():
        click.echo(contract.encode(line | ({"file": str(name)} if line["kind"] == "call" else {})))


def _heard(name: CallName, coach: _Coach, sinks: list[Sink]) -> Call:
    source = open_call(name, tentative=False)
    with _progress(name) as told:
        session = CallSession(source, coach.stages(), [*sinks, *told])
        return session.run()


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
