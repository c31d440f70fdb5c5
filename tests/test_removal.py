"""What is past its time goes, whole and with proof, and leaves nothing in the file."""

import datetime
import hashlib
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import delete, insert, select, update

from agentassist.archive import blanking, holds, past, proof, removal, retention, wiping
from agentassist.archive.desk import ArchiveDesk, look
from agentassist.archive.filing import file_call
from agentassist.archive.opening import Archive, ArchiveError, open_file
from agentassist.archive.proof import Reason
from agentassist.archive.recordings import Reach, take_away
from agentassist.archive.removal import Batch, Order
from agentassist.archive.tables import (
    calls,
    gone,
    heard,
    looks,
    metadata,
    moments,
    notes,
    removals,
    reviews,
    turns,
)
from agentassist.reviewing import Filters, Person
from agentassist.values import Note
from tests.filed_calls import a_call
from tests.kept_calls import LINES, OLD, SECRET, count, filed, raw

PERIODS = retention.load()
TODAY = datetime.date(2026, 11, 25)
NOW = datetime.datetime(2026, 11, 25, 12, tzinfo=datetime.UTC)
ANYWHERE = Reach(None)
OWNER = Person("owner", "owner", "owner")


def purged(
    archive: Archive, on: datetime.date = TODAY, reach: Reach = ANYWHERE, size: int = 500
) -> list[Batch]:
    with archive.reading() as connection:
        due = past.due(connection, PERIODS, on)
    order = Order(Reason("retention", "owner", NOW), reach, size)
    return list(removal.purge(archive, due, order))


def due(archive: Archive, on: str) -> dict[tuple[str, str], int]:
    with archive.reading() as connection:
        found = past.due(connection, PERIODS, datetime.date.fromisoformat(on))
    return {(one.kind, one.pack): one.count for one in found}


def test_each_kind_of_record_goes_when_its_own_time_under_its_own_pack_is_over(
    archive: Archive,
) -> None:
    filed(archive, "c1", pack="uk", recording="/nowhere/c1.flac")
    filed(archive, "c2", pack="us")
    assert due(archive, "2027-03-12") == {}
    assert due(archive, "2027-03-13") == {("recording", "uk"): 1}
    assert due(archive, "2029-03-13") == {
        ("recording", "uk"): 1,
        ("words", "uk"): 1,
        ("words", "us"): 1,
        ("call", "us"): 1,
    }
    assert due(archive, "2032-03-13")["call", "uk"] == 1


def test_regulation_f_counts_from_the_last_call_on_the_account(archive: Archive) -> None:
    filed(archive, "old", OLD, pack="us", account="4711")
    filed(archive, "other", OLD, pack="us", account="4712")
    filed(archive, "last", datetime.date(2026, 1, 1), pack="us", account="4711")
    assert due(archive, "2026-11-25") == {("words", "us"): 1, ("call", "us"): 1}
    purged(archive)
    with archive.reading() as connection:
        assert set(connection.execute(select(calls.c.id)).scalars()) == {"old", "last"}


def test_words_past_their_time_go_and_the_call_stays_with_its_figures(archive: Archive) -> None:
    filed(archive, "c1")
    kept = filed(archive, "c2", datetime.date(2029, 3, 12))
    (batch,) = purged(archive, datetime.date(2029, 3, 13))
    assert (batch.kind, batch.pack, batch.gone) == ("words", "uk", 1)
    assert count(archive, turns, turns.c.call == "c1") == 0
    assert count(archive, turns, turns.c.call == "c2") == len(kept.turns)
    assert count(archive, heard) == 1
    mine = ArchiveDesk(archive, None if archive.is_server else OWNER, lambda: NOW)
    shown = mine.page(Filters(agent="anna")).moments
    assert {bool(moment.quote) for moment in shown if moment.call == "c1"} == {False}
    assert {bool(moment.quote) for moment in shown if moment.call == "c2"} == {True}
    assert not any(SECRET in moment.why + moment.say for moment in shown if moment.call == "c1")
    assert [found.call for found in mine.search(SECRET)] == ["c2"] * 2
    with archive.reading() as connection:
        rows = connection.execute(select(calls.c.id, calls.c.words_gone_at))
        assert {row.id: row.words_gone_at for row in rows} == {"c1": NOW, "c2": None}
        note = connection.execute(select(notes).where(notes.c.call == "c1")).one()
    assert SECRET not in note.fields + note.text
    assert msgspec.json.decode(note.fields, type=Note).hardship == ("job_loss",)


