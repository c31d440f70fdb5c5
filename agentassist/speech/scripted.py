"""A recogniser that says what it was told when the audio reaches it, and never looks at sound.

It ships with the package, so that everything above speech can be tested and shown without an
engine: same protocol, same events, to the sample.
"""

import math
from collections import deque
from collections.abc import Iterator, Mapping, Sequence

import msgspec
from msgspec.structs import replace

from agentassist import events as ev
from agentassist.speech.base import SAMPLE_RATE, Recogniser, Samples, SpeechError, SpeechEvent
from agentassist.vocabulary import Party

REACTION = 0.6
"""Seconds from the end of speech until it is known to be over."""


class Line(msgspec.Struct, frozen=True):
    """Words and when they are spoken, in seconds."""

    start: float
    end: float
    text: str


class ScriptedEngine:
    """An engine whose parties say their lines."""

    def __init__(self, script: Mapping[Party, Sequence[Line]]) -> None:
        self._script = script

    @property
    def name(self) -> str:
        return "scripted"

    def recogniser(self, party: Party, *, tentative: bool = True, start: float = 0.0) -> Recogniser:
        """It says the lines that begin from `start` on."""
        lines = [line for line in self._script.get(party, ()) if line.start >= start]
        return ScriptedRecogniser(party, lines, tentative=tentative, start=start)

    def close(self) -> None:
        pass


class ScriptedRecogniser:
    """One party's lines, each told when its time has come."""

    def __init__(
        self,
        party: Party,
        lines: Sequence[Line],
        *,
        tentative: bool = True,
        start: float = 0.0,
    ) -> None:
        events = (event for line in lines for event in _events(party, line))
        wanted = (e for e in events if tentative or not isinstance(e, ev.WordsTentative))
        self._waiting = deque(sorted(wanted, key=lambda event: event.at))
        self._samples = round(start * SAMPLE_RATE)
        self._finished = False

    @property
    def heard_until(self) -> float:
        now = self._samples / SAMPLE_RATE
        due = self._waiting and self._waiting[0].at <= now
        return math.nextafter(self._waiting[0].at, -1.0) if due else now

    def accept(self, samples: Samples) -> None:
        if self._finished:
            raise SpeechError("a finished recogniser hears nothing more; make a new one")
        self._samples += len(samples)

    def finish(self) -> None:
        """A line that began before the audio ended is told to its end."""
        self._finished = True
        now = self._samples / SAMPLE_RATE
        begun = (event for event in self._waiting if event.start < now)
        self._waiting = deque(replace(event, at=min(event.at, now)) for event in begun)

    def __iter__(self) -> Iterator[SpeechEvent]:
        while self._waiting and self._waiting[0].at <= self._samples / SAMPLE_RATE:
            yield self._waiting.popleft()


def _events(party: Party, line: Line) -> Iterator[SpeechEvent]:
    """What a recogniser would say of one line, its words shown as they are spoken."""
    yield ev.SpeechStarted(line.start, party, line.start)
    words = line.text.split()
    for count in range(1, len(words)):
        at = line.start + (line.end - line.start) * count / len(words)
        yield ev.WordsTentative(at, party, line.start, " ".join(words[:count]))
    known = line.end + REACTION
    yield ev.SpeechEnded(known, party, line.start, line.end)
    yield ev.WordsHeard(known, party, line.start, line.end, line.text)
