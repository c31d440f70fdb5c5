"""Vosk: the streaming engine, chosen where one of its models is found.

It decodes as sound comes in, so words show while they are spoken, each with its time and
confidence. Where speech begins and ends is told by our own endpointer, as with every engine;
its pauses also end an utterance here, sooner than the model's own settings would.
"""

import contextlib
import importlib.metadata
import json
import math
import os
from collections import deque
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from agentassist import events as ev
from agentassist.speech import endpointing as ends
from agentassist.speech.base import SAMPLE_RATE, Recogniser, Samples, SpeechError, SpeechEvent
from agentassist.speech.offline import offline
from agentassist.speech.offset import starting_at
from agentassist.speech.stable import REACTION, Stability
from agentassist.speech.voice import CHUNK, SileroVoice
from agentassist.values import Word
from agentassist.vocabulary import Party

LOOK = 4
"""Chunks between two looks at the hypothesis: 0.128 s."""

ENDPOINTING = ends.Endpointing(after=0.48)
"""A pause of `after` seconds ends an utterance: by then its last word has been decoded."""

_MADE_UP = frozenset({"the", "huh"})
"""What silence and noise are heard as by its English models (vosk-api issues 797, 1101, 1139)."""

_ACOUSTICS = ("am/final.mdl", "final.mdl")
_PARTS = (
    ("conf/model.conf",),
    ("conf/mfcc.conf", "conf/fbank.conf"),
    ("graph/HCLG.fst", "graph/HCLr.fst"),
)
"""Files that a model has, each the first or the second (the second of a small model)."""
_OLD_PARTS = (("mfcc.conf",), ("HCLG.fst", "HCLr.fst"))

MEND = "this vosk model is damaged: remove the folder and fetch it again with agentassist models"


def version() -> str | None:
    """The library's version; None where it is not installed."""
    try:
        return importlib.metadata.version("vosk")
    except importlib.metadata.PackageNotFoundError:
        return None


def library() -> Any:
    """The library with its logging off. Raises SpeechError where it can't be had."""
    try:
        with offline():
            import vosk
    except (ImportError, OSError, TypeError) as error:
        raise SpeechError(
            f"vosk can't be loaded ({type(error).__name__}); install it with: pip install vosk"
        ) from None
    # Below what Kaldi calls an error: what went wrong is told in our own line.
    vosk.SetLogLevel(-10)
    return vosk


def check(model: Path) -> None:
    """Looks whether the model's files are there. Raises SpeechError with the mend."""
    if not model.is_dir():
        raise SpeechError(f"{model}: is no folder; name the folder of an unpacked vosk model")
    old = not (model / _ACOUSTICS[0]).exists() and (model / _ACOUSTICS[1]).exists()
    parts = [(_ACOUSTICS[int(old)],), *(_OLD_PARTS if old else _PARTS)]
    for names in parts:
        if not any(_has_content(model / name) for name in names):
            raise SpeechError(f"{model}: {' or '.join(names)} is missing or empty; {MEND}")


def _has_content(path: Path) -> bool:
    with contextlib.suppress(OSError):
        return path.stat().st_size > 0
    return False


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Nothing on the standard error: Kaldi and OpenFst write there at length what ails a model."""
    kept = os.dup(2)
    try:
        with open(os.devnull, "wb") as nothing:  # noqa: PTH123 - on Windows it is no path
            os.dup2(nothing.fileno(), 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)


class VoskEngine:
    """One loaded model for all parties; each call's recognisers are made anew."""

    def __init__(self, model: Path) -> None:
        """Takes seconds with a large model. Raises SpeechError."""
        check(model)
        self._vosk = library()
        self._name = f"vosk {version()} {model.name}"
        try:
            with _quiet():
                self._model = self._vosk.Model(str(model))
        except Exception as error:
            raise SpeechError(
                f"{model}: can't be loaded ({type(error).__name__}); {MEND}"
            ) from error

    @property
    def name(self) -> str:
        return self._name

    def recogniser(self, party: Party, *, tentative: bool = True, start: float = 0.0) -> Recogniser:
        if self._model is None:
            raise SpeechError("the speech engine is closed; load it again")
        decoder = self._vosk.KaldiRecognizer(self._model, SAMPLE_RATE)
        decoder.SetWords(enable_words=True)
        endpointer = ends.Endpointer(SileroVoice(), ENDPOINTING)
        return starting_at(start, VoskRecogniser(party, decoder, endpointer, tentative=tentative))

    def close(self) -> None:
        """Frees the model once no recogniser needs it any more. May be called again."""
        self._model = None


