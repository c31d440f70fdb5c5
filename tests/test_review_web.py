"""`agentassist review --web`, whole: started as a user starts it, opened in a real Chromium."""

import http.client
import http.server
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import pytest
from filed_calls import a_call
from playwright.sync_api import Browser, Page, WebSocket, expect

from agentassist.archive.filing import file_call
from agentassist.archive.opening import open_file
from agentassist.archive.tables import reviews
from tests.browser import chromium

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals that Windows has not")

ESCAPES = re.compile(rb"\x1b(\[[0-?]*[ -/]*[@-~]|\][^\x07]*\x07|[@-Z])")
PATIENCE = 30.0
HANDSHAKE = {
    "Upgrade": "websocket",
    "Connection": "Upgrade",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "MDEyMzQ1Njc4OTAxMjM0NQ==",
}


def until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)


class Served:
    """The program, serving an archive of one call."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        self.db = folder / "archive.sqlite"
        self._out, self._err = folder / "out", folder / "err"
        archive = open_file(self.db)
        file_call(archive, a_call("monday"))
        archive.close()
        command = [sys.executable, "-m", "agentassist", "review", "--web", "--db", str(self.db)]
        environment = {**os.environ, "XDG_DATA_HOME": str(folder), "BROWSER": "echo opens %s"}
        with self._out.open("w") as out, self._err.open("w") as err:
            self.process = subprocess.Popen(
                [*command, *arguments], stdout=out, stderr=err, env=environment
            )
        until(lambda: "Ctrl+C" in self.told or self.process.poll() is not None)
        assert self.process.poll() is None, self.errors

    @property
    def told(self) -> str:
        return self._out.read_text()

    @property
    def errors(self) -> str:
        return self._err.read_text()

    @property
    def link(self) -> str:
        """The last one that was printed."""
        return str(re.findall(r"http\S+", self.told)[-1])

    @property
    def address(self) -> str:
        return "http://" + urlsplit(self.link).netloc

    def desks(self) -> list[str]:
        """The programs behind tabs, as everybody on this machine sees them: number and words."""
        listed = subprocess.check_output(["ps", "-ww", "-eo", "pid,args"], text=True)
        lines = [line.strip() for line in listed.splitlines() if str(self.db) in line]
        return [line for line in lines if "--web" not in line]

    def reviews(self) -> list[tuple[str, str]]:
        archive = open_file(self.db)
        with archive.reading() as connection:
            found = [(row.moment, row.kind) for row in connection.execute(reviews.select())]
        archive.close()
        return found

    def end(self, by: signal.Signals = signal.SIGINT) -> int:
        if self.process.poll() is None:
            self.process.send_signal(by)
        try:
            return self.process.wait(timeout=PATIENCE)
        finally:
            self.process.kill()


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    text: str


class Visitor:
    """A client that can say anything. `cookie` is that of the browser it plays."""

    def __init__(self, served: Served) -> None:
        self.served = served
        self.cookie = ""

    def get(self, path: str, **headers: str) -> Answer:
        with self._asked(path, headers) as answer:
            text = "" if answer.status == 101 else answer.read().decode()
            return Answer(answer.status, dict(answer.headers), text)

    @contextmanager
    def desk(self, key: str) -> Iterator[Callable[[bytes], None]]:
        """A desk without a browser; waits until it shows these words."""
        opens = {"Origin": self.served.address, **HANDSHAKE}
        with self._asked(f"/desk/{key}", opens) as answer:
            assert answer.status == 101

            def shows(words: bytes) -> None:
                shown = b""
                while words not in ESCAPES.sub(b"", shown):
                    said = answer.fp.read1()
                    assert said
                    shown += said

            yield shows

    @contextmanager
    def _asked(self, path: str, headers: dict[str, str]) -> Iterator[http.client.HTTPResponse]:
        place = urlsplit(self.served.link)
        connection = http.client.HTTPConnection(place.hostname or "", place.port, timeout=PATIENCE)
        told = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.cookie:
            told["Cookie"] = self.cookie
        connection.request("GET", path, headers=told)
        with closing(connection), connection.getresponse() as answer:
            yield answer

    def enter(self) -> tuple[Answer, str]:
        """By the link; the key of the desk."""
        answer = self.get("/?" + urlsplit(self.served.link).query)
        self.cookie = answer.headers["Set-Cookie"].partition(";")[0]
        key = re.search(r'data-key="([^"]+)"', answer.text)
        assert key
        return answer, key[1]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    program = Served(tmp_path_factory.mktemp("served"))
    yield program
    program.end()


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[..., Served]]:
    """Starts one of the test's own."""
    with ExitStack() as ending:

        def start(*arguments: str) -> Served:
            program = Served(tmp_path, *arguments)
            ending.callback(program.end)
            return program

        yield start


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


