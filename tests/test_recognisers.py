"""One contract for every recogniser, and what a real one must do with real sound."""

import math
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
import soxr

from agentassist import events as ev
from agentassist.phrases import normalise
from agentassist.speech.base import (
    SAMPLE_RATE,
    Engine,
    Recogniser,
    Samples,
    SpeechError,
    SpeechEvent,
)
from agentassist.speech.decoding import DecodeQueue
from agentassist.speech.endpointing import Endpointer
from agentassist.speech.engines import available, load_engine
from agentassist.speech.hallucinations import believable, without_repeat
from agentassist.speech.moonshine import levelled
from agentassist.speech.scripted import Line, ScriptedEngine
from agentassist.speech.segments import MOST_PENDING, SegmentRecogniser

SCRIPT = (
    Line(1.2, 8.3, "It was the best of times, it was the worst of times."),
    Line(8.8, 12.9, "It was the epoch of belief."),
)


@pytest.fixture(scope="session")
def speech() -> Samples:
    """Thirteen seconds that moonshine-voice brings along; the last word ends with the sound."""
    package = pytest.importorskip("moonshine_voice")
    wav = Path(package.__file__).parent / "assets" / "two_cities.wav"
    samples, rate = soundfile.read(wav, dtype="float32", frames=13 * 48_000)
    return np.asarray(soxr.resample(samples, rate, SAMPLE_RATE), np.float32)


@pytest.fixture(scope="session")
def moonshine() -> Iterator[Engine]:
    pytest.importorskip("moonshine_voice")
    engine = load_engine("moonshine")
    yield engine
    engine.close()


@pytest.fixture(params=["scripted", "moonshine"])
def engine(request: pytest.FixtureRequest) -> Engine:
    if request.param == "scripted":
        return ScriptedEngine({"agent": SCRIPT, "caller": SCRIPT})
    chosen: Engine = request.getfixturevalue("moonshine")
    return chosen


def blocks(samples: Samples, seconds: float = 0.1) -> Iterator[Samples]:
    size = round(seconds * SAMPLE_RATE)
    return (samples[place : place + size] for place in range(0, len(samples), size))


def listen(recogniser: Recogniser, samples: Samples, seconds: float = 0.1) -> list[SpeechEvent]:
    found: list[SpeechEvent] = []
    for block in blocks(samples, seconds):
        recogniser.accept(block)
        found += recogniser
    recogniser.finish()
    return [*found, *recogniser]


def committed(engine: Engine, samples: Samples, seconds: float = 0.1) -> list[SpeechEvent]:
    return listen(engine.recogniser("agent", tentative=False), samples, seconds)


def text(events: list[SpeechEvent]) -> str:
    return " ".join(event.text for event in events if isinstance(event, ev.WordsHeard))


def facts(events: list[SpeechEvent]) -> list[SpeechEvent]:
    return [event for event in events if not isinstance(event, ev.WordsTentative)]


# What every recogniser does.


def test_finish_delivers_the_last_words(engine: Engine, speech: Samples) -> None:
    recogniser = engine.recogniser("caller", tentative=False)
    for block in blocks(speech):
        recogniser.accept(block)
    before = list(recogniser)
    recogniser.finish()
    after = list(recogniser)
    assert "times" in text(before + after)
    assert "epoch" in text(after)
    assert isinstance(after[-1], ev.WordsHeard)
    assert after[-1].party == "caller"


def test_iterating_before_anything_was_heard_gives_nothing(engine: Engine) -> None:
    recogniser = engine.recogniser("agent")
    assert list(recogniser) == []
    recogniser.finish()
    assert list(recogniser) == []


def test_each_event_comes_once_and_in_order(engine: Engine, speech: Samples) -> None:
    recogniser = engine.recogniser("agent")
    events = listen(recogniser, speech)
    assert [event.at for event in events] == sorted(event.at for event in events)
    assert list(recogniser) == []
    starts = [event.start for event in events if isinstance(event, ev.WordsHeard)]
    assert starts == sorted(starts)