class VoskRecogniser:
    """One party's recogniser: decodes in `accept`, so that nothing can pile up behind it.

    All is decided on whole chunks of the sound, so it is heard alike however it arrives.
    """

    def __init__(
        self, party: Party, decoder: Any, endpointer: ends.Endpointer, *, tentative: bool = True
    ) -> None:
        self._party: Party = party
        self._decoder = decoder
        self._endpointer = endpointer
        self._tentative = tentative
        self._rest: Samples = np.zeros(0, np.float32)
        self._ready: deque[SpeechEvent] = deque()
        self._words = Stability()
        self._chunks = 0
        self._speaking = False
        self._spoke = False
        """Whether there was a voice since words were last committed for good."""
        self._until = 0.0
        """Second up to which words are committed."""
        self._shown = ""
        self._finished = False

    @property
    def heard_until(self) -> float:
        heard = self._endpointer.heard
        return math.nextafter(self._ready[0].at, -1.0) if self._ready else heard

    def accept(self, samples: Samples) -> None:
        if self._finished:
            raise SpeechError("a finished recogniser hears nothing more; make a new one")
        sound = np.concatenate((self._rest, samples))
        whole = len(sound) - len(sound) % CHUNK
        self._rest = sound[whole:]
        for place in range(0, whole, CHUNK):
            self._take(sound[place : place + CHUNK])

    def finish(self) -> None:
        if self._finished:
            return
        self._finished = True
        if len(self._rest):
            self._decode(self._rest)
        for mark in (*self._endpointer.accept(self._rest), *self._endpointer.finish()):
            self._mark(mark, last=True)
        self._commit(last=True)

    def __iter__(self) -> Iterator[SpeechEvent]:
        while self._ready:
            yield self._ready.popleft()

    def _take(self, chunk: Samples) -> None:
        self._chunks += 1
        ended = self._decode(chunk)
        for mark in self._endpointer.accept(chunk):
            self._mark(mark)
        if ended:
            self._commit()
        elif self._speaking and self._chunks % LOOK == 0:
            self._look()

    def _mark(self, mark: ends.Mark, *, last: bool = False) -> None:
        match mark:
            case ends.SpeechBegan():
                self._speaking = self._spoke = True
                self._ready.append(ev.SpeechStarted(mark.at, self._party, mark.start))
            case ends.Paused():
                self._commit(last=last)
            case ends.SpeechStopped():
                self._ready.append(ev.SpeechEnded(mark.at, self._party, mark.start, mark.end))
                self._commit(last=last)
                self._speaking = self._spoke = False

    def _decode(self, sound: Samples) -> bool:
        """Whether the decoder takes the utterance to be over."""
        steps = np.round(np.clip(sound, -1.0, 1.0) * 32_767).astype("<i2").tobytes()
        return bool(self._ask("AcceptWaveform", steps))

    def _look(self) -> None:
        """Shows the words so far, and commits those that have waited long enough."""
        now = self._endpointer.heard
        hypothesis = json.loads(self._ask("PartialResult")).get("partial", "")
        # The flags are the agent's. What the caller answers, as a password, stays whole.
        self._hear(self._words.show(hypothesis.split(), now, commit=self._party == "agent"))
        shown = " ".join(word.text for word in self._words.open)
        if self._tentative and shown and shown != self._shown:
            start = max(self._until, self._words.open[0].since - REACTION)
            self._ready.append(ev.WordsTentative(now, self._party, start, shown))
        self._shown = shown

    def _commit(self, *, last: bool = False) -> None:
        """Ends the utterance: its words won't change any more."""
        found = json.loads(self._ask("FinalResult" if last else "Result"))
        words = [
            Word(each["word"], each["start"], each["end"], round(each["conf"], 3))
            for each in found.get("result", ())
        ]
        done = self._words.finish([word.text for word in words])
        self._shown = ""
        if self._spoke and (done or not _MADE_UP.issuperset(word.text for word in words)):
            self._hear(words[done:])
        self._spoke = self._speaking

    def _hear(self, words: Sequence[Word]) -> None:
        if not words:
            return
        start = max(words[0].start, self._until)
        self._until = end = max(words[-1].end, start)
        sure = [word.confidence for word in words if word.confidence is not None]
        self._ready.append(
            ev.WordsHeard(
                self._endpointer.heard,
                self._party,
                start,
                end,
                " ".join(word.text for word in words),
                tuple(words),
                round(math.fsum(sure) / len(sure), 3) if sure else None,
            )
        )

    def _ask(self, verb: str, *sound: bytes) -> Any:
        try:
            return getattr(self._decoder, verb)(*sound)
        except Exception as error:
            raise SpeechError(
                f"the speech engine failed ({type(error).__name__}); restart it"
            ) from error
