"""What the keys do to a call that is played, and what they tell: pause, step, snooze, quiet."""

import math

from agentassist.playback import Playback
from agentassist.values import Cue

SPEEDS = (1.0, 1.5, 2.0, 4.0, 8.0, math.inf)
"""The last is as fast as the words can be recognised."""


def pause_or_resume(playback: Playback) -> None:
    """Pauses what runs or jumps; lets what is paused run."""
    if playback.paused:
        playback.resume()
    else:
        playback.pause()


def change_speed(playback: Playback, steps: int) -> None:
    """So many steps up or down the ladder of speeds, as far as it goes."""
    nearest = min(range(len(SPEEDS)), key=lambda place: _distance(SPEEDS[place], playback.speed))
    playback.set_speed(SPEEDS[max(0, min(len(SPEEDS) - 1, nearest + steps))])


def snoozed(cue: Cue) -> str:
    """What a snoozed cue leaves to be told, to the agent alone."""
    if cue.priority == "urgent":
        return "Put away. It is urgent, so it may speak again."
    return "Snoozed for this call. Nobody is told."


WHY = "Disputed. Why? 1 I meant something else, 2 it was done already, 3 misheard"
"""What one more key may add to a dispute, for a while; other words are for the review."""

WHY_FOR = 10.0
"""Seconds for which it is asked."""


def quiet(*, on: bool) -> str:
    """What the coach does from now on."""
    return "Quiet: urgent cues alone. u ends it." if on else "All cues speak again."


def _distance(one: float, other: float) -> float:
    return 0.0 if one == other else abs(one - other)
