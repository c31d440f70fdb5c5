"""What the columns of a table may hold, and one cell as that field: of accounts and of histories.

A cell is text, or JSON as it stands where it was no plain text: CSV and JSON are read alike.
"""

import datetime
import re
from collections.abc import Callable
from decimal import Decimal
from types import UnionType
from typing import Any, Literal, TypeAlias, Union, get_args, get_origin, get_type_hints

import msgspec

from agentassist.account import (
    Account,
    Contact,
    EarlierNote,
    EarlierPromise,
    Payment,
    Representative,
    Wishes,
)
from agentassist.crm import cells, days, places, sums
from agentassist.crm.cells import CellError
from agentassist.crm.days import DayOrder
from agentassist.vocabulary import CEASED

Kind: TypeAlias = Literal["accounts", "payments", "promises", "contacts", "notes"]
"""What the rows of a table are."""

Cell: TypeAlias = str | msgspec.Raw

KINDS: dict[Kind, type[msgspec.Struct]] = {
    "accounts": Account,
    "payments": Payment,
    "promises": EarlierPromise,
    "contacts": Contact,
    "notes": EarlierNote,
}
INNER: dict[str, type[msgspec.Struct]] = {"wishes": Wishes, "representative": Representative}
"""Fields of an account whose own fields columns hold, as `wishes.latest`."""

HISTORIES = ("payments", "promises", "contacts", "notes")

_CODED: dict[str, tuple[str, ...]] = {"ceased": CEASED}
"""Fields of text that only holds known codes."""

_TEXTS: dict[str, Callable[[str], str]] = {
    "country": places.country,
    "region": places.region,
    "time_zone": places.zone,
    "currency": places.currency,
}
_LIST = re.compile(r"[;,/|]")


def _hints(kind: Kind) -> dict[str, Any]:
    hints = {name: _known(hint) for name, hint in get_type_hints(KINDS[kind]).items()}
    if kind != "accounts":
        return {"id": str, **hints}
    for outer, inner in INNER.items():
        of_it = get_type_hints(inner).items()
        hints |= {f"{outer}.{name}": _known(hint) for name, hint in of_it}
    return hints


def _known(hint: Any) -> Any:
    """Without None."""
    if get_origin(hint) not in (Union, UnionType):
        return hint
    return next(part for part in get_args(hint) if part is not type(None))


HINTS: dict[Kind, dict[str, Any]] = {kind: _hints(kind) for kind in KINDS}
WHOLE = frozenset({*HISTORIES, *INNER})
"""Fields of an account that no cell of text can hold."""


def cell_of(value: msgspec.Raw) -> Cell:
    """Text as it is read in CSV too; what is no text is left as it is."""
    words = bytes(value).strip()
    if words == b"null":
        return ""
    if words.startswith(b'"'):
        return msgspec.json.decode(words, type=str)
    if words in (b"true", b"false") or words.lstrip(b"-").isdigit():
        return words.decode()
    return msgspec.Raw(words)


def value_of(kind: Kind, field: str, cell: Cell, order: DayOrder | None) -> Any:
    """The cell as that field; None where it is empty. Raises CellError."""
    hint = HINTS[kind][field]
    name = field.rpartition(".")[2]
    if isinstance(cell, msgspec.Raw):
        return _inner(field, cell, order) if field in INNER else _of_json(name, cell, hint)
    text = cell.strip()
    return _of_text(name, text, hint, order) if text else None


def _of_text(name: str, text: str, hint: Any, order: DayOrder | None) -> Any:
    if name in WHOLE:
        raise CellError("a cell can't hold this; import it as JSON, or a table of its own by --as")
    if get_origin(hint) is tuple:
        return _several(name, text, get_args(hint)[0])
    if get_origin(hint) is Literal:
        return cells.code(name, text, get_args(hint))
    if hint is Decimal:
        return sums.read(text).amount
    if hint is datetime.datetime:
        return days.moment(text, order)
    if hint is datetime.date:
        return days.day(text, order)
    if hint is datetime.time:
        return _of_their_day(days.clock(text))
    if hint is bool:
        return cells.answer(name, text)
    return _TEXTS[name](text) if name in _TEXTS else text


def _several(name: str, text: str, each: Any) -> tuple[str, ...]:
    codes = get_args(each) or _CODED.get(name, ())
    if cells.is_none(text):
        return ()
    if not codes:
        return tuple(part.strip() for part in text.split(";") if part.strip())
    parts = (part for part in _LIST.split(text) if part.strip())
    return tuple(cells.code(name, part, codes) for part in parts)


def _inner(field: str, cell: msgspec.Raw, order: DayOrder | None) -> Any:
    """An object whose own fields are read as cells are."""
    made = INNER[field]
    values = {}
    for name, value in _of_json(field, cell, dict[str, msgspec.Raw]).items():
        if name in made.__struct_fields__:
            try:
                values[name] = value_of("accounts", f"{field}.{name}", cell_of(value), order)
            except CellError as error:
                raise CellError(f"{error} at .{name}") from None
    return made(**{name: value for name, value in values.items() if value is not None})


def _of_json(name: str, cell: msgspec.Raw, hint: Any) -> Any:
    try:
        value = msgspec.json.decode(cell, type=hint)
    except msgspec.DecodeError as error:
        raise CellError(_without_words(str(error))) from None
    if name in _CODED:
        return tuple(cells.code(name, part, _CODED[name]) for part in value)
    if isinstance(value, Decimal) and not value.is_finite():
        raise CellError("not a sum; write 1234.50")
    return value


def _of_their_day(time: datetime.time) -> datetime.time:
    if time.tzinfo:
        raise CellError("a time of their own day has no offset; write 18:00")
    return time


def _without_words(error: str) -> str:
    """What was expected where, and nothing of what was found."""
    error = re.sub(
        r"Invalid enum value .*?(?= - at|$)", "not one of its codes", error, flags=re.DOTALL
    )
    return re.sub(r" - at `\$(.+)`$", r" at \1", error).removesuffix(" - at `$`")