def test_a_note_loses_its_quotes_and_keeps_its_lines() -> None:
    whole = a_call("c1", lines=LINES)
    assert whole.notes
    fields = whole.notes["fields"]
    assert SECRET in fields
    note = msgspec.json.decode(fields, type=Note)
    line = next(line for section in note.sections for line in section.lines if line.evidence)
    quote = line.evidence[0].quote
    written = (
        f"- {line.text}\n  - 0:07 caller: “{quote}”\n\nShe said: {quote}\n  - 0:09 agent: “Yes”\n"
    )
    assert blanking.text(written, fields) == (
        f"- {line.text}\n  - 0:07 caller (words not quoted)\n\nShe said: […]\n"
        "  - 0:09 agent (words not quoted)\n"
    )
    blank = msgspec.json.decode(blanking.fields(fields), type=Note)
    assert SECRET not in blanking.fields(fields)
    assert [s.title for s in blank.sections] == [s.title for s in note.sections]
    assert blanking.fields(blanking.fields(fields)) == blanking.fields(fields)


def test_a_call_past_its_time_goes_with_all_that_hangs_on_it_and_is_not_filed_again(
    archive: Archive,
) -> None:
    old = filed(archive, "c1", OLD)
    filed(archive, "c2")
    with archive.writing() as connection:
        moment = {"moment": old.moments[0]["id"], "call": "c1"}
        said = {"id": "r1", "by": "owner", "kind": "praise", "at": NOW, "text": "Well done."}
        connection.execute(insert(reviews), moment | said)
    assert [batch.kind for batch in purged(archive)] == ["words", "call"]
    below = [table for table in metadata.sorted_tables if "call" in table.c and table is not looks]
    assert [t.name for t in below if count(archive, t, t.c.call == "c1")] == []
    assert {reviews, moments, turns, heard, notes} < {*below}
    assert count(archive, calls) == 1
    assert not file_call(archive, old)
    assert count(archive, calls) == 1
    with archive.reading() as connection:
        (known,) = connection.execute(select(gone.c.call)).scalars()
    assert "c1" not in known


def test_looks_go_by_the_pack_of_their_call_also_when_that_is_gone(archive: Archive) -> None:
    filed(archive, "c1")
    with archive.writing() as connection:
        for day, call in ((20, "c1"), (21, "long-gone")):
            at = datetime.datetime(2024, 11, day, 23, 59, tzinfo=datetime.UTC)
            look(connection, "owner", at, "opened", [call])
    assert due(archive, "2026-11-22") == {("look", ""): 1}
    assert due(archive, "2026-11-21") == {}
    assert due(archive, "2027-11-21") == {("look", ""): 1, ("look", "uk"): 1}
    purged(archive)
    assert count(archive, looks) == 1


