"""How words are said: from real sound to the temperature of the call and the agent's own heat.

The sound is the bundled call's; what is raised is made higher and faster by resampling, and louder.
"""

import json
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

import msgspec
import numpy as np
import pytest
import soundfile
import soxr
from sounds import blocks
from tagged import WORDS, classify, fates, rulebook

from agentassist import contract, packs
from agentassist import events as ev
from agentassist.arousal import Arousal, thresholds
from agentassist.demo import DIALOGUE, RECORDING
from agentassist.hearing import Hearing
from agentassist.labels import PhraseClassifier
from agentassist.listening import Listener
from agentassist.meters import Measures
from agentassist.pipeline import run, stages
from agentassist.redaction import redacted
from agentassist.rules_of_cues import MeasureRule
from agentassist.speech import prosody
from agentassist.speech.base import SAMPLE_RATE, Samples
from agentassist.speech.engines import load_engine
from agentassist.speech.kept import Kept
from agentassist.speech.scripted import Line, ScriptedEngine
from agentassist.tui.wording import HEATED, WARM
from agentassist.values import Meters
from agentassist.vocabulary import PARTIES, Party

TEN_DECIBELS = 3.16


class Said(NamedTuple):
    sound: Samples
    text: str


@cache
def said(party: Party) -> tuple[Said, ...]:
    """What the party says in the bundled call, an utterance at a time, with room to be louder."""
    turns = json.loads(DIALOGUE.read_text(encoding="utf-8"))["turns"]
    samples, rate = soundfile.read(RECORDING, dtype="float32")
    channel = soxr.resample(samples[:, PARTIES.index(party)], rate, SAMPLE_RATE) * 0.3
    return tuple(
        Said(channel[_place(turn["start"]) : _place(turn["end"])], turn["text"])
        for turn in turns
        if turn["speaker"] == party
    )


def _place(seconds: float) -> int:
    return round(seconds * SAMPLE_RATE)


def raised(each: Said, semitones: float, gain: float) -> Said:
    higher = soxr.resample(each.sound, SAMPLE_RATE, SAMPLE_RATE / 2 ** (semitones / 12))
    return Said(np.clip(higher * gain, -1.0, 1.0), each.text)


class Side:
    """One party's side of a call: utterances with a second of silence after each."""

    def __init__(self, *utterances: Said) -> None:
        self.lines: list[Line] = []
        pieces, now = [], 0.0
        for each in utterances:
            end = now + len(each.sound) / SAMPLE_RATE
            self.lines.append(Line(now, end, each.text))
            pieces += [each.sound, np.zeros(SAMPLE_RATE, np.float32)]
            now = end + 1.0
        self.sound: Samples = np.concatenate(pieces) if pieces else np.zeros(0, np.float32)


class Sound:
    """Both sides, in blocks of a tenth of a second."""

    def __init__(self, **sides: Side) -> None:
        self._sides = sides

    def blocks(self, party: Party) -> Iterator[Samples]:
        sound = self._sides[party].sound if party in self._sides else ()
        length = max(len(side.sound) for side in self._sides.values())
        whole = np.pad(np.asarray(sound, np.float32), (0, length - len(sound)))
        return blocks(whole)


def hear(voices: Sequence[Party] = PARTIES, **sides: Side) -> list[ev.Heard]:
    engine = ScriptedEngine({party: sides[party].lines for party in PARTIES if party in sides})
    started = ev.CallStarted(0.0, "recording", engine.name, voices=(*voices,))
    with Hearing(started, Sound(**sides), engine, tentative=False) as hearing:
        return [event for event in hearing if not isinstance(event, ev.WordsTentative)]


def readings(heard: Sequence[ev.Heard]) -> list[Meters]:
    stream = run(heard, stages(rulebook(), classify))
    return [event.meters for event in stream if isinstance(event, ev.MetersRead)]


def hottest(heard: Sequence[ev.Heard]) -> float:
    return max(meters.temperature for meters in readings(heard))


def voices(heard: Sequence[ev.AnyEvent]) -> list[ev.VoiceHeard]:
    return [event for event in heard if isinstance(event, ev.VoiceHeard)]