class _Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()

    def log_message(self, *told: object) -> None:
        pass


@pytest.fixture
def elsewhere() -> Iterator[int]:
    """The port of somebody else's server on this machine."""
    with http.server.HTTPServer(("127.0.0.1", 0), _Page) as other:
        threading.Thread(target=other.serve_forever, daemon=True).start()
        yield other.server_port
        other.shutdown()


ROUTES = ["/", "/desk/key", "/static/textual.js", "/static/", "/ws", "/download/key", "/other"]


@pytest.mark.parametrize("path", ROUTES)
def test_a_stranger_is_told_one_line_and_nothing_else(served: Served, path: str) -> None:
    answer = Visitor(served).get(path, Origin=served.address, **HANDSHAKE)
    assert answer.status == 401
    assert answer.text.count("\n") == 1
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_link_gives_a_cookie_that_scripts_and_other_sites_do_not_get(served: Served) -> None:
    used = served.link
    visitor = Visitor(served)
    answer, _ = visitor.enter()
    assert {"HttpOnly", "SameSite=Strict", "Path=/"} <= set(
        answer.headers["Set-Cookie"].split("; ")
    )
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert visitor.get("/").status == 200
    assert Visitor(served).get("/?" + urlsplit(used).query).status == 403
    until(lambda: served.link != used)


def test_every_answer_forbids_other_hosts_frames_and_caches(served: Served) -> None:
    visitor = Visitor(served)
    visitor.enter()
    for path in ROUTES:
        headers = visitor.get(path).headers
        policy = dict(rule.split(" ", 1) for rule in headers["Content-Security-Policy"].split("; "))
        assert policy.pop("connect-src") == served.address.replace("http", "ws") + "/desk/"
        sources = {source for rule in policy.values() for source in rule.split()}
        assert sources == {"'none'", "'self'", "'unsafe-inline'", "data:"}
        assert policy["frame-ancestors"] == policy["default-src"] == "'none'"
        assert policy["script-src"] == "'self'"
        assert headers["Cache-Control"] == "no-store"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"


def test_nothing_is_served_but_the_desk_and_its_files(served: Served) -> None:
    visitor = Visitor(served)
    visitor.enter()
    for path in ("/static/", "/static/..%2fdesk.html", "/ws", "/download/key"):
        assert visitor.get(path).status == 404


def test_the_right_cookie_opens_no_desk_without_its_key_or_for_a_page_of_others(
    served: Served,
) -> None:
    visitor = Visitor(served)
    _, key = visitor.enter()
    ours, place = served.address, f"/desk/{key}"
    port = urlsplit(ours).port
    assert visitor.get(place, Origin=f"http://127.0.0.1:{port}1", **HANDSHAKE).status == 403
    assert visitor.get(place, **HANDSHAKE).status == 403
    assert visitor.get(place, Origin=ours, Host=f"evil.example:{port}", **HANDSHAKE).status == 403
    assert visitor.get("/", Host=f"evil.example:{port}").status == 403
    assert visitor.get("/desk/guess", Origin=ours, **HANDSHAKE).status == 403
    with visitor.desk(key):
        until(lambda: bool(served.desks()))
    until(lambda: not served.desks())


def opened(browser: Browser, place: str) -> tuple[Page, list[bytes], list[str]]:
    """A page in a browser of its own, what its terminal was told, and whom it asked for what."""
    page = browser.new_context(viewport={"width": 800, "height": 520}).new_page()
    shown: list[bytes] = []
    asked: list[str] = []

    def listen(socket: WebSocket) -> None:
        asked.append(socket.url)
        socket.on("framereceived", see)

    def see(said: bytes | str) -> None:
        if isinstance(said, bytes):
            shown.append(said)

    page.on("websocket", listen)
    page.on("request", lambda request: asked.append(request.url))
    page.on("requestfailed", lambda request: asked.append(f"failed: {request.url}"))
    page.on("pageerror", lambda error: asked.append(f"fault: {error}"))
    page.goto(place)
    return page, shown, asked


