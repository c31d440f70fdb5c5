"""How other programs of this user start and end a live call: a socket on this machine alone.

A softphone, a CRM or `agentassist call` asks, the one `agentassist live` of the user answers. A
message is a line of JSON as bytes; nothing that comes is ever unpickled. Who may ask is who can
read the key file: the user.
"""

import os
import secrets
import stat
import sys
import threading
import warnings
from collections.abc import Callable
from contextlib import suppress
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client, Connection, Listener, answer_challenge
from multiprocessing.connection import deliver_challenge as challenge
from pathlib import Path
from types import TracebackType
from typing import Annotated, Any, Self, TypeAlias

import msgspec
import platformdirs
from filelock import FileLock, Timeout

from agentassist.account import Account
from agentassist.errors import MendableError
from agentassist.store import durable
from agentassist.vocabulary import Direction, Objective

PATIENCE = 5.0
"""Seconds in which an answer comes, or none does."""

_LONGEST = 4 * 1024 * 1024
"""Bytes of a message: an account may come with years of history."""

Number: TypeAlias = Annotated[str, msgspec.Meta(pattern=r"^[+0-9 ()./*#-]*\Z", max_length=32)]
"""A telephone number as people write it."""


class Start(msgspec.Struct, frozen=True, tag="start", omit_defaults=True):
    """A call begins now."""

    account: Account | None = None
    number: Number = ""
    """The other end's."""
    direction: Direction | None = None
    objective: Objective | None = None


class Stop(msgspec.Struct, frozen=True, tag="stop"):
    """The call is over."""


class Status(msgspec.Struct, frozen=True, tag="status"):
    """What is going on."""


Request: TypeAlias = Start | Stop | Status


class Reply(msgspec.Struct, frozen=True):
    """Whether it was done, and one line that says what or why not."""

    told: str
    done: bool = True
    state: str = ""
    """`ready`, `call` or `note`."""


Answer: TypeAlias = Callable[[Request], Reply]
_Talk: TypeAlias = "Connection[Any, Any]"

_requests: msgspec.json.Decoder[Request] = msgspec.json.Decoder(Request)
_replies = msgspec.json.Decoder(Reply)

NONE_RUNS = "no `agentassist live` runs here; start it, then ask again"


class ControlError(MendableError):
    """Nobody answers, or somebody else does; one line with the mend."""


class ControlSocket:
    """The socket of the one live program. A context manager: it answers from entering to leaving.

    Raises ControlError where another one answers already.
    """

    def __init__(self, answer: Answer) -> None:
        """`answer` is called in a thread of the socket's own, one request after the other."""
        self._answer = answer
        self._one = threading.Lock()
        self._closing = threading.Event()
        self._key = secrets.token_bytes(32)

    def __enter__(self) -> Self:
        folder = _own_folder()
        self._lock = FileLock(folder / "live.lock", mode=0o600, thread_local=False)
        try:
            self._lock.acquire(timeout=0)
        except Timeout:
            told = "`agentassist live` runs already; go to its window, or end it there"
            raise ControlError(told) from None
        try:
            # The lock is ours, so whoever made these is dead.
            with suppress(FileNotFoundError):
                _socket(folder).unlink()
            durable.replace(_key_file(folder), self._key)
            self._listener = Listener(address(folder), backlog=8)
        except OSError as error:
            self._lock.release()
            raise ControlError(
                f"{folder}: no socket can be made there: {error.strerror or error}"
            ) from None
        self._thread = threading.Thread(target=self._listen, name="control", daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._closing.set()
        with suppress(OSError):  # wakes the thread, which waits for somebody to ask
            Client(address(_own_folder())).close()
        self._thread.join(timeout=PATIENCE)
        with suppress(OSError):
            self._listener.close()
        self._lock.release()

    def _listen(self) -> None:
        while not self._closing.is_set():
            try:
                talk = self._listener.accept()
            except OSError:
                continue
            # In a thread each, so that one who asks nothing keeps nobody waiting.
            threading.Thread(target=self._serve, args=(talk,), name="asked", daemon=True).start()

    def _serve(self, talk: _Talk) -> None:
        with talk, suppress(OSError, EOFError, AuthenticationError, AssertionError):
            challenge(talk, self._key)
            answer_challenge(talk, self._key)
            talk.send_bytes(msgspec.json.encode(self._reply(talk.recv_bytes(_LONGEST))))

    def _reply(self, asked: bytes) -> Reply:
        try:
            request = _requests.decode(asked)
        except msgspec.DecodeError as error:
            return Reply(f"not understood: {error}", done=False)
        with self._one:
            return self._answer(request)


def ask(request: Request) -> Reply:
    """What the live program says to it. Raises ControlError where none runs, or it is silent."""
    folder = _own_folder()
    try:
        key = _key_file(folder).read_bytes()
        talk = Client(address(folder))
    except OSError:
        raise ControlError(NONE_RUNS) from None
    with talk:
        try:
            if talk.poll(PATIENCE):
                answer_challenge(talk, key)
                challenge(talk, key)
                talk.send_bytes(msgspec.json.encode(request))
                if talk.poll(PATIENCE):
                    return _replies.decode(talk.recv_bytes(_LONGEST))
        except (AuthenticationError, AssertionError, msgspec.DecodeError):
            raise ControlError("what answers is not `agentassist live`; end it there") from None
        except (OSError, EOFError):
            raise ControlError(NONE_RUNS) from None
    raise ControlError("`agentassist live` does not answer; look at its window")


def address(folder: Path) -> str:
    """Of the socket, or of the pipe on Windows."""
    if sys.platform == "win32":
        return rf"\\.\pipe\agentassist-{os.environ.get('USERNAME', 'user')}"
    return str(_socket(folder))


def _socket(folder: Path) -> Path:
    return folder / "live.sock"


def _key_file(folder: Path) -> Path:
    return folder / "live.key"


def _own_folder() -> Path:
    """The user's own folder for what lasts as long as a session. Raises ControlError."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it tells of every place that it does not take
        folder = platformdirs.user_runtime_path("agentassist", appauthor=False)
    try:
        durable.make_folder(folder)
        if sys.platform != "win32":
            found = folder.lstat()
            if found.st_uid != os.getuid() or not stat.S_ISDIR(found.st_mode):
                raise ControlError(f"{folder}: belongs to somebody else; set XDG_RUNTIME_DIR")
            if found.st_mode & 0o077:
                folder.chmod(0o700)
    except OSError as error:
        raise ControlError(f"{folder}: can't be made: {error.strerror}") from None
    return folder
