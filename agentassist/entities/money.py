"""Sums of money in spoken words, and as recognisers write them."""

from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal, NamedTuple, TypeAlias

from agentassist.entities import currencies
from agentassist.entities.numbers import UNITS, Number, number_at, ordinal_at
from agentassist.entities.reckoning import MONTHS
from agentassist.entities.tokens import Token, listed, tokens, words

Told: TypeAlias = Literal["named", "rated", "bare"]
"""With its currency ("forty quid"); by its rate ("forty a month"); or as a mere number."""


LEAST = 5
"""A mere number below this is hardly a sum."""


class Money(NamedTuple):
    """A sum, `text[start : end]` of what was said. `currency` is None where none is known."""

    amount: Decimal
    currency: str | None
    start: int
    end: int
    told: Told
    others: tuple[Decimal, ...] = ()
    """What else the words may mean, as 3.50 where "three fifty" was taken for 350."""


_RATE_WORDS = listed("a per each every weekly fortnightly monthly biweekly")
_RATE_UNITS = listed("week weeks week's fortnight month months month's payday friday other second")
_LOOSE_RATES = listed("weekly fortnightly monthly biweekly")

_COUNTED = listed(
    "months month weeks week days day years year fortnights hours hour minutes minute payments"
    " payment instalments instalment installments installment times o'clock am pm percent %"
    " people kids children calls letters shifts jobs oh st nd rd th morning thirty fifteen"
    " january february march april may june july august september october november december"
)
"""What follows a number that is no sum."""

_PLACED = listed(
    "at number ending reference age aged flat unit past step room section until till since"
    " quarter half on by postcode code"
)
"""What stands before a number that is no sum."""

_ENDS_IN = {("ending", "in"), ("ending", "with"), ("ends", "in"), ("ends", "with")}
"""Before the last figures of a card."""


def money(text: str, currency: str | None = None, *, bare: bool = False) -> tuple[Money, ...]:
    """Every sum of a text in order. `currency` is the account's, for words such as "dollars".

    With `bare`, also mere numbers that may be sums ("say forty"), where nothing speaks against.
    """
    return tuple(_sums(tokens(text), currency, bare=bare))


def _sums(found: tuple[Token, ...], own: str | None, *, bare: bool) -> Iterator[Money]:
    at = 0
    while at < len(found):
        sum_, stop = (
            _note(found, at)
            or _signed(found, at, own)
            or _spoken(found, at, own, bare=bare)
            or (None, at + 1)
        )
        if sum_ is not None:
            yield sum_
        at = stop


def _note(found: tuple[Token, ...], at: int) -> tuple[Money, int] | None:
    """A banknote's own name, as "a tenner"."""
    value = currencies.NOTES.get(found[at].text)
    return _made(found, at, Number(Decimal(value), at + 1), "GBP", "named") if value else None


def _signed(found: tuple[Token, ...], at: int, own: str | None) -> tuple[Money, int] | None:
    """As "£350", "R 350", "Rs. 500"."""
    sign = found[at].text
    if sign not in currencies.BEFORE or at + 1 >= len(found) or not found[at + 1].is_digits:
        return None
    number = number_at(found, at + 1)
    if number is None:
        return None
    code = currencies.chosen(currencies.MAJOR[sign], own)
    return _made(found, at, number, code, "named")


def _spoken(
    found: tuple[Token, ...], at: int, own: str | None, *, bare: bool
) -> tuple[Money | None, int] | None:
    """A number, and what follows it that makes it money or not; `stop` skips what it read."""
    number = number_at(found, at)
    if number is None:
        return None
    if words(found, at - 1, 2) == ("last", "one"):  # "the last one twenty rand lighter"
        return None, at + 1
    joined = _joined(found, at, number)
    stop = _past_vague(found, joined.stop)
    if (major := _major_at(found, stop, own)) is not None:
        code, last = major
        sum_ = _with_minor(found, Number(joined.value, last))
        return _made(found, at, sum_, code, "rated" if _is_rated(found, sum_.stop) else "named")
    if (cents := _and_cents(found, joined)) is not None:
        code = currencies.chosen(currencies.MINOR[found[cents.stop - 1].text], own)
        return _made(found, at, cents, code, "named")
    word = words(found, stop, 1)
    if word and (codes := currencies.MINOR.get(word[0])):
        code = currencies.chosen(codes, own)
        return _made(found, at, Number(joined.value / 100, stop + 1), code, "named")
    if found[joined.stop - 1].text in {"grand", "k"}:
        return _made(found, at, joined, own, "named")
    if joined.value >= LEAST and _is_rated(found, stop):
        return _made(found, at, joined, own, "rated")
    if bare and _may_be_sum(found, at, joined):
        return _made(found, at, joined, own, "bare")
    return None, joined.stop


def _and_cents(found: tuple[Token, ...], whole: Number) -> Number | None:
    """As "three hundred nine and eleven cents", where the currency is named by them alone."""
    if words(found, whole.stop, 1) != ("and",) or found[whole.stop - 1].after:
        return None
    minor = number_at(found, whole.stop + 1)
    unit = words(found, minor.stop, 1) if minor else ()
    if minor is None or not 0 < minor.value < 100 or not unit or unit[0] not in currencies.MINOR:
        return None
    return Number(whole.value + minor.value / 100, minor.stop + 1)


def _past_vague(found: tuple[Token, ...], at: int) -> int:
    """Past "odd" or "ish", as in "forty-odd quid"."""
    return at + 1 if words(found, at, 1) in {("odd",), ("ish",)} else at


