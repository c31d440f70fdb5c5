"""Bytes that are on the disk, whole and for the user's eyes only, when a call returns."""

import os
from contextlib import suppress
from pathlib import Path


def make_folder(path: Path) -> None:
    """The folder and those above it; only the user may look into it. Raises OSError."""
    path.mkdir(parents=True, exist_ok=True, mode=0o700)


def append(path: Path, data: bytes) -> None:
    """Adds to the file's end and waits for the disk.

    Where that fails, as on a full disk, what was added in part is taken back. Raises OSError.
    """
    new = not path.exists()
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        size = os.fstat(descriptor).st_size
        try:
            _write(descriptor, data)
            os.fsync(descriptor)
        except OSError:
            with suppress(OSError):
                os.ftruncate(descriptor, size)
            raise
    finally:
        os.close(descriptor)
    if new:
        sync_folder(path.parent)


def replace(path: Path, data: bytes) -> None:
    """The file as a whole, or as it was before: never a part. One writer at a time.

    Raises OSError.
    """
    fresh = path.with_name(f"{path.name}.new")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        _write(descriptor, data)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    fresh.replace(path)
    sync_folder(path.parent)


def sync_folder(path: Path) -> None:
    """Waits until the names in the folder are on the disk; Windows does so by itself."""
    if os.name == "nt":
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _write(descriptor: int, data: bytes) -> None:
    left = memoryview(data)
    while left:
        left = left[os.write(descriptor, left) :]
