"""Dates in figures, as recognisers write them: "2026-03-27", "27/3"."""

import datetime
import re

from agentassist.entities.reading import Read, exact_day
from agentassist.entities.reckoning import next_day
from agentassist.entities.tokens import Token


def written(found: tuple[Token, ...], at: int, today: datetime.date) -> Read | None:
    """As "2026-03-27" or "27/3"; where both could be the month, the day goes first."""
    parts = re.split("[/-]", found[at].text)
    if len(parts) < 2 or not all(part.isdigit() for part in parts):
        return None
    numbers = [int(part) for part in parts]
    if "-" in found[at].text:
        return _made(numbers[2], numbers[1], numbers[0], at)
    year = 2000 + numbers[2] % 100 if len(numbers) == 3 else None
    readings = [
        date
        for day, month in (numbers[:2], numbers[1::-1])
        if (read := _made(day, month, year, at, today)) and (date := read.date)
    ]
    return Read(readings[0], at + 1, exact=True, others=tuple(readings[1:])) if readings else None


def _made(
    day: int, month: int, year: int | None, at: int, today: datetime.date | None = None
) -> Read | None:
    try:
        if year is None and today is not None:
            return exact_day(next_day(day, today, month), at + 1)
        return exact_day(datetime.date(year or 0, month, day), at + 1)
    except ValueError:
        return None