def _major_at(found: tuple[Token, ...], at: int, own: str | None) -> tuple[str, int] | None:
    """The currency that is named there, as "Hong Kong dollars", with the place of its word."""
    for length in (2, 1):
        of_country = currencies.OF_COUNTRIES.get(words(found, at, length))
        unit = words(found, at + length, 1)
        if of_country and unit and (code := of_country.get(unit[0].removesuffix("s"))):
            return code, at + length
    word = words(found, at, 1)
    codes = currencies.MAJOR.get(word[0]) if word and word[0] != "r" else None
    return (currencies.chosen(codes, own), at) if codes else None


def _made(
    found: tuple[Token, ...], at: int, number: Number, code: str | None, told: Told
) -> tuple[Money, int]:
    start, end = found[at].start, found[number.stop - 1].end
    amount = _rounded(number.value)
    others = tuple(x for x in map(_rounded, _readings(found, at)) if x != amount)
    return Money(amount, code, start, end, told, others), number.stop


def _rounded(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.01"), ROUND_HALF_UP)


def _readings(found: tuple[Token, ...], at: int) -> tuple[Decimal, ...]:
    """What a sum of two bare parts may mean: "three fifty" is 350 or 3.50, "82 50" is 82.50."""
    first = number_at(found, at)
    if first is None or first.value >= 20:
        return ()
    second = _pair_at(found, first.stop)
    if second is None or _pair_at(found, second.stop) is not None:
        return ()
    return (first.value * 100 + second.value, first.value + second.value / 100)


def _joined(found: tuple[Token, ...], at: int, first: Number) -> Number:
    """As "three fifty" 350, "one oh five" 105, "eighty-two fifty" 82.50, "five twenty-four sixty".

    From eleven to nineteen the first is hundreds: "fourteen fifty" is 1450.
    """
    if found[at].is_digits or first.value != int(first.value):
        return first
    second = _pair_at(found, first.stop)
    if second is None:
        return first
    if 1 <= first.value % 1000 < 10:
        above = first.value - first.value % 1000
        hundreds = Number(above + first.value % 1000 * 100 + second.value, second.stop)
        third = _pair_at(found, second.stop)
        return Number(hundreds.value + third.value / 100, third.stop) if third else hundreds
    if 10 < first.value < 20:
        return Number(first.value * 100 + second.value, second.stop)
    if first.value % 100 and not (first.value == 20 and 20 <= second.value < 40):
        return Number(first.value + second.value / 100, second.stop)
    return first


def _pair_at(found: tuple[Token, ...], at: int) -> Number | None:
    """Two digits in words, as "fifty" or "oh five", right behind what went before."""
    if at >= len(found) or found[at].after or found[at].is_digits:
        return None
    if found[at].text in {"oh", "o"}:
        unit = UNITS.get("".join(words(found, at + 1, 1)), 0)
        return Number(Decimal(unit), at + 2) if 0 < unit < 10 else None
    number = number_at(found, at)
    if number is None or not 10 <= number.value < 100 or ordinal_at(found, at):
        return None
    return number


def _with_minor(found: tuple[Token, ...], major: Number) -> Number:
    """The currency word, then "sixty", "and sixty pence", "ten"."""
    at = major.stop + 1
    linked = words(found, at, 1) == ("and",)
    minor = number_at(found, at + linked)
    if minor is None or found[at].after == "." or not 0 < minor.value < 100:
        return Number(major.value, at)
    follows = words(found, minor.stop, 1)
    if follows and follows[0] in currencies.MINOR:
        return Number(major.value + minor.value / 100, minor.stop + 1)
    plain = minor.value >= 10 and not found[at].after and not found[at].is_digits
    ends = not follows or found[minor.stop].after or follows == ("today",)
    if not plain or (linked and not ends) or ordinal_at(found, at) or _is_counted(follows):
        return Number(major.value, at)
    return Number(major.value + minor.value / 100, minor.stop)


def _undivided_word(found: tuple[Token, ...], at: int) -> tuple[str, ...]:
    """The word there; none after a comma or a sentence's end: "seven forty-two, thirty-first"."""
    return words(found, at, 1) if at < len(found) and not found[at].after else ()


def _is_counted(follows: tuple[str, ...]) -> bool:
    return bool(follows) and (follows[0] in _COUNTED or follows[0] in currencies.MAJOR)


def _is_rated(found: tuple[Token, ...], at: int) -> bool:
    """Whether "a month", "every fortnight", "weekly" follows at once."""
    follows = words(found, at, 2)
    if not follows or found[at].after == ".":
        return False
    if follows[0] in _LOOSE_RATES:
        return True
    return len(follows) == 2 and follows[0] in _RATE_WORDS and follows[1] in _RATE_UNITS


def _first_of_row(found: tuple[Token, ...], at: int) -> int:
    """Where the figures begin that lead up to this one: "ending three eight"."""
    while at > 0 and not found[at].after and number_at(found, at - 1) is not None:
        at -= 1
    return at


def _may_be_sum(found: tuple[Token, ...], at: int, number: Number) -> bool:
    """Whether a mere number may be a sum: nothing about it says time, count or place."""
    first = _first_of_row(found, at)
    before = words(found, first - 1, 1) if first else ()
    follows = _undivided_word(found, number.stop)
    if at > 1 and words(found, at - 2, 2) in _ENDS_IN:
        return False
    if number.value < LEAST or ordinal_at(found, at) or (before and before[0] in _PLACED):
        return False
    if before and before[0] in MONTHS and number.value <= 31 and not found[at].after:
        return False
    if follows and follows[0] in MONTHS and number.value > 31:
        return True
    return not _is_counted(follows) and follows != ("of",)
