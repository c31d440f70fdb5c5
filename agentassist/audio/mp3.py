"""How long an MP3 really is: libsndfile believes its header, or guesses from its first frame.

A file of varying bit rate without a header of its own would silently lose most of the call,
and a cut one would make the library write warnings on the user's screen. So the frames are
counted here, without decoding them (ISO 11172-3 and 13818-3, layer III).
"""

import mmap
from pathlib import Path

import msgspec

_KILOBITS = (
    (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
    (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
)
_RATES = {3: (44_100, 48_000, 32_000), 2: (22_050, 24_000, 16_000), 0: (11_025, 12_000, 8_000)}
_SEARCHED = 65_536
"""Bytes after the tags in which the first frame must begin."""


class Length(msgspec.Struct, frozen=True):
    """What was found: samples of sound, and whether the last frame and the header agree."""

    samples: int
    whole: bool


class _Frame(msgspec.Struct, frozen=True):
    size: int
    samples: int


def length(path: Path) -> Length | None:
    """None for anything that isn't a layer III file."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        place = _first_frame(data)
        if place is None:
            return None
        promised = _promised_bytes(data, place)
        first = place
        samples = 0
        while (frame := _frame(data, place)) and place + frame.size <= len(data):
            place, samples = place + frame.size, samples + frame.samples
        return Length(samples, whole=frame is None and first + promised <= len(data))


def _first_frame(data: mmap.mmap) -> int | None:
    """Where the first frame begins that is followed by another or by the end."""
    start = 0
    if data[:3] == b"ID3":
        start = 10 + sum(
            (byte & 0x7F) << shift for byte, shift in zip(data[6:10], (21, 14, 7, 0), strict=True)
        )
    for place in range(start, min(start + _SEARCHED, len(data) - 4)):
        frame = _frame(data, place)
        if frame and (place + frame.size == len(data) or _frame(data, place + frame.size)):
            return place
    return None


def _frame(data: mmap.mmap, place: int) -> _Frame | None:
    """The frame whose header stands there; None if none does."""
    header = data[place : place + 4]
    if len(header) < 4 or header[0] != 0xFF or header[1] & 0xE6 != 0xE2:
        return None
    version, bits, rate = header[1] >> 3 & 3, header[2] >> 4, header[2] >> 2 & 3
    if version == 1 or bits in (0, 15) or rate == 3:
        return None
    samples = 1_152 if version == 3 else 576
    bytes_a_second = _KILOBITS[version == 3][bits] * 125
    return _Frame(samples * bytes_a_second // _RATES[version][rate] + (header[2] >> 1 & 1), samples)


def _promised_bytes(data: mmap.mmap, first: int) -> int:
    """From the Xing or Info header in the first frame; 0 where there is none."""
    head = data[first : first + 200]
    place = max(head.find(b"Xing"), head.find(b"Info"))
    if place < 0:
        return 0
    flags = int.from_bytes(head[place + 4 : place + 8], "big")
    at = place + (12 if flags & 1 else 8)
    return int.from_bytes(head[at : at + 4], "big") if flags & 2 else 0
