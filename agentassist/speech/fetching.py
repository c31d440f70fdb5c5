"""Fetching a model: room on the disk, download, checksum, unpacking, and into place at once."""

import hashlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from agentassist.speech import models, vosk
from agentassist.speech.base import SpeechError
from agentassist.speech.catalogue import Catalogue, Offered
from agentassist.speech.download import NetworkError, Tell, disk_fault, download, listed, size_of
from agentassist.speech.unpacking import need_room, unpack
from agentassist.store import durable

UNPACKED = 2
"""A model takes up to so many times its archive's size: 1.5 and 1.7 were seen."""


class _Published(msgspec.Struct, frozen=True):
    """A line of the publisher's list."""

    name: str
    md5: str = ""


def fetch(
    offered: Offered, catalogue: Catalogue, tell: Tell, archive: Path | None = None
) -> models.Installed:
    """Installs a model, from its address or from an archive that was brought here.

    Cut off at any moment, it goes on from there the next time. Raises SpeechError.
    """
    with _alone(offered):
        if archive:
            _check(archive, offered)
            return _install(offered, archive)
        part = models.part_of(offered.name)
        need_room(part.parent, offered.size * (1 + UNPACKED) - size_of(part))
        try:
            _compare(offered, catalogue)
            download(offered.url, offered.size, part, tell)
        except NetworkError as error:
            raise SpeechError(f"{error}. {_by_hand(offered)}") from None
        try:
            _check(part, offered)
        except SpeechError:
            part.unlink()
            raise
        model = _install(offered, part)
        part.unlink()
        return model


@contextmanager
def _alone(offered: Offered) -> Iterator[None]:
    """Raises SpeechError where another process fetches the same model now."""
    import filelock

    folder = models.user_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with filelock.FileLock(folder / f".{offered.name}.lock", timeout=0):
            yield
    except filelock.Timeout:
        raise SpeechError(f"{offered.name} is being fetched by another agentassist") from None
    except OSError as error:
        raise SpeechError(disk_fault(folder, error)) from None


def _compare(offered: Offered, catalogue: Catalogue) -> None:
    """Where only an MD5 is known: whether the publisher still says the same."""
    if offered.sha256 or not catalogue.published:
        return
    said = listed(catalogue.published, list[_Published])
    if [model.md5 for model in said if model.name == offered.name] != [offered.md5]:
        raise SpeechError(f"{offered.name}: the publisher's list has another checksum than ours")


def _check(archive: Path, offered: Offered) -> None:
    name = "sha256" if offered.sha256 else "md5"
    try:
        with archive.open("rb") as file:
            found = hashlib.file_digest(file, lambda: hashlib.new(name, usedforsecurity=False))
    except OSError as error:
        raise SpeechError(f"{archive}: can't be read: {error.strerror}") from None
    if found.hexdigest() != (offered.sha256 or offered.md5):
        raise SpeechError(
            f"{archive}: its {name} is not that of {offered.name}; it is not used, fetch it again"
        )


def _install(offered: Offered, archive: Path) -> models.Installed:
    place = models.user_folder() / offered.name
    fresh, old = (place.with_name(f".{offered.name}.{state}") for state in ("new", "gone"))
    try:
        for left in (fresh, old):
            shutil.rmtree(left, ignore_errors=True)
        files = unpack(archive, fresh)
        vosk.check(fresh)
        manifest = models.Manifest(offered.name, offered.url, files)
        durable.replace(fresh / models.MANIFEST, msgspec.json.encode(manifest))
        if place.exists():
            place.rename(old)
        fresh.rename(place)
        durable.sync_folder(place.parent)
        shutil.rmtree(old, ignore_errors=True)
    except OSError as error:
        raise SpeechError(disk_fault(place.parent, error)) from None
    return models.Installed(offered.name, place)


def _by_hand(offered: Offered) -> str:
    return (
        f"By hand: fetch {offered.url} on any machine, bring it here, and run "
        f"agentassist models fetch {offered.name} --file ZIP"
    )
