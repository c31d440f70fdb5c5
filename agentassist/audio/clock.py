"""Call time by the monotonic clock, without the time that the machine slept.

On Linux and macOS that clock stands still while the machine sleeps, on Windows it does not;
everywhere the sleep is the difference of two clocks of the system.
"""

import sys
import time
from collections.abc import Callable

from agentassist.audio import thresholds as t

Seconds = Callable[[], float]


def _slept() -> float:
    """Seconds that the machine has slept since it started, give or take a constant."""
    if sys.platform == "linux":
        return time.clock_gettime(time.CLOCK_BOOTTIME) - time.clock_gettime(time.CLOCK_MONOTONIC)
    if sys.platform == "darwin":
        # There CLOCK_MONOTONIC runs on in sleep; time.monotonic is mach_absolute_time.
        return time.clock_gettime(time.CLOCK_MONOTONIC) - time.monotonic()
    if sys.platform == "win32":
        import ctypes

        awake = ctypes.c_ulonglong()
        ctypes.windll.kernel32.QueryUnbiasedInterruptTime(ctypes.byref(awake))
        return time.monotonic() - awake.value / 1e7
    return 0.0


class CallClock:
    """Starts at call second 0 when it is made."""

    def __init__(
        self,
        monotonic: Seconds = time.monotonic,
        slept: Seconds = _slept,
        *,
        runs_on: bool = sys.platform == "win32",
    ) -> None:
        """`runs_on` says that `monotonic` counts the sleep as well."""
        self._monotonic = monotonic
        self._slept = slept
        self._runs_on = runs_on
        self._began = monotonic()
        self._slept_before = slept()
        self._left_out = 0.0

    def now(self) -> float:
        return self.at(self._monotonic())

    def at(self, monotonic: float) -> float:
        """The call second of a moment of the monotonic clock, as things are known now."""
        return monotonic - self._began - self._left_out

    def woke(self) -> float:
        """Seconds slept since the last look where that is a suspend, else 0."""
        slept = self._slept()
        seconds = slept - self._slept_before
        if seconds < t.SUSPENDED:
            return 0.0
        self._slept_before = slept
        if self._runs_on:
            self._left_out += seconds
        return seconds
