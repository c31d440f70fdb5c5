"""A language of tones: every word is three of them, so that a tiny model can hear any words.

Real recognisers want models of tens of megabytes. `make_vosk_test_model.py` makes one of a
tenth of a megabyte that hears this language without an error, so that everything from sound to
cue can be tested with a true engine and with whatever words a test needs.
"""

from collections.abc import Iterable, Sequence
from itertools import product
from typing import NamedTuple

import numpy as np
from telephone import telephone

from agentassist.speech.base import SAMPLE_RATE, Samples

TONES = 12
TONE = 0.12
"""Seconds of one tone."""
GAP = 0.06
"""Seconds between words."""
WORD = 3 * TONE + GAP
"""Seconds from one word to the next: 143 words a minute."""
PAUSE = 1.0
"""Seconds of silence at the end of a sentence."""

_LOWEST, _HIGHEST = 400.0, 3_200.0
_FADE = 0.006

WORDS = tuple(
    sorted(
        set(
            """
            a about account afford agree all am an and any are arrears arrested as ask at back balance
            bailiffs bank be because been being bill bloody both but by call can can't card cash children
            come could court credit day days debt did didn't do don't dying eight email end every extra
            fault fed feel few fifteen fifty figures find first five for forty four friday from get give
            go going good got had half hard have hear hello help her here him his home how hundred i i'd
            i'll i'm if in income instalments interest is it it's job just keep know last late let letter
            liar lied listen little look losing lost lot lying made make manage me mean means minute
            monday money month monthly months morning much my name need never new next nine no not nothing
            now of off offer oh okay on one only or our out over owe own paid part pay paying payment
            people phone plan please pound pounds problem rent right said say see send seven she shouting
            sick since six so some sorry speak start stop stupid sure take talking tell ten than thank
            that that's the them then there they thing think thirty this thousand three through time to
            today told tomorrow too twelve twenty two understand until up us very wait want was way we
            we'll week weekly weeks well went were what when where which who why will with won't work
            working would wrong year yes you you'd you'll you're your
            """.split()
        )
    )
)
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


def hertz(tone: int) -> float:
    """The tones lie evenly on the mel scale."""
    low, high = (1127 * np.log1p(edge / 700) for edge in (_LOWEST, _HIGHEST))
    return float(700 * np.expm1((low + (high - low) * tone / (TONES - 1)) / 1127))


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


def tones(
    text: str,
    vocabulary: Iterable[str] = WORDS,
    *,
    start: float = 0.5,
    pause: float = PAUSE,
    gain: float = 0.3,
    noise: float = 0.0,
    on_telephone: bool = False,
    seed: int = 7,
) -> Samples:
    """A text in tones, from `start` seconds on, `pause` seconds after each sentence.

    `gain` is the tones' peak and `noise` the loudness (RMS) of white noise, of full scale 1.
    The vocabulary must be the model's. Raises KeyError with a word that is not in it.
    """
    spelled, spoken = spellings(vocabulary), when(text, start=start, pause=pause)
    end = (spoken[-1].end if spoken else start) + pause
    sound = np.zeros(round(end * SAMPLE_RATE))
    for word in spoken:
        place = round(word.start * SAMPLE_RATE)
        sung = _sung(spelled[word.text])
        sound[place : place + len(sung)] = gain * sung
    sound += np.random.default_rng(seed).normal(0.0, noise or 1e-9, len(sound))
    samples = np.asarray(sound, np.float32)
    return telephone(samples) if on_telephone else samples


def _sung(spelling: Sequence[int]) -> Samples:
    """One word, peak 1, each tone faded in and out."""
    size = round(TONE * SAMPLE_RATE)
    now = np.arange(size) / SAMPLE_RATE
    edge = np.minimum(1.0, np.minimum(now, now[::-1]) / _FADE)
    return np.concatenate([np.sin(2 * np.pi * hertz(tone) * now) * edge for tone in spelling])
