"""Who spoke when: stretches of speech by party, and what follows from their times alone."""

from typing import NamedTuple

from agentassist.vocabulary import PARTIES, Party


class Stretch(NamedTuple):
    """Speech without a pause, from `start` to `end` seconds of the call."""

    start: float
    end: float

    def shared(self, other: "Stretch") -> float:
        """Seconds that both last at once."""
        return max(0.0, min(self.end, other.end) - max(self.start, other.start))


class Speaking:
    """Both parties' speech so far. An end is told later than it was; until then it goes on."""

    def __init__(self) -> None:
        self.said: dict[Party, list[Stretch]] = {party: [] for party in PARTIES}
        self.since: dict[Party, float] = {}
        """Parties speaking now, with the start of it."""
        self._seconds: dict[Party, float] = dict.fromkeys(PARTIES, 0.0)
        self._overlap = 0.0
        self._last = 0.0
        self._longest = 0.0

    def started(self, party: Party, start: float) -> None:
        if not self.since:
            self._longest = max(self._longest, start - self._last)
        self.since.setdefault(party, start)

    def ended(self, party: Party, start: float, end: float) -> None:
        """`start` is kept from `started` where that was told."""
        stretch = Stretch(self.since.pop(party, start), end)
        self._overlap += sum(
            stretch.shared(other) for other in self._recent(_other(party), stretch.start)
        )
        self._seconds[party] += max(0.0, stretch.end - stretch.start)
        self.said[party].append(stretch)
        self._last = max(self._last, end)

    def seconds(self, party: Party, now: float) -> float:
        """Seconds the party has spoken, up to `now`."""
        going = now - self.since[party] if party in self.since else 0.0
        return self._seconds[party] + max(0.0, going)

    def overlap(self, now: float) -> float:
        """Seconds both spoke at once, up to `now`."""
        total = self._overlap
        for party, start in self.since.items():
            open_one = Stretch(start, now)
            total += sum(open_one.shared(other) for other in self._recent(_other(party), start))
        if len(self.since) == len(PARTIES):
            total += max(0.0, now - max(self.since.values()))
        return total

    def silence(self, now: float) -> float:
        """Seconds since anyone last spoke; 0 while someone does."""
        return 0.0 if self.since else max(0.0, now - self._last)

    def longest_silence(self, now: float) -> float:
        return max(self._longest, self.silence(now))

    def _recent(self, party: Party, start: float) -> list[Stretch]:
        """The party's finished speech that reaches past `start`."""
        recent = []
        for stretch in reversed(self.said[party]):
            if stretch.end <= start:
                break
            recent.append(stretch)
        return recent


def _other(party: Party) -> Party:
    return "caller" if party == "agent" else "agent"