def caller(semitones: float, gain: float, *, since: int = 7) -> Side:
    """The caller, whose voice is so from an utterance on."""
    return Side(
        *(
            raised(each, semitones, gain) if place >= since else each
            for place, each in enumerate(said("caller"))
        )
    )


# From sound to facts.


def test_every_stretch_of_words_is_told_with_its_loudness_and_pitch_behind_them() -> None:
    side = Side(*said("caller")[:4])
    heard = hear(caller=side)
    told = [event for event in heard if isinstance(event, ev.WordsHeard | ev.VoiceHeard)]
    assert [type(event) for event in told] == [ev.WordsHeard, ev.VoiceHeard] * 4
    for line, voice in zip(side.lines, voices(heard), strict=True):
        assert (voice.party, voice.start, voice.end) == ("caller", line.start, line.end)
        assert voice.pitch == pytest.approx(168, abs=12)
        assert voice.loudness == pytest.approx(-33, abs=3)


@pytest.mark.parametrize(("semitones", "gain", "decibels"), [(3.0, 2.0, 6.0), (5.0, 1.0, 0.0)])
def test_pitch_and_loudness_rise_by_as_much_as_the_sound_does(
    semitones: float, gain: float, decibels: float
) -> None:
    for each in said("agent")[:3]:
        before = prosody.measured(each.sound)
        after = prosody.measured(raised(each, semitones, gain).sound)
        assert before
        assert after
        assert before.pitch
        assert after.pitch
        assert 12 * np.log2(after.pitch / before.pitch) == pytest.approx(semitones, abs=0.6)
        assert after.loudness - before.loudness == pytest.approx(decibels, abs=1.0)


def test_noise_has_a_loudness_and_no_pitch_and_silence_has_neither() -> None:
    noise = np.random.default_rng(5).normal(scale=0.05, size=SAMPLE_RATE * 3).astype(np.float32)
    heard = prosody.measured(noise)
    assert heard
    assert heard.pitch is None
    assert heard.loudness == pytest.approx(-26, abs=0.5)
    assert prosody.measured(np.zeros(SAMPLE_RATE, np.float32)) is None


def test_without_the_library_there_is_loudness_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prosody, "detector", lambda: None)
    voice = prosody.measured(said("agent")[0].sound)
    assert voice
    assert voice.pitch is None
    assert voice.loudness < 0.0


def test_words_committed_one_by_one_are_one_stretch() -> None:
    listening = prosody.Prosody("agent")
    sound = said("agent")[0].sound
    listening.accept(sound, 0.0)
    words = [ev.WordsHeard(2.0, "agent", at, at + 0.4, "word") for at in (0.0, 0.4, 0.8)]
    told = [listening.heard(each) for each in words]
    assert told[:2] == [None, None]
    assert told[2]
    assert told[2].start == 0.0
    assert told[2].end == pytest.approx(1.2)
    assert listening.heard(ev.WordsHeard(9.0, "agent", 4.0, 4.4, "no")) is None


