from collections.abc import Iterable

from agentassist import events as ev
from agentassist.call import fold
from agentassist.pipeline import run
from agentassist.turns import Turns
from tests.conftest import kinds, spoken

CALL = spoken(("agent", "Good morning."), ("caller", "My secret words."))


class Broken:
    def feed(self, event: ev.AnyEvent) -> Iterable[ev.Derived]:
        if isinstance(event, ev.WordsHeard):
            raise ValueError(event.text)  # noqa: TRY004
        return ()


class Watching:
    def __init__(self) -> None:
        self.seen: list[ev.AnyEvent] = []

    def feed(self, event: ev.AnyEvent) -> Iterable[ev.Derived]:
        self.seen.append(event)
        return ()


def test_every_heard_event_comes_through_followed_by_what_it_led_to() -> None:
    stream = list(run(CALL, [Turns()]))
    assert [event for event in stream if isinstance(event, ev.HEARD)] == CALL
    heard = stream.index(next(e for e in stream if isinstance(e, ev.WordsHeard)))
    assert isinstance(stream[heard + 1], ev.TurnGrew)


def test_a_later_stage_sees_what_an_earlier_one_derived() -> None:
    watching = Watching()
    stream = list(run(CALL, [Turns(), watching]))
    assert watching.seen == stream


def test_a_failing_stage_becomes_an_event_and_the_call_goes_on() -> None:
    stream = list(run(CALL, [Broken(), Turns()]))
    failed = [event for event in stream if isinstance(event, ev.StageFailed)]
    assert [(f.stage, f.error) for f in failed] == [("Broken", "ValueError")] * 2
    assert kinds(stream).count("TurnEnded") == 2


def test_a_failure_never_carries_spoken_words() -> None:
    stream = list(run(CALL, [Broken()]))
    failed = next(event for event in stream if isinstance(event, ev.StageFailed))
    assert "secret" not in ev.encode(failed).decode()


def test_a_failure_is_seen_in_the_call() -> None:
    assert len(fold(run(CALL, [Broken()])).troubles) == 2
