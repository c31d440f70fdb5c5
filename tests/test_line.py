"""Both devices before a call and in it: no first word is lost, and faults are told once."""

import threading
import time
from collections.abc import Callable

import numpy as np
import pytest

from agentassist import events as ev
from agentassist.audio.far_voice import SPOKEN, STAYS, WITHIN, FarVoice
from agentassist.audio.line import Heard, Line
from agentassist.audio.recording import open_recording
from agentassist.audio.standing import Standing
from agentassist.demo import RECORDING
from agentassist.speech.base import SAMPLE_RATE, Samples
from agentassist.speech.voice import SileroVoice
from agentassist.vocabulary import PARTIES, Party
from tests.live_sound import PlayedSound
from tests.sounds import blocks, loud_is_speech, noise, ring_tone


def counting(seconds: float) -> Samples:
    """Sound that tells its place: each block of 0.1 s has a level of its own."""
    return np.repeat(np.arange(1, round(seconds * 10) + 1) / 1000, SAMPLE_RATE // 10).astype(
        np.float32
    )


def places(heard: list[Heard]) -> list[int]:
    """Which blocks these are."""
    return [round(float(b[0]) * 1000) for b in heard if not isinstance(b, ev.TroubleHeard)]


def until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10.0
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def taken(line: Line) -> dict[Party, list[Heard]]:
    return {party: list(line.blocks(party)) for party in PARTIES}


@pytest.fixture
def sound() -> PlayedSound:
    return PlayedSound(counting(60.0), counting(60.0), speed=20.0)


def test_a_call_goes_on_with_the_next_block_on_both_sides_at_once(sound: PlayedSound) -> None:
    with Line(sound) as line:
        until(lambda: sound.blocks_given >= 20)
        line.begin()
        line.begin()
        begun_at = sound.blocks_given
        until(lambda: sound.blocks_given >= begun_at + 30)
        line.hang_up()
        heard = {party: places(items) for party, items in taken(line).items()}
    assert heard["agent"] == heard["caller"]
    first = heard["agent"][0]
    assert 15 <= first <= begun_at + 1
    assert heard["agent"] == list(range(first, first + len(heard["agent"])))
    assert len(heard["agent"]) >= 25


def test_the_recorder_is_given_the_same_blocks_however_late_it_comes(sound: PlayedSound) -> None:
    recorded: dict[Party, list[Heard]] = {party: [] for party in PARTIES}
    with Line(sound) as line:
        until(lambda: sound.blocks_given >= 10)
        line.begin()
        begun_at = sound.blocks_given
        until(lambda: sound.blocks_given >= begun_at + 10)
        line.record(lambda party, block: recorded[party].append(block))
        until(lambda: sound.blocks_given >= begun_at + 20)
        line.hang_up()
        heard = taken(line)
    for party in PARTIES:
        assert places(recorded[party]) == places(heard[party])


def test_a_line_that_is_closed_without_a_call_ends() -> None:
    with Line(PlayedSound(speed=20.0)) as line:
        assert line.levels().keys() == {*PARTIES}
    assert all(not thread.is_alive() for thread in line._waiting.values())


def test_a_device_that_was_gone_before_the_call_is_told_at_its_start_and_once(
    sound: PlayedSound,
) -> None:
    with Line(sound) as line:
        sound.trouble("gone", "Plug it in.", "caller")
        until(lambda: len(line.faults()) == 1)
        line.begin()
        until(lambda: sound.blocks_given >= 20)
        sound.trouble("gone", "", "caller")
        line.hang_up()
        heard = taken(line)["caller"]
    told = [item for item in heard if isinstance(item, ev.TroubleHeard)]
    assert isinstance(heard[0], ev.TroubleHeard)
    assert [(event.at == 0.0, event.mend) for event in told] == [(True, "Plug it in."), (False, "")]