def test_nothing_comes_that_is_earlier_than_the_watermark(engine: Engine, speech: Samples) -> None:
    recogniser = engine.recogniser("agent")
    watermark = 0.0
    for block in blocks(speech):
        recogniser.accept(block)
        for event in recogniser:
            assert event.at >= watermark
        assert recogniser.heard_until >= watermark
        watermark = recogniser.heard_until
    recogniser.finish()
    assert all(event.at >= watermark for event in recogniser)


def test_speech_is_told_to_begin_before_its_words_and_to_end(
    engine: Engine, speech: Samples
) -> None:
    events = committed(engine, speech)
    started = [event for event in events if isinstance(event, ev.SpeechStarted)]
    ended = [event for event in events if isinstance(event, ev.SpeechEnded)]
    assert [event.start for event in started] == [event.start for event in ended]
    assert all(event.start < event.end <= event.at for event in ended)
    words = [event for event in events if isinstance(event, ev.WordsHeard)]
    assert events.index(started[0]) < events.index(words[0])
    assert started[0].start == pytest.approx(1.2, abs=0.1)


def test_tentative_words_come_only_where_they_are_wanted(engine: Engine, speech: Samples) -> None:
    wanted = listen(engine.recogniser("agent"), speech)
    unwanted = listen(engine.recogniser("agent", tentative=False), speech)
    assert any(isinstance(event, ev.WordsTentative) for event in wanted)
    assert not any(isinstance(event, ev.WordsTentative) for event in unwanted)
    assert facts(wanted) == unwanted


@pytest.mark.slow
@pytest.mark.parametrize("seconds", [0.02, 1.0, 13.0])
def test_the_size_of_blocks_does_not_change_what_is_committed(
    engine: Engine, speech: Samples, seconds: float
) -> None:
    assert committed(engine, speech, seconds) == committed(engine, speech)


def test_a_finished_recogniser_hears_no_more(engine: Engine) -> None:
    recogniser = engine.recogniser("agent")
    recogniser.finish()
    recogniser.finish()
    with pytest.raises(SpeechError, match="make a new one"):
        recogniser.accept(np.zeros(1_600, np.float32))


