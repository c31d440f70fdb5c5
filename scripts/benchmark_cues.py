"""How soon after a phrase its flag and its cue are on the screen, and what that costs.

Recorded calls are played in real time through everything that a live call goes through from
the sound on: recognisers, redaction, the journal on disk, the shipped coach; what arrives where
the screen stands is timed. Each call is played as it was spoken, and once more with the
caller's channel moved so that both talk at once. Moonshine, and vosk with `--model`, hear the
bundled call; vosk alone hears a dialogue in the language of tones, with the model that
make_vosk_test_model.py makes, whose load says nothing of a real model's.

Three delays are told: since the last word of the phrase that gave it, since the sentence with
that phrase was over, and since the last of the words that were committed with it. The first
two hold how long the speaker talked on without a pause, the last what the machine takes.

    python scripts/benchmark_cues.py --engine moonshine
    python scripts/benchmark_cues.py --engine moonshine --dialogue tests/calls/heated.json
    python scripts/benchmark_cues.py --engine vosk --json
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from benchmark_speech import _cpu, _peak_megabytes, _progress
from played_calls import PlayedCall, bundled, in_tones, spoken
from real_time import RealTime
from tone_language import words_of

from agentassist import events as ev
from agentassist.call import EMPTY
from agentassist.commands.coach import Coach
from agentassist.commands.options import read_rules
from agentassist.hearing import Hearing
from agentassist.session import CallSession
from agentassist.speech.base import SAMPLE_RATE, Engine
from agentassist.speech.engines import load_engine
from agentassist.store.journal import Journal
from agentassist.values import Turn
from agentassist.vocabulary import FLAGS, PARTIES, Party

TARGETS = {"moonshine": 2.0, "vosk": 1.0}
"""Seconds from the end of a phrase to its flag on the screen."""

HEATED = Path(__file__).parent.parent / "tests" / "calls" / "heated.json"
SINCE = ("phrase", "sentence", "words")
"""What delays are counted from; see above."""


class Arrived(NamedTuple):
    """Something that the screen shows of the words of `turn` up to character `end`."""

    kind: str
    name: str
    turn: int
    end: int
    at: float
    """Call seconds by the clock when it was there."""
    heard: dict[Party, float]
    """The end of each party's last committed words then."""


class Screen:
    """The sink that stands where the screen does: the last, behind the journal."""

    def __init__(self, audio: RealTime) -> None:
        self._audio = audio
        self._labels: set[tuple[int, str]] = set()
        self._new: dict[int, int] = {}
        self._at = 0.0
        self._heard: dict[Party, float] = dict.fromkeys(PARTIES, 0.0)
        self.arrived: list[Arrived] = []
        self.waited = 0
        """Cues without a phrase of their own, or that waited for their place behind another."""
        self.troubles: list[str] = []

    def __call__(self, event: ev.AnyEvent) -> None:
        now = self._audio.now
        if event.at != self._at:
            self._at, self._new = event.at, {}
        match event:
            case ev.WordsHeard():
                self._heard = {**self._heard, event.party: event.end}
            case ev.TurnLabelled():
                self._labelled(event, now)
            case ev.CueRaised(cue=cue) if cue.turn in self._new:
                place = self._new[cue.turn]
                self.arrived.append(Arrived("cue", cue.name, cue.turn, place, now, self._heard))
            case ev.CueRaised():
                self.waited += 1
            case ev.TroubleHeard() | ev.TroubleFound():
                self.troubles.append(event.what)
            case ev.StageFailed():
                self.troubles.append(f"{event.stage} failed ({event.error})")

    def _labelled(self, event: ev.TurnLabelled, now: float) -> None:
        for label in event.labels:
            if (event.turn, label.name) not in self._labels:
                self._labels.add((event.turn, label.name))
                self._new[event.turn] = max(self._new.get(event.turn, 0), label.end)
                kind = "flag" if label.name in FLAGS else "label"
                self.arrived.append(
                    Arrived(kind, label.name, event.turn, label.end, now, self._heard)
                )


class Played(NamedTuple):
    """What one call played in real time gave."""

    screen: Screen
    turns: Sequence[Turn]
    behind: float
    cores: float


def play(call: PlayedCall, engine: Engine, coach: Coach, what: str) -> Played:
    """The call in real time, from its sound to the screen."""
    audio = RealTime(call.tracks)
    screen = Screen(audio)
    hearing = Hearing(ev.CallStarted(0.0, "live", engine.name), audio, engine)
    over = threading.Event()
    seconds = len(call.tracks["agent"]) / SAMPLE_RATE
    before = _cpu()
    with tempfile.TemporaryDirectory() as folder, Journal(Path(folder) / "call.journal") as kept:
        session = CallSession(hearing, coach.stages(), [kept, screen])
        session.start()
        while not over.wait(0.5) and not session.wait(0.0):
            _progress(f"{what}: {audio.now:.0f} of {seconds:.0f} s")
    _progress("\n", end="")
    if session.error:
        raise session.error
    turns = [labelled.turn for labelled in session.call.turns]
    return Played(screen, turns, hearing.pace.most, (_cpu() - before) / seconds)


class Delay(NamedTuple):
    """Seconds until something was on the screen, as the module says."""

    arrived: Arrived
    phrase: float
    sentence: float
    words: float


