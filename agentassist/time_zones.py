"""Which time zones there are in a country, by the tables of the IANA time zone database.

A telephone number does not tell where somebody is, so nothing here looks at one.
"""

import functools
from collections import defaultdict
from importlib import resources


@functools.cache
def of_countries() -> dict[str, tuple[str, ...]]:
    """IANA's names by ISO 3166-1 code, as in `zone.tab`."""
    table = resources.files("tzdata") / "zoneinfo" / "zone.tab"
    found: dict[str, list[str]] = defaultdict(list)
    for line in table.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            country, _, zone = line.split("\t")[:3]
            found[country].append(zone)
    return {country: tuple(zones) for country, zones in found.items()}
