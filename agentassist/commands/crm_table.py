"""A table of a CRM as a command reads it: its columns asked for or remembered, its faults told."""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TypeVar

import click

from agentassist.commands import desk
from agentassist.commands.accounts import tell_left_out
from agentassist.crm import columns, reading
from agentassist.crm.account_list import Told, open_list
from agentassist.crm.days import DayOrder
from agentassist.crm.fields import Kind
from agentassist.crm.updates import Fault, Update, update
from agentassist.tui import wording

_Each = TypeVar("_Each")

SHOWN_FAULTS = 20

LONG = 5000
"""Rows from which on it is shown how far the reading is."""


def read(
    file: Path, kind: Kind, told: tuple[str, ...], dates: DayOrder | None
) -> tuple[list[Update], list[Fault]]:
    """The good rows and the bad; `told` are COLUMN=FIELD, remembered for such tables.

    Raises MendableError, click.UsageError.
    """
    table = reading.table(file)
    with open_list(desk.data_folder()) as known:
        before = known.told(kind, table.columns)
        mapped = _asked(kind, table, _mapped(told, before.fields))
        fields = columns.mapping(kind, table.columns, mapped)
        _require_number(table, fields)
        order = dates or before.dates
        known.remember(kind, table.columns, Told(mapped, order))
    tell_left_out(table.columns, fields, mapped)
    return _read(kind, table, fields, order)


def _require_number(table: reading.Table, fields: dict[str, str]) -> None:
    if table.rows and "id" not in fields.values():
        raise click.UsageError(
            'no column holds the account\'s number; say which: --map "COLUMN=id" '
            f"(columns: {wording.clean(', '.join(table.columns))})"
        )


def _mapped(told: Sequence[str], before: dict[str, str]) -> dict[str, str]:
    """What is told now, and of what was told before, what it does not contradict."""
    pairs = [pair.rpartition("=") for pair in told]
    for pair, (column, _, _) in zip(told, pairs, strict=True):
        if not column:
            raise click.UsageError(f"--map {pair!r}: say COLUMN=FIELD")
    new = {column.strip(): field.strip() for column, _, field in pairs}
    taken = {*new.values()} - {columns.LEFT_OUT}
    return {name: field for name, field in before.items() if field not in taken} | new


def _asked(kind: Kind, table: reading.Table, told: dict[str, str]) -> dict[str, str]:
    """With what is asked for, in a terminal, of the columns that nothing tells of."""
    found = columns.mapping(kind, table.columns, told)
    unknown = [name for name in table.columns if name and name not in found | told]
    if not unknown or not (sys.stdin.isatty() and sys.stderr.isatty()):
        return told
    free = [field for field in columns.told_fields(kind) if field not in found.values()]
    click.echo(f"Fields: {', '.join(free)}", err=True)
    answers = click.Choice([*free, columns.LEFT_OUT])
    for name in unknown:
        told |= {name: _ask(f"Which field is {wording.clean(name)!r}? (Enter: none)", answers)}
    return told


def _ask(question: str, answers: click.Choice[str]) -> str:
    answer: str = click.prompt(
        question,
        default=columns.LEFT_OUT,
        show_default=False,
        show_choices=False,
        type=answers,
        err=True,
    )
    return answer


def _read(
    kind: Kind, table: reading.Table, fields: dict[str, str], order: DayOrder | None
) -> tuple[list[Update], list[Fault]]:
    """The good rows and the bad."""
    good: list[Update] = []
    bad: list[Fault] = []
    lines: dict[str, int] = {}
    for row in shown(table.rows, "Reading"):
        read = update(kind, row, fields, order)
        if isinstance(read, Fault):
            bad.append(read)
        elif not read.id:
            bad.append(Fault(read.line, "no account number in it"))
        elif kind == "accounts" and (first := lines.setdefault(read.id, read.line)) != read.line:
            bad.append(Fault(read.line, f"the account of line {first} again"))
        else:
            good.append(read)
    return good, bad


def shown(rows: Sequence[_Each], label: str) -> Iterator[_Each]:
    """Goes through them, with how far it is, in a terminal."""
    hidden = len(rows) < LONG or not sys.stderr.isatty()
    with click.progressbar(rows, label=label, hidden=hidden, file=sys.stderr) as shown:
        yield from shown


def tell_faults(file: Path, faults: list[Fault]) -> None:
    """Names the lines that are bad, and why, on standard error."""
    faults.sort()
    for fault in faults[:SHOWN_FAULTS]:
        click.echo(wording.clean(f"{file}:{fault.line}: {fault.what}"), err=True)
    if len(faults) > SHOWN_FAULTS:
        click.echo(f"agentassist: and {len(faults) - SHOWN_FAULTS:,} more", err=True)
    if faults:
        count = "1 row is" if len(faults) == 1 else f"{len(faults):,} rows are"
        click.echo(f"agentassist: {count} bad", err=True)
