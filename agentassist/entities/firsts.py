"""Days that come again, and the month in which one is first meant: "every fifteenth from May"."""

import datetime

from agentassist.entities.numbers import Number, number_at, ordinal_at
from agentassist.entities.reading import Read, exact_day, named_month, skip
from agentassist.entities.reckoning import next_day
from agentassist.entities.tokens import Token, listed, words

_BEGINNING = listed("from starting beginning commencing start begin")
"""Before a month, it is the one in which a day that comes again is first meant."""

ORDERED = listed(
    "payment payments one ones thing time times instalment instalments installment installments"
    " half part line letter letters bill week weeks fortnight month months year day days call"
    " shift step name notice person place of"
)
"""What "the first" may count: no date then."""

_OF_THEM = {("of", "them"), ("of", "those")}


def again(found: tuple[Token, ...], at: int, today: datetime.date) -> Read | None:
    """As "every fifteenth from May"."""
    number = ordinal_at(found, at + 1) if found[at].text in {"every", "each"} else None
    if number is None or not 1 <= number.value <= 31:
        return None
    return first_month(found, number.stop, int(number.value), today)


def first_month(found: tuple[Token, ...], at: int, day: int, today: datetime.date) -> Read | None:
    """As "the fifteenth, starting May" and "every fifteenth from May": the first such day."""
    begin = skip(found, at, "of", "every", "each", "the", "month", "and")
    if begin >= len(found) or found[begin].text not in _BEGINNING:
        return None
    month_at = skip(found, begin + 1, "in", "from", "with")
    month = named_month(found, month_at)
    if month is None or (words(found, month_at + 1, 1) and _names_day(found, month_at + 1)):
        return None
    return exact_day(next_day(day, today, month), month_at + 1)


def _names_day(found: tuple[Token, ...], at: int) -> bool:
    """Whether a day of its own stands there: "starting May the third"."""
    after = skip(found, at, "the")
    return ordinal_at(found, after) is not None or cardinal_day(found, after) is not None


def cardinal_day(found: tuple[Token, ...], at: int) -> Number | None:
    """As in "May ten"; but "from May, ten of them" and "May twelve payments" count something."""
    number = number_at(found, at)
    if number is None or at == 0 or (found[at].after and not found[at].is_digits):
        return None
    follows = words(found, number.stop, 2)
    counts = bool(follows) and (follows[0] in ORDERED or follows in _OF_THEM)
    return None if counts and not found[number.stop].after else number
