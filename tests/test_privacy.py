"""Nothing leaves the machine: whole calls with every network call forbidden and traced.

Twice over: in the process, where whatever Python does is seen on every platform; and on Linux
under strace in an empty network, where native code (speech, sound, models) is seen as well.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import msgspec
import pytest
import soundfile

from agentassist import control
from agentassist.account import Account
from agentassist.control import Start, Status, Stop
from agentassist.demo import RECORDING
from agentassist.errors import MendableError
from agentassist.store.unfinished import waiting
from tests.test_live_command import AGENT, CALLER, SCRIPT

PIECE = 15.0
"""Seconds of the demo call."""

_TRACE = ["strace", "-f", "--seccomp-bpf", "-qq", "-e", "trace=network", "-o"]
_INTERNET = re.compile(r"\bAF_INET6?\b")


def emptied() -> list[str]:
    """What runs a command in a network without anything in it; skips where nothing does."""
    if sys.platform != "linux":
        pytest.skip("strace and network namespaces are of Linux")
    if not shutil.which("strace") or not shutil.which("unshare"):
        pytest.skip("strace or unshare is not installed")
    for unshare in (["unshare", "-n"], ["unshare", "-rn"]):
        tried = [*unshare, *_TRACE, os.devnull, "true"]
        if subprocess.run(tried, capture_output=True, check=False).returncode == 0:
            return unshare
    pytest.skip("no new network or no trace is allowed here")


class Traced(NamedTuple):
    """How a command is run, and where what it tried of the network is written."""

    folder: Path
    before: list[str]
    """Words before the command."""

    def command(self, *arguments: str | Path) -> list[str]:
        tried = "-" if self.before else self.folder / "refused"
        script = self.folder / "script.json"
        script.write_bytes(msgspec.json.encode(SCRIPT))
        program = [sys.executable, "-m", "tests.traced_program", str(tried), str(script)]
        return [*self.before, *program, *map(str, arguments)]

    def run(self, *arguments: str | Path) -> str:
        """What it told. It must succeed."""
        done = subprocess.run(
            self.command(*arguments), capture_output=True, text=True, cwd=ROOT, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    @property
    def tried(self) -> list[str]:
        """Each dealing with the internet: of the program, or of all its threads and children."""
        if not self.before:
            return (self.folder / "refused").read_text().splitlines()
        lines = (self.folder / "trace").read_text().splitlines()
        return [line for line in lines if _INTERNET.search(line)]


ROOT = Path(__file__).parent.parent


@pytest.fixture(params=["in the process", "in the system"])
def traced(request: pytest.FixtureRequest, tmp_path: Path) -> Traced:
    if request.param == "in the process":
        return Traced(tmp_path, [])
    return Traced(tmp_path, [*emptied(), *_TRACE, str(tmp_path / "trace")])


@pytest.fixture
def piece(tmp_path: Path) -> Path:
    """The beginning of the demo call."""
    sound, rate = soundfile.read(RECORDING, stop=int(PIECE * soundfile.info(RECORDING).samplerate))
    path = tmp_path / "piece.flac"
    soundfile.write(path, sound, rate)
    return path


@pytest.fixture(autouse=True)
def runtime(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Short: a socket's name may not be as long as pytest's folders are."""
    with tempfile.TemporaryDirectory(prefix="live-") as name:
        monkeypatch.setenv("XDG_RUNTIME_DIR", name)
        yield


def until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 40.0
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def answers() -> bool:
    with suppress(MendableError):
        return control.ask(Status()).state == "ready"
    return False


@pytest.mark.skipif(sys.platform == "win32", reason="ended by a signal that Windows has not")
def test_a_live_call_from_start_to_drafted_note_tries_no_network(
    traced: Traced, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    with out.open("w") as told:
        process = subprocess.Popen(
            traced.command("live", "--plain", "--record"), stdout=told, cwd=ROOT
        )
    try:
        until(lambda: answers() or process.poll() is not None)
        assert control.ask(Start(Account(id="4711"))).done
        until(lambda: CALLER in out.read_text())
        time.sleep(1.0)
        assert control.ask(Stop()).done
        until(lambda: "The call has ended." in out.read_text())
        os.kill(program_of(process, traced), signal.SIGTERM)
        assert process.wait(30.0) == 0
    finally:
        process.kill()
        process.wait()
    assert AGENT in out.read_text()
    assert not traced.before or "AF_UNIX" in (tmp_path / "trace").read_text()
    (note,) = waiting(tmp_path / "data" / "agentassist")
    assert note.draft is not None
    assert note.draft.versions.classifier != "rules alone"
    assert note.about.recording
    assert traced.tried == []


def program_of(process: subprocess.Popen[bytes], traced: Traced) -> int:
    """The process that is `agentassist`: that one, or the child of what traces it."""
    if not traced.before:
        return process.pid
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text()
    return int(children.split()[0])


@pytest.mark.slow
def test_a_recording_replayed_and_analysed_by_the_real_engine_tries_no_network(
    traced: Traced, piece: Path, tmp_path: Path
) -> None:
    assert "NOTE: " in traced.run("replay", piece, "--plain", "--speed", "max")
    (note,) = waiting(tmp_path / "data" / "agentassist")
    assert note.draft is not None
    assert note.draft.versions.classifier != "rules alone"
    assert '"kind":"turn"' in traced.run("analyze", piece, "--json")
    assert traced.tried == []


def test_onnx_runtime_is_loaded_without_its_telemetry(tmp_path: Path) -> None:
    """Where it has any, it keeps an identifier of the machine and a store of what it will send."""
    folders = {"HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path)}
    load = "from agentassist.speech import prosody; prosody.detector()"
    also = "from agentassist.understanding import model; model.TurnModel(model.folder())"
    environment = {k: v for k, v in os.environ.items() if k != "ORT_DISABLE_TELEMETRY"} | folders
    for code in (load, also):
        subprocess.run([sys.executable, "-c", code], env=environment, cwd=ROOT, check=True)
    assert [file for file in tmp_path.rglob("*") if file.is_file()] == []


_ASKS = {
    "connect": "socket.create_connection(('127.0.0.1', 9))",
    "bind": "socket.socket().bind(('127.0.0.1', 0))",
    "a name": "socket.getaddrinfo('example.org', 80)",
    "sendto": "socket.socket(socket.AF_INET6, socket.SOCK_DGRAM).sendto(b'', ('::1', 9))",
    "in a thread": "threading.Thread(target=socket.socket).start()",
}


@pytest.mark.parametrize("asks", _ASKS.values(), ids=_ASKS)
def test_whoever_asks_for_the_network_is_refused_and_written_down(
    tmp_path: Path, asks: str
) -> None:
    traced = Traced(tmp_path, before=[])
    command = traced.command("--python", f"import socket, threading; {asks}")
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    assert "is forbidden here" in done.stderr
    assert len(traced.tried) == 1


def test_native_code_that_asks_for_the_network_is_seen_by_the_trace(tmp_path: Path) -> None:
    traced = Traced(tmp_path, [*emptied(), *_TRACE, str(tmp_path / "trace")])
    traced.run("--python", "import ctypes; ctypes.CDLL(None).socket(2, 1, 0)")
    (line,) = traced.tried
    assert "socket(AF_INET" in line
