"""The screens: how they look, what each key does, and that they show what the call is."""

from collections.abc import Callable
from typing import Any

import pytest
import screen_calls as calls
from screen_calls import shown, text_of, until
from textual.color import Color
from textual.pilot import Pilot

from agentassist import events as ev
from agentassist.call import fold
from agentassist.playback import Playback
from agentassist.session import CallSession
from agentassist.tui import wording
from agentassist.tui.live import checklist, cue, meters, steering, turn_lines
from agentassist.tui.note.screen import NoteScreen
from agentassist.tui.themes import GROUNDS, TEXTS, THEMES
from agentassist.values import ChecklistItem

SMALL, LARGE, TINY = (80, 24), (200, 60), (56, 20)
TENTATIVE = ev.WordsTentative(99.0, "caller", 98.0, "and the [b]landlord[/b] says")
TROUBLE = ev.TroubleHeard(99.0, "The caller's audio has stopped.", "Check the softphone's output.")


# How it looks


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "200x60"])
@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("turns", [4, 6], ids=["cue", "urgent"])
def test_a_cue_stands_beside_the_call(
    snap_compare: Callable[..., bool], size: tuple[int, int], theme: Any, turns: int
) -> None:
    app = calls.app(calls.played(turns), theme=theme)
    assert snap_compare(app, terminal_size=size)


def test_the_readme_shows_the_bundled_call(snap_compare: Callable[..., bool]) -> None:
    answer = ev.WordsTentative(76.0, "agent", 74.0, "I am sorry, Helen. I should not have")
    assert snap_compare(calls.app(calls.bundled(75.0, answer)), terminal_size=(104, 30))


def test_an_urgent_cue_is_whole_beside_a_line_of_trouble(snap_compare: Callable[..., bool]) -> None:
    assert snap_compare(calls.app(calls.played(6, TROUBLE)), terminal_size=SMALL)


def test_a_quiet_moment_with_a_flagged_phrase_and_words_still_coming(
    snap_compare: Callable[..., bool],
) -> None:
    app = calls.app(calls.played(5, ev.ClockMark(40.0), TENTATIVE))
    assert snap_compare(app, terminal_size=SMALL)


def test_without_a_tape_there_is_nothing_to_steer(snap_compare: Callable[..., bool]) -> None:
    assert snap_compare(calls.app(calls.played(4, tape=False)), terminal_size=(120, 35))


def test_the_help_leaves_the_cue_in_sight(snap_compare: Callable[..., bool]) -> None:
    app = calls.app(calls.played(6), theme="light")
    assert snap_compare(app, press=["question_mark"], terminal_size=SMALL)


def test_a_tiny_terminal_has_the_cue_above_the_call(snap_compare: Callable[..., bool]) -> None:
    assert snap_compare(calls.app(calls.played(4)), terminal_size=TINY)


