"""Approved calls are filed for review: at once, out of the way, and after a crash as well."""

import json
import os
import shutil
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from sqlalchemy import Table, select

from agentassist import doctor, packs
from agentassist.archive import tables
from agentassist.archive.opening import open_file
from agentassist.commands import filing
from agentassist.commands.clerk import Clerk
from agentassist.commands.coach import Coach
from agentassist.store import to_file
from agentassist.store.chain import Chain
from agentassist.store.unfinished import waiting
from agentassist.tui.note.screen import NoteScreen
from agentassist.tui.note.waiting import WaitingScreen
from agentassist.tui.notes_app import NotesApp
from tests import screen_calls
from tests.conftest import Run
from tests.screen_calls import shown
from tests.test_unfinished import HEATED, PLAIN, SHORT, Killable, drafted, killable, only

__all__ = ["killable"]

APPROVE = ("note", "finish", "--approve", "--rules-only")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data" / "agentassist"


@pytest.fixture(scope="module")
def coach() -> Coach:
    return Coach(packs.load(), rules_only=True)


@pytest.fixture(autouse=True)
def _rules_read_once(coach: Coach, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packs, "load", lambda *_: coach.rulebook)


def rows(data: Path, table: Table = tables.calls) -> list[Any]:
    with closing(open_file(data / "archive.sqlite")) as archive, archive.reading() as connection:
        return list(connection.execute(select(table)))


def settings(tmp_path: Path, *lines: str) -> None:
    (tmp_path / "settings.toml").write_text("\n".join(["[archive]", *lines]))


