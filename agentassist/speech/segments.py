"""A recogniser out of an endpointer and a decoder of finished segments.

What is committed depends on the sound alone: segments, their times and their samples come
from the endpointer, and each is decoded as a whole. Threads decide only how soon words come,
and which tentative ones are seen before them.
"""

import math
import threading
from collections import deque
from collections.abc import Iterator

from agentassist import events as ev
from agentassist.speech import endpointing as ends
from agentassist.speech.base import Samples, SpeechError, SpeechEvent
from agentassist.speech.decoding import DecodeQueue, Job, Urgency
from agentassist.speech.hallucinations import believable, without_repeat
from agentassist.vocabulary import Party

MOST_PENDING = 2
"""Finished segments of one party that may wait before `accept` does."""

FIRST_LOOK = 1.0
"""Seconds of sound before its first tentative words."""

NEXT_LOOK = 1.4
"""Tentative words are looked for again when the segment has grown by this factor."""


class _Decoding:
    """A segment on its way through the queue: for display, a guess at a final, or a final."""

    def __init__(self, segment: ends.Segment, number: int) -> None:
        self.segment = segment
        self.number = number
        """Which segment of the party it is, or will be part of."""
        self.text: str | SpeechError | None = None
        self.job: Job | None = None
        self.final = False


class _Slot:
    """A place in the order of events: an event, or the segment that will make one."""

    def __init__(self, at: float, known: SpeechEvent | _Decoding) -> None:
        self.at = at
        self.known = known

    @property
    def ready(self) -> bool:
        return not isinstance(self.known, _Decoding) or self.known.text is not None


class SegmentRecogniser:
    """One party's recogniser. `accept` in one thread; iterate in that or in another."""

    def __init__(
        self,
        party: Party,
        endpointer: ends.Endpointer,
        queue: DecodeQueue,
        *,
        tentative: bool = True,
    ) -> None:
        self._party: Party = party
        self._endpointer = endpointer
        self._queue = queue
        self._tentative = tentative
        self._changed = threading.Condition()
        self._slots: deque[_Slot] = deque()
        self._heard = 0.0
        self._latest = 0.0
        """Latest `at` of any slot so far."""
        self._number = 0
        """Of the segment that is open, or will be next."""
        self._guess: _Decoding | None = None
        self._next_look = FIRST_LOOK
        self._said = ""
        """The last committed text."""
        self._finished = False

    @property
    def heard_until(self) -> float:
        with self._changed:
            return math.nextafter(self._slots[0].at, -1.0) if self._slots else self._heard

    def accept(self, samples: Samples) -> None:
        if self._finished:
            raise SpeechError("a finished recogniser hears nothing more; make a new one")
        self._take(self._endpointer.accept(samples))
        if self._tentative:
            self._look()
        self._wait_until_pending(MOST_PENDING)

    def finish(self) -> None:
        if not self._finished:
            self._finished = True
            self._take(self._endpointer.finish())
        self._wait_until_pending(0)

    def __iter__(self) -> Iterator[SpeechEvent]:
        while (slot := self._next_ready()) is not None:
            event = self._words(slot.at, slot.known)
            if event is not None:
                yield event

    def _take(self, marks: Iterator[ends.Mark]) -> None:
        for mark in marks:
            with self._changed:
                self._mark(mark)
        with self._changed:
            self._heard = self._endpointer.heard

    def _mark(self, mark: ends.Mark) -> None:
        match mark:
            case ends.SpeechBegan():
                self._add(mark.at, ev.SpeechStarted(mark.at, self._party, mark.start))
            case ends.SpeechStopped():
                self._add(mark.at, ev.SpeechEnded(mark.at, self._party, mark.start, mark.end))
            case ends.Paused() if self._tentative:
                self._guess = self._submit(mark.segment, Urgency.LIKELY_FINAL)
            case ends.SegmentEnded():
                self._add(mark.at, self._committed(mark.segment))
                self._number += 1
                self._next_look = FIRST_LOOK

    def _add(self, at: float, known: SpeechEvent | _Decoding) -> None:
        self._slots.append(_Slot(at, known))
        self._latest = max(self._latest, at)

    def _committed(self, segment: ends.Segment) -> _Decoding:
        """The segment's decoding; if the guess was right, the one that already began."""
        guess, self._guess = self._guess, None
        if guess is not None and guess.job is not None:
            if _is_same(guess.segment, segment):
                guess.final = True
                self._queue.hurry(guess.job)
                return guess
            self._queue.cancel(guess.job)
        decoding = self._submit(segment, Urgency.FINAL)
        decoding.final = True
        return decoding

    def _submit(self, segment: ends.Segment, urgency: Urgency) -> _Decoding:
        decoding = _Decoding(segment, self._number)
        decoding.job = Job(segment.samples, urgency, lambda text: self._decoded(decoding, text))
        self._queue.submit(decoding.job)
        return decoding

    def _decoded(self, decoding: _Decoding, text: str | SpeechError) -> None:
        """Called in the decoding thread."""
        with self._changed:
            decoding.text = text
            if not decoding.final and decoding.number == self._number:
                self._show(decoding.segment, text)
            self._changed.notify_all()

    def _show(self, segment: ends.Segment, text: str | SpeechError) -> None:
        """Tentative words, but never of a segment whose committed words are under way."""
        shown = believable(text) if isinstance(text, str) else ""
        if shown:
            at = max(self._heard, self._latest)
            self._add(at, ev.WordsTentative(at, self._party, segment.start, shown))

    def _look(self) -> None:
        """Decodes what is said so far, if there is enough of it and nothing else to do."""
        if not self._queue.idle or (segment := self._endpointer.so_far()) is None:
            return
        length = ends.seconds(segment)
        guessed = self._guess is not None and self._guess.segment.end == segment.end
        if length >= self._next_look and not guessed:
            self._next_look = length * NEXT_LOOK
            self._submit(segment, Urgency.DISPLAY)

    def _wait_until_pending(self, most: int) -> None:
        with self._changed:
            self._changed.wait_for(lambda: sum(not slot.ready for slot in self._slots) <= most)

    def _next_ready(self) -> _Slot | None:
        with self._changed:
            ready = self._slots and self._slots[0].ready
            return self._slots.popleft() if ready else None

    def _words(self, at: float, known: SpeechEvent | _Decoding) -> SpeechEvent | None:
        """What a slot holds; None for a segment without words. Raises SpeechError if it failed."""
        if not isinstance(known, _Decoding):
            return known
        if isinstance(known.text, SpeechError):
            raise known.text
        segment, text = known.segment, believable(known.text or "")
        if segment.after_cut:
            text = without_repeat(self._said, text)
        self._said = text
        if not text:
            return None
        return ev.WordsHeard(at, self._party, segment.start, segment.end, text)


def _is_same(guess: ends.Segment, segment: ends.Segment) -> bool:
    """Whether both are the same stretch of the one channel."""
    return (guess.start, guess.end, len(guess.samples)) == (
        segment.start,
        segment.end,
        len(segment.samples),
    )
