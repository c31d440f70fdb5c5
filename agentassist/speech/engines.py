"""Which speech engines there are, which of them work here, and loading one by name."""

from pathlib import Path

import msgspec

from agentassist.speech import models, moonshine, vosk
from agentassist.speech.base import Engine, SpeechError

_PLATFORMS = "Linux with glibc 2.34, Windows on x64, macOS 15 on Apple silicon"


class Available(msgspec.Struct, frozen=True):
    """One engine as found on this machine; `mend` says what to do where it is not `ok`."""

    name: str
    version: str = ""
    model: str = ""
    ok: bool = False
    mend: str = ""


def available(model: Path | None = None) -> list[Available]:
    """All engines the coach knows, the preferred first. `model`: vosk's, if it is chosen."""
    return [_vosk(model), _moonshine()]


def load_engine(name: str | None = None, model: Path | None = None) -> Engine:
    """That engine, or the first that works; vosk with that model, or with one it finds.

    Raises SpeechError with what to do.
    """
    engines = available(model)
    if name is not None and name not in {engine.name for engine in engines}:
        known = ", ".join(engine.name for engine in engines)
        raise SpeechError(f"there is no speech engine {name!r}; there is: {known}")
    wanted = [engine for engine in engines if name in (None, engine.name)]
    if model is not None and name is None:
        wanted = wanted[:1]
    for engine in wanted:
        if engine.ok:
            return _loaded(engine)
    mends = "; or ".join(engine.mend for engine in wanted)
    raise SpeechError(f"no speech engine can be used: {mends}")


def _loaded(engine: Available) -> Engine:
    if engine.name == "vosk":
        return vosk.VoskEngine(Path(engine.model))
    return moonshine.MoonshineEngine()


def _vosk(model: Path | None) -> Available:
    version = vosk.version()
    if version is None:
        return Available("vosk", mend="install vosk with: pip install vosk")
    mend = "fetch a model for vosk: agentassist models lists them"
    try:
        vosk.library()
        named = [models.Installed(model.name, model)] if model is not None else models.installed()
        for found in named:
            damage = _damage(found)
            if damage is None:
                return Available("vosk", version, str(found.path), ok=True)
            mend = damage
    except SpeechError as error:
        mend = str(error)
    return Available("vosk", version, mend=mend)


def _damage(model: models.Installed) -> str | None:
    """By sizes alone: hashing a large model takes longer than loading it."""
    try:
        vosk.check(model.path)
    except SpeechError as error:
        return str(error)
    fault = next(models.faults(model, hashes=False), None)
    return f"{fault}; {vosk.MEND}" if fault else None


def _moonshine() -> Available:
    version = moonshine.version()
    if version is None:
        mend = f"install moonshine-voice 0.1.0 (it runs on {_PLATFORMS})"
        return Available("moonshine", mend=mend)
    try:
        path = moonshine.model_path()
    except SpeechError as error:
        return Available("moonshine", version, mend=str(error))
    return Available("moonshine", version, str(path), ok=True)
