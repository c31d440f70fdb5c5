"""Two real devices of a real sound server, and what happens to them during a call."""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from typing import Self

import numpy as np
import pulse
import pytest
from pulse import FAR_END, MICROPHONE, Pulse, pitch, tone

from agentassist import events as ev
from agentassist.audio.live import LiveAudio
from agentassist.hearing import Hearing
from agentassist.speech.base import SAMPLE_RATE, Samples
from agentassist.speech.scripted import Line, ScriptedEngine
from agentassist.vocabulary import PARTIES, Party

AGENT, CALLER = 500.0, 900.0
"""Hertz of what each party says."""


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Pulse]:
    pulse.require()
    with Pulse(monkeypatch) as server:
        yield server


class Call:
    """A live call that is listened to, with both parties saying their tones all the time."""

    def __init__(self, server: Pulse, microphone: str = MICROPHONE) -> None:
        self.server = server
        self.audio = LiveAudio(microphone, FAR_END)
        self.troubles: list[ev.TroubleHeard] = []
        self.tapped: dict[Party, int] = dict.fromkeys(PARTIES, 0)
        self._blocks: dict[Party, list[Samples]] = {party: [] for party in PARTIES}

    def __enter__(self) -> Self:
        self.audio.taps.append(self._tap)
        self._began = time.monotonic()
        self.audio.__enter__()
        self._threads = [threading.Thread(target=self._listen, args=(p,)) for p in PARTIES]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.audio.hang_up()
        for thread in self._threads:
            thread.join(timeout=10.0)
        self.audio.__exit__(None, None, None)
        self.lasted = time.monotonic() - self._began

    @property
    def told(self) -> list[tuple[str, str | None, bool]]:
        """Each fault with its party, and whether it began."""
        return [(each.fault, each.party, bool(each.mend)) for each in self.troubles]

    def sound(self, party: Party) -> Samples:
        return np.concatenate(self._blocks[party])

    def wait(self, until: Callable[[], bool], seconds: float = 15.0) -> None:
        deadline = time.monotonic() + seconds
        while not until():
            assert time.monotonic() < deadline, (self.told, self.audio.levels())
            time.sleep(0.02)

    def wait_until_heard(self) -> None:
        """Both parties' tones, each where it belongs, at the end of what was heard."""
        self.wait(lambda: self._hears("agent", AGENT) and self._hears("caller", CALLER))

    def _hears(self, party: Party, hertz: float) -> bool:
        recent = self._blocks[party][-5:]
        sound = np.concatenate(recent) if recent else np.zeros(1, np.float32)
        return bool(np.abs(sound).max() > 0.1) and abs(pitch(sound) - hertz) < 10.0

    def _tap(self, party: Party, block: Samples) -> None:
        self.tapped[party] += len(block)

    def _listen(self, party: Party) -> None:
        for item in self.audio.blocks(party):
            if isinstance(item, ev.TroubleHeard):
                self.troubles.append(item)
            else:
                assert item.shape == (SAMPLE_RATE // 10,)
                self._blocks[party].append(item)


@pytest.fixture
def call(server: Pulse) -> Iterator[Call]:
    with (
        server.playing(tone(AGENT, 60.0), "voice"),
        server.playing(tone(CALLER, 60.0), "headset"),
        Call(server) as call,
    ):
        call.wait_until_heard()
        yield call


def test_both_sides_are_heard_apart_for_as_long_as_the_call_lasts(call: Call) -> None:
    time.sleep(0.5)
    levels = call.audio.levels()
    assert levels == pytest.approx({"agent": -17.0, "caller": -17.0}, abs=0.5)
    call.__exit__()
    assert call.troubles == []
    said: dict[Party, float] = {"agent": AGENT, "caller": CALLER}
    for party, hertz in said.items():
        sound = call.sound(party)
        assert pitch(sound[-SAMPLE_RATE // 2 :]) == pytest.approx(hertz, abs=5.0)
        assert len(sound) / SAMPLE_RATE == pytest.approx(call.lasted, abs=0.6)
        assert call.tapped[party] == len(sound)
    assert abs(len(call.sound("agent")) - len(call.sound("caller"))) <= SAMPLE_RATE // 10


def test_a_headset_that_is_unplugged_and_back_is_told_and_picked_up(
    call: Call, server: Pulse
) -> None:
    server.unplug()
    call.wait(lambda: call.told == [("gone", "caller", True)], 2.0)
    gone = len(call.sound("caller"))
    time.sleep(1.5)
    # The server moved the stream to another source, which must not be taken for the caller.
    after = call.sound("caller")[gone:]
    assert len(after) > SAMPLE_RATE // 2
    assert not np.any(after[len(after) // 2 :])
    assert not any(
        abs(pitch(piece) - AGENT) < 50.0 for piece in np.split(after, len(after) // 1600)
    )
    server.plug_in()
    with server.playing(tone(CALLER, 60.0), "headset"):
        call.wait_until_heard()
        call.wait(lambda: ("gone", "caller", False) in call.told)
    assert call.told == [("gone", "caller", True), ("gone", "caller", False)]


def test_a_capture_that_was_moved_is_told_and_taken_back(call: Call, server: Pulse) -> None:
    with server.control() as control:
        (capture,) = [
            output
            for output in control.source_output_list()
            if output.proplist.get("agentassist.party", "").startswith("caller")
        ]
        control.source_output_move(capture.index, control.get_source_by_name(MICROPHONE).index)
    call.wait(lambda: ("moved", "caller", False) in call.told)
    call.wait_until_heard()
    assert call.told == [("moved", "caller", True), ("moved", "caller", False)]


def test_a_sound_server_that_dies_and_comes_back_ends_no_call(call: Call, server: Pulse) -> None:
    server.kill()
    call.wait(lambda: call.told == [("server", None, True)], 3.0)
    server.start()
    with (
        server.playing(tone(AGENT, 60.0), "voice"),
        server.playing(tone(CALLER, 60.0), "headset"),
    ):
        call.wait_until_heard()
        call.wait(lambda: ("server", None, False) in call.told)
    assert call.told == [("server", None, True), ("server", None, False)]


def test_a_muted_microphone_is_told_until_it_is_unmuted(call: Call, server: Pulse) -> None:
    with server.control() as control:
        microphone = control.get_source_by_name(MICROPHONE)
        control.source_mute(microphone.index, 1)
        call.wait(lambda: call.told == [("muted", "agent", True)], 3.0)
        control.source_mute(microphone.index, 0)
    call.wait(lambda: ("muted", "agent", False) in call.told, 3.0)
    call.wait_until_heard()


def test_a_capture_that_hangs_is_started_again(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agentassist.audio.thresholds.STALLED", 1.0)
    captures = [each.capture for each in call.audio._watch._watched]
    assert captures[1]
    os.kill(captures[1]._process.pid, signal.SIGSTOP)
    call.wait(lambda: ("stopped", "caller", True) in call.told)
    call.wait(lambda: ("stopped", "caller", False) in call.told)
    call.wait_until_heard()


def test_after_a_sleep_of_the_machine_both_devices_are_opened_again(call: Call) -> None:
    captures = [each.capture for each in call.audio._watch._watched]
    call.audio._clock._slept_before -= 60.0  # as if it had slept for a minute
    call.wait(lambda: ("suspended", None, False) in call.told)
    call.wait_until_heard()
    assert call.told == [("suspended", None, True), ("suspended", None, False)]
    assert "slept for 60 s" in call.troubles[0].what
    assert not {*captures} & {each.capture for each in call.audio._watch._watched}


def test_a_recorder_that_fails_is_told_and_the_call_goes_on(call: Call) -> None:
    def full_disk(party: Party, block: Samples) -> None:
        raise OSError(28, "No space left on device")

    call.audio.taps.append(full_disk)
    call.wait(lambda: call.told == [("tap", None, True)], 3.0)
    assert "OSError" in call.troubles[0].what
    call.wait_until_heard()
    assert call.audio.taps == [call._tap]


def test_one_device_for_both_sides_is_told_at_once(server: Pulse) -> None:
    with server.playing(tone(CALLER, 20.0), "headset"), Call(server, microphone=FAR_END) as call:
        call.wait(lambda: call.told == [("alike", None, True)], 3.0)
        assert call.troubles[0].at == 0.0


def test_a_device_that_is_missing_when_the_call_begins_is_taken_when_it_comes(
    server: Pulse,
) -> None:
    server.unplug()
    with server.playing(tone(AGENT, 60.0), "voice"), Call(server) as call:
        call.wait(lambda: call.told == [("gone", "caller", True)])
        server.plug_in()
        with server.playing(tone(CALLER, 60.0), "headset"):
            call.wait_until_heard()


def test_troubles_of_the_devices_reach_the_call_that_is_heard(server: Pulse) -> None:
    engine = ScriptedEngine({"agent": [Line(0.5, 1.5, "Good morning.")]})
    started = ev.CallStarted(0.0, "live", engine.name)
    with LiveAudio(MICROPHONE, FAR_END) as audio, Hearing(started, audio, engine) as hearing:
        events = []
        for event in hearing:
            events.append(event)
            if isinstance(event, ev.WordsHeard):
                server.unplug()
            if isinstance(event, ev.TroubleHeard):
                audio.hang_up()
    assert [event.text for event in events if isinstance(event, ev.WordsHeard)] == ["Good morning."]
    assert [event.fault for event in events if isinstance(event, ev.TroubleHeard)] == ["gone"]
    assert isinstance(events[-1], ev.CallEnded)


def test_sound_that_no_recogniser_takes_yet_waits_for_it_whole(server: Pulse) -> None:
    with LiveAudio(MICROPHONE, FAR_END) as audio:
        time.sleep(3.0)
        waiting = audio.waiting()
        audio.hang_up()
        heard = {party: seconds_of(audio.blocks(party)) for party in PARTIES}
    assert waiting > 2.0
    assert min(heard.values()) >= waiting


def seconds_of(blocks: Iterator[Samples | ev.TroubleHeard]) -> float:
    return sum(len(block) for block in blocks if isinstance(block, np.ndarray)) / SAMPLE_RATE
