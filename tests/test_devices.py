import io
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pulse
import pytest
from conftest import Run
from pulse import FAR_END, MICROPHONE, Pulse

from agentassist import config
from agentassist.audio import devices
from agentassist.audio.devices import DeviceError, Input, Pair
from agentassist.audio.packets import NOT_THERE, Packet
from agentassist.audio.portaudio import SERVER_DEVICE
from agentassist.audio.pulse import environment
from agentassist.commands.sound_check import bar


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Pulse]:
    pulse.require()
    with Pulse(monkeypatch) as server:
        yield server


@pytest.fixture(autouse=True)
def _own_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(config.PLACE, str(tmp_path / "settings.toml"))


def named(name: str, kind: devices.Kind = "microphone", *, default: bool = False) -> Input:
    return Input(name, name.title(), "test", 1, 48_000.0, kind, default)


FOUND = [
    named("jabra evolve"),
    named("webcam", default=True),
    named("jabra evolve monitor", "far end"),
    named("speakers monitor", "far end", default=True),
]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("BlackHole 2ch", "far end"),
        ("CABLE Output (VB-Audio Virtual Cable)", "far end"),
        ("Stereo Mix (Realtek Audio)", "far end"),
        ("Loopback: PCM (hw:1,1)", "far end"),
        ("Monitor of Built-in Audio", "far end"),
        ("MacBook Pro Microphone", "microphone"),
        ("Headset (Jabra Evolve 65)", "microphone"),
        ("Aggregate Device", "other"),
    ],
)
def test_an_input_is_told_apart_by_its_name_where_the_system_tells_no_more(
    name: str, kind: devices.Kind
) -> None:
    assert devices.kind_by_name(name) == kind


def test_the_systems_own_devices_are_suggested() -> None:
    pair = devices.suggested(FOUND)
    assert pair == Pair(FOUND[1], FOUND[3])


def test_a_device_is_found_by_its_name_its_title_or_a_part_of_them() -> None:
    assert devices.find("webcam", FOUND) == FOUND[1]
    assert devices.find("Webcam", FOUND) == FOUND[1]
    assert devices.find("speak", FOUND) == FOUND[3]
    assert devices.find("jabra evolve", FOUND) == FOUND[0]


@pytest.mark.parametrize("name", ["jabra", "nowhere"])
def test_a_name_that_fits_none_or_several_is_told_with_those_there_are(name: str) -> None:
    with pytest.raises(DeviceError, match="jabra evolve"):
        devices.find(name, FOUND)


def test_a_packet_is_read_back_as_it_was_written() -> None:
    out = io.BytesIO()
    packet = Packet(12.5, 44_100.0, 2, 3, b"12345678")
    packet.write(out)
    out.seek(0)
    assert Packet.read(out) == packet
    assert Packet.read(out) is None


def test_a_packet_that_was_torn_off_is_the_end() -> None:
    out = io.BytesIO()
    Packet(12.5, 44_100.0, 2, 0, b"12345678").write(out)
    assert Packet.read(io.BytesIO(out.getvalue()[:-1])) is None


@pytest.mark.parametrize(
    ("level", "told"),
    [
        (-120.0, f"[{'.' * 30}]  silent"),
        (-30.0, f"[{'#' * 15}{'.' * 15}]  -30 dB"),
        (0.0, f"[{'#' * 30}]    0 dB"),
        (3.0, f"[{'#' * 30}]    3 dB"),
    ],
)
def test_a_level_is_a_bar_of_fixed_width(level: float, told: str) -> None:
    assert bar(level) == told


def test_microphones_and_far_ends_of_the_sound_server_are_told_apart(server: Pulse) -> None:
    found = {each.name: each for each in devices.inputs()}
    assert found[MICROPHONE].kind == "microphone"
    assert found[MICROPHONE].default
    assert found[FAR_END].kind == "far end"
    assert found[FAR_END].plays_to == "headset"
    assert devices.suggested(found.values()).caller == found["loudspeaker.monitor"]


def test_what_a_telephone_plays_to_is_suggested_before_the_systems_own(server: Pulse) -> None:
    with server.playing(pulse.tone(500.0, 5.0), "headset", role="phone"):
        pair = devices.suggested(devices.inputs())
    assert pair.microphone is not None
    assert pair.caller is not None
    assert (pair.microphone.name, pair.caller.name) == (MICROPHONE, FAR_END)


def test_the_command_lists_chooses_remembers_and_shows_levels(server: Pulse, run: Run) -> None:
    with server.playing(pulse.tone(500.0, 20.0), "headset"):
        done = run("devices", "--microphone", "mic", "--caller", FAR_END, "--seconds", "4")
    assert done.code == 0
    assert f"{MICROPHONE}  [yours" in done.out
    assert f"{FAR_END}  [the caller's" in done.out
    last = done.out.strip().splitlines()[-1]
    assert last.startswith("You [")
    assert "The caller [####" in last
    assert config.load().audio == config.Audio(microphone=MICROPHONE, caller=FAR_END)


def test_one_device_can_not_be_chosen_for_both_sides(server: Pulse, run: Run) -> None:
    done = run("devices", "--microphone", FAR_END, "--caller", FAR_END)
    assert done.code == 1
    assert "can't be both sides" in done.err
    assert config.load().audio == config.Audio()


@pytest.mark.slow
def test_the_walk_hears_the_agent_and_its_own_tones_at_the_far_end(server: Pulse, run: Run) -> None:
    with server.playing(pulse.tone(300.0, 40.0), "voice"):
        done = run("devices", "--microphone", MICROPHONE, "--caller", FAR_END, "--test")
    assert done.code == 0, done
    assert "Your microphone hears you." in done.out
    assert "The far end is heard." in done.out


@pytest.mark.slow
def test_the_walk_says_which_side_is_silent(
    server: Pulse, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agentassist.commands.sound_check._PATIENCE", 1.0)
    done = run("devices", "--microphone", MICROPHONE, "--caller", FAR_END, "--test")
    assert done.code == 1
    assert "hears nothing; check its mute key" in done.err


def test_a_capture_says_that_its_device_is_not_there(server: Pulse) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "agentassist.audio.capturing", "no such device"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, **environment(MICROPHONE)},
    ) as process:
        assert process.wait(timeout=30) == NOT_THERE
        assert process.stdout
        assert process.stdout.read() == b""


def test_a_capture_ends_with_the_program_that_it_was_made_by(server: Pulse) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "agentassist.audio.capturing", SERVER_DEVICE],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, **environment(MICROPHONE)},
    ) as process:
        assert process.stdin
        assert process.stdout
        packet = Packet.read(process.stdout)
        process.stdin.close()
        assert process.wait(timeout=10) == 0
    assert packet is not None
    assert (packet.rate, packet.channels, packet.lost) == (48_000.0, 1, 0)
    assert len(packet.sound) == 4 * 960


def test_without_a_sound_server_what_alsa_has_is_listed_and_the_program_lives_on(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    pulse.require()
    monkeypatch.setenv("PULSE_SERVER", f"unix:{tmp_path}/nowhere")
    found = devices.inputs()
    assert all(each.host_api == "ALSA" for each in found)
    done = run("devices", "--seconds", "0")
    assert done.code in (0, 1)
    assert "a fault of ours" not in done.err