def delays(call: PlayedCall, played: Played) -> Iterator[Delay]:
    """How late everything was that arrived."""
    for party in PARTIES:
        turns = [turn for turn in played.turns if turn.speaker == party]
        heard = [word for turn in turns for word in words_of(turn.text)]
        places = _places([word.text for word in call.said[party]], heard)
        begins = np.cumsum([0, *(len(words_of(turn.text)) for turn in turns)])
        for begin, turn in zip(begins, turns, strict=False):
            for each in played.screen.arrived:
                if each.turn == turn.index:
                    last = max(0, int(begin) + len(words_of(turn.text[: each.end])) - 1)
                    word = call.said[party][places[last]]
                    since = (word.end, word.phrase_end, each.heard[party])
                    yield Delay(each, *(each.at - end for end in since))


def _places(said: Sequence[str], heard: Sequence[str]) -> list[int]:
    """For each word that was heard, which of the words that were said it is."""
    places, now = [], 0
    for tag, first, last, begin, end in SequenceMatcher(
        None, heard, said, autojunk=False
    ).get_opcodes():
        for word in range(first, last):
            # Of words heard wrongly the later are taken for the later.
            now = begin + (word - first if tag == "equal" else max(0, end - begin - last + word))
            places.append(min(now, len(said) - 1))
    return places


def measured(call: PlayedCall, engine: Engine, coach: Coach, what: str) -> dict[str, Any]:
    """The figures of one call, by name."""
    played = play(call, engine, coach, what)
    found = list(delays(call, played))
    rows = {
        "flags": [each for each in found if each.arrived.kind == "flag"],
        "cues": [each for each in found if each.arrived.kind == "cue"],
        "flags and cues": [each for each in found if each.arrived.kind != "label"],
        "all labels": [each for each in found if each.arrived.kind != "cue"],
    }
    return {
        "seconds": len(call.tracks["agent"]) / SAMPLE_RATE,
        "delays": {name: _distribution(each) for name, each in rows.items() if each},
        "events": [
            {"kind": each.arrived.kind, "name": each.arrived.name}
            | {since: getattr(each, since) for since in SINCE}
            for each in found
        ],
        "other_cues": played.screen.waited,
        "cores": played.cores,
        "most_behind": played.behind,
        "troubles": played.screen.troubles,
    }


def _distribution(found: Sequence[Delay]) -> dict[str, float]:
    last = min(len(found) - 1, int(0.95 * len(found)))
    row: dict[str, float] = {"count": len(found)}
    for since in SINCE:
        ordered = sorted(getattr(each, since) for each in found)
        row |= {f"{since}_median": statistics.median(ordered), f"{since}_p95": ordered[last]}
    return row


def table(result: dict[str, Any]) -> Iterator[str]:
    """The figures as lines to read."""
    yield f"{result['engine']}; target {result['target']:.0f} s; peak {result['peak_mb']:.0f} MB"
    yield f"{'seconds after the end of':30}{'':6}" + "".join(f"{since:>16}" for since in SINCE)
    yield f"{'':30}{'count':>6}" + f"{'median':>10}{'p95':>6}" * len(SINCE)
    for name in ("in turn", "at once"):
        run = result[name]
        for kind, row in run["delays"].items():
            figures = (
                f"{row[f'{since}_median']:10.2f}{row[f'{since}_p95']:6.2f}" for since in SINCE
            )
            yield f"{name + ', ' + kind:30}{row['count']:6}{''.join(figures)}"
        yield (
            f"{name}: {run['cores']:.0%} of one core, at most {run['most_behind']:.2f} s behind, "
            f"{run['other_cues']} cues without a phrase of their own"
        )
        yield from (f"{name}: {trouble}" for trouble in run["troubles"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--engine", choices=sorted(TARGETS), default="moonshine")
    parser.add_argument("--model", type=Path, help="a model for vosk; else one that hears tones")
    parser.add_argument("--dialogue", type=Path, help="what is said in tones, or by flite")
    parser.add_argument("--seconds", type=float, help="only so much of the call")
    parser.add_argument("--json", action="store_true", help="the figures as JSON")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        model = chosen.model
        if chosen.engine == "vosk" and model is None:
            model = Path(folder) / "tones"
            call, text = in_tones(chosen.dialogue or HEATED)
            _make_model(model, text)
        else:
            call = spoken(chosen.dialogue) if chosen.dialogue else bundled()
        engine = load_engine(chosen.engine, model)
        coach = Coach(read_rules(()), rules_only=False)
        coach.versions(EMPTY)
        result: dict[str, Any] = {"engine": engine.name, "target": TARGETS[chosen.engine]}
        for name, whole in (("in turn", call), ("at once", call.at_once())):
            part = whole.until(chosen.seconds) if chosen.seconds else whole
            result[name] = measured(part, engine, coach, name)
        result["peak_mb"] = _peak_megabytes()
        engine.close()
    print(json.dumps(result, indent=2) if chosen.json else "\n".join(table(result)))


def _make_model(folder: Path, text: str) -> None:
    """In a process of its own, whose memory and work are not the engine's."""
    words, script = folder.with_suffix(".txt"), Path(__file__).with_name("make_vosk_test_model.py")
    words.write_text(text, encoding="utf-8")
    making = [sys.executable, str(script), str(folder), "--words", str(words)]
    subprocess.run(making, check=True, capture_output=True)


if __name__ == "__main__":
    main()
