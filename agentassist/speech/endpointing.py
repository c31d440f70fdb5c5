"""Where speech begins, pauses and ends on one channel, and which samples to decode of it.

All is decided on whole chunks of one channel's own sound, so the same recording is cut alike
however it arrives, and every decision bears the second of audio at which it was made.
"""

from collections import deque
from collections.abc import Iterator
from typing import TypeAlias

import msgspec
import numpy as np

from agentassist.speech.base import SAMPLE_RATE, Samples
from agentassist.speech.voice import CHUNK, Voice


class Endpointing(msgspec.Struct, frozen=True):
    """Thresholds as probabilities, lengths in seconds. Tuned with `scripts/benchmark_speech.py`."""

    begins: float = 0.5
    """Probability at which speech may begin."""
    goes_on: float = 0.35
    """Probability down to which speech, once begun, goes on."""
    shortest: float = 0.096
    """Speech before it counts as begun: coughs and clicks are shorter, "no" is not."""
    before: float = 0.224
    """Sound decoded ahead of the first speech: soft first sounds lie in it."""
    after: float = 0.256
    """Sound decoded after the last speech; also the pause at which decoding may start."""
    silence: float = 0.8
    """Silence that ends speech. At 0.6 one word in a hundred more was wrong: it cut sentences."""
    long: float = 8.0
    """Length from which a segment is cut at the next pause, however the speech goes on."""
    pause: float = 0.384
    """Silence that is such a pause."""
    longest: float = 11.0
    """Length at which a segment is cut in the middle of speech."""
    look_back: float = 3.0
    """Seconds before that in which the quietest place is sought."""


class Segment(msgspec.Struct, frozen=True):
    """A stretch to decode; `start` and `end` are the speech's own, without the sound around it."""

    start: float
    end: float
    samples: Samples
    after_cut: bool = False
    """It begins in the middle of speech, where the last one was cut."""


class SpeechBegan(msgspec.Struct, frozen=True):
    """The party, silent so far, speaks since `start`."""

    at: float
    start: float


class Paused(msgspec.Struct, frozen=True):
    """If nothing more is said, this is the segment that will follow."""

    at: float
    segment: Segment


class SegmentEnded(msgspec.Struct, frozen=True):
    """A segment that won't change: to be decoded and committed."""

    at: float
    segment: Segment


class SpeechStopped(msgspec.Struct, frozen=True):
    """The party, speaking since `start`, fell silent at `end`."""

    at: float
    start: float
    end: float


Mark: TypeAlias = SpeechBegan | Paused | SegmentEnded | SpeechStopped


def _chunks(seconds: float) -> int:
    return round(seconds * SAMPLE_RATE / CHUNK)


def _seconds(chunks: int) -> float:
    return chunks * CHUNK / SAMPLE_RATE


