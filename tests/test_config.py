"""The settings file: read whole or told why not, and written to without losing the user's words."""

import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from agentassist import config
from agentassist.commands import desk
from agentassist.commands.coach import Coach
from agentassist.commands.options import read_rules
from tests.conftest import Run

OURS = """\
# My own words.
[note]
limit = 800  # the form's field

[audio]
# the old headset
microphone = "Jabra"
"""


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "settings.toml"
    monkeypatch.setenv(config.PLACE, str(path))
    return path


def test_without_a_file_everything_is_as_by_default(file: Path) -> None:
    settings = config.load()
    assert settings == config.Settings()
    assert settings.note.limit == 2000
    assert settings.call.offer_by_voice
    assert not settings.recording.on


def test_every_key_is_read(file: Path, tmp_path: Path) -> None:
    calls = (tmp_path / "calls").as_posix()
    file.write_text(
        '[speech]\nengine = "vosk"\nmodel = "vosk-model-small-en-us-0.15"\n'
        '[audio]\nmicrophone = "Headset"\ncaller = "Monitor of Ünïcode"\n[note]\nlimit = 12\n'
        f'[recording]\non = true\nfolder = "{calls}"\n[call]\noffer_by_voice = false\n'
        f'[rules]\npack = "uk"\nfolder = "{calls}"\n',
        encoding="utf-8",
    )
    assert config.load() == config.Settings(
        speech=config.Speech(engine="vosk", model="vosk-model-small-en-us-0.15"),
        audio=config.Audio(microphone="Headset", caller="Monitor of Ünïcode"),
        note=config.NoteForm(limit=12),
        recording=config.Recording(on=True, folder=Path(calls)),
        call=config.LiveCall(offer_by_voice=False),
        rules=config.Rules(pack="uk", folder=Path(calls)),
    )


def test_a_file_as_windows_editors_write_it_is_read(file: Path) -> None:
    file.write_bytes(b"\xef\xbb\xbf[note]\r\nlimit = 12\r\n")
    assert config.load().note.limit == 12


def test_a_folder_may_be_named_from_the_users_home(file: Path, tmp_path: Path) -> None:
    file.write_text('[recording]\nfolder = "~/calls"')
    assert config.load().recording.folder == Path.home() / "calls"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[note]\nlimit: 5", "not TOML: Expected '=' after a key in a key/value pair (at line 2"),
        ("[note]\nlimt = 5", "note.limt: no such setting; there is: limit"),
        ("[noet]", "noet: no such setting; there is: speech, audio, note, recording, call"),
        ("note = 5", "note: a section; write [note] with its keys below"),
        ('[note]\nlimit = "5"', "note.limit: Expected `int`, got `str`"),
        ("[note]\nlimit = 0", "note.limit: Expected `int` >= 1"),
        ("[note]\nlimit = true", "note.limit: Expected `int`, got `bool`"),
        ('[speech]\nengine = "ear"', "speech.engine: Invalid enum value 'ear'; say vosk or moon"),
        ('[audio]\ncaller = ""', "audio.caller: Expected `str` of length >= 1"),
        ('[recording]\nfolder = "calls"', "recording.folder: Name the whole path, not 'calls'"),
        ("[recording]\nfolder = 3", "recording.folder: Expected a path, got 3"),
        (b"[note]\n# caf\xe9", "not UTF-8 text; save it as UTF-8"),
    ],
)
def test_a_wrong_file_is_one_line_with_file_and_key(
    file: Path, run: Run, text: str | bytes, words: str
) -> None:
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(config.SettingsError) as told:
        config.load()
    assert str(told.value).startswith(f"{file}: {words}")
    done = run("replay", "call.wav")
    assert done.code == 1
    (line,) = done.err.splitlines()
    assert str(file) in line


def test_a_file_that_is_a_folder_is_told(file: Path) -> None:
    file.mkdir()
    with pytest.raises(config.SettingsError, match="can't be read"):
        config.load()


