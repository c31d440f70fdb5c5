"""`archive training`: judged moments that were shared with consent, for rules and classifier."""

import datetime
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from itertools import groupby
from pathlib import Path
from typing import Any

import click

from agentassist.commands import desk, lesson_files
from agentassist.commands.archives import db_option, opened, reviewing
from agentassist.commands.options import FILE, read_rules, rules_option
from agentassist.examples import rules as rules_of
from agentassist.learning.lessons import Examiner, Example, Lesson, row

_NAMES = (
    "Names that no account tells, as of a neighbour, are still in the words: read them before"
    " they leave the house."
)


@click.command(epilog="Example: agentassist archive training --out training")
@click.option("--out", type=FILE, required=True, help="A new folder, or that of the last export.")
@click.option(
    "--since", type=click.DateTime(["%Y-%m-%d"]), help="Only of calls of this day or later."
)
@db_option
@rules_option
def training(
    out: Path, since: datetime.datetime | None, db: str | None, rules: tuple[Path, ...]
) -> None:
    """Write what people judged and agents let be shared, for rules and classifier to learn from.

    `examples/RULE.yaml` is what a rule must and must not fire on, for `agentassist rules test
    --also`; `turns/archive.jsonl` is for the classifier's next training. Known names are taken
    out. Nothing without the agent's consent; what was erased since is gone from the folder. That
    the words left the archive is written down.
    """
    from agentassist.archive.training import shared

    lesson_files.check(out)
    rulebook = read_rules(rules)
    with closing(opened(db)) as archive:
        who = reviewing(archive).who
        found = shared(archive, who, desk.now, since.date() if since else None)
    examiner = Examiner(rulebook, rules_of(rulebook))
    told = [examiner.example(lesson) for lesson in _watched(found.lessons)]
    examples = [example for example in told if example]
    lines = list(_rows(found.lessons, examiner))
    lesson_files.write(out, examples, lines, who.id, desk.now())
    click.echo(_summary(out, examples, len(lines)))
    if missing := len(told) - len(examples):
        click.echo(f"{missing} more that no rule hears by its words: for the classifier alone")
    if found.unjudged:
        click.echo(f"{found.unjudged} more are shared, and wait for a supervisor's judgement")
    if examples or lines:
        click.echo(_NAMES)


def _watched(lessons: Sequence[Lesson]) -> Iterable[Lesson]:
    """With progress on standard error: a long call may take a second."""
    if not sys.stderr.isatty():
        return lessons
    return _shown(lessons)


def _shown(lessons: Sequence[Lesson]) -> Iterator[Lesson]:
    bar: Any = click.progressbar(lessons, label="Finding what each rule heard", file=sys.stderr)
    with bar:
        yield from bar


def _rows(lessons: Sequence[Lesson], examiner: Examiner) -> Iterator[dict[str, Any]]:
    """One line a turn, of all that was said of it."""

    def place(lesson: Lesson) -> tuple[str, int]:
        return lesson.call, -1 if lesson.turn is None else lesson.turn

    for _, each in groupby(sorted(lessons, key=place), key=place):
        of_turn = list(each)
        if line := row(of_turn, [examiner.rule(lesson) for lesson in of_turn]):
            yield line


def _summary(out: Path, examples: Sequence[Example], lines: int) -> str:
    rules = len({example.rule for example in examples})
    return (
        f"{out}: {_counted(len(examples), 'example')} for {_counted(rules, 'rule')},"
        f" {_counted(lines, 'turn')} for the classifier"
    )


def _counted(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"
