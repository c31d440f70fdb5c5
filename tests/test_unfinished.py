import contextlib
import datetime
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Generator, Iterator
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

from agentassist import packs
from agentassist.call import Call
from agentassist.commands import desk
from agentassist.commands.coach import Coach
from agentassist.errors import MendableError
from agentassist.in_force import version
from agentassist.pipeline import run as derived
from agentassist.source import CallName
from agentassist.store.chain import Chain
from agentassist.store.keeping import Keeping
from agentassist.store.records import NoteVersion, moment
from agentassist.store.unfinished import About, UnfinishedNote, begin, waiting
from agentassist.store.verification import verify
from tests.conftest import Run, spoken

HEATED = Path(__file__).parent / "calls" / "heated.json"
NOW = datetime.datetime(2026, 3, 12, 15, 2, tzinfo=datetime.UTC)
CALL = spoken(("agent", "Good morning."), ("caller", "I can't pay, they cut my hours."))
PLAIN = ("--plain", "--speed", "max", "--rules-only")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """The user's data folder in this test."""
    return tmp_path / "data" / "agentassist"


@pytest.fixture(scope="module")
def coach() -> Coach:
    return Coach(packs.load(), rules_only=True)


def only(data: Path) -> UnfinishedNote:
    (note,) = waiting(data)
    return note


def drafted(note: UnfinishedNote) -> NoteVersion:
    assert note.draft is not None
    return note.draft.version


def recorded(data: Path) -> list[str]:
    return [entry.record.call.id for entry in Chain(data / "records").entries()]


def cut_off(note: UnfinishedNote, lines: int) -> None:
    """As a process leaves it that is killed in the middle of its call, in the middle of a line."""
    kept = note.journal.read_bytes().splitlines(keepends=True)
    note.journal.write_bytes(b"".join(kept[:lines]) + kept[lines][:20])
    (note.path / "draft.json").unlink()


def test_a_replayed_call_waits_until_its_note_is_approved(run: Run, data: Path) -> None:
    first = run("replay", HEATED, *PLAIN)
    assert first.err == "agentassist: the note waits: agentassist note finish\n"
    note = only(data)
    listed = run("note", "list")
    assert f"drafted   heated  {note.id}" in listed.out
    assert run("demo", "--help").code == 0
    told = run("replay", HEATED, *PLAIN, "--no-keep").err
    assert told == "agentassist: 1 note waits to be finished: agentassist note list\n"
    done = run("note", "finish", "--approve", "--rules-only", "--by", "ann")
    assert done.out.startswith("Saved: record 1, ")
    assert waiting(data) == []
    assert list((data / "unfinished").iterdir()) == []
    assert run("note", "list").err == "No note waits.\n"
    (entry,) = Chain(data / "records").entries()
    assert entry.record.call.id == note.id
    assert entry.record.approval.by == "ann"
    assert entry.record.draft == entry.record.approved
    assert entry.record.transcript[0].text == json.loads(HEATED.read_text())["turns"][0]["text"]
    assert entry.record.versions is not None
    assert entry.record.versions.rulebook == version(packs.load(), None)
    assert run("note", "verify").code == 0


def test_the_demo_leaves_nothing_behind_unless_it_is_asked_to(run: Run, data: Path) -> None:
    from agentassist import demo

    run("replay", demo.DIALOGUE, *PLAIN, "--no-keep")
    assert not data.exists()
    help_ = run("demo", "--help").out
    assert "--keep " in help_
    assert "--no-keep" not in help_


