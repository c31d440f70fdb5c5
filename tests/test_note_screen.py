"""The note screen: what each key does to a real call's note, and what is then on the disk."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
import screen_calls as calls
from screen_calls import shown, text_of, until
from textual.pilot import Pilot

from agentassist import events as ev
from agentassist.call import fold
from agentassist.store.chain import Chain
from agentassist.store.records import NoteVersion
from agentassist.store.unfinished import UnfinishedNote, waiting
from agentassist.store.verification import verify
from agentassist.tui.app import CoachApp
from agentassist.tui.live.screen import LiveScreen
from agentassist.tui.messages import ExportWanted
from agentassist.tui.note import rows, saving
from agentassist.tui.note.exports import FILES
from agentassist.tui.note.marks import Place
from agentassist.tui.note.moment import MomentScreen
from agentassist.tui.note.screen import NoteScreen
from agentassist.tui.note.waiting import WaitingScreen
from agentassist.values import Note

SMALL, LARGE = (80, 24), (200, 60)


def note_of(app: CoachApp) -> NoteScreen:
    assert isinstance(app.screen, NoteScreen)
    return app.screen


def go_to(app: CoachApp, beginning: str) -> Place:
    """To the first line that begins so."""
    editing = note_of(app)._keeper.editing
    assert editing is not None
    place = next(
        Place(number, at)
        for number, section in enumerate(editing.note.sections)
        for at, line in enumerate(section.lines)
        if line.text.startswith(beginning)
    )
    note_of(app).lines.go_to(place)
    return place


def text_at(app: CoachApp, place: Place) -> str:
    editing = note_of(app)._keeper.editing
    assert editing is not None
    return editing.note.sections[place.section].lines[place.line].text


def files_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def kept_edits(note: UnfinishedNote) -> NoteVersion:
    assert note.edits is not None
    return note.edits


# How it looks


@pytest.mark.parametrize(
    ("size", "theme"),
    [(SMALL, "dark"), (SMALL, "light"), (LARGE, "dark"), (LARGE, "light")],
    ids=["80x24-dark", "80x24-light", "200x60-dark", "200x60-light"],
)
def test_a_note_with_a_figure_to_confirm(
    snap_compare: Callable[..., bool], size: tuple[int, int], theme: Any
) -> None:
    async def opened(pilot: Pilot[None]) -> None:
        await shown(pilot, NoteScreen)

    app = calls.app(calls.doubted(), theme=theme)
    assert snap_compare(app, terminal_size=size, run_before=opened)


def test_an_edited_line_beside_what_was_drafted(snap_compare: Callable[..., bool]) -> None:
    async def edited(pilot: Pilot[None]) -> None:
        await shown(pilot, NoteScreen)
        await pilot.press("2", "up", "d", "end", "a", *"Rang off", "enter", "up", "e", *" and")

    assert snap_compare(calls.app(calls.doubted()), terminal_size=SMALL, run_before=edited)


# From the end of the call to the record


async def test_a_real_note_is_confirmed_saved_and_stands_in_the_chain(tmp_path: Path) -> None:
    with calls.kept(tmp_path) as (session, note):
        app = calls.app_of(session, note, tmp_path)
        async with app.run_test(size=LARGE) as pilot:
            await shown(pilot, NoteScreen)
            assert "Draft, not saved · 2 to confirm" in text_of(app)
            assert "Sum of promise 1: which is right?" in text_of(app)
            assert "1  $250.00 (draft)    2  $2.50" in text_of(app)
            await pilot.press("1", "2")
            assert "Edited, not saved · none to confirm" in text_of(app)
            assert "$3.60 on Friday 20 November 2026  (edited)" in text_of(app)
            assert "draft: Promised by the caller: $360.00" in text_of(app)
            await pilot.press("s")
            assert "Saved: record 1 " in text_of(app)
        assert not note.waits
    (entry,) = Chain(tmp_path / "records").entries()
    approved, draft = entry.record.approved, entry.record.draft
    assert draft is not None
    assert [str(promise.amount) for promise in approved.fields.promises] == ["250.00", "3.60"]
    assert [str(promise.amount) for promise in draft.fields.promises] == ["250.00", "360.00"]
    assert (approved.fields.doubts, len(draft.fields.doubts)) == ((), 2)
    assert "$3.60" in approved.text
    assert "$360.00 on Friday 20 November 2026" in draft.text
    assert entry.record.approval.by == "ann"
    assert verify(tmp_path / "records").faults == ()


async def test_what_is_not_confirmed_is_asked_about_once_and_then_saved_as_not_confirmed(
    tmp_path: Path,
) -> None:
    with calls.kept(tmp_path) as (session, note):
        app = calls.app_of(session, note, tmp_path)
        async with app.run_test(size=SMALL) as pilot:
            await shown(pilot, NoteScreen)
            await pilot.press("s")
            assert "2 not confirmed. s again saves it all the same" in text_of(app)
            assert note.waits
            await pilot.press("s")
            assert "Saved: record 1 " in text_of(app)
    (entry,) = Chain(tmp_path / "records").entries()
    assert len(entry.record.approved.fields.doubts) == 2
    assert "To confirm" in entry.record.approved.text


async def test_a_saved_record_is_not_edited_but_can_still_be_copied(tmp_path: Path) -> None:
    with calls.kept(tmp_path) as (session, note):
        app = calls.app_of(session, note, tmp_path)
        async with app.run_test(size=SMALL) as pilot:
            await shown(pilot, NoteScreen)
            await pilot.press("s", "s", "e")
            assert "It is record 1, and stays so" in text_of(app)
            await pilot.press("c")
            assert app.clipboard.startswith("Promise to pay")
            await pilot.press("q")
            assert app._exit


async def test_tab_walks_through_what_is_to_be_confirmed_and_u_takes_a_choice_back(
    tmp_path: Path,
) -> None:
    with calls.kept(tmp_path) as (session, note):
        app = calls.app_of(session, note, tmp_path)
        async with app.run_test(size=SMALL) as pilot:
            await shown(pilot, NoteScreen)
            first = note_of(app).lines.row
            await pilot.press("tab")
            assert "To confirm, 2 of 2" in text_of(app)
            second = note_of(app).lines.row
            assert first
            assert second
            assert first.place != second.place
            await pilot.press("tab")
            assert "To confirm, 1 of 2" in text_of(app)
            await pilot.press("shift+tab", "2", "9")
            assert "1 to confirm" in text_of(app)
            await pilot.press("u")
            assert "Taken back: choice." in text_of(app)
            assert "2 to confirm" in text_of(app)
            assert kept_edits(note).fields == note_of(app).call.note


# Lines


async def test_a_line_leads_to_its_moment_and_enter_comes_back_to_it(tmp_path: Path) -> None:
    with calls.kept(tmp_path) as (session, note):
        app = calls.app_of(session, note, tmp_path)
        async with app.run_test(size=SMALL) as pilot:
            await shown(pilot, NoteScreen)
            row = note_of(app).lines.row
            await pilot.press("enter")
            await shown(pilot, LiveScreen)
            assert row
            assert app.live.transcript.marked == row.turn
            await pilot.press("enter")
            await shown(pilot, NoteScreen)
            assert note_of(app).lines.row == row


async def test_an_edited_line_is_kept_with_its_evidence_and_its_figure(tmp_path: Path) -> None:
    with calls.kept(tmp_path) as (session, note):
        app = calls.app_of(session, note, tmp_path)
        async with app.run_test(size=SMALL) as pilot:
            await shown(pilot, NoteScreen)
            place = go_to(app, "Promised by the caller: $250")
            await pilot.press("e", *["ctrl+u"], *"Promised by the caller: $240 on 16 October")
            await until(
                pilot, lambda: note.edits is not None and "$240 on 16 October" in note.edits.text
            )
            await pilot.press("enter")
            assert "$240 on 16 October  (edited)" in text_of(app)
            assert "1 to confirm" in text_of(app)
    kept = kept_edits(note)
    line = kept.fields.sections[place.section].lines[place.line]
    assert line.text == "Promised by the caller: $240 on 16 October"
    drafted = note.draft
    assert drafted is not None
    assert (
        line.evidence == drafted.version.fields.sections[place.section].lines[place.line].evidence
    )
    assert str(kept.fields.promises[0].amount) == "240.00"
    assert "$250.00" in drafted.version.text


async def test_escape_leaves_a_line_as_it_was_on_the_disk_too(tmp_path: Path) -> None:
    with calls.kept(tmp_path) as (session, note):
        app = calls.app_of(session, note, tmp_path)
        async with app.run_test(size=SMALL) as pilot:
            await shown(pilot, NoteScreen)
            place = go_to(app, "Promised by the caller: $250")
            before = text_at(app, place)
            await pilot.press("e", *"xyz")
            await until(pilot, lambda: note.edits is not None)
            await pilot.press("escape")
            assert text_at(app, place) == before
            assert kept_edits(note).fields == note_of(app).call.note


async def test_lines_are_added_deleted_and_brought_back(tmp_path: Path) -> None:
    with calls.kept(tmp_path) as (session, note):
        app = calls.app_of(session, note, tmp_path)
        async with app.run_test(size=LARGE) as pilot:
            await shown(pilot, NoteScreen)
            place = go_to(app, "Promised by the caller: $250")
            await pilot.press("a", *"Paid by her brother", "enter")
            assert "Paid by her brother  (added)" in text_of(app)
            note_of(app).lines.go_to(place)
            await pilot.press("d")
            assert "deleted: Promised by the caller: $250.00" in text_of(app)
            assert text_at(app, place) == "Paid by her brother"
            assert len(kept_edits(note).fields.promises) == 1
            await pilot.press("u", "u")
            assert text_at(app, place).startswith("Promised by the caller: $250")
            assert kept_edits(note).fields == note_of(app).call.note


async def test_a_section_where_nothing_was_said_gets_its_first_line() -> None:
    app = calls.app(calls.played())
    async with app.run_test(size=SMALL) as pilot:
        await shown(pilot, NoteScreen)
        await pilot.press("end", "e", *"At work", "enter")
        assert "Must stop\n   At work  (added)" in "\n".join(
            line.rstrip() for line in text_of(app).splitlines()
        )


async def test_another_outcome_is_chosen_from_the_list(tmp_path: Path) -> None:
    with calls.kept(tmp_path) as (session, note):
        app = calls.app_of(session, note, tmp_path)
        async with app.run_test(size=SMALL) as pilot:
            await shown(pilot, NoteScreen)
            await pilot.press("home", "e", "down", "enter")
            assert "· Payment plan agreed" in text_of(app)
            assert "draft: promise to pay" in text_of(app)
            assert kept_edits(note).fields.outcome == "payment_plan"
            await pilot.press("e", "escape")
            assert "· Payment plan agreed" in text_of(app)


async def test_the_whole_text_is_edited_beside_the_draft_and_kept_while_it_is_written(
    tmp_path: Path,
) -> None:
    with calls.kept(tmp_path) as (session, note):
        app = calls.app_of(session, note, tmp_path)
        async with app.run_test(size=SMALL) as pilot:
            await shown(pilot, NoteScreen)
            await pilot.press("w", *"sc?")
            await until(pilot, lambda: note.edits is not None and "sc?" in note.edits.text)
            assert "Edited, not saved" in text_of(app)
            assert "Edited here. Draft: # Call note: Rutendo Chikowore" in text_of(app)
            assert kept_edits(note).text.startswith("sc?# Call note")
            await pilot.press("escape", "s", "s")
            assert "Saved: record 1 " in text_of(app)
    (entry,) = Chain(tmp_path / "records").entries()
    assert entry.record.approved.text.startswith("sc?# Call note")


async def test_a_call_that_was_killed_while_its_note_was_written_waits_with_the_last_words(
    tmp_path: Path,
) -> None:
    with calls.kept(tmp_path) as (session, note):
        app = calls.app_of(session, note, tmp_path)
        async with app.run_test(size=SMALL) as pilot:
            await shown(pilot, NoteScreen)
            place = go_to(app, "Promised by the caller: $250")
            await pilot.press("e", *", late")
            await until(pilot, lambda: note.edits is not None and "late" in note.edits.text)
            kept = (note.path / "edits.json").read_bytes()
        # What a kill at that moment leaves is what was on the disk.
        version = msgspec.json.decode(kept, type=NoteVersion)
        assert version.fields.sections[place.section].lines[place.line].text.endswith(", late")


# Out


async def test_the_short_note_is_copied_and_in_one_file(tmp_path: Path) -> None:
    with calls.kept(tmp_path) as (session, note):
        app = calls.app_of(session, note, tmp_path)
        async with app.run_test(size=SMALL) as pilot:
            await shown(pilot, NoteScreen)
            await pilot.press("c", "c")
            assert "Copied. File: " in text_of(app)
            (name,) = files_in(tmp_path / "notes")
            assert name.endswith(" af3-05 short.txt")
            assert (tmp_path / "notes" / name).read_text() == app.clipboard
            await pilot.press("1", "c")
            assert len(files_in(tmp_path / "notes")) == 2
            length = len(app.clipboard.strip())
            assert f"short note {length} characters; limit 2,000" in text_of(app)


async def test_a_format_is_exported_from_the_palette(tmp_path: Path) -> None:
    with calls.kept(tmp_path) as (session, note):
        app = calls.app_of(session, note, tmp_path)
        async with app.run_test(size=LARGE) as pilot:
            await shown(pilot, NoteScreen)
            await pilot.press("ctrl+p", *"csv row")
            await until(pilot, lambda: "Export the note as a CSV row" in text_of(app))
            await pilot.press("enter")
            await until(pilot, lambda: bool(_made(tmp_path)))
            await until(pilot, lambda: "File: 2026-10-06 af3-05 note.csv in " in text_of(app))
    assert "250.00" in (tmp_path / "notes" / "2026-10-06 af3-05 note.csv").read_text()


async def test_every_format_is_written_with_what_the_agent_made_of_the_note(
    tmp_path: Path,
) -> None:
    with calls.kept(tmp_path) as (session, note):
        app = calls.app_of(session, note, tmp_path)
        async with app.run_test(size=LARGE) as pilot:
            await shown(pilot, NoteScreen)
            await pilot.press("2")
            for to in FILES:
                note_of(app).post_message(ExportWanted(to))
            await until(pilot, lambda: len(_made(tmp_path)) == len(FILES))
    made = {name.split(" af3-05 ")[1]: tmp_path / "notes" / name for name in _made(tmp_path)}
    assert sorted(made) == sorted(told.ending for told in FILES.values())
    assert json.loads(made["note.json"].read_text())["promises"][0]["amount"] == 2.5
    assert "2.50" in made["note.csv"].read_text()
    assert "$2.50" in made["note.md"].read_text()
    assert "$2.50" in made["short.txt"].read_text()
    assert made["note.ics"].read_text().startswith("BEGIN:VCALENDAR")
    assert made["transcript.vtt"].read_text().startswith("WEBVTT")
    assert json.loads(made["call.vcon.json"].read_text())["vcon"]
    assert all(path.stat().st_mode & 0o077 == 0 for path in made.values())


def _made(data: Path) -> list[str]:
    return files_in(data / "notes") if (data / "notes").exists() else []


async def test_a_recorded_call_has_no_next_one_and_says_so() -> None:
    app = calls.app(calls.played())
    async with app.run_test(size=SMALL) as pilot:
        await shown(pilot, NoteScreen)
        await pilot.press("n")
        assert "This was a recorded call: no next one follows." in text_of(app)


async def test_where_a_call_can_follow_n_leaves_for_it(tmp_path: Path) -> None:
    desk = calls.desk(tmp_path)._replace(has_next=True)
    app = CoachApp(calls.played(), title="live", desk=desk)
    async with app.run_test(size=SMALL) as pilot:
        await shown(pilot, NoteScreen)
        await pilot.press("n")
        assert "The note is not saved." in text_of(app)
        await pilot.press("n")
    assert app.return_value == "next"


# Notes that wait


def left_waiting(data: Path) -> str:
    """A call whose note was not finished."""
    with calls.kept(data) as (_, note):
        return note.id


async def test_a_note_that_waits_is_told_of_listed_opened_and_finished(tmp_path: Path) -> None:
    left_waiting(tmp_path)
    app = calls.app(calls.played(4), tmp_path)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        assert "1 note waits to be finished: l lists them." in text_of(app)
        await pilot.press("l")
        await shown(pilot, WaitingScreen)
        await until(pilot, lambda: "2026-03-12 15:02  af3-05  not looked at yet" in text_of(app))
        await pilot.press("enter")
        await shown(pilot, NoteScreen)
        assert "Note - af3-05 · Promise to pay" in text_of(app)
        row = note_of(app).lines.row
        await pilot.press("enter")
        await shown(pilot, MomentScreen)
        await until(pilot, lambda: "►" in text_of(app))
        await pilot.press("down", "enter")
        await shown(pilot, NoteScreen)
        assert note_of(app).lines.row == row
        await pilot.press("2", "b")
        await shown(pilot, WaitingScreen)
        await until(pilot, lambda: "af3-05  edited" in text_of(app))
        await pilot.press("enter")
        await shown(pilot, NoteScreen)
        assert "Edited, not saved · 1 to confirm" in text_of(app)
        await pilot.press("1", "s")
        assert "Saved: record 1 " in text_of(app)
        await pilot.press("b")
        await shown(pilot, WaitingScreen)
        await until(pilot, lambda: "No note waits." in text_of(app))
        await pilot.press("b")
        await shown(pilot, LiveScreen)
    assert waiting(tmp_path) == []
    (entry,) = Chain(tmp_path / "records").entries()
    assert str(entry.record.approved.fields.promises[0].amount) == "2.50"


async def test_a_note_that_waits_is_thrown_away_after_one_question(tmp_path: Path) -> None:
    left_waiting(tmp_path)
    app = calls.app(calls.played(4), tmp_path)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("l")
        await shown(pilot, WaitingScreen)
        await pilot.press("x")
        assert "Throw call and note of af3-05 away for good?" in text_of(app)
        assert len(waiting(tmp_path)) == 1
        await pilot.press("x")
        await until(pilot, lambda: "No note waits." in text_of(app))
    assert waiting(tmp_path) == []


async def test_a_note_that_is_open_elsewhere_is_not_opened(tmp_path: Path) -> None:
    identity = left_waiting(tmp_path)
    app = calls.app(calls.played(4), tmp_path)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("l")
        await shown(pilot, WaitingScreen)
        with UnfinishedNote(tmp_path, identity).held():
            await pilot.press("enter")
            await until(pilot, lambda: "open in another window" in text_of(app))


async def test_an_urgent_cue_is_told_of_while_the_list_is_in_front_of_a_call() -> None:
    session = calls.played(4)
    app = calls.app(session)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("l")
        await shown(pilot, WaitingScreen)
        session._send(ev.CueRaised(30.0, calls.SAFETY))
        await until(pilot, lambda: "URGENT: the coach has a cue for your call." in text_of(app))


async def test_a_kept_note_can_be_left_and_waits(tmp_path: Path) -> None:
    with calls.kept(tmp_path) as (session, note):
        app = calls.app_of(session, note, tmp_path)
        async with app.run_test(size=SMALL) as pilot:
            await shown(pilot, NoteScreen)
            await pilot.press("2", "q")
            assert app._exit
    (left,) = waiting(tmp_path)
    assert left.state == "edited"


# A call that is not kept


async def test_enter_leads_to_the_moment_and_escape_back_to_the_line() -> None:
    app = calls.app(calls.played())
    async with app.run_test(size=SMALL) as pilot:
        await shown(pilot, NoteScreen)
        await pilot.press("down", "enter")
        await shown(pilot, LiveScreen)
        assert app.live.transcript.marked == 5
        assert "► A bailiff?" in text_of(app)
        await pilot.press("escape")
        await shown(pilot, NoteScreen)
        row = note_of(app).lines.row
        assert row
        assert row.turn == 5
        await pilot.press("b")
        await shown(pilot, LiveScreen)
        await pilot.press("b")
        await shown(pilot, NoteScreen)


async def test_all_of_the_note_is_reached_with_the_arrows() -> None:
    app = calls.app(calls.played())
    async with app.run_test(size=(60, 12)) as pilot:
        await shown(pilot, NoteScreen)
        assert "Must stop" not in text_of(app)
        await pilot.press(*["down"] * 12)
        assert "Must stop" in text_of(app)
        await pilot.press(*["up"] * 20)
        assert "Outcome" in text_of(app)


def test_a_long_quote_is_cut_at_a_word() -> None:
    assert rows.shortened("a short one") == "a short one"
    cut = rows.shortened("words " * 60)
    assert cut.endswith("words …")
    assert len(cut) <= rows.LONGEST_QUOTE + 2


async def test_blank_sections_are_there_and_say_so() -> None:
    app = calls.app(calls.played())
    async with app.run_test(size=SMALL) as pilot:
        await shown(pilot, NoteScreen)
        assert "Call back  not said" in text_of(app)
        assert "[bold]go on[/bold]" in text_of(app)


async def test_s_saves_the_note_once_and_never_over_another(tmp_path: Path) -> None:
    taken = tmp_path / "notes" / "2026-03-12 demo call note.md"
    taken.parent.mkdir()
    taken.write_text("not mine")
    app = calls.app(calls.played(), tmp_path)
    async with app.run_test(size=LARGE) as pilot:
        await shown(pilot, NoteScreen)
        await pilot.press("s", "s")
        saved = taken.with_name("2026-03-12 demo call note (2).md")
        assert files_in(saved.parent) == sorted([taken.name, saved.name])
        assert taken.read_text() == "not mine"
        assert "Fewer hours at work, higher rent" in saved.read_text()
        assert f"Saved: {saved}" in text_of(app)
        await pilot.press("q")
        assert app._exit


async def test_what_was_written_is_what_is_saved_and_can_be_edited_and_saved_again(
    tmp_path: Path,
) -> None:
    app = calls.app(calls.played(), tmp_path)
    async with app.run_test(size=LARGE) as pilot:
        await shown(pilot, NoteScreen)
        await pilot.press("w", *"sc?")
        await until(pilot, lambda: "Edited, not saved" in text_of(app))
        await until(pilot, lambda: "Ctrl+S Save  Esc Back  F1 Help" in text_of(app))
        await pilot.press("ctrl+s")
        (name,) = files_in(tmp_path / "notes")
        assert (tmp_path / "notes" / name).read_text().startswith("sc?")
        assert f"Saved: {tmp_path / 'notes' / name}" in text_of(app)
        await pilot.press("d")
        assert "Edited, not saved" in text_of(app)
        await pilot.press("s")
        assert len(files_in(tmp_path / "notes")) == 2
    assert not (tmp_path / "records").exists()


async def test_a_note_that_cannot_be_saved_can_still_be_copied(tmp_path: Path) -> None:
    (tmp_path / "notes").write_text("")
    app = calls.app(calls.played(), tmp_path)
    async with app.run_test(size=SMALL) as pilot:
        await shown(pilot, NoteScreen)
        await pilot.press("s")
        assert "Can't save: " in text_of(app)
        await pilot.press("c")
        assert app.clipboard.startswith("Payment plan agreed")
        assert "Copied. No file: " in text_of(app)


async def test_q_asks_once_while_the_note_is_not_saved() -> None:
    app = calls.app(calls.played())
    async with app.run_test(size=SMALL) as pilot:
        await shown(pilot, NoteScreen)
        await pilot.press("q")
        assert "The note is not saved." in text_of(app)
        await pilot.press("q")
        assert app._exit


async def test_the_help_of_the_note_takes_its_place_and_gives_it_back() -> None:
    app = calls.app(calls.played())
    async with app.run_test(size=SMALL) as pilot:
        await shown(pilot, NoteScreen)
        await pilot.press("question_mark")
        assert "this reading is right" in text_of(app)
        await pilot.press(*["down"] * 20)
        assert "you took it out" in text_of(app)
        await pilot.press("escape")
        assert "Fewer hours" in text_of(app)


async def test_a_later_draft_replaces_one_not_yet_touched() -> None:
    session = calls.played()
    app = calls.app(session)
    async with app.run_test(size=SMALL) as pilot:
        await shown(pilot, NoteScreen)
        session._send(ev.NoteDrafted(99.0, Note("callback")))
        await until(pilot, lambda: "To be called back" in text_of(app))


def test_a_file_name_tells_the_day_and_the_call_and_nothing_that_a_path_is_made_of() -> None:
    call = fold([calls.STARTED])
    assert saving.file_name("../etc/pass wd: x", call) == "2026-03-12 etc pass wd x note.md"
    assert saving.file_name("///", fold([])) == "call note.md"


def test_a_saved_note_can_be_read_by_its_owner_alone(tmp_path: Path) -> None:
    path = saving.save("words", tmp_path / "new" / "folder", "a note.md")
    assert path.read_text() == "words"
    if sys.platform != "win32":
        assert path.stat().st_mode & 0o077 == 0
