"""`agentassist live`, whole: started as a user starts it, with scripted sound and words."""

import datetime
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest
import soundfile

from agentassist import config, control
from agentassist import events as ev
from agentassist.account import Account
from agentassist.audio import devices
from agentassist.audio.devices import Input
from agentassist.audio.line import Line as SoundLine
from agentassist.commands import live
from agentassist.commands.calls import Calls, FrontEnd
from agentassist.commands.coach import Coach
from agentassist.commands.live_call import Plan
from agentassist.commands.options import read_rules
from agentassist.control import Reply, Start, Status, Stop
from agentassist.errors import MendableError
from agentassist.speech.scripted import Line, ScriptedEngine
from agentassist.store import journal
from agentassist.store.unfinished import UnfinishedNote, waiting
from agentassist.vocabulary import Party
from tests.conftest import Run
from tests.live_sound import PlayedSound

SCRIPT: dict[Party, list[Line]] = {
    "agent": [Line(0.2, 0.9, "Good morning, this is Sam from Acme.")],
    "caller": [Line(1.1, 1.7, "I lost my job, I can pay forty pounds on Friday.")],
}
AGENT, CALLER = "agent: Good morning", "caller: I lost my job"
ONLY_UNIX = pytest.mark.skipif(sys.platform == "win32", reason="signals that Windows has not")


@pytest.fixture(autouse=True)
def runtime(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Short: a socket's name may not be as long as pytest's folders are."""
    with tempfile.TemporaryDirectory(prefix="live-") as name:
        monkeypatch.setenv("XDG_RUNTIME_DIR", name)
        yield


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data" / "agentassist"


def until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20.0
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)


class Program:
    """The program, running in lines."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        script = folder / "script.json"
        script.write_bytes(msgspec.json.encode(SCRIPT))
        self._out, self._err = folder / "out", folder / "err"
        command = [sys.executable, "-m", "tests.live_program", str(script), "--plain", *arguments]
        with self._out.open("w") as out, self._err.open("w") as err:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                cwd=Path(__file__).parent.parent,
            )

    @property
    def told(self) -> str:
        return self._out.read_text()

    @property
    def complained(self) -> str:
        return self._err.read_text()

    def tells(self, words: str, times: int = 1) -> None:
        """Waits for it."""
        until(lambda: self.told.count(words) >= times or self._process.poll() is not None)
        assert self.told.count(words) >= times, self.complained

    def ends(self, number: int) -> int:
        """Its exit status, once it was sent that signal."""
        self._process.send_signal(number)
        return self._process.wait(timeout=20.0)

    def close(self) -> None:
        self._process.kill()
        self._process.wait()


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Callable[..., Program]]:
    running: list[Program] = []

    def started(*arguments: str) -> Program:
        running.append(Program(tmp_path, *arguments))
        return running[-1]

    yield started
    for each in running:
        each.close()


def only(data: Path) -> UnfinishedNote:
    (note,) = waiting(data)
    return note


def started(note: UnfinishedNote) -> ev.CallStarted:
    first = next(journal.read(note.journal))
    assert isinstance(first, ev.CallStarted)
    return first


# In lines


@ONLY_UNIX
def test_calls_come_one_after_the_other_and_the_socket_begins_and_ends_them(
    program: Callable[..., Program], run: Run, data: Path
) -> None:
    running = program()
    running.tells("Ready. You: Headset. The caller: Monitor of Headset. Speech: scripted.")
    assert run("call", "stop").err == "agentassist: no call is on\n"
    begun = run("call", "start", "--account", "4711", "--direction", "inbound")
    assert begun == (0, "the call is on\n", "")
    assert run("call", "start").err.endswith("end it first: agentassist call stop\n")
    running.tells(AGENT)
    assert run("call", "status").out.startswith("a call is on since ")
    time.sleep(2.0)
    assert run("call", "stop").out == "the call ends\n"
    running.tells("The call has ended.")
    assert "Call: account 4711\n" in running.told
    assert CALLER in running.told
    assert "NOTE: " in running.told
    running.tells("Ready.", times=2)
    assert run("call", "start", "--number", "+44 20 7946 0018").code == 0
    running.tells("Call: +44 20 7946 0018")
    running.tells(AGENT, times=2)
    assert running.ends(signal.SIGTERM) == 0
    assert "2 notes wait to be finished" in running.complained
    notes = waiting(data)
    assert [note.state for note in notes] == ["drafted", "drafted"]
    assert [note.about.title for note in notes] == ["account 4711", "+44 20 7946 0018"]
    first = started(notes[0])
    assert first.started_at is not None
    assert abs(first.started_at - datetime.datetime.now(datetime.UTC)).total_seconds() < 60
    assert (first.source, first.engine, first.direction) == ("live", "scripted", "inbound")
    assert first.account == Account(id="4711")
    assert first.redacted
    assert not first.recording


