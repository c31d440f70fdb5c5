"""Recordings that are to go from the disk: which of them this machine may and can take away."""

from pathlib import Path

import msgspec

SUFFIXES = frozenset({".wav", ".flac", ".mp3", ".ogg", ".opus"})
"""An archive names the file; nothing but a recording is ever removed at its word."""


class Left(msgspec.Struct, frozen=True):
    """A recording that could not be taken away, and why."""

    recording: str
    why: str
    elsewhere: bool = False
    """It is another machine's, which takes it away itself."""


class Reach(msgspec.Struct, frozen=True):
    """Where recordings may be taken away."""

    folders: tuple[Path, ...] | None
    """None for anywhere: the archive is this desk's own. What agents told a server of is theirs."""
    lost: bool = False
    """Whether those count as gone whose whole folder is not there, as a disk that was taken out."""


def take_away(recording: str, reach: Reach) -> Left | None:
    """Removes the file; None once it is gone."""
    path = Path(recording)
    if reach.folders is not None and not _is_within(path, reach.folders):
        return Left(recording, "on the machine that recorded it", elsewhere=True)
    if not path.is_absolute():
        return Left(recording, "not a whole path")
    if path.suffix.lower() not in SUFFIXES or path.is_symlink():
        return Left(recording, "not a recording, by its name")
    try:
        path.unlink()
    except FileNotFoundError:
        is_gone = reach.lost or path.parent.is_dir()
        return (
            None if is_gone else Left(recording, "its folder is not there (gone for good: --lost)")
        )
    except OSError as error:
        return Left(recording, error.strerror or "can't be removed")
    return None


def _is_within(path: Path, folders: tuple[Path, ...]) -> bool:
    real = path.parent.resolve()
    return path.is_absolute() and any(real.is_relative_to(folder.resolve()) for folder in folders)
