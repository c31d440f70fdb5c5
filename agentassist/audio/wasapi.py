"""WASAPI loopback on Windows through PyAudioWPatch: what a loudspeaker plays, as an input.

The PortAudio that comes with sounddevice has no loopback; this one is a fork that lists every
output a second time, as an input with `[Loopback]` after its name. Nothing is given while
nothing plays.
"""

from collections.abc import Callable
from typing import Any

import msgspec

from agentassist.audio.packets import NoSuchDeviceError, OpeningError, Stream

_SUFFIX = "[Loopback]"
_PACKET = 0.02


class Loopback(msgspec.Struct, frozen=True):
    """An output that can be listened to."""

    name: str
    index: int
    channels: int
    rate: float
    default: bool


def is_loopback(name: str) -> bool:
    """Whether the name is one that only this library knows."""
    return name.endswith(_SUFFIX)


def _library() -> Any:
    import pyaudiowpatch

    return pyaudiowpatch


def loopbacks() -> list[Loopback]:
    """The outputs there are now; none where WASAPI or the library is missing."""
    try:
        with _library().PyAudio() as audio:
            return _loopbacks(audio)
    except (ImportError, OSError):
        return []


def _loopbacks(audio: Any) -> list[Loopback]:
    try:
        default = audio.get_default_wasapi_loopback()["index"]
    except (OSError, LookupError):
        default = None
    return [
        Loopback(
            device["name"],
            device["index"],
            device["maxInputChannels"],
            device["defaultSampleRate"],
            device["index"] == default,
        )
        for device in audio.get_loopback_device_info_generator()
    ]


class _Open:
    def __init__(self, audio: Any, stream: Any, loopback: Loopback) -> None:
        self._kept = audio, stream
        self.rate = loopback.rate
        self.channels = loopback.channels


def open_loopback(name: str, heard: Callable[[int, bytes], None]) -> Stream:
    """Captures what that output plays. Raises NoSuchDeviceError, OpeningError."""
    library = _library()
    audio = library.PyAudio()
    found = next((each for each in _loopbacks(audio) if each.name == name), None)
    if found is None:
        raise NoSuchDeviceError

    def callback(sound: bytes, frames: int, when: Any, status: int) -> tuple[None, int]:
        del when, status
        heard(frames, sound)
        return None, library.paContinue

    try:
        # Loopback takes only the output's own rate and channels.
        stream = audio.open(
            rate=round(found.rate),
            channels=found.channels,
            format=library.paFloat32,
            input=True,
            input_device_index=found.index,
            frames_per_buffer=round(found.rate * _PACKET),
            stream_callback=callback,
        )
    except OSError as error:
        raise OpeningError from error
    return _Open(audio, stream, found)
