"""One cell of a table as what an account holds: sums, days, yes and no, as people write them.

What may be read in two ways is refused and never guessed.
"""

import datetime
import re
from decimal import Decimal
from typing import Any, Literal, TypeAlias, get_args, get_type_hints

import msgspec

from agentassist.account import Account

DayOrder: TypeAlias = Literal["day-first", "month-first"]

_YES = frozenset({"yes", "y", "true", "1", "x"})
_NO = frozenset({"no", "n", "false", "0"})
_SUM = re.compile(r"\(?-?(?:[A-Z]{3}|[^\w\s.,()-]{1,3})?\s*(?P<figures>\d[\d.,' \u00a0\u202f]*)\)?")
_DAY = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})")


class CellError(ValueError):
    """Why a cell can't be read, without its words."""


def value_of(field: str, cell: str, order: DayOrder | None) -> Any:
    """The cell as that field of an account; None where it is empty. Raises CellError."""
    text = cell.strip()
    if not text:
        return None
    kinds = _KINDS[field]
    if Decimal in kinds:
        return _sum(text)
    if datetime.date in kinds:
        return _day(text, order)
    if bool in kinds:
        return _yes(text)
    if field == "ceased" and text.lower() in _YES | _NO:
        return ("all",) if text.lower() in _YES else ()
    if tuple in kinds:
        return tuple(part.strip() for part in text.split(";") if part.strip())
    words = tuple(word for kind in kinds for word in get_args(kind))
    if words and text.lower().replace(" ", "_") not in words:
        raise CellError(f"say {', '.join(words[:-1])} or {words[-1]}")
    return text.lower().replace(" ", "_") if words else text


def _kinds(hint: Any) -> tuple[Any, ...]:
    kinds = [kind for kind in (get_args(hint) or (hint,)) if kind is not type(None)]
    return tuple(tuple if getattr(kind, "__origin__", None) is tuple else kind for kind in kinds)


def _is_flat(kinds: tuple[Any, ...], hint: Any) -> bool:
    """Whether a cell can hold it: histories and people come as JSON."""
    whole = repr(hint)
    return "agentassist.account." not in whole and kinds != (msgspec.UNSET,)


_HINTS = get_type_hints(Account)
_KINDS = {name: _kinds(hint) for name, hint in _HINTS.items() if _is_flat(_kinds(hint), hint)}
FIELDS = tuple(_KINDS)
"""What a column may hold."""


def _sum(text: str) -> Decimal:
    match = _SUM.fullmatch(text)
    if not match:
        raise CellError("not a sum; write 1234.50")
    figures = re.sub(r"[' \u00a0\u202f]", "", match["figures"])
    marks = [sign for sign in figures if sign in ".,"]
    if len({*marks}) == 2:
        decimal = marks[-1]
        if marks.count(decimal) > 1:
            raise CellError("not a sum; write 1234.50")
    elif len(marks) == 1:
        after = len(figures) - figures.index(marks[0]) - 1
        if after == 3 and marks[0] == ".":
            raise CellError("three figures behind the sign: thousands, or less? write 1234.50")
        decimal = "" if after == 3 else marks[0]
    else:
        decimal = ""
    whole, _, part = figures.rpartition(decimal) if decimal else (figures, "", "")
    whole = whole.replace(".", "").replace(",", "")
    negative = text.startswith(("-", "("))
    return (
        Decimal(f"{'-' if negative else ''}{whole}.{part or '0'}")
        if part
        else Decimal(f"{'-' if negative else ''}{whole}")
    )


def _day(text: str, order: DayOrder | None) -> datetime.date:
    try:
        return datetime.date.fromisoformat(text[:10])
    except ValueError:
        pass
    match = _DAY.match(text)
    if not match:
        raise CellError("not a day; write 2026-03-27")
    first, second, year = (int(part) for part in match.groups())
    if order is None and first <= 12 and second <= 12 and first != second:
        raise CellError("day or month first? say --dates day-first or month-first")
    day_first = order == "day-first" if order else first > 12 or first == second
    day, month = (first, second) if day_first else (second, first)
    try:
        return datetime.date(year, month, day)
    except ValueError:
        raise CellError("no such day; write 2026-03-27") from None


def _yes(text: str) -> bool:
    word = text.lower()
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise CellError("say yes or no")
