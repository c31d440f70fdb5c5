"""The screen before a call, and what a live call adds to the one in it."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Self

import pytest

from agentassist import events as ev
from agentassist.call import Call
from agentassist.session import CallSession, Recording
from agentassist.tui.messages import LeaveWanted, NextBegan
from agentassist.tui.note.screen import NoteScreen
from agentassist.tui.note.waiting import WaitingScreen
from agentassist.tui.ready import levels
from agentassist.tui.ready.screen import ReadyScreen, Setup
from agentassist.tui.ready_app import ReadyApp
from agentassist.turns import Turns
from agentassist.vocabulary import Party
from tests import screen_calls as calls
from tests.screen_calls import shown, text_of, until

SMALL, LARGE = (80, 24), (200, 60)
DEVICES: dict[Party, str] = {"agent": "Jabra Evolve2 Mono", "caller": "Monitor of Jabra Evolve2"}
MUTED = ev.TroubleHeard(3.0, "Your sound is muted.", "Unmute it.", "agent", "muted")


class Waiting:
    """A line on which nothing changes but by the test."""

    def __init__(self) -> None:
        self.somebody_speaks = False
        self.now: dict[Party, float] = {"agent": -24.0, "caller": -95.0}
        self.wrong: list[ev.TroubleHeard] = []

    def levels(self) -> dict[Party, float]:
        return self.now

    def faults(self) -> list[ev.TroubleHeard]:
        return self.wrong


def ready(
    line: Waiting | None = None,
    theme: Any = "dark",
    data: Path = Path("data"),
    begin: Callable[[], None] = lambda: None,
    **setup: bool,
) -> ReadyApp:
    told = Setup(DEVICES, "vosk small-en-us 0.15", **setup)
    return ReadyApp(calls.desk(data), line or Waiting(), told, begin, theme)


# How it looks


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "200x60"])
@pytest.mark.parametrize("theme", ["dark", "light"])
def test_it_says_what_is_listened_to_and_how_a_call_starts(
    snap_compare: Callable[..., bool], size: tuple[int, int], theme: Any
) -> None:
    assert snap_compare(ready(theme=theme), terminal_size=size)


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_a_voice_at_the_far_end_a_fault_and_all_there_is_to_tell_fit_a_small_screen(
    snap_compare: Callable[..., bool], theme: Any, tmp_path: Path
) -> None:
    line = Waiting()
    line.somebody_speaks, line.wrong = True, [MUTED]
    line.now = {"agent": -3.0, "caller": -30.0}
    with calls.kept(tmp_path):
        pass
    app = ready(line, theme, tmp_path, records=True, redacts=False, chosen=False)
    assert snap_compare(app, terminal_size=SMALL)


@pytest.mark.parametrize(
    ("size", "theme", "state"),
    [(SMALL, "dark", "on"), (SMALL, "light", "card"), (LARGE, "dark", "paused")],
)
def test_a_live_call_shows_in_words_that_it_is_recorded(
    snap_compare: Callable[..., bool], size: tuple[int, int], theme: Any, state: Recording
) -> None:
    session, _ = live(4, Recorded(state))
    assert snap_compare(calls.app(session, theme=theme), terminal_size=size)


# What it does


@pytest.mark.parametrize(
    ("level", "told", "filled"),
    [
        (-120.0, "nothing at all", 0),
        (-70.0, "silent", 0),
        (-45.0, "quiet", 8),
        (-24.0, "good", 18),
        (-1.0, "too loud", 30),
    ],
)
def test_a_level_is_told_in_words_and_as_a_bar(level: float, told: str, filled: int) -> None:
    assert levels.in_words(level) == told
    assert levels.bar(level).count("■") == filled
    assert len(levels.bar(level)) == levels.CELLS


async def test_the_bars_follow_the_devices_up_at_once_and_down_slowly() -> None:
    line = Waiting()
    app = ready(line)
    async with app.run_test(size=SMALL) as pilot:
        await until(pilot, lambda: text_of(app).count("■") == 18)
        line.now = {"agent": -12.0, "caller": -120.0}
        await until(pilot, lambda: text_of(app).count("■") == 24)
        line.now = {"agent": -60.0, "caller": -120.0}
        await until(pilot, lambda: 0 < text_of(app).count("■") < 24)
        await until(pilot, lambda: "■" not in text_of(app))


async def test_enter_starts_the_call() -> None:
    begun: list[int] = []
    app = ready(begin=lambda: begun.append(1))
    async with app.run_test(size=SMALL) as pilot:
        await shown(pilot, ReadyScreen)
        await pilot.press("enter")
        await pilot.pause(0.1)
    assert app.return_value == "call"
    assert begun == [1]


async def test_a_voice_is_a_reason_to_ask_and_never_starts_a_call() -> None:
    begun: list[int] = []
    line = Waiting()
    app = ready(line, begin=lambda: begun.append(1))
    async with app.run_test(size=SMALL) as pilot:
        await until(pilot, lambda: "Waiting for a call." in text_of(app))
        line.somebody_speaks = True
        await until(pilot, lambda: "Somebody speaks at the other end." in text_of(app))
        await pilot.pause(0.5)
        assert isinstance(app.screen, ReadyScreen)
        line.somebody_speaks = False
        await until(pilot, lambda: "Waiting for a call." in text_of(app))
    assert not begun


async def test_a_call_begun_elsewhere_comes_up_also_from_the_list_of_notes(tmp_path: Path) -> None:
    with calls.kept(tmp_path):
        pass
    app = ready(data=tmp_path)
    async with app.run_test(size=SMALL) as pilot:
        await until(pilot, lambda: "1 note waits to be finished: l lists them" in text_of(app))
        await pilot.press("l")
        await shown(pilot, WaitingScreen)
        threading.Thread(target=lambda: app.post_message(NextBegan())).start()
        await pilot.pause(0.2)
    assert app.return_value == "call"


async def test_a_device_that_is_mended_is_no_longer_complained_of() -> None:
    line = Waiting()
    line.wrong = [MUTED]
    app = ready(line)
    async with app.run_test(size=SMALL) as pilot:
        await until(pilot, lambda: "! Your sound is muted. Unmute it." in text_of(app))
        line.wrong = []
        await until(pilot, lambda: "muted" not in text_of(app))


@pytest.mark.parametrize("key", ["q", "ctrl+q"])
async def test_it_is_left_without_a_question(key: str) -> None:
    app = ready()
    async with app.run_test(size=SMALL) as pilot:
        await shown(pilot, ReadyScreen)
        await pilot.press(key)
        await pilot.pause(0.1)
    assert app.return_value is None


# The call itself


class Recorded:
    """What would record the call."""

    def __init__(self, state: Recording = "on") -> None:
        self.state: Recording = state

    def toggle(self) -> None:
        self.state = "on" if self.state == "paused" else "paused"


class Source:
    """A live source that has said so much, and waits to be hung up."""

    def __init__(self, turns: int) -> None:
        self._events = calls.heard(turns)
        self.hung_up = threading.Event()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.hung_up.set()

    def hang_up(self) -> None:
        self.hung_up.set()

    def __iter__(self) -> Iterator[ev.Heard]:
        yield from self._events
        self.hung_up.wait()
        yield ev.CallEnded(self._events[-1].at)


def live(turns: int, recorder: Recorded | None = None) -> tuple[CallSession, Source]:
    source = Source(turns)
    session = CallSession(source, [Turns(), calls.Coach(calls.SCRIPT)], [])
    session.recorder = recorder
    return session, source


async def test_e_ends_the_call_once_it_is_pressed_again_and_the_note_opens() -> None:
    session, source = live(4)
    app = calls.app(session)
    async with app.run_test(size=SMALL) as pilot:
        await until(pilot, lambda: len(session.call.turns) == 4)
        await pilot.press("e")
        await until(pilot, lambda: "End the call? e again ends it." in text_of(app))
        assert not source.hung_up.is_set()
        await pilot.press("e")
        await shown(pilot, NoteScreen)
        assert source.hung_up.is_set()
        assert not app.live.check_action("end", ())


async def test_r_pauses_a_recording_and_there_is_none_where_nobody_asked_for_it() -> None:
    recorded = Recorded()
    session, _ = live(2, recorded)
    app = calls.app(session)
    async with app.run_test(size=SMALL) as pilot:
        await until(pilot, lambda: "● RECORDING" in text_of(app))
        await pilot.press("r")
        await until(pilot, lambda: "RECORDING PAUSED" in text_of(app))
        await pilot.press("r")
        await until(pilot, lambda: "● RECORDING" in text_of(app))
        recorded.state = "stopped"
        await until(pilot, lambda: "RECORDING STOPPED" in text_of(app))
    other = calls.app(live(2)[0])
    async with other.run_test(size=SMALL) as pilot:
        await until(pilot, lambda: "AGENT" in text_of(other))
        assert "RECORDING" not in text_of(other)
        assert not other.live.check_action("recording", ())


async def test_a_recorded_call_is_not_ended_by_a_key() -> None:
    app = calls.app(calls.played(4))
    async with app.run_test(size=SMALL):
        assert not app.live.check_action("end", ())


async def test_a_program_that_is_told_to_leave_ends_the_call_first() -> None:
    session, source = live(4)
    app = calls.app(session)
    async with app.run_test(size=SMALL) as pilot:
        await until(pilot, lambda: len(session.call.turns) == 4)
        app.post_message(LeaveWanted())
        await pilot.pause(0.3)
    assert source.hung_up.is_set()
    ended: Call = session.call
    assert ended.ended
    assert ended.note is not None


async def test_the_next_call_takes_the_place_of_the_last_ones_note() -> None:
    session, source = live(4)
    app = calls.app(session)
    async with app.run_test(size=SMALL) as pilot:
        await until(pilot, lambda: len(session.call.turns) == 4)
        source.hang_up()
        await shown(pilot, NoteScreen)
        assert app.loses
        app.post_message(NextBegan())
        await pilot.pause(0.2)
    assert app.return_value == "next"
