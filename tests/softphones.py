"""A real telephone call: two SIP phones, in a network of the test's own, with G.711 between them.

The agent's phone speaks from the microphone and plays to the headset of a `pulse.Pulse`; the
far end's phone speaks from a file. Nothing leaves the machine: the network is a loopback alone.
"""

import functools
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
import soundfile

from agentassist.speech.base import Samples
from tests import pulse
from tests.pulse import MICROPHONE, Pulse

PROGRAMS = {"baresip": "baresip-core", "ip": "iproute2", "unshare": "util-linux"}
"""Each with the Debian package that it is in."""

EARPIECE = "earpiece"
"""The output that the far end's phone plays to."""

TELEPHONE = 8000
"""Samples a second of a file that the far end speaks from."""

_HOST = "192.0.2.1"  # of no network: RFC 5737
_AGENT, _CALLER = f"sip:agent@{_HOST}:5060", f"sip:caller@{_HOST}:5070"
_OWN_NETWORK = ("unshare", "--map-root-user", "--net")
_SETTINGS = """\
module_path {modules}
module stdio.so
module g711.so
module alsa.so
module aufile.so
module_tmp account.so
module_app menu.so
sip_listen {host}:{port}
net_interface lo
audio_source {source}
audio_player alsa,{player}
"""


def require() -> None:
    """Skips the test where there are no phones to be had; `scripts/install-phones` has them."""
    pulse.require()
    for program, package in PROGRAMS.items():
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed (Debian: {package}; scripts/install-phones)")
    if not any(Path("/usr/lib").glob("*/alsa-lib/libasound_module_pcm_pulse.so")):
        pytest.skip("ALSA can't reach PulseAudio (Debian: libasound2-plugins)")
    if subprocess.run([*_OWN_NETWORK, "true"], check=False, capture_output=True).returncode:
        pytest.skip("this machine lets nobody make a network of their own (user namespaces)")


class Phones:
    """The two phones, switched on. `dial` makes the call, which the far end takes at once."""

    def __init__(self, agent: "Phone", server: Pulse) -> None:
        self._agent = agent
        self._server = server

    def dial(self) -> float:
        """The monotonic second at which the far end's file began, to a tenth or so."""
        self._agent.press(f"/dial {_CALLER}")
        self._agent.until(lambda: self._plays_to("headset"))
        return time.monotonic()

    def play_to(self, sink: str) -> None:
        """The call's sound goes to that output from now on."""
        with self._server.control() as control:
            for stream in control.sink_input_list():
                if self._agent.owns(stream.proplist):
                    control.sink_input_move(stream.index, control.get_sink_by_name(sink).index)
        self._agent.until(lambda: self._plays_to(sink))

    def _plays_to(self, sink: str) -> bool:
        with self._server.control() as control:
            index = control.get_sink_by_name(sink).index
            return any(
                stream.sink == index and self._agent.owns(stream.proplist)
                for stream in control.sink_input_list()
            )


class Phone:
    """A running baresip."""

    def __init__(self, process: "subprocess.Popen[str]", log: Path) -> None:
        self._process = process
        self._log = log

    def owns(self, stream: dict[str, str]) -> bool:
        """Whether a stream with these properties is this phone's."""
        return stream.get("application.process.id") == str(self._process.pid)

    def press(self, keys: str) -> None:
        assert self._process.stdin
        self._process.stdin.write(f"{keys}\n")
        self._process.stdin.flush()

    def until(self, holds: Callable[[], bool]) -> None:
        deadline = time.monotonic() + 20.0
        while not holds():
            assert self._process.poll() is None, self._log.read_text()
            assert time.monotonic() < deadline, self._log.read_text()
            time.sleep(0.02)


@contextmanager
def phones(server: Pulse, folder: Path, far_end: Samples) -> Iterator[Phones]:
    """Two phones; the far end's says this sound, at `TELEPHONE` samples a second, in its call."""
    server.plug_in(EARPIECE)
    speech, pcms = folder / "caller.wav", folder / "asound.conf"
    soundfile.write(speech, far_end, TELEPHONE, subtype="PCM_16")
    devices = {"microphone": MICROPHONE, "headset": "headset", EARPIECE: EARPIECE}
    pcms.write_text(
        "".join(f'pcm.{n} {{ type pulse device "{device}" }}\n' for n, device in devices.items())
    )
    with ExitStack() as running:
        network = running.enter_context(_own_network())
        switch_on = functools.partial(_phone, network, pcms, folder)
        running.enter_context(
            switch_on("caller", f"{_CALLER}>;answermode=auto", f"aufile,{speech}", EARPIECE)
        )
        agent = running.enter_context(
            switch_on("agent", f"{_AGENT}>", "alsa,microphone", "headset")
        )
        yield Phones(agent, server)


@contextmanager
def _own_network() -> Iterator[int]:
    """The process whose network the phones are to be in."""
    up = f"ip link set lo up && ip addr add {_HOST}/32 dev lo && echo up && exec cat"
    with subprocess.Popen(
        [*_OWN_NETWORK, "sh", "-c", up], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == "up\n"
        yield process.pid


@contextmanager
def _phone(
    network: int, pcms: Path, above: Path, name: str, account: str, source: str, player: str
) -> Iterator[Phone]:
    folder = above / name
    folder.mkdir()
    (folder / "config").write_text(
        _SETTINGS.format(
            modules=next(iter(_modules())),
            host=_HOST,
            port=account.partition(">")[0].rpartition(":")[2],
            source=source,
            player=player,
        )
    )
    (folder / "accounts").write_text(f"<{account};regint=0\n")
    (folder / "contacts").write_text("")
    log = folder / "log"
    enter = f"nsenter --preserve-credentials --user --net --target {network}".split()
    with (
        log.open("w") as out,
        # It reads its keys from standard input, and ends when that does.
        subprocess.Popen(
            [*enter, "baresip", "-f", str(folder)],
            stdin=subprocess.PIPE,
            stdout=out,
            stderr=subprocess.STDOUT,
            env={**os.environ, "ALSA_CONFIG_PATH": str(pcms)},
            text=True,
        ) as process,
    ):
        try:
            phone = Phone(process, log)
            phone.until(lambda: "baresip is ready" in log.read_text())
            yield phone
        finally:
            process.kill()


def _modules() -> Iterator[Path]:
    for pattern in ("baresip/modules", "*/baresip/modules"):
        yield from Path("/usr/lib").glob(pattern)
