import threading
import time
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pytest

from agentassist import events as ev
from agentassist.hearing import Hearing
from agentassist.playback import Playback
from agentassist.speech.base import SAMPLE_RATE, Recogniser, Samples
from agentassist.speech.scripted import Line, ScriptedEngine
from agentassist.vocabulary import Party

SCRIPT: Mapping[Party, Sequence[Line]] = {
    "agent": [Line(0.5, 1.9, "Good morning."), Line(5.0, 7.0, "Is that Helen?")],
    "caller": [Line(2.2, 4.4, "Hello, who is that?"), Line(6.5, 8.0, "It is, yes.")],
}
STARTED = ev.CallStarted(0.0, "recording", "scripted")


class Silence:
    """Ten seconds of nothing, each party's as slow as it is told to be."""

    def __init__(self, slow: Party | None = None, seconds: float = 10.0) -> None:
        self._slow = slow
        self._blocks = int(seconds * 10)

    def blocks(self, party: Party) -> Iterator[Samples]:
        for _ in range(self._blocks):
            if party == self._slow:
                time.sleep(0.001)
            yield np.zeros(SAMPLE_RATE // 10, np.float32)


def hear(audio: Silence, playback: Playback | None = None) -> list[ev.AnyEvent]:
    with Hearing(STARTED, audio, ScriptedEngine(SCRIPT), playback) as hearing:
        return list(hearing)


def facts(events: list[ev.AnyEvent]) -> list[ev.AnyEvent]:
    return [event for event in events if not isinstance(event, ev.WordsTentative)]


def test_both_parties_come_in_order_of_call_time_between_start_and_end() -> None:
    events = facts(hear(Silence()))
    assert events[0] == STARTED
    assert isinstance(events[-1], ev.CallEnded)
    times = [event.at for event in events]
    assert times == sorted(times)
    words = [event.text for event in events if isinstance(event, ev.WordsHeard)]
    assert words == ["Good morning.", "Hello, who is that?", "Is that Helen?", "It is, yes."]


def test_the_same_recording_gives_the_same_events_however_the_threads_run() -> None:
    once = facts(hear(Silence()))
    assert facts(hear(Silence(slow="agent"))) == once
    assert facts(hear(Silence(slow="caller"))) == once


def test_a_clock_mark_comes_every_second_to_the_end() -> None:
    events = hear(Silence(seconds=10.0))
    marks = [event.at for event in events if isinstance(event, ev.ClockMark)]
    assert marks == [float(second) for second in range(1, 11)]
    assert events[-1] == ev.CallEnded(10.0)


def test_the_last_words_are_heard_even_if_the_audio_ends_at_once() -> None:
    events = hear(Silence(seconds=7.2))
    words = [event.text for event in events if isinstance(event, ev.WordsHeard)]
    assert words[-1] == "It is, yes."
    assert isinstance(events[-1], ev.CallEnded)


def test_tentative_words_come_before_the_committed_ones() -> None:
    events = hear(Silence())
    party = [e for e in events if isinstance(e, ev.WordsTentative | ev.WordsHeard)]
    agent = [e for e in party if e.party == "agent"]
    assert isinstance(agent[0], ev.WordsTentative)
    assert "Good morning.".startswith(agent[0].text)


class Failing(ScriptedEngine):
    """The caller's recognisers raise: each after as many blocks as it is told, then never more."""

    def __init__(self, *after: int) -> None:
        super().__init__(SCRIPT)
        self._after = list(after)
        self.starts: list[float] = []

    def recogniser(self, party: Party, *, tentative: bool = True, start: float = 0.0) -> Recogniser:
        recogniser = super().recogniser(party, tentative=tentative, start=start)
        if party == "caller":
            self.starts.append(start)
            if self._after:
                self._fails(recogniser, self._after.pop(0))
        return recogniser

    @staticmethod
    def _fails(recogniser: Recogniser, after: int) -> None:
        accept, blocks = recogniser.accept, iter(range(after))

        def failing(samples: Samples) -> None:
            if next(blocks, None) is None:
                raise RuntimeError("secret words")
            accept(samples)

        recogniser.accept = failing  # type: ignore[method-assign]


def hear_failing(
    *after: int, seconds: float = 10.0
) -> tuple[Failing, list[ev.AnyEvent], list[ev.TroubleHeard]]:
    engine = Failing(*after)
    with Hearing(STARTED, Silence(seconds=seconds), engine) as hearing:
        events: list[ev.AnyEvent] = list(hearing)
    return engine, events, [event for event in events if isinstance(event, ev.TroubleHeard)]


def words(events: list[ev.AnyEvent]) -> list[str]:
    return [event.text for event in events if isinstance(event, ev.WordsHeard)]


def test_a_recogniser_that_raises_is_replaced_and_no_word_is_lost() -> None:
    _, events, troubles = hear_failing(40)
    assert [trouble.party for trouble in troubles] == ["caller"]
    assert "RuntimeError" in troubles[0].what
    assert "secret" not in troubles[0].what
    assert words(events) == words(hear(Silence()))
    times = [event.at for event in facts(events)]
    assert times == sorted(times)


def test_a_fresh_recogniser_hears_again_from_the_last_words_that_were_told() -> None:
    engine, _, _ = hear_failing(70)
    first, second = engine.starts
    assert first == 0.0
    assert second == pytest.approx(4.4, abs=0.1)


def test_sound_that_makes_recognisers_fail_is_heard_twice_and_no_more() -> None:
    engine, events, troubles = hear_failing(10, 5)
    assert len(troubles) == 2
    assert engine.starts == [0.0, 0.0, pytest.approx(1.1)]
    assert words(events) == words(hear(Silence()))


def test_recognisers_that_fail_on_and_on_are_tried_again_after_a_minute() -> None:
    _, events, troubles = hear_failing(*[0] * 6, seconds=150.0)
    assert len([trouble for trouble in troubles if trouble.mend]) == 6
    assert "after 60 s" in troubles[3].mend
    assert [trouble.what for trouble in troubles if not trouble.mend] == [
        "The caller's words are recognised again."
    ]
    assert {"Good morning.", "Is that Helen?"} <= set(words(events))
    assert events[-1] == ev.CallEnded(150.0)


class Troubled(Silence):
    """Tells of the caller's device after two seconds."""

    def blocks(self, party: Party) -> Iterator[Samples | ev.TroubleHeard]:  # type: ignore[override]
        for number, block in enumerate(super().blocks(party)):
            if (number, party) == (20, "caller"):
                yield ev.TroubleHeard(2.0, "It is gone.", "Plug it in.", "caller")
            yield block


def test_trouble_of_a_device_waits_for_no_words_and_puts_none_out_of_order() -> None:
    events = facts(hear(Troubled()))
    (trouble,) = [event for event in events if isinstance(event, ev.TroubleHeard)]
    assert trouble.at <= 2.0
    assert words(events) == words(hear(Silence()))
    times = [event.at for event in events]
    assert times == sorted(times)


def test_a_pause_holds_the_hearing_and_closing_ends_it() -> None:
    playback = Playback(paused=True)
    seen: list[ev.AnyEvent] = []
    with Hearing(STARTED, Silence(), ScriptedEngine(SCRIPT), playback) as hearing:
        thread = threading.Thread(target=lambda: seen.extend(hearing), daemon=True)
        thread.start()
        time.sleep(0.1)
        assert thread.is_alive()
        playback.close()
        thread.join(5.0)
        assert not thread.is_alive()


def test_real_time_is_kept_by_the_audio_itself() -> None:
    started = time.monotonic()
    hear(Silence(seconds=4.0), Playback(speed=20.0))
    assert time.monotonic() - started >= 0.19