@ONLY_UNIX
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_a_call_is_ended_decently_whoever_ends_the_program(
    program: Callable[..., Program], data: Path, name: str
) -> None:
    running = program("--start")
    running.tells("Call: live")
    until(lambda: bool(list(data.glob("unfinished/*/call.journal"))))
    time.sleep(2.5)
    assert running.ends(getattr(signal, name)) == 0
    assert CALLER in running.told
    assert running.told.endswith("The call has ended.\n")
    note = only(data)
    assert note.state == "drafted"
    heard = list(journal.read(note.journal))
    assert isinstance(heard[-1], ev.CallEnded)
    assert [e.text for e in heard if isinstance(e, ev.WordsHeard)] == [
        line.text for lines in SCRIPT.values() for line in lines
    ]


@ONLY_UNIX
def test_the_brief_comes_first_and_the_objective_is_that_of_the_first_call(
    program: Callable[..., Program], tmp_path: Path, data: Path
) -> None:
    record = tmp_path / "dana.json"
    record.write_text('{"name": "Dana Cole", "balance": 482.10, "ceased": ["all"]}')
    running = program("--account", str(record), "--objective", "settle", "--start")
    running.tells("Call: Dana Cole")
    first, _, later = running.told.partition("Call: ")
    assert first.startswith("Dana Cole · 482.10\n")
    assert "DON'T RING: " in first
    assert "DON'T RING: " not in later
    assert running.ends(signal.SIGTERM) == 0
    assert started(only(data)).objective == "settle"


@ONLY_UNIX
def test_a_second_one_has_one_clear_line(program: Callable[..., Program]) -> None:
    first = program()
    first.tells("Ready.")
    second = program()
    until(lambda: second._process.poll() is not None)
    assert second._process.poll() == 1
    assert "agentassist: `agentassist live` runs already;" in second.complained
    assert control.ask(Status()).state == "ready"


@ONLY_UNIX
def test_a_recording_is_made_only_where_it_was_asked_for(
    program: Callable[..., Program], data: Path
) -> None:
    running = program("--record", "--start")
    running.tells("Recording: on.")
    running.tells(AGENT)
    assert running.ends(signal.SIGINT) == 0
    note = only(data)
    (path,) = (data / "recordings").iterdir()
    assert note.about.recording == str(path)
    assert started(note).recording == path.name
    last = list(journal.read(note.journal))[-1]
    assert soundfile.info(path).duration == pytest.approx(last.at, abs=0.2)
    note.discard()
    assert not path.exists()


# What begins, and what is refused


@pytest.fixture(scope="module")
def coach() -> Coach:
    return Coach(read_rules(()), rules_only=True)


@pytest.fixture
def plan() -> Plan:
    return Plan(ScriptedEngine(SCRIPT), lambda: live.line_of(PlayedSound(speed=5.0)))


@pytest.fixture
def calls(plan: Plan, coach: Coach) -> Iterator[Calls]:
    with Calls(plan, coach) as calls:
        yield calls


def nothing() -> None:
    """A front end that does not care."""


def told(calls: Calls) -> str:
    return calls.answer(Status()).state


