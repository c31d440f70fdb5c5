"""Which speech models can be fetched: a file of facts about each, ours or the user's own."""

from pathlib import Path
from typing import Annotated

import msgspec
import yaml

from agentassist.speech.base import SpeechError

SHIPPED = Path(__file__).with_name("models.yaml")

Name = Annotated[str, msgspec.Meta(pattern=r"^vosk[\w.-]*$")]
Url = Annotated[str, msgspec.Meta(pattern=r"^https?://")]


class Offered(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A model that can be fetched: one ZIP archive."""

    name: Name
    """Also of the folder that it becomes."""
    language: str
    about: str
    size: Annotated[int, msgspec.Meta(gt=0)]
    """Bytes of the archive."""
    url: Url
    licence: str
    source: str
    """Where these facts are from."""
    sha256: Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")] | None = None
    md5: Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{32}$")] | None = None

    def __post_init__(self) -> None:
        if not (self.sha256 or self.md5):
            raise ValueError(f"{self.name} has neither sha256 nor md5")


class Catalogue(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The models in the order in which to think of them."""

    models: tuple[Offered, ...]
    published: Url | None = None
    """The publisher's own list, to compare an MD5 with; see `speech/models.yaml`."""

    def offered(self, name: str) -> Offered:
        """The model of that name. Raises SpeechError with the names that there are."""
        for model in self.models:
            if model.name == name:
                return model
        known = ", ".join(model.name for model in self.models)
        raise SpeechError(f"no model {name!r} can be fetched; there is: {known}")


def read(path: Path = SHIPPED) -> Catalogue:
    """The catalogue in that file. Raises SpeechError with file and key."""
    try:
        return msgspec.convert(yaml.safe_load(path.read_text(encoding="utf-8")), Catalogue)
    except OSError as error:
        raise SpeechError(f"{path}: can't be read: {error.strerror}") from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line = f":{mark.line + 1}:{mark.column + 1}" if mark else ""
        raise SpeechError(f"{path}{line}: not YAML: {error.problem}") from None
    except (UnicodeDecodeError, yaml.YAMLError):
        raise SpeechError(f"{path}: not YAML in UTF-8") from None
    except msgspec.ValidationError as error:
        raise SpeechError(f"{path}: not a catalogue of models: {error}") from None
