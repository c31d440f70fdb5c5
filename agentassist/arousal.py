"""How far a speaker's voice is raised, 0 to 1, against how the same speaker began.

Loudness, pitch and pace are each compared with the middle of the first stretches, and the middle
one of the three rises counts: no single one moves anything, so neither does a microphone that is
turned up, nor a person who is always loud. Thresholds and where they come from: `arousal.yaml`.
"""

import math
from collections import deque
from functools import cache
from pathlib import Path
from statistics import median
from typing import NamedTuple

import msgspec

from agentassist import events as ev
from agentassist.heat import HALF_LIFE

FILE = Path(__file__).with_suffix(".yaml")


class _Data(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    pass


class Rise(_Data, frozen=True, rename={"least": "from"}):
    """The rise from which a measure counts, and from which it counts in full."""

    least: float
    full: float

    def of(self, rise: float, usual: float) -> float:
        """How far it is from the one to the other, 0 to 1; what is usual is no rise."""
        return min(1.0, max(0.0, (rise - max(self.least, usual)) / (self.full - self.least)))


class Baseline(_Data, frozen=True):
    """How much of a speaker must have been heard before anything is a rise."""

    seconds: float
    stretches: int


class Ceiling(_Data, frozen=True):
    """What voices alone come to at most: the temperature of the call, and the agent's own heat."""

    call: float
    agent: float


class Thresholds(_Data, frozen=True):
    """`arousal.yaml`: loudness in decibels, pitch in semitones, pace as a part of the usual."""

    baseline: Baseline
    loudness: Rise
    pitch: Rise
    pace: Rise
    deviations: float
    """The speaker's own deviations by which a measure must have risen at least."""
    settles: float
    """Seconds of own speech in which half of a change is taken in."""
    ceiling: Ceiling


@cache
def thresholds() -> Thresholds:
    """Those of the file."""
    import yaml

    return msgspec.convert(yaml.safe_load(FILE.read_bytes()), Thresholds)


class _Stretch(NamedTuple):
    seconds: float
    loudness: float
    pitch: float | None
    pace: float
    """Words a minute."""


class _Usual:
    """The middle of a speaker's first stretches, and how far these lay from it."""

    def __init__(self, stretches: list[_Stretch], deviations: float) -> None:
        pitches = [each.pitch for each in stretches if each.pitch]
        self._loudness = median(each.loudness for each in stretches)
        self._pitch = median(pitches) if len(pitches) * 2 >= len(stretches) else None
        self._pace = median(each.pace for each in stretches)
        rises = [self.rises(each) for each in stretches]
        self.deviations = tuple(deviations * _deviation(each) for each in zip(*rises, strict=True))
        """Of each rise, times as many as it takes."""

    def rises(self, now: _Stretch) -> tuple[float, float, float]:
        """Of loudness in decibels, pitch in semitones, pace as a part of the usual."""
        return (
            now.loudness - self._loudness,
            12.0 * math.log2(now.pitch / self._pitch) if now.pitch and self._pitch else 0.0,
            now.pace / self._pace - 1.0 if self._pace else 0.0,
        )


def _deviation(values: tuple[float, ...]) -> float:
    """The standard deviation as the middle distance from the middle tells it: robust."""
    middle = median(values)
    return 1.4826 * median(abs(value - middle) for value in values)


class Arousal:
    """One speaker's voice, stretch by stretch."""

    def __init__(self) -> None:
        self._set = thresholds()
        self._words: deque[ev.WordsHeard] = deque(maxlen=64)
        """Those whose voice was not told yet."""
        self._first: list[_Stretch] = []
        self._usual: _Usual | None = None
        self._level = 0.0
        self._at = 0.0

    def words(self, words: ev.WordsHeard) -> None:
        self._words.append(words)

    def voice(self, voice: ev.VoiceHeard) -> None:
        stretch = self._stretch(voice)
        if self._usual is None:
            self._begin(stretch)
            return
        before = self.level(voice.at)
        kept = math.exp2(-stretch.seconds / self._set.settles)
        self._level = before * kept + self._raised(stretch, self._usual) * (1.0 - kept)
        self._at = voice.at

    def level(self, now: float) -> float:
        """How far the voice is raised; a silent one is forgotten as hot words are."""
        return self._level * math.exp2(-max(0.0, now - self._at) / HALF_LIFE)

    def _stretch(self, voice: ev.VoiceHeard) -> _Stretch:
        seconds = max(0.1, voice.end - voice.start)
        said = [words for words in self._words if words.start >= voice.start - 0.01]
        self._words.clear()
        count = sum(len(words.text.split()) for words in said)
        return _Stretch(seconds, voice.loudness, voice.pitch, count * 60.0 / seconds)

    def _begin(self, stretch: _Stretch) -> None:
        self._first.append(stretch)
        wanted = self._set.baseline
        enough = sum(each.seconds for each in self._first) >= wanted.seconds
        if enough and len(self._first) >= wanted.stretches:
            self._usual = _Usual(self._first, self._set.deviations)

    def _raised(self, now: _Stretch, usual: _Usual) -> float:
        """The middle one of the three."""
        counted = (self._set.loudness, self._set.pitch, self._set.pace)
        each = zip(counted, usual.rises(now), usual.deviations, strict=True)
        return median(rise.of(by, deviation) for rise, by, deviation in each)


def warmed(heat: float, raised: float, ceiling: float) -> float:
    """The heat of words with that of a raised voice: up to the ceiling, and no further."""
    return heat + max(0.0, ceiling - heat) * raised
