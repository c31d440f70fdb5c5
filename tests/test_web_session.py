"""Programs behind tabs, with small ones in the desk's place that do what the desk never should."""

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any, cast

import aiohttp
import pytest
from aiohttp import ClientWebSocketResponse, web
from filed_calls import a_call
from screen_calls import shown as shown_screen
from screen_calls import until as until_shown

from agentassist.archive.desk import ArchiveDesk
from agentassist.archive.filing import file_call
from agentassist.archive.opening import open_file
from agentassist.audio import excerpt
from agentassist.commands import desk
from agentassist.reviewing import Filters, Opened, Person, Reviewing, ReviewKind
from agentassist.store.seen import SeenFile
from agentassist.tui.messages import LeaveWanted
from agentassist.tui.review.app import ReviewApp
from agentassist.tui.review.queue import QueueScreen
from agentassist.web import place, server, session
from agentassist.web.gate import Gate
from agentassist.web.place import Place

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="process groups")

LOOK = server.Look("#000", "#fff", "#00f")
BEGUN = """
import os, subprocess, sys, time
def show(said):
    os.write(1, b"D" + len(said).to_bytes(4, "big") + said)
os.write(1, b"__GANGLION__\\n")
"""
ECHO = BEGUN + "show(os.environ['COLUMNS'].encode())\nwhile said := os.read(0, 9999): show(said)"
DEAF = (
    BEGUN
    + "child = subprocess.Popen(['sleep', '60'])\nshow(b'%d %d' % (os.getpid(), child.pid))\n"
    + "time.sleep(60)"
)
FAILS = (
    r"print('a trace', 'agentassist: no \x1b[31marchive', file=__import__('sys').stderr, sep='\n')"
)


class Tabs:
    """A browser that was let in. `open` gives a new tab."""

    def __init__(self, browser: aiohttp.ClientSession, socket_url: str) -> None:
        self._browser = browser
        self._url = socket_url

    def open(self, size: str = "") -> Any:
        origin = self._url.replace("ws", "http", 1).partition("/desk")[0]
        return self._browser.ws_connect(self._url + size, headers={"Origin": origin})


@asynccontextmanager
async def tabs(program: str) -> AsyncIterator[Tabs]:
    """Served with this program in the desk's place."""
    told: list[str] = []
    with place.bind(Place()) as bound:
        gate = Gate(
            origin := place.origin(Place(), bound.getsockname()[1]), [place.authority(origin)]
        )
        visit = gate.enter(gate.link.partition("token=")[2])
        command = [sys.executable, "-S", "-c", program]
        runner = web.AppRunner(server.WebDesk(gate, command, LOOK, told.append).app())
        await runner.setup()
        try:
            await web.SockSite(runner, bound).start()
            async with aiohttp.ClientSession(cookies={gate.cookie: visit.cookie}) as browser:
                yield Tabs(browser, f"{origin.replace('http', 'ws')}/desk/{visit.key}")
        finally:
            await runner.cleanup()
    assert told == []


async def shown(tab: ClientWebSocketResponse) -> bytes:
    return await tab.receive_bytes(timeout=10)


async def until(holds: Callable[[], bool]) -> None:
    for _ in range(500):
        if holds():
            return
        await asyncio.sleep(0.02)
    pytest.fail("it never came")


def runs(pid: int) -> bool:
    """Whether it runs; one that ended and is not asked after does not."""
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, check=False)
    return bool(state.stdout.strip()) and not state.stdout.startswith(b"Z")


async def test_no_more_than_four_desks_are_open_and_the_fifth_is_told_why() -> None:
    async with tabs(ECHO) as browser, AsyncExitStack() as open_ones:
        for _ in range(4):
            tab = await open_ones.enter_async_context(browser.open())
            assert await shown(tab)
        async with browser.open() as fifth:
            assert "4 desks are open" in json.loads(await fifth.receive_str())[1]
            assert (await fifth.receive()).type is aiohttp.WSMsgType.CLOSE
        await tab.close()
        async with asyncio.timeout(10):
            while True:
                async with browser.open() as again:
                    if (await again.receive()).type is aiohttp.WSMsgType.BINARY:
                        return


async def test_a_program_that_does_not_end_by_itself_is_killed_with_all_it_started(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(session, "GRACE", 0.1)
    async with tabs(DEAF) as browser:
        async with browser.open() as tab:
            pids = [int(pid) for pid in (await shown(tab)).split()]
            assert all(map(runs, pids))
        await until(lambda: not any(map(runs, pids)))


async def test_programs_end_with_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "GRACE", 0.1)
    async with tabs(DEAF) as browser:
        tab = await browser.open()
        pids = [int(pid) for pid in (await shown(tab)).split()]
    assert not any(map(runs, pids))


async def test_a_program_that_fails_is_told_in_the_tab_by_its_own_words_alone() -> None:
    async with tabs(FAILS + "; raise SystemExit(1)") as browser, browser.open() as tab:
        assert json.loads(await tab.receive_str(timeout=10)) == [
            "fault",
            "agentassist: no [31marchive",
        ]
        assert (await tab.receive(timeout=10)).type is aiohttp.WSMsgType.CLOSE


async def test_a_program_that_fails_without_a_word_is_told_too() -> None:
    async with tabs("1 / 0") as browser, browser.open() as tab:
        assert "by a fault of ours" in json.loads(await tab.receive_str(timeout=10))[1]


async def test_what_a_tab_sends_is_bounded_and_what_is_not_understood_is_passed_over() -> None:
    async with tabs(ECHO) as browser, browser.open("?width=99999&height=x") as tab:
        assert await shown(tab) == b"80"
        for said in ("{", "[]", '["quit"]', '["resize", {"width": "1"}]', '["stdin", 1]'):
            await tab.send_str(said)
        await tab.send_str('["resize", {"width": 1000000, "height": -1}]')
        assert b'"width": 500, "height": 5' in await shown(tab)
        await tab.send_str('["ping", "7"]')
        assert await tab.receive_json(timeout=10) == ["pong", "7"]
        await tab.send_str("x" * 300_000)
        assert (await tab.receive(timeout=10)).type is aiohttp.WSMsgType.CLOSE


class Slow:
    """A store that takes a while to write."""

    def __init__(self, desk: ArchiveDesk) -> None:
        self._desk = desk

    def __getattr__(self, name: str) -> Any:
        return getattr(self._desk, name)

    def add(self, moment: str, kind: ReviewKind, text: str = "") -> Opened:
        time.sleep(0.2)
        return self._desk.add(moment, kind, text)


async def test_what_was_judged_is_written_before_a_desk_leaves_without_its_tab(
    tmp_path: Path,
) -> None:
    archive = open_file(tmp_path / "archive.sqlite")
    for call in ("monday", "tuesday"):
        file_call(archive, a_call(call))
    owner = ArchiveDesk(archive, Person("sue", "Sue", "owner"), desk.now)
    seen = SeenFile(tmp_path / "seen")
    app = ReviewApp(cast("Reviewing", Slow(owner)), excerpt.play, desk.now, seen)
    async with app.run_test() as pilot:
        await shown_screen(pilot, QueueScreen)
        await until_shown(pilot, lambda: len(app.sitting.queue.moments) == 2)
        for moment in app.sitting.queue.moments:
            app.sitting.say(moment, "agree")
        app.post_message(LeaveWanted())
        await until_shown(pilot, lambda: app._exit)
    found = [each.standing for each in owner.page(Filters(standing="")).moments]
    assert found == ["agreed", "agreed"]
    archive.close()
