"""The meters over time: whether one has been out of its bound for long enough, or rises fast."""

from collections import deque

from agentassist import events as ev
from agentassist.rules_of_cues import MeasureRule
from agentassist.values import Meters

JUST_NOW = 12.0
"""Seconds after which a rise is no longer news."""


class Gauges:
    """Remembers readings as far back as the rules look."""

    def __init__(self, rules: tuple[MeasureRule, ...]) -> None:
        self._rules = rules
        self._window = max((rule.window for rule in rules), default=JUST_NOW)
        self._readings: deque[Meters] = deque([Meters()])
        self._since: dict[str, float] = {}

    def feed(self, event: ev.AnyEvent) -> None:
        if not isinstance(event, ev.MetersRead):
            return
        self._readings.append(event.meters)
        while len(self._readings) > 1 and self._readings[1].at <= event.at - self._window:
            self._readings.popleft()
        for rule in self._rules:
            if self._is_out(rule, event.at):
                self._since.setdefault(rule.id, event.at)
            else:
                self._since.pop(rule.id, None)

    def due(self, rule: MeasureRule, now: float) -> bool:
        """Whether the meter has been out of its bound for as long as the rule says."""
        since = self._since.get(rule.id)
        if since is None or now < rule.not_before or now - since < rule.lasting:
            return False
        return rule.rises_by is None or self._rose(rule, now, JUST_NOW) > 0.0

    def read(self, rule: MeasureRule) -> float | None:
        """The meter's last value."""
        return _value(rule, self._readings[-1])

    def is_back(self, rule: MeasureRule) -> bool:
        """Whether the meter is at the value that counts as taken."""
        value = self.read(rule)
        if value is None or rule.taken_when is None:
            return False
        return value >= rule.taken_when if rule.below is not None else value <= rule.taken_when

    def _is_out(self, rule: MeasureRule, now: float) -> bool:
        value = self.read(rule)
        if value is None:
            return False
        if rule.above is not None:
            return value > rule.above
        if rule.below is not None:
            return value < rule.below
        assert rule.rises_by is not None
        return self._rose(rule, now, rule.window) >= rule.rises_by

    def _rose(self, rule: MeasureRule, now: float, window: float) -> float:
        """By how much the meter rose within the window."""
        earlier = [reading for reading in self._readings if reading.at <= now - window]
        before = _value(rule, earlier[-1] if earlier else self._readings[0])
        return (self.read(rule) or 0.0) - (before or 0.0)


def _value(rule: MeasureRule, meters: Meters) -> float | None:
    value: float | None = getattr(meters, rule.meter)
    return value
