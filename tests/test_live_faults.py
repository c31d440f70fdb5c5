"""What a live call's sound tells, judged on samples: no device and no clock."""

from collections.abc import Iterator
from typing import get_args

import numpy as np
import pytest
import soundfile
import soxr
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from pulse import pitch, tone
from sounds import noise

from agentassist import demo
from agentassist import events as ev
from agentassist.audio import thresholds as t
from agentassist.audio.clock import CallClock
from agentassist.audio.detectors import Clipping, Nothing, Rate, usual_rate
from agentassist.audio.faults import Faults, Kind, words
from agentassist.audio.loudness import loudness
from agentassist.audio.sides import Block, TwoSides
from agentassist.audio.timeline import BLOCK, Timeline
from agentassist.speech.base import SAMPLE_RATE, Samples
from agentassist.vocabulary import Party

CHUNK = SAMPLE_RATE // 50
DEVICES: dict[Party, str] = {"agent": "the headset", "caller": "the loudspeaker"}

# Faults


@pytest.mark.parametrize("kind", get_args(Kind))
def test_every_fault_is_told_once_when_it_begins_and_once_when_it_is_over(kind: Kind) -> None:
    faults = Faults(DEVICES)
    facts = dict.fromkeys(("other", "said", "given", "lost", "error", "seconds"), 8.0)
    party: Party | None = None if kind in ("server", "alike", "suspended", "tap") else "caller"
    (began,) = faults.began(kind, 3.0, party, **facts)
    assert faults.began(kind, 4.0, party, **facts) == []
    (over,) = faults.over(kind, 10.0, party, lost=2.0)
    assert faults.over(kind, 11.0, party) == []
    assert (began.fault, began.party, over.fault, over.party) == (kind, party, kind, party)
    assert began.what
    assert began.mend
    assert over.what
    assert over.mend == ""
    assert "{" not in began.what + began.mend + over.what


def test_the_words_of_the_faults_are_those_of_the_kinds() -> None:
    assert set(words()) == set(get_args(Kind))


def test_a_device_with_control_characters_in_its_name_can_do_nothing() -> None:
    faults = Faults({"agent": "mic\x1b[2J", "caller": ""})
    (told,) = faults.began("gone", 1.0, "agent")
    assert "\x1b" not in told.what


# Call time


def laid_out(timeline: Timeline) -> Samples:
    blocks = timeline.blocks()
    assert all(len(block) == BLOCK for block in blocks)
    return np.concatenate(blocks) if blocks else np.zeros(0, np.float32)


def test_the_first_sound_stands_at_the_time_at_which_it_came() -> None:
    timeline = Timeline()
    timeline.heard(np.ones(CHUNK, np.float32), 2.0)
    timeline.passed(3.0)
    sound = laid_out(timeline)
    assert np.flatnonzero(sound)[0] == 2 * SAMPLE_RATE - CHUNK
    assert np.count_nonzero(sound) == CHUNK


@given(st.lists(st.floats(0.0, 0.3), min_size=50, max_size=200))
def test_late_packets_tear_no_hole_into_the_sound(delays: list[float]) -> None:
    """Each packet comes late by some time, and then all that waited behind it at once."""
    timeline, pieces, came = Timeline(), [], 0.0
    for number, delay in enumerate(delays, 1):
        came = max(came, number * 0.02 + delay)
        timeline.heard(np.full(CHUNK, number, np.float32), came)
        timeline.passed(came)
        pieces.append(laid_out(timeline))
    sound = np.concatenate(pieces)
    spoken = sound[sound > 0]
    assert np.array_equal(spoken, np.repeat(np.arange(1, len(delays) + 1), CHUNK)[: len(spoken)])
    first = int(np.argmax(sound > 0))
    assert np.all(sound[first:] > 0)


@given(st.lists(st.tuples(st.floats(0.0, 5.0), st.integers(1, 40)), max_size=20))
def test_call_time_goes_on_whatever_comes(stretches: list[tuple[float, int]]) -> None:
    """Pauses of any length, then some packets: sound is never far from the wall clock."""
    timeline, now, blocks = Timeline(), 0.0, 0
    for pause, packets in stretches:
        now += pause
        timeline.passed(now)
        for _ in range(packets):
            now += 0.02
            timeline.heard(np.full(CHUNK, 0.5, np.float32), now)
        timeline.passed(now)
        blocks += len(laid_out(timeline)) // BLOCK
        assert now - t.LOST - 0.03 <= timeline.end <= now + t.LATE + 0.03
    rest = timeline.finished(now)
    assert blocks + len(rest) >= int(now * SAMPLE_RATE) // BLOCK