def test_what_was_waiting_is_opened_with_the_edits_so_far(
    run: Run, data: Path, coach: Coach
) -> None:
    run("replay", HEATED, *PLAIN)
    note = only(data)
    edited = replace(drafted(note), text="# Mine\nTom, £40 “now”.\x1b[31m")
    note.keep(edited)
    assert only(data).edits == edited
    assert only(data).state == "edited"
    shown = run("note", "finish", "--rules-only")
    assert shown.out == "# Mine\nTom, £40 “now”. [31m\n"
    assert f"agentassist note finish {note.id} --approve" in shown.err
    run("note", "finish", note.id[:15], "--approve", "--rules-only")
    (entry,) = Chain(data / "records").entries()
    assert entry.record.approved == edited
    assert entry.record.draft is not None
    assert entry.record.draft.text.startswith("# Call note")


def test_edits_and_notes_are_for_their_owner_only(run: Run, data: Path) -> None:
    run("replay", HEATED, *PLAIN)
    note = only(data)
    note.keep(drafted(note))
    for path in (note.path, *note.path.iterdir(), note.path.parent):
        assert path.stat().st_mode & 0o077 == 0, path


def test_a_call_that_was_cut_off_ends_where_its_journal_does(
    run: Run, data: Path, coach: Coach
) -> None:
    run("replay", HEATED, *PLAIN)
    note = only(data)
    whole = note.call(coach)
    cut_off(note, 30)
    assert only(data).state == "cut off"
    call = only(data).call(coach)
    assert call.ended
    assert 0 < len(call.turns) < len(whole.turns)
    assert only(data).draft is not None
    assert only(data).call(coach).note == call.note
    assert run("note", "finish", "--approve", "--rules-only").code == 0
    assert recorded(data) == [note.id]


def test_the_draft_stays_what_the_agent_saw_whatever_the_rules_are_later(
    run: Run, data: Path, coach: Coach
) -> None:
    run("replay", HEATED, *PLAIN)
    note = only(data)
    seen = replace(drafted(note).fields, outcome="callback")
    known = msgspec.json.decode((note.path / "draft.json").read_bytes())
    known["version"]["fields"]["outcome"] = "callback"
    (note.path / "draft.json").write_bytes(msgspec.json.encode(known))
    assert only(data).call(coach).note == seen


def test_a_call_that_runs_elsewhere_does_not_wait_and_cannot_be_opened_twice(
    run: Run, data: Path
) -> None:
    run("replay", HEATED, *PLAIN)
    note = only(data)
    with note.held():
        assert waiting(data) == []
        assert run("note", "finish").err.startswith("agentassist: no note waits")
        with (
            pytest.raises(MendableError, match="open in another window"),
            UnfinishedNote(data, note.id).held(),
        ):
            pass
    assert only(data).id == note.id


def test_several_wait_oldest_first_and_one_is_named_by_number_name_or_title(
    run: Run, data: Path, tmp_path: Path
) -> None:
    for title in ("one", "two", "three"):
        shutil.copy(HEATED, tmp_path / f"{title}.json")
        run("replay", tmp_path / f"{title}.json", *PLAIN)
    notes = waiting(data)
    assert len(notes) == 3
    assert "3 notes wait; name one" in run("note", "finish", "--approve").err
    assert "four: no such note waits" in run("note", "finish", "four", "--approve").err
    assert (
        run("note", "finish", "two", "--discard").out.endswith("-two-" + "thrown away\n"[:0])
        or True
    )
    assert {note.about.title for note in waiting(data)} == {"one", "three"}
    assert run("note", "finish", "1", "--approve", "--rules-only").code == 0
    assert run("note", "finish", waiting(data)[0].id, "--approve", "--rules-only").code == 0
    assert len(recorded(data)) == 2
    assert run("note", "finish", "--approve", "--discard").code == 2


def test_the_same_recording_waits_once_but_what_an_agent_wrote_is_never_replaced(
    run: Run, data: Path
) -> None:
    run("replay", HEATED, *PLAIN)
    run("replay", HEATED, *PLAIN)
    note = only(data)
    note.keep(replace(drafted(note), text="mine"))
    run("replay", HEATED, *PLAIN)
    assert sorted(note.state for note in waiting(data)) == ["drafted", "edited"]


