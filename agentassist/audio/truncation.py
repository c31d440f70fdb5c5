"""Whether an audio file ends before its own structure says so, where libsndfile stays silent.

libsndfile shortens a cut WAV to what is there and takes the last whole page of a cut Ogg for
its end. The formats tell: RIFF states the length of its data, an Ogg stream marks its last
page (RFC 3533, section 6), and most MP3 files count their bytes.
"""

import struct
from pathlib import Path
from typing import BinaryIO

from agentassist.audio import mp3

_UNKNOWN_SIZES = (0, 0xFFFFFFFF)
"""What a program writes that streams a WAV and can't go back to its header."""

_OGG_LONGEST_PAGE = 65_307
_OGG_HEADER = 27
_OGG_LAST_PAGE = 0x04


def is_cut_short(path: Path) -> bool:
    """For WAV (RIFF, RF64), Ogg and MP3; False for what tells it on reading, as FLAC does."""
    with path.open("rb") as file:
        magic = file.read(4)
        if magic in (b"RIFF", b"RF64"):
            return _wav_is_cut_short(file, path.stat().st_size)
        if magic == b"OggS":
            return _ogg_is_cut_short(file, path.stat().st_size)
    if magic[:3] == b"ID3" or (magic[:1] == b"\xff" and magic[1] & 0xE0 == 0xE0):
        found = mp3.length(path)
        return found is not None and not found.whole
    return False


def _wav_is_cut_short(file: BinaryIO, size: int) -> bool:
    file.seek(12)
    long_size: int | None = None
    while len(header := file.read(8)) == 8:
        name, length = struct.unpack("<4sI", header)
        if name == b"ds64":
            long_size = struct.unpack("<8xQ", file.read(16))[0]
            file.seek(-16, 1)
        if name == b"data":
            promised = long_size if long_size and length == 0xFFFFFFFF else length
            return promised not in _UNKNOWN_SIZES and file.tell() + promised > size
        file.seek(length + length % 2, 1)
    return True


def _ogg_is_cut_short(file: BinaryIO, size: int) -> bool:
    """The file must end with a whole page that is marked as the last."""
    file.seek(max(0, size - _OGG_LONGEST_PAGE))
    tail = file.read()
    page = tail.rfind(b"OggS")
    if page < 0 or len(tail) < page + _OGG_HEADER:
        return True
    flags, segments = tail[page + 5], tail[page + 26]
    table = tail[page + _OGG_HEADER : page + _OGG_HEADER + segments]
    ends = page + _OGG_HEADER + segments + sum(table)
    return not flags & _OGG_LAST_PAGE or len(table) < segments or ends > len(tail)
