"""The commands that keep an archive: purge, removals, hold."""

import datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from agentassist.archive import opening, past, proof, removal, retention, wiping
from agentassist.archive.opening import Archive, ArchiveError, open_file
from agentassist.archive.proof import Reason
from agentassist.archive.recordings import Reach
from agentassist.archive.removal import Order
from agentassist.archive.tables import calls
from agentassist.commands import desk
from tests.conftest import Done, Run
from tests.kept_calls import OLD, count, filed, raw

NOW = datetime.datetime(2026, 11, 25, 12, tzinfo=datetime.UTC)


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk, "now", lambda: NOW)


def cut_off(archive: Archive) -> None:
    """A purge that never came to clear the file."""
    with archive.reading() as connection:
        due = past.due(connection, retention.load(), NOW.date())
    list(removal.purge(archive, due, Order(Reason("retention", "owner", NOW), Reach(None))))
    assert not wiping.is_wiped(archive)


def commanded(run: Run, archive: Archive, command: str, *told: str) -> Done:
    return run("archive", command, "--db", archive.place, *told)


def test_purge_shows_what_goes_with_its_source_and_removes_it_only_when_told(
    archive: Archive, run: Run
) -> None:
    filed(archive, "c1", OLD)
    shown = commanded(run, archive, "purge", "--dry-run")
    assert shown.code == 0
    assert "words      uk        before 2023-11-25           1 call, kept 3 years" in shown.out
    assert "after FCA DISP 1.9.1R" in shown.out
    assert "(check with compliance)" in shown.out
    assert commanded(run, archive, "purge").code == 2
    assert count(archive, calls) == 1
    done = commanded(run, archive, "purge", "--yes", "--why", "november")
    assert (done.code, "2 removed" in done.out) == (0, True), done.err
    assert count(archive, calls) == 0
    with archive.reading() as connection:
        assert {one.why for one in proof.told(connection)} == {"retention: november"}
    assert "Nothing is past its time on 2026-11-25." in commanded(run, archive, "purge").out


def test_a_day_to_come_may_be_asked_about_but_not_purged(archive: Archive, run: Run) -> None:
    filed(archive, "c1")
    shown = commanded(run, archive, "purge", "--dry-run", "--as-of", "2040-01-01")
    assert "before 2034-01-01" in shown.out
    assert commanded(run, archive, "purge", "--yes", "--as-of", "2040-01-01").code == 2
    assert count(archive, calls) == 1


def test_a_recording_that_stays_is_named_and_the_purge_fails(
    archive: Archive, tmp_path: Path, run: Run
) -> None:
    filed(archive, "c1", datetime.date(2025, 1, 1), recording=str(tmp_path / "gone" / "c1.flac"))
    options = ("--recordings", str(tmp_path)) if archive.is_server else ()
    done = commanded(run, archive, "purge", "--yes", *options)
    assert (
        done.code,
        "its folder is not there (gone for good: --lost); tried again" in done.err,
    ) == (1, True)
    done = commanded(run, archive, "purge", "--yes", "--lost", *options)
    assert (done.code, "1 removed" in done.out) == (0, True)


def test_a_file_that_a_cut_off_purge_left_is_cleared_by_the_next(tmp_path: Path, run: Run) -> None:
    archive = open_file(tmp_path / "archive.sqlite")
    filed(archive, "c1", OLD)
    cut_off(archive)
    done = commanded(run, archive, "purge")
    assert "Clearing" in done.err
    assert wiping.is_wiped(archive)
    assert b"xylophon" not in raw(archive)
    archive.close()


def test_an_archive_that_another_program_reads_is_not_told_to_be_clear(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "_PATIENCE", 0.1)
    archive = open_file(tmp_path / "archive.sqlite")
    filed(archive, "c1", OLD)
    cut_off(archive)
    with archive.reading() as connection:
        connection.execute(select(calls)).all()
        with pytest.raises(ArchiveError, match="another program has it open"):
            wiping.wipe(archive)
    assert not wiping.is_wiped(archive)
    archive.close()


def test_the_seal_that_verify_prints_shows_later_that_nothing_was_cut_off(
    archive: Archive, run: Run
) -> None:
    filed(archive, "c1", OLD)
    commanded(run, archive, "purge", "--yes")
    done = commanded(run, archive, "removals", "--verify")
    assert (done.code, "2 removals: unchanged" in done.out) == (0, True)
    seal = done.out.split("sealed ")[1].split()[0]
    assert commanded(run, archive, "removals", "--expect", seal).code == 0
    refused = commanded(run, archive, "removals", "--expect", "f" * 64)
    assert (refused.code, "were cut off or changed" in refused.err) == (1, True)


def test_a_hold_is_placed_listed_and_lifted_by_its_number(archive: Archive, run: Run) -> None:
    filed(archive, "c1", OLD, account="4711")
    done = commanded(run, archive, "hold", "--account", "4711", "--why", "court")
    number = done.out.split()[2].rstrip(":")
    assert "1 call now" in done.out
    assert "Nothing is past" in commanded(run, archive, "purge", "--dry-run").out
    shown = commanded(run, archive, "hold", "--list").out
    assert number in shown
    assert "account 4711" in shown
    assert commanded(run, archive, "hold", "--lift", number).code == 0
    assert commanded(run, archive, "hold", "--lift", number).code == 1
    assert "Nothing is held." in commanded(run, archive, "hold", "--list").out
    assert commanded(run, archive, "hold", "--account", "4711").code == 1
    assert commanded(run, archive, "hold", "--list", "--lift", number).code == 2
