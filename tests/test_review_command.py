"""`agentassist review` as lines, its wrong uses, and the sound of a moment on a real server."""

import asyncio
import getpass
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pulse
import pytest
import soundfile
from conftest import Run
from filed_calls import a_call
from pulse import Pulse, pitch, tone

from agentassist.archive.filing import file_call
from agentassist.archive.opening import open_file
from agentassist.audio import excerpt
from agentassist.audio.excerpt import PlayingError
from agentassist.commands import archives
from agentassist.speech.base import SAMPLE_RATE, Samples


@pytest.fixture(scope="module")
def filed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive with one moment."""
    path = tmp_path_factory.mktemp("filed") / "floor.sqlite"
    archive = open_file(path)
    file_call(archive, a_call("c1", disputed="said\nbefore"))
    archive.close()
    return path


@pytest.fixture
def db(tmp_path: Path, filed: Path) -> Path:
    path = tmp_path / filed.name
    path.write_bytes(filed.read_bytes())
    return path


def test_without_a_screen_the_queue_is_lines_that_end_with_their_ids(run: Run, db: Path) -> None:
    done = run("review", "--db", db)
    head, line = done.out.splitlines()
    assert done.code == 0
    assert head.endswith("all of this archive; 1 waits, 1 disputed; shown: not judged yet")
    assert line.startswith("""FIX  rephrase dismissive: "That's not my problem"  anna · """)
    assert line.endswith("  c1/c1")
    assert "there is more" not in done.err


def test_one_moment_is_printed_with_its_call_and_what_was_said_of_it(run: Run, db: Path) -> None:
    lines = run("review", "--db", db, "--plain", "--open", "c1/c1").out.splitlines()
    assert any(line.startswith("The coach said: ") for line in lines)
    assert any(line.endswith("anna: disputed - said before") for line in lines)
    assert any(line.startswith(">>> AGENT 0:0") and "»That's not my" in line for line in lines)
    assert sum(line.startswith(("CALLER", "AGENT", ">>>")) for line in lines) == 4


def test_a_moment_is_judged_from_the_command_line(run: Run, db: Path) -> None:
    assert run("review", "--db", db, "--agree", "c1/c1").out == "c1/c1: agreed\n"
    done = run("review", "--db", db, "--overrule", "c1/c1", "--why", "not said")
    assert done.out == "c1/c1: overruled\n"
    told = run("review", "--db", db, "--open", "c1/c1").out
    assert f"{getpass.getuser()}: overruled - not said" in told
    assert "0 wait" in run("review", "--db", db, "--plain").out


def test_more_than_is_shown_is_told(run: Run, db: Path) -> None:
    archive = open_file(db)
    file_call(archive, a_call("c2"))
    archive.close()
    done = run("review", "--db", db, "--most", "1")
    assert len(done.out.splitlines()) == 2
    assert "there is more" in done.err
    assert "there is more" not in run("review", "--db", db).err


def test_words_choose_the_calls_they_were_said_in(run: Run, db: Path) -> None:
    said = run("review", "--db", db, "--words", "bailiff").out
    assert "c1/c1" in said
    assert 'shown: not judged yet, calls with "bailiff"' in said
    assert "c1/c1" not in run("review", "--db", db, "--words", "zebra").out


@pytest.mark.parametrize(
    "options",
    [
        ("--overrule", "c1/c1"),
        ("--why", "because"),
        ("--agree", "c1/c1", "--open", "c1/c1"),
        ("--agree", "c1/c1", "--web"),
        ("--port", "8000"),
    ],
)
def test_wrong_use_exits_with_two(run: Run, db: Path, options: tuple[str, ...]) -> None:
    assert run("review", "--db", db, *options).code == 2


def test_a_moment_that_is_not_there_is_one_line(run: Run, db: Path) -> None:
    done = run("review", "--db", db, "--open", "c9/c1")
    assert done.code == 1
    assert done.err == "agentassist: c9/c1: no such moment, or not one that you may see\n"


def test_an_archive_of_ones_own_is_made_where_there_is_none(run: Run) -> None:
    assert "0 wait" in run("review").out
    assert archives.own_file().stat().st_mode & 0o777 == 0o600


# Sound


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    """Ten seconds: 400 Hz on the left and, from the fifth second on, 700 Hz on the right."""
    left, right = tone(400.0, 10.0), tone(700.0, 10.0)
    right[: 5 * SAMPLE_RATE] = 0.0
    path = tmp_path / "call.wav"
    soundfile.write(path, np.stack([left, right], axis=1), SAMPLE_RATE)
    return path


def _heard(sound: Samples) -> float:
    """The strongest frequency, of sound at 48 kHz."""
    return pitch(sound[::3])


def test_a_stretch_has_both_parties_in_it_and_ends_with_the_file(recording: Path) -> None:
    both = excerpt.stretch(recording, 6.0, 8.0)
    assert len(both) == 2 * 48_000
    spectrum = np.abs(np.fft.rfft(both))
    assert spectrum[800] > 0.9 * spectrum.max()
    assert spectrum[1400] > 0.9 * spectrum.max()
    assert _heard(excerpt.stretch(recording, 1.0, 2.0)) == pytest.approx(400.0, abs=2.0)
    assert len(excerpt.stretch(recording, 9.0, 99.0)) == 48_000
    assert len(excerpt.stretch(recording, 90.0, 99.0)) == 0


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Pulse]:
    pulse.require()
    with Pulse(monkeypatch) as server:
        yield server


def _players(server: Pulse) -> list[Any]:
    with server.control() as control:
        return list(control.sink_input_list())


async def test_a_moment_is_played_and_silent_at_once_when_it_is_stopped(
    server: Pulse, recording: Path
) -> None:
    playing = asyncio.create_task(excerpt.play(recording, 0.0, 10.0))
    for _ in range(250):
        await asyncio.sleep(0.02)
        if _players(server):
            break
    assert len(_players(server)) == 1
    playing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await playing
    for _ in range(50):
        await asyncio.sleep(0.02)
        if not _players(server):
            break
    assert not _players(server)
    await excerpt.play(recording, 9.9, 10.0)
    with pytest.raises(PlayingError, match="can't be played any more"):
        await excerpt.play(recording.with_name("gone.wav"), 0.0, 1.0)


async def test_a_machine_without_an_output_says_so(
    monkeypatch: pytest.MonkeyPatch, recording: Path, tmp_path: Path
) -> None:
    monkeypatch.setenv("PULSE_SERVER", f"unix:{tmp_path / 'none'}")
    monkeypatch.setenv("ALSA_CONFIG_PATH", str(tmp_path / "none.conf"))
    with pytest.raises(PlayingError, match="no sound can be played here"):
        await excerpt.play(recording, 0.0, 1.0)


def test_an_archive_that_is_named_wrongly_is_told_and_not_made(run: Run, tmp_path: Path) -> None:
    done = run("review", "--plain", "--db", tmp_path / "none.sqlite")
    assert done.code == 1
    assert "no archive there" in done.err
    assert not (tmp_path / "none.sqlite").exists()


def test_a_file_that_is_no_archive_is_told(run: Run, tmp_path: Path) -> None:
    other = tmp_path / "notes.txt"
    other.write_text("Not an archive. " * 100)
    done = run("review", "--plain", "--db", other)
    assert done.code == 1
    assert f"{other}: not a file of an archive" in done.err
    assert other.read_text().startswith("Not an archive.")
