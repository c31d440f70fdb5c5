"""One person's data: found without merging two people, handed out whole, erased with proof."""

import datetime
import io
import json
import stat
import sys
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select

from agentassist.account import Account
from agentassist.archive import following, holds, proof, wiping
from agentassist.archive.filing import file_call
from agentassist.archive.opening import Archive, open_file
from agentassist.archive.proof import Reason
from agentassist.archive.recordings import Reach
from agentassist.archive.removal import Order
from agentassist.archive.tables import calls, gone, looks, removals, reviews, turns
from agentassist.commands import desk
from tests.conftest import Done, Run
from tests.filed_calls import DAY, a_call
from tests.kept_calls import OLD, SECRET, changed, count, filed, raw

NOW = datetime.datetime(2026, 11, 25, 12, tzinfo=datetime.UTC)
HELEN: dict[str, Any] = {
    "account": "ACC-4711-Q",
    "person": "Helen Carter",
    "phone": "+44 20 7946 0018",
}


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk, "now", lambda: NOW)


def exported(run: Run, archive: Archive, out: Path, *whose: str) -> Any:
    done = run("archive", "export-person", "--db", archive.place, *whose, "--out", out)
    assert done.code == 0, done.err
    return json.loads(out.read_text())


def erased(run: Run, archive: Archive, *told: str) -> Done:
    return run("archive", "erase-person", "--db", archive.place, *told)


def left(archive: Archive) -> set[str]:
    with archive.reading() as connection:
        return set(connection.execute(select(calls.c.id)).scalars())


def test_an_export_holds_all_of_one_person_and_nothing_of_another(
    archive: Archive, tmp_path: Path, run: Run
) -> None:
    mine = filed(archive, "c1", **HELEN, recording="/sound/c1.flac")
    filed(archive, "c2", datetime.date(2026, 4, 1), **HELEN)
    filed(archive, "c3", account="4712", person="Tom Reed")
    with archive.writing() as connection:
        of = {"moment": mine.moments[0]["id"], "call": "c1"}
        said = {"id": "r1", "by": "owner", "kind": "praise", "at": NOW, "text": "Well done."}
        connection.execute(insert(reviews), of | said)
    out = tmp_path / "helen.json"
    told = exported(run, archive, out, "--account", "ACC-4711-Q")
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert [line["id"] for line in told["index"]] == ["c1", "c2"]
    assert told["index"][0] | {"turns": 4, "reviews": 1, "has_note": True} == told["index"][0]
    assert told["index"][0]["recording"] == "/sound/c1.flac"
    assert told["person"] == {
        "account": "ACC-4711-Q",
        "names": ["Helen Carter"],
        "phones": [HELEN["phone"]],
    }
    first = told["calls"][0]
    assert SECRET in first["transcript"][1]["text"]
    assert first["transcript"][1]["labels"][0]["name"]
    assert any(SECRET in json.dumps(event) for event in first["heard"])
    assert first["note"]["fields"]["hardship"] == ["job_loss"]
    assert {row["text"] for row in first["reviews"]} == {"Well done."}
    assert {row["call"] for row in first["moments"]} == {"c1"}
    assert [row["what"] for row in first["looks"]] == ["exported"]
    assert "Tom Reed" not in out.read_text()


def test_an_export_is_written_down_as_a_look_at_each_call(
    archive: Archive, tmp_path: Path, run: Run
) -> None:
    for call in ("c1", "c2"):
        filed(archive, call, **HELEN)
    exported(run, archive, tmp_path / "helen.json", "--person", "HELEN  carter")
    with archive.reading() as connection:
        rows = connection.execute(select(looks.c.call, looks.c.what))
        assert sorted((row.call, row.what) for row in rows) == [
            ("c1", "exported"),
            ("c2", "exported"),
        ]


@pytest.mark.parametrize("command", ["export-person", "erase-person"])
def test_several_people_of_one_name_are_listed_and_never_merged(
    archive: Archive, tmp_path: Path, run: Run, command: str
) -> None:
    filed(archive, "c1", **HELEN)
    filed(archive, "c2", **HELEN | {"account": "4799"})
    filed(archive, "c3", person="helen carter")
    out = ("--out", tmp_path / "x.json") if command == "export-person" else ("--yes",)
    done = run("archive", command, "--db", archive.place, "--person", "Helen Carter", *out)
    assert done.code == 1
    assert "3 people may be meant; name one by --account" in done.err
    for number in ("ACC-4711-Q", "4799", "no account"):
        assert number in done.err
    assert not (tmp_path / "x.json").exists()
    assert left(archive) == {"c1", "c2", "c3"}
    assert count(archive, looks) == 0
    whose = ("--person", "Helen Carter", "--no-account")
    assert erased(run, archive, *whose, "--yes").code == 0
    assert left(archive) == {"c1", "c2"}


