"""Dates as people tell when they were born, so that only the year of them is kept."""

from collections.abc import Iterator
from typing import NamedTuple

from agentassist.entities.numbers import ORDINALS
from agentassist.redaction.digits import ONES, TENS, digits_at
from agentassist.redaction.tokens import Token
from agentassist.redaction.wording import wording

_BETWEEN = frozenset("of the in um uh er erm ah day month and year sorry o".split())  # noqa: SIM905


class Part(NamedTuple):
    """A day, a month or a year, and the token behind it."""

    value: int
    stop: int


class Day(NamedTuple):
    """A date in `text[start : end]`; the year is None where it was not told."""

    day: int
    month: int
    year: int | None
    start: int
    end: int
    bare: bool = False
    """In numbers alone, as "four five fifty-one": a date only where one was asked for."""

    def is_same(self, other: "Day") -> bool:
        """Whether it may be the same date, told in another order or without its year."""
        mine, others = {self.day, self.month}, {other.day, other.month}
        return mine == others and (self.year == other.year or self.year is None)


def dates(tokens: tuple[Token, ...]) -> list[Day]:
    """All dates in the tokens that a birthday may be told as; bare ones if there are no others."""
    found = list(_dates(tokens))
    return [day for day in found if not day.bare] or found[:1]


def _dates(tokens: tuple[Token, ...]) -> Iterator[Day]:
    at = 0
    while at < len(tokens):
        found = _in_figures(tokens, at) or _date_at(tokens, at)
        if found is None:
            at += 1
            continue
        day, month, year, stop = found
        inside = tokens[at:stop]
        bare = not any(t.text in wording().months or t.text in ORDINALS for t in inside)
        bare = bare and not any(t.text in {"st", "nd", "rd", "th"} for t in inside)
        if bare and any(mark in t.before for t in inside[1:] for mark in ".?!;" if t.before != "."):
            at += 1
            continue
        yield Day(day, month, year, tokens[at].start, tokens[stop - 1].end, bare)
        at = stop


def _date_at(tokens: tuple[Token, ...], at: int) -> tuple[int, int, int | None, int] | None:
    named = _month(tokens, at)
    if named:
        day = _ordinal(tokens, _past(tokens, named.stop)) or _small(
            tokens, _past(tokens, named.stop)
        )
        return _with_year(tokens, day, named, needed=False) if day and day.value <= 31 else None
    year = _long_year(tokens, at)
    first = _ordinal(tokens, at) or _small(tokens, at)
    if year and tokens[at].kind == "figures":
        return _year_first(tokens, year)
    if first is None or not 1 <= first.value <= 31:
        return None
    behind = _past(tokens, first.stop)
    month = _month(tokens, behind)
    if month:
        return _with_year(tokens, first, month, needed=False)
    second = _ordinal(tokens, behind) or _small(tokens, behind)
    if second is None or not 1 <= min(first.value, second.value) <= 12 or second.value > 31:
        return None
    return _with_year(tokens, first, second, needed=True)


def _with_year(
    tokens: tuple[Token, ...], day: Part, month: Part, *, needed: bool
) -> tuple[int, int, int | None, int] | None:
    stop = max(day.stop, month.stop)
    behind = _past(tokens, stop)
    year = _long_year(tokens, behind) or _short_year(tokens, behind)
    if year is None:
        return None if needed else (day.value, month.value, None, stop)
    return day.value, month.value, year.value, year.stop


def _year_first(tokens: tuple[Token, ...], year: Part) -> tuple[int, int, int | None, int] | None:
    month = _small(tokens, year.stop)
    day = _small(tokens, month.stop) if month else None
    if month and day and 1 <= month.value <= 12 and 1 <= day.value <= 31:
        return day.value, month.value, year.value, day.stop
    return None


def _in_figures(tokens: tuple[Token, ...], at: int) -> tuple[int, int, int | None, int] | None:
    """As 05051951 or 19510505."""
    text = tokens[at].text
    if tokens[at].kind != "figures" or len(text) != 8:
        return None
    for day, month, year in ((text[:2], text[2:4], text[4:]), (text[6:], text[4:6], text[:4])):
        if is_date(day, month, year):
            return int(day), int(month), int(year), at + 1
    return None