class Endpointer:
    """One channel's endpointer: samples in, marks out."""

    def __init__(self, voice: Voice, settings: Endpointing | None = None) -> None:
        self._voice = voice
        self._set = settings or Endpointing()
        self._rest: Samples = np.zeros(0, np.float32)
        self._seen = 0
        """Chunks taken in."""
        self._held: deque[Samples] = deque()
        """Chunks that are or may become part of a segment; the last is the latest taken in."""
        self._first: int | None = None
        """Chunk with which the open segment's speech begins."""
        self._last = 0
        """Chunk after the last with speech."""
        self._run: int | None = None
        """Chunk at which what may turn out to be speech began."""
        self._speech: int | None = None
        """Chunk at which the party began to speak; None while they are silent."""
        self._after_cut = False

    @property
    def heard(self) -> float:
        """Seconds of audio that all marks so far were made from."""
        return _seconds(self._seen)

    def accept(self, samples: Samples) -> Iterator[Mark]:
        """The marks of the whole chunks there are by now."""
        sound = np.concatenate((self._rest, samples))
        whole = len(sound) - len(sound) % CHUNK
        self._rest = sound[whole:]
        for start in range(0, whole, CHUNK):
            yield from self._take(sound[start : start + CHUNK])

    def finish(self) -> Iterator[Mark]:
        """The marks of what is left, with speech ended where the audio ends."""
        if len(self._rest):
            padding = np.zeros(CHUNK - len(self._rest), np.float32)
            yield from self._take(np.concatenate((self._rest, padding)))
            self._rest = self._rest[:0]
        yield from self._stop()

    def so_far(self) -> Segment | None:
        """The open segment as it stands."""
        return None if self._first is None else self._segment(self._first, self._seen, self._last)

    def _take(self, chunk: Samples) -> Iterator[Mark]:
        self._held.append(chunk)
        self._seen += 1
        probability = self._voice(chunk)
        if self._first is None:
            yield from self._listen_for_speech(probability)
        else:
            if probability >= self._set.goes_on:
                self._last = self._seen
            yield from self._listen_for_its_end()
        if self._speech is not None and self._seen - self._last >= _chunks(self._set.silence):
            yield from self._stop()

    def _listen_for_speech(self, probability: float) -> Iterator[Mark]:
        if probability < (self._set.goes_on if self._run is not None else self._set.begins):
            self._run = None
        elif self._run is None:
            self._run = self._seen - 1
        if self._run is not None and self._seen - self._run >= _chunks(self._set.shortest):
            self._first, self._last, self._run = self._run, self._seen, None
            if self._speech is None:
                self._speech = self._first
                yield SpeechBegan(self.heard, _seconds(self._first))
        else:
            self._forget(_chunks(self._set.before) + _chunks(self._set.shortest))

    def _listen_for_its_end(self) -> Iterator[Mark]:
        assert self._first is not None
        silent = self._seen - self._last
        length = self._seen - self._first
        if length > _chunks(self._set.long) and silent >= _chunks(self._set.pause):
            yield self._ended(self._last)
        elif length >= _chunks(self._set.longest):
            yield self._cut()
        elif silent == _chunks(self._set.after):
            yield Paused(self.heard, self._segment(self._first, self._seen, self._last))

    def _stop(self) -> Iterator[Mark]:
        """Speech is over."""
        if self._speech is not None:
            yield SpeechStopped(self.heard, _seconds(self._speech), _seconds(self._last))
        self._speech, self._run = None, None
        if self._first is not None:
            yield self._ended(self._last)

    def _ended(self, last: int) -> SegmentEnded:
        """The open segment, ended with a silence."""
        assert self._first is not None
        until = min(self._seen, last + _chunks(self._set.after))
        ended = SegmentEnded(self.heard, self._segment(self._first, until, last))
        self._first, self._after_cut = None, False
        self._forget(_chunks(self._set.before))
        return ended

    def _cut(self) -> SegmentEnded:
        """The open segment up to its quietest late place; the rest stays open."""
        assert self._first is not None
        place = self._quietest(self._seen - _chunks(self._set.look_back))
        if place >= self._last:
            return self._ended(self._last)
        ended = SegmentEnded(self.heard, self._segment(self._first, place, place))
        self._forget(self._seen - place)
        self._first, self._last, self._after_cut = place, max(self._last, place), True
        return ended

    def _quietest(self, since: int) -> int:
        """The chunk in the middle of the least loud 160 ms since then."""
        late = list(self._held)[since - self._seen :]
        power = np.array([float(np.dot(chunk, chunk)) for chunk in late])
        around = np.convolve(power, np.ones(5), mode="valid")
        return since + 2 + int(np.argmin(around))

    def _segment(self, first: int, until: int, last: int) -> Segment:
        """The sound of chunks `first` to `until`, with what was held before it."""
        oldest = self._seen - len(self._held)
        begin = max(oldest, first - (0 if self._after_cut else _chunks(self._set.before)))
        chunks = list(self._held)[begin - oldest : until - oldest]
        samples = np.concatenate(chunks)
        return Segment(_seconds(first), _seconds(last), samples, after_cut=self._after_cut)

    def _forget(self, keep: int) -> None:
        while len(self._held) > keep:
            self._held.popleft()


def seconds(segment: Segment) -> float:
    """Length of the sound to decode."""
    return len(segment.samples) / SAMPLE_RATE
