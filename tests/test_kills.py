"""A live call whose process is killed, a hundred times; and the records, killed in writing."""

import os
import re
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
import pytest

from agentassist import events as ev
from agentassist import packs
from agentassist.commands.coach import Coach
from agentassist.speech.scripted import Line
from agentassist.store import journal
from agentassist.store.chain import Chain
from agentassist.store.unfinished import UnfinishedNote, waiting
from agentassist.store.verification import verify
from agentassist.vocabulary import PARTIES, Party
from tests.conftest import Run
from tests.dying import die_at
from tests.test_records import record
from tests.test_unfinished import NOW, Killable

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="signals that Windows has not")

KILLS = 100
LANES = 6
"""Processes at once, each lane with a data folder of its own."""
IN_CALL = 2.6
"""Seconds of the call over which most of the kills are spread."""
AT_END = 0.8
"""Seconds after it was told to end over which the others are, most of them soon: the note is
drafted then."""

LONG_ENOUGH = 0.9
"""Seconds of a call that is told to end."""

THINGS = tuple(
    f"{fruit} {where}"
    for where in ("at home", "at work", "abroad", "outside")
    for fruit in ("apples", "damsons", "figs", "olives", "quinces")
)
VOICES: tuple[tuple[Party, float, str], ...] = (("agent", 0.02, "you"), ("caller", 0.08, "them"))
SCRIPT: dict[Party, list[Line]] = {
    party: [
        Line(at, at + 0.08, f"I told {who} of the {thing}.")
        for at, thing in zip((0.12 * count + after for count in range(20)), THINGS, strict=True)
    ]
    for party, after, who in VOICES
}


class Lane:
    """One user's folders, in which one live call after the other is killed."""

    def __init__(self, folder: Path, runtime: Path) -> None:
        folder.mkdir()
        (folder / "script.json").write_bytes(msgspec.json.encode(SCRIPT))
        self.program = Killable(folder, XDG_RUNTIME_DIR=str(runtime))
        self.home, self.data = folder, self.program.data

    def kill(self, after: float, *, ending: bool) -> str:
        """Seconds after a call has begun, or after its program was told to end; what it told."""
        before = self._calls()
        pid = self.program.start("live", "--plain", "--rules-only", "--start")
        try:
            deadline = time.monotonic() + 20.0
            # One is killed as its folder comes, the others once a first line is on the disk.
            begun = self._calls if after == 0.0 and not ending else self._written
            while not begun() - before:
                assert time.monotonic() < deadline, self.program.told()
                time.sleep(0.001)
            if ending:
                time.sleep(LONG_ENOUGH)
                os.kill(pid, signal.SIGTERM)
            time.sleep(after)
        finally:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
            assert self.program.ended() in (-signal.SIGKILL, 0)
        return self.program.told()

    def _calls(self) -> set[str]:
        place = self.data / "unfinished"
        return {path.name for path in place.glob("*Z-*") if path.is_dir()}

    def _written(self) -> set[str]:
        journals = (self.data / "unfinished").glob("*Z-*/call.journal")
        return {path.parent.name for path in journals if path.stat().st_size}


@pytest.fixture(scope="module")
def coach() -> Coach:
    return Coach(packs.load(), rules_only=True)


@pytest.fixture
def lanes(tmp_path: Path) -> Iterator[list[Lane]]:
    with TemporaryDirectory(prefix="k-") as short, ExitStack() as stack:
        lanes = []
        for number in map(str, range(LANES)):
            runtime = Path(short, number)  # a socket's name may not be long
            runtime.mkdir(mode=0o700)
            lanes.append(Lane(tmp_path / number, runtime))
            stack.callback(lanes[-1].program.close)
        yield lanes


def heard(note: UnfinishedNote, party: Party) -> list[str]:
    events = journal.read(note.journal)
    return [e.text for e in events if isinstance(e, ev.WordsHeard) and e.party == party]


