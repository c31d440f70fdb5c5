"""`rules precision`: how often people found each rule right, and for which words it was wrong."""

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import click

from agentassist import contract
from agentassist.cleaning import clean
from agentassist.commands.archives import db_option, opened, reviewing
from agentassist.commands.options import read_rules, rules_option
from agentassist.learning.trigger import Triggers
from agentassist.report.precision import share, told
from agentassist.reviewing import RulePrecision

_PHRASES = 3
"""Overruled words that are told of a rule."""


@click.command(epilog="Example: agentassist rules precision --json > precision.jsonl")
@click.option("--json", "as_json", is_flag=True, help="JSON Lines, one a rule.")
@db_option
@rules_option
def precision(as_json: bool, db: str | None, rules: tuple[Path, ...]) -> None:
    """How often people found each rule right, of the moments that you may see.

    The share is of those that were judged, with the interval that the truth lies in (95 %). It
    tells of rules, never of people. Below stand the words for which a rule was overruled most.
    """
    from agentassist.archive.overruled import phrases

    with closing(opened(db)) as archive:
        desk = reviewing(archive)
        found = desk.precision()
        overruled = phrases(archive, desk.who, Triggers(read_rules(rules)))
    if as_json:
        for rule in found:
            click.echo(contract.encode(_plain(rule, overruled.get(rule.rule, Counter()))))
    else:
        click.echo("\n".join(_lines(found, overruled)))


def _lines(found: Iterable[RulePrecision], overruled: dict[str, Counter[str]]) -> Iterator[str]:
    rows = [_row(rule) for rule in found]
    if not rows:
        yield "no rule has spoken in calls that you may see"
        return
    widths = [max(len(cells[column]) for cells in (_HEAD, *rows)) for column in range(len(_HEAD))]
    yield _told(_HEAD, widths)
    for cells in rows:
        yield _told(cells, widths)
        for words, times in overruled.get(cells[0], Counter[str]()).most_common(_PHRASES):
            yield f"    overruled {times}: “{clean(words)}”"


_HEAD = ("rule", "spoke", "agreed", "overruled", "disputed", "people found it")


def _row(rule: RulePrecision) -> tuple[str, ...]:
    counts = (rule.raised, rule.agreed, rule.overruled, rule.disputed)
    return (rule.rule, *map(str, counts), told(rule))


def _told(cells: tuple[str, ...], widths: list[int]) -> str:
    first, *counts, last = cells
    numbers = (f"{cell:>{width}}" for cell, width in zip(counts, widths[1:-1], strict=True))
    return "  ".join([f"{first:<{widths[0]}}", *numbers, last])


def _plain(rule: RulePrecision, overruled: Counter[str]) -> dict[str, Any]:
    found = share(rule)
    return {
        "rule": rule.rule,
        "raised": rule.raised,
        "agreed": rule.agreed,
        "overruled": rule.overruled,
        "disputed": rule.disputed,
        "precision": found.value,
        "low": found.low,
        "high": found.high,
        "enough": not found.is_small,
        "overruled_words": [
            {"words": words, "count": count} for words, count in overruled.most_common(_PHRASES)
        ],
    }