def shows(page: Page, shown: list[bytes], words: bytes) -> None:
    """Waits until the terminal was told these words."""
    deadline = time.monotonic() + PATIENCE
    while words not in ESCAPES.sub(b"", b"".join(shown)):
        assert time.monotonic() < deadline
        page.wait_for_timeout(50)


@pytest.mark.slow
def test_a_moment_is_agreed_to_in_a_browser_that_asks_nobody_else(
    served: Served, browser: Browser
) -> None:
    token = urlsplit(served.link).query.partition("=")[2]
    page, shown, asked = opened(browser, served.link)
    shows(page, shown, b"That's not my problem")
    assert page.url == f"{served.address}/"
    assert page.evaluate("document.fonts.check('16px \"Roboto Mono\"')")
    assert page.evaluate("document.cookie") == ""
    (program,) = served.desks()
    assert token not in program
    queue = page.screenshot()
    page.keyboard.press("Enter")
    shows(page, shown, b"I could do forty pounds a month")
    assert page.screenshot() != queue
    page.keyboard.press("a")
    until(lambda: served.reviews() == [("monday/c1", "agree")])
    page.close()
    until(lambda: not served.desks())
    ours = urlsplit(served.address).netloc
    assert {urlsplit(url).netloc for url in asked} == {ours}
    assert not any(token in url for url in asked[1:])
    assert token not in served.errors


@pytest.mark.slow
def test_a_page_of_another_port_gets_no_desk_even_with_the_cookie_and_the_key(
    served: Served, browser: Browser, elsewhere: int
) -> None:
    visitor = Visitor(served)
    _, key = visitor.enter()
    name, _, value = visitor.cookie.partition("=")
    context = browser.new_context()
    context.add_cookies([{"name": name, "value": value, "url": served.address}])
    page = context.new_page()
    page.goto(f"http://127.0.0.1:{elsewhere}/")
    tried = """place => new Promise(tell => {
        const socket = new WebSocket(place);
        socket.onopen = () => tell("open");
        socket.onerror = () => tell("refused");
    })"""
    assert page.evaluate(tried, f"{served.address.replace('http', 'ws')}/desk/{key}") == "refused"
    assert not served.desks()
    context.close()


@pytest.mark.slow
def test_a_desk_that_ends_says_so_and_opens_again(served: Served, browser: Browser) -> None:
    page, shown, _ = opened(browser, served.link)
    shows(page, shown, b"Enter")
    page.keyboard.press("q")
    expect(page.get_by_role("alert")).to_contain_text("This desk is closed", timeout=PATIENCE * 1e3)
    expect(page.locator(".textual-terminal")).to_be_hidden()
    shown.clear()
    page.keyboard.press("Enter")
    shows(page, shown, b"Enter")
    expect(page.get_by_role("alert")).to_be_hidden()
    page.close()


@pytest.mark.slow
def test_it_opens_the_users_browser_when_asked_and_tells_nobody_the_token(
    serve: Callable[..., Served], browser: Browser
) -> None:
    served = serve("--browser")
    until(lambda: "opens file:" in served.told)
    found = re.search(r"opens (file:\S+)", served.told)
    assert found
    file = Path(urlsplit(found[1]).path)
    assert file.stat().st_mode & 0o077 == 0
    page, shown, _ = opened(browser, found[1])
    shows(page, shown, b"That's not my problem")
    assert page.url == f"{served.address}/"
    assert served.end(signal.SIGTERM) == 0
    assert not served.desks()
    assert not file.exists()
    assert served.errors == ""
    expect(page.get_by_role("alert")).to_be_visible()
    page.close()


@pytest.mark.slow
def test_no_desk_is_left_when_the_server_is_killed(serve: Callable[..., Served]) -> None:
    served = serve()
    visitor = Visitor(served)
    _, key = visitor.enter()
    with visitor.desk(key) as shows_:
        shows_(b"That's not my problem")
        assert len(served.desks()) == 1
        served.end(signal.SIGKILL)
        until(lambda: not served.desks())
