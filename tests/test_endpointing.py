"""Speech is found, ended and cut by the sound alone; nothing said is lost or decoded twice."""

from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from sounds import loud_is_speech

from agentassist.speech.base import SAMPLE_RATE, Samples
from agentassist.speech.endpointing import (
    Endpointer,
    Endpointing,
    Mark,
    Paused,
    SegmentEnded,
    SpeechBegan,
    SpeechStopped,
    seconds,
)
from agentassist.speech.voice import CHUNK

SET = Endpointing()
CHUNK_SECONDS = CHUNK / SAMPLE_RATE


def sound(*stretches: tuple[bool, float]) -> Samples:
    """Speech and silence by turns, each for so many seconds; every sample differs."""
    pieces = [
        np.full(round(length * SAMPLE_RATE), 0.5 if spoken else 0.001, np.float32)
        for spoken, length in stretches
    ]
    whole = np.concatenate(pieces)
    return whole * np.linspace(0.9, 1.0, len(whole), dtype=np.float32)


def marks(samples: Samples, block: int = 1_600, chosen: Endpointing = SET) -> list[Mark]:
    endpointer = Endpointer(loud_is_speech, chosen)
    found: list[Mark] = []
    for place in range(0, len(samples), block):
        found += endpointer.accept(samples[place : place + block])
    return [*found, *endpointer.finish()]


def segments(found: list[Mark]) -> list[SegmentEnded]:
    return [mark for mark in found if isinstance(mark, SegmentEnded)]


def as_plain(found: list[Mark]) -> list[tuple[object, ...]]:
    """Marks that can be compared, their sound included."""
    return [
        (type(m), m.at, m.segment.start, m.segment.end, m.segment.samples.tobytes())
        if isinstance(m, (Paused, SegmentEnded))
        else (type(m), m)
        for m in found
    ]


def test_speech_is_told_when_it_begins_and_when_it_ends() -> None:
    found = marks(sound((False, 1.0), (True, 2.0), (False, 2.0)))
    began, paused, stopped, ended = found
    assert isinstance(began, SpeechBegan)
    assert isinstance(paused, Paused)
    assert isinstance(stopped, SpeechStopped)
    assert isinstance(ended, SegmentEnded)
    assert abs(began.start - 1.0) <= CHUNK_SECONDS
    assert abs(stopped.end - 3.0) <= CHUNK_SECONDS
    assert abs(stopped.at - stopped.end - SET.silence) <= CHUNK_SECONDS
    assert (ended.segment.start, ended.segment.end) == (began.start, stopped.end)


def test_a_click_is_not_speech() -> None:
    assert marks(sound((False, 1.0), (True, 0.05), (False, 1.0))) == []


def test_a_short_pause_does_not_end_speech() -> None:
    found = marks(sound((False, 0.5), (True, 1.0), (False, 0.4), (True, 1.0), (False, 1.0)))
    assert len(segments(found)) == 1
    assert sum(isinstance(mark, SpeechBegan) for mark in found) == 1


def test_sound_around_speech_is_decoded_with_it() -> None:
    (ended,) = segments(marks(sound((False, 1.0), (True, 1.0), (False, 1.0))))
    spoken = ended.segment.end - ended.segment.start
    around = seconds(ended.segment) - spoken
    assert abs(around - SET.before - SET.after) < 1e-6


def test_what_was_decoded_at_the_pause_is_what_is_decoded_at_the_end() -> None:
    found = marks(sound((False, 0.5), (True, 1.5), (False, 2.0)))
    (paused,) = [mark for mark in found if isinstance(mark, Paused)]
    (ended,) = segments(found)
    assert np.array_equal(paused.segment.samples, ended.segment.samples)
    assert paused.at < ended.at


def test_a_long_speech_is_cut_at_a_short_pause_and_goes_on() -> None:
    found = marks(
        sound(
            (False, 0.5),
            (True, SET.long + 0.5),
            (False, SET.pause + 0.1),
            (True, 1.0),
            (False, 1.0),
        )
    )
    first, second = segments(found)
    assert not second.segment.after_cut
    assert first.segment.end < second.segment.start
    assert sum(isinstance(mark, SpeechStopped) for mark in found) == 1


