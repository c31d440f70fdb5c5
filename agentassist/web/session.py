"""One desk behind one tab: a program of its own, which ends when the tab or the server does."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Sequence
from contextlib import suppress

import msgspec
from aiohttp import WSMsgType
from aiohttp.web import WebSocketResponse
from textual_serve.app_service import AppService
from textual_serve.download_manager import DownloadManager

GRACE = 4.0
"""Seconds in which a desk may write what it has not written yet, before it is killed."""

_TOLD = 8192
"""Bytes that are kept of what a desk says on standard error."""

_WIDTHS, _HEIGHTS = (20, 500), (5, 300)


class DeskSession(AppService):
    """Speaks Textual's protocol with the program, and with the tab through its socket."""

    def __init__(self, arguments: Sequence[str], socket: WebSocketResponse) -> None:
        super().__init__(
            "",
            write_bytes=socket.send_bytes,
            write_str=socket.send_str,
            close=self._close,
            download_manager=DownloadManager(),
        )
        self._arguments = arguments
        self._socket = socket
        self._is_stopping = False
        self._told = b""

    async def attend(self, width: int, height: int) -> None:
        """Until the tab or the program ends; both have ended then. Sizes are in cells."""
        try:
            await self.start(_within(width, _WIDTHS), _within(height, _HEIGHTS))
            async for message in self._socket:
                if message.type is WSMsgType.TEXT:
                    await self._heard(message.data)
        finally:
            await self.stop()

    async def stop(self) -> None:
        """Nothing of it is left afterwards."""
        self._is_stopping = True
        if self._task is None:
            return
        self.stdin.close()
        await asyncio.wait([self._task], timeout=GRACE)
        if not self._task.done():
            self._kill()
        await self._task
        self._task = None

    async def run(self) -> None:
        assert self._process is not None
        telling = asyncio.create_task(self._read_told())
        await super().run()
        failed = await self._process.wait()
        await telling
        if failed and not self._is_stopping:
            with suppress(ConnectionError):
                await self._socket.send_json(["fault", _last_line(self._told)])
        await self._close()

    async def on_data(self, payload: bytes) -> None:
        # What a tab that is gone does not get must be read all the same, or the program waits.
        with suppress(ConnectionError):
            await super().on_data(payload)

    async def on_meta(self, data: bytes) -> None:
        """The program asks for its end only: no file is sent and no address opened."""
        del data

    async def on_packed(self, payload: bytes) -> None:
        del payload

    async def _open_app_process(self, width: int = 80, height: int = 24) -> Process:
        environment = self._build_environment(width, height)
        environment["TEXTUAL_DRIVER"] = "agentassist.web.driver:DeskDriver"
        self._process = process = await asyncio.create_subprocess_exec(
            *self._arguments,
            stdin=PIPE,
            stdout=PIPE,
            stderr=PIPE,
            env=environment,
            start_new_session=True,  # Ctrl+C is for the server, which ends its desks in order
        )
        self._stdin, self._stderr = process.stdin, process.stderr
        process.stderr = asyncio.StreamReader()  # ours to read; else it is printed as it is
        process.stderr.feed_eof()
        return process

    async def _read_told(self) -> None:
        assert self._stderr is not None
        while said := await self._stderr.read(4096):
            self._told = (self._told + said)[-_TOLD:]

    async def _heard(self, text: str) -> None:
        try:
            said = msgspec.json.decode(text)
        except msgspec.DecodeError:
            return
        match said:
            case ["stdin", str(typed)]:
                await self.send_bytes(typed.encode("utf-8", "replace"))
            case ["resize", {"width": int(width), "height": int(height)}]:
                await self.set_terminal_size(_within(width, _WIDTHS), _within(height, _HEIGHTS))
            case ["ping", str(at)]:
                await self._socket.send_json(["pong", at])
            case ["focus", *_]:
                await self.focus()
            case ["blur", *_]:
                await self.blur()

    async def _close(self) -> None:
        with suppress(ConnectionError):
            await self._socket.close()

    def _kill(self) -> None:
        assert self._process is not None
        with suppress(ProcessLookupError):
            if sys.platform == "win32":
                self._process.kill()
            else:
                os.killpg(self._process.pid, signal.SIGKILL)


def _within(cells: int, limits: tuple[int, int]) -> int:
    least, most = limits
    return max(least, min(cells, most))


def _last_line(told: bytes) -> str:
    """What the program said last of its own failure, without anything that a terminal obeys."""
    lines = told.decode("utf-8", "replace").splitlines()
    ours = [line for line in lines if line.startswith("agentassist: ")]
    line = ours[-1] if ours else "agentassist: the desk ended by a fault of ours"
    return "".join(letter for letter in line if letter.isprintable())
