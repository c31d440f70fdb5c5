"""Numbers with letters in them, as spelled on a telephone, found by their form and check digits.

"Q Q twelve thirty-four fifty-six C", "GB29 NWBK ...", "S for sugar one two three ...".
"""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from agentassist.redaction import checks
from agentassist.redaction.digits import digits_at, is_filler
from agentassist.redaction.tokens import Token
from agentassist.redaction.wording import wording

Check = Callable[[str], bool]


class Spelled(NamedTuple):
    """A number found: its kind and its signs, in `text[start : end]`."""

    kind: str
    code: str
    start: int
    end: int


_FORMS: tuple[tuple[str, re.Pattern[str], Check], ...] = (
    ("iban", re.compile(r"[a-z]{2}\d{2}[a-z0-9]{11,30}"), checks.iban),
    # Two letters, six digits, A to D (HMRC manual NIM39110). Prefixes never given out count too:
    # people mishear letters.
    ("national_insurance", re.compile(r"[a-z]{2}\d{6}[a-d]"), lambda _: True),
    ("national_id", re.compile(r"[stfgm]\d{7}[a-z]"), checks.nric),
    ("national_id", re.compile(r"\d{7}[a-w][a-i]?"), checks.pps),
    ("national_id", re.compile(r"[b-hj-z]{1,2}\d{6}[0-9a]"), checks.hkid),
    ("national_id", re.compile(r"[a-z]{3}[abcfghljpt][a-z]\d{4}[a-z]"), lambda _: True),
)


def _ends_in_word(tokens: tuple[Token, ...], run: list["_Sign"]) -> bool:
    """Whether the last letter is the word "I" or "a", behind a filler and before other words."""
    last = tokens[run[-1].first].text if run else ""
    return len(run) > 1 and last in {"i", "a"} and is_filler(tokens[run[-1].first - 1])


class _Sign(NamedTuple):
    text: str
    first: int
    stop: int


def found(text: str, tokens: tuple[Token, ...]) -> list[Spelled]:
    """All numbers of such a form, in order, none inside another."""
    hits: list[Spelled] = []
    for run in _runs(text, tokens):
        at = 0
        while at < len(run):
            hit = _at(run, at)
            if hit is None:
                at += 1
                continue
            kind, code, stop = hit
            last = _glossed(tokens, run[stop - 1])
            start, end = tokens[run[at].first].start, tokens[last - 1].end
            hits.append(Spelled(kind, code, start, end))
            at = stop
    return hits


def _at(run: list[_Sign], at: int) -> tuple[str, str, int] | None:
    """The number that begins with that sign and ends with a whole one."""
    rest = run[at:]
    compact = "".join(sign.text for sign in rest)
    ends: list[int] = []
    for sign in rest:
        ends.append((ends[-1] if ends else 0) + len(sign.text))
    for kind, form, check in _FORMS:
        match = form.match(compact)
        if match is None:
            continue
        code = match.group()
        if kind == "iban":
            code = code[: wording().iban_lengths.get(code[:2], 0)]
        cut = at > 0 and code[:1].isdigit() and run[at - 1].text.isdigit()
        if not cut and len(code) in ends and form.fullmatch(code) and check(code):
            stop = ends.index(len(code)) + 1
            whole = kind == "iban" or (at == 0 and stop == len(run)) or not rest[stop : stop + 1]
            if whole or not rest[stop].text.isdigit():
                return kind, code, at + stop
    return None


def _runs(text: str, tokens: tuple[Token, ...]) -> Iterator[list[_Sign]]:
    """Letters and digits in a row, with nothing but fillers between."""
    at, run, skipped = 0, list[_Sign](), 0
    while at < len(tokens):
        sign = _sign_at(text, tokens, at)
        if sign:
            run.append(sign)
            at, skipped = _glossed(tokens, sign), 0
        elif is_filler(tokens[at]) and skipped < 3:
            at, skipped = at + 1, skipped + 1
        else:
            yield run[: -1 if _ends_in_word(tokens, run) else None]
            at, run, skipped = at + 1, [], 0
    yield run


def _sign_at(text: str, tokens: tuple[Token, ...], at: int) -> _Sign | None:
    token = tokens[at]
    if token.kind == "figures":
        return _Sign(token.text, at, at + 1)
    if token.kind != "word":
        return None
    if digits := digits_at(tokens, at):
        return _Sign(digits.digits, at, digits.stop)
    if token.text in {"double", "triple", "treble"} and at + 1 < len(tokens):
        letter = tokens[at + 1].text
        times = 2 if token.text == "double" else 3
        return _Sign(letter * times, at, at + 2) if len(letter) == 1 else None
    joined = (not token.before and at > 0 and tokens[at - 1].kind == "figures") or (
        at + 1 < len(tokens) and not tokens[at + 1].before and tokens[at + 1].kind == "figures"
    )
    capitals = text[token.start : token.end].isupper() and len(token.text) <= 6
    if token.text.isascii() and (len(token.text) == 1 or capitals or joined):
        return _Sign(token.text, at, at + 1)
    letter = wording().spelled.get(token.text, "")
    return _Sign(letter, at, at + 1) if letter else None


def _glossed(tokens: tuple[Token, ...], sign: _Sign) -> int:
    """The token behind a letter and the word that tells it: "S for sugar", "B as in boy"."""
    words = [token.text for token in tokens[sign.stop : sign.stop + 3]]
    if len(sign.text) == 1 and sign.text.isalpha():
        told = 2 if words[:1] in (["for"], ["like"]) else 3 if words[:2] == ["as", "in"] else 0
        stop = sign.stop + told
        if told and stop <= len(tokens):
            joined = stop < len(tokens) and tokens[stop].before == "-"
            return stop + joined
    return sign.stop
