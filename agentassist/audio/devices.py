"""Which inputs there are, which is a microphone and which the far end, and which two to take.

The far end is what the softphone plays: the monitor of an output (PulseAudio, PipeWire), a
loopback (WASAPI), or a virtual cable that the softphone is told to play to.
"""

import re
import sys
from collections.abc import Iterable
from typing import Literal, TypeAlias

import msgspec

from agentassist.audio import pulse
from agentassist.cleaning import clean
from agentassist.errors import MendableError
from agentassist.vocabulary import Party

Kind: TypeAlias = Literal["microphone", "far end", "other"]

_SERVER_RATE = 48_000.0
"""A sound server gives any rate; this one it mostly runs at itself."""

# Names under which programs that carry sound from one to the other show up as inputs:
# existential.audio/blackhole, rogueamoeba.com/loopback, vb-audio.com/Cable, Soundflower,
# Windows' own Stereo Mix, PyAudioWPatch, and ALSA's snd-aloop.
_FAR_END = re.compile(
    r"blackhole|\bloopback\b|cable output|voicemeeter|soundflower|stereo mix|monitor of",
    re.IGNORECASE,
)
# macOS shows several devices as one under this name; the channels of both sides are in it.
_NEITHER = re.compile(r"aggregate|multi-output", re.IGNORECASE)


class DeviceError(MendableError):
    """A device that is not there, or no way to hear one; one line with the mend."""


class Input(msgspec.Struct, frozen=True):
    """Something that can be captured."""

    name: str
    """What it is chosen and remembered by."""
    title: str
    """What people call it."""
    host_api: str
    channels: int
    rate: float
    kind: Kind
    default: bool = False
    plays_to: str | None = None
    """The output whose sound it is, where the system names that."""
    phone: bool = False
    """A telephone program plays to that output now."""


class Pair(msgspec.Struct, frozen=True):
    """An input for each side; None where there is none of that kind."""

    microphone: Input | None = None
    caller: Input | None = None


def inputs() -> list[Input]:
    """What there is now, microphones first. Raises DeviceError where sound can't be had at all."""
    if server := pulse.look():
        found = [_source(source) for source in server.sources.values()]
    else:
        found = list(_portaudio())
    order: tuple[Kind, ...] = ("microphone", "far end", "other")
    return sorted(found, key=lambda each: (order.index(each.kind), not each.default, each.name))


def suggested(found: Iterable[Input]) -> Pair:
    """The system's own microphone, and what a telephone plays to, or else the system's output."""
    found = list(found)
    microphones = [each for each in found if each.kind == "microphone"]
    far_ends = [each for each in found if each.kind == "far end"]
    microphones.sort(key=lambda each: not each.default)
    far_ends.sort(key=lambda each: (not each.phone, not each.default))
    return Pair(next(iter(microphones), None), next(iter(far_ends), None))


def find(name: str, found: Iterable[Input]) -> Input:
    """The input of that name or title, or the only one with these words in either.

    Raises DeviceError, with the names there are.
    """
    found = list(found)
    same = [each for each in found if name in (each.name, each.title)]
    words = name.casefold()
    alike = [each for each in found if words in f"{each.name}\n{each.title}".casefold()]
    fitting = same or alike
    if len(fitting) == 1:
        return fitting[0]
    many = [each.name for each in fitting or found]
    what = f"{len(fitting)} devices are called" if fitting else "there is no input called"
    there = f"there is: {', '.join(many)}" if many else "no input is plugged in"
    raise DeviceError(clean(f"{what} {name!r}; {there}"))


def no_far_end() -> str:
    """How to come by a far end on this system."""
    match sys.platform:
        case "darwin":
            return (
                "Install BlackHole (brew install blackhole-2ch), make a Multi-Output Device of it"
                " and your headphones in Audio MIDI Setup, and let the softphone play to that."
            )
        case "win32":
            return (
                "Install agentassist again so that PyAudioWPatch comes with it, or let the"
                " softphone play to a virtual cable (vb-audio.com/Cable)."
            )
        case _:
            return (
                "Start PulseAudio or PipeWire (pipewire-pulse): each output then has a monitor."
                " With ALSA alone, load snd-aloop and let the softphone play to it."
            )


def title(name: str, found: Iterable[Input], party: Party) -> str:
    """What to call a device of which maybe only the name is known."""
    there = next((each.title for each in found if each.name == name), name)
    return clean(there) or ("the microphone" if party == "agent" else "the far end")


def _source(source: pulse.Source) -> Input:
    return Input(
        source.name,
        clean(source.title),
        "PulseAudio",
        source.channels,
        _SERVER_RATE,
        "microphone" if source.monitored is None else "far end",
        source.default,
        source.monitored,
        source.phone,
    )


def _portaudio() -> Iterable[Input]:
    from agentassist.audio import portaudio

    for device in portaudio.inputs():
        kind = kind_by_name(device.name)
        yield Input(
            device.name,
            clean(device.name),
            device.host_api,
            device.channels,
            device.rate,
            kind,
            default=device.default or (kind == "far end" and sys.platform == "darwin"),
        )
    if sys.platform == "win32":
        from agentassist.audio import wasapi

        for loopback in wasapi.loopbacks():
            yield Input(
                loopback.name,
                clean(loopback.name),
                "Windows WASAPI",
                loopback.channels,
                loopback.rate,
                "far end",
                default=loopback.default,
            )


def kind_by_name(name: str) -> Kind:
    """What an input is, where the system tells nothing but its name."""
    if _NEITHER.search(name):
        return "other"
    return "far end" if _FAR_END.search(name) else "microphone"