@pytest.mark.slow
def test_two_parties_at_once_are_heard_as_each_alone(engine: Engine, speech: Samples) -> None:
    late = np.concatenate((np.zeros(SAMPLE_RATE // 2, np.float32), speech[: 9 * SAMPLE_RATE]))
    alone = [facts(committed(engine, samples)) for samples in (speech, late)]
    together: dict[int, list[SpeechEvent]] = {}

    def hear(which: int, samples: Samples) -> None:
        together[which] = committed(engine, samples)

    threads = [threading.Thread(target=hear, args=pair) for pair in enumerate((speech, late))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [together[0], together[1]] == alone


# What a real one makes of sound.


def ring_tone(hertz: tuple[float, float], on: float, off: float, seconds: float) -> Samples:
    now = np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    tone = sum(np.sin(2 * np.pi * each * now) for each in hertz) * 0.15
    return np.where(now % (on + off) < on, tone, 0.0).astype(np.float32)


def noise(loudness: float, seconds: float, *, slope: float = 0.0) -> Samples:
    """White noise, or darker with a slope."""
    rng = np.random.default_rng(7)
    spectrum = np.fft.rfft(rng.normal(size=round(seconds * SAMPLE_RATE)))
    spectrum[1:] /= np.arange(1, len(spectrum)) ** slope
    sound = np.fft.irfft(spectrum)
    return (sound * loudness / sound.std()).astype(np.float32)


NOT_SPEECH = {
    "silence": np.zeros(12 * SAMPLE_RATE, np.float32),
    "an American ring": ring_tone((440, 480), 2.0, 4.0, 12.0),
    "a British ring": ring_tone((400, 450), 0.4, 0.2, 12.0),
    "a dial tone": ring_tone((350, 440), 12.0, 0.0, 12.0),
    "soft hiss": noise(0.003, 12.0),
    "loud hiss": noise(0.1, 12.0),
    "hum and rumble": noise(0.1, 12.0, slope=1.0),
    "a traffic's roar": noise(0.05, 12.0, slope=0.5),
}


@pytest.mark.parametrize("sound", NOT_SPEECH.values(), ids=NOT_SPEECH.keys())
def test_what_is_not_speech_gives_no_words(moonshine: Engine, sound: Samples) -> None:
    assert text(committed(moonshine, sound)) == ""


def test_speech_at_a_hundredth_of_full_scale_is_heard(moonshine: Engine, speech: Samples) -> None:
    loud = committed(moonshine, speech)
    soft = committed(moonshine, speech * np.float32(0.01 / np.abs(speech).max()))
    assert normalise(text(soft)).text == normalise(text(loud)).text != ""


def test_it_works_with_the_network_cut_off(
    speech: Samples, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("moonshine_voice")

    def cut_off(*_: Any, **__: Any) -> Any:
        raise OSError("the network is cut off")

    for name in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, name, cut_off)
    monkeypatch.setattr(socket, "getaddrinfo", cut_off)
    engine = load_engine()
    assert "times" in text(committed(engine, speech[: 9 * SAMPLE_RATE]))
    engine.close()


def test_a_closed_engine_says_so_instead_of_waiting(speech: Samples) -> None:
    pytest.importorskip("moonshine_voice")
    engine = load_engine()
    recogniser = engine.recogniser("agent")
    recogniser.accept(speech[: 2 * SAMPLE_RATE])
    engine.close()
    engine.close()
    with pytest.raises(SpeechError, match="closed"):
        recogniser.finish()


def test_a_segment_is_brought_to_the_usual_loudness() -> None:
    sound = noise(0.001, 1.0)
    assert np.std(levelled(sound)) == pytest.approx(0.08, rel=0.01)
    clicking = np.concatenate((sound, [0.9])).astype(np.float32)
    assert np.abs(levelled(clicking)).max() <= 0.951
    assert not levelled(np.zeros(1_600, np.float32)).any()


# What holds however slow the decoding is.


class Held:
    """A decoder that waits until it is let go."""

    def __init__(self) -> None:
        self.go = threading.Event()
        self.decoded: list[int] = []

    def __call__(self, samples: Samples) -> str:
        assert self.go.wait(10.0)
        self.decoded.append(len(samples))
        return f"words {len(samples)}"


@pytest.fixture
def held() -> Held:
    return Held()


@pytest.fixture
def queue(held: Held) -> Iterator[DecodeQueue]:
    queue = DecodeQueue(held, "test")
    yield queue
    held.go.set()
    queue.close()


def loud_is_speech(chunk: Samples) -> float:
    return 1.0 if float(np.abs(chunk).mean()) > 0.1 else 0.0


def spoken(*lengths: float) -> Samples:
    """Speech of these lengths in seconds, a second of silence after each."""
    pieces = [
        np.full(round(length * SAMPLE_RATE), level, np.float32)
        for speech in lengths
        for length, level in ((speech, 0.5), (1.0, 0.0))
    ]
    return np.concatenate(pieces)


def recogniser(queue: DecodeQueue, *, tentative: bool) -> SegmentRecogniser:
    return SegmentRecogniser("agent", Endpointer(loud_is_speech), queue, tentative=tentative)


def test_iterating_never_waits_for_decoding(held: Held, queue: DecodeQueue) -> None:
    slow = recogniser(queue, tentative=False)
    slow.accept(spoken(1.0, 1.0))
    events = list(slow)
    assert [type(event) for event in events] == [ev.SpeechStarted, ev.SpeechEnded]
    assert slow.heard_until < events[-1].at < slow.heard_until + 1e-9
    assert list(slow) == []
    held.go.set()
    slow.finish()
    assert [type(event) for event in slow] == [
        ev.WordsHeard,
        ev.SpeechStarted,
        ev.SpeechEnded,
        ev.WordsHeard,
    ]
    assert slow.heard_until == pytest.approx(4.0, abs=0.04)


def test_accept_waits_while_too_much_is_pending(held: Held, queue: DecodeQueue) -> None:
    slow = recogniser(queue, tentative=False)
    slow.accept(spoken(*[1.0] * MOST_PENDING))
    waiting = threading.Thread(target=slow.accept, args=(spoken(1.0),))
    waiting.start()
    waiting.join(0.2)
    assert waiting.is_alive()
    held.go.set()
    waiting.join(5.0)
    assert not waiting.is_alive()


def test_a_right_guess_is_not_decoded_again(held: Held, queue: DecodeQueue) -> None:
    held.go.set()
    quick = recogniser(queue, tentative=True)
    events: list[SpeechEvent] = []
    for block in blocks(spoken(0.8)):
        quick.accept(block)
        events += quick
        time.sleep(0.005)
    quick.finish()
    events += quick
    assert len(held.decoded) == 1
    assert [type(event) for event in events] == [
        ev.SpeechStarted,
        ev.WordsTentative,
        ev.SpeechEnded,
        ev.WordsHeard,
    ]


def test_final_words_are_decoded_before_those_for_display(held: Held, queue: DecodeQueue) -> None:
    first, second = recogniser(queue, tentative=True), recogniser(queue, tentative=False)
    first.accept(spoken(1.2)[: round(1.1 * SAMPLE_RATE)])  # keeps the decoder busy
    while queue.waiting:
        time.sleep(0.001)
    first.accept(spoken(0.4)[: round(0.75 * SAMPLE_RATE)])  # a guess
    second.accept(spoken(3.0))
    assert queue.waiting == 2
    held.go.set()
    second.finish()
    first.finish()
    assert held.decoded[1] == max(held.decoded)


def test_a_failing_decoder_is_told_without_the_words(speech: Samples) -> None:
    def fails(_: Samples) -> str:
        raise RuntimeError("the words that were said")

    queue = DecodeQueue(fails, "test")
    broken = recogniser(queue, tentative=True)
    broken.accept(spoken(1.0))
    broken.finish()
    with pytest.raises(SpeechError, match=r"failed \(RuntimeError\)"):
        list(broken)
    queue.close()


# Which engines there are, and what is made up.


def test_the_engine_at_hand_is_told_with_its_model() -> None:
    pytest.importorskip("moonshine_voice")
    (found,) = available()
    assert (found.name, found.ok, found.mend) == ("moonshine", True, "")
    assert Path(found.model).is_dir()


def test_an_unknown_engine_names_those_there_are() -> None:
    with pytest.raises(SpeechError, match="there is no speech engine 'siri'; there is: moonshine"):
        load_engine("siri")


def test_a_line_that_had_not_begun_is_not_said() -> None:
    scripted = ScriptedEngine({"agent": SCRIPT}).recogniser("agent")
    events = listen(scripted, np.zeros(round(8.5 * SAMPLE_RATE), np.float32))
    assert text(events) == SCRIPT[0].text
    assert math.isclose(events[-1].at, 8.5)


@pytest.mark.parametrize("made_up", ["You", "you.", "I", "?", "...", " ", "You?"])
def test_what_silence_is_heard_as_is_dropped(made_up: str) -> None:
    assert believable(made_up) == ""


@pytest.mark.parametrize(
    "said", ["No.", "You did?", "No, no, no, no.", "I'm sorry, I'm sorry.", "One, two, one, two."]
)
def test_what_people_do_say_is_kept(said: str) -> None:
    assert believable(said) == said


def test_a_loop_is_said_once() -> None:
    assert believable("I'm just going to do it. " * 4 + "I'm just going") == (
        "I'm just going to do it."
    )
    assert believable("Well, the the the the the the the end.") == "Well, the end."


def test_commas_in_a_row_become_one() -> None:
    assert believable("In short,, the period") == "In short, the period"


def test_words_on_both_sides_of_a_cut_are_said_once() -> None:
    assert without_repeat("I can pay on the twenty.", "On the twenty seventh") == "seventh"
    assert without_repeat("I can pay", "you on Friday") == "you on Friday"
    assert without_repeat("", "you on Friday") == "you on Friday"
