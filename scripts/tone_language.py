"""A language of tones: every word is three of them, so that a tiny model can hear any words.

Real recognisers want models of tens of megabytes. `make_vosk_test_model.py` makes one of a
tenth of a megabyte that hears this language without an error, so that everything from sound to
cue can be tested with a true engine and with whatever words a test needs.
"""

from collections.abc import Iterable, Sequence
from functools import cache
from itertools import product
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from telephone import telephone

from agentassist.speech.base import SAMPLE_RATE, Samples

OVERTONES = (4, 6, 8, 10, 12, 14, 16, 18, 20, 23, 26, 29)
"""Of the voice, one a tone: 440 to 3,190 Hz, as a telephone carries them."""
TONES = len(OVERTONES)
TONE = 0.12
"""Seconds of one tone."""
GAP = 0.06
"""Seconds between words."""
WORD = 3 * TONE + GAP
"""Seconds from one word to the next: 143 words a minute."""
PAUSE = 1.0
"""Seconds of silence at the end of a sentence."""

_VOICE, _WIDTH, _TOP = 110.0, 60.0, 7_600.0
"""Hertz of the voice's lowest tone, of a resonance's half width, of the highest overtone."""
_FADE = 0.01

_SAID = """
it was the best of times it was the worst of times it was the epoch of belief
a about account afford agree all am an and any are arrears arrested as ask at back bailiffs
balance bank be because been being bill bloody both but by call can can't card cash children come
could court credit day days debt did didn't do don't dying eight email end every extra fault fed
feel few fifteen fifty figures find first five for forty four friday from get give go going good
got had half hard have hear hello help her here him his home how hundred i i'd i'll i'm if in
income instalments interest is it it's job just keep know last late let letter liar lied listen
little look losing lost lot lying made make manage me mean means minute monday money month monthly
months morning much my name need never new next nine no not nothing now of off offer oh okay on
one only or our out over owe own paid part pay paying payment people phone plan please pound
pounds problem rent right said say see send seven she shouting sick since six so some sorry speak
start stop stupid sure take talking tell ten than thank that that's the them then there they thing
think thirty this thousand three through time to today told tomorrow too twelve twenty two
understand until up us very wait want was way we we'll week weekly weeks well went were what when
where which who why will with won't work working would wrong year yes you you'd you'll you're your
"""
"""What a short heated call about a debt needs."""


class Spoken(NamedTuple):
    """One word and its seconds in the sound."""

    text: str
    start: float
    end: float


def words_of(text: str) -> list[str]:
    """The words of a text as the recogniser writes them: lower case, no punctuation."""
    bare = (word.strip("\"'“”‘’.,;:!?()-–—") for word in text.lower().replace("’", "'").split())
    return [word for word in bare if word]


WORDS = tuple(sorted(set(words_of(_SAID))))


def spellings(vocabulary: Iterable[str] = WORDS) -> dict[str, tuple[int, int, int]]:
    """Each word's tones, 0 to 11, for the same words always the same; at most 1,452 words."""
    possible = [
        (first, second, third)
        for first, second, third in product(range(TONES), repeat=3)
        if first != second != third
    ]
    words = sorted(set(vocabulary))
    if len(words) > len(possible):
        raise ValueError(f"{len(words)} words, and only {len(possible)} can be spelled")
    # Every 601st: few words are spelled as differently as can be.
    return {word: possible[count * 601 % len(possible)] for count, word in enumerate(words)}


def when(text: str, *, start: float = 0.5, pause: float = PAUSE) -> list[Spoken]:
    """The words of a text with their times: a pause follows each full stop."""
    spoken, now = [], start
    for piece in text.split():
        for word in words_of(piece):
            spoken.append(Spoken(word, now, now + 3 * TONE))
            now += WORD
        if piece[-1] in ".!?":
            now += pause
    return spoken


def tones(  # noqa: PLR0913 - each names one thing about the sound
    text: str,
    vocabulary: Iterable[str] = WORDS,
    *,
    start: float = 0.5,
    pause: float = PAUSE,
    tail: float | None = None,
    gain: float = 0.3,
    noise: float = 0.0,
    on_telephone: bool = False,
    seed: int = 7,
) -> Samples:
    """A text in tones, from `start` seconds on, `pause` seconds after each sentence.

    `tail` is the silence after the last word where that is another.
    `gain` is the tones' peak and `noise` the loudness (RMS) of white noise, of full scale 1.
    The vocabulary must be the model's. Raises KeyError with a word that is not in it.
    """
    spelled, spoken = spellings(vocabulary), when(text, start=start, pause=pause)
    end = (spoken[-1].end if spoken else start) + (pause if tail is None else tail)
    sound = np.zeros(round(end * SAMPLE_RATE))
    for word in spoken:
        place = round(word.start * SAMPLE_RATE)
        piece = sung(spelled[word.text])
        sound[place : place + len(piece)] = gain * piece
    sound += np.random.default_rng(seed).normal(0.0, noise or 1e-9, len(sound))
    samples = np.asarray(sound, np.float32)
    return telephone(samples) if on_telephone else samples


def sung(spelling: Sequence[int]) -> Samples:
    """One word, peak 1: a voice's buzz, in it one resonance after another, as in vowels.

    Pure tones are no speech to a detector of voice; these are, in 99 of 100 looks.
    """
    sound = np.concatenate([_buzz(place, tone) for place, tone in enumerate(spelling)])
    now = np.arange(len(sound)) / SAMPLE_RATE
    edge = np.minimum(1.0, np.minimum(now, now[::-1]) / _FADE)
    return np.asarray(sound / np.abs(sound).max() * edge, np.float32)


@cache
def _buzz(place: int, tone: int) -> NDArray[np.float64]:
    """The voice in the word's first, second or third part, with that resonance."""
    size = round(TONE * SAMPLE_RATE)
    now = np.arange(3 * size) / SAMPLE_RATE
    turns = np.cumsum(_VOICE * (1 + 0.05 * np.sin(2 * np.pi * 2.5 * now))) / SAMPLE_RATE
    number = np.arange(1, int(_TOP / _VOICE))[:, None]
    away = (number - OVERTONES[tone]) * _VOICE / _WIDTH
    loud = 1 / np.hypot(1, away) + 0.1 / number
    part = turns[place * size : (place + 1) * size]
    return np.asarray((loud * np.sin(2 * np.pi * number * part)).sum(axis=0))
