"""Times of day in spoken words: "half past two", "after five", "ten in the morning"."""

import datetime
from collections.abc import Iterator
from typing import NamedTuple

from agentassist.entities.numbers import number_at
from agentassist.entities.tokens import Token, listed, tokens, words

WORKING_FROM = 8
"""An hour below this, said without morning or afternoon, is after noon: nobody rings at six."""

_BEFORE = listed("at after before around about from till until by past between")
_MINUTES = {15, 20, 30, 40, 45, 50}
_PARTS = {"half": 30, "quarter": 15}
_LATE = listed("afternoon evening night tonight pm")
_EARLY = listed("morning am")
_COUNTED = listed(
    "pounds pound dollars euros quid rand percent months weeks days payments people years"
    " minutes hours"
)


class Clock(NamedTuple):
    """A time of day, `text[start : end]` of what was said."""

    time: datetime.time
    start: int
    end: int


def times(text: str) -> tuple[Clock, ...]:
    """Every time of day of a text in order."""
    return tuple(_times(tokens(text)))


def _times(found: tuple[Token, ...]) -> Iterator[Clock]:
    at = 0
    while at < len(found):
        read = _named(found, at) or _divided(found, at) or _hour(found, at)
        if read is None:
            at += 1
            continue
        hour, minute, stop = read
        hour, stop = _half_of_day(found, hour, stop)
        yield Clock(datetime.time(hour, minute), found[at].start, found[stop - 1].end)
        at = stop


def _named(found: tuple[Token, ...], at: int) -> tuple[int, int, int] | None:
    if found[at].text in {"noon", "midday"}:
        return 12, 0, at + 1
    return None


def _divided(found: tuple[Token, ...], at: int) -> tuple[int, int, int] | None:
    """As "half past two", "quarter to ten", "half two", "ten past five"."""
    part = _PARTS.get(found[at].text)
    number = number_at(found, at) if part is None else None
    if part is None and (number is None or number.value not in {5, 10, 20, 25}):
        return None
    here = number.stop if number else at + 1
    link = words(found, here, 1)
    if link and link[0] in {"past", "after", "to", "before"}:
        hour = _hour_at(found, here + 1)
        if hour is None or (number and link[0] in {"after", "before"}):
            return None
        minutes = part or int(number.value if number else 0)
        if link[0] in {"past", "after"}:
            return hour[0], minutes, hour[1]
        return (hour[0] - 2) % 12 + 1, 60 - minutes, hour[1]
    if part == 30 and (hour := _hour_at(found, here)):
        return hour[0], 30, hour[1]
    return None


def _hour(found: tuple[Token, ...], at: int) -> tuple[int, int, int] | None:
    """As "at ten", "four o'clock", "two thirty", "5 pm", "14:30"."""
    if ":" in found[at].text:
        hour, minute = (int(part) for part in found[at].text.split(":"))
        return (hour, minute, at + 1) if hour < 24 and minute < 60 else None
    read = _hour_at(found, at)
    if read is None:
        return None
    hour, stop = read
    follows = words(found, stop, 1)
    if follows and follows[0] in {"o'clock", "oclock"}:
        return hour, 0, stop + 1
    led = at > 0 and found[at - 1].text in _BEFORE
    minutes = number_at(found, stop) if not _is_apart(found, stop) else None
    if minutes is not None:
        is_time = minutes.value in _MINUTES and (led or _has_part(found, minutes.stop))
        return (hour, int(minutes.value), minutes.stop) if is_time else None
    is_time = _has_part(found, stop) or (led and not (follows and follows[0] in _COUNTED))
    return (hour, 0, stop) if is_time else None


def _is_apart(found: tuple[Token, ...], at: int) -> bool:
    return at < len(found) and found[at].after != ""


def _hour_at(found: tuple[Token, ...], at: int) -> tuple[int, int] | None:
    number = number_at(found, at)
    if number is None or number.value % 1 or not 1 <= number.value <= 12:
        return None
    return int(number.value), number.stop


def _has_part(found: tuple[Token, ...], at: int) -> bool:
    """Whether "in the morning", "am", "tonight" follows."""
    text = words(found, at, 3)
    return bool(text) and (
        text[0] in {"am", "pm", "tonight"}
        or (text[:2] == ("in", "the") and text[-1] in _LATE | _EARLY)
        or text[:2] == ("at", "night")
    )


def _half_of_day(found: tuple[Token, ...], hour: int, stop: int) -> tuple[int, int]:
    """The hour of 24, and the token after what says which half of the day."""
    text = words(found, stop, 3)
    part = text[0] if text and text[0] in {"am", "pm"} else ""
    after = stop + 1 if part else stop
    if text[:2] == ("in", "the") and text[-1] in _LATE | _EARLY:
        part, after = text[-1], stop + 3
    if text[:2] == ("at", "night"):
        part, after = "night", stop + 2
    if part in _EARLY:
        return hour % 12, after
    if hour < 12 and (part in _LATE or hour < WORKING_FROM):
        return hour + 12, after
    return hour, after
