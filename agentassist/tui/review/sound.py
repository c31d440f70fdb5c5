"""Plays the sound of a moment, and says plainly what hinders it. The screen goes on meanwhile."""

import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeAlias

from agentassist.reviewing import Moment, Said

Play: TypeAlias = Callable[[Path, float, float], Awaitable[None]]
"""Plays these seconds of a file to their end; cancelled, it is silent. May raise MendableError."""

BEFORE = 5.0
"""Seconds before the turn, from which on it is played."""

_LONE = 10.0
"""Seconds that are played where the turn's end is not known."""

NO_RECORDING = "No recording of this call: none was kept, or it is not on this machine."


def in_browser() -> bool:
    """Whether the screen is shown in a browser: textual-serve says so to the program."""
    return "web" in os.environ.get("TEXTUAL_DRIVER", "")


def stretch(moment: Moment, said: tuple[Said, ...]) -> tuple[float, float]:
    """From and to which second of the call."""
    turn = next((each for each in said if each.turn == moment.turn), None)
    start, end = (turn.start, turn.end) if turn else (moment.at, moment.at + _LONE)
    return max(0.0, start - BEFORE), end


def begun(start: float, end: float) -> str:
    """What is told while it plays."""
    where = " on the machine that serves this page" if in_browser() else ""
    return f"Playing {end - start:.0f} s{where}. Space stops it."
