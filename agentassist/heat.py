"""How hot the call is, 0 to 1, from what was said: each hot turn adds, care and time cool it.

Every label counts once a turn. Heat goes up by a part of what is left to boiling, so that no
sum of small things passes 1, and comes down by a part of what there is.
"""

import math
from collections.abc import Collection, Iterable

from agentassist.values import Label

HALF_LIFE = 90.0
"""Seconds in which heat halves by itself: a sharp word is felt for a few turns, not all call."""

HEATS = {
    # The caller's own temper is what the meter is about.
    "anger": 0.40,
    "distress": 0.25,
    "refusal": 0.20,
    "complaint": 0.20,
    # An insult or a threat can turn a calm call by itself; the other flags take two.
    "threat": 0.45,
    "insult": 0.45,
    "shaming": 0.30,
    "accusation": 0.30,
    "ultimatum": 0.30,
    "dismissive": 0.25,
    "third_party_disclosure": 0.25,
    "misrepresentation": 0.25,
}
"""The part of the way to boiling that a label goes, at full confidence. Our own judgement."""

COOLS = {"empathy": 0.25, "apology": 0.25}
"""The part of the heat that a label takes away: it takes more than one to calm a row."""


class Heat:
    """The heat of one call, label by label; a turn that is labelled again counts anew."""

    def __init__(self, heats: Collection[str] = HEATS) -> None:
        """`heats`: the labels that heat, where not all of them do."""
        self._counted = {*heats, *COOLS}
        self._since: dict[tuple[int, str], float] = {}
        self._confidence: dict[tuple[int, str], float] = {}

    def label(self, at: float, turn: int, labels: Iterable[Label]) -> None:
        """All labels of the turn as it stands at `at`; each counts from when it first came."""
        found: dict[tuple[int, str], float] = {}
        for label in labels:
            if label.name in self._counted:
                key = (turn, label.name)
                found[key] = max(found.get(key, 0.0), label.confidence)
        for key in [key for key in self._confidence if key[0] == turn and key not in found]:
            del self._confidence[key], self._since[key]
        for key, confidence in found.items():
            self._since.setdefault(key, at)
            self._confidence[key] = confidence

    def read(self, now: float) -> float:
        """The heat at `now`, from 0 (calm) to 1 (boiling)."""
        heat, last = 0.0, 0.0
        for key, at in sorted(self._since.items(), key=lambda item: (item[1], item[0])):
            heat = _cooled(heat, at - last)
            heat = _changed(heat, key[1], self._confidence[key])
            last = at
        return _cooled(heat, now - last)


def _cooled(heat: float, seconds: float) -> float:
    return heat * math.exp2(-max(0.0, seconds) / HALF_LIFE)


def _changed(heat: float, label: str, confidence: float) -> float:
    if label in HEATS:
        return heat + (1.0 - heat) * HEATS[label] * confidence
    return heat * (1.0 - COOLS[label] * confidence)