def test_a_telephone_number_is_known_however_it_is_written(
    archive: Archive, tmp_path: Path, run: Run
) -> None:
    filed(archive, "c1", **HELEN)
    told = exported(run, archive, tmp_path / "helen.json", "--phone", "(020) 7946-0018")
    assert [line["id"] for line in told["index"]] == ["c1"]


def test_calls_without_an_account_that_may_be_theirs_are_told_of(
    archive: Archive, tmp_path: Path, run: Run
) -> None:
    filed(archive, "c1", **HELEN)
    filed(archive, "c2", person="helen carter")
    filed(archive, "c3", phone="020 7946 0018")
    done = erased(run, archive, "--account", "ACC-4711-Q", "--dry-run")
    assert "Also 2 calls of that name or telephone number without an account" in done.out


def test_nobody_is_told_as_nobody(archive: Archive, tmp_path: Path, run: Run) -> None:
    done = erased(run, archive, "--account", "nobody")
    assert (done.code, "no call with such a person" in done.err) == (1, True)
    assert run("archive", "erase-person", "--db", archive.place).code == 2
    assert erased(run, archive, "--phone", "withheld").code == 2
    assert erased(run, archive, "--account", "1", "--no-account").code == 2
    missing = run("archive", "erase-person", "--db", tmp_path / "no.sqlite", "--account", "1")
    assert (missing.code, "no archive there" in missing.err) == (1, True)
    assert not (tmp_path / "no.sqlite").exists()


def test_erasing_takes_calls_and_recordings_with_a_proof_that_names_no_one(
    archive: Archive, tmp_path: Path, run: Run
) -> None:
    sound = tmp_path / "c1.flac"
    sound.touch()
    mine = filed(archive, "c1", **HELEN, recording=str(sound))
    filed(archive, "c2", account="4712")
    options = ("--recordings", str(tmp_path), "--why", "request 17", "--yes")
    done = erased(run, archive, "--account", "ACC-4711-Q", *options)
    assert (done.code, left(archive), sound.exists()) == (0, {"c2"}, False), done.err
    assert count(archive, turns, turns.c.call == "c1") == 0
    for told in ("note list --records", "accounts remove ACC-4711-Q", "backups"):
        assert told in done.out
    with archive.reading() as connection:
        (removal,) = proof.told(connection)
    assert (removal.why, removal.rows, removal.pack) == ("erasure: request 17", 1, "uk")
    assert "ACC-4711-Q" not in str(removal)
    shown = run("archive", "removals", "--db", archive.place, "--of", "ACC-4711-Q", "--verify")
    assert "1 of call (uk)" in shown.out
    assert "1 removal: unchanged" in shown.out
    assert (
        "Nothing was removed of"
        in run("archive", "removals", "--db", archive.place, "--of", "4712").out
    )
    assert not file_call(archive, mine)
    assert left(archive) == {"c2"}


def test_what_a_law_keeps_or_a_hold_stays_and_is_named_with_why(archive: Archive, run: Run) -> None:
    filed(archive, "kept", pack="us", **HELEN)
    filed(archive, "held", **HELEN)
    filed(archive, "goes", **HELEN)
    with archive.writing() as connection:
        holds.place(connection, holds.new("call", "held", "court", "owner", NOW))
    done = erased(run, archive, "--account", "ACC-4711-Q", "--yes")
    assert left(archive) == {"kept", "held"}
    assert (
        "stays: kept of 2026-03-12 (recording): kept until 2029-03-12: 12 CFR 1006.100(b)"
        in done.out
    )
    assert "(words, call): kept until 2029-03-12: 12 CFR 1006.100(a)" in done.out
    assert "stays: held of 2026-03-12 (recording, words, call): held" in done.out


