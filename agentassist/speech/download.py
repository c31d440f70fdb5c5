"""One large file over HTTP, through whatever proxy is set: cut off at any moment, it goes on."""

import errno
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO, TYPE_CHECKING, TypeAlias, TypeVar
from urllib.parse import urlsplit

import msgspec

from agentassist.errors import MendableError
from agentassist.speech.base import SpeechError

if TYPE_CHECKING:
    import requests

Tell: TypeAlias = Callable[[int], None]
"""Hears how many bytes are there so far; fewer than before where it had to begin anew."""

Read = TypeVar("Read")

TIMEOUT = (10, 30)
"""Seconds to wait for a connection, and for the next bytes."""
TRIES = 4
"""Times in a row that nothing more comes before it is given up."""
PAUSE = 1.0
"""Seconds before the next try; doubled each time in a row."""

_CHUNK = 2**14
_RANGE = re.compile(r"bytes (\d+)-\d+/(\d+|\*)")
_PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})
_LOGIN = "is there a login page in between?"
_CUT = "the connection was cut"


class NetworkError(MendableError):
    """What can't be had from the network; the message names the host and what to look at."""


def download(url: str, size: int, part: Path, tell: Tell) -> None:
    """Fetches a file of `size` bytes into `part`, from where an earlier try ended.

    What has come stays in `part` whatever happens. Raises NetworkError; SpeechError of the disk.
    """
    import requests

    most, failed = size_of(part), 0
    with requests.Session() as session:
        while (have := size_of(part)) != size:
            if have > size:
                part.unlink()
            why = _go_on(session, url, size, part, tell)
            have = size_of(part)
            failed = 0 if have > most else failed + 1
            most = max(most, have)
            if have != size and failed == TRIES:
                raise NetworkError(f"{_host(url)}: {why}")
            if have != size and failed:
                time.sleep(PAUSE * 2 ** (failed - 1))
    tell(size)


def listed(url: str, kind: type[Read]) -> Read:
    """A small JSON file as a value of that kind. Raises NetworkError."""
    import requests

    try:
        response = requests.get(url, timeout=TIMEOUT)
    except requests.RequestException as error:
        raise NetworkError(f"{_host(url)}: {_why(error)}") from None
    if response.status_code != 200:
        raise NetworkError(f"{_host(url)}: {_refusal(response.status_code)}")
    try:
        return msgspec.json.decode(response.content, type=kind)
    except msgspec.DecodeError:
        raise NetworkError(f"{_host(url)}: answers with something else; {_LOGIN}") from None


def size_of(part: Path) -> int:
    """Bytes that have come so far."""
    try:
        return part.stat().st_size
    except FileNotFoundError:
        return 0


def _go_on(session: "requests.Session", url: str, size: int, part: Path, tell: Tell) -> str:
    """One try; why it ended, where another may help. Raises NetworkError where none will."""
    import requests

    have = size_of(part)
    headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={have}-"} if have else {})
    try:
        with session.get(url, headers=headers, stream=True, timeout=TIMEOUT) as response:
            if response.status_code in _PASSING:
                return _refusal(response.status_code)
            if response.status_code == 416:
                part.unlink()
                return "has less of it than has come already"
            _receive(response, part, have, size, tell)
    except requests.RequestException as error:
        if isinstance(error, requests.exceptions.SSLError) or not isinstance(error, _cuts()):
            raise NetworkError(f"{_host(url)}: {_why(error)}") from None
        return _why(error)
    return _CUT


def _receive(response: "requests.Response", part: Path, have: int, size: int, tell: Tell) -> None:
    start = _start(response, have, size)
    with part.open("ab" if start else "wb") as file:
        for chunk in response.iter_content(_CHUNK):
            start += len(chunk)
            if start > size:
                raise NetworkError(f"{_host(response.url)}: sends more than {size:,} bytes")
            _write(file, chunk)
            tell(start)


def _start(response: "requests.Response", have: int, size: int) -> int:
    """From which byte on it answers: `have`, or 0 where it can only send all."""
    host = _host(response.url)
    found = _RANGE.match(response.headers.get("Content-Range", ""))
    if response.status_code == 206 and found:
        start, whole = int(found[1]), size if found[2] == "*" else int(found[2])
    elif response.status_code == 200:
        start, whole = 0, int(response.headers.get("Content-Length", size))
    else:
        raise NetworkError(f"{host}: {_refusal(response.status_code)}")
    if whole != size or start not in {0, have}:
        raise NetworkError(f"{host}: answers with {whole:,} bytes in place of {size:,}; {_LOGIN}")
    return start


def _write(file: IO[bytes], chunk: bytes) -> None:
    try:
        file.write(chunk)
    except OSError as error:
        raise SpeechError(disk_fault(Path(file.name).parent, error)) from None


def disk_fault(folder: Path, error: OSError) -> str:
    """What to say of a disk that does not take it."""
    full = error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
    mend = "it must be a folder that you may write to"
    if full:
        mend = "free some space and run it again; it goes on from there"
    return f"{folder}: can't be written: {error.strerror}; {mend}"


def _host(url: str) -> str:
    """Without user and password, which a mirror's address may hold."""
    return urlsplit(url).hostname or url


def _refusal(status: int) -> str:
    if status == 407:
        return "the proxy wants a user and a password; put them into HTTPS_PROXY"
    return f"answers with status {status}"


def _cuts() -> tuple[type[Exception], ...]:
    """Failures that may pass."""
    from requests import ConnectionError, Timeout  # noqa: A004 - not the builtin
    from requests.exceptions import ChunkedEncodingError

    return ConnectionError, Timeout, ChunkedEncodingError


def _why(error: Exception) -> str:
    """In the user's words. The error's own may hold the proxy's password."""
    import requests

    match error:
        case requests.exceptions.SSLError():
            return (
                "no secure connection, as when its certificate isn't trusted; where a company's "
                "proxy looks into connections, name its certificates in REQUESTS_CA_BUNDLE"
            )
        case requests.exceptions.ProxyError():
            return "the proxy can't be reached, or refuses; check HTTPS_PROXY and HTTP_PROXY"
        case requests.Timeout():
            return "no answer in time"
        case requests.exceptions.ChunkedEncodingError():
            return _CUT
        case requests.ConnectionError():
            return "can't be reached; is there a network, and does it need a proxy (HTTPS_PROXY)?"
        case _:
            return f"can't be fetched ({type(error).__name__})"
