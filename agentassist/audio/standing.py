"""Faults of the devices that were there before the call: what of them a call is told, and when.

A device that is gone is told at once. That nothing comes from the far end is no fault while no
call is on, and becomes one when nothing comes in the call either. That something is over is told
only where the call was told of it.
"""

from collections.abc import Iterator

from msgspec.structs import replace

from agentassist import events as ev
from agentassist.audio import thresholds as t
from agentassist.vocabulary import Party

AT_ONCE = frozenset({"gone", "server", "moved", "stopped", "muted", "alike", "rate"})
"""Kinds that a call begins with; see `faults.yaml`."""

LATER = "nothing"
"""The kind that is told once it has lasted as long in the call as it had to before."""


class Standing:
    """What is wrong now, as the devices tell it."""

    def __init__(self) -> None:
        self._there: dict[tuple[str, Party | None], ev.TroubleHeard] = {}

    def take(self, event: ev.TroubleHeard) -> None:
        """A fault that begins, or, without a mend, one that is over."""
        key = (event.fault, event.party)
        self._there.pop(key, None)
        if event.mend:
            self._there[key] = event

    def there(self) -> list[ev.TroubleHeard]:
        """The latest last."""
        return list(self._there.values())

    def of_call(self, party: Party) -> "CallFaults":
        """For a call that begins now: those of the party; of neither party with the agent's."""
        mine = (party, None) if party == "agent" else (party,)
        return CallFaults([fault for fault in self.there() if fault.party in mine])


class CallFaults:
    """One party's faults as its call is told of them, in call time."""

    def __init__(self, before: list[ev.TroubleHeard]) -> None:
        self._before = {fault.fault: fault for fault in before}
        self._told: set[str] = set()

    def at_once(self) -> Iterator[ev.TroubleHeard]:
        """What the call begins with."""
        for kind in sorted(AT_ONCE & self._before.keys()):
            yield self._tell(replace(self._before.pop(kind), at=0.0))

    def take(self, event: ev.TroubleHeard) -> Iterator[ev.TroubleHeard]:
        """What comes during the call."""
        self._before.pop(event.fault, None)
        if event.mend or not event.fault:
            yield self._tell(event)
        elif event.fault in self._told:
            self._told.remove(event.fault)
            yield event

    def passed(self, at: float) -> Iterator[ev.TroubleHeard]:
        """Call second `at` has come."""
        if at >= t.NOTHING_AT_FIRST and LATER in self._before:
            yield self._tell(replace(self._before.pop(LATER), at=at))

    def _tell(self, event: ev.TroubleHeard) -> ev.TroubleHeard:
        self._told.add(event.fault)
        return event