def is_date(day: str, month: str, year: str) -> bool:
    """Whether figures may be a day, a month and a year, in either order of the first two."""
    first, second = sorted((int(day), int(month)))
    return 1 <= first <= 12 and second <= 31 and 1900 <= int(year) < 2100


def is_recent(year: int) -> bool:
    """Whether two figures of a year are of this century."""
    return year <= wording().birth.century


def _past(tokens: tuple[Token, ...], at: int) -> int:
    """Past the words that stand between the parts of a date."""
    while at < len(tokens) and tokens[at].text in _BETWEEN:
        at += 1
    return at


def _month(tokens: tuple[Token, ...], at: int) -> Part | None:
    value = wording().months.get(tokens[at].text) if at < len(tokens) else None
    return Part(value, at + 1) if value else None


def _ordinal(tokens: tuple[Token, ...], at: int) -> Part | None:
    if at >= len(tokens):
        return None
    text = tokens[at].text
    suffixed = at + 1 < len(tokens) and not tokens[at + 1].before
    if text.isdigit() and suffixed and tokens[at + 1].text in {"st", "nd", "rd", "th"}:
        return Part(int(text), at + 2)
    tens = int(TENS.get(text, "0")) * 10 or (ORDINALS.get(text, 0) // 10 * 10)
    below = ORDINALS.get(tokens[at + 1].text, 0) if at + 1 < len(tokens) else 0
    if tens in {20, 30} and 0 < below < 10:
        return Part(tens + below, at + 2)
    value = ORDINALS.get(text)
    return Part(value, at + 1) if value else None


def _small(tokens: tuple[Token, ...], at: int) -> Part | None:
    """A number of one figure or two, as "four", "oh four", "15"."""
    if at >= len(tokens):
        return None
    if tokens[at].text in {"oh", "o", "zero", "nought"} and at + 1 < len(tokens):
        below = ONES.get(tokens[at + 1].text, "")
        return Part(int(below), at + 2) if below else None
    if tokens[at].kind == "figures":
        return Part(int(tokens[at].text), at + 1) if len(tokens[at].text) <= 2 else None
    atom = digits_at(tokens, at)
    return Part(int(atom.digits), atom.stop) if atom and len(atom.digits) <= 2 else None


def _long_year(tokens: tuple[Token, ...], at: int) -> Part | None:
    """As 1951, "nineteen fifty-one", "nineteen oh five", "two thousand and five"."""
    if at >= len(tokens):
        return None
    text = tokens[at].text
    if text.isdigit():
        is_year = len(text) == 4 and 1900 <= int(text) < 2100
        return Part(int(text), at + 1) if is_year else None
    words = [token.text for token in tokens[at : at + 3]]
    if words[:2] == ["two", "thousand"]:
        rest = _small(tokens, at + 2 + (words[2:] == ["and"]))
        return Part(2000 + rest.value, rest.stop) if rest else Part(2000, at + 2)
    if text not in {"nineteen", "twenty"}:
        return None
    century = 1900 if text == "nineteen" else 2000
    behind = at + 1 + (words[1:2] == ["hundred"]) + (words[1:3] == ["hundred", "and"])
    behind += words[1:2] == ["and"]
    rest = _small(tokens, behind)
    is_whole = rest and (rest.value > 9 or rest.stop - behind == 2 or behind > at + 1)
    return Part(century + rest.value, rest.stop) if rest and is_whole else None


def _short_year(tokens: tuple[Token, ...], at: int) -> Part | None:
    """As "fifty-one", "oh four", '51."""
    rest = _small(tokens, at)
    if rest is None or (rest.value < 10 and rest.stop - at == 1 and len(tokens[at].text) != 2):
        return None
    century = 2000 if is_recent(rest.value) else 1900
    return Part(century + rest.value, rest.stop)


def months(tokens: tuple[Token, ...]) -> Iterator[tuple[int, int, int]]:
    """Years, and where they stand with a month before them, as "April twenty-seven"."""
    for at in range(len(tokens)):
        month = _month(tokens, at)
        behind = _past(tokens, month.stop) if month else 0
        year = month and (_long_year(tokens, behind) or _short_year(tokens, behind))
        if year:
            yield year.value, tokens[at].start, tokens[year.stop - 1].end