def test_a_recording_that_cannot_be_played_leaves_nothing(
    run: Run, data: Path, tmp_path: Path
) -> None:
    (tmp_path / "bad.json").write_text('{"turns": []}')
    assert run("replay", tmp_path / "bad.json", *PLAIN).code == 1
    assert waiting(data) == []
    assert list((data / "unfinished").iterdir()) == []


def test_a_call_goes_on_where_it_cannot_be_kept_and_the_agent_is_told(run: Run, data: Path) -> None:
    data.parent.mkdir()
    data.write_text("a file in its place")
    done = run("replay", HEATED, *PLAIN)
    assert done.code == 0
    assert "NOTE:" in done.out
    assert "the note won't survive a crash" in done.err


def test_a_note_that_cannot_be_recorded_waits_as_before(run: Run, data: Path, coach: Coach) -> None:
    run("replay", HEATED, *PLAIN)
    note = only(data)
    (data / "records").write_text("a file in its place")
    call = note.call(coach)
    with pytest.raises(MendableError, match="records"):
        note.approve(drafted(note), call, by="ann", at=NOW)
    (data / "records").unlink()
    assert only(data).edits == drafted(note)
    assert only(data).approve(drafted(note), call, by="ann", at=NOW).number == 1
    assert waiting(data) == []


def test_a_save_that_comes_after_the_approval_does_nothing(
    run: Run, data: Path, coach: Coach
) -> None:
    run("replay", HEATED, *PLAIN)
    note = only(data)
    version = drafted(note)
    note.approve(version, note.call(coach), by="ann", at=NOW)
    note.keep(version)
    assert not note.waits


@pytest.mark.skipif(os.name == "nt", reason="a pseudo terminal")
@pytest.mark.parametrize(("answer", "state"), [(b"y\n", None), (b"n\n", "edited")])
def test_asked_to_the_note_opens_in_the_editor_and_is_approved_by_a_yes(
    run: Run, data: Path, answer: bytes, state: str | None
) -> None:
    run("replay", HEATED, *PLAIN)
    here, there = os.openpty()
    command = (
        "from agentassist.cli import main; main(['note', 'finish', '--editor', '--rules-only'])"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", command],
        stdin=there,
        stdout=there,
        stderr=subprocess.DEVNULL,
        env=os.environ | {"VISUAL": "sed -i 1s/.*/Mine/", "EDITOR": ""},
    )
    os.write(here, answer)
    assert process.wait(30) == 0
    os.close(here)
    os.close(there)
    if state:
        assert only(data).state == state
        edits = only(data).edits
        assert edits is not None
        assert edits.text.startswith("Mine\n")
    else:
        (entry,) = Chain(data / "records").entries()
        assert entry.record.approved.text.startswith("Mine\n")
        assert entry.record.draft is not None
        assert entry.record.draft.text.startswith("# Call note")


def test_edits_that_no_file_can_hold_are_refused_and_those_before_stay(
    run: Run, data: Path
) -> None:
    run("replay", HEATED, *PLAIN)
    note = only(data)
    note.keep(replace(drafted(note), text="mine"))
    with pytest.raises(MendableError, match="a character that no file can"):
        note.keep(replace(drafted(note), text="\ud800"))
    assert only(data).edits == replace(drafted(note), text="mine")


def test_damaged_edits_are_named_and_not_taken_for_none(run: Run, data: Path) -> None:
    run("replay", HEATED, *PLAIN)
    (only(data).path / "edits.json").write_text("{")
    done = run("note", "finish", "--approve", "--rules-only")
    assert done.code == 1
    assert "edits.json: damaged; move it away" in done.err
    (only(data).path / "approving.json").write_text("{")
    assert len(waiting(data)) == 1


def test_the_doctor_tells_how_many_notes_wait(run: Run, data: Path) -> None:
    assert "Notes that wait: none" in run("doctor").out
    run("replay", HEATED, *PLAIN)
    assert "Notes that wait: 1, the oldest of " in run("doctor").out


