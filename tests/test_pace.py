"""A slow machine: what is left out, in which order, and that no word is."""

import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from real_time import RealTime
from tone_language import tones

from agentassist import events as ev
from agentassist.audio.recording import open_recording
from agentassist.call import LabelledTurn, fold
from agentassist.demo import RECORDING
from agentassist.hearing import Hearing, TwoParties
from agentassist.labels import Labels
from agentassist.pace import LATE, SLOW, Pace
from agentassist.pipeline import run
from agentassist.plain import PlainSink
from agentassist.session import CallSession
from agentassist.speech.base import SAMPLE_RATE, Engine, Samples
from agentassist.speech.engines import load_engine
from agentassist.speech.scripted import Line, ScriptedEngine
from agentassist.turns import Turns
from agentassist.values import Label, Turn
from agentassist.vocabulary import BEHIND, PARTIES, Party
from tests.conftest import said_labels

STARTED = ev.CallStarted(0.0, "live", "scripted")
SLOWED = ev.TroubleHeard(2.0, "It is slow.", "Close something.", fault=BEHIND)
CAUGHT_UP = ev.TroubleHeard(6.0, "It keeps up again.", "", fault=BEHIND)


def said(at: float, text: str, party: Party = "agent") -> ev.WordsHeard:
    return ev.WordsHeard(at, party, at - 1.0, at - 0.1, text)


