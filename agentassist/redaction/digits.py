"""Spoken and written digits of one utterance -> the numbers that are read out in it.

"double four", "oh", "forty-nine twenty-nine", "4929 1234" are digits; "two hundred and fifty
pounds", "£40", "the fifth", "10:30", "six weeks" are sums, days and measures and are not.
"""

from collections.abc import Iterator
from typing import NamedTuple

from agentassist.entities.numbers import ORDINALS
from agentassist.redaction.figures import LONGEST_SUM, Atom, written_at, written_stop
from agentassist.redaction.tokens import Token
from agentassist.redaction.wording import wording

_UNITS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
_TEENS = [
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
ONES = {word: str(value) for value, word in enumerate(_UNITS)} | dict.fromkeys(
    ("oh", "o", "nought", "naught", "nil", "ought"), "0"
)
ZEROS = frozenset({"oh", "o"})
"""Digits only beside others: else they are an exclamation."""
TEENS = {word: str(value) for value, word in enumerate(_TEENS, 10)}
TENS = {word: str(value) for value, word in enumerate(_TENS, 2)} | {"fourty": "4"}
_PLURALS = {"zeros": "0", "zeroes": "0", "noughts": "0", "ohs": "0"} | {
    f"{word}es" if word == "six" else f"{word}s": digit
    for word, digit in ONES.items()
    if digit != "0"
}
TIMES = {"double": 2, "dubble": 2, "triple": 3, "treble": 3, "quadruple": 4}

_COUNTED = frozenset({"the", "first", "next", "last", "other", "these", "those", "all"})
"""Before a small number: it counts digits and is none."""


class Segment(NamedTuple):
    """Digits in a row with nothing but fillers between them: `text[start : end]`."""

    digits: str
    groups: tuple[str, ...]
    """As they were read: parted by a comma, a filler, or a space between figures."""
    first: int
    stop: int
    start: int
    end: int
    by_digit: bool
    """Whether it was read digit by digit, as no sum is."""


def segments(tokens: tuple[Token, ...]) -> list[Segment]:
    """All numbers read out digit by digit or group by group, in order."""
    found: list[list[Atom]] = []
    for row in _rows(tokens):
        if found and _linked(tokens, found[-1][-1].stop, row[0].first):
            found[-1] += row
        else:
            found.append([*row])
    return [_segment(tokens, row) for row in found]


def _segment(tokens: tuple[Token, ...], atoms: list[Atom]) -> Segment:
    groups: list[str] = []
    for place, atom in enumerate(atoms):
        before = tokens[atom.first].before
        written = tokens[atom.first].kind == "figures"
        apart = place and (atom.first > atoms[place - 1].stop or written or before.strip(" -"))
        if apart or not groups:
            groups.append(atom.digits)
        else:
            groups[-1] += atom.digits
    first, stop = atoms[0].first, atoms[-1].stop
    digits = "".join(atom.digits for atom in atoms)
    by_digit = all(_is_single(tokens, atom) for atom in atoms)
    start, end = tokens[first].start, tokens[stop - 1].end
    return Segment(digits, tuple(groups), first, stop, start, end, by_digit)


def _is_single(tokens: tuple[Token, ...], atom: Atom) -> bool:
    return len(atom.digits) == 1 or tokens[atom.first].text in TIMES


def _linked(tokens: tuple[Token, ...], stop: int, first: int) -> bool:
    """Whether nothing but fillers stands between."""
    return first - stop <= 8 and all(is_filler(token) for token in tokens[stop:first])


def is_filler(token: Token) -> bool:
    """Whether it may stand between the groups of one number."""
    return token.kind == "word" and token.text in wording().fillers


def _rows(tokens: tuple[Token, ...]) -> Iterator[list[Atom]]:
    """Digits right behind each other, without those that are sums, days or measures."""
    at, row = 0, list[Atom]()
    while at < len(tokens):
        atom = digits_at(tokens, at)
        if atom and row and row[-1].stop != at:
            yield from _kept(tokens, row)
            row = []
        if atom:
            row.append(atom)
            at = atom.stop
        elif tokens[at].text in wording().scales:
            joined = bool(row) and row[-1].stop == at
            if joined and _is_zeros(tokens, row, at):
                zeros = wording().scales[tokens[at].text]
                row[-1] = Atom(row[-1].digits + zeros, row[-1].first, at + 1)
                at += 1
                continue
            if joined:
                row.pop()
            at = _sum_stop(tokens, at)
        else:
            at = max(at + 1, written_stop(tokens, at))
    yield from _kept(tokens, row)


def _is_zeros(tokens: tuple[Token, ...], row: list[Atom], at: int) -> bool:
    """Whether "fifty-five hundred" is read out, as in a card's number, and is no sum."""
    following = tokens[at + 1] if at + 1 < len(tokens) else None
    if sum(len(atom.digits) for atom in row) > LONGEST_SUM or row[0].digits == "0":
        return True
    return following is not None and ONES.get(following.text) == "0"


def _kept(tokens: tuple[Token, ...], row: list[Atom]) -> Iterator[list[Atom]]:
    if len(row) == 1 and row[0].first and _is_pronoun(tokens, row[0]):
        row = []
    if row and _is_measure(tokens, row):
        last = max((p for p in range(1, len(row)) if _comma(tokens, row[p].first)), default=0)
        row = row[:last]
    if row:
        yield row


def _is_pronoun(tokens: tuple[Token, ...], atom: Atom) -> bool:
    """As in "that's the one", "the next four?"."""
    before, text = tokens[atom.first - 1].text, tokens[atom.first].text
    if text == "one" and before in {"that", "this", "which", "no"}:
        return True
    return text in {"one", "two", "three", "four"} and before in _COUNTED


def _comma(tokens: tuple[Token, ...], at: int) -> bool:
    return bool(tokens[at].before.strip(" -"))


def _is_measure(tokens: tuple[Token, ...], row: list[Atom]) -> bool:
    """Whether a unit or a month beside it makes it a sum, a measure or a day."""
    if sum(len(atom.digits) for atom in row) > LONGEST_SUM:
        return False
    known = wording()
    after = [token.text for token in tokens[row[-1].stop : row[-1].stop + 2]]
    before = [token.text for token in tokens[max(0, row[0].first - 2) : row[0].first]]
    if tokens[row[0].first - 1 : row[0].first] and tokens[row[0].first - 1].kind == "sign":
        return True
    near = after[:1] and not _parted(tokens, row[-1].stop)
    if near and (after[0] in known.units or after[0] in known.months or after[0] == "%"):
        return True
    if near and after[0] in {"a", "per", "each", "every"} and after[1:] and after[1] in known.units:
        return True
    if near and after[0] == "of" and after[1:] and after[1] in known.months:
        return True
    return bool(before) and before[-1] in known.months and not _parted(tokens, row[0].first)


def _parted(tokens: tuple[Token, ...], at: int) -> bool:
    """Whether a sentence ends before that token."""
    return any(mark in tokens[at].before for mark in ".;!?…")


def digits_at(tokens: tuple[Token, ...], at: int) -> Atom | None:
    """The digits that begin with token `at`; None where none do, or a sum does."""
    token = tokens[at]
    if token.kind == "figures":
        return written_at(tokens, at)
    if token.kind != "word":
        return None
    text = token.text
    if text in TIMES:
        return _repeated(tokens, at)
    plural = _PLURALS.get(_close(tokens, at + 1), "")
    if plural and ONES.get(text, "0") >= "2":
        return Atom(plural * int(ONES[text]), at, at + 2)
    if text in ONES:
        return Atom(ONES[text], at, at + 1) if _is_digit_word(tokens, at) else None
    if text in TEENS:
        return Atom(TEENS[text], at, at + 1)
    if text not in TENS:
        return None
    following = _close(tokens, at + 1)
    if following in ORDINALS:
        return None
    below = ONES.get(following, "0")
    if below != "0":
        return Atom(TENS[text] + below, at, at + 2)
    return Atom(TENS[text] + "0", at, at + 1)


def _is_digit_word(tokens: tuple[Token, ...], at: int) -> bool:
    """Whether the word is a digit here: "oh" and "o" are beside others only."""
    if tokens[at].text not in ZEROS:
        return True
    near = [tokens[place] for place in (at - 1, at + 1) if 0 <= place < len(tokens)]
    before = next((token for token in reversed(tokens[:at]) if not is_filler(token)), None)
    after = next((token for token in tokens[at + 1 :] if not is_filler(token)), None)
    beside = any(_says_digits(token) for token in near)
    return beside or (_says_digits(before) and (after is None or _says_digits(after)))


def _says_digits(token: Token | None) -> bool:
    known = ONES.keys() | TEENS.keys() | TENS.keys() | TIMES.keys()
    return token is not None and (token.text in known or token.kind == "figures")


def _repeated(tokens: tuple[Token, ...], at: int) -> Atom | None:
    """As "double four", "triple 2"."""
    following = tokens[at + 1] if at + 1 < len(tokens) else None
    if following is None:
        return None
    digit = ONES.get(following.text) or (following.text if len(following.text) == 1 else "")
    if not digit.isdigit():
        return None
    return Atom(digit * TIMES[tokens[at].text], at, at + 2)


def _close(tokens: tuple[Token, ...], at: int) -> str:
    """The token's text, if no more than a space or hyphen divides it from the one before."""
    return tokens[at].text if at < len(tokens) and tokens[at].before in {" ", "-"} else ""


def _sum_stop(tokens: tuple[Token, ...], at: int) -> int:
    """Where a number with a scale ends: "hundred", "hundred and fifty", "thousand two hundred"."""
    while True:
        at += 1
        if at < len(tokens) and tokens[at].text == "and":
            at += 1
        rest = digits_at(tokens, at) if at < len(tokens) else None
        if rest and len(rest.digits) <= 2 and not _comma(tokens, at):
            at = rest.stop
        if at >= len(tokens) or tokens[at].text not in wording().scales:
            return at
