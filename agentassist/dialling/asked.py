"""Whom the question is about, and which time zones they may be in."""

import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from agentassist.account import Account
from agentassist.rulebook import Rulebook

FEW = 3
"""As many places are named."""


class Asked(NamedTuple):
    """One account under one pack. `zones`: all that they may be in; none where it is not known."""

    account: Account
    pack: str
    zones: tuple[ZoneInfo, ...]
    desk: datetime.tzinfo
    """The agent's own, by whose days is counted where theirs is not known."""

    def local(self, now: datetime.datetime) -> list[datetime.datetime]:
        """What time it may be where they are; what it is here where that is not known."""
        return [now.astimezone(zone) for zone in self.zones or (self.desk,)]

    @property
    def unsure(self) -> str:
        """A sentence where they may be in several zones."""
        if len(self.zones) < 2:
            return ""
        where = "all of it"
        if len(self.zones) <= FEW:
            *rest, last = (city(zone) for zone in self.zones)
            where = f"{', '.join(rest)} and {last}"
        return f"Which part they live in is not recorded, so it must be allowed in {where}."


def city(zone: datetime.tzinfo) -> str:
    """The place that a zone is named for, as "Los Angeles"."""
    return str(zone).rpartition("/")[2].replace("_", " ")


def asked(rulebook: Rulebook, account: Account, pack: str, now: datetime.datetime) -> Asked:
    """The account with what its own zone, its region, its country or the pack's only one tells."""
    assert now.tzinfo is not None
    return Asked(account, pack, _zones(rulebook, account, pack), now.tzinfo)


def _zones(rulebook: Rulebook, account: Account, pack: str) -> tuple[ZoneInfo, ...]:
    if account.time_zone and (own := _zone(account.time_zone)):
        return (own,)
    if account.country is None:
        return _of_pack(rulebook, pack)
    country = account.country.upper()
    region = f"{country}-{account.region.upper()}" if account.region else country
    names = rulebook.zones.get(region) or rulebook.zones.get(country, ())
    return tuple(ZoneInfo(name) for name in names)


def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def _of_pack(rulebook: Rulebook, pack: str) -> tuple[ZoneInfo, ...]:
    """That of the pack's country, where it has but one country and that but one zone."""
    local = rulebook.local.get(pack)
    names = [
        name
        for country in (local.countries if local else ())
        for name in rulebook.zones.get(country, ())
    ]
    return (ZoneInfo(names[0]),) if len(names) == 1 else ()
