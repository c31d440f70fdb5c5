"""Phrases as patterns: one normal form of speech, searched in linear time.

Recognisers differ in case, punctuation and apostrophes; a rule must not. So patterns are
searched in a normal form - lower case, straight apostrophes, single spaces, no punctuation
but currency signs and what stands inside a number - and what is found is told in offsets of
the text as it was.
"""

import re
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import NamedTuple

import msgspec
import re2

# Kept: letters, digits, apostrophes inside words, currency signs, and . , : inside numbers.
_TOKEN = re.compile(r"[£$€₹%]|\d+(?:[.,:]\d+)*|[^\W\d_]+(?:['’][^\W\d_]+)*'?")
_TERM = re.compile(r"\{([a-z_]+)\}")


class Span(NamedTuple):
    """Half-open character range of a text."""

    start: int
    end: int

    def overlaps(self, other: "Span") -> bool:
        return self.start < other.end and other.start < self.end


class Normal(msgspec.Struct, frozen=True):
    """A text's normal form, with where each of its characters came from."""

    text: str
    origin: tuple[int, ...]

    def original(self, span: Span) -> Span:
        """The span of the original text that a span of the normal form came from."""
        return Span(self.origin[span.start], self.origin[span.end - 1] + 1)


def normalise(text: str) -> Normal:
    """Lower-cased words and numbers of a text, one space apart."""
    characters: list[str] = []
    origin: list[int] = []
    for token in _TOKEN.finditer(text):
        if characters:
            characters.append(" ")
            origin.append(token.start())
        for place, character in enumerate(token.group().replace("’", "'"), token.start()):
            lower = character.lower()
            characters.append(lower[0])
            origin.append(place)
    return Normal("".join(characters), tuple(origin))


class PhraseError(ValueError):
    """A pattern that can't be read; the message says why."""


def expand(pattern: str, terms: Mapping[str, str]) -> str:
    """A pattern with each `{term}` replaced by what the pack defines it to be."""

    def term(match: re.Match[str]) -> str:
        name = match.group(1)
        if name not in terms:
            known = ", ".join(sorted(terms)) or "none are defined"
            raise PhraseError(f"no term {{{name}}}; terms: {known}")
        return f"(?:{expand(terms[name], terms)})"

    try:
        return _TERM.sub(term, pattern)
    except RecursionError:
        raise PhraseError("terms refer to each other in a circle") from None


class Phrases:
    """Alternative patterns searched as one, each from word start to word end."""

    def __init__(self, patterns: Iterable[str], terms: Mapping[str, str] | None = None) -> None:
        self.patterns = tuple(expand(pattern, terms or {}) for pattern in patterns)

    def check(self) -> None:
        """Raises `PhraseError` naming the first pattern that RE2 can't read."""
        for pattern in self.patterns:
            _compile(pattern)

    @cached_property
    def _pattern(self) -> "re2._Regexp":
        return _compile("|".join(f"(?:{pattern})" for pattern in self.patterns))

    def find(self, normal: Normal) -> list[Span]:
        """All matches, as spans of the normal form, first to last."""
        if not self.patterns:
            return []
        return [Span(*match.span(1)) for match in self._pattern.finditer(normal.text)]

    def __bool__(self) -> bool:
        return bool(self.patterns)


def _compile(pattern: str) -> "re2._Regexp":
    """The pattern between spaces: the normal form has no other edges of words."""
    options = re2.Options()
    options.log_errors = False
    try:
        return re2.compile(f"(?:^| )({pattern})(?: |$)", options)
    except re2.error as error:
        reason = error.args[0]
        text = reason.decode() if isinstance(reason, bytes) else str(reason)
        raise PhraseError(f"{pattern!r} is not a pattern: {text.split(':')[0]}") from None