def test_an_approved_note_files_its_call_as_the_agents_own(
    run: Run, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOGNAME", "anna")
    settings(tmp_path, 'team = "north"')
    run("replay", HEATED, *PLAIN)
    note = only(data)
    note.keep(replace(drafted(note), text="Mine."))
    assert run(*APPROVE).code == 0
    (call,) = rows(data)
    assert (call.id, call.agent, call.team, call.title) == (note.id, "anna", "north", "heated")
    assert rows(data, tables.notes)[0].text == "Mine."
    assert rows(data, tables.moments)
    assert to_file.waiting(data) == []


def test_the_name_at_the_server_is_the_agents(run: Run, data: Path, tmp_path: Path) -> None:
    settings(tmp_path, 'url = "postgresql+psycopg://a%40b@127.0.0.1:1/calls"')
    run("replay", HEATED, *PLAIN)
    run(*APPROVE)
    assert rows(data)[0].agent == "a@b"


def test_nothing_is_filed_where_it_is_off_nor_of_the_bundled_call(
    run: Run, data: Path, tmp_path: Path
) -> None:
    settings(tmp_path, "on = false")
    run("replay", HEATED, *PLAIN)
    assert run(*APPROVE).code == 0
    settings(tmp_path)
    run("replay", HEATED, *PLAIN)
    about = only(data).path / "about.json"
    about.write_text(json.dumps(json.loads(about.read_text()) | {"is_demo": True}))
    assert run(*APPROVE).code == 0
    assert not (data / "archive.sqlite").exists()
    assert not (data / "to-file").exists()


def test_what_can_not_be_filed_never_keeps_a_note_from_being_approved(run: Run, data: Path) -> None:
    run("replay", HEATED, *PLAIN)
    (data / "archive.sqlite").write_text("no archive")
    done = run(*APPROVE)
    assert done.code == 0
    assert done.out.startswith("Saved: record 1, ")
    assert "not filed for review yet: " in done.err
    found = {finding.what: finding for finding in doctor._archive(data)}
    assert found["Calls to file"].found == "1 approved"
    assert "no archive" not in found["Archive"].found
    assert not found["Archive"].ok
    (data / "archive.sqlite").unlink()
    assert "Calls     1\n" in run("archive", "status").out
    assert to_file.waiting(data) == []


def test_a_call_that_is_damaged_waits_and_the_others_are_filed(run: Run, data: Path) -> None:
    run("replay", HEATED, *PLAIN)
    (data / "to-file" / "damaged").mkdir(parents=True)
    assert "damaged" in run(*APPROVE).err
    assert len(rows(data)) == 1
    assert [call.id for call in to_file.waiting(data)] == ["damaged"]
    done = run("archive", "status")
    assert done.code == 1
    assert "To file   1 approved call waits to be filed" in done.out


def test_a_corrected_note_is_corrected_where_it_is_filed_and_its_moments_stay(
    run: Run, data: Path, tmp_path: Path
) -> None:
    (tmp_path / "short.json").write_text(json.dumps(SHORT))
    run("replay", tmp_path / "short.json", *PLAIN)
    promised = drafted(only(data)).fields
    run(*APPROVE)
    before = rows(data, tables.moments)
    fields = {"outcome": promised.outcome, "hardship": ["illness"], "promises": []}
    (tmp_path / "fields.json").write_text(json.dumps(fields))
    (tmp_path / "text.md").write_text("They are ill.")
    files = ("--fields", tmp_path / "fields.json", "--text", tmp_path / "text.md")
    assert promised.promises
    assert run("note", "correct", "1", "--reason", "misheard", *files).code == 0
    assert rows(data, tables.notes)[0].text == "They are ill."
    assert rows(data, tables.promises) == []
    assert [row.code for row in rows(data, tables.reasons)] == ["illness"]
    assert rows(data, tables.moments) == before
    assert to_file.corrected(data) == []


def test_a_correction_that_dies_is_made_good_by_the_next_filing(
    run: Run, data: Path, tmp_path: Path
) -> None:
    run("replay", HEATED, *PLAIN)
    run(*APPROVE)
    (entry,) = Chain(data / "records").entries()
    with to_file.correcting(data, entry.record.call.id):
        pass  # and it died before its record
    with to_file.correcting(data, "never filed"):
        pass
    assert len(to_file.corrected(data)) == 2
    assert filing.file_all() == []
    assert to_file.corrected(data) == []
    assert rows(data, tables.notes)[0].text == entry.record.approved.text


async def test_the_clerk_files_what_is_approved_on_the_screen(data: Path, coach: Coach) -> None:
    with screen_calls.kept(data):
        pass
    with Clerk(coach) as clerk:
        app = NotesApp(screen_calls.desk(data)._replace(filing=clerk.filing))
        async with app.run_test(size=(80, 24)) as pilot:
            await shown(pilot, WaitingScreen)
            await pilot.press("enter")
            await shown(pilot, NoteScreen)
            await pilot.press("1", "1", "s")
            await pilot.press("b")
    assert len(rows(data)) == 1
    assert waiting(data) == []
    assert to_file.waiting(data) == []


def test_the_clerk_keeps_still_while_a_call_is_on(run: Run, data: Path, coach: Coach) -> None:
    run("replay", HEATED, *PLAIN)
    note = only(data)
    note.approve(drafted(note), note.call(coach), by="ann", at=screen_calls.NOW, to_file=True)
    on = True
    with Clerk(coach, lambda: on) as clerk:
        assert clerk.filing
        clerk.filing()
        time.sleep(0.3)
        assert len(to_file.waiting(data)) == 1
        on = False
    assert to_file.waiting(data) == []
    assert len(rows(data)) == 1


@pytest.mark.skipif(not hasattr(os, "fork"), reason="a process is forked to be killed")
def test_an_approval_that_dies_at_any_dealing_with_the_disk_loses_no_call(
    killable: Killable, coach: Coach, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the record and its filing, above all."""
    monkeypatch.setenv("XDG_DATA_HOME", str(killable.home))
    data, before = killable.data, killable.home / "before"
    short = killable.home / "short.json"
    short.write_text(json.dumps(SHORT))
    assert killable.run("replay", short, *PLAIN) == 0
    name = only(data).id
    shutil.copytree(data, before)
    died = 0
    for step in range(1, 200, 3):
        shutil.rmtree(data)
        shutil.copytree(before, data)
        if killable.run(*APPROVE, die_at=step) >= 0:
            break
        died += 1
        for note in waiting(data):
            note.approve(drafted(note), note.call(coach), by="a", at=screen_calls.NOW, to_file=True)
        assert len(list(Chain(data / "records").entries())) == 1
        assert [call.id for call in to_file.waiting(data)] in ([name], [])
        assert filing.file_all(lambda: coach) == []
        assert [row.id for row in rows(data)] == [name]
        assert to_file.waiting(data) == []
    assert died > 10


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("calls", "not a URL; as postgresql+psycopg://"),
        ("mysql://h/c", "mysql: not supported"),
        ("postgresql+psycopg://anna:secret@h/c", "has a password in it"),
        ("postgresql+psycopg://anna@127.0.0.1:1/c", "can't be reached"),
    ],
)
def test_the_doctor_and_the_status_tell_what_is_wrong_with_the_server_as_it_is_named(
    run: Run, data: Path, tmp_path: Path, url: str, told: str
) -> None:
    settings(tmp_path, f'url = "{url}"')
    (found,) = doctor._archive(data)
    assert told in found.found
    assert found.mend
    assert "secret" not in found.found
    done = run("archive", "status")
    assert done.code == 1
    assert told in done.err
