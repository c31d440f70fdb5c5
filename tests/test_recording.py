"""Recordings of every kind are heard whole, and every broken one says how to mend it."""

import struct
import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from agentassist.audio import mp3
from agentassist.audio.recording import BLOCK, RecordingError, open_recording
from agentassist.speech.base import SAMPLE_RATE
from agentassist.vocabulary import PARTIES

SECONDS = 3.0
LEFT, RIGHT = 440.0, 1_000.0

FORMATS = [
    ("wav", "WAV", "PCM_U8", 8_000),
    ("wav", "WAV", "PCM_16", 16_000),
    ("wav", "WAV", "PCM_24", 48_000),
    ("wav", "WAV", "FLOAT", 44_100),
    ("wav", "WAV", "ULAW", 8_000),
    ("wav", "WAV", "ALAW", 8_000),
    ("wav", "RF64", "PCM_16", 22_050),
    ("flac", "FLAC", "PCM_16", 32_000),
    ("flac", "FLAC", "PCM_24", 96_000),
    ("mp3", "MP3", "MPEG_LAYER_III", 8_000),
    ("mp3", "MP3", "MPEG_LAYER_III", 44_100),
    ("ogg", "OGG", "VORBIS", 11_025),
    ("opus", "OGG", "OPUS", 48_000),
]
NAMES = [f"{kind}-{subtype}-{rate}" for _, kind, subtype, rate in FORMATS]
Made = Callable[..., Path]


def tones(rate: int, *hertz: float, seconds: float = SECONDS) -> NDArray[np.float64]:
    time = np.arange(round(rate * seconds)) / rate
    return np.stack([0.3 * np.sin(2 * np.pi * tone * time) for tone in hertz], axis=1)


@pytest.fixture
def made(tmp_path: Path) -> Made:
    def make(
        name: str,
        *hertz: float,
        rate: int = 8_000,
        kind: str = "WAV",
        subtype: str = "PCM_16",
        seconds: float = SECONDS,
    ) -> Path:
        path = tmp_path / name
        sound = tones(rate, *hertz, seconds=seconds)
        soundfile.write(path, sound, rate, format=kind, subtype=subtype)
        return path

    return make


def loudest_tone(samples: NDArray[np.float32]) -> float:
    power = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    return float(np.argmax(power)) * SAMPLE_RATE / len(samples)


def complaint(path: Path) -> str:
    """The one line of the error, which must name the file."""
    with pytest.raises(RecordingError) as caught:
        open_recording(path)
    return one_line(caught.value, path)


def one_line(error: RecordingError, path: Path) -> str:
    text = str(error)
    assert text.startswith(f"{path}: ")
    assert "\n" not in text
    return text.removeprefix(f"{path}: ")


@pytest.mark.parametrize(("ending", "kind", "subtype", "rate"), FORMATS, ids=NAMES)
def test_every_format_is_heard_in_full_with_each_party_on_its_side(
    made: Made, ending: str, kind: str, subtype: str, rate: int
) -> None:
    path = made(f"call.{ending}", LEFT, RIGHT, rate=rate, kind=kind, subtype=subtype)
    recording = open_recording(path)
    agent, caller = (np.concatenate(list(recording.blocks(party))) for party in PARTIES)
    assert recording.name == path.name
    assert recording.duration == pytest.approx(SECONDS, abs=0.001)
    assert len(agent) == len(caller) == round(SECONDS * SAMPLE_RATE)
    assert agent.dtype == np.float32
    assert loudest_tone(agent) == pytest.approx(LEFT, abs=2)
    assert loudest_tone(caller) == pytest.approx(RIGHT, abs=2)
    assert 0.25 < np.abs(agent[SAMPLE_RATE:-SAMPLE_RATE]).max() < 0.36


def test_the_agent_may_be_on_the_right(made: Made) -> None:
    recording = open_recording(made("call.wav", LEFT, RIGHT), agent_channel="right")
    assert loudest_tone(np.concatenate(list(recording.blocks("agent")))) == pytest.approx(
        RIGHT, abs=2
    )


