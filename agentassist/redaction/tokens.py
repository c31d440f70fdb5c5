"""Words, figures and masks of a text with where they stand, as redaction reads them.

Figures stay apart where a recogniser wrote them apart: whether "20-45-67" is a sort code or a
date is not for the tokens to say.
"""

import re
from functools import cache
from typing import Literal, NamedTuple, TypeAlias

from agentassist.redaction.wording import wording

Kind: TypeAlias = Literal["word", "figures", "sign", "mask"]


class Token(NamedTuple):
    """One token in lower case; `before` is what stands between it and the token before."""

    text: str
    start: int
    end: int
    kind: Kind
    before: str


@cache
def _pattern() -> re.Pattern[str]:
    masks = "|".join(wording().mask_patterns)
    return re.compile(
        rf"(?P<mask>\[(?:{masks})\])|(?P<figures>\d+)"
        r"|(?P<word>[^\W\d_]+(?:['’][^\W\d_]+)*)|(?P<sign>[£$€₹%])"
    )


def tokens(text: str) -> tuple[Token, ...]:
    """The tokens of a text in order. A mask is one token, whatever it says."""
    found: list[Token] = []
    stop = 0
    for match in _pattern().finditer(text):
        kind: Kind = match.lastgroup  # type: ignore[assignment]
        lower = match.group().lower().replace("’", "'")
        found.append(Token(lower, *match.span(), kind, text[stop : match.start()]))
        stop = match.end()
    return tuple(found)


def blanked(text: str) -> str:
    """The text with its masks and their words gone, character for character."""
    return _pattern().sub(lambda m: " " * len(m.group()) if m["mask"] else m.group(), text)
