"""Loading an engine's library without what it would download with.

Both libraries load `requests` before all else, for models that are never asked of them, and
merely loading that tries out a network socket (urllib3, util/connection.py, `_has_ipv6`).
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType

_FETCHES = "requests"


@contextmanager
def offline() -> Iterator[None]:
    """What is imported in the block gets an empty `requests`, unless it was loaded before."""
    if _FETCHES in sys.modules:
        yield
        return
    sys.modules[_FETCHES] = ModuleType(_FETCHES, "Nothing is fetched here.")
    try:
        yield
    finally:
        del sys.modules[_FETCHES]
