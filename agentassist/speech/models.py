"""Vosk's models on this machine: where they lie, whether they are still as they were fetched."""

import hashlib
import shutil
from collections.abc import Iterator
from pathlib import Path

import msgspec
import platformdirs

from agentassist.speech.base import SpeechError
from agentassist.speech.unpacking import KeptFile

MANIFEST = "agentassist.json"
"""In a model's folder, what its files were when it was fetched."""

_PACKAGE = Path(__file__).parent.parent


class Manifest(msgspec.Struct, frozen=True):
    """What was fetched, and every file of it by its name with slashes."""

    name: str
    url: str
    files: dict[str, KeptFile]


class Installed(msgspec.Struct, frozen=True):
    """A model's folder, sound or not."""

    name: str
    path: Path

    @property
    def fetched(self) -> bool:
        """Whether we fetched it, and so may take it away and know what its files must be."""
        return (self.path / MANIFEST).is_file()

    @property
    def size(self) -> int:
        """Bytes on the disk."""
        return sum(file.stat().st_size for file in self.path.rglob("*") if file.is_file())


def user_folder() -> Path:
    """Where models are fetched to."""
    return platformdirs.user_cache_path("agentassist", appauthor=False) / "models"


def part_of(name: str) -> Path:
    """What has come of the archive of a model that is being fetched."""
    return user_folder() / f".{name}.zip.part"


def places() -> tuple[Path, ...]:
    """The folders that models lie in: the program's own, then the user's."""
    return (_PACKAGE / "models", _PACKAGE.parent / "models", user_folder())


def installed() -> list[Installed]:
    """Every model that there is, in order of preference, sound or not."""
    return [
        Installed(path.name, path)
        for place in places()
        for path in sorted(place.glob("vosk*"))
        if path.is_dir()
    ]


def path_of(named: str) -> Path:
    """The folder of a model, by the name of an installed one or a whole path.

    Raises SpeechError with the models that there are.
    """
    models = installed()
    for model in models:
        if model.name == named:
            return model.path
    path = Path(named).expanduser() if named.startswith("~/") else Path(named)
    if path.is_absolute() and path.is_dir():
        return path
    known = ", ".join(model.name for model in models) or "none"
    raise SpeechError(
        f"the model {named!r} of the settings is not there; installed: {known}; "
        "see agentassist models"
    )


def faults(model: Installed, *, hashes: bool = True) -> Iterator[str]:
    """What is not as it was fetched, one line each; by sizes alone without `hashes`.

    Of a model that we did not fetch only what vosk needs of it is known.
    """
    if not model.fetched:
        from agentassist.speech import vosk

        try:
            vosk.check(model.path)
        except SpeechError as error:
            yield str(error)
        return
    try:
        manifest = msgspec.json.decode((model.path / MANIFEST).read_bytes(), type=Manifest)
    except (OSError, msgspec.DecodeError):
        yield f"{model.path / MANIFEST}: is damaged"
        return
    for name, kept in manifest.files.items():
        if fault := _fault(model.path / name, kept, hashes=hashes):
            yield f"{model.path / name}: {fault}"


def remove(name: str) -> None:
    """Takes away a model that was fetched, or what has come of one. Raises SpeechError."""
    known = {model.name: model for model in reversed(installed())}
    if name in known:
        _remove(known[name])
    elif name.startswith("vosk") and part_of(name).is_file():
        part_of(name).unlink()
    else:
        there = ", ".join(known) or "none"
        raise SpeechError(f"no model {name!r} is installed; installed: {there}")


def _remove(model: Installed) -> None:
    """All at once: a removal that is cut off leaves no half a model to be found."""
    if model.path.parent != user_folder():
        raise SpeechError(f"{model.path}: was not fetched by agentassist; remove it by hand")
    gone = model.path.with_name(f".{model.name}.gone")
    try:
        if model.path.is_symlink():
            model.path.unlink()
            return
        if gone.exists():
            shutil.rmtree(gone)
        model.path.rename(gone)
        shutil.rmtree(gone)
    except OSError as error:
        mend = "end every agentassist that uses it, and try again"
        raise SpeechError(f"{model.path}: can't be removed: {error.strerror}; {mend}") from None


def _fault(path: Path, kept: KeptFile, *, hashes: bool) -> str | None:
    try:
        if path.stat().st_size != kept.size:
            return "has another size"
        if hashes:
            with path.open("rb") as file:
                if hashlib.file_digest(file, "sha256").hexdigest() != kept.sha256:
                    return "was changed"
    except OSError as error:
        return f"can't be read: {error.strerror}"
    return None