class Asked:
    """A classifier that keeps what it was asked about."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self._classify = said_labels({"calm down": "dismissive", "liar": "insult"})

    def __call__(self, turn: Turn, before: Sequence[LabelledTurn]) -> tuple[Label, ...]:
        self.texts.append(turn.text)
        return self._classify(turn, before)


def labelled(*heard: ev.Heard) -> tuple[list[str], list[ev.TurnLabelled]]:
    classify = Asked()
    events = run([STARTED, *heard], [Turns(), Labels(classify)])
    return classify.texts, [event for event in events if isinstance(event, ev.TurnLabelled)]


def test_it_is_told_once_when_the_machine_falls_behind_and_once_when_that_is_over() -> None:
    pace = Pace()
    measures = [0.2, SLOW - 0.1, SLOW, 9.0, SLOW, LATE, LATE - 0.1, 0.1, SLOW]
    told = [pace.measured(behind, float(at)) for at, behind in enumerate(measures)]
    assert [at for at, event in enumerate(told) if event] == [2, 6, 8]
    assert [bool(event.mend) for event in told if event] == [True, False, True]
    assert pace.most == 9.0


def test_tentative_words_are_left_out_before_anything_else() -> None:
    pace = Pace()
    assert pace.measured(LATE, 1.0) is None
    assert pace.is_late
    pace.measured(LATE - 0.1, 2.0)
    assert not pace.is_late


def test_a_growing_turn_waits_for_its_labels_while_the_machine_is_behind() -> None:
    asked, found = labelled(
        said(1.0, "you liar"), SLOWED, said(3.0, "just calm down"), said(4.0, "now"),
        said(5.0, "what did you say", "caller"), ev.CallEnded(5.5),
    )  # fmt: skip
    assert asked == ["you liar", "you liar just calm down now", "what did you say"]
    ended = {event.turn: [label.name for label in event.labels] for event in found if event.final}
    assert ended == {0: ["insult", "dismissive"], 1: []}


def test_what_waited_is_labelled_as_soon_as_the_machine_has_caught_up() -> None:
    _, found = labelled(SLOWED, said(3.0, "just calm down"), CAUGHT_UP, ev.ClockMark(7.0))
    assert [(event.at, event.final, event.labels[0].name) for event in found] == [
        (6.0, False, "dismissive")
    ]


def test_an_end_that_brings_no_words_labels_those_that_waited() -> None:
    asked, found = labelled(SLOWED, said(3.0, "just calm down"), ev.CallEnded(4.0))
    assert asked == ["just calm down"]
    assert [label.name for label in found[-1].labels] == ["dismissive"]


def test_every_turn_ends_with_the_labels_it_has_on_a_fast_machine() -> None:
    words: list[ev.Heard] = [
        said(1.0, "you liar"), said(3.0, "just calm down"), said(4.0, "never", "caller"),
        said(5.0, "calm down you liar"), ev.CallEnded(8.0),
    ]  # fmt: skip
    _, fast = labelled(*words)
    for slow in range(len(words)):
        for over in range(slow, len(words)):
            heard = [*words[:slow], SLOWED, *words[slow:over], CAUGHT_UP, *words[over:]]
            _, found = labelled(*heard)
            final = [(e.turn, e.labels) for e in found if e.final]
            assert final == [(e.turn, e.labels) for e in fast if e.final]


def test_other_troubles_change_nothing() -> None:
    muted = ev.TroubleHeard(2.0, "It is muted.", "Unmute it.", "agent", "muted")
    asked, _ = labelled(muted, said(3.0, "just calm down"))
    assert asked == ["just calm down"]


SCRIPT: dict[Party, list[Line]] = {
    "agent": [Line(0.5 + 2 * n, 1.5 + 2 * n, f"Sentence number {n} of mine.") for n in range(5)],
    "caller": [Line(1.6 + 2 * n, 2.2 + 2 * n, f"Answer number {n} of mine.") for n in range(5)],
}


class Waiting:
    """Twelve seconds of silence, of which a party's hearer has as much to catch up as is told."""

    def __init__(self, behind: Sequence[float]) -> None:
        self._behind = behind
        self._given = 0

    def blocks(self, party: Party) -> Iterator[Samples]:
        for count in range(120):
            if party == "agent":
                self._given = count
            # So that the session has the block before the next.
            time.sleep(0.002)
            yield np.zeros(SAMPLE_RATE // 10, np.float32)

    def waiting(self) -> float:
        return self._behind[self._given * len(self._behind) // 120]


def heard(*behind: float) -> list[ev.AnyEvent]:
    with Hearing(STARTED, Waiting(behind), ScriptedEngine(SCRIPT)) as hearing:
        return list(hearing)


def words(events: Sequence[ev.AnyEvent]) -> dict[Party, str]:
    spoken = [event for event in events if isinstance(event, ev.WordsHeard)]
    return {who: " ".join(e.text for e in spoken if e.party == who) for who in PARTIES}


def test_a_live_call_that_falls_behind_says_so_leaves_tentative_words_out_and_hears_all() -> None:
    events = heard(0.0, 30.0, 30.0, 0.0)
    slow, over = [event for event in events if isinstance(event, ev.TroubleHeard)]
    assert slow.mend
    assert not over.mend
    assert 2.0 < slow.at < over.at <= 12.0
    between = events[events.index(slow) : events.index(over)]
    assert not [event for event in between if isinstance(event, ev.WordsTentative)]
    assert [event for event in events if isinstance(event, ev.WordsTentative)]
    assert words(events) == words(heard(0.0))
    times = [event.at for event in events if isinstance(event, ev.HEARD)]
    assert times == sorted(times)


def test_a_call_that_is_a_little_late_shows_no_tentative_words_and_tells_nothing() -> None:
    events = heard(2.0)
    assert not [event for event in events[20:] if isinstance(event, ev.WordsTentative)]
    assert not [event for event in events if isinstance(event, ev.TroubleHeard)]


class Screened:
    """What the plain screen wrote."""

    def __init__(self) -> None:
        self.text = ""

    def write(self, text: str) -> int:
        self.text += text
        return len(text)

    def flush(self) -> None:
        pass


def test_the_screen_says_that_the_machine_is_slow_and_that_it_is_over() -> None:
    events = heard(0.0, 30.0, 0.0)
    call = fold(events)
    assert [bool(each.mend) for each in call.troubles if isinstance(each, ev.TroubleHeard)] == [
        True,
        False,
    ]
    screen = Screened()
    CallSession(events, [], [PlainSink(screen)]).run()  # type: ignore[arg-type]
    assert "too slow" in screen.text
    assert "keeps up again" in screen.text


@pytest.mark.slow
def test_a_slow_classifier_is_noticed_and_spared() -> None:
    classify = Asked()

    def slow(turn: Turn, before: Sequence[LabelledTurn]) -> tuple[Label, ...]:
        time.sleep(4.5 if not classify.texts else 0.0)
        return classify(turn, before)

    sound = np.zeros(8 * SAMPLE_RATE, np.float32)
    script: dict[Party, list[Line]] = {
        "agent": [Line(0.5 * n, 0.5 * n + 0.3, f"you liar {n}") for n in range(10)]
    }
    seen: list[ev.AnyEvent] = []
    hearing = Hearing(STARTED, RealTime(dict.fromkeys(PARTIES, sound)), ScriptedEngine(script))
    CallSession(hearing, [Turns(), Labels(slow)], [seen.append]).run()
    assert [bool(e.mend) for e in seen if isinstance(e, ev.TroubleHeard)] == [True, False]
    assert len(classify.texts) < len([e for e in seen if isinstance(e, ev.TurnGrew)])
    assert words(seen)["agent"] == " ".join(line.text for line in script["agent"])
    assert [e for e in seen if isinstance(e, ev.TurnLabelled) and e.final]


def moonshine() -> tuple[Engine, dict[Party, Samples]]:
    recording = open_recording(RECORDING)
    begin, end = 50 * SAMPLE_RATE, 62 * SAMPLE_RATE
    sides = {who: np.concatenate(list(recording.blocks(who))) for who in PARTIES}
    return load_engine("moonshine"), {who: sound[begin:end] for who, sound in sides.items()}


def vosk(model: Path) -> tuple[Engine, dict[Party, Samples]]:
    pytest.importorskip("vosk")
    agent = tones("you will pay it today or the bailiffs come. you are a liar and i want it now.")
    caller = tones("i can't pay i lost my job. stop it. can we agree twenty pounds.", start=1.0)
    length = max(len(agent), len(caller)) + SAMPLE_RATE
    both: dict[Party, Samples] = {"agent": agent, "caller": caller}
    sides = {who: np.pad(sound, (0, length - len(sound))) for who, sound in both.items()}
    return load_engine("vosk", model), sides


@contextmanager
def hogged() -> Iterator[None]:
    """Two processes that take all they can get of the processors."""
    busy = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(2)]
    try:
        yield
    finally:
        for process in busy:
            process.kill()
            process.wait()


class AtOnce:
    """The same sound without a clock."""

    def __init__(self, tracks: dict[Party, Samples]) -> None:
        self._tracks = tracks

    def blocks(self, party: Party) -> Iterator[Samples]:
        track, size = self._tracks[party], SAMPLE_RATE // 10
        return (track[at : at + size] for at in range(0, len(track) // size * size, size))


@pytest.mark.slow
@pytest.mark.parametrize("name", ["moonshine", "vosk"])
def test_no_word_is_lost_in_real_time_while_other_programs_take_the_processors(
    name: str, tones_model: Path
) -> None:
    engine, tracks = vosk(tones_model) if name == "vosk" else moonshine()
    unhurried = words_heard(engine, AtOnce(tracks))
    with hogged():
        hurried = words_heard(engine, RealTime(tracks))
    engine.close()
    assert all(unhurried.values())
    assert hurried == unhurried


def words_heard(engine: Engine, audio: TwoParties) -> dict[Party, str]:
    with Hearing(STARTED, audio, engine) as hearing:
        return words(list(hearing))
