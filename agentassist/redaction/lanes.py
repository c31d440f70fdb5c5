"""Digits across utterances -> the number that they are: a lane holds one number being read out.

Each party has a lane, and both share one for a number that they read out in turn.
"""

import re
from typing import NamedTuple

import msgspec

from agentassist.events import WordsHeard
from agentassist.redaction import checks
from agentassist.redaction.digits import Segment
from agentassist.redaction.tokens import Token
from agentassist.redaction.wording import NUMBER, NumberKind, wording

NEAR = 6
"""Words within which a name or the other half of a number belongs to its digits."""

PAUSE = 12.0
"""Seconds without speech after which a number is over."""

LONG = 5
"""Digits from which on they are hardly a sum."""

_CARD = 13
_PHONES = re.compile(
    r"(?:0\d{9,10}|1?8(?:00|33|44|55|66|77|88)\d{7}|1[38]00\d{6}|13\d{4}|116\d{3}|988|44\d{10})+"
)


class Mask(NamedTuple):
    """What stands for `text[start : end]`."""

    start: int
    end: int
    kind: str
    text: str


class Entry:
    """One utterance on its way through, with what is to be masked in it."""

    def __init__(self, event: WordsHeard, tokens: tuple[Token, ...]) -> None:
        self.event = event
        self.tokens = tokens
        self.masks: list[Mask] = []
        self.sent = False

    def mask(self, mask: Mask) -> None:
        """Masks overlap where two readings fit: the first one stands, stretched over both."""
        for place, other in enumerate(self.masks):
            if mask.start < other.end and other.start < mask.end:
                start, end = min(mask.start, other.start), max(mask.end, other.end)
                self.masks[place] = other._replace(start=start, end=end)
                return
        self.masks.append(mask)

    def is_masked(self, start: int, end: int) -> bool:
        return any(mask.start < end and start < mask.end for mask in self.masks)


class Piece(msgspec.Struct, frozen=True):
    """A part of a number in one utterance, with what the words before it say of it."""

    entry: Entry
    segment: Segment
    strict: bool
    """Whether only fillers stand between it and the part before."""
    open_end: bool
    """Whether only fillers follow it in its utterance."""
    tail: int
    """Words behind it in its utterance."""
    alone: bool
    """Whether its utterance holds it and fillers, and nothing else."""

    @property
    def is_masked(self) -> bool:
        return self.entry.is_masked(self.segment.start, self.segment.end)

    @property
    def is_read_out(self) -> bool:
        """Whether it was said as part of a longer number is said, and as no sum is."""
        segment = self.segment
        size = len(segment.digits)
        return self.alone or size >= LONG or (segment.by_digit and size >= 3)


