import math
import time
from collections.abc import Iterator

from agentassist import events as ev
from agentassist.call import EMPTY, fold
from agentassist.labels import Labels
from agentassist.pipeline import run
from agentassist.playback import Playback
from agentassist.redaction import redacted
from agentassist.session import CallSession, Source, is_moment
from agentassist.turns import Turns
from agentassist.values import Cue, Label
from tests.conftest import said_labels, spoken

CALL = spoken(
    ("agent", "Good morning, Helen."),
    ("caller", "I can't pay, they cut my hours."),
    ("agent", "Just calm down."),
    ("caller", "Don't tell me that."),
)

HEARD = [event for event in redacted(CALL) if not isinstance(event, ev.WordsTentative)]


def coach() -> list[Turns | Labels]:
    return [Turns(), Labels(said_labels({"calm down": "dismissive"}))]


def wait_for(condition: object, within: float = 5.0) -> None:
    assert callable(condition)
    until = time.monotonic() + within
    while not condition():
        assert time.monotonic() < until, "it never came"
        time.sleep(0.005)


def test_sinks_see_the_stream_of_the_pipeline_in_order() -> None:
    seen: list[ev.AnyEvent] = []
    session = CallSession(CALL, coach(), [seen.append])
    call = session.run()
    assert seen == list(run(HEARD, coach()))
    assert call == fold(seen) == session.call


def test_the_first_sink_has_what_was_heard_before_anything_is_derived_from_it() -> None:
    order: list[str] = []

    class Noting:
        def feed(self, event: ev.AnyEvent) -> tuple[()]:
            if isinstance(event, ev.WordsHeard):
                order.append("derived")
            return ()

    def journal(event: ev.AnyEvent) -> None:
        if isinstance(event, ev.WordsHeard):
            order.append("kept")

    CallSession(CALL, [Noting()], [journal]).run()
    assert order == ["kept", "derived"] * 4


def test_tentative_words_reach_the_sinks_but_no_stage() -> None:
    tentative = ev.WordsTentative(0.5, "agent", 0.1, "Good mor")
    seen: list[ev.AnyEvent] = []
    CallSession([CALL[0], tentative, *CALL[1:]], coach(), [seen.append]).run()
    assert seen[1] == tentative
    assert [event for event in seen if event != tentative] == list(run(HEARD, coach()))


def test_a_jump_stops_at_the_next_flag_and_a_step_at_the_next_turn() -> None:
    playback = Playback(paused=True)
    session = CallSession(CALL, coach(), [], playback)
    session.start()
    playback.seek("turn")
    wait_for(lambda: playback.paused)
    assert [turn.ended for turn in session.call.turns] == [True, False]
    playback.seek("moment")
    wait_for(lambda: playback.paused)
    assert session.call.turns[2].has("dismissive")
    playback.set_speed(math.inf)
    playback.resume()
    wait_for(lambda: session.call.ended)
    session.stop()


def test_a_dispute_is_heard_even_while_the_call_is_paused() -> None:
    seen: list[ev.AnyEvent] = []
    playback = Playback(paused=True)
    session = CallSession(CALL, coach(), [seen.append], playback)
    session.start()
    session.dispute("c1", "not so")
    assert ev.DisputeMade(0.0, "c1", "not so") in seen
    session.stop()


def test_stopping_ends_the_thread_in_the_middle_of_a_call() -> None:
    session = CallSession(CALL, coach(), [], Playback(speed=0.001))
    session.start()
    session.stop()
    assert not session.call.ended
    assert session.error is None


def test_a_source_that_fails_leaves_its_error_and_what_was_known() -> None:
    def failing() -> Iterator[ev.Heard]:
        yield from CALL[:3]
        raise OSError

    source: Source = failing()
    session = CallSession(source, coach(), [])
    session.start()
    wait_for(lambda: session.error is not None)
    assert isinstance(session.error, OSError)
    assert session.call.started == HEARD[0]


def test_a_moment_is_a_cue_or_a_flag_that_no_cue_spoke_up_about() -> None:
    flag = ev.TurnLabelled(1.0, 0, (Label("threat", 0.9, "rule:x", 0, 3),), final=True)
    praise = ev.TurnLabelled(1.0, 0, (Label("empathy", 0.9, "rule:x", 0, 3),), final=True)
    raised = ev.CueRaised(0.9, Cue("c1", "rephrase", "high", "do", "why", "say", 0.9, turn=0))
    assert is_moment(flag, EMPTY)
    assert is_moment(raised, EMPTY)
    assert not is_moment(flag, fold([raised]))
    assert not is_moment(praise, EMPTY)
