"""What the keys do to a call that is played: pause, step, jump, faster, slower."""

import math

from agentassist.playback import Playback

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


def _distance(one: float, other: float) -> float:
    return 0.0 if one == other else abs(one - other)
