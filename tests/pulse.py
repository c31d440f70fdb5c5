"""A user-space PulseAudio of a test's own: two outputs, and the first one's sound as a microphone.

Nothing of the user's is touched: its folder, socket and settings are the test's own.
"""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
import pytest

from agentassist.audio.pulse import look
from agentassist.speech.base import SAMPLE_RATE, Samples

PROGRAMS = ("pulseaudio", "pacat")

MICROPHONE = "headset_mic"
FAR_END = "headset.monitor"


def require() -> None:
    """Skips the test where there is no PulseAudio to be had, or no PortAudio to hear it with."""
    for program in PROGRAMS:
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed (Debian: pulseaudio, pulseaudio-utils)")
    pytest.importorskip("pulsectl")
    try:
        pytest.importorskip("sounddevice")
    except OSError:
        pytest.skip("PortAudio is not installed (Debian: libportaudio2)")


class Pulse:
    """The server. What is said into the microphone is played to the output `voice`."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        # Not pytest's own folder: its name is longer than a socket's may be.
        self._folder = Path(tempfile.mkdtemp(prefix="pulse-"))
        self._socket = self._folder / "native"
        self._process: subprocess.Popen[bytes] | None = None
        (self._folder / "client.conf").write_text("autospawn = no\nenable-shm = no\n")
        (self._folder / "server.pa").write_text(
            f"load-module module-native-protocol-unix auth-anonymous=1 socket={self._socket}\n"
            "load-module module-null-sink sink_name=voice rate=48000\n"
            f"load-module module-remap-source master=voice.monitor source_name={MICROPHONE}\n"
            "load-module module-null-sink sink_name=headset rate=48000\n"
            "load-module module-null-sink sink_name=loudspeaker rate=48000\n"
            # Streams follow the default output: it is one that is never unplugged.
            f"set-default-sink loudspeaker\nset-default-source {MICROPHONE}\n"
        )
        for name, value in self.environment.items():
            monkeypatch.setenv(name, value)

    @property
    def environment(self) -> dict[str, str]:
        """What a program needs to be a client of this server and of no other."""
        return {
            "PULSE_SERVER": f"unix:{self._socket}",
            "PULSE_RUNTIME_PATH": str(self._folder),
            "XDG_RUNTIME_DIR": str(self._folder),
            "PULSE_CLIENTCONFIG": str(self._folder / "client.conf"),
        }

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.kill()
        shutil.rmtree(self._folder, ignore_errors=True)

    def start(self) -> None:
        self._socket.unlink(missing_ok=True)
        command = "pulseaudio -n --daemonize=no --exit-idle-time=-1 --use-pid-file=no --disable-shm"
        self._process = subprocess.Popen(
            [*command.split(), "-F", str(self._folder / "server.pa")],
            stderr=subprocess.DEVNULL,
            env={**os.environ, **self.environment, "HOME": str(self._folder)},
        )
        deadline = time.monotonic() + 20.0
        while time.monotonic() < deadline:
            seen = look()
            if seen and FAR_END in seen.sources:
                return
            time.sleep(0.05)
        pytest.fail("pulseaudio did not start")

    def kill(self) -> None:
        if self._process:
            self._process.kill()
            self._process.wait()
            self._process = None

    @contextmanager
    def control(self) -> Iterator[Any]:
        """A connection of pulsectl."""
        import pulsectl

        with pulsectl.Pulse("test", connect=False) as pulse:
            pulse.connect(autospawn=False)
            yield pulse

    def unplug(self, sink: str = "headset") -> None:
        with self.control() as pulse:
            pulse.module_unload(pulse.get_sink_by_name(sink).owner_module)

    def plug_in(self, sink: str = "headset") -> None:
        with self.control() as pulse:
            pulse.module_load("module-null-sink", f"sink_name={sink} rate=48000")

    @contextmanager
    def playing(self, samples: Samples, sink: str, role: str = "music") -> Iterator[None]:
        """Plays the sound to an output, from now on until it ends or the block does."""
        command = (
            f"pacat --playback --latency-msec=50 --device={sink} --format=float32le --channels=1"
        )
        with tempfile.TemporaryFile() as file:
            file.write(np.asarray(samples, np.float32).tobytes())
            file.seek(0)
            player = subprocess.Popen(
                [*command.split(), f"--rate={SAMPLE_RATE}", f"--property=media.role={role}"],
                stdin=file,
                stderr=subprocess.DEVNULL,
            )
        try:
            self._wait_for_player(player)
            yield
        finally:
            player.kill()
            player.wait()

    def _wait_for_player(self, player: "subprocess.Popen[bytes]") -> None:
        deadline = time.monotonic() + 10.0
        with self.control() as pulse:
            while time.monotonic() < deadline:
                for playing in pulse.sink_input_list():
                    if playing.proplist.get("application.process.id") == str(player.pid):
                        return
                time.sleep(0.02)
        pytest.fail("pacat does not play")


def tone(hertz: float, seconds: float, loudness: float = 0.2) -> Samples:
    now = np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    return (loudness * np.sin(2 * np.pi * hertz * now)).astype(np.float32)


def pitch(samples: Samples) -> float:
    """The strongest frequency in hertz."""
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    return float(np.argmax(spectrum)) * SAMPLE_RATE / len(samples)
