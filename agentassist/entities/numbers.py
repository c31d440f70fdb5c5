"""Spoken and written numbers -> values: "two and a half thousand", "a hundred and twenty", 1,200.

A number is read from its first token as far as it goes on being one number, so that "twenty
thirty" is two and "three hundred and five" is one.
"""

from decimal import Decimal
from typing import NamedTuple

from agentassist.entities.tokens import Token

_UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen"
    " fifteen sixteen seventeen eighteen nineteen"
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
UNITS = {word: value for value, word in enumerate(_UNITS.split())}
TENS = {word: value for value, word in enumerate(_TENS.split(), start=2)}
SCALES = {
    "hundred": 100,
    "thousand": 1000,
    "grand": 1000,
    "k": 1000,
    "lakh": 100_000,
    "lakhs": 100_000,
    "million": 1_000_000,
    "mil": 1_000_000,
    "m": 1_000_000,
    "crore": 10_000_000,
    "crores": 10_000_000,
}
LAKH = 100_000
_ODD_ORDINALS = {
    "first": 1,
    "second": 2,
    "third": 3,
    "fifth": 5,
    "eighth": 8,
    "ninth": 9,
    "twelfth": 12,
}
ORDINALS = (
    {f"{word}th": value for word, value in UNITS.items()}
    | {f"{word[:-1]}ieth": value * 10 for word, value in TENS.items()}
    | _ODD_ORDINALS
)


_VAGUE = {"few", "several", "some", "many", "odd", "of"}
"""Before a hundred, it tells how many of them no more than roughly."""


class Number(NamedTuple):
    """A value and the token after its last."""

    value: Decimal
    stop: int


def number_at(found: tuple[Token, ...], at: int) -> Number | None:
    """The cardinal that begins with token `at`, as far as it goes; None where none does."""
    if (half := _half_at(found, at)) is not None:
        return half
    first = _article_at(found, at) or _simple_at(found, at) or _hundred_at(found, at)
    if first is None:
        return None
    return _scaled(found, _with_decimals(found, first))


def _half_at(found: tuple[Token, ...], at: int) -> Number | None:
    """As "half a grand", "half a million"."""
    if at < len(found) and found[at].text == "half" and _next(found, at + 1) == "a":
        scale = SCALES.get(_next(found, at + 2), 0)
        return Number(Decimal(scale) / 2, at + 3) if scale else None
    return None


def _with_decimals(found: tuple[Token, ...], number: Number) -> Number:
    """As "two point four", digit by digit."""
    if _undivided(found, number.stop) != "point":
        return number
    digits, at = "", number.stop + 1
    while (word := _undivided(found, at)) in UNITS and UNITS[word] < 10:
        digits, at = digits + str(UNITS[word]), at + 1
    return Number(number.value + Decimal(f"0.{digits}"), at) if digits else number


def ordinal_at(found: tuple[Token, ...], at: int) -> Number | None:
    """As "the twenty-seventh", "27th", "first": the value, the token after."""
    if at >= len(found):
        return None
    token = found[at]
    if token.is_digits:
        suffixed = _joined(found, at + 1) in {"st", "nd", "rd", "th"}
        return Number(Decimal(token.text), at + 2) if suffixed else None
    tens = TENS.get(token.text, 0) * 10 or _tens_ordinal(token.text)
    below = ORDINALS.get(_next(found, at + 1), 0)
    if tens and 0 < below < 10:
        return Number(Decimal(tens + below), at + 2)
    value = ORDINALS.get(token.text)
    return Number(Decimal(value), at + 1) if value else None


def _tens_ordinal(word: str) -> int:
    """Recognisers hear "twentieth, seventh" for "twenty-seventh"."""
    value = ORDINALS.get(word, 0)
    return value if value in {20, 30} else 0


def _joined(found: tuple[Token, ...], at: int) -> str:
    """The token's text, if nothing divides it from the one before."""
    if at < len(found) and found[at].start == found[at - 1].end:
        return found[at].text
    return ""


