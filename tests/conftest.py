"""What several tests need: a call in words, labels for it, the program run in this process."""

import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import settings

from agentassist import dialogue
from agentassist import events as ev
from agentassist.call import LabelledTurn
from agentassist.cli import main
from agentassist.values import Label, Turn
from agentassist.vocabulary import Party
from tests.archives import archive, postgres, postgres_server  # noqa: F401 - fixtures

settings.register_profile("noisy", deadline=None)
settings.load_profile("noisy")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with slow tests first, so that no worker is left alone with one at the end."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reads or writes the user's own data."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("AGENTASSIST_SETTINGS", str(tmp_path / "settings.toml"))
    monkeypatch.setenv("HOME", str(tmp_path))


@pytest.fixture(scope="session")
def tones_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model for vosk that hears `tone_language.tones`, made in a process of its own."""
    folder = tmp_path_factory.mktemp("models") / "vosk-tones"
    script = Path(__file__).parent.parent / "scripts" / "make_vosk_test_model.py"
    subprocess.run([sys.executable, str(script), str(folder)], check=True, capture_output=True)
    return folder


class Done(NamedTuple):
    code: int
    out: str
    err: str


Run = Callable[..., Done]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def run(*arguments: str | Path) -> Done:
        with pytest.raises(SystemExit) as ended:
            main([str(argument) for argument in arguments])
        assert isinstance(ended.value.code, int)
        return Done(ended.value.code, *capsys.readouterr())

    return run


def spoken(*lines: tuple[Party, str]) -> list[ev.Heard]:
    """A dialogue as heard, with made-up times."""
    started = ev.CallStarted(0.0, "test", "none")
    return list(dialogue.heard(started, [dialogue.SpokenLine(who, text) for who, text in lines]))


def said_labels(
    words: dict[str, str],
) -> Callable[[Turn, Sequence[LabelledTurn]], tuple[Label, ...]]:
    """A classifier that gives a label to every turn that holds its words."""

    def classify(turn: Turn, before: Sequence[LabelledTurn]) -> tuple[Label, ...]:
        found = [(turn.text.find(phrase), phrase, name) for phrase, name in words.items()]
        return tuple(
            Label(name, 0.9, "rule:test", at, at + len(phrase))
            for at, phrase, name in found
            if at >= 0
        )

    return classify


def kinds(events: Iterable[ev.AnyEvent]) -> list[str]:
    return [type(event).__name__ for event in events]
