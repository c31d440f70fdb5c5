from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentassist import events as ev
from agentassist.pipeline import run
from agentassist.store.journal import Journal, JournalError, is_journal, read
from agentassist.turns import Turns
from tests.conftest import spoken

CALL = spoken(("agent", "Good morning."), ("caller", "Who’s that? £40, “quoted”…"))


def written(path: Path, events: list[ev.Heard]) -> Path:
    with Journal(path) as journal:
        for event in events:
            journal(event)
    return path


def test_what_was_heard_is_read_back_event_for_event(tmp_path: Path) -> None:
    path = written(tmp_path / "a.journal", CALL)
    assert is_journal(path)
    assert list(read(path)) == CALL


def test_derived_and_tentative_events_are_not_kept(tmp_path: Path) -> None:
    path = tmp_path / "a.journal"
    with Journal(path) as journal:
        for event in run(CALL, [Turns()]):
            journal(event)
        journal(ev.WordsTentative(1.0, "agent", 0.5, "Good"))
    assert list(read(path)) == CALL


def test_a_journal_is_for_its_owner_only_and_is_never_overwritten(tmp_path: Path) -> None:
    path = written(tmp_path / "deep" / "a.journal", CALL)
    assert path.stat().st_mode & 0o077 == 0
    with pytest.raises(JournalError, match="exists already"):
        Journal(path)


@given(cut=st.integers(0, 400))
def test_a_journal_torn_anywhere_gives_what_was_whole(
    tmp_path_factory: pytest.TempPathFactory, cut: int
) -> None:
    path = written(tmp_path_factory.mktemp("torn") / "a.journal", CALL)
    whole = path.read_bytes()
    kept = whole[: max(len(ev.encode(CALL[0])) + 1, len(whole) - cut)]
    path.write_bytes(kept)
    lines = kept.count(b"\n")
    events = list(read(path))
    assert events[:lines] == CALL[:lines]
    assert isinstance(events[-1], ev.CallEnded)


def test_a_damaged_line_in_the_middle_is_named(tmp_path: Path) -> None:
    path = written(tmp_path / "a.journal", CALL)
    lines = path.read_bytes().split(b"\n")
    lines[2] = lines[2][:10]
    path.write_bytes(b"\n".join(lines))
    with pytest.raises(JournalError, match=r"a\.journal:3: not a line of a journal"):
        list(read(path))


def test_a_derived_event_in_a_journal_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.journal"
    path.write_bytes(ev.encode(CALL[0]) + b"\n" + ev.encode(ev.BudgetChanged(1.0, 3)) + b"\n")
    with pytest.raises(JournalError, match=r"a\.journal:2"):
        list(read(path))


def test_an_empty_journal_says_so(tmp_path: Path) -> None:
    path = tmp_path / "a.journal"
    path.write_bytes(b"")
    with pytest.raises(JournalError, match="nothing was heard"):
        list(read(path))
    assert not is_journal(path)


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(JournalError, match="can't be written"):
        Journal(tmp_path / "file" / "a.journal")
