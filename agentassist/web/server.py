"""Serves the desk to a browser. Every request goes by the gate first; the pages are all ours."""

import asyncio
import logging
import signal
import socket
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from pathlib import Path

import jinja2
import msgspec
import textual_serve
from aiohttp import WSCloseCode, web

from agentassist.errors import ours
from agentassist.web import place
from agentassist.web.gate import Gate, RefusedError, Visit
from agentassist.web.place import Place
from agentassist.web.session import GRACE, DeskSession

MOST_DESKS = 4
"""That are open at a time, each a program of its own."""

_LARGEST = 256 * 1024
"""Bytes of one message from a tab, as of what is pasted."""

_HEARTBEAT = 15.0
"""Seconds after which a tab that says nothing is asked whether it is there."""

_PAGES = Path(__file__).parent / "pages"
_STATIC = Path(textual_serve.__file__).parent / "static"
_FILES = {
    "desk.css": _PAGES,
    "desk.js": _PAGES,
    "enter.js": _PAGES,
    "textual.js": _STATIC / "js",
    "xterm.css": _STATIC / "css",
    "RobotoMono-VariableFont_wght.ttf": _STATIC / "fonts",
    "RobotoMono-Italic-VariableFont_wght.ttf": _STATIC / "fonts",
}
"""All that is served beside the pages. Nothing comes from another host."""

_VISIT = web.RequestKey("visit", Visit)
_QUIET = logging.getLogger("textual-serve")
"""What aiohttp would log has addresses in it, and so tokens; faults are told by `tell` instead."""


class Look(msgspec.Struct, frozen=True):
    """Colours of the page around the desk, as CSS writes them."""

    ground: str
    text: str
    accent: str


