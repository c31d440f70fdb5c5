"""How loud each side is now: a bar that moves, and the same in words."""

import math
from collections.abc import Mapping

from textual.content import Content
from textual.widgets import Static

from agentassist.tui import wording
from agentassist.vocabulary import PARTIES, Party

CELLS = 30
FLOOR, CEILING = -60.0, 0.0
"""Decibels of full scale at the bar's two ends: a quiet room, and as loud as it can be."""

FALLS = 3.0
"""Decibels by which a bar falls from one look to the next, so that the eye can follow."""

# Telephone speech lies 15 to 35 dB under full scale (ITU-T P.56, G.712), room noise below 50;
# one step of 16 bits is -90.3.
_WORDS = ((-90.0, "nothing at all"), (-50.0, "silent"), (-38.0, "quiet"), (-6.0, "good"))
_LOUDEST = "too loud"

_WHO: dict[Party, str] = {"agent": "You", "caller": "The caller"}


def in_words(level: float) -> str:
    """A level in decibels of full scale as a word or two."""
    return next((told for most, told in _WORDS if level < most), _LOUDEST)


def bar(level: float) -> str:
    """The same as filled and empty cells."""
    share = (level - FLOOR) / (CEILING - FLOOR)
    filled = min(CELLS, max(0, round(share * CELLS)))
    return "■" * filled + "□" * (CELLS - filled)


class Levels(Static):
    """Both sides: who, which device, how loud."""

    def __init__(self, devices: Mapping[Party, str]) -> None:
        super().__init__(id="levels", markup=False)
        self._devices = devices
        self._shown: dict[Party, float] = dict.fromkeys(PARTIES, -math.inf)

    def show(self, levels: Mapping[Party, float]) -> None:
        """Decibels of full scale, as they are now."""
        for party, level in levels.items():
            self._shown[party] = max(level, self._shown[party] - FALLS)
        self.update(Content("\n").join(line for party in PARTIES for line in self._lines(party)))

    def _lines(self, party: Party) -> list[Content]:
        level = self._shown[party]
        device = wording.clean(self._devices[party])
        return [
            Content.assemble((f"{_WHO[party]:<12}", f"${party} bold"), device),
            Content.assemble(" " * 12, (bar(level), f"${party}"), f"  {in_words(level)}"),
            Content(),
        ]