def test_times_of_troubles_are_those_of_the_call(sound: PlayedSound) -> None:
    with Line(sound) as line:
        until(lambda: sound.blocks_given >= 50)
        line.begin()
        begun_at = sound.blocks_given
        until(lambda: sound.blocks_given >= begun_at + 20)
        sound.trouble("clipping", "Turn it down.", "agent")
        line.hang_up()
        told = [x for x in taken(line)["agent"] if isinstance(x, ev.TroubleHeard)]
    assert [event.at for event in told] == [pytest.approx(2.0, abs=1.0)]


# Faults from before the call


def fault(kind: str, mend: str = "Do so.", party: Party | None = "caller") -> ev.TroubleHeard:
    return ev.TroubleHeard(50.0, f"It is {kind}.", mend, party, kind)


def test_silence_at_the_far_end_is_no_fault_until_the_call_is_silent_too() -> None:
    standing = Standing()
    standing.take(fault("nothing"))
    silent, spoken = standing.of_call("caller"), standing.of_call("caller")
    assert not list(silent.at_once())
    assert not list(silent.passed(9.9))
    assert [event.at for event in silent.passed(10.0)] == [10.0]
    assert not list(silent.passed(10.1))
    assert not list(spoken.take(fault("nothing", mend="")))
    assert not list(spoken.passed(10.0))


def test_what_is_over_is_told_only_to_a_call_that_was_told_of_it() -> None:
    standing = Standing()
    standing.take(fault("echo", party="agent"))
    call = standing.of_call("agent")
    assert not list(call.at_once())
    assert not list(call.take(fault("echo", "", "agent")))
    assert len(list(call.take(fault("echo", party="agent")))) == 1
    assert len(list(call.take(fault("echo", "", "agent")))) == 1


def test_what_is_of_both_sides_is_told_with_the_agents() -> None:
    standing = Standing()
    standing.take(fault("server", party=None))
    assert len(list(standing.of_call("agent").at_once())) == 1
    assert not list(standing.of_call("caller").at_once())


def test_what_is_mended_is_no_longer_there() -> None:
    standing = Standing()
    standing.take(fault("gone"))
    standing.take(fault("muted"))
    standing.take(fault("gone", ""))
    assert [event.fault for event in standing.there()] == ["muted"]


# A voice at the far end


def far(voice: FarVoice, sound: Samples) -> FarVoice:
    for block in blocks(sound):
        voice.take(block)
    return voice


def level(value: float, seconds: float) -> Samples:
    return np.full(round(seconds * SAMPLE_RATE), value, np.float32)


def test_a_word_is_no_call_and_a_sentence_is_one_for_a_while() -> None:
    voice = FarVoice(loud_is_speech)
    assert not far(voice, level(0.5, SPOKEN - 0.2)).speaks
    assert not far(voice, level(0.0, WITHIN)).speaks
    assert far(voice, level(0.5, SPOKEN + 0.2)).speaks
    assert far(voice, level(0.0, STAYS - 1.0)).speaks
    assert not far(voice, level(0.0, WITHIN + 2.0)).speaks


def test_ring_tones_and_noise_are_no_voice() -> None:
    ringing = ring_tone((400.0, 450.0), 0.4, 0.2, 10.0)
    assert not far(FarVoice(SileroVoice()), ringing).speaks
    assert not far(FarVoice(SileroVoice()), noise(0.05, 10.0)).speaks


def test_the_bundled_caller_is_a_voice() -> None:
    voice, spoken = FarVoice(SileroVoice()), False
    for block, _ in zip(open_recording(RECORDING).blocks("caller"), range(300), strict=False):
        voice.take(block)
        spoken |= voice.speaks
    assert spoken


def test_the_line_listens_for_it_only_before_the_call() -> None:
    taken_by_voice = threading.Event()

    def voice(chunk: Samples) -> float:
        taken_by_voice.set()
        return 1.0

    with Line(PlayedSound(caller=counting(60.0), speed=20.0), FarVoice(voice)) as line:
        until(lambda: line.somebody_speaks)
        line.begin()
        for thread in line._waiting.values():
            thread.join()
        taken_by_voice.clear()
        time.sleep(0.1)
        assert not taken_by_voice.is_set()
