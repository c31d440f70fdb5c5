"""The real call: two SIP phones, a sound server, and `agentassist live` beside them as it ships.

Thirty seconds of the bundled call are spoken in their own timing, the agent's side into the
microphone and the caller's by a phone that the agent's softphone has dialled.
"""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple, Self

import numpy as np
import pytest
import soundfile
import soxr

from agentassist import demo
from agentassist import events as ev
from agentassist.speech.base import SAMPLE_RATE, Samples
from agentassist.store import journal
from agentassist.store.unfinished import waiting
from tests import softphones
from tests.conftest import Run
from tests.pulse import FAR_END, MICROPHONE, Pulse
from tests.softphones import EARPIECE, TELEPHONE, Phones

BEGIN, END = 32.5, 62.5
"""Seconds of the bundled call."""
QUIET = 4.0
"""Seconds before anybody speaks: the coach is told of the call when it is on."""
HANGING_ON = 60.0
"""Seconds that the far end stays on the line after its last word."""

pytestmark = pytest.mark.slow


class Spoken(NamedTuple):
    """Both sides, each at the rate that it is spoken at: a microphone's, and a telephone's."""

    agent: Samples
    caller: Samples


@pytest.fixture(scope="module")
def spoken() -> Spoken:
    start, stop = round(BEGIN * TELEPHONE), round(END * TELEPHONE)
    sound, rate = soundfile.read(demo.RECORDING, start=start, stop=stop, dtype="float32")
    assert rate == TELEPHONE
    quiet, after = (round(seconds * TELEPHONE) for seconds in (QUIET, HANGING_ON))
    agent, caller = np.pad(sound, ((quiet, after), (0, 0))).T
    return Spoken(soxr.resample(agent, TELEPHONE, SAMPLE_RATE), caller)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Pulse]:
    softphones.require()
    with Pulse(monkeypatch) as server:
        yield server


@pytest.fixture
def phones(server: Pulse, tmp_path: Path, spoken: Spoken) -> Iterator[Phones]:
    with softphones.phones(server, tmp_path, spoken.caller) as phones:
        yield phones


class Coach:
    """`agentassist live`, beside the softphone."""

    def __init__(self, folder: Path) -> None:
        self._out, self._err = folder / "out", folder / "err"

    def __enter__(self) -> Self:
        program = [str(Path(sys.executable).with_name("agentassist")), "live", "--plain"]
        with self._out.open("w") as out, self._err.open("w") as err:
            self._process = subprocess.Popen(
                [*program, "--microphone", MICROPHONE, "--caller", FAR_END],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
            )
        self.tells("Ready.")
        return self

    def __exit__(self, *error: object) -> None:
        self._process.kill()
        self._process.wait()

    @property
    def told(self) -> str:
        return self._out.read_text()

    def tells(self, words: str, seconds: float = 60.0, *, times: int = 1) -> None:
        """Waits for it."""
        deadline = time.monotonic() + seconds
        while self.told.count(words) < times:
            said = self.told + self._err.read_text()
            assert self._process.poll() is None, said
            assert time.monotonic() < deadline, said
            time.sleep(0.05)


@pytest.fixture
def coach(server: Pulse, tmp_path: Path) -> Iterator[Coach]:
    with Coach(tmp_path) as coach:
        yield coach


class Kept(NamedTuple):
    """What is on the disk of the one call: each side's words, and every trouble."""

    agent: str
    caller: str
    troubles: list[ev.TroubleHeard]


def kept(data: Path) -> Kept:
    (note,) = waiting(data)
    assert note.state == "drafted"
    heard = list(journal.read(note.journal))
    words = [each for each in heard if isinstance(each, ev.WordsHeard)]
    agent, caller = (
        " ".join(each.text for each in words if each.party == party).lower()
        for party in ("agent", "caller")
    )
    return Kept(agent, caller, [each for each in heard if isinstance(each, ev.TroubleHeard)])


def among(text: str, *words: str) -> int:
    """How many of the words are in the text. A recogniser mishears one now and then."""
    return sum(word in text for word in words)


def sleeper(answered: float) -> Callable[[float], None]:
    """Sleeps until that second of the bundled call, in a call answered at that time."""
    return lambda at: time.sleep(max(0.0, answered + QUIET + at - BEGIN - time.monotonic()))


def loudest(server: Pulse, source: str) -> float:
    with server.control() as control:
        return float(control.get_peak_sample(source, 2.0))


def test_a_call_over_two_telephones_is_written_coached_and_noted(
    server: Pulse, phones: Phones, coach: Coach, spoken: Spoken, run: Run, tmp_path: Path
) -> None:
    until = sleeper(phones.dial())
    with server.playing(spoken.agent, "voice"):
        begun = run("call", "start", "--account", "4711", "--direction", "outbound")
        assert begun == (0, "the call is on\n", "")
        until(40.0)
        assert loudest(server, f"{EARPIECE}.monitor") > 0.05
        until(END + 1.0)
        assert run("call", "stop").out == "the call ends\n"
        coach.tells("The call has ended.")
    call = kept(tmp_path / "data" / "agentassist")
    assert call.troubles == []
    assert among(call.agent, "three months", "payment", "my problem", "bill") >= 3
    assert among(call.caller, "hours", "january", "wages", "rent", "sick and tired") >= 4
    assert among(call.agent, "hours", "january", "wages", "rent", "sick") == 0
    assert among(call.caller, "three months", "my problem") == 0
    assert ">>> HIGH" in coach.told
    assert "Call: account 4711\n" in coach.told
    assert "NOTE: " in coach.told
    assert "account 4711" in run("note", "list").out


def test_a_headset_that_is_unplugged_in_a_call_over_two_telephones_is_told_and_the_call_goes_on(
    server: Pulse, phones: Phones, coach: Coach, spoken: Spoken, run: Run, tmp_path: Path
) -> None:
    until = sleeper(phones.dial())
    with server.playing(spoken.agent, "voice"):
        assert run("call", "start").code == 0
        until(43.7)
        server.unplug()
        coach.tells("*** The caller's sound stopped: ", 5.0)
        until(50.0)
        server.plug_in()
        phones.play_to("headset")
        coach.tells("*** The caller's sound is back after ", 10.0)
        until(END + 1.0)
        assert run("call", "stop").out == "the call ends\n"
        coach.tells("The call has ended.")
    call = kept(tmp_path / "data" / "agentassist")
    assert [(each.fault, each.party, bool(each.mend)) for each in call.troubles] == [
        ("gone", "caller", True),
        ("gone", "caller", False),
    ]
    assert among(call.caller, "hours", "january", "bills") >= 2
    assert "wages" not in call.caller
    assert among(call.caller, "sick and tired", "customer", "eleven") >= 2
    assert among(call.agent, "three months", "payment", "my problem", "bill") >= 3
    assert among(call.caller, "three months", "my problem") == 0
    assert "NOTE: " in coach.told
