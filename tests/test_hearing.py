import threading
import time
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

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


def test_a_party_whose_engine_fails_is_told_and_the_other_is_still_heard() -> None:
    class Failing(ScriptedEngine):
        def recogniser(self, party: Party, *, tentative: bool = True) -> Recogniser:
            recogniser = super().recogniser(party, tentative=tentative)
            if party == "caller":
                monkey = {"n": 0}

                def accept(samples: Samples) -> None:
                    monkey["n"] += 1
                    if monkey["n"] > 20:
                        raise RuntimeError("secret words")

                recogniser.accept = accept  # type: ignore[method-assign]
            return recogniser

    with Hearing(STARTED, Silence(), Failing(SCRIPT)) as hearing:
        events = list(hearing)
    (trouble,) = [event for event in events if isinstance(event, ev.TroubleHeard)]
    assert trouble.party == "caller"
    assert "RuntimeError" in trouble.what
    assert "secret" not in trouble.what
    words = [event.text for event in events if isinstance(event, ev.WordsHeard)]
    assert "Is that Helen?" in words


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