def said(told: str, party: Party | str = "(?:agent|caller)") -> list[str]:
    """Words of the call that were told, in whole lines."""
    return re.findall(rf"(?m)^\d+:\d\d {party}(?: \(goes on\))?: (.*)\n", told)


def lost_nothing(note: UnfinishedNote, told: str, coach: Coach) -> None:
    """Every word that was told is in the journal, as it was said, and the note is drafted."""
    for party in PARTIES:
        kept = heard(note, party)
        assert kept == [line.text for line in SCRIPT[party]][: len(kept)]
        assert all(words in " ".join(kept) for words in said(told, party))
    if "The call has ended." in told:
        assert note.state == "drafted"
    call = note.call(coach)
    assert call.ended
    assert call.note is not None
    assert bool(call.turns) == any(heard(note, party) for party in PARTIES)


def kills_of(lane: Lane, kills: list[tuple[float, bool]], coach: Coach) -> list[str]:
    """After each, the next start offers its call; what each process had told."""
    done = []
    for after, ending in kills:
        before = waiting(lane.data)
        told = lane.kill(after, ending=ending)
        done.append(told)
        offered = f"{len(before)} note{'s wait' if len(before) > 1 else ' waits'} to be finished"
        assert (offered in told) == bool(before)
        known = {note.id for note in before}
        fresh = [note for note in waiting(lane.data) if note.id not in known]
        assert len(fresh) == 1 or not (fresh or "Call: live" in told)
        for note in fresh:
            lost_nothing(note, told, coach)
    return done


@pytest.mark.slow
def test_a_live_call_killed_at_a_hundred_moments_loses_nothing(
    lanes: list[Lane], coach: Coach, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    ends = KILLS // 4
    kills = [((number / ends) ** 2 * AT_END, True) for number in range(ends)]
    kills += [(n / (KILLS - ends) * IN_CALL, False) for n in range(KILLS - ends)]
    with ThreadPoolExecutor(LANES) as pool:
        parts = [kills[number::LANES] for number in range(LANES)]
        done = list(pool.map(kills_of, lanes, parts, [coach] * LANES))
    told = [out for part in done for out in part]
    assert len(told) == KILLS
    assert sum(bool(said(out)) for out in told) > KILLS / 3
    assert 0 < sum("NOTE: " in out for out in told) < ends
    for lane in lanes:
        monkeypatch.setenv("XDG_DATA_HOME", str(lane.home))
        left = waiting(lane.data)
        listed = run("note", "list").out
        assert all(note.id in listed for note in left)
        assert run("note", "finish", left[0].id, "--approve", "--rules-only").code == 0
        for note in left[1:]:
            assert note.draft is not None
            note.approve(note.draft.version, note.call(coach), by="ann", at=NOW)
        assert run("note", "verify").code == 0
        assert len(left) > KILLS / LANES * 0.9
        assert [e.record.call.id for e in Chain(lane.data / "records").entries()] == [
            note.id for note in left
        ]
        assert list((lane.data / "unfinished").iterdir()) == []


def appended(chain: Chain, call: str, step: int) -> bool:
    """Appends in a process that dies at that dealing with the disk; whether it did not."""
    pid = os.fork()
    if pid == 0:
        try:
            die_at(step)
            chain.append(record(call))
            os._exit(0)
        finally:
            os._exit(1)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0


def test_records_whose_writing_dies_twice_in_a_row_are_told_to_be_sound(tmp_path: Path) -> None:
    """Each time before `head.json` knew of the record, above all."""
    steps = next(n for n in range(1, 99) if appended(Chain(tmp_path / f"try{n}"), "a", n))
    assert steps > 8
    for first in range(1, steps):
        for second in range(1, steps + 4):
            chain = Chain(tmp_path / f"{first}-{second}")
            appended(chain, "a", first)
            appended(chain, "b", second)
            faults = verify(chain.folder).faults if chain.folder.exists() else ()
            assert all(" is torn" in fault for fault in faults), (first, second)
            chain.append(record("c"))
            assert verify(chain.folder).faults == ()
            assert chain.damage() == ""
