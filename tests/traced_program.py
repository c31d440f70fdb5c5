"""`agentassist` with every dealing with the network refused and written down: file, script, words.

Only what goes through Python in this process: see test_privacy.py for the rest. With `-` for the
file nothing is refused. Sockets between programs of a machine (AF_UNIX) are no network.
"""

import os
import socket
import sys
from pathlib import Path
from typing import Any

from agentassist import cli
from tests.live_program import scripted

_INTERNET = (socket.AF_INET, socket.AF_INET6)
_OF_A_SOCKET = ("socket.connect", "socket.bind", "socket.sendto", "socket.sendmsg")
_OF_A_NAME = (
    "socket.getaddrinfo",
    "socket.gethostbyname",
    "socket.gethostbyaddr",
    "socket.getnameinfo",
    "urllib.Request",
)


def refuse(into: Path) -> None:
    """From here on, in this process; each try is a line in that file."""
    descriptor = os.open(into, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "socket.__new__":
            tried = arguments[1] in _INTERNET
        elif event in _OF_A_SOCKET:
            tried = arguments[0].family in _INTERNET
        else:
            tried = event in _OF_A_NAME
        if tried:
            os.write(descriptor, f"{event}\n".encode())
            raise PermissionError(f"{event} is forbidden here")

    sys.addaudithook(hook)


if __name__ == "__main__":
    if sys.argv[1] != "-":
        refuse(Path(sys.argv[1]))
    scripted(Path(sys.argv[2]))
    if sys.argv[3] == "--python":
        exec(sys.argv[4])
    else:
        cli.main(sys.argv[3:])
