"""What the user has chosen for this machine: a TOML file, read into frozen values.

The file is the user's. It is written to one key at a time, and keeps its comments and order.
"""

import os
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal, TypeAlias, get_args
from urllib.parse import unquote, urlsplit

import msgspec
import platformdirs

from agentassist.errors import MendableError
from agentassist.plans.limits import NO_LIMITS, Limits
from agentassist.vocabulary import Party, Tier

PLACE = "AGENTASSIST_SETTINGS"
"""The environment variable that names another file."""

EngineName: TypeAlias = Literal["vosk", "moonshine"]
Text: TypeAlias = Annotated[str, msgspec.Meta(min_length=1)]
Sum: TypeAlias = Annotated[float, msgspec.Meta(ge=0, le=1e9)]
Share: TypeAlias = Annotated[float, msgspec.Meta(gt=0, le=1)]


class Speech(msgspec.Struct, frozen=True, kw_only=True):
    """`[speech]`: by default the first engine that works, with the first model it finds."""

    engine: EngineName | None = None
    model: Text | None = None
    """Vosk's: the name of an installed model, or the whole path of a model's folder."""
    voices: tuple[Party, ...] = ("caller",)
    """Whose loudness, pitch and pace are measured for the temperature of the call.

    The agent's only where they ask for it: article 5(1)(f) of Regulation (EU) 2024/1689 keeps
    machines from telling the feelings of people at work by their voices (check with compliance).
    """


class Audio(msgspec.Struct, frozen=True, kw_only=True):
    """`[audio]`: the devices of a live call, by name, as `agentassist devices` lists them."""

    microphone: Text | None = None
    caller: Text | None = None


class NoteForm(msgspec.Struct, frozen=True, kw_only=True):
    """`[note]`: the form's field that the short note goes into."""

    limit: Annotated[int, msgspec.Meta(ge=1)] = 2000
    """Characters it takes."""


class Recording(msgspec.Struct, frozen=True, kw_only=True):
    """`[recording]`: whether live calls are recorded, and where to."""

    on: bool = False
    folder: Path | None = None


class LiveCall(msgspec.Struct, frozen=True, kw_only=True):
    """`[call]`: how a live call starts."""

    offer_by_voice: bool = True
    """Offer to start one when somebody speaks on both sides."""


class Plans(msgspec.Struct, frozen=True, kw_only=True):
    """`[plans]`: the organisation's limits of arrangements; see `plans.limits.Limits`.

    Sums are of the account's currency, whichever that is.
    """

    longest_months: Annotated[int, msgspec.Meta(ge=1, le=1200)] | None = None
    least_instalment: Sum | None = None
    lowest_settlement: Share | None = None
    partial_least: Sum | None = None
    share_of_spare: Share = float(NO_LIMITS.share_of_spare)

    @property
    def limits(self) -> Limits:
        """Exactly as they were written: a float's shortest form is what the user wrote."""
        named = ((name, getattr(self, name)) for name in self.__struct_fields__)
        exact: dict[str, Any] = {
            n: Decimal(str(v)) if isinstance(v, float) else v for n, v in named
        }
        return Limits(**exact)


class Rules(msgspec.Struct, frozen=True, kw_only=True):
    """`[rules]`: by which rules calls are followed."""

    pack: Text | None = None
    """The pack that is in force, as `uk`; by default that of the account's country."""
    folder: Path | None = None
    """The organisation's own packs, in place of the shipped ones."""


class Coaching(msgspec.Struct, frozen=True, kw_only=True):
    """`[coach]`: how this person wants the coach. It is private; see `values.Tuning`."""

    tier: Tier | None = None
    snoozed: tuple[Text, ...] = ()
    """Ids of rules that they never want; none that is urgent."""
    pause: bool = True
    """Suggest one after a hard call."""


