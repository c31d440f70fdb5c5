"""What must not be kept in one utterance, and what it adds to numbers that are being read out."""

from itertools import pairwise

from agentassist.events import WordsHeard
from agentassist.phrases import Span
from agentassist.redaction import births, passwords, spelled
from agentassist.redaction.digits import digits_at, segments
from agentassist.redaction.lanes import NEAR, Entry, Mask
from agentassist.redaction.naming import beside
from agentassist.redaction.numbers import Numbers
from agentassist.redaction.tokens import blanked, tokens
from agentassist.redaction.wording import spans, wording
from agentassist.vocabulary import Party

ASKED = 30.0
"""Seconds for which being asked for a birthday or a password stands."""


class Finder:
    """Takes utterances in order and masks what must not be kept in them. Reads no clock."""

    def __init__(self) -> None:
        self.numbers = Numbers()
        self._birth_asked: dict[Party, float] = {}
        self._password_asked: dict[Party, float] = {}
        self._born: list[tuple[births.Day, float]] = []

    def take(self, event: WordsHeard) -> Entry:
        """One utterance: what is known of it now is masked; more may come while it waits."""
        self.numbers.pass_time(event.start)
        entry = Entry(event, tokens(event.text))
        words = blanked(event.text)
        self._spelled(entry)
        self._births(entry, words)
        self._passwords(entry, words)
        self.numbers.take(entry, words)
        return entry

    def awaits_words(self, party: Party, now: float) -> bool:
        """Whether any word of the party may be a password or a part of a birthday."""
        asked = (self._password_asked, self._birth_asked)
        return any(now - at[party] < ASKED for at in asked if party in at)

    def _spelled(self, entry: Entry) -> None:
        for hit in spelled.found(entry.event.text, entry.tokens):
            kind = wording().kinds[hit.kind]
            text = kind.mask.replace("{last}", hit.code[-4:].upper())
            entry.mask(Mask(hit.start, hit.end, hit.kind, text))
            self.numbers.answered(kind, entry)

    def _births(self, entry: Entry, words: str) -> None:
        event, known = entry.event, wording()
        days = [d for d in births.dates(entry.tokens) if not d.bare or _is_whole(entry, d)]
        said = spans(known.birth_said, words)
        asked = self._is_birth_asked(event)
        days = [_from_digits(entry, day) for day in days]
        if asked and not days:
            days = [births.Day(0, 0, *month) for month in births.months(entry.tokens)]
        for day in days:
            told = any(
                beside(words, s, Span(day.start, day.end), 3)
                for s in said
                if not day.bare or s.end <= day.start
            )
            again = not day.bare and any(
                day.is_same(born) and (day.year or event.start - at < ASKED)
                for born, at in self._born
            )
            if told or asked or again:
                self._mask_birth(entry, day, words)
                self._born.append((day, event.end))
        if asked and (days or len(entry.tokens) > NEAR or "[born" in event.text):
            del self._birth_asked[event.party]
        if spans(known.birth_asked, words) and not (days and said):
            self._birth_asked[_other(event.party)] = event.end

    def _is_birth_asked(self, event: WordsHeard) -> bool:
        at = self._birth_asked.get(event.party)
        return at is not None and event.start - at < ASKED

    def _mask_birth(self, entry: Entry, day: births.Day, words: str) -> None:
        birth = wording().birth
        start = day.start
        before = words[:start].rstrip().lower()
        for lead in ("on the", "the", "on"):
            if before.endswith(f" {lead}") or before == lead:
                start = len(before) - len(lead)
                break
        born = words[:start].rstrip().lower().endswith("born")
        if day.year is None:
            mask = birth.mask_without_year
        else:
            mask = ("[in {year}]" if born else birth.mask).replace("{year}", str(day.year))
        entry.mask(Mask(start, day.end, "birth", mask))

    def _passwords(self, entry: Entry, words: str) -> None:
        event, mask = entry.event, wording().passwords.mask
        found = passwords.told(event.text)
        asked = self._password_asked.get(event.party)
        if not found and asked is not None and event.start - asked < ASKED:
            answer = passwords.answered(event.text)
            found = [answer] if answer else []
            if found or len(entry.tokens) > NEAR or mask in event.text:
                del self._password_asked[event.party]
        for stretch in found:
            entry.mask(Mask(stretch.start, stretch.end, "password", mask))
        if passwords.is_asked(words) and not found:
            self._password_asked[_other(event.party)] = event.end


def _from_digits(entry: Entry, day: births.Day) -> births.Day:
    """A bare date from all of its digits: "one four oh two eighty-eight" is the 14th."""
    for segment in segments(entry.tokens) if day.bare else ():
        digits = segment.digits
        year = digits[4:] if len(digits) == 8 else f"19{digits[4:]}"
        covers = segment.start <= day.start and day.end <= segment.end
        if covers and len(digits) in {6, 8} and births.is_date(digits[:2], digits[2:4], year):
            value = int(year) + 100 * (len(digits) == 6 and births.is_recent(int(digits[4:])))
            return births.Day(
                int(digits[:2]), int(digits[2:4]), value, segment.start, segment.end, bare=True
            )
    return day


def _is_whole(entry: Entry, day: births.Day) -> bool:
    """Whether the digits of a bare date are all that was read out there."""
    for at, (before, token) in enumerate(pairwise(entry.tokens)):
        if token.before.strip(" -"):
            continue
        if before.end == day.end and digits_at(entry.tokens, at + 1):
            return False
        if token.start == day.start and digits_at(entry.tokens, at):
            return False
    return True


def _other(party: Party) -> Party:
    return "caller" if party == "agent" else "agent"
