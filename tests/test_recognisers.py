"""One contract for every recogniser, and what a real one must do with real sound."""

import math
import shutil
import socket
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
import soxr
from sounds import blocks, listen, noise, ring_tone, text
from tone_language import tones

from agentassist import events as ev
from agentassist.phrases import normalise
from agentassist.speech import models
from agentassist.speech.base import (
    SAMPLE_RATE,
    Engine,
    Recogniser,
    Samples,
    SpeechError,
    SpeechEvent,
)
from agentassist.speech.engines import Available, available, load_engine
from agentassist.speech.moonshine import levelled
from agentassist.speech.scripted import Line, ScriptedEngine

SCRIPT = (
    Line(1.2, 8.3, "It was the best of times, it was the worst of times."),
    Line(8.8, 12.9, "It was the epoch of belief."),
)


@pytest.fixture(scope="session")
def english() -> Samples:
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


@pytest.fixture(scope="session")
def vosk(tones_model: Path) -> Iterator[Engine]:
    pytest.importorskip("vosk")
    engine = load_engine("vosk", tones_model)
    yield engine
    engine.close()


@pytest.fixture(params=["scripted", "moonshine", "vosk"])
def engine(request: pytest.FixtureRequest) -> Engine:
    if request.param == "scripted":
        return ScriptedEngine({"agent": SCRIPT, "caller": SCRIPT})
    chosen: Engine = request.getfixturevalue(request.param)
    return chosen


@pytest.fixture
def speech(engine: Engine, request: pytest.FixtureRequest) -> Samples:
    """The script, so that the engine understands it; the last word ends with the sound."""
    if engine.name.startswith("vosk"):
        return tones(" ".join(line.text for line in SCRIPT), start=1.2, pause=0.5, tail=0.05)
    english: Samples = request.getfixturevalue("english")
    return english


def committed(engine: Engine, samples: Samples, seconds: float = 0.1) -> list[SpeechEvent]:
    return listen(engine.recogniser("agent", tentative=False), samples, seconds)


def listen_as_spoken(recogniser: Recogniser, samples: Samples) -> list[SpeechEvent]:
    """As `listen`, but in real time until tentative words have come."""
    found: list[SpeechEvent] = []
    for block in blocks(samples, 0.1):
        recogniser.accept(block)
        found += recogniser
        if not any(isinstance(event, ev.WordsTentative) for event in found):
            time.sleep(0.1)
    recogniser.finish()
    return [*found, *recogniser]


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
    assert started[0].start == pytest.approx(1.2, abs=0.15)


def test_tentative_words_come_only_where_they_are_wanted(engine: Engine, speech: Samples) -> None:
    wanted = listen_as_spoken(engine.recogniser("agent"), speech)
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


def test_a_recogniser_may_begin_in_the_middle_of_a_call(engine: Engine, speech: Samples) -> None:
    if engine.name == "scripted":
        pytest.skip("its lines are told in the call's seconds already")
    late = engine.recogniser("caller", tentative=False, start=100.0)
    assert late.heard_until == 100.0
    events = listen(late, speech)
    usual = listen(engine.recogniser("caller", tentative=False), speech)
    assert [event.at for event in events] == pytest.approx([event.at + 100.0 for event in usual])
    words, earlier = (
        [event for event in found if isinstance(event, ev.WordsHeard)] for found in (events, usual)
    )
    assert text(events) == text(usual)
    for one, other in zip(words, earlier, strict=True):
        assert (one.start, one.end) == pytest.approx((other.start + 100.0, other.end + 100.0))
        shifted = [word.start + 100.0 for word in other.words]
        assert [word.start for word in one.words] == pytest.approx(shifted)


def test_the_scripted_one_says_what_begins_after_its_start() -> None:
    late = ScriptedEngine({"agent": SCRIPT}).recogniser("agent", start=5.0)
    assert late.heard_until == 5.0
    events = listen(late, np.zeros(10 * SAMPLE_RATE, np.float32))
    assert text(events) == SCRIPT[1].text
    assert min(event.at for event in events) == SCRIPT[1].start


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
@pytest.mark.parametrize("real", ["moonshine", "vosk"])
def test_what_is_not_speech_gives_no_words(
    real: str, sound: Samples, request: pytest.FixtureRequest
) -> None:
    assert text(committed(request.getfixturevalue(real), sound)) == ""


