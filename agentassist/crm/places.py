"""Countries, time zones and currencies as systems write them, in the codes that rules know."""

import functools
from importlib.resources import files
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from agentassist.crm.cells import CellError, by_word, countries, plain
from agentassist.entities.currencies import MAJOR


@functools.cache
def _countries() -> dict[str, str]:
    table = (files("tzdata") / "zoneinfo" / "iso3166.tab").read_text(encoding="utf-8")
    lines = (line.split("\t") for line in table.splitlines() if not line.startswith("#"))
    return by_word({code: (name,) for code, name in lines}) | by_word(countries())


def country(text: str) -> str:
    """Its code of ISO 3166-1. Raises CellError."""
    found = _countries().get(plain(text))
    if not found:
        raise CellError("not a country that is known; write its two letters, as GB")
    return found


def region(text: str) -> str:
    """The second half of its code of ISO 3166-2, where it is a code."""
    code = text.upper().rpartition("-")[2] if text[2:3] == "-" else text
    return code.upper() if len(code) <= 3 else code


@functools.cache
def zone(text: str) -> str:
    """Raises CellError."""
    try:
        return ZoneInfo(text).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise CellError("not a time zone; write it as Europe/London") from None


def currency(text: str) -> str:
    """Its code of ISO 4217. Raises CellError."""
    if len(text) == 3 and text.isascii() and text.isalpha():
        return text.upper()
    if len(found := MAJOR.get(text.lower(), ())) == 1:
        return found[0]
    raise CellError("not a currency; write its three letters, as GBP")
