"""Notes that wait, finished on the screen without a call."""

from pathlib import Path

from agentassist.store.chain import Chain
from agentassist.store.unfinished import waiting
from agentassist.tui.note.screen import NoteScreen
from agentassist.tui.note.waiting import WaitingScreen
from agentassist.tui.notes_app import NotesApp
from tests import screen_calls as calls
from tests.screen_calls import shown, text_of, until

SMALL = (80, 24)


def left_waiting(data: Path) -> str:
    """A call whose note was not finished."""
    with calls.kept(data) as (_, note):
        return note.id


async def test_the_list_comes_first_and_leaving_it_ends_the_program(tmp_path: Path) -> None:
    left_waiting(tmp_path)
    app = NotesApp(calls.desk(tmp_path))
    async with app.run_test(size=SMALL) as pilot:
        await shown(pilot, WaitingScreen)
        await until(pilot, lambda: "af3-05  not looked at yet" in text_of(app))
        await pilot.press("enter")
        await shown(pilot, NoteScreen)
        await pilot.press("1", "1", "s", "n")
        await shown(pilot, WaitingScreen)
        await until(pilot, lambda: "No note waits." in text_of(app))
        await pilot.press("b")
    assert not app.is_running
    assert waiting(tmp_path) == []
    assert len(list(Chain(tmp_path / "records").entries())) == 1


async def test_a_note_that_was_named_opens_at_once_and_leaving_it_ends_the_program(
    tmp_path: Path,
) -> None:
    identity = left_waiting(tmp_path)
    app = NotesApp(calls.desk(tmp_path), identity, theme="light")
    async with app.run_test(size=SMALL) as pilot:
        await shown(pilot, NoteScreen)
        assert "Note - af3-05 · Promise to pay" in text_of(app)
        await pilot.press("b")
        await pilot.pause(0.2)
    assert not app.is_running
    assert len(waiting(tmp_path)) == 1
