"""Writes what was made into a file of its own: private, and never over another."""

import os
from pathlib import Path

from agentassist.errors import MendableError


def refuse_to_overwrite(path: Path) -> None:
    """Before a long work whose result is to go there. Raises MendableError."""
    if os.path.lexists(path):
        raise MendableError(f"{path}: exists already; name a new file")


def write_new(path: Path, data: bytes) -> None:
    """Only the user may read the file. Raises MendableError; then nothing is left behind."""
    refuse_to_overwrite(path)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileNotFoundError:
        raise MendableError(f"{path}: no folder {path.parent}; make it first") from None
    except OSError as error:
        raise MendableError(f"{path}: can't be written: {error.strerror}") from None
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
    except OSError as error:
        path.unlink(missing_ok=True)
        raise MendableError(f"{path}: can't be written: {error.strerror}") from None
