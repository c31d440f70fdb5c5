"""The meters, against dialogues whose figures can be worked out by hand."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tagged import Tape, rulebook

from agentassist import events as ev
from agentassist.heat import COOLS, HALF_LIFE, HEATS, Heat
from agentassist.meters import Measures, asks, is_backchannel
from agentassist.speaking import Speaking
from agentassist.values import Label, Meters, Word
from agentassist.vocabulary import FLAGS, Party


def read(tape: Tape) -> Meters:
    """The meters at the end of the tape."""
    return readings(tape.end())[-1]


def readings(tape: Tape) -> list[Meters]:
    return [e.meters for e in tape.play(rulebook()) if isinstance(e, ev.MetersRead)]


def spoken(*stretches: tuple[Party, float, float, str], until: float) -> Meters:
    """The meters of speech at these times, each told as late as it was over."""
    stage = Measures()
    for party, start, end, text in stretches:
        stage.feed(ev.SpeechStarted(start, party, start))
        stage.feed(ev.SpeechEnded(end, party, start, end))
        stage.feed(ev.WordsHeard(end, party, start, end, text))
    [reading] = stage.feed(ev.CallEnded(until))
    assert isinstance(reading, ev.MetersRead)
    return reading.meters


# Speech time.


def test_talk_share_is_the_agents_part_of_all_speech() -> None:
    meters = spoken(("agent", 0, 9, "a"), ("caller", 10, 13, "b"), until=14)
    assert meters.talk_share == 0.75


def test_talk_share_is_unknown_until_there_was_enough_speech() -> None:
    assert spoken(("agent", 0, 4, "a"), ("caller", 5, 10, "b"), until=11).talk_share is None


def test_speech_that_goes_on_counts_up_to_now() -> None:
    stage = Measures()
    stage.feed(ev.SpeechStarted(0.0, "agent", 0.0))
    stage.feed(ev.SpeechEnded(10.6, "agent", 0.0, 10.0))
    stage.feed(ev.SpeechStarted(11.2, "caller", 11.0))
    [reading] = stage.feed(ev.ClockMark(21.0))
    assert isinstance(reading, ev.MetersRead)
    assert (reading.meters.talk_share, reading.meters.silence) == (0.5, 0.0)


def test_overlap_is_the_time_both_spoke() -> None:
    meters = spoken(
        ("caller", 0, 10, "a"), ("agent", 8, 12, "b"), ("caller", 11, 12.5, "c"), until=13
    )
    assert meters.overlap == 3.0


def test_overlap_of_speech_that_goes_on_is_counted_up_to_now() -> None:
    speaking = Speaking()
    speaking.started("caller", 0.0)
    speaking.started("agent", 3.0)
    assert speaking.overlap(5.0) == 2.0
    speaking.ended("caller", 0.0, 4.0)
    assert speaking.overlap(6.0) == 1.0
    speaking.ended("agent", 3.0, 7.0)
    assert speaking.overlap(9.0) == 1.0


def test_silence_runs_from_the_last_speech_and_the_longest_is_kept() -> None:
    tape = Tape().agent("Hello", after=1.0, lasts=1.0).wait(7.0).caller("Hi", after=0.0).wait(3.0)
    meters = read(tape)
    assert (meters.silence, meters.longest_silence) == (3.0, 7.0)
    assert max(reading.silence for reading in readings(tape)) == 7.0


def test_an_end_told_late_counts_from_when_it_was() -> None:
    stage = Measures()
    stage.feed(ev.SpeechStarted(1.0, "agent", 1.0))
    stage.feed(ev.SpeechEnded(4.7, "agent", 1.0, 4.0))
    [reading] = stage.feed(ev.ClockMark(5.0))
    assert isinstance(reading, ev.MetersRead)
    assert reading.meters.silence == 1.0


# Words a minute.


def test_pace_is_words_over_own_speech() -> None:
    meters = spoken(("agent", 0, 10, "w " * 25), ("caller", 20, 30, "w " * 15), until=31)
    assert (meters.pace, meters.caller_pace) == (150.0, 90.0)


def test_pace_is_that_of_the_last_minute_of_own_speech() -> None:
    meters = spoken(("agent", 0, 60, "w " * 240), ("agent", 70, 115, "w " * 90), until=116)
    assert meters.pace == 90 + 240 * 15 / 60


def test_pace_takes_word_times_where_there_are_any() -> None:
    words = tuple(Word("w", float(second), second + 0.5) for second in range(70, 100, 2))
    stage = Measures()
    stage.feed(ev.WordsHeard(100.0, "agent", 0.0, 100.0, "w " * 15, words=words))
    [reading] = stage.feed(ev.CallEnded(100.0))
    assert isinstance(reading, ev.MetersRead)
    assert reading.meters.pace == 15.0


def test_pace_is_unknown_on_a_few_words() -> None:
    assert spoken(("agent", 0, 3, "good morning to you"), until=4).pace is None


# Interruptions.


def test_the_agent_interrupts_when_the_caller_gives_way() -> None:
    meters = spoken(("caller", 0, 5.6, "and then she"), ("agent", 5, 8, "yes but"), until=9)
    assert meters.interruptions == 1


@pytest.mark.parametrize(
    ("caller", "agent", "words"),
    [
        ((0.0, 9.0), (5.0, 7.0), "yes but"),  # the caller went on
        ((0.0, 5.2), (5.0, 7.0), "yes but"),  # the turns only touched
        ((4.8, 5.6), (5.0, 7.0), "yes but"),  # both began at once
        ((0.0, 5.6), (5.0, 7.0), "mm, okay"),  # a backchannel
        ((0.0, 5.0), (5.5, 7.0), "yes but"),  # after the end
    ],
)
def test_these_are_no_interruptions(
    caller: tuple[float, float], agent: tuple[float, float], words: str
) -> None:
    meters = spoken(("caller", *caller, "and then she"), ("agent", *agent, words), until=10)
    assert meters.interruptions == 0


def test_the_caller_cutting_in_is_not_the_agents_interruption() -> None:
    meters = spoken(("agent", 0, 5.6, "and then we"), ("caller", 5, 8, "yes but"), until=9)
    assert meters.interruptions == 0


def test_an_interruption_is_counted_once_in_whichever_order_it_becomes_known() -> None:
    stage = Measures()
    stage.feed(ev.SpeechStarted(0.2, "caller", 0.0))
    stage.feed(ev.SpeechStarted(5.2, "agent", 5.0))
    stage.feed(ev.WordsHeard(5.9, "agent", 5.0, 5.7, "hang on"))
    stage.feed(ev.SpeechEnded(6.4, "caller", 0.0, 5.8))
    stage.feed(ev.WordsHeard(8.9, "agent", 5.8, 8.5, "let me stop you there"))
    stage.feed(ev.SpeechEnded(9.0, "agent", 5.0, 8.5))
    [reading] = stage.feed(ev.ClockMark(9.0))
    assert isinstance(reading, ev.MetersRead)
    assert reading.meters.interruptions == 1


# Questions.


@pytest.mark.parametrize(
    "text",
    [
        "How are you?",
        "okay so what happened then",
        "could you tell me your date of birth",
        "right and is that still your address",
        "thanks for that and would you prefer a letter",
        "do you work at the moment",
        "what's the best number for you",
        "how much could you manage",
    ],
)
def test_these_ask(text: str) -> None:
    assert asks(text)


@pytest.mark.parametrize(
    "text",
    [
        "I know what it is about",
        "what we can do is spread it",
        "that is how it works",
        "you could pay monthly",
        "thank you for telling me",
        "neither do I",
        "",
    ],
)
def test_these_do_not_ask(text: str) -> None:
    assert not asks(text)


def test_agent_turns_that_ask_are_counted_once_each() -> None:
    tape = Tape().agent("Are you well? And do you work?").agent_goes_on("Is it far?")
    tape.caller("Why do you ask?").agent("Tell me more [open_question]").caller("No")
    tape.agent("So you lost your job [reflection], is that right?").caller("Yes").agent("Thanks")
    meters = read(tape)
    assert (meters.questions, meters.open_questions, meters.reflections) == (3, 1, 1)


@pytest.mark.parametrize("text", ["mm", "Okay, right.", "I see.", "uh-huh yeah", "Yes, yes, yes."])
def test_these_only_keep_the_other_going(text: str) -> None:
    assert is_backchannel(text)


def test_an_answer_is_not_a_backchannel() -> None:
    assert not is_backchannel("Okay, thank you.")


# Temperature.


def _labels(*names: str, confidence: float = 1.0) -> tuple[Label, ...]:
    return tuple(Label(name, confidence, "test", 0, 1) for name in names)


def test_heat_rises_with_what_is_said_and_halves_in_its_time() -> None:
    heat = Heat()
    assert heat.read(10.0) == 0.0
    heat.label(10.0, 0, _labels("anger"))
    assert heat.read(10.0) == HEATS["anger"]
    assert heat.read(10.0 + HALF_LIFE) == pytest.approx(HEATS["anger"] / 2)


def test_empathy_cools_and_confidence_weighs() -> None:
    heat = Heat()
    heat.label(0.0, 0, _labels("anger", confidence=0.5))
    hot = heat.read(0.0)
    assert hot == HEATS["anger"] * 0.5
    heat.label(0.0, 1, _labels("empathy"))
    assert heat.read(0.0) == hot * (1.0 - COOLS["empathy"])


def test_a_turn_labelled_again_counts_once_and_may_lose_its_label() -> None:
    heat = Heat()
    heat.label(0.0, 0, _labels("anger"))
    heat.label(5.0, 0, _labels("anger"))
    assert heat.read(0.0) == HEATS["anger"]
    heat.label(6.0, 0, ())
    assert heat.read(6.0) == 0.0


def test_every_flag_heats() -> None:
    assert set(FLAGS) <= set(HEATS)


# Readings.


def test_a_reading_is_made_at_a_mark_only_when_something_changed() -> None:
    stage = Measures()
    stage.feed(ev.SpeechStarted(0.0, "agent", 0.0))
    assert not stage.feed(ev.ClockMark(1.0))
    stage.feed(ev.SpeechEnded(2.0, "agent", 0.0, 1.5))
    assert stage.feed(ev.ClockMark(2.0))
    assert not stage.feed(ev.TroubleHeard(2.5, "a", "b"))


_STRETCH = st.tuples(
    st.sampled_from(["agent", "caller"]),
    st.floats(0.0, 8.0),
    st.floats(0.1, 15.0),
    st.sampled_from(["mm", "well then", "how are you", "w " * 30]),
)


@settings(max_examples=100, deadline=None)
@given(st.lists(_STRETCH, max_size=30))
def test_whatever_is_said_the_meters_keep_to_their_ranges(
    stretches: list[tuple[Party, float, float, str]],
) -> None:
    ends: dict[Party, float] = {"agent": 0.0, "caller": 0.0}
    timed = []
    for party, gap, length, text in stretches:
        start = ends[party] + gap
        ends[party] = start + length
        timed.append((party, start, start + length, text))
    timed.sort(key=lambda stretch: stretch[2])
    until = max(ends.values()) + 1.0
    meters = spoken(*timed, until=until) if timed else Meters()
    assert meters.talk_share is None or 0.0 <= meters.talk_share <= 1.0
    assert 0.0 <= meters.overlap <= until
    assert meters.overlap <= sum(e - s for p, s, e, _ in timed if p == "agent") + 0.01
    assert meters.silence <= meters.longest_silence <= until
    assert 0 <= meters.interruptions <= len(timed)
    assert meters.pace is None or meters.pace > 0
