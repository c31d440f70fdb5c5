"""Who may come in from a browser: a link that is good once, and the session that it gives.

The link is good once because it stays behind where others may read it: in the history of a
browser, in the log of a proxy. Whoever finds it there finds it used.

A cookie alone opens no desk: browsers send the cookies of 127.0.0.1 to every port of it, so to
servers of others on a shared machine. The session's key is kept where only our pages get at it.
"""

import hmac
import secrets
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

MOST_WRONG = 10
"""Wrong tokens within `WITHIN` after which no token is taken until that is over."""

WITHIN = 60.0
"""Seconds."""

_STRANGER = "Open the link that agentassist printed; each link opens one browser, once."


class RefusedError(Exception):
    """A request that is not answered. Its text is one plain line for who made it."""

    def __init__(self, status: int, line: str) -> None:
        super().__init__(line)
        self.status = status


class Visit(NamedTuple):
    """What one browser was given; both are secrets."""

    cookie: str
    key: str


class Gate:
    """Every request goes by here. `origin` is `scheme://host[:port]` as a browser writes it."""

    def __init__(
        self, origin: str, hosts: Iterable[str], clock: Callable[[], float] = time.monotonic
    ) -> None:
        """`hosts` are what the Host header may say. `clock` gives seconds."""
        self.origin = origin
        # Other servers of this host have cookies too, and so had earlier ones at this port.
        self.cookie = f"agentassist-{secrets.token_hex(4)}"
        self._hosts = frozenset(hosts)
        self._clock = clock
        self._token = secrets.token_urlsafe(32)
        self._visits: list[Visit] = []
        self._wrong: deque[float] = deque(maxlen=MOST_WRONG)

    @property
    def link(self) -> str:
        """The one that is good now."""
        return f"{self.origin}/?token={self._token}"

    def check_sender(self, headers: Mapping[str, str], *, is_page: bool, is_socket: bool) -> None:
        """Raises RefusedError where the request was made by a page of somebody else."""
        if headers.get("Host", "").lower() not in self._hosts:
            raise RefusedError(403, "Nothing is served under this name.")
        origin = headers.get("Origin")
        is_foreign = origin != self.origin and (origin is not None or is_socket)
        fetched = headers.get("Sec-Fetch-Site", "")
        if is_foreign or (fetched in ("cross-site", "same-site") and not is_page):
            raise RefusedError(403, "This is not for pages of others.")

    def enter(self, token: str) -> Visit:
        """Gives a browser its session; the link is used up then. Raises RefusedError."""
        now = self._clock()
        if len(self._wrong) == MOST_WRONG and now - self._wrong[0] < WITHIN:
            raise RefusedError(429, "Too many wrong links; try again in a minute.")
        if not _same(token, self._token):
            self._wrong.append(now)
            raise RefusedError(403, _STRANGER)
        self._token = secrets.token_urlsafe(32)
        visit = Visit(secrets.token_urlsafe(32), secrets.token_urlsafe(32))
        self._visits.append(visit)
        return visit

    def visit(self, cookie: str) -> Visit:
        """Whose cookie that is. Raises RefusedError."""
        found = self._found(cookie)
        if not found:
            raise RefusedError(401, _STRANGER)
        return found[0]

    def knows(self, cookie: str) -> bool:
        """Whether it is one of those that were given."""
        return bool(self._found(cookie))

    def check_key(self, visit: Visit, key: str) -> None:
        """Raises RefusedError where a desk is asked for with another's cookie."""
        if not _same(key, visit.key):
            raise RefusedError(403, _STRANGER)

    def _found(self, cookie: str) -> list[Visit]:
        """All are compared, so that the time tells nothing of which."""
        return [visit for visit in self._visits if _same(cookie, visit.cookie)]


def _same(told: str, secret: str) -> bool:
    return hmac.compare_digest(told.encode("utf-8", "surrogatepass"), secret.encode())
