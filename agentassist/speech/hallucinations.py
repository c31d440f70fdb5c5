"""Takes out what a recogniser makes up: words for silence, loops, words said twice at a cut.

Measured of Moonshine: silence and ring tones become "You", noise becomes the same few words
over and over, a cut in the middle of speech may give its word to both sides, and long
sentences come as if someone read them out of a book: "'So, to sum up.
"""

import re

_NOTHING_SAID = frozenset({"", "you", "i"})
_LONGEST_LOOP = 12
_LONGEST_REPEAT = 6
_COMMAS = re.compile(r",[\s,]*,")
_QUOTATION = re.compile(r"[\"“”]['‘’]?|(?<!\w)['‘](?=[\"“A-Z])")
_LETTERS = re.compile(r"[^\w']+")


def believable(text: str) -> str:
    """The text without loops and quotation marks; empty if it is what silence is heard as."""
    words = _without_loops(_COMMAS.sub(",", _QUOTATION.sub("", text)).split())
    if "".join(_plain(word) for word in words) in _NOTHING_SAID:
        return ""
    return " ".join(words)


def without_repeat(before: str, after: str) -> str:
    """What comes after a cut, without the words that ended what came before it."""
    ended = [_plain(word) for word in before.split()]
    words = after.split()
    begins = [_plain(word) for word in words]
    for length in range(min(_LONGEST_REPEAT, len(ended), len(begins)), 0, -1):
        if ended[-length:] == begins[:length]:
            return " ".join(words[length:])
    return after


def _plain(word: str) -> str:
    return _LETTERS.sub("", word).lower()


def _without_loops(words: list[str]) -> list[str]:
    """Every loop replaced by its first round."""
    plain = [_plain(word) for word in words]
    kept: list[str] = []
    place = 0
    while place < len(words):
        length, end = _loop(plain, place)
        kept += words[place : place + length]
        place = end
    return kept


def _loop(plain: list[str], place: int) -> tuple[int, int]:
    """Length of the loop's round there and where the loop ends; a word alone if it is none."""
    for length in range(1, min(_LONGEST_LOOP, (len(plain) - place) // 3) + 1):
        end = place + length
        while end < len(plain) and plain[end] == plain[end - length]:
            end += 1
        # People do say a word four times, and a few words twice.
        if end - place >= length * (5 if length == 1 else 3):
            return length, end
    return 1, place + 1
