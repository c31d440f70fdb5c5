"""Whether the coach of a live call keeps up with what is said, and what it leaves out if not.

In this order: words that are still tentative, then labels of turns that still grow. Committed
words are never left out for it, nor the labels of a turn that has ended.
"""

from agentassist import events as ev
from agentassist.vocabulary import BEHIND

LATE = 1.0
"""Seconds behind what is said from which on tentative words are not shown: they come too late
to be of use, and each holds up the committed ones."""

SLOW = 3.0
"""Seconds behind from which on a turn that grows is not labelled. Both bundled engines stay below
half of it on two cores while both parties talk (`scripts/benchmark_cues.py`)."""

_WHAT = "This machine is too slow: turns are labelled only when they end, and cues come later."
_MEND = "No words are left out. Close other programs, or choose a faster engine in the settings."
_OVER = "This machine keeps up again: turns are labelled as they are spoken."


class Pace:
    """How far the coach is behind, as it is measured over a call."""

    def __init__(self) -> None:
        self._slow = False
        self.is_late = False
        """Whether tentative words are better left out now."""
        self.most = 0.0
        """Seconds, the most so far."""

    def measured(self, behind: float, at: float) -> ev.TroubleHeard | None:
        """What to tell at call second `at`, now that it is so many seconds behind.

        It is told once when it is too slow, and, without a mend, once when that is over.
        """
        self.most = max(self.most, behind)
        self.is_late = behind >= LATE
        if not self._slow and behind >= SLOW:
            self._slow = True
            return ev.TroubleHeard(at, _WHAT, _MEND, fault=BEHIND)
        if self._slow and not self.is_late:
            self._slow = False
            return ev.TroubleHeard(at, _OVER, "", fault=BEHIND)
        return None
