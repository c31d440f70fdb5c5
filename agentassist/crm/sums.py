"""A sum of money as people write it: 482.10, £1,482.10, 1.482,10 EUR, (12.00), 1 200.

What may be read in two ways is refused and never guessed: 12.345 is twelve or twelve thousand.
"""

import re
import unicodedata
from decimal import Decimal
from typing import NamedTuple

from agentassist.crm.cells import CellError
from agentassist.entities.currencies import MAJOR

_WRITTEN = re.compile(
    r"(?P<open>\()?\s*(?P<minus>[-−])?\s*(?P<before>[^\d\s()+−-]{1,4}?)?\s*(?P<inner>[-−])?"
    r"(?P<figures>\d(?:[\d.,'’ ]*\d)?)"
    r"\s*(?P<after>[^\d\s()+−-]{1,4})?\s*(?P<trailing>[-−])?\s*(?P<close>\))?",
    re.ASCII,
)
_FIGURES = re.compile(
    r"(?P<whole>\d+"
    r"|[1-9]\d{0,2}(?P<mark>[.,'’ ])\d{3}(?:(?P=mark)\d{3})*"
    r"|[1-9]\d?(?:,\d\d)+(?P<lakh>,)\d{3})"  # as India writes it: 12,34,567
    r"(?:(?P<decimal>[.,])(?P<part>\d+))?",
    re.ASCII,
)
_UNREAD = "not a sum; write 1234.50"


class Sum(NamedTuple):
    """An amount, and which currencies its sign may mean; none where it has no sign."""

    amount: Decimal
    currencies: tuple[str, ...]


def read(text: str) -> Sum:
    """Raises CellError."""
    written = _WRITTEN.fullmatch(re.sub(r"[\u00a0\u2009\u202f]", " ", text))
    if not written or bool(written["open"]) != bool(written["close"]):
        raise CellError(_UNREAD)
    signs = [sign for sign in (written["before"], written["after"]) if sign]
    below = [sign for sign in ("open", "minus", "inner", "trailing") if written[sign]]
    if len(signs) > 1 or len(below) > 1:
        raise CellError(_UNREAD)
    amount = _amount(written["figures"])
    return Sum(-amount if below else amount, _currencies(signs[0]) if signs else ())


def _amount(figures: str) -> Decimal:
    found = _FIGURES.fullmatch(figures)
    if not found:
        raise CellError(_UNREAD)
    mark = found["mark"] or found["lakh"]
    whole, decimal, part = re.sub(r"\D", "", found["whole"]), found["decimal"], found["part"]
    if mark and decimal == mark:
        raise CellError(_UNREAD)
    if mark is None and part and len(part) == 3 and len(whole) <= 3 and whole[0] != "0":
        if decimal == ".":
            raise CellError("three figures behind the sign: thousands, or less? write 1234.50")
        return Decimal(whole + part)
    return Decimal(f"{whole}.{part}" if part else whole)


def _currencies(sign: str) -> tuple[str, ...]:
    """What it may stand for; of dollars, those of the country that letters before it name."""
    if known := MAJOR.get(sign.lower().rstrip(".")):
        return known
    if re.fullmatch("[A-Z]{3}", sign):
        return (sign,)
    if sign.endswith("$") and sign[:-1].isascii() and sign[:-1].isalpha():
        named = tuple(code for code in MAJOR["$"] if code.startswith(sign[:-1].upper()))
        if named:
            return named
    if len(sign) == 1 and unicodedata.category(sign) == "Sc":
        return ()
    raise CellError(_UNREAD)
