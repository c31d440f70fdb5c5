"""What a reader of dates makes of the tokens, and the small steps that all readers share."""

import datetime
from typing import NamedTuple

from agentassist.entities.reckoning import MONTHS
from agentassist.entities.tokens import Token


class Read(NamedTuple):
    """What a reader made of the tokens: a date, or None for one in the past; the next token."""

    date: datetime.date | None
    stop: int
    exact: bool = False
    others: tuple[datetime.date, ...] = ()


def skip(found: tuple[Token, ...], at: int, *fillers: str) -> int:
    """The token after any of these words, inside the sentence."""
    while at < len(found) and found[at].text in fillers and found[at].after != ".":
        at += 1
    return at


def named_month(found: tuple[Token, ...], at: int) -> int | None:
    """The month that is named there, from 1."""
    return MONTHS.get(found[at].text) if at < len(found) and found[at].after != "." else None


def exact_day(date: datetime.date | None, stop: int) -> Read:
    """A date of which the day of the month was said."""
    return Read(date, stop, exact=True)
