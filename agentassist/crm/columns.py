"""Which field each column of a table holds: as it was told, or by the names that systems use."""

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files

import yaml

from agentassist.crm.cells import plain
from agentassist.crm.fields import HINTS, WHOLE, Kind
from agentassist.errors import MendableError

LEFT_OUT = ""
"""Told of a column that holds nothing for us."""


def told_fields(kind: Kind) -> tuple[str, ...]:
    """What a column may be told to hold."""
    return tuple(field for field in HINTS[kind] if field not in WHOLE)


def mapping(kind: Kind, columns: Sequence[str], told: Mapping[str, str]) -> dict[str, str]:
    """The field of each column that holds one; the others are left out.

    Raises MendableError where what was told names no column or no field, or columns look alike.
    """
    _check(kind, columns, told)
    found: dict[str, str] = {column: field for column, field in told.items() if field}
    if len({*found.values()}) < len(found):
        raise MendableError("--map tells two columns to be the same; say the one that it is")
    for column in columns:
        known = _names(kind).get(plain(column))
        if column in told or not known or known in told.values():
            continue
        if known in found.values():
            raise MendableError(
                f"{column!r} is not the only column that looks like the {known}; say which it is: "
                f'--map "{column}={known}"'
            )
        found[column] = known
    return found


def _check(kind: Kind, columns: Sequence[str], told: Mapping[str, str]) -> None:
    twice = [column for column in columns if column and columns.count(column) > 1]
    if twice:
        raise MendableError(f"two columns are named {twice[0]!r}; rename one of them")
    for column, field in told.items():
        if column not in columns:
            raise MendableError(f"there is no column {column!r}; there are: {', '.join(columns)}")
        if field and field not in told_fields(kind):
            known = ", ".join(told_fields(kind))
            raise MendableError(f"there is no field {field!r} of {kind}; there are: {known}")


@cache
def _names(kind: Kind) -> dict[str, str]:
    text = (files(__package__) / "columns.yaml").read_text(encoding="utf-8")
    named: dict[str, dict[str, list[str]]] = yaml.safe_load(text)
    own = {plain(field): field for field in HINTS[kind]}
    return {plain(name): field for field, names in named[kind].items() for name in names} | own
