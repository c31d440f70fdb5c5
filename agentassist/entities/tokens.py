"""Words, numbers and currency signs of a text, each with where it stands.

Hyphens part words, as recognisers write "twenty-seventh", "twenty seventh" and "to-day" alike.
"""

import re
from typing import NamedTuple

_TOKEN = re.compile(
    r"(?P<half>\b[AaPp]\.\s?[Mm]\b\.?)"
    r"|(?P<slashed>(?<![\d/])\d{1,2}/\d{1,2}(?:/\d{2,4})?(?![\d/])|(?<!\d)\d{4}-\d\d-\d\d(?!\d))"
    r"|(?P<clock>(?<!\d)\d{1,2}:\d\d)"
    r"|(?P<number>\d+(?:,\d{2,3})*(?:\.\d+)?)(?P<suffix>st|nd|rd|th|k|p|c|m|am|pm)?(?![^\W\d_])"
    r"|(?P<word>[^\W\d_]+(?:['’][^\W\d_]+)*)"
    r"|(?P<sign>[£$€₹₦₱₵¥฿%])"
)
_BREAK = re.compile(r"[.;:?!](?:\s|$)")


class Token(NamedTuple):
    """One word in lower case, digits without their commas, or a sign."""

    text: str
    start: int
    end: int
    after: str
    """What divides it from the token before: "" nothing, "," a comma, "." a sentence's end."""

    @property
    def is_digits(self) -> bool:
        return self.text[0].isdigit()


def tokens(text: str) -> tuple[Token, ...]:
    """The tokens of a text in order, with offsets into it."""
    found: list[Token] = []
    before = 0
    for match in _TOKEN.finditer(text):
        divider = _divider(text[before : match.start()])
        found.extend(_split(match, divider))
        before = match.end()
    return tuple(found)


def _split(match: re.Match[str], divider: str) -> list[Token]:
    if match["half"]:
        return [Token(f"{match['half'][0].lower()}m", *match.span(), divider)]
    if match["number"] is None or match["slashed"]:
        word = match.group().lower().replace("’", "'")
        return [Token(word, match.start(), match.end(), divider)]
    digits = Token(match["number"].replace(",", ""), match.start(), match.end("number"), divider)
    if match["suffix"] is None:
        return [digits]
    return [digits, Token(match["suffix"], match.end("number"), match.end(), "")]


def _divider(between: str) -> str:
    if _BREAK.search(between):
        return "."
    return "," if "," in between else ""


def words(found: tuple[Token, ...], start: int, count: int) -> tuple[str, ...]:
    """The texts of up to `count` tokens from `start`; fewer at the end."""
    return tuple(token.text for token in found[max(0, start) : max(0, start + count)])


def listed(words_: str) -> frozenset[str]:
    """A set of words, written with spaces between them."""
    return frozenset(words_.split())