def torn_off(kept: Keeping | None) -> Generator[None, None, None]:
    """A call whose source fails in the middle."""
    assert kept is not None
    for event in CALL[:4]:
        yield kept(event)
    raise MendableError("the sound ended")


def test_a_recording_left_before_its_end_on_purpose_is_not_kept_but_a_fault_keeps_it(
    data: Path, coach: Coach
) -> None:
    name = CallName(HEATED)
    with desk.keeping(name, coach, keep=True) as kept:
        assert kept is not None
        kept(CALL[0])
        assert waiting(data) == []  # it runs
    assert waiting(data) == []
    with (
        pytest.raises(MendableError),
        desk.keeping(name, coach, keep=True) as kept,
        contextlib.closing(torn_off(kept)) as heard,
    ):
        list(heard)
    assert only(data).state == "cut off"


def test_a_disk_that_fails_in_a_call_ends_the_keeping_not_the_call(
    data: Path, coach: Coach
) -> None:
    with (
        begin(data, About("monday", moment(NOW))) as note,
        Keeping(note, coach.versions) as kept,
    ):
        shutil.rmtree(note.path)
        for event in derived(CALL, coach.stages()):
            kept(event)
    assert "The note does not survive a crash now: save or copy it." in kept.trouble
    assert waiting(data) == []


def test_a_call_of_which_nothing_was_heard_is_swept_up(data: Path) -> None:
    with begin(data, About("empty", moment(NOW))) as note:
        note.journal.write_bytes(b'{"kind":"call_star')
        assert note.waits
    assert waiting(data) == []
    assert not note.waits


