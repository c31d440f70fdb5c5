"""Calls to be played for a measurement: the sound of both parties, and what is said when."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np
import soxr
from make_demo_call import RATE, SEED, _turn
from real_time import BLOCK
from telephone import telephone
from tone_language import tones, when, words_of

from agentassist.audio.recording import open_recording
from agentassist.demo import DIALOGUE, RECORDING
from agentassist.speech.base import SAMPLE_RATE, Samples
from agentassist.vocabulary import PARTIES, Party

MOVED = 5.0
"""Seconds that the caller's channel is moved so that both talk at once: about one turn."""

SENTENCE_PAUSE, TURN_GAP = 0.4, 0.4
"""Seconds of silence in a dialogue of tones, as in the bundled call."""

HISS = 0.001


class Said(NamedTuple):
    """One word of the call and when it ends; `phrase_end`: of the sentence that it is in."""

    text: str
    end: float
    phrase_end: float


class PlayedCall(NamedTuple):
    """The sound of both parties, and the words that are said in it."""

    tracks: Mapping[Party, Samples]
    said: Mapping[Party, Sequence[Said]]

    def at_once(self) -> "PlayedCall":
        """The caller speaks MOVED seconds sooner, so into the agent's words."""
        moved = self.tracks["caller"][round(MOVED * SAMPLE_RATE) :]
        length = len(self.tracks["agent"])
        sooner = [
            Said(word.text, word.end - MOVED, word.phrase_end - MOVED)
            for word in self.said["caller"]
        ]
        return PlayedCall(
            {**self.tracks, "caller": np.pad(moved, (0, length - len(moved)))},
            {**self.said, "caller": [word for word in sooner if word.end > 0]},
        )

    def until(self, seconds: float) -> "PlayedCall":
        size = round(seconds * SAMPLE_RATE) // BLOCK * BLOCK
        return PlayedCall({who: track[:size] for who, track in self.tracks.items()}, self.said)


def bundled() -> PlayedCall:
    """The bundled call; within a sentence, words are taken to be as long as they are written."""
    recording = open_recording(RECORDING)
    tracks = {party: np.concatenate(list(recording.blocks(party))) for party in PARTIES}
    said: dict[Party, list[Said]] = {party: [] for party in PARTIES}
    for turn in json.loads(DIALOGUE.read_text(encoding="utf-8"))["turns"]:
        begin, end = round(turn["start"] * SAMPLE_RATE), round(turn["end"] * SAMPLE_RATE)
        sound = tracks[turn["speaker"]][begin:end]
        said[turn["speaker"]] += _words(turn["text"], sound, turn["start"])
    return PlayedCall(tracks, said)


def spoken(path: Path) -> PlayedCall:
    """A dialogue in flite's voices, as `make_demo_call.py` makes the bundled call."""
    turns = json.loads(path.read_text(encoding="utf-8"))["turns"]
    rng, now = np.random.default_rng(SEED), 1.0
    pieces: dict[Party, list[tuple[int, Samples]]] = {party: [] for party in PARTIES}
    said: dict[Party, list[Said]] = {party: [] for party in PARTIES}
    for turn in turns:
        narrow = _turn(turn["speaker"], turn["text"], rng)
        sound = np.asarray(soxr.resample(narrow, RATE, SAMPLE_RATE), np.float32)
        pieces[turn["speaker"]].append((round(now * SAMPLE_RATE), sound))
        said[turn["speaker"]] += _words(turn["text"], sound, now)
        now += len(sound) / SAMPLE_RATE + TURN_GAP
    length = round((now + 2.0) * SAMPLE_RATE) // BLOCK * BLOCK
    return PlayedCall({who: _laid_out(pieces[who], length) for who in PARTIES}, said)


def _words(text: str, sound: Samples, start: float) -> Iterator[Said]:
    """The words of a turn, by the silences between its sentences."""
    sentences = re.split(r"(?<=[.?!])\s+", text)
    pauses = _pauses(sound, len(sentences) - 1)
    edges = [0.0, *pauses, len(sound) / SAMPLE_RATE]
    for sentence, begin, end in zip(sentences, edges[::2], edges[1::2], strict=True):
        yield from _spread(sentence, start + begin, start + end)


def _pauses(samples: Samples, count: int) -> list[float]:
    """Begin and end of each of the longest silences in a turn, in seconds of it."""
    size = SAMPLE_RATE // 100
    loud = np.abs(samples[: len(samples) // size * size]).reshape(-1, size).max(axis=1)
    voiced = np.flatnonzero(loud > 0.03 * loud.max())
    silences = sorted(pairwise(voiced), key=lambda edges: edges[0] - edges[1])[:count]
    return [float(edge) / 100 for silence in sorted(silences) for edge in silence]


def _spread(text: str, start: float, stop: float) -> Iterator[Said]:
    for match in re.finditer(r"\S+", text):
        end = start + (stop - start) * match.end() / len(text)
        for word in words_of(match.group()):
            yield Said(word, end, stop)


def in_tones(path: Path) -> tuple[PlayedCall, str]:
    """A dialogue as tones over a telephone, and its words for the model."""
    turns = json.loads(path.read_text(encoding="utf-8"))["turns"]
    text = " ".join(turn["text"].replace("-", " ") for turn in turns)
    vocabulary, now = words_of(text), 1.0
    pieces: dict[Party, list[tuple[int, Samples]]] = {party: [] for party in PARTIES}
    said: dict[Party, list[Said]] = {party: [] for party in PARTIES}
    for turn in turns:
        words_said = turn["text"].replace("-", " ")
        sound = tones(words_said, vocabulary, start=0.0, pause=SENTENCE_PAUSE, tail=0.0)
        pieces[turn["speaker"]].append((round(now * SAMPLE_RATE), sound))
        words = when(words_said, start=now, pause=SENTENCE_PAUSE)
        stop = words[-1].end
        for word, following in reversed([*pairwise(words), (words[-1], None)]):
            if following and following.start - word.end > SENTENCE_PAUSE:
                stop = word.end
            said[turn["speaker"]].append(Said(word.text, word.end, stop))
        now = words[-1].end + TURN_GAP
    for party in PARTIES:
        said[party].sort(key=lambda word: word.end)
    length = round((now + 2.0) * SAMPLE_RATE) // BLOCK * BLOCK
    return PlayedCall({p: _laid_out(pieces[p], length) for p in PARTIES}, said), text


def _laid_out(pieces: Iterable[tuple[int, Samples]], length: int) -> Samples:
    track = np.random.default_rng(7).normal(0.0, HISS, length).astype(np.float32)
    for place, sound in pieces:
        track[place : place + len(sound)] += sound
    return telephone(track)[:length]