def test_without_colour_everything_is_still_told(
    snap_compare: Callable[..., bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert snap_compare(calls.app(calls.played(6)), terminal_size=SMALL)


@pytest.mark.parametrize(
    ("size", "theme"), [(SMALL, "dark"), (LARGE, "light")], ids=["80x24-dark", "200x60-light"]
)
def test_the_note_stands_there_when_the_call_has_ended(
    snap_compare: Callable[..., bool], size: tuple[int, int], theme: Any
) -> None:
    async def opened(pilot: Pilot[None]) -> None:
        await shown(pilot, NoteScreen)

    app = calls.app(calls.played(), theme=theme)
    assert snap_compare(app, terminal_size=size, run_before=opened)


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_every_text_has_contrast_enough_on_every_ground(theme: Any) -> None:
    colours = theme.to_color_system().generate() | theme.variables
    for ground in GROUNDS:
        for text in TEXTS:
            assert contrast(colours[ground], colours[text]) >= 4.5, (text, ground)


def contrast(one: str, other: str) -> float:
    """The ratio of WCAG 2.1's definition, 1 to 21."""
    darker, lighter = sorted(luminance(Color.parse(colour)) for colour in (one, other))
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: Color) -> float:
    parts = (
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4
        for part in colour.normalized
    )
    return sum(share * part for share, part in zip((0.2126, 0.7152, 0.0722), parts, strict=True))


# What it shows


async def test_a_played_call_comes_to_its_note_by_itself() -> None:
    playback = Playback(float("inf"))
    app = calls.app(calls.session(calls.heard(), playback))
    async with app.run_test(size=SMALL) as pilot:
        await shown(pilot, NoteScreen)
        assert "Fewer hours at work" in text_of(app)


async def test_a_paused_call_shows_nothing_until_it_is_stepped_turn_by_turn() -> None:
    playback = Playback(paused=True)
    session = calls.session(calls.heard(), playback)
    app = calls.app(session)
    async with app.run_test(size=LARGE) as pilot:
        for ended in (1, 2):
            await pilot.press("n")
            await until(pilot, lambda: playback.paused)
            assert sum(turn.ended for turn in session.call.turns) == ended
        assert "Is this about the bill?" in text_of(app)
        await pilot.press("j")
        await until(pilot, lambda: playback.paused)
        await until(pilot, lambda: "▲ ultimatum" in text_of(app))


async def test_spoken_words_are_neither_markup_nor_escape_codes() -> None:
    words = ev.WordsHeard(
        99.0, "agent", 97.0, 98.0, "\x1b[31m[bold]red[/] \u202etxt", new_turn=True
    )
    app = calls.app(calls.played(6, words))
    async with app.run_test(size=LARGE) as pilot:
        await pilot.pause()
        screen = text_of(app)
        assert "[bold]go on[/bold] like this." in screen
        assert "[31m[bold]red[/]  txt" in screen
        assert "\x1b" not in screen


async def test_a_session_that_died_is_told_with_what_to_do() -> None:
    def source() -> Any:
        yield calls.STARTED
        raise OSError("the recording ends in the middle")

    app = calls.app(CallSession(source(), [], []))
    async with app.run_test(size=SMALL) as pilot:
        await until(pilot, lambda: "the recording ends in the middle" in text_of(app))
        await pilot.press("q")
        assert app._exit


async def test_a_call_that_ends_without_a_note_says_so() -> None:
    app = calls.app(CallSession(iter(calls.heard()), [], []))
    async with app.run_test(size=SMALL) as pilot:
        await shown(pilot, NoteScreen)
        assert "No note was drafted." in text_of(app)
        await pilot.press("s", "e")
        assert "No note was drafted." in text_of(app)


async def test_the_outcome_of_a_cue_is_told_for_a_while_and_then_taken_away() -> None:
    app = calls.app(calls.played(5))
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        assert "MISSED" in text_of(app)
    app = calls.app(calls.played(5, ev.ClockMark(60.0)))
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        assert "MISSED" not in text_of(app)
        assert "Listening." in text_of(app)


def test_the_most_pressing_cue_is_shown_before_the_latest() -> None:
    call = fold([ev.CueRaised(1.0, calls.SAFETY), ev.CueRaised(2.0, calls.HARDSHIP)])
    shown_cue = cue.cue_to_show(call)
    assert shown_cue is not None
    assert shown_cue.cue.id == "c2"


def test_lines_of_the_transcript_are_never_wider_than_can_be_read() -> None:
    turn = calls.played(1).call.turns[0]
    for width in (20, 46, 200):
        lines = turn_lines.turn_lines(turn, None, width)
        assert max(line.cell_length for line in lines) <= min(width, turn_lines.MEASURE)


def test_a_checklist_folds_what_was_done_first_and_keeps_what_is_due() -> None:
    items = calls.checklist(3, due=6)
    assert checklist.fit(items, 7) == (list(items), "")
    kept, folded = checklist.fit(items, 5)
    assert [item.id for item in kept] == ["k3", "k4", "k5", "k6"]
    assert folded == "3 done"
    assert checklist.fit(items, 2) == ([items[6]], "3 done, 3 to come")


def test_a_checklist_of_nothing_is_not_there() -> None:
    assert checklist.fit((), 3) == ([], "")
    assert checklist.line(ChecklistItem("a", "Sum up"), 30).plain == "[ ] Sum up"


def test_a_due_item_says_so_where_it_fits_and_is_marked_in_any_case() -> None:
    due = ChecklistItem("a", "Acknowledged the hardship", due=True)
    assert checklist.line(due, 40).plain == "[!] Acknowledged the hardship - due"
    assert checklist.line(due, 32).plain == "[!] Acknowledged the hardship"


@pytest.mark.parametrize(
    ("seconds", "told"), [(0.0, "0:00"), (59.9, "0:59"), (750.0, "12:30"), (3750.0, "1:02:30")]
)
def test_times_are_told_as_on_a_clock(seconds: float, told: str) -> None:
    assert wording.clock(seconds) == told


@pytest.mark.parametrize(
    ("share", "told"), [(0.0, "□□□"), (0.1, "■□□"), (0.5, "■■□"), (1.0, "■■■")]
)
def test_a_bar_shows_anything_above_nothing(share: float, told: str) -> None:
    assert meters.bar(share) == told


# What the keys do


async def test_space_pauses_and_goes_on() -> None:
    session = calls.played(4)
    assert session.playback
    app = calls.app(session)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("space")
        assert session.playback.paused
        assert "|| paused" in text_of(app)
        await pilot.press("space")
        assert not session.playback.paused
        assert "► 1×" in text_of(app)


@pytest.mark.parametrize(("key", "sought"), [("n", "turn"), ("right", "turn"), ("j", "moment")])
async def test_a_step_and_a_jump_run_ahead(key: str, sought: str) -> None:
    session = calls.played(4)
    assert session.playback
    app = calls.app(session)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press(key)
        assert session.playback.seeking == sought
        assert "» jumping" in text_of(app)


async def test_plus_and_minus_climb_the_ladder_of_speeds_as_far_as_it_goes() -> None:
    session = calls.played(4)
    playback = session.playback
    assert playback
    app = calls.app(session)
    async with app.run_test(size=SMALL) as pilot:
        climbed = []
        for _ in range(6):
            await pilot.press("plus")
            climbed.append(playback.speed)
        assert climbed == [*steering.SPEEDS[1:], steering.SPEEDS[-1]]
        assert "► fastest" in text_of(app)
        await pilot.press("minus")
        assert playback.speed == 8.0
        await pilot.press(*["minus"] * 9)
        assert playback.speed == 1.0


async def test_without_a_tape_the_keys_of_a_tape_do_nothing() -> None:
    app = calls.app(calls.played(4, tape=False))
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("space", "n", "j", "plus", "minus")
        assert "Pause" not in text_of(app)
        assert "Playback" not in text_of(app)


async def test_d_disputes_the_cue_that_is_shown() -> None:
    session = calls.played(4)
    app = calls.app(session)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("d")
        assert session.call.cues[0].state == "disputed"
        await until(pilot, lambda: "DISPUTED" in text_of(app))
        changed_at = session.call.cues[0].changed_at
        await pilot.press("d")
        assert session.call.cues[0].changed_at == changed_at


async def test_a_dispute_takes_one_more_key_for_its_reason_and_waits_for_none() -> None:
    session = calls.played(4)
    app = calls.app(session)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("2")
        await pilot.press("d")
        await until(pilot, lambda: "Why? 1" in text_of(app))
        assert session.call.cues[0].reason == ""
        await pilot.press("3")
        assert session.call.cues[0].reason == "misheard: that was not said"
        await pilot.press("1")
        assert session.call.cues[0].reason == "misheard: that was not said"


async def test_x_takes_the_line_of_trouble_away_until_there_is_more() -> None:
    session = calls.played(
        4, TROUBLE, ev.TroubleHeard(99.5, "The microphone is gone.", "Plug it in.")
    )
    app = calls.app(session)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        assert "The microphone is gone. Plug it in. (+1 more)" in text_of(app)
        await pilot.press("x")
        assert "microphone" not in text_of(app)
        session._take(TROUBLE)
        await until(pilot, lambda: "audio has stopped" in text_of(app))


async def test_m_goes_back_through_the_moments_and_end_follows_again() -> None:
    app = calls.app(calls.played(7))
    async with app.run_test(size=SMALL) as pilot:
        transcript = app.live.transcript
        await pilot.pause()
        assert transcript.moments() == [2, 3, 4, 5]
        visited = []
        for _ in range(5):
            await pilot.press("m")
            await pilot.pause()
            visited.append(transcript.marked)
        assert visited == [5, 4, 3, 2, 2]
        assert "No earlier moment." in text_of(app)
        assert "► AGENT" in text_of(app)
        assert not transcript.following
        await pilot.press("M")
        await pilot.pause()
        assert transcript.marked == 3
        await pilot.press("end")
        assert transcript.following
        assert "How are you managing?" in text_of(app)


async def test_the_transcript_stays_where_it_was_scrolled_to_while_more_is_said() -> None:
    session = calls.played(6)
    app = calls.app(session)
    async with app.run_test(size=SMALL) as pilot:
        transcript = app.live.transcript
        await pilot.press("pageup", "up")
        top = transcript.scroll_offset.y
        assert not transcript.following
        session._take(ev.WordsHeard(60.0, "agent", 58.0, 60.0, "More words. " * 20, new_turn=True))
        await pilot.pause(0.2)
        assert transcript.scroll_offset.y == top
        await pilot.press("home")
        assert transcript.scroll_offset.y == 0
        await pilot.press("pagedown", "down")
        assert transcript.scroll_offset.y > 0
        await pilot.press("end")
        assert "More words." in text_of(app)


async def test_the_transcript_follows_the_end_through_a_change_of_size() -> None:
    app = calls.app(calls.played(6))
    async with app.run_test(size=SMALL) as pilot:
        await pilot.resize_terminal(120, 24)
        await pilot.resize_terminal(70, 20)
        await pilot.pause()
        assert app.live.transcript.following
        assert app.live.transcript.is_vertical_scroll_end


async def test_t_switches_between_light_and_dark() -> None:
    app = calls.app(calls.played(4))
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("t")
        assert app.theme == THEMES["light"].name
        await pilot.press("t")
        assert app.theme == THEMES["dark"].name


@pytest.mark.parametrize("key", ["question_mark", "f1"])
async def test_the_help_opens_scrolls_and_closes(key: str) -> None:
    app = calls.app(calls.played(4))
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press(key)
        assert "dispute the cue" in text_of(app)
        await pilot.press("pagedown", "pagedown")
        await pilot.pause()
        assert "What the marks mean" in text_of(app)
        await pilot.press("escape")
        assert "CALLER" in text_of(app)


async def test_the_palette_runs_every_key_by_name() -> None:
    session = calls.played(4)
    assert session.playback
    app = calls.app(session)
    async with app.run_test(size=LARGE) as pilot:
        await pilot.press("ctrl+p", *"pause the")
        await until(pilot, lambda: "Pause the call, or go on" in text_of(app))
        await pilot.press("down", "enter")
        await until(pilot, lambda: bool(session.playback and session.playback.paused))


async def test_q_asks_once_while_the_call_is_on() -> None:
    app = calls.app(calls.played(4))
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("q")
        assert "Press q again to quit." in text_of(app)
        assert not app._exit
        await pilot.press("q")
        assert app._exit


async def test_control_c_asks_as_q_does() -> None:
    app = calls.app(calls.played(4))
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("ctrl+c")
        await until(pilot, lambda: "Press q again to quit." in text_of(app))
