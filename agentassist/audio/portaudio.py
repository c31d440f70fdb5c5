"""PortAudio through sounddevice: listing devices, capturing one, playing a tone. Its one user.

Loaded only in processes of their own: see `capturing`. `python -m agentassist.audio.portaudio`
lists the inputs.
"""

import subprocess
import sys
import threading
from collections.abc import Callable
from typing import Any

import msgspec

from agentassist.audio.packets import NoSuchDeviceError, OpeningError, Stream
from agentassist.errors import MendableError

_PACKET = 0.02
"""Seconds of sound that the callback is given at a time."""

_LATENCY = 0.1
"""Seconds that PortAudio may hold: twenty milliseconds lost sound on a busy machine."""

_HOST_APIS = {"win32": "Windows WASAPI", "darwin": "Core Audio", "linux": "ALSA"}
"""The one host API to use where a system has several, all with the same devices."""


_NO_LIBRARY = 3
"""Exit status of the listing."""


def _sounddevice() -> Any:
    """The library. Raises OSError where PortAudio itself is missing."""
    import sounddevice

    return sounddevice


class Device(msgspec.Struct, frozen=True):
    """An input as PortAudio tells of it."""

    name: str
    host_api: str
    index: int
    channels: int
    rate: float
    default: bool


def inputs() -> list[Device]:
    """The inputs there are now, of the system's own host API. Raises MendableError.

    They are listed by a process of its own: one process sees only those that were there when
    it began, and PortAudio 19.6 aborts where ALSA's settings name no default device.
    """
    command = [sys.executable, "-m", "agentassist.audio.portaudio"]
    done = subprocess.run(  # noqa: S603 - our own module
        command, stdin=subprocess.DEVNULL, capture_output=True, check=False
    )
    if done.returncode == _NO_LIBRARY:
        raise MendableError(
            "PortAudio can't be loaded; install it (Debian, Ubuntu: sudo apt install libportaudio2)"
        )
    return msgspec.json.decode(done.stdout or b"[]", type=list[Device])


def _inputs(sounddevice: Any) -> list[Device]:
    apis = sounddevice.query_hostapis()
    wanted = _HOST_APIS.get(sys.platform)
    wanted = wanted if any(api["name"] == wanted for api in apis) else None
    return [
        Device(
            told["name"],
            api["name"],
            told["index"],
            told["max_input_channels"],
            told["default_samplerate"],
            told["index"] == api["default_input_device"],
        )
        for told in sounddevice.query_devices()
        for api in (apis[told["hostapi"]],)
        if told["max_input_channels"] > 0 and wanted in (None, api["name"])
    ]


class _Open:
    """An open stream, which must be kept for as long as it is to give sound."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self.rate: float = stream.samplerate
        self.channels: int = stream.channels


def open_input(
    device: str, heard: Callable[[int, bytes], None], ended: Callable[[], None]
) -> Stream:
    """Captures the device of that name. Raises NoSuchDeviceError, OpeningError."""
    sounddevice = _sounddevice()
    found = next((each for each in _inputs(sounddevice) if each.name == device), None)
    if found is None:
        raise NoSuchDeviceError

    def callback(sound: Any, frames: int, when: Any, status: Any) -> None:
        del when, status
        heard(frames, bytes(sound))

    # Through a sound server any number of channels can be had, and one is what is wanted.
    channels = 1 if found.channels > 8 else min(2, found.channels)
    rate = found.rate if found.name != SERVER_DEVICE else 48_000.0
    try:
        stream = sounddevice.RawInputStream(
            samplerate=rate,
            blocksize=round(rate * _PACKET),
            device=found.index,
            channels=channels,
            dtype="float32",
            latency=_LATENCY,
            callback=callback,
            finished_callback=ended,
        )
        stream.start()
    except sounddevice.PortAudioError as error:
        raise OpeningError from error
    return _Open(stream)


SERVER_DEVICE = "agentassist"
"""The device of `pulse.conf`."""


def play(samples: bytes, rate: int, device: str | None) -> None:
    """Plays mono float32 samples to their end. Raises OpeningError."""
    sounddevice = _sounddevice()
    position = 0
    done = threading.Event()

    def callback(out: Any, frames: int, when: Any, status: Any) -> None:
        nonlocal position
        del when, status
        piece = samples[position : position + 4 * frames]
        position += len(piece)
        out[: len(piece)] = piece
        out[len(piece) :] = bytes(len(out) - len(piece))
        if position >= len(samples):
            raise sounddevice.CallbackStop

    try:
        with sounddevice.RawOutputStream(
            samplerate=rate,
            device=device,
            channels=1,
            dtype="float32",
            callback=callback,
            finished_callback=done.set,
        ):
            done.wait(timeout=len(samples) / 4 / rate + 2.0)
    except (sounddevice.PortAudioError, ValueError) as error:
        raise OpeningError from error


def main() -> int:
    """Lists the inputs as JSON."""
    try:
        found = _inputs(_sounddevice())
    except OSError:
        return _NO_LIBRARY
    sys.stdout.buffer.write(msgspec.json.encode(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