def test_remembering_changes_the_one_key_and_keeps_the_users_words(file: Path) -> None:
    file.write_text(OURS)
    config.remember("audio", microphone="Poly", caller="Monitor")
    assert file.read_text() == OURS.replace("Jabra", "Poly") + 'caller = "Monitor"\n'


def test_remembering_makes_the_file_for_the_users_eyes_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(config.PLACE, str(tmp_path / "new" / "settings.toml"))
    config.remember("call", offer_by_voice=False)
    assert not config.load().call.offer_by_voice
    if sys.platform != "win32":
        assert config.settings_file().stat().st_mode & 0o077 == 0


def test_none_takes_a_key_out(file: Path) -> None:
    file.write_text(OURS)
    config.remember("audio", microphone=None, caller=None)
    assert config.load().audio == config.Audio()
    assert "# the old headset" in file.read_text()


def test_what_would_not_be_read_again_is_not_written(file: Path) -> None:
    file.write_text(OURS)
    for section, key, value in [("note", "limit", 0), ("note", "size", 3), ("tone", "limit", 3)]:
        with pytest.raises(config.SettingsError):
            config.remember(section, **{key: value})
    assert file.read_text() == OURS


def test_a_damaged_file_is_not_written_over(file: Path) -> None:
    file.write_text("limit = [")
    with pytest.raises(config.SettingsError, match="not TOML"):
        config.remember("note", limit=3)
    assert file.read_text() == "limit = ["


def test_sections_written_in_one_line_can_be_added_to(file: Path) -> None:
    file.write_text('note = {limit = 5}\naudio.caller = "B"\n')
    config.remember("audio", microphone="A")
    config.remember("note", limit=6)
    assert config.load().audio == config.Audio(microphone="A", caller="B")
    assert config.load().note.limit == 6


def test_a_link_to_settings_kept_elsewhere_stays_a_link(file: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "dotfiles.toml"
    elsewhere.write_text(OURS)
    try:
        file.symlink_to(elsewhere)
    except OSError:
        pytest.skip("links need a right here")
    config.remember("note", limit=7)
    assert file.is_symlink()
    assert "limit = 7  # the form's field" in elsewhere.read_text()


@settings(max_examples=25)
@given(name=st.text(st.characters(codec="utf-8"), min_size=1), limit=st.integers(1, 2**62))
def test_whatever_a_device_is_called_is_read_again(
    tmp_path_factory: pytest.TempPathFactory, name: str, limit: int
) -> None:
    path = tmp_path_factory.mktemp("settings") / "settings.toml"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(config.PLACE, str(path))
        path.write_text(OURS)
        config.remember("audio", caller=name)
        config.remember("note", limit=limit)
        read = config.load()
    assert read.audio == config.Audio(microphone="Jabra", caller=name)
    assert read.note.limit == limit
    assert path.read_text(encoding="utf-8").startswith("# My own words.\n")


def test_the_screens_take_the_limit_of_the_note_from_the_settings(file: Path) -> None:
    file.write_text(OURS)
    coach = Coach(read_rules(()), rules_only=True)
    assert desk.screens(coach).limit == 800


def test_engine_and_model_of_the_settings_are_used_and_an_option_goes_before(
    file: Path, run: Run, tmp_path: Path
) -> None:
    silence = tmp_path / "call.wav"
    soundfile.write(silence, np.zeros((1600, 2), dtype=np.float32), 16_000)
    (tmp_path / "empty").mkdir()
    config.remember("speech", engine="vosk", model=str(tmp_path / "empty"))
    done = run("analyze", silence)
    assert done.code == 1
    assert f"{tmp_path / 'empty'}: am/final.mdl is missing or empty" in done.err
    config.remember("speech", model="vosk-of-nobody")
    assert "the model 'vosk-of-nobody' of the settings is not" in run("analyze", silence).err
    config.remember("speech", model=None)
    assert "there is no speech engine 'ear'" in run("analyze", silence, "--engine", "ear").err