class WebDesk:
    """What is served. `command` is the program behind each tab."""

    def __init__(
        self, gate: Gate, command: Sequence[str], look: Look, tell: Callable[[str], None]
    ) -> None:
        """`tell` is for lines to whoever started the server."""
        self._gate = gate
        self._command = command
        self._tell = tell
        self._desks: set[web.WebSocketResponse] = set()
        self._socket_url = gate.origin.replace("http", "ws", 1) + "/desk/"
        self._headers = _headers(self._socket_url)
        pages = jinja2.Environment(loader=jinja2.FileSystemLoader(_PAGES), autoescape=True)
        pages.globals |= {"look": look, "socket": self._socket_url}
        self._pages = pages

    def app(self) -> web.Application:
        app = web.Application(middlewares=[self._at_gate])
        app.router.add_get("/", self._page, allow_head=False)
        app.router.add_get("/desk/{key}", self._desk, allow_head=False)
        app.router.add_get("/static/{name}", self._file, allow_head=False)
        app.on_response_prepare.append(self._add_headers)
        app.on_shutdown.append(self._end)
        return app

    @web.middleware
    async def _at_gate(
        self, request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        try:
            is_page, is_socket = request.path == "/", request.path.startswith("/desk/")
            self._gate.check_sender(request.headers, is_page=is_page, is_socket=is_socket)
            cookie = request.cookies.get(self._gate.cookie, "")
            if is_page and (token := request.query.get("token")) is not None:
                return self._enter(request, token, cookie)
            request[_VISIT] = self._gate.visit(cookie)
            return await handler(request)
        except RefusedError as refused:
            return web.Response(status=refused.status, text=f"{refused}\n")
        except web.HTTPException:
            raise
        except Exception as error:  # noqa: BLE001 - told without its words, which may be a call's
            self._tell(f"agentassist: {ours(error)} in the web server")
            return web.Response(status=500, text="A fault of ours.\n")

    def _enter(self, request: web.Request, token: str, cookie: str) -> web.StreamResponse:
        """A page that keeps the key and goes on to the desk by itself, without the token.

        A redirect by status would not do: where another page or program opened the link, the
        browser holds a strict cookie back until a page of ours asks.
        """
        is_guess = request.method != "GET" or "prefetch" in request.headers.get("Sec-Purpose", "")
        if is_guess:
            raise RefusedError(403, "A link is opened, not fetched ahead.")
        try:
            visit = self._gate.enter(token)
        except RefusedError:
            if self._gate.knows(cookie):  # whose link it was goes on, as before
                raise web.HTTPSeeOther("/") from None
            raise
        response = self._rendered("enter.html", key=visit.key)
        is_secure = self._gate.origin.startswith("https:")
        response.set_cookie(
            self._gate.cookie, visit.cookie, httponly=True, samesite="Strict", secure=is_secure
        )
        self._tell(f"Opened in a browser. For another one: {self._gate.link}")
        return response

    async def _page(self, request: web.Request) -> web.StreamResponse:
        if request.query:
            raise web.HTTPSeeOther("/")
        return self._rendered("desk.html")

    async def _file(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["name"]
        if name not in _FILES:
            raise web.HTTPNotFound
        return web.FileResponse(_FILES[name] / name)

    async def _desk(self, request: web.Request) -> web.StreamResponse:
        self._gate.check_key(request[_VISIT], request.match_info["key"])
        tab = web.WebSocketResponse(heartbeat=_HEARTBEAT, max_msg_size=_LARGEST)
        await tab.prepare(request)
        if len(self._desks) >= MOST_DESKS:
            told = f"{MOST_DESKS} desks are open already; close one, and open this one again."
            await tab.send_json(["fault", told])
            await tab.close()
            return tab
        self._desks.add(tab)
        try:
            size = (_cells(request, "width", 80), _cells(request, "height", 24))
            await DeskSession(self._command, tab).attend(*size)
        finally:
            self._desks.discard(tab)
        return tab

    def _rendered(self, name: str, **told: str) -> web.Response:
        text = self._pages.get_template(name).render(told)
        return web.Response(text=text, content_type="text/html")

    async def _add_headers(self, _: web.Request, response: web.StreamResponse) -> None:
        response.headers.update(self._headers)

    async def _end(self, _: web.Application) -> None:
        closing = [tab.close(code=WSCloseCode.GOING_AWAY) for tab in self._desks]
        await asyncio.gather(*closing, return_exceptions=True)


def serve(
    where: Place,
    command: Sequence[str],
    look: Look,
    ready: Callable[[str], None],
    tell: Callable[[str], None],
) -> None:
    """Until it is told to end, by Ctrl+C or a signal. Raises MendableError.

    `ready` is called once, from a thread, with the link.
    """
    place.origin(where, 0)  # what is wrong with it is told before anything listens
    with place.bind(where) as bound:
        port = bound.getsockname()[1]
        gate = Gate(place.origin(where, port), place.hosts(where, port))
        desk = WebDesk(gate, command, look, tell)
        with suppress(KeyboardInterrupt):
            asyncio.run(_serve(desk.app(), bound, lambda: ready(gate.link)))


async def _serve(app: web.Application, bound: socket.socket, ready: Callable[[], None]) -> None:
    _QUIET.propagate = False
    _QUIET.addHandler(logging.NullHandler())
    runner = web.AppRunner(app, access_log=None, logger=_QUIET, shutdown_timeout=GRACE + 2)
    await runner.setup()
    try:
        await web.SockSite(runner, bound).start()
        ended = _on_signals()
        await asyncio.to_thread(ready)
        await ended.wait()
    finally:
        await runner.cleanup()


def _on_signals() -> asyncio.Event:
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        # Windows has Ctrl+C alone, which interrupts.
        with suppress(AttributeError, NotImplementedError):
            loop.add_signal_handler(getattr(signal, name), ended.set)
    return ended


def _headers(socket_url: str) -> dict[str, str]:
    ours = {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self' 'unsafe-inline'",  # xterm.js writes its sizes and colours so
        "font-src": "'self'",
        "img-src": "data:",
        "connect-src": socket_url,
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
    }
    return {
        "Content-Security-Policy": "; ".join(f"{kind} {whose}" for kind, whose in ours.items()),
        "Cache-Control": "no-store",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Referrer-Policy": "no-referrer",
        "Server": "agentassist",
        "X-Content-Type-Options": "nosniff",
    }


def _cells(request: web.Request, name: str, usual: int) -> int:
    told = request.query.get(name, "")
    return int(told) if told.isascii() and told.isdecimal() and len(told) < 5 else usual
