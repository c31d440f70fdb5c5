"""Where the desk is served: the address that is bound, and the one that a browser is given."""

import errno
import ipaddress
import socket
from urllib.parse import urlsplit

import msgspec

from agentassist.errors import MendableError

LOOPBACK = "127.0.0.1"
USUAL = range(8000, 8020)
"""Ports that are tried in turn where none was asked for; then any."""

_DEFAULT_PORTS = {"http": 80, "https": 443}


class Place(msgspec.Struct, frozen=True):
    """What the user asked for."""

    host: str = LOOPBACK
    port: int | None = None
    """None for the first one of `USUAL` that is free."""
    public_url: str | None = None
    """As browsers reach it, where something stands in front."""

    @property
    def is_loopback(self) -> bool:
        """Whether nobody on another machine reaches it."""
        return self.host == "localhost" or _is_loopback(self.host)


def bind(place: Place) -> socket.socket:
    """The socket that listens there. Raises MendableError."""
    if place.port is not None:
        return _bound(place.host, place.port)
    for port in USUAL:
        try:
            return _bound(place.host, port)
        except PortInUseError:
            continue
    return _bound(place.host, 0)


class PortInUseError(MendableError):
    """Somebody else listens there."""


def origin(place: Place, port: int) -> str:
    """`scheme://host[:port]`, as the browser will write it. Raises MendableError."""
    if place.public_url is not None:
        return _origin(place.public_url)
    if place.host in ("0.0.0.0", "::"):  # noqa: S104 - the user's own words
        told = f"--host {place.host} needs --public-url, the address that people open"
        raise MendableError(f"{told}, as http://desk.example:8000")
    return _written("http", place.host, port)


def hosts(place: Place, port: int) -> tuple[str, ...]:
    """What the Host header may say: the public name, or the one that a proxy in front uses."""
    names = {authority(origin(place, port)), authority(_written("http", place.host, port))}
    return tuple(sorted(names))


def authority(url: str) -> str:
    """`host[:port]` of an origin."""
    return urlsplit(url).netloc


def _bound(host: str, port: int) -> socket.socket:
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        return socket.create_server((str(address[0]), port), family=family)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            mend = "leave --port out, and a free one is taken"
            raise PortInUseError(f"port {port} of {host} is in use; {mend}") from None
        if error.errno == errno.EACCES:
            mend = "ports below 1024 are for the system; say --port 8000"
            raise MendableError(f"port {port} may not be taken; {mend}") from None
        told = f"--host {host}: not an address of this machine; leave it out for {LOOPBACK}"
        raise MendableError(told) from None


def _origin(url: str) -> str:
    wrong = (
        f"--public-url {url}: not an address as https://desk.example or http://desk.example:8000"
    )
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise MendableError(wrong) from None
    is_plain = not (parts.path.strip("/") or parts.query or parts.fragment or "@" in parts.netloc)
    if parts.scheme not in _DEFAULT_PORTS or not parts.hostname or not is_plain:
        raise MendableError(wrong)
    return _written(parts.scheme, parts.hostname, port or _DEFAULT_PORTS[parts.scheme])


def _written(scheme: str, host: str, port: int) -> str:
    name = f"[{host}]" if ":" in host else host.lower()
    return f"{scheme}://{name}" + ("" if port == _DEFAULT_PORTS[scheme] else f":{port}")


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
