"""`archive import`: calls into the archive, each once, however often and whence they come."""

import datetime
import json
import shutil
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from sqlalchemy import Table, select

from agentassist import packs
from agentassist.archive import tables
from agentassist.archive.filing import tombstone
from agentassist.archive.opening import open_file
from agentassist.commands import importing
from agentassist.commands.coach import Coach
from agentassist.speech import engines
from agentassist.speech.scripted import Line, ScriptedEngine
from tests.conftest import Run
from tests.floor import Floor, a_floor
from tests.postgres import Postgres
from tests.test_unfinished import HEATED, PLAIN, SHORT

ANNA = ("--agent", "anna", "--rules-only")


@pytest.fixture(scope="module")
def coach() -> Coach:
    return Coach(packs.load(), rules_only=True)


@pytest.fixture(autouse=True)
def _rules_read_once(coach: Coach, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packs, "load", lambda *_: coach.rulebook)


@pytest.fixture
def own(tmp_path: Path) -> Path:
    return tmp_path / "data" / "agentassist" / "archive.sqlite"


@pytest.fixture
def listened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Who was listened to: recordings are silence, in which words are heard by a script."""
    loads: list[str] = []

    def load(*_: Any) -> ScriptedEngine:
        loads.append("")
        return ScriptedEngine({"agent": [Line(0.1, 0.4, "Hello.")], "caller": []})

    monkeypatch.setattr(engines, "load_engine", load)
    return loads


@pytest.fixture
def calls(tmp_path: Path) -> Path:
    """A folder of folders: a transcript each, and what is no call."""
    folder = tmp_path / "calls"
    for name in ("anna", "ben"):
        (folder / name).mkdir(parents=True)
        told = SHORT | {"turns": [{"speaker": "agent", "text": f"It's {name}."}, *SHORT["turns"]]}
        (folder / name / f"{name}.json").write_text(json.dumps(told))
    (folder / "anna" / ".hidden.json").write_text("{")
    (folder / "list.txt").write_text("what there is")
    return folder


def filed(own: Path, table: Table = tables.calls) -> list[Any]:
    with closing(open_file(own)) as opened, opened.reading() as connection:
        return list(connection.execute(select(table).order_by(*table.primary_key)))


def test_a_folder_is_brought_in_once_with_its_agents_however_often(
    run: Run, own: Path, calls: Path
) -> None:
    wanted = ("archive", "import", calls, "--agent-from", "folder", "--rules-only")
    assert run(*wanted).out == "2 new, 0 known, 0 can't be read; 1 other files left alone\n"
    shutil.copytree(calls, calls.parent / "again")
    assert run(*wanted).out.startswith("0 new, 2 known, 0 can't")
    assert run("archive", "import", calls.parent / "again", *ANNA).out.startswith("0 new, 2 known")
    assert sorted((call.agent, call.title) for call in filed(own)) == [
        ("anna", "anna"),
        ("ben", "ben"),
    ]
    assert {str(call.day) for call in filed(own)} == {"2026-03-12"}
    assert all(call.id.startswith("import-") for call in filed(own))


def test_what_can_not_be_read_is_named_and_the_others_go_on(
    run: Run, own: Path, calls: Path
) -> None:
    (calls / "anna" / "a.json").write_text('{"turns": 3}')
    (calls / "anna" / "b.wav").write_text("no sound")
    done = run("archive", "import", calls, calls / "none.wav", *ANNA)
    assert done.code == 1
    assert done.out.startswith("2 new, 0 known, 3 can't be read")
    assert [name for name in ("a.json", "b.wav", "none.wav") if name in done.err] != []
    assert len(done.err.splitlines()) == 3
    assert len(filed(own)) == 2


def test_a_recording_is_listened_to_once_wherever_it_lies_and_stays_where_it_is(
    run: Run, own: Path, tmp_path: Path, listened: list[str]
) -> None:
    sound = tmp_path / "20260313 monday.wav"
    soundfile.write(sound, np.zeros((16000, 2), dtype=np.float32), 16000)
    assert run("archive", "import", sound, *ANNA).out.startswith("1 new")
    (tmp_path / "moved").mkdir()
    moved = sound.rename(tmp_path / "moved" / "tuesday.wav")
    for _ in range(2):
        assert run("archive", "import", moved, *ANNA).out.startswith("0 new, 1 known")
    assert len(listened) == 1
    other = tmp_path / "other.sqlite"
    assert run("archive", "import", moved, *ANNA, "--db", other).out.startswith("1 new")
    assert len(listened) == 2
    (call,) = filed(own)
    assert (call.recording, call.day) == (str(sound), datetime.date(2026, 3, 13))
    assert filed(other)[0].id == call.id


def test_the_day_is_the_calls_own_else_its_files_else_the_users(
    run: Run, own: Path, tmp_path: Path
) -> None:
    undated = {"turns": SHORT["turns"]}
    for name, told in (("2026-03-01 x", undated), ("2026-03-02 y", SHORT), ("z", undated)):
        turns = [*told["turns"], {"speaker": "agent", "text": f"Goodbye, {name[-1]}."}]
        (tmp_path / f"{name}.json").write_text(json.dumps({**told, "turns": turns}))
    run("archive", "import", tmp_path, *ANNA, "--call-date", "2026-03-03")
    days = {call.title[-1]: call.day.isoformat() for call in filed(own)}
    assert days == {"x": "2026-03-01", "y": "2026-03-12", "z": "2026-03-03"}


def test_an_import_that_is_interrupted_says_so_and_goes_on_where_it_was(
    run: Run, own: Path, calls: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[Path] = []
    bring = importing.Importing.bring

    def tired(self: importing.Importing, path: Path, *rest: Any) -> bool:
        begun.append(path)
        if len(begun) == 2:
            raise KeyboardInterrupt
        return bring(self, path, *rest)

    monkeypatch.setattr(importing.Importing, "bring", tired)
    done = run("archive", "import", calls, *ANNA)
    assert done.code == 130
    assert "1 new, 0 known, 0 can't be read; 1 other files left alone; run it again" in done.out
    assert run("archive", "import", calls, *ANNA).out.startswith("1 new, 1 known")


def test_what_was_removed_for_good_is_not_brought_in_again(
    run: Run, own: Path, tmp_path: Path
) -> None:
    run("archive", "import", HEATED, *ANNA)
    (call,) = filed(own)
    with closing(open_file(own)) as opened, opened.writing() as connection:
        connection.execute(tables.calls.delete())
        gone = {"call": tombstone(call.id), "at": datetime.datetime.now(datetime.UTC)}
        connection.execute(tables.gone.insert(), gone)
    assert run("archive", "import", HEATED, *ANNA).out.startswith("0 new, 1 known")
    assert filed(own) == []


@pytest.mark.parametrize("arguments", [(), ("--agent", "anna", "--agent-from", "folder")])
def test_it_is_asked_whose_calls_they_are(run: Run, arguments: tuple[str, ...]) -> None:
    done = run("archive", "import", HEATED, *arguments)
    assert done.code == 2
    assert "say whose calls these are" in done.err


def test_a_server_takes_calls_from_its_owner_for_its_people_alone(
    run: Run, postgres: Postgres
) -> None:
    with a_floor(postgres) as floor:
        wanted = ("archive", "import", HEATED, "--rules-only", "--db")
        place = postgres.url(floor.database)
        assert "eve: not one of the people" in run(*wanted, place, "--agent", "eve").err
        assert run(*wanted, place, "--agent", "anna").out.startswith("1 new")
        sues = postgres.url(floor.database, "sue")
        assert "its owner brings calls in" in run(*wanted, sues, "--agent", "anna").err
        assert teams_of(floor) == {("a1", "north"), ("b1", "south"), ("heated", "north")}
        annas = postgres.url(floor.database, "anna")
        assert run(*wanted, annas, "--agent", "anna").out.startswith("0 new, 1 known")
        assert run("archive", "status", "--db", annas).out.splitlines()[2] == "Calls     2"


def teams_of(floor: Floor) -> set[tuple[str, str]]:
    with floor.opened() as opened, opened.reading() as connection:
        found = connection.execute(select(tables.calls.c.title, tables.calls.c.team))
        return {(title.removeprefix("Call "), team) for title, team in found}


def test_a_journal_is_the_call_that_it_was_written_of(run: Run, own: Path, tmp_path: Path) -> None:
    run("replay", HEATED, *PLAIN, "--no-keep", "--journal", tmp_path / "heated.journal")
    done = run("archive", "import", HEATED, tmp_path / "heated.journal", *ANNA)
    assert done.out.startswith("1 new, 1 known")