def test_a_voice_that_cannot_be_measured_costs_no_word(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(samples: Samples) -> None:
        raise RuntimeError("secret words")

    monkeypatch.setattr(prosody, "measured", fails)
    heard = hear(caller=Side(*said("caller")[:3]))
    [trouble] = [event for event in heard if isinstance(event, ev.TroubleHeard)]
    assert "voice can't be measured (RuntimeError)" in trouble.what
    assert len([event for event in heard if isinstance(event, ev.WordsHeard)]) == 3


def test_only_the_voices_that_are_wanted_are_measured() -> None:
    agent, caller = (Side(*said(party)[:2]) for party in PARTIES)
    for wanted in (PARTIES, ("caller",), ()):
        heard = hear(wanted, agent=agent, caller=caller)
        assert {voice.party for voice in voices(heard)} == {*wanted}


def test_sound_is_kept_until_it_is_not_needed_any_more() -> None:
    kept = Kept()
    for second in range(5):
        kept.add(np.full(SAMPLE_RATE, second, np.float32))
    kept.forget(2.5)
    assert kept.since == 2.0
    assert set(kept.between(2.5, 4.5)) == {2.0, 3.0, 4.0}
    assert len(kept.between(0.0, 2.5)) == SAMPLE_RATE // 2
    kept.clear()
    assert (kept.since, len(kept.between(0.0, 5.0))) == (5.0, 0)


def test_voices_go_through_redaction_and_journal_as_they_are_and_old_journals_are_read() -> None:
    heard = hear(caller=Side(*said("caller")[:3]))
    lines = [ev.encode(event) for event in redacted(heard)]
    assert voices([ev.decode_heard(line) for line in lines]) == voices(heard)
    assert ev.HEARD.count(ev.VoiceHeard) == 1
    old = b'{"kind":"words_heard","at":2.0,"party":"agent","start":0.0,"end":1.0,"text":"Hello"}'
    assert ev.decode_heard(old) == ev.WordsHeard(2.0, "agent", 0.0, 1.0, "Hello")


# From facts to the temperature.


def test_the_same_words_shouted_are_hotter_than_said_quietly() -> None:
    book = packs.load()
    heats = []
    angry = msgspec.structs.replace
    for semitones, gain in ((0.0, 1.0), (4.0, TEN_DECIBELS)):
        side = caller(semitones, gain)
        side.lines[9] = angry(side.lines[9], text="I'm sick and tired of you people.")
        stream = run(hear(caller=side), stages(book, PhraseClassifier(book)))
        heats.append(max(e.meters.temperature for e in stream if isinstance(e, ev.MetersRead)))
    quiet, shouted = heats
    assert quiet > WARM / 2
    assert shouted > quiet + 0.1


def test_a_raised_voice_is_warm_and_never_heated_and_cools_when_it_is_calm_again() -> None:
    side = Side(
        *said("caller")[:7],
        *(raised(each, 4.0, TEN_DECIBELS) for each in said("caller")[7:11]),
        *said("caller")[:4],
    )
    temperatures = [meters.temperature for meters in readings(hear(caller=side))]
    assert WARM < max(temperatures) <= thresholds().ceiling.call < HEATED
    assert temperatures[-1] < max(temperatures) / 3


@pytest.mark.parametrize(
    ("semitones", "gain", "since"),
    [
        (0.0, 1.0, 0),  # calm
        (4.0, TEN_DECIBELS, 0),  # always loud and high
        (0.0, TEN_DECIBELS, 7),  # a microphone turned up
        (0.0, 0.3, 7),  # and down
    ],
)
def test_nothing_but_a_change_of_the_voice_itself_is_hot(
    semitones: float, gain: float, since: int
) -> None:
    assert hottest(hear(caller=caller(semitones, gain, since=since))) < WARM / 3


@pytest.mark.slow
def test_a_raised_voice_is_warm_as_the_real_engine_hears_it() -> None:
    engine = load_engine("moonshine")
    calm = said("agent")[:5]
    sound = Side(*calm, *(raised(each, 4.0, TEN_DECIBELS) for each in calm[:2])).sound
    listener, stage = Listener("agent", engine, tentative=False, voice=True), Measures()
    for block in blocks(sound):
        for event in listener.take(block):
            stage.feed(event)
    for event in listener.finish():
        stage.feed(event)
    engine.close()
    told = meters(stage, listener.at)
    assert WARM < told.temperature < told.agent_heat


# By figures alone.


def spoken(*stretches: tuple[float, float | None, float], party: Party = "caller") -> Measures:
    """A stage that heard stretches of four seconds: loudness, pitch, words a minute."""
    stage = Measures()
    for place, (loudness, pitch, pace) in enumerate(stretches):
        start, end = place * 5.0, place * 5.0 + 4.0
        text = "w " * round(pace * 4.0 / 60.0)
        stage.feed(ev.WordsHeard(end, party, start, end, text))
        stage.feed(ev.VoiceHeard(end, party, start, end, loudness, pitch))
    return stage


def meters(stage: Measures, at: float) -> Meters:
    [reading] = stage.feed(ev.CallEnded(at))
    assert isinstance(reading, ev.MetersRead)
    return reading.meters


USUAL = (-30.0, 150.0, 150.0)


@pytest.mark.parametrize(
    ("now", "hot"),
    [
        (USUAL, False),
        ((-10.0, 150.0, 150.0), False),  # loudness alone
        ((-30.0, 250.0, 150.0), False),  # pitch alone
        ((-30.0, 150.0, 300.0), False),  # pace alone
        ((-50.0, 100.0, 60.0), False),  # lower, deeper, slower
        ((-10.0, None, 150.0), False),  # louder, with no voice found
        ((-20.0, 200.0, 150.0), True),
        ((-20.0, 150.0, 240.0), True),
        ((-30.0, 200.0, 240.0), True),  # a telephone that evens out loudness
        ((-20.0, None, 240.0), True),  # no pitch to be had
    ],
)
def test_two_of_loudness_pitch_and_pace_must_rise_together(
    now: tuple[float, float | None, float], hot: bool
) -> None:
    temperature = meters(spoken(*[USUAL] * 5, now, now), 35.0).temperature
    assert (temperature > WARM) is hot
    assert hot or temperature == 0.0


def test_nothing_is_a_rise_until_there_is_enough_to_compare_with() -> None:
    shouted = (-20.0, 200.0, 150.0)
    assert meters(spoken(*[USUAL] * 4, *[shouted] * 1), 30.0).temperature == 0.0
    one = Arousal()
    for second in range(0, 40, 2):
        one.voice(ev.VoiceHeard(second, "agent", second, second + 1.0, -30.0, 150.0))
    assert one.level(41.0) == 0.0


def test_what_the_usual_voice_is_does_not_hang_on_one_stretch() -> None:
    cough = (-5.0, 400.0, 20.0)
    with_cough = spoken(USUAL, cough, *[USUAL] * 3, *[(-20.0, 200.0, 150.0)] * 2)
    without = spoken(*[USUAL] * 5, *[(-20.0, 200.0, 150.0)] * 2)
    assert meters(with_cough, 35.0).temperature == meters(without, 35.0).temperature > WARM


def test_whoever_it_is_only_the_change_counts() -> None:
    deep = spoken(*[(-30.0, 90.0, 120.0)] * 5, *[(-22.0, 90.0 * 1.2, 120.0)] * 2)
    high = spoken(*[(-15.0, 300.0, 210.0)] * 5, *[(-7.0, 300.0 * 1.2, 210.0)] * 2)
    assert meters(deep, 35.0).temperature == meters(high, 35.0).temperature > 0.2


def test_a_call_without_sound_has_the_temperature_of_its_words() -> None:
    stage = Measures()
    stage.feed(ev.WordsHeard(4.0, "caller", 0.0, 4.0, "w " * 10))
    assert meters(stage, 10.0).temperature == 0.0


# The agent's own heat.


CALM = MeasureRule(
    id="agent-heat",
    cue="calm_yourself",
    words=WORDS,
    meter="agent_heat",
    above=0.4,
    taken_when=0.3,
    expires=90.0,
)


def test_the_agents_own_heat_is_of_their_voice_and_flags_and_not_of_the_callers() -> None:
    shouted = [(-20.0, 200.0, 150.0)] * 2
    assert meters(spoken(*[USUAL] * 5, *shouted, party="caller"), 35.0).agent_heat == 0.0
    assert meters(spoken(*[USUAL] * 5, *shouted, party="agent"), 35.0).agent_heat > WARM


def test_an_agent_who_gets_loud_is_told_and_a_calm_voice_takes_it() -> None:
    shouted = [raised(each, 4.0, TEN_DECIBELS) for each in said("agent")[6:10]]
    side = Side(*said("agent")[:6], *shouted, *said("agent")[:3])
    told = fates(list(run(hear(agent=side), stages(rulebook(CALM), classify))))
    assert told == ["raised c1 calm_yourself", "taken c1"]


def test_how_heated_the_agent_is_stays_with_them() -> None:
    stream: list[ev.AnyEvent] = [
        ev.VoiceHeard(1.0, "agent", 0.0, 1.0, -20.0),
        ev.VoiceHeard(1.0, "caller", 0.0, 1.0, -20.0),
        ev.MetersRead(2.0, Meters(at=2.0, temperature=0.5, agent_heat=0.4)),
    ]
    told = [contract.public(event) for event in stream]
    assert told == [None, stream[1], ev.MetersRead(2.0, Meters(at=2.0, temperature=0.5))]
    [line] = [line for line in contract.lines(stream) if line["kind"] == "meters"]
    assert "agent_heat" not in line
    assert line["temperature"] == 0.5
