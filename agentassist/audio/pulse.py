"""What PulseAudio, or PipeWire in its place, knows: sources, and which one is really captured.

Through pulsectl, which speaks to the user's server and starts none. One connection belongs to
one thread.
"""

import os
import sys
import time
from importlib.resources import files
from typing import Any, Self

import msgspec

from agentassist.audio.portaudio import SERVER_DEVICE

_TAG = "agentassist.party"


class Source(msgspec.Struct, frozen=True):
    """Something that can be captured."""

    name: str
    """The server's own, which stays when the machine starts again."""
    title: str
    channels: int
    monitored: str | None
    """The output whose sound this is; None for a microphone."""
    muted: bool
    default: bool
    phone: bool
    """A telephone program plays to the output that it is the monitor of."""


class Look(msgspec.Struct, frozen=True):
    """The server at one moment."""

    sources: dict[str, Source]
    captured: dict[str, str]
    """Our own captures by their tag, and the source that each is really from."""


class PulseServer:
    """A connection that is made anew whenever it is lost."""

    def __init__(self) -> None:
        self._pulse: Any = None

    def look(self) -> Look | None:
        """What there is now; None where no server answers."""
        import pulsectl

        try:
            return _look(self._connected())
        except (pulsectl.PulseError, pulsectl.PulseDisconnected):
            self.close()
            return None

    def wait(self, seconds: float) -> None:
        """Until something changes at the server, at most so long."""
        import pulsectl

        try:
            self._connected().event_listen(timeout=seconds)
        except (pulsectl.PulseError, pulsectl.PulseDisconnected):
            self.close()
            time.sleep(seconds)

    def _connected(self) -> Any:
        import pulsectl

        def stop_waiting(_event: Any) -> None:
            raise pulsectl.PulseLoopStop

        if self._pulse is None:
            pulse = pulsectl.Pulse("agentassist", connect=False)
            try:
                pulse.connect(autospawn=False)
                pulse.event_mask_set("source", "source_output")
                pulse.event_callback_set(stop_waiting)
            except pulsectl.PulseError:
                pulse.close()
                raise
            self._pulse = pulse
        return self._pulse

    def close(self) -> None:
        """May be used again."""
        if self._pulse is not None:
            self._pulse.close()
            self._pulse = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


def look() -> Look | None:
    """The server as it is now; None where there is none, or no library to ask it."""
    if sys.platform != "linux":
        return None
    try:
        with PulseServer() as server:
            return server.look()
    except (ImportError, OSError):
        return None


def environment(source: str, tag: str = "") -> dict[str, str]:
    """What a process needs that opens the device SERVER_DEVICE, so that it gets that source.

    Its capture is found again under `tag`. The user's own ALSA configuration is not touched.
    """
    return {
        "ALSA_CONFIG_PATH": str(files(__package__) / "pulse.conf"),
        "AGENTASSIST_DEVICE": source,
        "PULSE_PROP": f"{_TAG}={tag} application.name={SERVER_DEVICE}",
    }


def own_tag(party: str) -> str:
    """A tag that no other process of ours has."""
    return f"{party}-{os.getpid()}"


def _look(pulse: Any) -> Look:
    info = pulse.server_info()
    listed = pulse.source_list()
    phones = {
        playing.sink
        for playing in pulse.sink_input_list()
        if playing.proplist.get("media.role") == "phone"
    }
    names = {source.index: source.name for source in listed}
    return Look(
        {
            source.name: Source(
                source.name,
                source.description or source.name,
                len(source.volume.values),
                source.monitor_of_sink_name,
                muted=bool(source.mute),
                default=info.default_source_name == source.name
                or info.default_sink_name == source.monitor_of_sink_name,
                phone=source.monitor_of_sink in phones,
            )
            for source in listed
        },
        {
            output.proplist[_TAG]: names[output.source]
            for output in pulse.source_output_list()
            if _TAG in output.proplist and output.source in names
        },
    )
