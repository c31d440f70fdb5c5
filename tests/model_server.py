"""A web server with one file and a small list: ranges, redirects, cut connections, a proxy."""

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class ModelServer(ThreadingHTTPServer):
    """Serves `content` at any path but `/moved` and `/list.json`; also asked as a proxy."""

    daemon_threads = True

    def __init__(self, content: bytes) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.content = content
        self.listed: list[dict[str, Any]] = []
        self.ranges = True
        self.says_length = True
        self.cuts: list[int] = []
        """Bytes after which the next answers break off."""
        self.statuses: list[int] = []
        """What the next requests are answered with."""
        self.asked: list[tuple[str, str]] = []
        """Path and range of every request."""
        self.hold: threading.Event | None = None
        """What a broken-off answer waits for before the connection ends."""

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    @contextmanager
    def running(self) -> Iterator["ModelServer"]:
        thread = threading.Thread(target=self.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield self
        finally:
            self.shutdown()
            self.server_close()
            thread.join()


class _Handler(BaseHTTPRequestHandler):
    server: ModelServer

    def do_GET(self) -> None:
        server = self.server
        server.asked.append((self.path, self.headers.get("Range", "")))
        if server.statuses:
            self._answer(server.statuses.pop(0), b"<h1>not now</h1>")
        elif self.path == "/moved":
            self._answer(302, b"", {"Location": "/model.zip"})
        elif self.path == "/list.json":
            self._answer(200, json.dumps(server.listed).encode())
        else:
            self._content(server)

    def _content(self, server: ModelServer) -> None:
        wanted = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
        if not (wanted and server.ranges):
            self._answer(200, server.content)
            return
        start, size = int(wanted[1]), len(server.content)
        if start >= size:
            self._answer(416, b"", {"Content-Range": f"bytes */{size}"})
            return
        told = {"Content-Range": f"bytes {start}-{size - 1}/{size}"}
        self._answer(206, server.content[start:], told)

    def _answer(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        if self.server.says_length:
            self.send_header("Content-Length", str(len(body)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        sent = body
        if status in {200, 206} and self.path != "/list.json" and self.server.cuts:
            sent = body[: self.server.cuts.pop(0)]
        self.wfile.write(sent)
        self.wfile.flush()
        if len(sent) < len(body) and self.server.hold:
            self.server.hold.wait(120)
        self.close_connection = True

    def log_message(self, *_: object) -> None:
        """Says nothing."""