def test_a_recording_goes_from_the_disk_and_one_that_cannot_is_tried_again(
    archive: Archive, tmp_path: Path
) -> None:
    folder = tmp_path / "sound"
    folder.mkdir()
    (folder / "folder.flac").mkdir()
    for name in ("there.flac", "notes.txt"):
        (folder / name).touch()
    for call, path in {
        "c1": folder / "there.flac",
        "c2": folder / "not-there.flac",
        "c3": tmp_path / "no-disk" / "c3.flac",
        "c4": folder / "notes.txt",
        "c5": "c5.flac",
        "c6": folder / "folder.flac",
    }.items():
        filed(archive, call, recording=str(path))
    reach = Reach((tmp_path,) if archive.is_server else None)
    (batch,) = purged(archive, datetime.date(2027, 3, 13), reach)
    assert (batch.seen, batch.gone) == (6, 2)
    assert {Path(one.recording).name: one.why for one in batch.left} == {
        "c3.flac": "its folder is not there (gone for good: --lost)",
        "notes.txt": "not a recording, by its name",
        "folder.flac": "Is a directory",
        "c5.flac": "on the machine that recorded it" if archive.is_server else "not a whole path",
    }
    assert sorted(file.name for file in folder.iterdir()) == ["folder.flac", "notes.txt"]
    assert count(archive, calls, calls.c.recording.is_(None)) == 2
    assert due(archive, "2027-03-13") == {("recording", "uk"): 4}
    (batch,) = purged(archive, datetime.date(2027, 3, 13), Reach(reach.folders, lost=True))
    assert batch.gone == 1


def test_a_call_does_not_go_before_its_recording_unless_that_is_another_machines(
    archive: Archive, tmp_path: Path
) -> None:
    filed(archive, "c1", OLD, recording=str(tmp_path / "no-disk" / "c1.flac"))
    purged(archive, reach=Reach((tmp_path,) if archive.is_server else None))
    assert count(archive, calls) == 1
    purged(archive, reach=Reach((), lost=False) if archive.is_server else Reach(None, lost=True))
    assert count(archive, calls) == 0


def test_nothing_that_an_agent_told_a_server_of_is_removed_outside_the_named_folders(
    tmp_path: Path,
) -> None:
    inside, outside = tmp_path / "in", tmp_path / "out"
    for folder in (inside, outside):
        folder.mkdir()
        (folder / "a.wav").touch()
    (inside / "link.wav").symlink_to(outside / "a.wav")
    (inside / "way").symlink_to(outside)
    for path in (outside / "a.wav", inside / ".." / "out" / "a.wav", inside / "way" / "a.wav"):
        assert take_away(str(path), Reach((inside,))) is not None
    assert take_away(str(inside / "link.wav"), Reach((inside,))) is not None
    assert (outside / "a.wav").exists()
    assert take_away(str(inside / "a.wav"), Reach((inside,))) is None


def test_what_is_held_stays_until_that_is_lifted(archive: Archive) -> None:
    for call, told in {"c1": {}, "c2": {"account": "4711"}, "c3": {"person": "Helen"}}.items():
        filed(archive, call, OLD, **told)
    filed(archive, "c4", OLD)
    with archive.writing() as connection:
        look(
            connection, "owner", datetime.datetime(2021, 1, 1, tzinfo=datetime.UTC), "found", ["c1"]
        )
        placed = [
            holds.new("call", "c1", "court", "owner", NOW),
            holds.new("account", "4711", "court", "owner", NOW),
            holds.new("person", "Helen", "court", "owner", NOW),
        ]
        assert [holds.place(connection, hold) for hold in placed] == [1, 1, 1]
    assert sum(batch.gone for batch in purged(archive)) == 2
    assert count(archive, calls) == 3
    assert count(archive, turns, turns.c.call == "c1") > 0
    with archive.writing() as connection:
        holds.lift(connection, placed[0].id, "owner", NOW)
        assert {hold.which for hold in holds.standing(connection)} == {"4711", "Helen"}
    purged(archive)
    assert count(archive, calls) == 2
    assert count(archive, looks) == 0


