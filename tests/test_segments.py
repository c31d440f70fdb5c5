"""What holds however slow the decoding is: order, patience, urgency and honest failure."""

import threading
import time
from collections.abc import Iterator

import pytest
from sounds import blocks, loud_is_speech, spoken

from agentassist import events as ev
from agentassist.speech.base import SAMPLE_RATE, Samples, SpeechError, SpeechEvent
from agentassist.speech.decoding import DecodeQueue
from agentassist.speech.endpointing import Endpointer
from agentassist.speech.segments import MOST_PENDING, SegmentRecogniser


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


def test_a_failing_decoder_is_told_without_the_words() -> None:
    def fails(_: Samples) -> str:
        raise RuntimeError("the words that were said")

    queue = DecodeQueue(fails, "test")
    broken = recogniser(queue, tentative=True)
    broken.accept(spoken(1.0))
    broken.finish()
    with pytest.raises(SpeechError, match=r"failed \(RuntimeError\)"):
        list(broken)
    queue.close()
