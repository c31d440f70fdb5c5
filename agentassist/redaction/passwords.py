"""Passwords: told in a sentence, or given as the answer to being asked for one."""

import re
from typing import NamedTuple

from agentassist.redaction.tokens import Token, blanked, tokens
from agentassist.redaction.wording import spans, wording

MOST_WORDS = 5
"""A longer answer is a story, not a password."""

_SENTENCE = re.compile(r"[^.?!…]+[.?!…]*")


class Stretch(NamedTuple):
    """`text[start : end]`."""

    start: int
    end: int


def is_asked(text: str) -> bool:
    """Whether the words ask the other party for a password."""
    return any(
        spans(wording().password_asked, sentence.group()) for sentence in _SENTENCE.finditer(text)
    )


def told(text: str) -> list[Stretch]:
    """Passwords told in so many words, as "my password is ..."."""
    found = []
    for span in spans(wording().password_said, blanked(text)):
        rest = _SENTENCE.match(text, span.end)
        word = _word(text, span.end, rest.end(), lead=True) if rest else None
        if word:
            found.append(word)
    return found


def answered(text: str) -> Stretch | None:
    """The password in the answer to being asked for it; None where the answer holds none."""
    for sentence in _SENTENCE.finditer(text):
        words = tokens(sentence.group())
        if any(token.kind == "mask" for token in words) or sentence.group().rstrip().endswith("?"):
            return None
        led = bool(words) and words[0].text in {"it's", "make", "its", "put", "use"}
        rest = [token for token in words if token.text not in wording().password_lead]
        if rest:
            return _word(text, sentence.start(), sentence.end(), lead=led)
    return None


def _word(text: str, start: int, end: int, *, lead: bool) -> Stretch | None:
    """The word itself in `text[start : end]`, past what leads to it."""
    words = list(tokens(text[start:end]))
    while words and words[0].text in wording().password_lead:
        words.pop(0)
    words = _whole(words)
    if not words or any(token.text in wording().password_not for token in words[:4]):
        return None
    if any(token.kind == "mask" for token in words) or len(words) > (
        MOST_WORDS + 3 if lead else MOST_WORDS - 2
    ):
        return None
    return Stretch(start + words[0].start, start + words[-1].end)


def _whole(words: list[Token]) -> list[Token]:
    """The words up to where the sentence goes on with something else."""
    for place, token in enumerate(words):
        goes_on = token.text in {"and", "but", "because", "if", "so", "with"}
        if place and (goes_on or ("," in token.before and len(words) > MOST_WORDS)):
            return words[:place]
    return words