def test_a_purge_that_is_cut_off_goes_on_and_nothing_goes_without_proof(archive: Archive) -> None:
    for number in range(5):
        filed(archive, f"c{number}", OLD)
    with archive.reading() as connection:
        wanted = past.due(connection, PERIODS, NOW.date())
    order = Order(Reason("retention", "owner", NOW), ANYWHERE, size=2)
    cut_off: Iterator[Batch] = removal.purge(archive, wanted, order)
    assert next(cut_off).gone == 2
    assert count(archive, calls, calls.c.words_gone_at.is_(None)) == 3
    assert count(archive, removals) == 1
    assert wiping.is_wiped(archive) == archive.is_server
    assert sum(batch.gone for batch in purged(archive, size=2)) == 3 + 5
    with archive.reading() as connection:
        told = proof.told(connection)
    assert [(one.what, one.rows) for one in told] == [
        ("words", 2), ("words", 2), ("words", 1), ("call", 2), ("call", 2), ("call", 1)
    ]  # fmt: skip
    assert not list(proof.faults(told))


def test_a_proof_can_be_computed_again_by_whoever_has_the_calls_still(archive: Archive) -> None:
    made = [filed(archive, call, OLD) for call in ("c2", "c1")]
    purged(archive)
    lines = sorted(f"{one.calls['id']} {one.calls['digest']}" for one in made)
    with archive.reading() as connection:
        last = proof.told(connection)[-1]
    assert last.digest == hashlib.sha256("\n".join(lines).encode()).hexdigest()
    assert (last.what, last.pack, last.before, last.rows) == (
        "call",
        "uk",
        datetime.date(2020, 11, 25),
        2,
    )


def test_a_removal_that_is_changed_taken_out_or_cut_off_shows(archive: Archive) -> None:
    filed(archive, "c1", OLD)
    purged(archive)
    filed(archive, "c2", OLD)
    purged(archive)
    with archive.reading() as connection:
        told = proof.told(connection)
    assert len(told) == 4
    assert not list(proof.faults(told, told[-1].chain))
    changed = [*told[:1], msgspec.structs.replace(told[1], rows=0), *told[2:]]
    assert list(proof.faults(changed)) == [
        "removal 2: changed, or not the one that followed removal 1"
    ]
    assert list(proof.faults([told[0], *told[2:]])) == ["removal 2: missing, before removal 3"]
    assert not list(proof.faults(told[:3]))
    (cut,) = proof.faults(told[:3], told[-1].chain)
    assert cut.startswith(f"no removal is sealed {told[-1].chain}")


@pytest.mark.parametrize("statement", [update(removals).values(rows=0), delete(removals)])
def test_the_database_itself_keeps_a_removal_as_it_was_written(
    archive: Archive, statement: Any
) -> None:
    filed(archive, "c1", OLD)
    purged(archive)
    with pytest.raises(ArchiveError), archive.writing() as connection:
        connection.execute(statement)
    assert count(archive, removals) == 2


def test_nothing_of_what_was_removed_is_left_in_the_file(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    archive = open_file(tmp_path / "archive.sqlite")
    filed(archive, "old", OLD, pack="au", title="Quetzal", recording="/nowhere/zanzibar.flac")
    for number in range(20):
        filed(archive, f"new{number}", person="Helen Carter")
    with archive.writing() as connection:
        connection.exec_driver_sql("ANALYZE")
    secrets = (b"xylophon", b"Quetzal", b"zanzibar")
    assert all(secret in raw(archive) for secret in secrets)
    purged(archive, datetime.date(2029, 3, 13), Reach(None, lost=True))
    assert not wiping.is_wiped(archive)
    wiping.wipe(archive)
    assert wiping.is_wiped(archive)
    found = [secret for secret in secrets if secret in raw(archive)]
    packed = [row for row in _heard(archive) if SECRET.encode() in zlib.decompress(row)]
    assert (found, packed) == ([], [])
    assert count(archive, turns) == 0
    assert b"Helen Carter" in raw(archive)
    archive.close()


def _heard(archive: Archive) -> list[bytes]:
    with archive.reading() as connection:
        return list(connection.execute(select(heard.c.events)).scalars())
