"""The recording of a live call: what is in it, where, and what never is."""

import os
import signal
import stat
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest
import soundfile

from agentassist import events as ev
from agentassist.audio import tape as tapes
from agentassist.audio.recording import open_recording
from agentassist.audio.tape import Tape, new_file
from agentassist.audio.withheld import JOINS, LOOK_BACK, MARGIN, Withheld
from agentassist.errors import MendableError
from agentassist.redaction import redacted
from agentassist.speech.base import SAMPLE_RATE, Samples
from agentassist.vocabulary import PARTIES, Party
from tests.sounds import blocks

STARTED = ev.CallStarted(0.0, "live", "scripted")
CARD = "It's four one one one, one one one one, one one one one, one one one one."
NO_TROUBLE = lambda what, mend: pytest.fail(f"{what} {mend}")  # noqa: E731


def said(start: float, end: float, text: str, party: Party = "caller") -> ev.WordsHeard:
    return ev.WordsHeard(end + 0.6, party, start, end, text)


def marked(*words: ev.WordsHeard, until: float, ended: bool = True) -> list[ev.Heard]:
    """A call with a clock mark each second."""
    marks = [ev.ClockMark(float(at)) for at in range(1, int(until) + 1)]
    heard: list[ev.Heard] = sorted([*words, *marks], key=lambda event: event.at)
    return [STARTED, *heard, *([ev.CallEnded(until)] if ended else [])]


def steady(level: float, seconds: float) -> Samples:
    return np.full(round(seconds * SAMPLE_RATE), level, np.float32)


def recorded(path: Path, events: Iterable[ev.AnyEvent], seconds: float) -> Samples:
    """The sound in the file, shape (n, 2), of a call in which both sides are never silent."""
    with Tape(path, NO_TROUBLE) as tape:
        for party, level in zip(PARTIES, (0.25, 0.5), strict=True):
            for block in blocks(steady(level, seconds)):
                tape.heard(party, block)
        for event in events:
            tape(event)
    return read(path)


def read(path: Path) -> Samples:
    sound: Samples = soundfile.read(path, dtype="float32", always_2d=True)[0]
    return sound


def level(sound: Samples, at: float) -> list[float]:
    """Of both channels at that second."""
    return [round(float(x), 2) for x in sound[round(at * SAMPLE_RATE)]]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return new_file(tmp_path / "recordings", "2026-03-12 15.02.07 Dana Cole")


def test_both_sides_lie_in_their_channels_on_call_time(path: Path) -> None:
    agent, caller = steady(0.0, 5.0), steady(0.0, 4.0)
    agent[SAMPLE_RATE] = 0.5
    caller[3 * SAMPLE_RATE] = -0.5
    with Tape(path, NO_TROUBLE) as tape:
        for block in blocks(caller):
            tape.heard("caller", block)
        for block in blocks(agent):
            tape.heard("agent", block)
        for event in marked(until=5.0):
            tape(event)
    sound = read(path)
    assert sound.shape == (5 * SAMPLE_RATE, 2)
    assert list(np.flatnonzero(sound[:, 0])) == [SAMPLE_RATE]
    assert list(np.flatnonzero(sound[:, 1])) == [3 * SAMPLE_RATE]


def test_it_is_a_call_that_can_be_replayed_and_the_users_alone(path: Path) -> None:
    recorded(path, marked(until=3.0), 3.0)
    assert open_recording(path).duration == 3.0
    info = soundfile.info(path)
    assert (info.format, info.samplerate, info.channels) == ("FLAC", SAMPLE_RATE, 2)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_second_call_in_the_same_second_has_a_file_of_its_own(tmp_path: Path) -> None:
    first, second = new_file(tmp_path, "call"), new_file(tmp_path, "call")
    assert [first.name, second.name] == ["call.flac", "call (2).flac"]