def test_a_card_that_runs_slow_is_kept_in_step_in_the_quiet() -> None:
    timeline, spoken = Timeline(), 0
    for number in range(1, 6000):
        loud = number % 100 < 60
        chunk = np.full(CHUNK, 0.5 if loud else 0.0, np.float32)
        spoken += loud * CHUNK
        timeline.heard(chunk, number * 0.0202)
        assert abs(timeline.end - number * 0.0202) < t.SLACK + 0.05
    assert np.count_nonzero(laid_out(timeline)) == pytest.approx(spoken, abs=CHUNK * 100)


# Suspend


@pytest.mark.parametrize("runs_on", [False, True])
def test_the_time_that_the_machine_slept_is_no_call_time(runs_on: bool) -> None:
    awake, asleep = [100.0], [7.0]

    def monotonic() -> float:
        return awake[0] + (asleep[0] if runs_on else 0.0)

    clock = CallClock(monotonic, lambda: asleep[0], runs_on=runs_on)
    awake[0] += 5.0
    assert clock.woke() == 0.0
    asleep[0] += 3600.0
    assert clock.woke() == 3600.0
    assert clock.woke() == 0.0
    awake[0] += 1.0
    assert clock.now() == pytest.approx(6.0)


# One channel's own sound


@given(st.integers(0, 400))
def test_nothing_is_a_fault_only_when_it_lasts(tenths: int) -> None:
    zeros, sound = np.zeros(BLOCK, np.float32), noise(0.001, 0.1)
    fresh, used = Nothing(), Nothing()
    assert not used.take(sound)
    told = [(fresh.take(zeros), used.take(zeros)) for _ in range(tenths)]
    seconds = [number / 10 for number in range(1, tenths + 1)]
    assert [first for first, _ in told] == [s >= t.NOTHING_AT_FIRST - 0.01 for s in seconds]
    assert [then for _, then in told] == [s >= t.NOTHING_SINCE - 0.01 for s in seconds]
    assert not fresh.take(sound)


def test_peaks_cut_off_again_and_again_are_clipping_and_one_loud_sound_is_not() -> None:
    clipping, speech = Clipping(), noise(0.05, 0.1)
    assert not any(clipping.take(speech, clipped=True) for _ in range(3))
    assert not any(clipping.take(speech, clipped=False) for _ in range(200))
    assert any(clipping.take(speech, clipped=True) for _ in range(12))
    assert not all(clipping.take(speech, clipped=False) for _ in range(310))


