"""A ZIP archive -> a folder, where no name in the archive can lead out of it."""

import hashlib
import os
import re
import shutil
import stat
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import msgspec

from agentassist.speech.base import SpeechError
from agentassist.speech.download import disk_fault

SPARE = 50_000_000
"""Bytes that are left free on the disk."""

_PART = re.compile(r"[\w@+=,. -]*[\w@+=,-]")
"""A name that means one file or folder, and the same one, on every system."""
_CHUNK = 2**20


class KeptFile(msgspec.Struct, frozen=True):
    """What a file was when it was written."""

    size: int
    sha256: str


def unpack(archive: Path, folder: Path) -> dict[str, KeptFile]:
    """Writes the archive's files into the new folder, without the one folder around them all.

    Returns them by their names, with slashes. Raises SpeechError; the folder is then in part.
    """
    try:
        with zipfile.ZipFile(archive) as opened:
            members = dict(_members(opened, archive))
            need_room(folder.parent, sum(info.file_size for info in members.values()))
            folder.mkdir()
            return {
                str(name): _write(opened, info, folder / name) for name, info in members.items()
            }
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError):
        raise SpeechError(f"{archive}: a damaged archive; fetch it again") from None
    except OSError as error:
        raise SpeechError(disk_fault(folder, error)) from None


def need_room(folder: Path, size: int) -> None:
    """Raises SpeechError where the disk has not so many bytes free, and some to spare."""
    free = shutil.disk_usage(folder).free
    if size + SPARE > free:
        raise SpeechError(
            f"{folder}: {(size + SPARE) / 1e6:,.0f} MB are needed, {free / 1e6:,.0f} MB are free; "
            "free some space and run it again"
        )


def _members(
    opened: zipfile.ZipFile, archive: Path
) -> Iterator[tuple[PurePosixPath, zipfile.ZipInfo]]:
    files = [info for info in opened.infolist() if not info.filename.endswith("/")]
    tops = {PurePosixPath(info.filename).parts[:1] for info in files}
    seen = set()
    for info in files:
        name = PurePosixPath(info.filename)
        inner = PurePosixPath(*name.parts[1:]) if len(tops) == 1 else name
        if not _is_safe(name, info) or not inner.parts or str(inner).lower() in seen:
            raise SpeechError(
                f"{archive}: holds {info.filename!r}, which no model does; not unpacked"
            )
        seen.add(str(inner).lower())
        yield inner, info


def _is_safe(name: PurePosixPath, info: zipfile.ZipInfo) -> bool:
    kind = stat.S_IFMT(info.external_attr >> 16)
    plain = kind in {0, stat.S_IFREG} and not info.flag_bits & 1
    return plain and all(_PART.fullmatch(part) for part in name.parts)


def _write(opened: zipfile.ZipFile, info: zipfile.ZipInfo, path: Path) -> KeptFile:
    path.parent.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    with opened.open(info) as source, path.open("xb") as target:
        while chunk := source.read(_CHUNK):
            digest.update(chunk)
            target.write(chunk)
        target.flush()
        os.fsync(target.fileno())
    return KeptFile(info.file_size, digest.hexdigest())