@pytest.mark.parametrize("engine", ["moonshine", "vosk"], indirect=True)
def test_speech_at_a_hundredth_of_full_scale_is_heard(engine: Engine, speech: Samples) -> None:
    loud = committed(engine, speech)
    soft = committed(engine, speech * np.float32(0.01 / np.abs(speech).max()))
    assert normalise(text(soft)).text == normalise(text(loud)).text != ""


@pytest.mark.parametrize("name", ["moonshine", "vosk"])
def test_it_works_with_the_network_cut_off(
    name: str, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    request.getfixturevalue(name)
    model: Path | None = request.getfixturevalue("tones_model") if name == "vosk" else None
    sound = tones(SCRIPT[0].text) if model else request.getfixturevalue("english")

    def cut_off(*_: Any, **__: Any) -> Any:
        raise OSError("the network is cut off")

    for method in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, method, cut_off)
    monkeypatch.setattr(socket, "getaddrinfo", cut_off)
    engine = load_engine(name, model)
    assert "times" in text(committed(engine, sound[: 9 * SAMPLE_RATE]))
    engine.close()


def test_a_closed_engine_says_so_instead_of_waiting(english: Samples) -> None:
    engine = load_engine("moonshine")
    recogniser = engine.recogniser("agent")
    recogniser.accept(english[: 2 * SAMPLE_RATE])
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


# Which engines there are.


def of(name: str, model: Path | None = None) -> Available:
    (found,) = (engine for engine in available(model) if engine.name == name)
    return found


def test_the_engine_at_hand_is_told_with_its_model() -> None:
    pytest.importorskip("moonshine_voice")
    found = of("moonshine")
    assert (found.ok, found.mend) == (True, "")
    assert Path(found.model).is_dir()


def test_an_unknown_engine_names_those_there_are() -> None:
    with pytest.raises(SpeechError, match="no speech engine 'siri'; there is: vosk, moonshine"):
        load_engine("siri")


def test_a_line_that_had_not_begun_is_not_said() -> None:
    scripted = ScriptedEngine({"agent": SCRIPT}).recogniser("agent")
    events = listen(scripted, np.zeros(round(8.5 * SAMPLE_RATE), np.float32))
    assert text(events) == SCRIPT[0].text
    assert math.isclose(events[-1].at, 8.5)


def test_without_an_engine_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "moonshine_voice", None)
    monkeypatch.setitem(sys.modules, "vosk", None)
    for name, mend in (("moonshine", "moonshine-voice==0.1.0"), ("vosk", "vosk")):
        assert not of(name).ok
        assert f"pip install {mend}" in of(name).mend
    with pytest.raises(SpeechError) as caught:
        load_engine()
    assert of("moonshine").mend in str(caught.value)
    assert of("vosk").mend in str(caught.value)
    assert "\n" not in str(caught.value)


def test_vosk_is_taken_once_a_model_is_in_the_users_cache(
    tones_model: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    pytest.importorskip("vosk")
    assert "agentassist models" in of("vosk").mend
    monkeypatch.setattr(models, "user_folder", lambda: tones_model.parent)
    assert available()[0].name == "vosk"
    engine = load_engine()
    assert engine.name.startswith("vosk 0.3.4")
    assert engine.name.endswith("vosk-tones")
    engine.close()
    with pytest.raises(SpeechError, match="closed"):
        engine.recogniser("agent")


def test_a_damaged_model_is_passed_over_unless_it_was_chosen(
    tones_model: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    pytest.importorskip("vosk")
    pytest.importorskip("moonshine_voice")
    broken = tmp_path / "vosk-broken"
    shutil.copytree(tones_model, broken)
    (broken / "am" / "final.mdl").write_bytes(b"")
    monkeypatch.setattr(models, "user_folder", lambda: tmp_path)
    engine = load_engine()
    assert engine.name.startswith("moonshine")
    engine.close()
    assert "am/final.mdl is missing or empty" in of("vosk").mend
    with pytest.raises(SpeechError, match=r"vosk-broken: am/final\.mdl is missing or empty"):
        load_engine(model=broken)