def test_a_folder_that_can_not_be_made_is_told_of(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(MendableError, match="no recording can be made"):
        new_file(tmp_path / "file", "call")


@pytest.mark.parametrize("redact", [True, False], ids=["redacted", "not redacted"])
def test_card_data_is_silence_on_both_sides_and_the_rest_is_kept(path: Path, redact: bool) -> None:
    call = marked(said(5.0, 11.0, CARD), until=60.0)
    sound = recorded(path, redacted(call) if redact else call, 60.0)
    assert len(sound) == 60 * SAMPLE_RATE
    kept = np.flatnonzero(sound.any(axis=1)) / SAMPLE_RATE
    gap = kept[(kept > 5.0 - MARGIN - 0.01) & (kept < 11.0 + MARGIN - 0.01)]
    assert not len(gap[gap > 5.0 - MARGIN])
    assert level(sound, 4.4) == level(sound, 11.6) == [0.25, 0.5]


def test_a_number_said_in_pieces_is_left_out_from_its_first_to_its_last(path: Path) -> None:
    pieces = [
        said(10.0, 12.0, "four one one one"),
        said(13.0, 13.4, "yes", "agent"),
        said(14.0, 16.0, "one one one one"),
        said(18.0, 20.0, "one one one one"),
        said(24.0, 26.0, "one one one one"),
    ]
    sound = recorded(path, redacted(marked(*pieces, until=90.0)), 90.0)
    assert {tuple(level(sound, at)) for at in (9.6, 11, 12.9, 13.2, 17, 22, 26.4)} == {(0.0, 0.0)}
    assert level(sound, 9.4) == level(sound, 26.6) == [0.25, 0.5]


def test_no_digit_of_a_card_is_on_the_disk_at_any_time(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file holds nothing later than what is known, so a crash leaves no digit behind."""
    monkeypatch.setattr(tapes, "WRITES_EVERY", 1e6)
    written: list[int] = []
    call = list(redacted(marked(said(45.0, 51.0, CARD), until=120.0, ended=False)))
    with Tape(path, NO_TROUBLE) as tape:
        for second in range(120):
            for party in PARTIES:
                tape.heard(party, steady(0.5, 1.0))
            for event in call:
                if second < event.at <= second + 1:
                    tape(event)
            tape._write_due()
            written.append(tape._written // SAMPLE_RATE)
    assert all(seconds <= max(0, now + 1 - LOOK_BACK) for now, seconds in enumerate(written))
    assert written[-1] == 120 - LOOK_BACK
    assert not read(path)[45 * SAMPLE_RATE : 51 * SAMPLE_RATE].any()


def test_a_call_that_came_to_no_end_keeps_what_was_sure(path: Path) -> None:
    sound = recorded(path, redacted(marked(said(55.0, 59.0, CARD), until=60.0, ended=False)), 60.0)
    assert len(sound) == (60 - LOOK_BACK) * SAMPLE_RATE


def test_nothing_at_all_leaves_no_file(path: Path) -> None:
    with Tape(path, NO_TROUBLE):
        pass
    assert not path.exists()


def test_the_agent_pauses_it_and_lets_it_go_on(path: Path) -> None:
    with Tape(path, NO_TROUBLE) as tape:
        states = []
        for second in range(6):
            if second in (2, 4):
                tape.toggle()
            states.append(tape.state)
            for party in PARTIES:
                tape.heard(party, steady(0.5, 1.0))
        for event in marked(until=6.0):
            tape(event)
    assert states == ["on", "on", "paused", "paused", "on", "on"]
    sound = read(path)
    assert [level(sound, at + 0.5)[0] for at in range(6)] == [0.5, 0.5, 0.0, 0.0, 0.5, 0.5]


def test_it_says_that_card_data_is_left_out_until_that_is_over() -> None:
    withheld, states = Withheld(), {}
    for event in redacted(marked(said(5.0, 11.0, CARD), until=40.0)):
        withheld.take(event)
        states[event.at] = withheld.is_card
    assert not states[4.0]
    assert states[12.0]
    assert states[11.0 + JOINS]
    assert not states[12.0 + JOINS]


@pytest.mark.parametrize(
    "text", ["My number is 020 7946 0018.", "I can pay 480 on the twelfth.", "It's in my card."]
)
def test_what_is_no_card_data_is_kept(path: Path, text: str) -> None:
    sound = recorded(path, redacted(marked(said(5.0, 9.0, text), until=60.0)), 60.0)
    assert sound.all()


@pytest.mark.skipif(sys.platform == "win32", reason="a limit of the system stands for a full disk")
def test_a_full_disk_ends_the_recording_and_says_so_but_not_the_call(path: Path) -> None:
    program = f"""
import resource, signal, sys
import numpy as np
from pathlib import Path
from agentassist.audio import tape as tapes
from agentassist import events as ev
tapes.WRITES_EVERY = 1e6
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
noise = np.random.default_rng(1).normal(size=16_000).astype(np.float32) * 0.1
with tapes.Tape(Path({str(path)!r}), print) as tape:
    for second in range(100):
        for party in ("agent", "caller"):
            tape.heard(party, noise)
        tape(ev.ClockMark(float(second)))
        tape._write_due()
        if tape.state == "stopped":
            break
    tape.heard("agent", noise)
    tape(ev.CallEnded(101.0))
    print(tape.state)
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    told, state = done.stdout.splitlines()
    assert told.startswith(f"The recording stopped: {path.parent} can't be written to")
    assert "The call goes on without it." in told
    assert state == "stopped"
    assert 0 < path.stat().st_size <= 200_000
    assert open_recording(path).duration > 1.0


@pytest.mark.skipif(not hasattr(os, "fork"), reason="a process is forked to be killed")
def test_what_a_killed_program_had_written_can_be_replayed(path: Path) -> None:
    process = os.fork()
    if process == 0:
        tapes.WRITES_EVERY = 1e6
        tape = Tape(path, NO_TROUBLE).__enter__()
        for second in range(60):
            for party in PARTIES:
                tape.heard(party, steady(0.5, 1.0))
            tape(ev.ClockMark(float(second)))
            tape._write_due()
        os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(process, 0)
    call = open_recording(path)
    assert 59 - LOOK_BACK - 1 < call.duration <= 59 - LOOK_BACK
    assert all(block.all() for party in PARTIES for block in call.blocks(party))
