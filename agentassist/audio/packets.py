"""What a capturing process says to the program that started it, and how it ends."""

import struct
from typing import IO, NamedTuple, Protocol, Self

_HEAD = struct.Struct("<ddIII")
"""When it came, samples a second, channels, frames lost before, bytes of sound that follow."""

NOT_THERE = 3
"""Exit status: there is no such device now."""
CANT_OPEN = 4
"""Exit status: there is, but it can't be opened."""
ENDED = 5
"""Exit status: the device stopped giving sound."""


class Packet(NamedTuple):
    """Interleaved float32 frames as they came."""

    at: float
    """`time.monotonic()`, which all processes of a machine share."""
    rate: float
    channels: int
    lost: int
    """Frames lost before these, because the machine was too slow."""
    sound: bytes

    def write(self, out: IO[bytes]) -> None:
        out.write(_HEAD.pack(self.at, self.rate, self.channels, self.lost, len(self.sound)))
        out.write(self.sound)
        out.flush()

    @classmethod
    def read(cls, source: IO[bytes]) -> Self | None:
        """The next packet; None at the end."""
        head = source.read(_HEAD.size)
        if len(head) < _HEAD.size:
            return None
        at, rate, channels, lost, size = _HEAD.unpack(head)
        sound = source.read(size)
        return cls(at, rate, channels, lost, sound) if len(sound) == size else None


class Stream(Protocol):
    """An open device."""

    @property
    def rate(self) -> float: ...

    @property
    def channels(self) -> int: ...


class NoSuchDeviceError(Exception):
    """The device is not there now."""


class OpeningError(Exception):
    """The device is there and can't be opened."""
