"""How often a plan is paid and how many times, in spoken words."""

import re
from decimal import Decimal
from typing import NamedTuple

from agentassist.entities.currencies import MAJOR
from agentassist.entities.numbers import number_at
from agentassist.entities.tokens import Token, listed, tokens, words
from agentassist.vocabulary import Frequency

_DAY = "(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_FREQUENCIES: tuple[tuple[Frequency, re.Pattern[str]], ...] = (
    (
        "fortnightly",
        re.compile(
            r"\b(?:fortnightly|bi-?weekly|bi weekly|(?:a|per|each|every) fortnight"
            rf"|every (?:two|2|second|other) (?:weeks?|pay(?:day|check|cheque)|{_DAY})"
            r"|every (?:second|other) (?:week|pay)|once a fortnight|twice a month)\b",
            re.IGNORECASE,
        ),
    ),
    (
        "monthly",
        re.compile(
            r"\b(?:monthly|(?<!for )(?<!in )(?<!about )(?<!within )(?<!than )(?<!once )a month"
            r"(?! (?:ago|behind|late|or so))|(?:per|each|every) month|once a month"
            r"|every (?:four|4) weeks|of (?:the|each|every) month after|a calendar month)\b",
            re.IGNORECASE,
        ),
    ),
    (
        "weekly",
        re.compile(
            r"\b(?:weekly|(?<!for )(?<!in )(?<!about )(?<!within )(?<!than )(?<!once )a week"
            r"(?! (?:ago|behind|late|or so))|(?:per|each|every) week"
            rf"|once a week|(?:every|each) {_DAY})\b",
            re.IGNORECASE,
        ),
    ),
)


class Rate(NamedTuple):
    """How often, `text[start : end]` of what was said."""

    frequency: Frequency
    start: int
    end: int


class Count(NamedTuple):
    """How many payments, `text[start : end]` of what was said."""

    instalments: int
    start: int
    end: int


def frequencies(text: str) -> tuple[Rate, ...]:
    """Every rate of a text in order."""
    found = [
        Rate(frequency, *match.span())
        for frequency, pattern in _FREQUENCIES
        for match in pattern.finditer(text)
        if not _is_distance(text, match)
    ]
    found.sort(key=lambda rate: rate.start)
    return tuple(found)


_OFF = re.compile(rf" (?:from|on|today|{_DAY})\b", re.IGNORECASE)


def _is_distance(text: str, match: re.Match[str]) -> bool:
    """Whether it tells a day: "a week on Friday" is one; "forty a week from Friday" is a rate."""
    if match.group().lower() not in {"a week", "a month", "a fortnight"}:
        return False
    before = tokens(text[: match.start()])[-1:]
    is_rate = bool(before) and (number_at(before, 0) is not None or before[0].text in MAJOR)
    return not is_rate and _OFF.match(text, match.end()) is not None


_PAYMENTS = listed("payment payments instalment instalments installment installments")
_WEEKS = {
    "week": Decimal(1),
    "weeks": Decimal(1),
    "fortnights": Decimal(2),
    "month": Decimal(52) / 12,
    "months": Decimal(52) / 12,
    "year": Decimal(52),
    "years": Decimal(52),
}
_A_PAYMENT = {"weekly": Decimal(1), "fortnightly": Decimal(2), "monthly": Decimal(52) / 12}
_THEN = {(word,) for word in listed("you're that's it's we're done then you'd")}
_PAYDAYS = listed("mondays tuesdays wednesdays thursdays fridays paydays")
_SIZES = listed("equal monthly weekly fortnightly biweekly small further more")


def instalments(text: str, frequency: Frequency | None = None) -> tuple[Count, ...]:
    """How many payments: "twelve payments", and with a frequency "for six months"."""
    found = tokens(text)
    counts = (_count(found, at, frequency) for at in range(len(found)))
    return tuple(count for count in counts if count)


def _count(found: tuple[Token, ...], at: int, frequency: Frequency | None) -> Count | None:
    number = number_at(found, at)
    is_article = number is None and found[at].text in {"a", "one", "the"}
    stop = number.stop if number else at + 1
    value = number.value if number else Decimal(1)
    if (number is None and not is_article) or value % 1 or value < 1:
        return None
    sized = stop
    while sized < len(found) and found[sized].text in _SIZES:
        sized += 1
    unit = words(found, sized, 1)
    if number and unit and unit[0] in _PAYMENTS and value > 1:
        return Count(int(value), found[at].start, found[sized].end)
    if number and value > 1 and _is_repeated(found, stop):
        return Count(int(value), found[at].start, found[stop].end)
    return _span(found, at, stop, value, frequency)


def _is_repeated(found: tuple[Token, ...], at: int) -> bool:
    """As "nine of them", "four times two thirty-five", "over four Fridays"."""
    follows = words(found, at, 2)
    if follows in {("of", "them"), ("of", "those"), ("pay", "fridays"), ("pay", "days")}:
        return True
    if follows[:1] == ("times",):
        ends = len(follows) == 1 or found[at + 1].after != "" or _is_then(found, at + 1)
        return ends or number_at(found, at + 1) is not None
    if follows[:1] in {("goes",), ("lots",), ("bites",), ("shots",)}:
        return len(follows) == 1 or follows[1] in {"of", "at"} or found[at + 1].after != ""
    return bool(follows) and follows[0] in _PAYDAYS


def _is_then(found: tuple[Token, ...], at: int) -> bool:
    """As in "eight times and you're square"."""
    return words(found, at, 1) == ("and",) and words(found, at + 1, 1) in _THEN


def _span(
    found: tuple[Token, ...], at: int, stop: int, value: Decimal, frequency: Frequency | None
) -> Count | None:
    """As "for six months", "over a year", "monthly, four months": how many payments fit."""
    unit = words(found, stop, 1)
    if not unit or unit[0] not in _WEEKS or frequency is None:
        return None
    if not _is_length(found, at, stop, frequency):
        return None
    if found[at].text == "the" and unit[0] != "year":
        return None
    weeks = value * _WEEKS[unit[0]]
    if words(found, stop + 1, 3) == ("and", "a", "half"):
        weeks += _WEEKS[unit[0]] / 2
    count = round(weeks / _A_PAYMENT[frequency])
    return Count(count, found[at].start, found[stop].end) if count > 1 else None


def _is_length(found: tuple[Token, ...], at: int, stop: int, frequency: Frequency) -> bool:
    """Whether the span is how long the plan runs, not how late or how far off something is."""
    led, follows = words(found, at - 1, 1) if at else (), words(found, stop + 1, 1)
    if follows and follows[0] in _AGO:
        return False
    if led and led[0] in _LENGTH:
        return not (_HELD & set(words(found, at - 4, 4)))
    own = found[stop].text.rstrip("s") == {"weekly": "week", "monthly": "month"}.get(frequency)
    return (own or found[stop].text == "fortnights") and not (led and led[0] in _DISTANCE)


_AGO = listed("ago behind late overdue notice")
_HELD = listed("hold held frozen freeze pause paused break stop stopped suspended parked rest")
_LENGTH = listed("for over of")
_DISTANCE = listed("in after within every last past next until than a per each the")