class Lane:
    """One number as far as it was read out."""

    def __init__(self) -> None:
        self.pieces: list[Piece] = []
        self.kinds: tuple[NumberKind | None, ...] = ()
        """What it may be, most likely first: None where it may stay as it is."""
        self.is_named = False
        """Whether the words right before it say what it is."""
        self.ends_at = 0.0
        self.settled: tuple[NumberKind, str] | None = None

    @property
    def digits(self) -> str:
        return "".join(piece.segment.digits for piece in self.pieces)

    @property
    def groups(self) -> tuple[str, ...]:
        return tuple(group for piece in self.pieces for group in piece.segment.groups)

    @property
    def is_strict(self) -> bool:
        return all(piece.strict for piece in self.pieces[1:])

    def is_over(self, now: float) -> bool:
        return bool(self.pieces) and now - self.ends_at > PAUSE

    def waits(self) -> bool:
        """Whether what follows may tell that what was said must not be kept."""
        if not self.pieces or self.settled:
            return False
        last = self.pieces[-1]
        if last.tail > NEAR and not last.open_end:
            return False
        strict = self.is_strict and last.open_end
        if self.kinds[:1] not in ((), (None,)):
            return True
        return len(self.digits) >= (2 if strict else 4)

    def add(self, piece: Piece) -> None:
        self.pieces.append(piece)
        self.ends_at = max(self.ends_at, piece.entry.event.end)
        if self.settled:
            self._mask(piece)

    def settle(self, *, final: bool) -> NumberKind | None:
        """Masks the number once it is known to be one; returns its kind if that is now."""
        if self.settled or not self.pieces:
            return None
        verdict = self._verdict(final=final)
        if verdict is None:
            return None
        self.settled = verdict
        for piece in self.pieces:
            self._mask(piece)
        return verdict[0]

    def _mask(self, piece: Piece) -> None:
        assert self.settled is not None
        kind, text = self.settled
        start, end = piece.segment.start, piece.segment.end
        if kind.kind in _WITH_LETTERS:
            start, end = _with_letters(piece)
        if not piece.entry.sent:
            piece.entry.mask(Mask(start, end, kind.kind, text))

    def _verdict(self, *, final: bool) -> tuple[NumberKind, str] | None:
        digits = self.digits
        fitting = [kind for kind in self.kinds if kind and kind.fits(digits)]
        stays = self.kinds[:1] == (None,)
        if len(digits) >= _CARD and (long := self._long(digits, fitting, stays=stays)):
            return long
        if stays:
            return None
        now = final or not self.pieces[-1].open_end
        read_out = len(digits) >= 8 or all(piece.is_read_out for piece in self.pieces)
        if fitting and (self.is_named or read_out):
            kind = fitting[0]
            if now or kind.at_once or len(digits) == kind.most:
                return kind, _filled(kind.mask, digits)
        return self._by_form(digits) if final else None

    def _long(
        self, digits: str, fitting: list[NumberKind], *, stays: bool
    ) -> tuple[NumberKind, str] | None:
        known = wording().kinds
        other = [kind for kind in fitting if kind.kind != "card_number"]
        if other:
            return other[0], _filled(other[0].mask, digits)
        card = (known["card_number"], known["card_number"].mask)
        if checks.holds_card(digits) and not _is_phones(digits):
            return card
        loose = not (self.is_strict or self._is_read_as_card(digits))
        if stays or loose or _is_phones(digits) or _is_repeated(digits):
            return card if fitting and not stays else None
        starts_as_card = digits[0] in "23456" or fitting
        return card if starts_as_card else (known["bank_account"], _filled(NUMBER, digits))

    def _is_read_as_card(self, digits: str) -> bool:
        """Whether it is as long as most cards and was read out, though not without a word."""
        read_out = all(piece.is_read_out for piece in self.pieces)
        return read_out and digits[0] in "3456" and 15 <= len(digits) <= 19

    def _by_form(self, digits: str) -> tuple[NumberKind, str] | None:
        """Numbers that nobody named, known by how they are grouped and by their check digits."""
        known = wording().kinds
        sizes = tuple(len(group) for group in self.groups)
        if sizes == (3, 2, 4) and checks.social_security(digits) and self.is_strict:
            return known["social_security"], known["social_security"].mask
        if sizes == (4, 4, 4) and self.is_strict:
            if digits[0] in "23456789" and checks.verhoeff(digits):
                return known["national_id"], known["national_id"].mask
            if digits[0] in "3456":
                return known["card_number"], known["card_number"].mask
        return None


_WITH_LETTERS = frozenset({"national_insurance", "national_id", "iban"})


def _with_letters(piece: Piece) -> tuple[int, int]:
    """The part with the letters that stand beside its digits."""
    tokens, first, stop = piece.entry.tokens, piece.segment.first, piece.segment.stop
    while first > 0 and _is_letter(tokens[first - 1]):
        first -= 1
    while stop < len(tokens) and _is_letter(tokens[stop]):
        stop += 1
    return tokens[first].start, tokens[stop - 1].end


def _is_letter(token: Token) -> bool:
    return token.kind == "word" and (len(token.text) == 1 or token.text in wording().spelled)


def _filled(mask: str, digits: str) -> str:
    return mask.replace("{last}", digits[-4:])


def _is_phones(digits: str) -> bool:
    """Whether they are telephone numbers, one or several; no card begins so."""
    return _PHONES.fullmatch(digits) is not None


def _is_repeated(digits: str) -> bool:
    """Whether a shorter number was said twice or more."""
    return any(
        len(digits) % size == 0 and digits == digits[:size] * (len(digits) // size)
        for size in range(3, 12)
    )