def test_it_is_ready_then_in_a_call_then_at_its_note_then_ready(calls: Calls) -> None:
    assert told(calls) == "ready"
    calls.begin()
    assert told(calls) == "call"
    with calls.call() as call:
        assert told(calls) == "call"
        call.session.start()
        assert calls.answer(Stop()).done
        assert call.session.wait(10.0)
        assert told(calls) == "note"
    assert told(calls) == "ready"


def test_the_next_call_may_begin_while_the_last_ones_note_is_open(calls: Calls) -> None:
    begun: list[str] = []
    calls.begin()
    with calls.call() as call, calls.telling(FrontEnd(lambda: begun.append("next"), nothing)):
        call.session.start()
        calls.answer(Stop())
        call.session.wait(10.0)
        assert calls.answer(Start(number="123")).done
        assert begun == ["next"]
        assert calls.has_begun
        assert not calls.answer(Start()).done
    with calls.call() as call:
        assert call.title == "123"


def test_a_note_that_would_be_lost_keeps_the_next_call_from_beginning(calls: Calls) -> None:
    calls.begin()
    with calls.call() as call, calls.telling(FrontEnd(nothing, nothing, lambda: True)):
        call.session.start()
        calls.answer(Stop())
        call.session.wait(10.0)
        refused = calls.answer(Start())
        assert not refused.done
        assert "save it first" in refused.told


def test_a_front_end_is_told_of_what_came_just_before_it(calls: Calls) -> None:
    told: list[str] = []
    front = FrontEnd(lambda: told.append("began"), lambda: told.append("leave"))
    with calls.telling(front):
        pass
    calls.begin()
    with calls.telling(front):
        pass
    calls.leave()
    with calls.telling(front):
        pass
    assert told == ["began", "leave"]


def test_sound_that_can_not_be_had_is_an_answer_and_ends_nothing(coach: Coach) -> None:
    def none() -> SoundLine:
        raise MendableError("PortAudio can't be loaded")

    with Calls(Plan(ScriptedEngine(SCRIPT), none), coach) as calls:
        assert calls.answer(Start()) == Reply(
            "PortAudio can't be loaded", done=False, state="ready"
        )


def test_a_program_that_is_leaving_begins_no_call(calls: Calls) -> None:
    calls.leave()
    assert not calls.answer(Start()).done


def test_the_account_on_the_command_line_is_that_of_the_first_call(
    plan: Plan, coach: Coach
) -> None:
    with Calls(plan, coach, Account(name="Dana Cole")) as calls:
        titles = []
        for _ in range(2):
            calls.begin()
            with calls.call() as call:
                titles.append(call.title)
    assert titles == ["Dana Cole", "live call"]


def test_the_pack_that_was_asked_for_is_that_of_the_call(plan: Plan, coach: Coach) -> None:
    with Calls(plan._replace(pack="uk"), coach) as calls:
        calls.begin()
        with calls.call() as call:
            call.session.start()
            until(lambda: call.session.call.started is not None)
            calls.answer(Stop())
            call.session.wait(10.0)
            started = call.session.call.started
    assert started
    assert started.pack == "uk"


def test_a_call_that_can_be_neither_kept_nor_recorded_goes_on_and_says_so(
    plan: Plan, coach: Coach, data: Path
) -> None:
    data.mkdir(parents=True)
    (data / "unfinished").write_text("in the way")
    with Calls(plan._replace(recordings=data / "unfinished"), coach) as calls:
        calls.begin()
        with calls.call() as call:
            assert call.kept is None
            assert call.session.recorder is None
            call.session.start()
            until(lambda: len(call.session.call.turns) == 2)
            calls.answer(Stop())
            call.session.wait(10.0)
            state = call.session.call
    assert [trouble.what for trouble in state.troubles if isinstance(trouble, ev.TroubleHeard)] == [
        "The call is not recorded.",
        "The call is not kept.",
    ]
    assert state.note is not None