def _next(found: tuple[Token, ...], at: int) -> str:
    """The token's text, or "" past the end or past the end of a sentence."""
    if at < len(found) and found[at].after != ".":
        return found[at].text
    return ""


def _article_at(found: tuple[Token, ...], at: int) -> Number | None:
    """As "a hundred", "a thousand", "a couple of hundred"; the scale itself is read later."""
    if at >= len(found) or found[at].text not in {"a", "one"}:
        return None
    if _next(found, at + 1) in SCALES and _next(found, at + 1) not in {"k", "grand"}:
        return Number(Decimal(1), at + 1)
    couple = tuple(_next(found, at + step) for step in (1, 2))
    scale = at + 2 + (couple == ("couple", "of"))
    if couple[0] == "couple" and _next(found, scale) in SCALES:
        return Number(Decimal(2), scale)
    return None


def _hundred_at(found: tuple[Token, ...], at: int) -> Number | None:
    """A bare one, as "hundred and fifty today"; "a few hundred" is no number."""
    if at >= len(found) or found[at].text != "hundred":
        return None
    if at > 0 and not found[at].after and found[at - 1].text in _VAGUE:
        return None
    return Number(*_with_rest(found, Decimal(100), at + 1, Decimal(100)))


def _simple_at(found: tuple[Token, ...], at: int) -> Number | None:
    """Digits, or a number below a hundred in words."""
    if at >= len(found):
        return None
    token = found[at]
    if token.is_digits:
        is_number = not {":", "/", "-"} & set(token.text)
        return Number(Decimal(token.text), at + 1) if is_number else None
    if token.text in UNITS:
        return Number(Decimal(UNITS[token.text]), at + 1)
    if token.text not in TENS:
        return None
    tens = TENS[token.text] * 10
    below = UNITS.get(_undivided(found, at + 1), 0)
    if 0 < below < 10:
        return Number(Decimal(tens + below), at + 2)
    return Number(Decimal(tens), at + 1)


def _undivided(found: tuple[Token, ...], at: int) -> str:
    """The token's text, or "" after a comma or a sentence's end."""
    return found[at].text if at < len(found) and not found[at].after else ""


def _scaled(found: tuple[Token, ...], first: Number) -> Number:
    """Goes on from a number below a hundred: "... thousand three hundred and five".

    "One lakh thirty" is one lakh thirty thousand.
    """
    total, group, at = Decimal(0), first.value, first.stop
    group, at = _halved(found, group, at)
    least = Decimal(10) ** 12
    while (scale := SCALES.get(_undivided(found, at), 0)) and scale < least:
        at += 1
        if scale == 100:
            group *= 100
            group, at = _with_rest(found, group, at, Decimal(100))
            continue
        total, group, least = total + group * scale, Decimal(0), Decimal(scale)
        rest = _rest_at(found, at)
        if rest is None or rest.value >= scale:
            break
        group, at = rest
    if least == LAKH and 0 < group < 100:
        group *= 1000
    return Number(total + group, at)


def _halved(found: tuple[Token, ...], value: Decimal, at: int) -> tuple[Decimal, int]:
    """As "two and a half thousand": the half counts only before a scale."""
    words = tuple(_next(found, at + step) for step in range(4))
    if words[:3] == ("and", "a", "half") and words[3] in SCALES:
        return value + Decimal("0.5"), at + 3
    return value, at


def _with_rest(
    found: tuple[Token, ...], group: Decimal, at: int, below: Decimal
) -> tuple[Decimal, int]:
    """After "hundred": nothing past a comma, as in "fifty-eight hundred, two pieces"."""
    rest = _rest_at(found, at) if _undivided(found, at) else None
    if rest is None or rest.value >= below:
        return group, at
    return group + rest.value, rest.stop


def _rest_at(found: tuple[Token, ...], at: int) -> Number | None:
    """What may follow a scale: "and fifty", "three", "a hundred"; never past a sentence."""
    if _next(found, at) == "and":
        at += 1
    if at >= len(found) or found[at].after == "." or found[at].is_digits:
        return None
    article = _article_at(found, at) if found[at].text == "one" else None
    return article or _simple_at(found, at)