def test_endless_speech_is_cut_where_it_is_quietest() -> None:
    samples = sound((False, 0.5), (True, 20.0))
    dip = slice(round(9.8 * SAMPLE_RATE), round(10.0 * SAMPLE_RATE))
    samples[dip] *= 0.4  # quieter, and yet speech
    first, second = segments(marks(samples))
    assert 9.8 <= first.segment.end <= 10.0
    assert second.segment.start == first.segment.end
    assert second.segment.after_cut
    together = np.concatenate((first.segment.samples, second.segment.samples))
    start = round((first.segment.start - SET.before) * SAMPLE_RATE)
    assert np.array_equal(together[: 20 * SAMPLE_RATE], samples[start:][: 20 * SAMPLE_RATE])


def test_speech_until_the_last_sample_is_not_lost() -> None:
    samples = sound((False, 0.5), (True, 1.01))
    found = marks(samples)
    (ended,) = segments(found)
    assert ended.segment.end >= len(samples) / SAMPLE_RATE - CHUNK_SECONDS
    assert isinstance(found[-2], SpeechStopped)


def test_what_is_said_so_far_grows_until_it_is_committed() -> None:
    endpointer = Endpointer(loud_is_speech)
    lengths = []
    for block in np.array_split(sound((True, 1.0), (False, 1.0)), 20):
        list(endpointer.accept(block))
        open_segment = endpointer.so_far()
        lengths.append(0.0 if open_segment is None else seconds(open_segment))
    most = int(np.argmax(lengths))
    assert lengths[: most + 1] == sorted(lengths[: most + 1])
    assert set(lengths[most + 1 :]) == {0.0}


stretches = st.lists(st.tuples(st.booleans(), st.floats(0.03, 6.0)), min_size=1, max_size=8)


@settings(max_examples=40, deadline=None)
@given(stretches, st.sampled_from([160, 320, 511, 1_600, 16_000]))
def test_the_size_of_blocks_changes_nothing(parts: list[tuple[bool, float]], block: int) -> None:
    samples = sound(*parts)
    assert as_plain(marks(samples, block)) == as_plain(marks(samples, len(samples)))


@settings(max_examples=40, deadline=None)
@given(stretches)
def test_segments_follow_each_other_and_none_is_too_long(parts: list[tuple[bool, float]]) -> None:
    found = marks(sound(*parts))
    assert [mark.at for mark in found] == sorted(mark.at for mark in found)
    for mark in segments(found):
        assert mark.segment.start < mark.segment.end <= mark.at
        assert seconds(mark.segment) <= SET.longest + SET.before + SET.after
    for earlier, later in pairwise(segments(found)):
        assert earlier.segment.end <= later.segment.start


@settings(max_examples=40, deadline=None)
@given(stretches)
def test_all_speech_that_is_long_enough_is_in_a_segment(parts: list[tuple[bool, float]]) -> None:
    samples = sound(*parts)
    covered = np.zeros(len(samples) + CHUNK, bool)
    for mark in segments(marks(samples)):
        start, end = mark.segment.start * SAMPLE_RATE, mark.segment.end * SAMPLE_RATE
        covered[round(start) : round(end)] = True
    now = 0.0
    for spoken, length in parts:
        if spoken and length > SET.shortest + 2 * CHUNK_SECONDS:
            inside = slice(
                round((now + CHUNK_SECONDS) * SAMPLE_RATE),
                round((now + length - CHUNK_SECONDS) * SAMPLE_RATE),
            )
            assert covered[inside].all()
        now += length


@settings(max_examples=40, deadline=None)
@given(stretches)
def test_speech_that_began_always_ends(parts: list[tuple[bool, float]]) -> None:
    told = [m for m in marks(sound(*parts)) if isinstance(m, (SpeechBegan, SpeechStopped))]
    for began, stopped in zip(told[::2], told[1::2], strict=True):
        assert isinstance(began, SpeechBegan)
        assert isinstance(stopped, SpeechStopped)
        assert began.start == stopped.start < stopped.end <= stopped.at
