import math
import threading
import time

import pytest

from agentassist.playback import LOOKAHEAD, Playback


class Waiter:
    """A thread that waits for one moment, as a recogniser or the session does."""

    def __init__(self, playback: Playback, at: float, *, hear: bool = False) -> None:
        wait = playback.wait_to_hear if hear else playback.wait_to_show
        self.passed: bool | None = None

        def run() -> None:
            self.passed = wait(at)

        self._thread = threading.Thread(target=run, daemon=True)
        self._thread.start()

    def is_through(self, within: float = 2.0) -> bool:
        self._thread.join(within)
        return not self._thread.is_alive()

    def is_waiting(self) -> bool:
        return not self.is_through(within=0.05)


def test_real_time_passes_at_its_speed() -> None:
    playback = Playback(speed=20.0)
    started = time.monotonic()
    assert playback.wait_to_show(4.0)
    assert time.monotonic() - started == pytest.approx(0.2, abs=0.15)


def test_as_fast_as_possible_never_waits() -> None:
    playback = Playback(math.inf)
    assert playback.wait_to_hear(3600.0)
    assert playback.wait_to_show(1800.0)
    assert playback.position == 1800.0


def test_a_pause_holds_everything_and_resuming_goes_on_from_there() -> None:
    playback = Playback(speed=1000.0, paused=True)
    waiter = Waiter(playback, 1.0)
    assert waiter.is_waiting()
    playback.resume()
    assert waiter.is_through()
    assert waiter.passed
    playback.pause()
    held = playback.position
    time.sleep(0.02)
    assert playback.position == held
    assert playback.paused


def test_a_change_of_speed_takes_effect_for_those_who_wait() -> None:
    playback = Playback(speed=0.001)
    waiter = Waiter(playback, 5.0)
    assert waiter.is_waiting()
    playback.set_speed(1000.0)
    assert waiter.is_through()
    assert playback.speed == 1000.0


def test_slowing_down_from_as_fast_as_possible_stays_where_it_is() -> None:
    playback = Playback(math.inf)
    playback.wait_to_show(30.0)
    playback.set_speed(0.001)
    assert playback.position == pytest.approx(30.0, abs=0.01)


def test_a_jump_runs_ahead_of_the_clock_but_audio_only_so_far() -> None:
    playback = Playback(speed=0.001)
    playback.seek("moment")
    assert playback.wait_to_show(40.0)
    assert playback.position == 40.0
    assert Waiter(playback, 40.0 + LOOKAHEAD, hear=True).is_through()
    assert Waiter(playback, 40.1 + LOOKAHEAD, hear=True).is_waiting()
    playback.close()


def test_arriving_pauses_at_the_moment() -> None:
    playback = Playback(speed=1000.0)
    playback.seek("moment")
    playback.arrived(12.0)
    assert (playback.paused, playback.seeking, playback.position) == (True, None, 12.0)
    assert Waiter(playback, 12.5).is_waiting()
    playback.close()


def test_closing_lets_everyone_go_and_tells_them() -> None:
    playback = Playback(paused=True)
    waiter = Waiter(playback, 1.0)
    playback.close()
    assert waiter.is_through()
    assert waiter.passed is False
