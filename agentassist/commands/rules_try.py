"""`rules try`: what an edit of the rules gains and loses on calls that were had, call by call."""

import datetime
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import click

from agentassist import contract, examples, packs
from agentassist.archive.stored import Opened
from agentassist.commands import desk, tried_lines
from agentassist.commands.archives import db_option, opened, reviewing
from agentassist.commands.options import FILE, rules_only_option, rules_option
from agentassist.commands.replays import Trial, Tried, cores, replayed
from agentassist.learning import trying
from agentassist.learning.edits import edits
from agentassist.pack_overlay import instead, laid_over
from agentassist.reviewing import Filters
from agentassist.rulebook import Rulebook

INTERRUPTED = 130

_DAY = click.DateTime(["%Y-%m-%d"])


@click.command(
    "try",
    epilog="Example: agentassist rules try hardship.yaml --since 2026-11-01",
)
@click.argument("edited", metavar="EDITED.yaml...", type=FILE, nargs=-1, required=True)
@click.option("--into", metavar="NAME", default="", help="The pack of new rules, as uk.")
@click.option("--agent", metavar="LOGIN", default="", help="Only calls of this agent.")
@click.option("--team", metavar="NAME", default="", help="Only calls of this team.")
@click.option("--pack", metavar="NAME", default="", help="Only calls under this pack, as uk.")
@click.option("--since", type=_DAY, help="Only calls of this day or later.")
@click.option("--until", type=_DAY, help="Only calls of this day or earlier.")
@click.option("--limit", metavar="N", type=click.IntRange(min=1), help="The newest N calls.")
@click.option("--all", "everything", is_flag=True, help="Also what stays, and other labels.")
@click.option("--json", "as_json", is_flag=True, help="JSON Lines: calls, rules, the end.")
@click.option("--jobs", type=click.IntRange(min=1), help="Processes; by default one a core.")
@db_option
@rules_option
@rules_only_option
def try_(
    edited: tuple[Path, ...],
    into: str,
    agent: str,
    team: str,
    pack: str,
    since: datetime.datetime | None,
    until: datetime.datetime | None,
    limit: int | None,
    everything: bool,
    as_json: bool,
    jobs: int | None,
    db: str | None,
    rules: tuple[Path, ...],
    rules_only: bool,
) -> int:
    """Replay stored calls under edited rules, and show what they gain and lose.

    EDITED.yaml holds one rule or more. Each takes the place of the rule in force with its id;
    others are added. Nothing else changes: `agentassist rules edit RULE` writes such a file. A
    folder takes the place of all files of the packs in it: what is not in it is gone.

    That you looked into a call is written down.
    """
    from agentassist.archive.trying import chosen, opened_calls

    before, after = _rulebooks(edited, rules, into)
    changed = edits(before, after)
    if not changed:
        click.echo("nothing in it differs from the rules in force")
        return 0
    _tell_failures(after, changed)
    filters = Filters(
        agent, team, pack, standing="", since=since and since.date(), until=until and until.date()
    )
    told = _Told(changed, everything=everything, as_json=as_json)
    with closing(opened(db)) as archive:
        who = reviewing(archive).who
        picked = chosen(archive, filters, limit)
        told.past = picked.past
        calls = opened_calls(archive, who, desk.now, picked.calls)
        trial = Trial(before, after, rules_only)
        status = _replay(trial, calls, len(picked.calls), jobs or cores(), told)
    told.end(len(picked.calls))
    return status


def _rulebooks(
    edited: tuple[Path, ...], rules: tuple[Path, ...], into: str
) -> tuple[Rulebook, Rulebook]:
    """That in force, and the edited one. Raises RulebookError."""
    base = packs.texts(*rules)
    sources = base
    for path in edited:
        texts = packs.texts(path)
        sources = instead(sources, texts) if path.is_dir() else laid_over(sources, texts[0], into)
    return packs.of_texts(base)[0], packs.of_texts(sources)[0]


def _tell_failures(after: Rulebook, changed: tuple[str, ...]) -> None:
    """On standard error the examples of edited rules that fail; calls are replayed all the same."""
    for failure in examples.failures(after, frozenset(changed)):
        click.echo(examples.told(failure), err=True)


class _Told:
    """What is told of a trial: in JSON call by call as it goes, else once it is over."""

    def __init__(self, edited: tuple[str, ...], *, everything: bool, as_json: bool) -> None:
        self.past = self.tried = self.damaged = 0
        self.as_json = as_json
        self._edited = edited
        self._everything = everything
        self._lines: list[str] = []
        self._counted = trying.Counted()
        self._troubles: set[str] = set()

    def add(self, call: Opened, tried: Tried | None) -> None:
        if tried is None:
            self.damaged += 1
            return
        self.tried += 1
        self._counted += trying.counted(tried.changes)
        self._troubles |= tried.troubles
        shown = tried_lines.shown(tried.changes, everything=self._everything)
        if self.as_json:
            click.echo(contract.encode(tried_lines.as_json(call.call, shown)))
        elif shown:
            self._lines += [*tried_lines.of_call(call.call, shown), ""]

    def end(self, of: int) -> None:
        ended = tried_lines.Ended(self.tried, of, self.past, self.damaged)
        counts = [count for count in trying.by_rule(self._counted) if self._is_shown(count)]
        if self.as_json:
            for line in tried_lines.end_as_json(ended, counts, self._edited):
                click.echo(contract.encode(line))
        else:
            table = [*tried_lines.of_rules(counts, self._edited)]
            end = tried_lines.of_end(ended, counts)
            click.echo("\n".join([*self._lines, *table, *([""] if table else []), *end]))
        for trouble in sorted(self._troubles):
            click.echo(f"agentassist: {trouble}", err=True)

    def _is_shown(self, count: trying.RuleCount) -> bool:
        is_edited = count.rule.removeprefix("rule:") in self._edited
        return self._everything or is_edited or (bool(count.changes) and count.kind != "label")


def _replay(trial: Trial, calls: Iterator[Opened], count: int, jobs: int, told: _Told) -> int:
    """Tells of each call; an interruption ends it, and what was tried so far is shown."""
    results = replayed(trial, calls, count, jobs)
    try:
        with closing(results), _progress(count, told) as done:
            for call, tried in results:
                told.add(call, tried)
                done()
    except KeyboardInterrupt:
        click.echo("agentassist: interrupted", err=True)
        return INTERRUPTED
    return 0


@contextmanager
def _progress(count: int, told: _Told) -> Iterator[Callable[[], None]]:
    """How far it is, on standard error; not where lines are written over it."""
    if not sys.stderr.isatty() or (told.as_json and sys.stdout.isatty()):
        yield lambda: None
        return
    bar: Any = click.progressbar(length=count, label="Trying the rules on calls", file=sys.stderr)
    with bar:
        yield lambda: bar.update(1)
