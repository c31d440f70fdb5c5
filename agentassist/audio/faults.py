"""Faults of live sound as events: each told once when it begins, and once when it is over."""

from functools import cache
from importlib.resources import files
from typing import Literal, TypeAlias

import msgspec
import yaml

from agentassist import events as ev
from agentassist.cleaning import clean
from agentassist.vocabulary import Party

Kind: TypeAlias = Literal[
    "gone",
    "server",
    "moved",
    "stopped",
    "muted",
    "nothing",
    "alike",
    "clipping",
    "echo",
    "rate",
    "suspended",
    "tap",
]

Fact: TypeAlias = str | float

_CHECKS: dict[Party, str] = {
    "agent": "Check the mute key of the headset, and that this is your microphone.",
    "caller": "Check that the softphone plays to this device; agentassist devices shows it.",
}


class Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is said of a kind of fault; fields in braces are filled in."""

    began: str
    mend: str
    over: str


@cache
def words() -> dict[Kind, Words]:
    """The shipped words of every kind."""
    text = (files(__package__) / "faults.yaml").read_text(encoding="utf-8")
    return msgspec.convert(yaml.safe_load(text), dict[Kind, Words])


class Faults:
    """Which faults there are now. Times are call seconds."""

    def __init__(self, devices: dict[Party, str]) -> None:
        """`devices` are the names to call each party's device by."""
        self._devices = devices
        self._since: dict[tuple[Kind, Party | None], float] = {}

    def there(self, kind: Kind, party: Party | None = None) -> bool:
        return (kind, party) in self._since

    def began(
        self, kind: Kind, at: float, party: Party | None = None, **facts: Fact
    ) -> list[ev.TroubleHeard]:
        """The fault as an event; nothing where it was told already."""
        if self.there(kind, party):
            return []
        self._since[kind, party] = at
        said = words()[kind]
        known = self._known(party, facts)
        what, mend = said.began.format(**known), said.mend.format(**known)
        return [ev.TroubleHeard(at, clean(what), clean(mend), party, kind)]

    def over(
        self, kind: Kind, at: float, party: Party | None = None, **facts: Fact
    ) -> list[ev.TroubleHeard]:
        """That it is mended, as an event with nothing to mend; nothing where there was no such."""
        since = self._since.pop((kind, party), None)
        if since is None:
            return []
        known = self._known(party, {"seconds": at - since, **facts})
        return [ev.TroubleHeard(at, clean(words()[kind].over.format(**known)), "", party, kind)]

    def _known(self, party: Party | None, facts: dict[str, Fact]) -> dict[str, str]:
        told = {
            name: f"{fact:.0f}" if isinstance(fact, float) else fact for name, fact in facts.items()
        }
        if party is None:
            return told
        whose = "Your" if party == "agent" else "The caller's"
        small = "your" if party == "agent" else "the caller's"
        return {
            "whose": whose,
            "whose_small": small,
            "device": self._devices[party],
            "check": _CHECKS[party],
            **told,
        }