class Archiving(msgspec.Struct, frozen=True, kw_only=True):
    """`[archive]`: where approved calls are filed for review."""

    on: bool = True
    url: Text | None = None
    """The floor's server, to which they are sent on, as `postgresql+psycopg://anna@host/calls`."""
    team: str = ""
    """That this agent's calls belong to."""
    retention: Path | None = None
    """The organisation's own periods, in place of `rules/retention.yaml`."""

    @property
    def user(self) -> str | None:
        """Who one is at the server, where the URL tells it; else it is the login of here."""
        named = urlsplit(self.url).username if self.url else None
        return unquote(named) if named else None


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """All of it. What is not in the file is as here."""

    speech: Speech = Speech()
    audio: Audio = Audio()
    note: NoteForm = NoteForm()
    recording: Recording = Recording()
    call: LiveCall = LiveCall()
    plans: Plans = Plans()
    rules: Rules = Rules()
    coach: Coaching = Coaching()
    archive: Archiving = Archiving()
    handover: dict[str, str] = {}
    """`[handover]`: what those are called whom a call may be passed on to; see `handover.py`."""


class SettingsError(MendableError):
    """Settings that can't be used: one line with file and key."""


def settings_file() -> Path:
    """Where the settings are; the file may not be there yet."""
    if named := os.environ.get(PLACE):
        return Path(os.path.expanduser(named))  # noqa: PTH111 - Path's own raises without a home
    return platformdirs.user_config_path("agentassist", appauthor=False) / "settings.toml"


def load() -> Settings:
    """The settings as they are in the file now; the defaults without one. Raises SettingsError."""
    file = settings_file()
    return _settings(_text(file), file)


def remember(section: str, **values: str | int | bool | None) -> None:
    """Writes these keys of a section, and nothing else, into the file; None takes a key out.

    What would not be read again is not written. Raises SettingsError.
    """
    import tomlkit

    file = settings_file()
    text = _text(file)
    _settings(text, file)
    document = tomlkit.parse(text)
    if section not in document:
        document[section] = tomlkit.table()
    keys: Any = document[section]
    for key, value in values.items():
        if value is not None:
            keys[key] = value
        elif key in keys:
            del keys[key]
    written = tomlkit.dumps(document)
    _settings(written, file)
    _write(file, written)


def _text(file: Path) -> str:
    try:
        return file.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise SettingsError(f"{file}: can't be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise SettingsError(f"{file}: not UTF-8 text; save it as UTF-8") from None


def _write(file: Path, text: str) -> None:
    from agentassist.store import durable

    # The file may be a link into a folder that the user keeps elsewhere.
    real = file.resolve()
    try:
        durable.make_folder(real.parent)
        durable.replace(real, text.encode())
    except OSError as error:
        raise SettingsError(f"{file}: can't be written: {error.strerror}") from None


def _settings(text: str, file: Path) -> Settings:
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{file}: not TOML: {error}") from None
    sections = _values(raw, Settings, "", file)
    return Settings(**sections)


def _values(raw: dict[str, Any], kind: type[msgspec.Struct], within: str, file: Path) -> Any:
    """The keys of one table as what `kind` says they are."""
    fields = {field.name: field.type for field in msgspec.structs.fields(kind)}
    found = {}
    for key, value in raw.items():
        name = f"{within}{key}"
        if key not in fields:
            raise SettingsError(f"{file}: {name}: no such setting; there is: {', '.join(fields)}")
        found[key] = _value(value, fields[key], name, file)
    return found


def _value(value: Any, kind: Any, name: str, file: Path) -> Any:
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        if not isinstance(value, dict):
            raise SettingsError(f"{file}: {name}: a section; write [{name}] with its keys below")
        return kind(**_values(value, kind, f"{name}.", file))
    try:
        return msgspec.convert(value, kind, dec_hook=_path)
    except msgspec.ValidationError as error:
        raise SettingsError(f"{file}: {name}: {error}{_choice(kind)}") from None


def _choice(kind: Any) -> str:
    """What may be said where only few words may."""
    words = [word for each in get_args(kind) for word in get_args(each)]
    return f"; say {' or '.join(words)}" if words and all(isinstance(w, str) for w in words) else ""


def _path(kind: type, value: Any) -> Any:
    """A whole path: the program may be started from anywhere."""
    if kind is not Path:
        raise NotImplementedError
    if not isinstance(value, str):
        raise ValueError(f"Expected a path, got {value!r}")  # noqa: TRY004 - msgspec reports it
    path = Path(os.path.expanduser(value))  # noqa: PTH111 - Path's own raises without a home
    if not path.is_absolute():
        raise ValueError(f"Name the whole path, not {value!r}")
    return path
