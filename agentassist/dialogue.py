"""Written dialogue -> heard events: how a transcript or a rule's example becomes a call."""

import math
from collections.abc import Iterable, Iterator

import msgspec

from agentassist import events as ev
from agentassist.vocabulary import Party

WORDS_A_MINUTE = 170.0
"""Telephone talk, where a transcript has no times (Yuan, Liberman and Cieri 2006)."""

GAP = 0.3
"""Seconds between turns, where a transcript has no times."""


class SpokenLine(msgspec.Struct, frozen=True):
    """One written turn. Times in seconds of the call; None where they are not known."""

    speaker: Party
    text: str
    start: float | None = None
    end: float | None = None


def heard(started: ev.CallStarted, lines: Iterable[SpokenLine]) -> Iterator[ev.Heard]:
    """The call as if each line had been recognised at its end, with a clock mark a second."""
    yield started
    now = 0.0
    spoken: list[ev.Heard] = []
    for line, start, end in timed(lines):
        now = max(now, end)
        spoken += [
            ev.SpeechStarted(start, line.speaker, start),
            ev.SpeechEnded(now, line.speaker, start, end),
            ev.WordsHeard(now, line.speaker, start, end, line.text, new_turn=True),
        ]
    yield from sorted([*_marks(now), *spoken], key=lambda event: event.at)
    yield ev.CallEnded(now)


def timed(lines: Iterable[SpokenLine]) -> Iterator[tuple[SpokenLine, float, float]]:
    """Each line with its start and end; made up from its words where not given."""
    now = 0.0
    for line in lines:
        start = now + GAP if line.start is None else line.start
        end = start + seconds(line.text) if line.end is None else max(line.end, start)
        yield line, start, end
        now = end


def seconds(text: str) -> float:
    """How long it takes to say, at the usual pace."""
    return round(max(1, len(text.split())) * 60.0 / WORDS_A_MINUTE, 2)


def _marks(until: float) -> Iterator[ev.ClockMark]:
    for second in range(1, math.ceil(until)):
        yield ev.ClockMark(float(second))
