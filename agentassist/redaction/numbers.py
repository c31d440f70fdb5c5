"""Numbers that are being read out: which digits belong together, what they are, when they end."""

from typing import NamedTuple

from agentassist.phrases import Span
from agentassist.redaction import births
from agentassist.redaction.asked import Named, Questions, named
from agentassist.redaction.digits import Segment, is_filler, segments
from agentassist.redaction.lanes import NEAR, Entry, Lane, Mask, Piece
from agentassist.redaction.naming import beside, is_answered, name_of
from agentassist.redaction.tokens import Token
from agentassist.redaction.wording import NumberKind, spans, wording
from agentassist.vocabulary import PARTIES, Party

STORY = 8
"""Words of the other party from which on a number being read out is over, but for those that
speak of its digits."""

AGAIN = 90.0
"""Seconds within which digits that were masked are said back."""

HALF = 8
"""Digits from which on the last four of a number are those still to come."""

LONG_NUMBER = 13
"""Digits from which on a group of three says a number back."""


class Numbers:
    """The numbers of a call, utterance by utterance."""

    def __init__(self) -> None:
        self._questions = Questions()
        self._lanes: dict[Party | None, Lane] = {lane: Lane() for lane in (*PARTIES, None)}
        self._told: list[_Told] = []
        self._recent: list[Entry] = []

    def take(self, entry: Entry, words: str) -> None:
        """The digits of an utterance; `words` are its text without masks."""
        event = entry.event
        near_card = " card" in words.lower() or self._questions.near_card(event.end)
        self._recent = [*(old for old in self._recent if not old.sent), entry]
        self._told = [told for told in self._told if event.start - told.at < AGAIN]
        self._numbers(entry, named(words, near_card=near_card))

    def answered(self, kind: NumberKind, entry: Entry) -> None:
        """A number of that kind was found otherwise."""
        self._questions.answer(kind, entry.event.party, entry.event.end)

    def pass_time(self, now: float) -> None:
        """Ends the numbers of which nothing was heard for long."""
        for key, lane in self._lanes.items():
            if lane.is_over(now):
                self._close(key)

    def speaks(self, party: Party, now: float) -> None:
        """A party began to speak: a number goes on until the words are known."""
        for key in (party, None):
            lane = self._lanes[key]
            if lane.pieces and not lane.is_over(now):
                lane.ends_at = max(lane.ends_at, now)

    def end(self) -> None:
        """Nothing more comes: every number is whole."""
        for key in self._lanes:
            self._close(key)

    def cut(self, most: int) -> None:
        """Enough waited: numbers of more digits than `most` are masked, the others let go."""
        card = wording().kinds["card_number"]
        for key, lane in self._lanes.items():
            if lane.waits() and lane.settle(final=True) is None and len(lane.digits) > most:
                lane.kinds = (card,)
                lane.settle(final=True)
            self._close(key)

    def waiting(self) -> set[int]:
        """Ids of the entries that what follows may still change."""
        lanes = (lane for lane in self._lanes.values() if lane.waits())
        pieces = (piece for lane in lanes for piece in lane.pieces)
        return {id(piece.entry) for piece in pieces if not piece.is_masked}

    def is_guarded(self, party: Party, now: float) -> bool:
        """Whether digits that must not be kept may be in the words being said."""
        return self._questions.is_open(now) or bool(self._lanes[party].pieces)

    def _numbers(self, entry: Entry, names: list[Named]) -> None:
        event = entry.event
        found = [s for s in segments(entry.tokens) if not entry.is_masked(s.start, s.end)]
        self._interlude(entry, names, found)
        used: set[int] = set()
        before = 0
        for place, segment in enumerate(found):
            after = found[place + 1].start if place + 1 < len(found) else len(event.text)
            within = any(n.start <= segment.start and segment.end <= n.end for n in names)
            if within and len(segment.digits) < 3:
                continue
            if any(_mask_again(entry, segment, told) for told in self._told):
                continue
            name = name_of(entry, segment, before, after, names)
            if name:
                used.add(name.start)
            own = self._lanes[event.party]
            if name and name.ending and (len(own.digits) >= 4 or own.settled):
                name = None
            self._segment(entry, segment, before, name)
            before = segment.stop
        self._months(entry, names)
        if not entry.masks and len(entry.tokens) > 3 and not used:
            self._questions.pass_by(event.end)
        last = found[-1].end if found else 0
        for name in names:
            answered = any(mask.start >= name.end for mask in entry.masks)
            answered = answered or name.start in used or is_answered(entry, name)
            if name.end >= last and not answered and self._is_question(name, entry):
                self._questions.ask(name, event.party, event.end)

    def _interlude(self, entry: Entry, names: list[Named], found: list[Segment]) -> None:
        """Words without digits: a number goes on after a few of them, not after a story."""
        count = len(entry.tokens) - sum(s.stop - s.first for s in found)
        masked = any(token.kind == "mask" for token in entry.tokens)
        own, other = entry.event.party, _other(entry.event.party)
        most = STORY + (NEAR if spans(wording().carry_on, entry.event.text) else 0)
        if masked or (not found and any(self._is_question(name, entry) for name in names)):
            most = -1
        if count > most:
            self._close(other)
            self._close(None)
        if not found and count > min(most, NEAR):
            self._close(own)

    def _is_question(self, name: Named, entry: Entry) -> bool:
        """Whether the words ask for a number: those that may stay are also said in passing."""
        if name.ending:
            other = self._lanes[_other(entry.event.party)]
            return not (other.settled or len(other.digits) >= HALF)
        if name.kind:
            return True
        goes_on = spans(wording().carry_on, entry.event.text)
        return "?" in entry.event.text and not (
            goes_on or self._questions.wants_card(entry.event.end)
        )

    def _segment(self, entry: Entry, segment: Segment, before: int, name: Named | None) -> None:
        lead = entry.tokens[before : segment.first]
        strict = all(is_filler(token) for token in lead)
        ends = entry.tokens[segment.stop :]
        open_end = all(is_filler(token) for token in ends)
        alone = open_end and strict and before == 0
        piece = Piece(entry, segment, strict, open_end, len(ends), alone)
        own, both = self._lanes[entry.event.party], self._lanes[None]
        if not name and not self._counts(piece, own):
            return
        if name or not own.pieces or (not strict and len(lead) > NEAR) or _blocked(lead):
            self._open(entry.event.party, piece, name)
        else:
            own.add(piece)
        self._together(both, piece, name)
        for key in (entry.event.party, None):
            self._settle(self._lanes[key], final=False)

    def _counts(self, piece: Piece, own: Lane) -> bool:
        """Whether the digits may be part of a longer number: "two kids" are not."""
        if piece.is_read_out or (own.pieces and own.pieces[-1].open_end and piece.strict):
            return True
        asked = self._questions.near_card(piece.entry.event.end)
        return asked and len(piece.segment.digits) >= 4

    def _open(self, party: Party, piece: Piece, name: Named | None) -> None:
        self._close(party)
        lane = self._lanes[party]
        if name:
            lane.kinds = (name.kind,)
            near = piece.entry.tokens[: piece.segment.first]
            near = tuple(token for token in near if token.start >= name.end)
            lane.is_named = len(near) <= 3 or piece.is_read_out
        else:
            lane.kinds = tuple(self._questions.standing(party, piece.entry.event.end))
            answers = piece.open_end and piece.segment.first <= 3 and len(piece.segment.digits) >= 3
            lane.is_named = bool(
                answers and lane.kinds and lane.kinds[0] and not lane.kinds[0].at_once
            )
        lane.add(piece)

    def _together(self, both: Lane, piece: Piece, name: Named | None) -> None:
        """The number that both read out in turn; what one says back to the other is left out."""
        if name or not both.pieces:
            self._close(None)
            both = self._lanes[None]
        others = bool(both.pieces) and both.pieces[-1].entry.event.party != piece.entry.event.party
        if not (others and both.digits.endswith(piece.segment.digits)):
            both.add(piece)

    def _settle(self, lane: Lane, *, final: bool) -> None:
        if lane is self._lanes[None]:
            parties = {piece.entry.event.party for piece in lane.pieces}
            if len(parties) < 2 or len(lane.digits) < 13:
                return
        kind = lane.settle(final=final)
        if kind is None and not (lane.settled and not final):
            return
        kind = kind or (lane.settled[0] if lane.settled else None)
        if kind:
            self._questions.answer(kind, lane.pieces[-1].entry.event.party, lane.ends_at)
            assert lane.settled is not None
            told = _Told(lane.digits, *lane.settled, lane.ends_at)
            self._told.append(told)
            for entry in self._recent:
                for segment in segments(entry.tokens):
                    _mask_again(entry, segment, told)

    def _close(self, key: Party | None) -> None:
        self._settle(self._lanes[key], final=True)
        self._lanes[key] = Lane()

    def _months(self, entry: Entry, names: list[Named]) -> None:
        """A card's expiry told by its month's name."""
        expiry = wording().kinds["card_expiry"]
        asked = expiry in self._questions.standing(entry.event.party, entry.event.end)
        for _, start, end in births.months(entry.tokens):
            near = any(
                name.kind is expiry
                and beside(entry.event.text, Span(name.start, name.end), Span(start, end))
                for name in names
            )
            if (near or asked) and not entry.is_masked(start, end):
                entry.mask(Mask(start, end, expiry.kind, expiry.mask))
                self._questions.answer(expiry, entry.event.party, entry.event.end)


class _Told(NamedTuple):
    """A number that was masked, so that it is when it is said back."""

    digits: str
    kind: NumberKind
    mask: str
    at: float


def _mask_again(entry: Entry, segment: Segment, told: _Told) -> bool:
    """Masks digits that say back a number or a group of it soon after."""
    size, whole = len(segment.digits), len(told.digits)
    alone = all(is_filler(t) for t in entry.tokens if not segment.start <= t.start < segment.end)
    least = 2 if alone and whole >= LONG_NUMBER else 3
    again = size >= least and (size == whole or size >= 4 or whole >= LONG_NUMBER)
    near = abs(entry.event.start - told.at) < AGAIN
    if not (again and near and segment.digits in told.digits) or entry.sent:
        return False
    if not entry.is_masked(segment.start, segment.end):
        entry.mask(Mask(segment.start, segment.end, told.kind.kind, told.mask))
    return True


def _blocked(lead: tuple[Token, ...]) -> bool:
    return any(token.kind in {"mask", "sign"} for token in lead)


def _other(party: Party) -> Party:
    return "caller" if party == "agent" else "agent"