def test_blocks_are_a_tenth_of_a_second_and_the_last_may_be_shorter(made: Made) -> None:
    recording = open_recording(made("call.wav", LEFT, RIGHT, rate=44_100, seconds=1.05))
    lengths = [len(block) for block in recording.blocks("agent")]
    assert lengths == [BLOCK] * 10 + [BLOCK // 2]


def test_the_shorter_of_two_files_is_followed_by_silence(made: Made) -> None:
    agent, caller = made("a.wav", LEFT, seconds=1.0), made("c.flac", RIGHT, kind="FLAC")
    recording = open_recording(agent=agent, caller=caller)
    heard = np.concatenate(list(recording.blocks("agent")))
    assert recording.name == "a.wav + c.flac"
    assert recording.duration == SECONDS
    assert len(heard) == round(SECONDS * SAMPLE_RATE)
    assert loudest_tone(heard[:SAMPLE_RATE]) == pytest.approx(LEFT, abs=2)
    assert not heard[SAMPLE_RATE:].any()


def test_the_two_files_may_have_different_rates(made: Made) -> None:
    agent, caller = made("a.wav", LEFT, rate=8_000), made("c.wav", RIGHT, rate=44_100)
    recording = open_recording(agent=agent, caller=caller)
    heard = [np.concatenate(list(recording.blocks(party))) for party in PARTIES]
    assert [round(loudest_tone(samples)) for samples in heard] == [LEFT, RIGHT]


def test_both_parties_can_be_read_at_once_in_two_threads(made: Made) -> None:
    recording = open_recording(made("call.flac", LEFT, RIGHT, kind="FLAC"))
    heard: dict[str, NDArray[np.float32]] = {}

    def read(party: str) -> None:
        heard[party] = np.concatenate(list(recording.blocks(party)))

    threads = [threading.Thread(target=read, args=(party,)) for party in PARTIES]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    alone = {party: np.concatenate(list(recording.blocks(party))) for party in PARTIES}
    assert all(np.array_equal(heard[party], alone[party]) for party in PARTIES)


def test_what_a_float_file_holds_beyond_full_scale_is_brought_back(tmp_path: Path) -> None:
    path = tmp_path / "loud.wav"
    sound = np.tile([[4.0, np.nan], [-4.0, np.inf]], (8_000, 1))
    soundfile.write(path, sound, SAMPLE_RATE, subtype="FLOAT")
    recording = open_recording(path)
    for party in PARTIES:
        heard = np.concatenate(list(recording.blocks(party)))
        assert np.isfinite(heard).all()
        assert np.abs(heard).max() <= 1.0


def test_a_file_without_a_length_in_its_header_is_heard_to_its_end(made: Made) -> None:
    path = made("streamed.wav", LEFT, RIGHT)
    data = bytearray(path.read_bytes())
    data[4:8] = data[40:44] = struct.pack("<I", 0xFFFFFFFF)
    path.write_bytes(data)
    assert open_recording(path).duration == pytest.approx(SECONDS)


def test_a_missing_file_says_so(tmp_path: Path) -> None:
    assert complaint(tmp_path / "no.wav") == "no such file; check the path"


def test_a_folder_is_not_a_recording(tmp_path: Path) -> None:
    assert complaint(tmp_path) == "is a folder; name one recording in it"


def test_a_file_of_no_bytes_is_empty(tmp_path: Path) -> None:
    (tmp_path / "empty.wav").touch()
    assert complaint(tmp_path / "empty.wav").startswith("is empty (0 bytes)")


@pytest.mark.parametrize("kind", ["WAV", "RF64"])
def test_a_header_without_sound_is_empty(made: Made, kind: str) -> None:
    path = made(f"header.{kind.lower()}", LEFT, RIGHT, kind=kind, seconds=0)
    assert complaint(path).startswith("holds no sound")


@pytest.mark.parametrize("part", [0.2, 0.5, 0.99, "a byte"], ids=str)
@pytest.mark.parametrize(("ending", "kind", "subtype", "rate"), FORMATS, ids=NAMES)
def test_a_truncated_recording_is_told_from_a_whole_one(
    made: Made,
    capfd: pytest.CaptureFixture[str],
    ending: str,
    kind: str,
    subtype: str,
    rate: int,
    part: float | str,
) -> None:
    path = made(f"cut.{ending}", LEFT, RIGHT, rate=rate, kind=kind, subtype=subtype)
    data = path.read_bytes()
    kept = len(data) - 1 if isinstance(part, str) else int(len(data) * part)
    path.write_bytes(data[:kept])
    assert complaint(path) == "is cut short or damaged; export or copy the call again"
    assert capfd.readouterr().err == ""


def test_damage_in_the_middle_is_told_when_it_is_reached(made: Made) -> None:
    path = made("damaged.flac", LEFT, RIGHT, kind="FLAC", rate=16_000)
    recording = open_recording(path)
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    with pytest.raises(RecordingError) as caught:
        list(recording.blocks("agent"))
    assert one_line(caught.value, path).startswith("is cut short or damaged")


def test_one_channel_asks_for_a_file_each(made: Made) -> None:
    assert "--agent FILE --caller FILE" in complaint(made("mono.wav", LEFT))


def test_more_than_two_channels_are_too_many(made: Made) -> None:
    assert complaint(made("three.wav", LEFT, RIGHT, 2_000.0)).startswith("has 3 channels")


def test_one_partys_file_has_one_channel(made: Made) -> None:
    both, one = made("both.wav", LEFT, RIGHT), made("one.wav", LEFT)
    with pytest.raises(RecordingError) as caught:
        open_recording(agent=one, caller=both)
    assert "name it alone" in one_line(caught.value, both)


def test_an_mp3_of_constant_bit_rate_needs_no_header(tmp_path: Path) -> None:
    path = tmp_path / "old.mp3"
    sound = np.random.default_rng(1).normal(scale=0.1, size=(5 * 44_100, 2))
    with soundfile.SoundFile(
        path, "w", 44_100, 2, format="MP3", bitrate_mode="CONSTANT", compression_level=0.5
    ) as file:
        file.write(sound)
    data = path.read_bytes()
    second_frame = data.index(data[:2], data.index(b"Info"))
    path.write_bytes(data[second_frame:])
    recording = open_recording(path)
    heard = sum(len(block) for block in recording.blocks("agent"))
    assert heard / SAMPLE_RATE == pytest.approx(5.0, abs=0.1)


@pytest.mark.parametrize("name", ["notes.txt", "notes.wav", "notes.mp3", "notes.raw"])
def test_what_is_not_audio_says_what_can_be_read(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text("Rang the customer at ten. " * 100)
    assert "WAV, FLAC, MP3, Ogg or Opus" in complaint(path)


def test_a_rate_too_low_for_speech_is_refused(made: Made) -> None:
    assert complaint(made("slow.wav", LEFT, RIGHT, rate=4_000)).startswith(
        "4000 samples a second is too few"
    )


@pytest.mark.parametrize("given", [{}, {"agent": "a.wav"}, {"path": "x.wav", "caller": "c.wav"}])
def test_half_of_two_files_is_explained(tmp_path: Path, given: dict[str, str]) -> None:
    files = {name: tmp_path / file for name, file in given.items()}
    with pytest.raises(RecordingError, match="both --agent FILE and --caller FILE"):
        open_recording(**files)


def varying_mp3(path: Path) -> bytes:
    """An MP3 of varying bit rate: silence, then noise."""
    noise = np.random.default_rng(1).normal(scale=0.2, size=(24_000, 2))
    sound = np.concatenate((noise[:2_000], np.zeros((64_000, 2)), noise))
    soundfile.write(path, sound, 8_000, format="MP3", subtype="MPEG_LAYER_III")
    return path.read_bytes()


def test_an_mp3_that_hides_its_length_is_refused_not_half_heard(tmp_path: Path) -> None:
    path = tmp_path / "streamed.mp3"
    data = varying_mp3(path)
    second_frame = data.index(data[:2], 8 + data.index(b"Xing"))
    path.write_bytes(data[second_frame:])
    assert complaint(path).startswith("doesn't tell how long it is")


@pytest.mark.parametrize(
    ("before", "after"),
    [(b"ID3\x04\0\0\0\0\x01\0" + bytes(128), b""), (b"", b"TAG" + bytes(125))],
    ids=["in front", "behind"],
)
def test_tags_around_an_mp3_do_no_harm(tmp_path: Path, before: bytes, after: bytes) -> None:
    path = tmp_path / "tagged.mp3"
    path.write_bytes(before + varying_mp3(path) + after)
    assert open_recording(path).duration == pytest.approx(90_000 / 8_000, abs=0.2)


def test_the_frames_of_an_mp3_are_counted(made: Made) -> None:
    path = made("call.mp3", LEFT, RIGHT, kind="MP3", subtype="MPEG_LAYER_III", rate=44_100)
    found = mp3.length(path)
    assert found is not None
    assert found.whole
    assert 0 <= found.samples - SECONDS * 44_100 < 4 * 1_152


def test_a_wav_is_no_mp3(made: Made) -> None:
    assert mp3.length(made("call.wav", LEFT, RIGHT)) is None
