"""Public holidays, by the `holidays` library, which is imported here alone and when needed."""

import datetime
import functools
from collections.abc import Mapping


def name_of(country: str, region: str | None, day: datetime.date) -> str | None:
    """What the day is called if it is one there; `region` by ISO 3166-2, as `NSW`.

    Raises LookupError where the library knows no holidays of that country.
    """
    return _of_year(country, region, day.year).get(day)


@functools.lru_cache(maxsize=64)
def _of_year(country: str, region: str | None, year: int) -> Mapping[datetime.date, str]:
    import holidays

    try:
        whole = holidays.country_holidays(country, years=year)
    except NotImplementedError as error:
        raise LookupError(country) from error
    if region not in whole.subdivisions:
        return whole
    return holidays.country_holidays(country, subdiv=region, years=year)
