"""The control socket: who may ask, what is answered, and what becomes of a socket left behind."""

import configparser
import datetime
import os
import shlex
import stat
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from multiprocessing.connection import Client, answer_challenge, deliver_challenge
from pathlib import Path

import msgspec
import pytest

from agentassist import control
from agentassist.account import Account, EarlierNote
from agentassist.commands.call import request_of
from agentassist.control import ControlError, ControlSocket, Reply, Request, Start, Status, Stop
from tests.conftest import Run

ONLY_UNIX = pytest.mark.skipif(sys.platform == "win32", reason="of files and their modes")


@pytest.fixture(autouse=True)
def folder(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Short: a socket's name may not be as long as pytest's folders are."""
    with tempfile.TemporaryDirectory(prefix="control-") as name:
        monkeypatch.setenv("XDG_RUNTIME_DIR", name)
        yield Path(name) / "agentassist"


class Asked:
    """Answers everything, and remembers it."""

    def __init__(self) -> None:
        self.requests: list[Request] = []

    def __call__(self, request: Request) -> Reply:
        self.requests.append(request)
        return Reply(f"{type(request).__name__} it is", done=not isinstance(request, Stop))


def test_what_is_asked_comes_through_whole_and_so_does_the_answer() -> None:
    asked = Asked()
    start = Start(Account(id="4711", name="Dana [b]Cole[/b]"), "+44 20 7946 0018", "inbound")
    with ControlSocket(asked):
        assert control.ask(start) == Reply("Start it is")
        assert control.ask(Stop()) == Reply("Stop it is", done=False)
    assert asked.requests == [start, Stop()]


def test_an_account_comes_with_years_of_history() -> None:
    asked = Asked()
    notes = tuple(
        EarlierNote(datetime.date(2026, 1, 1), f"{n} {'word ' * 200}") for n in range(500)
    )
    start = Start(Account(id="4711", notes=notes))
    with ControlSocket(asked):
        assert control.ask(start).done
    assert asked.requests == [start]


def test_where_none_runs_there_is_one_clear_line(run: Run) -> None:
    for command in ("start", "stop", "status"):
        done = run("call", command)
        assert done == (1, "", f"agentassist: {control.NONE_RUNS}\n")


def test_none_answers_any_more_once_it_is_left() -> None:
    with ControlSocket(Asked()):
        control.ask(Status())
    with pytest.raises(ControlError, match="no `agentassist live` runs"):
        control.ask(Status())


def test_a_second_one_says_that_one_runs_and_the_first_goes_on() -> None:
    with ControlSocket(Asked()):
        with pytest.raises(ControlError, match="runs already"), ControlSocket(Asked()):
            pass
        assert control.ask(Status()).done


KILLED = """
import os, signal
from agentassist.control import ControlSocket, Reply
ControlSocket(lambda _: Reply("")).__enter__()
os.kill(os.getpid(), signal.SIGKILL)
"""


@ONLY_UNIX
def test_what_a_killed_program_left_behind_is_in_nobodys_way(folder: Path) -> None:
    subprocess.run([sys.executable, "-c", KILLED], check=False)
    assert (folder / "live.sock").exists()
    with pytest.raises(ControlError, match="no `agentassist live` runs"):
        control.ask(Status())
    with ControlSocket(Asked()):
        assert control.ask(Status()).done


@ONLY_UNIX
def test_key_socket_and_folder_are_the_users_alone(folder: Path) -> None:
    with ControlSocket(Asked()):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert stat.S_IMODE((folder / "live.key").stat().st_mode) == 0o600


def test_who_does_not_know_the_key_is_not_heard(folder: Path) -> None:
    asked = Asked()
    with ControlSocket(asked):
        key = folder / "live.key"
        true = key.read_bytes()
        key.write_bytes(b"x" * 32)
        with pytest.raises(ControlError, match="is not `agentassist live`"):
            control.ask(Stop())
        key.write_bytes(true)
        with Client(control.address(folder)) as talk:
            talk.send_bytes(msgspec.json.encode(Stop()))
        assert control.ask(Status()).done
    assert asked.requests == [Status()]


def test_who_connects_and_says_nothing_keeps_nobody_waiting(folder: Path) -> None:
    with ControlSocket(Asked()), Client(control.address(folder)), Client(control.address(folder)):
        assert control.ask(Status()).done


def test_a_pickle_is_bytes_like_any_other_and_not_understood(folder: Path) -> None:
    asked = Asked()
    with ControlSocket(asked), Client(control.address(folder)) as talk:
        key = (folder / "live.key").read_bytes()
        answer_challenge(talk, key)
        deliver_challenge(talk, key)
        talk.send({"type": "stop"})
        reply = msgspec.json.decode(talk.recv_bytes(), type=Reply)
    assert not reply.done
    assert reply.told.startswith("not understood")
    assert not asked.requests


def test_requests_are_answered_one_after_the_other() -> None:
    running, most = 0, 0
    lock = threading.Lock()

    def answer(_: Request) -> Reply:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        threading.Event().wait(0.02)
        with lock:
            running -= 1
        return Reply("done")

    with ControlSocket(answer):
        threads = [threading.Thread(target=control.ask, args=(Status(),)) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert most == 1


@ONLY_UNIX
def test_a_folder_that_others_may_look_into_is_closed_to_them(folder: Path) -> None:
    folder.mkdir(mode=0o755)
    folder.chmod(0o755)
    with ControlSocket(Asked()):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


@ONLY_UNIX
def test_a_folder_where_nothing_can_be_made_is_told_of(folder: Path) -> None:
    folder.write_text("a file")
    with pytest.raises(ControlError, match="can't be made"):
        control.ask(Status())


# The command


def test_the_command_says_who_is_on_the_line(run: Run, tmp_path: Path) -> None:
    asked = Asked()
    file = tmp_path / "dana.json"
    file.write_text('{"name": "Dana Cole", "balance": 482.10, "currency": "GBP"}')
    with ControlSocket(asked):
        assert run("call", "start", "--account", "4711").out == "Start it is\n"
        assert run("call", "start", "--account", file, "--number", "(020) 7946-0018").code == 0
        assert run("call", "start", "--direction", "outbound").code == 0
        refused = run("call", "stop")
        assert refused == (1, "", "agentassist: Stop it is\n")
        assert run("call", "status").out == "Status it is\n"
        told = run("call", "status", "--json").out
        assert msgspec.json.decode(told) == {"told": "Status it is", "done": True, "state": ""}
    numbered, filed, outbound = (r for r in asked.requests if isinstance(r, Start))
    assert numbered == Start(Account(id="4711"))
    assert filed.account is not None
    assert (filed.account.name, filed.number) == ("Dana Cole", "(020) 7946-0018")
    assert outbound.direction == "outbound"


@pytest.mark.parametrize(
    "arguments",
    [
        ("--account", "../etc/passwd"),
        ("--account", "4711\n"),
        ("--account", "x" * 65),
        ("--number", "1-800-FLOWERS"),
        ("--number", "0" * 33),
        ("--direction", "sideways"),
    ],
)
def test_what_can_be_no_account_number_or_direction_is_wrong_use(
    run: Run, arguments: tuple[str, ...]
) -> None:
    assert run("call", "start", *arguments).code == 2


def test_an_account_file_that_is_not_there_is_told_of(run: Run) -> None:
    done = run("call", "start", "--account", "nowhere.json")
    assert (done.code, done.err) == (
        1,
        "agentassist: nowhere.json: can't be read: No such file or directory\n",
    )


def test_a_link_says_the_same_as_the_command(run: Run) -> None:
    asked = Asked()
    link = "agentassist://call/start?account=4711&number=%2B44%2020%207946%200018&direction=inbound"
    with ControlSocket(asked):
        assert run("call", "open", f"{link}&objective=settle").code == 0
        assert run("call", "start", "--account", "4711", "--objective", "confirm").code == 0
    assert asked.requests == [
        Start(Account(id="4711"), "+44 20 7946 0018", "inbound", "settle"),
        Start(Account(id="4711"), objective="confirm"),
    ]
    assert request_of("agentassist://call/stop") == Stop()
    assert request_of("agentassist://call/start") == Start()


@pytest.mark.parametrize(
    "link",
    [
        "https://call/start",
        "agentassist://other/start",
        "agentassist://call/status",
        "agentassist://call/start?account=/home/ann/dana.json",
        "agentassist://call/start?account=1&account=2",
        "agentassist://call/start?file=x",
        "agentassist://call/start?number=%1b[31m",
        "agentassist://call/start?direction=sideways",
        "agentassist://call/start?objective=win",
        "agentassist://[call/start",
    ],
)
def test_any_other_link_is_wrong_use_and_none_reads_a_file(run: Run, link: str) -> None:
    done = run("call", "open", link)
    assert done.code == 2
    assert "\x1b" not in done.err


def test_another_process_asks_as_a_crm_would() -> None:
    program = "import sys; from agentassist.cli import main; main(sys.argv[1:])"
    with ControlSocket(Asked()):
        done = subprocess.run(
            [sys.executable, "-c", program, "call", "status"],
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ},
        )
    assert (done.returncode, done.stdout) == (0, "Status it is\n")


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the desktop keeps links otherwise")
def test_a_link_of_the_desktop_starts_the_call_once_it_is_registered(tmp_path: Path) -> None:
    program = Path(sys.executable).with_name("agentassist")
    own = {**os.environ, "XDG_DATA_HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)}

    def ran(*command: str) -> str:
        return subprocess.run(command, env=own, capture_output=True, text=True, check=True).stdout

    assert "begin and end calls" in ran(str(program), "call", "register")
    entry = configparser.RawConfigParser(strict=True)
    (file,) = (tmp_path / "applications").glob("*.desktop")
    entry.read(file)
    assert entry["Desktop Entry"]["mimetype"] == "x-scheme-handler/agentassist;"
    command = shlex.split(entry["Desktop Entry"]["exec"])
    asked = Asked()
    with ControlSocket(asked):
        link = "agentassist://call/start?account=4711"
        ran(*(link if part == "%u" else part for part in command))
    assert asked.requests == [Start(Account(id="4711"))]
    ran(str(program), "call", "register", "--remove")
    assert not file.exists()
