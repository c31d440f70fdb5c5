"""A screen that fails tells where, and nothing of what was on it."""

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

FAILS = """
import sys
from agentassist import cli
from agentassist.tui.live.screen import LiveScreen

def fail(self):
    if turns := self._session.call.turns:
        words = turns[0].turn.text
        raise ValueError(words)

LiveScreen.refresh_call = fail
cli.main(["replay", sys.argv[1], "--rules-only", "--no-keep", "--speed", "max"])
"""
LEFT = "\x1b[?1049l"
"""What follows stays on the terminal."""

CALL = Path(__file__).parent / "calls" / "heated.json"


@pytest.mark.parametrize("debug", ["", "1"])
def test_a_fault_of_the_screen_is_one_line_without_words_unless_all_is_asked_for(
    debug: str, tmp_path: Path
) -> None:
    program = tmp_path / "fails.py"
    program.write_text(FAILS)
    ours, theirs = pty.openpty()
    own = {"TERM": "xterm-256color", "AGENTASSIST_DEBUG": debug, "COLUMNS": "200", "LINES": "40"}
    with subprocess.Popen(
        [sys.executable, str(program), str(CALL)],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env=os.environ | own,
    ) as running:
        os.close(theirs)
        told = _read(ours).rpartition(LEFT)[2]
        code = running.wait(30)
    assert code == 1
    assert ("a fault of ours (ValueError) in app.py" in told) is not bool(debug)
    assert ("words = " in told) is bool(debug)
    assert ("Good afternoon" in told) is bool(debug)


def _read(descriptor: int) -> str:
    """All that is drawn until the program is gone."""
    drawn = b""
    while True:
        try:
            some = os.read(descriptor, 1 << 16)
        except OSError:
            return drawn.decode(errors="replace")
        if not some:
            return drawn.decode(errors="replace")
        drawn += some
