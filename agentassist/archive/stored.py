"""Calls of the archive that can be replayed, as they are handed to whoever does it."""

import datetime

import msgspec

from agentassist.learning.trying import Filed


class Stored(msgspec.Struct, frozen=True):
    """A call that can be replayed."""

    id: str
    title: str
    agent: str
    day: datetime.date


class Chosen(msgspec.Struct, frozen=True):
    """Calls that were asked for, the newest first."""

    calls: tuple[Stored, ...]
    past: int
    """Calls besides whose words are past their retention."""


class Opened(msgspec.Struct, frozen=True):
    """A call with what was heard in it, and its moments as people judged them."""

    call: Stored
    packed: bytes
    """See `filed.heard_again`."""
    moments: tuple[Filed, ...]
