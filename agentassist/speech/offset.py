"""A recogniser put in during a call: what it hears is told in the call's own seconds."""

from collections.abc import Iterator

from msgspec.structs import replace

from agentassist import events as ev
from agentassist.speech.base import Recogniser, Samples, SpeechEvent
from agentassist.values import Word


def starting_at(start: float, recogniser: Recogniser) -> Recogniser:
    """The recogniser, whose audio begins at that second of the call."""
    return _Offset(start, recogniser) if start else recogniser


class _Offset:
    def __init__(self, start: float, recogniser: Recogniser) -> None:
        self._start = start
        self._recogniser = recogniser

    @property
    def heard_until(self) -> float:
        return self._start + self._recogniser.heard_until

    def accept(self, samples: Samples) -> None:
        self._recogniser.accept(samples)

    def finish(self) -> None:
        self._recogniser.finish()

    def __iter__(self) -> Iterator[SpeechEvent]:
        return (_later(event, self._start) for event in self._recogniser)


def _later(event: SpeechEvent, by: float) -> SpeechEvent:
    at, start = event.at + by, event.start + by
    match event:
        case ev.WordsHeard():
            words = tuple(_later_word(word, by) for word in event.words)
            return replace(event, at=at, start=start, end=event.end + by, words=words)
        case ev.SpeechEnded():
            return replace(event, at=at, start=start, end=event.end + by)
        case _:
            return replace(event, at=at, start=start)


def _later_word(word: Word, by: float) -> Word:
    return replace(word, start=word.start + by, end=word.end + by)