def test_the_duty_ends_with_its_time_counted_from_the_accounts_last_call(
    archive: Archive, run: Run
) -> None:
    filed(archive, "c1", OLD, pack="us", **HELEN)
    filed(archive, "c2", datetime.date(2023, 11, 25), pack="us", **HELEN)
    erased(run, archive, "--account", "ACC-4711-Q", "--yes")
    assert left(archive) == {"c1", "c2"}
    filed(archive, "c3", OLD, pack="us", account="4712")
    erased(run, archive, "--account", "4712", "--yes")
    assert left(archive) == {"c1", "c2"}


def test_words_go_where_only_the_call_must_be_kept(
    archive: Archive, tmp_path: Path, run: Run
) -> None:
    periods = tmp_path / "ours.yaml"
    lines = [f"{{pack: general, kind: {kind}, keep: {{years: 9}}, source: ours}}" for kind in (
        "recording", "words", "look")]  # fmt: skip
    lines.append("{pack: general, kind: call, keep: {years: 9}, erase: keep, source: our law}")
    text = "\n".join(f"  - {line}" for line in lines)
    periods.write_text(f'pack: ours\nversion: "1"\nperiods:\n{text}\n')
    (tmp_path / "settings.toml").write_text(f'[archive]\nretention = "{periods}"\n')
    filed(archive, "c1", **HELEN)
    done = erased(run, archive, "--account", "ACC-4711-Q", "--yes")
    assert "(call): kept until 2035-03-12: our law" in done.out
    assert left(archive) == {"c1"}
    assert count(archive, turns) == 0


def test_erasing_wants_the_very_account_number(
    archive: Archive, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    filed(archive, "c1", **HELEN)
    assert erased(run, archive, "--account", "ACC-4711-Q").code == 2

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr(sys, "stdin", Terminal("4712\n"))
    assert erased(run, archive, "--account", "ACC-4711-Q").code == 1
    assert left(archive) == {"c1"}
    monkeypatch.setattr(sys, "stdin", Terminal("ACC-4711-Q\n"))
    assert erased(run, archive, "--account", "ACC-4711-Q").code == 0
    assert left(archive) == set()


def test_nothing_of_an_erased_person_is_left_in_the_file(tmp_path: Path, run: Run) -> None:
    archive = open_file(tmp_path / "archive.sqlite")
    filed(archive, "c1", **HELEN | {"person": "Quetzal"})
    filed(archive, "c2", account="4712")
    with archive.writing() as connection:
        for hold in (
            holds.new("account", HELEN["account"], "court", "owner", NOW),
            holds.new("person", "Quetzal", "court", "owner", NOW),
        ):
            holds.place(connection, hold)
            holds.lift(connection, hold.id, "owner", NOW)
    assert b"Quetzal" in raw(archive)
    assert erased(run, archive, "--account", "ACC-4711-Q", "--yes").code == 0
    assert wiping.is_wiped(archive)
    assert b"Quetzal" not in raw(archive)
    assert b"ACC-4711-Q" not in raw(archive)
    archive.close()


def test_what_the_server_removed_goes_from_a_desk_too_with_its_recording(
    archive: Archive, tmp_path: Path, run: Run
) -> None:
    (tmp_path / "own").mkdir()
    own = open_file(tmp_path / "own" / "archive.sqlite")
    sound = tmp_path / "c1.flac"
    sound.touch()
    for call in ("c1", "c2"):
        whose = HELEN["account"] if call == "c1" else "4712"
        assert file_call(own, changed(call, recording=str(sound), account=whose))
        assert file_call(archive, changed(call, account=whose))
    assert not following.removed_there(own, archive).going
    erased(run, archive, "--account", "ACC-4711-Q", "--yes")
    order = Order(Reason("removed on the server", "anna", NOW), Reach(None))
    (batch,) = following.follow(own, archive, order)
    assert (batch.gone, left(own), sound.exists()) == (1, {"c2"}, False)
    assert count(own, removals) == count(own, gone) == 1
    assert not list(following.follow(own, archive, order))
    own.close()


def test_an_account_that_the_call_told_of_is_its_person(archive: Archive, run: Run) -> None:
    assert file_call(
        archive, a_call("c1", account=Account("Helen Carter", id="ACC-4711-Q"), day=DAY)
    )
    done = erased(run, archive, "--person", "helen carter", "--dry-run")
    assert "ACC-4711-Q  Helen Carter  1 call, 2026-03-12 to 2026-03-12" in done.out