def test_a_disk_that_fails_in_the_call_is_told_in_it(
    calls: Calls, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls.begin()
    with calls.call() as call:
        assert call.kept is not None
        monkeypatch.setattr(os, "fsync", _full)
        call.session.start()
        until(lambda: bool(call.session.call.troubles))
        assert "can't be kept any more" in str(call.session.call.troubles[0])
        calls.answer(Stop())
        call.session.wait(10.0)
        monkeypatch.undo()


def _full(_: int) -> None:
    raise OSError(28, "No space left on device")


def test_a_call_that_was_never_shown_leaves_nothing_behind(calls: Calls, data: Path) -> None:
    calls.begin()
    with calls.call():
        pass
    assert waiting(data) == []
    assert told(calls) == "ready"


# Devices


HEADSET = Input("hw1", "Jabra Evolve2 Mono", "PulseAudio", 1, 48_000.0, "microphone", default=True)
DESK = Input("hw2", "Desk microphone", "PulseAudio", 1, 48_000.0, "microphone")
MONITOR = Input("hw1.monitor", "Monitor of Jabra Evolve2", "PulseAudio", 2, 48_000.0, "far end")


@pytest.fixture
def plugged_in(monkeypatch: pytest.MonkeyPatch) -> list[Input]:
    found = [HEADSET, DESK, MONITOR]
    monkeypatch.setattr(devices, "inputs", lambda: list(found))
    return found


def test_devices_are_the_named_ones_or_the_settings_or_the_systems_own(
    plugged_in: list[Input],
) -> None:
    own = live.choose(None, None)
    assert dict(own.names) == {"agent": "hw1", "caller": "hw1.monitor"}
    assert own.titles["caller"] == "Monitor of Jabra Evolve2"
    assert not own.by_user
    config.remember("audio", microphone="hw2", caller="hw1.monitor")
    remembered = live.choose(None, None)
    assert remembered.names["agent"] == "hw2"
    assert remembered.by_user
    assert live.choose("jabra evolve2 mono", None).names["agent"] == "hw1"


def test_a_remembered_headset_that_is_not_plugged_in_keeps_nobody_from_starting(
    plugged_in: list[Input],
) -> None:
    config.remember("audio", microphone="other headset")
    assert live.choose(None, None).names["agent"] == "other headset"


@pytest.mark.parametrize(
    ("left", "told"),
    [([MONITOR], "no microphone is plugged in"), ([HEADSET], "the far end can't be heard")],
)
def test_without_a_device_for_each_side_there_is_one_clear_line(
    plugged_in: list[Input], left: list[Input], told: str, run: Run
) -> None:
    plugged_in[:] = left
    done = run("live", "--rules-only", "--plain")
    assert done.code == 1
    assert told in done.err


def test_a_recording_that_can_have_no_folder_is_told_of_before_any_call(
    plugged_in: list[Input], run: Run, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    config.settings_file().write_text(f"[recording]\non = true\nfolder = '{tmp_path}/file/in'\n")
    done = run("live", "--rules-only", "--plain")
    assert done.code == 1
    assert "can't record there" in done.err


def test_a_voice_is_not_listened_for_where_the_settings_say_so() -> None:
    config.settings_file().write_text("[call]\noffer_by_voice = false\n")
    assert live.line_of(PlayedSound())._far_voice is None


# The doctor


def finding(run: Run) -> str:
    lines = run("doctor").out.splitlines()
    place = next(at for at, line in enumerate(lines) if "Live call:" in line)
    return " ".join(lines[place : place + 2])


def test_the_doctor_says_whether_a_call_could_start(plugged_in: list[Input], run: Run) -> None:
    assert "ok     Live call: microphone hw1, caller hw1.monitor (not chosen yet" in finding(run)
    config.remember("audio", microphone="other headset", caller="hw1.monitor")
    assert "note   Live call: microphone other headset" in finding(run)
    assert "mend: Plug in other headset, or choose another: agentassist devices." in finding(run)
    config.remember("audio", microphone=None, caller=None)
    plugged_in.remove(MONITOR)
    assert devices.no_far_end()[:20] in finding(run)
    plugged_in.clear()
    assert "mend: Plug in a microphone" in finding(run)