@given(
    st.sampled_from([8_000, 16_000, 44_100, 48_000]),
    st.floats(0.9995, 1.0005),
    st.lists(st.floats(0.0, 0.2), min_size=1, max_size=10),
)
def test_a_true_rate_is_believed_whatever_the_jitter(
    said: int, skew: float, jitter: list[float]
) -> None:
    rate = Rate(said)
    for number in range(1, 1500):
        at = number * 0.02 * skew + jitter[number % len(jitter)]
        assert rate.take(said // 50, at) is None


@pytest.mark.parametrize(
    ("said", "given"), [(16_000, 8_000), (48_000, 44_100), (44_100, 48_000), (8_000, 16_000)]
)
def test_a_rate_that_lies_is_found_out_within_eleven_seconds(said: int, given: int) -> None:
    rate = Rate(said)
    answers = [(rate.take(given // 50, number * 0.02), number * 0.02) for number in range(700)]
    found = [(true, at) for true, at in answers if true is not None]
    assert [true for true, _ in found] == [float(given)]
    assert found[0][1] <= 11.0
    assert usual_rate(given * 1.004) == given


# Both sides


@pytest.fixture(scope="module")
def call() -> tuple[Samples, Samples]:
    """Fifty seconds of the bundled call: agent, caller."""
    sound, rate = soundfile.read(demo.RECORDING, frames=50 * 8000, dtype="float32")
    agent, caller = soxr.resample(sound, rate, SAMPLE_RATE).T
    return agent.copy(), caller.copy()


def room(far: Samples, delay: float, decibels: float, reverberation: float) -> Samples:
    """A far end as a microphone in a room hears it (exponential decay, direct sound first)."""
    rng = np.random.default_rng(3)
    now = np.arange(round(reverberation * SAMPLE_RATE)) / SAMPLE_RATE
    response = rng.normal(size=len(now)) * np.exp(-6.9 * now / reverberation)
    response /= 2.0 * np.sqrt(np.sum(response**2))
    response[0] += 1.0
    played = np.convolve(far, response)[: len(far)] * 10 ** (decibels / 20)
    silence = np.zeros(round(delay * SAMPLE_RATE))
    return np.concatenate((silence, played))[: len(far)].astype(np.float32)


def hum(seed: int, length: int) -> Samples:
    return (np.random.default_rng(seed).normal(size=length) * 3e-4).astype(np.float32)


class Played(dict[Party, Samples]):
    """What came out of `TwoSides` for two devices' sound, and what it told."""

    def __init__(self, near: Samples, far: Samples, rate: float = SAMPLE_RATE) -> None:
        super().__init__()
        sides = TwoSides(Faults(DEVICES))
        sides.opened("agent", rate)
        sides.opened("caller", SAMPLE_RATE)
        self._spoken: dict[Party, list[Samples]] = {"agent": [], "caller": []}
        self.troubles: list[ev.TroubleHeard] = []
        for place in range(0, len(near) - CHUNK + 1, CHUNK):
            at, end = (place + CHUNK) / SAMPLE_RATE, place + CHUNK
            self._take(sides.heard("agent", near[place:end], at))
            self._take(sides.heard("caller", far[place:end], at))
            self._take(sides.passed(at))
        self._take(sides.finished(len(near) / SAMPLE_RATE))
        self.update({party: np.concatenate(blocks) for party, blocks in self._spoken.items()})

    @property
    def faults(self) -> list[str]:
        return [trouble.fault for trouble in self.troubles]

    def _take(self, items: Iterator[Block | ev.TroubleHeard]) -> None:
        for item in items:
            if isinstance(item, Block):
                self._spoken[item.party].append(item.spoken)
            else:
                self.troubles.append(item)


def levels(sound: Samples) -> NDArray[np.float64]:
    """Of each whole block."""
    whole = sound[: len(sound) // BLOCK * BLOCK].reshape(-1, BLOCK)
    return np.array([loudness(block) for block in whole])


def test_two_clean_sides_come_through_as_they_are(call: tuple[Samples, Samples]) -> None:
    agent, caller = call[0] + hum(1, len(call[0])), call[1] + hum(2, len(call[1]))
    played = Played(agent, caller)
    assert played.troubles == []
    assert np.abs(played["agent"][: len(agent)] - agent).max() < 0.01
    assert np.abs(played["caller"][: len(caller)] - caller).max() < 0.01


@pytest.mark.parametrize(
    ("delay", "decibels", "reverberation"),
    [(0.05, -12.0, 0.05), (0.12, -20.0, 0.2), (0.3, -15.0, 0.3)],
    ids=["headset", "desk", "bluetooth"],
)
def test_the_callers_echo_is_left_out_and_the_agent_is_not(
    call: tuple[Samples, Samples], delay: float, decibels: float, reverberation: float
) -> None:
    agent, caller = call
    echo = room(caller, delay, decibels, reverberation)
    talking_over = np.roll(agent, 4 * SAMPLE_RATE)
    for spoken in (agent, talking_over):
        played = Played(spoken + echo + hum(1, len(spoken)), caller + hum(2, len(spoken)))
        assert played.faults == ["echo"]
        left = levels(played["agent"])[: len(spoken) // BLOCK] > -90.0
        own, callers = levels(spoken), levels(echo)
        assert np.mean(left[(own > -50.0) & (own > callers + 10.0)]) > 0.98
        assert np.mean(left[(callers > -60.0) & (callers > own + 15.0)]) < 0.12
        assert np.array_equal(played["caller"][BLOCK:], (caller + hum(2, len(caller)))[BLOCK:])


def test_one_device_on_both_sides_is_told_and_written_once(call: tuple[Samples, Samples]) -> None:
    sound = call[0] + call[1] + hum(1, len(call[0]))
    played = Played(sound, sound)
    assert played.faults == ["alike"]
    assert played.troubles[0].at < 10.0
    speech = levels(sound) > -50.0
    assert np.mean(levels(played["agent"])[: len(speech)][speech] > -90.0) < 0.02
    assert np.array_equal(levels(played["caller"])[: len(speech)] > -50.0, speech)


def test_clipping_is_told_once(call: tuple[Samples, Samples]) -> None:
    loud = np.clip(call[0] * 20.0, -1.0, 1.0)
    played = Played(loud, call[1] + hum(2, len(loud)))
    assert played.faults.count("clipping") == 1
    assert "Your sound is too loud" in played.troubles[played.faults.index("clipping")].what


def test_a_device_that_says_another_rate_than_it_gives_is_heard_at_the_true_one() -> None:
    """It says 48,000 samples a second and gives 16,000."""
    near = tone(600.0, 30.0)
    played = Played(near, hum(2, len(near)), rate=48_000)
    assert played.faults == ["rate"]
    assert "48000" in played.troubles[0].what
    assert "16000" in played.troubles[0].what
    assert pitch(played["agent"][-5 * SAMPLE_RATE : -SAMPLE_RATE]) == pytest.approx(600.0, abs=2.0)


def test_floats_that_are_no_sound_become_silence() -> None:
    near = tone(600.0, 2.0)
    near[:SAMPLE_RATE] = np.nan
    played = Played(near, hum(2, len(near)))
    assert np.all(np.isfinite(played["agent"]))
    assert np.abs(played["agent"]).max() <= 1.0
