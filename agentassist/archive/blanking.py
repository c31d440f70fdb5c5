"""A note without the words that were said: its lines stay, the quotes behind them go. Pure.

Notes of every earlier version are read, so this knows the name of the field and nothing else.
"""

import re
from collections.abc import Iterator
from typing import Any

import msgspec

NOT_QUOTED = " (words not quoted)"
"""As the template has it where a line has no words behind it."""

_FIELD = "quote"
"""Of `values.Evidence`."""
_LINE = re.compile(r"^(\s*-\s+[\d:]+ (?:agent|caller)): “.*”$", re.MULTILINE)
_TELLING = 3
"""Words from which on a quote is looked for wherever it stands: "yes" alone stands in many."""


def fields(written: str) -> str:
    """`tables.notes.fields` with every quote of its evidence empty."""
    return msgspec.json.encode(_without(msgspec.json.decode(written))).decode()


def text(written: str, note: str) -> str:
    """`tables.notes.text` without the quotes of the evidence in `note`, its fields."""
    blank = _LINE.sub(rf"\1{NOT_QUOTED}", written)
    for quote in sorted(set(_quotes(msgspec.json.decode(note))), key=len, reverse=True):
        if len(quote.split()) >= _TELLING:
            blank = blank.replace(quote, "[…]")
    return blank


def _without(value: Any) -> Any:
    match value:
        case dict():
            return {key: "" if key == _FIELD else _without(held) for key, held in value.items()}
        case list():
            return list(map(_without, value))
        case _:
            return value


def _quotes(value: Any) -> Iterator[str]:
    match value:
        case dict():
            if isinstance(quote := value.get(_FIELD), str) and quote:
                yield quote
            for held in value.values():
                yield from _quotes(held)
        case list():
            for held in value:
                yield from _quotes(held)
