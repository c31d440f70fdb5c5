"""Heard events in, the same events out with nothing in them that must not be kept.

Stands before the journal and everything else. The first groups of a card number are known to
be one only when the last have been said, so events wait while a number is being read out: at
most `LONGEST_WAIT` seconds of call audio, in order, and never without digits. What must not
be kept is masked in the words; a field of the event tells of what kind it was. The same
events give the same output, whenever they come.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from typing import TypeAlias

from msgspec.structs import replace

from agentassist import events as ev
from agentassist.arrangement import Arrangement
from agentassist.redaction.digits import segments
from agentassist.redaction.finding import Finder
from agentassist.redaction.lanes import Entry, Mask
from agentassist.redaction.masking import applied
from agentassist.redaction.tokens import tokens
from agentassist.vocabulary import Party

LONGEST_WAIT = 40.0
"""Seconds of call audio for which words are held back at most."""

KEPT_AT_MOST = 6
"""Digits of a number never finished that may be let go: a card's first six may be seen."""

LONG = 5
"""Digits from which on words that are still being recognised are masked."""

HIDDEN = "[…]"
"""What stands for words being recognised that may be anything."""

Passing: TypeAlias = ev.Heard | ev.WordsTentative


class Redaction:
    """One call's redaction. Pure: no clock, no I/O."""

    def __init__(self) -> None:
        self._finder = Finder()
        self._waiting: deque[tuple[ev.Heard, Entry | None]] = deque()
        self._done = False

    def feed(self, event: Passing) -> Iterator[Passing]:
        """What may be passed on now: nothing, the event, or it and others that waited."""
        if isinstance(event, ev.CallStarted):
            self._done = event.redacted
            event = replace(event, redacted=True)
        if self._done:
            yield event
        elif isinstance(event, ev.WordsTentative):
            yield self._tentative(event)
        else:
            self._take(event)
            yield from self._released()

    def finish(self) -> Iterator[ev.Heard]:
        """Everything that waits: nothing more will come."""
        self._finder.numbers.end()
        yield from self._released()

    def _take(self, event: ev.Heard) -> None:
        entry = None
        match event:
            case ev.WordsHeard():
                entry = self._finder.take(event)
            case ev.SpeechStarted():
                self._finder.numbers.speaks(event.party, event.start)
            case ev.ClockMark():
                self._finder.numbers.pass_time(event.at)
            case ev.CallEnded():
                self._finder.numbers.end()
            case ev.DisputeMade() | ev.HandedOver():
                event = replace(event, reason=redact(event.reason))
            case ev.PlanDrawn():
                event = replace(event, arrangement=redact_means(event.arrangement))
        self._waiting.append((event, entry))
        if event.at - self._waiting[0][0].at > LONGEST_WAIT and self._finder.numbers.waiting():
            self._finder.numbers.cut(KEPT_AT_MOST)

    def _released(self) -> Iterator[ev.Heard]:
        still = self._finder.numbers.waiting()
        while self._waiting and id(self._waiting[0][1]) not in still:
            event, entry = self._waiting.popleft()
            if entry is None:
                yield event
            else:
                entry.sent = True
                yield applied(entry.event, entry.masks)

    def _tentative(self, event: ev.WordsTentative) -> ev.WordsTentative:
        if self._finder.awaits_words(event.party, event.at):
            return replace(event, text=HIDDEN, masked=("words",))
        least = 1 if self._finder.numbers.is_guarded(event.party, event.at) else LONG
        return _hidden(event, least)


def _hidden(event: ev.WordsTentative, least: int) -> ev.WordsTentative:
    """Words still being recognised, without their longer numbers."""
    redacted_ = redact(event.text, event.party)
    if redacted_ != event.text:
        return replace(event, text=redacted_, masked=("digits",))
    found = [s for s in segments(tokens(event.text)) if len(s.digits) >= least]
    if not found:
        return event
    text = event.text
    for segment in reversed(found):
        text = f"{text[: segment.start]}{HIDDEN}{text[segment.end :]}"
    return replace(event, text=text, masked=("digits",))


def redacted(source: Iterable[Passing]) -> Iterator[Passing]:
    """All of a source. What waits is passed on also when the source raises."""
    redaction = Redaction()
    try:
        for event in source:
            yield from redaction.feed(event)
    except Exception:
        yield from redaction.finish()
        raise
    yield from redaction.finish()


def redact(text: str, party: Party = "caller") -> str:
    """One text by itself, as a note's line: without what was asked before it.

    Again until nothing more is found, so that a text that is saved twice stays as it is.
    """
    while (left := _redacted_once(text, party)) != text:
        text = left
    return text


def _redacted_once(text: str, party: Party) -> str:
    finder = Finder()
    entry = finder.take(ev.WordsHeard(0.0, party, 0.0, 0.0, text))
    finder.numbers.end()
    return applied(entry.event, entry.masks).text


def redact_means(drawn: Arrangement) -> Arrangement:
    """What an agent drew up; its words of income and outgoings are free text."""
    means = tuple(replace(line, words=redact(line.words)) for line in drawn.means)
    return replace(drawn, means=means)


__all__ = ["Mask", "Redaction", "redact", "redact_means", "redacted"]