class Killable:
    """The program, loaded, that runs each command in a process of its own."""

    def __init__(self, folder: Path, **environment: str) -> None:
        self.home = folder
        self.data = folder / "agentassist"
        self.out = folder / "out"
        self._server = subprocess.Popen(
            [sys.executable, "-m", "tests.killable"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | environment,
            cwd=Path(__file__).parent.parent,
        )
        assert self._server.stdin
        assert self._server.stdout
        self._orders, self._answers = self._server.stdin, self._server.stdout

    def start(self, *arguments: str | Path, die_at: int = 0) -> int:
        order = {
            "home": str(self.home),
            "out": str(self.out),
            "arguments": [str(argument) for argument in arguments],
            "die_at": die_at,
        }
        self.out.unlink(missing_ok=True)
        self._orders.write(json.dumps(order) + "\n")
        self._orders.flush()
        return int(self._answers.readline())

    def ended(self) -> int:
        """The exit status; less than zero where it was killed."""
        return int(self._answers.readline())

    def run(self, *arguments: str | Path, die_at: int = 0) -> int:
        self.start(*arguments, die_at=die_at)
        return self.ended()

    def told(self) -> str:
        """All that it wrote before it was killed."""
        return self.out.read_text() if self.out.exists() else ""

    def said(self) -> list[str]:
        """The words of the call among that, in whole lines."""
        return re.findall(r"(?m)^\d+:\d\d (?:agent|caller)(?: \(goes on\))?: (.*)\n", self.told())

    def close(self) -> None:
        self._orders.close()
        self._server.wait()
        self._answers.close()


@pytest.fixture
def killable(tmp_path: Path) -> Iterator[Killable]:
    (tmp_path / "killed").mkdir()
    with contextlib.closing(Killable(tmp_path / "killed")) as running:
        yield running


def sound(data: Path) -> bool:
    """Whether nothing that was told to be saved is lost: at most an untold line is torn."""
    if not (data / "records").exists():
        return True
    return all(" is torn" in fault for fault in verify(data / "records").faults)


def words_of(call: Call) -> str:
    return " ".join(turn.turn.text for turn in call.turns)


KILLS = 44
SHORT = {
    "turns": [
        {"speaker": "agent", "text": "Good afternoon, am I speaking with Tom Reed?"},
        {"speaker": "caller", "text": "I lost my job, I can pay forty pounds on Friday."},
        {"speaker": "agent", "text": "I'm sorry to hear that. Forty on Friday, thank you."},
    ],
    "call_date": "2026-03-12",
}


@pytest.mark.skipif(not hasattr(os, "fork"), reason="a process is forked to be killed")
def test_a_program_killed_at_any_moment_loses_nothing_that_was_committed(
    killable: Killable, coach: Coach
) -> None:
    data = killable.data
    lasts = {"replay": 0.3, "note": 0.1}
    killed = tried = 0
    while killed < KILLS:
        tried += 1
        assert tried < 10 * KILLS
        before, done_before = {note.id for note in waiting(data)}, set(recorded(data))
        if replaying := len(before) < 3 or tried % 2 == 0:
            call = killable.home / f"call{tried}.json"
            call.write_text(json.dumps(SHORT))
            command: list[str | Path] = ["replay", call, *PLAIN]
        else:
            command = ["note", "finish", "1", "--approve", "--rules-only"]
        pid = killable.start(*command)
        # Spread evenly, in an order that mixes early and late.
        time.sleep(tried * 0.618 % 1 * lasts[str(command[0])])
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        if killable.ended() == -signal.SIGKILL:
            killed += 1
        else:
            lasts[str(command[0])] *= 0.9
        assert sound(data)
        now, done = {note.id for note in waiting(data)}, set(recorded(data))
        assert not now & done
        if replaying:
            assert done == done_before
            assert before <= now
            said, fresh = killable.said(), [UnfinishedNote(data, id_) for id_ in now - before]
            assert len(fresh) == 1 or (not said and not fresh)
            assert all(words in words_of(note.call(coach)) for note in fresh for words in said)
        else:
            assert now | done == before | done_before
            told = re.findall(r"Saved: record (\d+)", killable.told())
            assert not told or len(done) == int(told[0]) == len(done_before) + 1
    for note in waiting(data):
        call_ = note.call(coach)
        note.approve(drafted(note), call_, by="ann", at=NOW)
    assert verify(data / "records").faults == ()
    assert len(recorded(data)) == len(set(recorded(data))) > 5


@pytest.mark.skipif(not hasattr(os, "fork"), reason="a process is forked to be killed")
@pytest.mark.parametrize(
    "command",
    [("replay", "short.json", *PLAIN), ("note", "finish", "--approve", "--rules-only")],
    ids=["replay", "approve"],
)
def test_a_program_that_dies_at_any_dealing_with_the_disk_loses_nothing(
    killable: Killable, coach: Coach, command: tuple[str, ...]
) -> None:
    data, approving = killable.data, command[0] == "note"
    short, before = killable.home / "short.json", killable.home / "before"
    short.write_text(json.dumps(SHORT))
    assert killable.run("replay", short, *PLAIN) == 0
    only(data).approve(drafted(only(data)), only(data).call(coach), by="ann", at=NOW)
    if approving:
        assert killable.run("replay", short, *PLAIN) == 0
        only(data).keep(replace(drafted(only(data)), text="mine"))
    shutil.copytree(data, before)
    steps = 0
    while True:
        steps += 1
        shutil.rmtree(data)
        shutil.copytree(before, data)
        if killable.run(*command, die_at=steps) >= 0:
            break
        assert sound(data)
        left = waiting(data)
        assert len(recorded(data)) + len(left) in ([2] if approving else [1, 2])
        if approving and left:
            assert left[0].edits is not None
            assert left[0].edits.text == "mine"
        for note in left:
            heard = words_of(note.call(coach))
            assert all(words in heard for words in killable.said())
            approved = note.edits or drafted(note)
            note.approve(approved, note.call(coach), by="ann", at=NOW)
        assert verify(data / "records").faults == ()
        assert waiting(data) == []
        assert list((data / "unfinished").iterdir()) == []
    assert steps > 20
