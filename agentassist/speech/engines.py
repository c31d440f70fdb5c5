"""Which speech engines there are, which of them work here, and loading one by name."""

import msgspec

from agentassist.speech import moonshine
from agentassist.speech.base import Engine, SpeechError

_PLATFORMS = "Linux with glibc 2.34, Windows on x64, macOS 15 on Apple silicon"


class Available(msgspec.Struct, frozen=True):
    """One engine as found on this machine; `mend` says what to do where it is not `ok`."""

    name: str
    version: str = ""
    model: str = ""
    ok: bool = False
    mend: str = ""


def available() -> list[Available]:
    """All engines the coach knows, the preferred first."""
    return [_moonshine()]


def load_engine(name: str | None = None) -> Engine:
    """That engine, or the first that works. Raises SpeechError with what to do."""
    engines = available()
    if name is not None and name not in {engine.name for engine in engines}:
        known = ", ".join(engine.name for engine in engines)
        raise SpeechError(f"there is no speech engine {name!r}; there is: {known}")
    for engine in engines:
        if engine.ok and name in (None, engine.name):
            return moonshine.MoonshineEngine()
    raise SpeechError(f"no speech engine can be used: {engines[0].mend}")


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
