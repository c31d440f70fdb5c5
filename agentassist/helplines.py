"""Whom to send somebody to: crisis lines and free debt advice by country, with their check dates.

The file `rules/helplines.yaml` holds them; `packs` reads it with the rules.
"""

import datetime
from collections.abc import Sequence
from typing import Annotated, Literal, TypeAlias

import msgspec

from agentassist.rules_of_words import Data, Identifier

Use: TypeAlias = Literal["crisis", "danger", "advice"]
"""A life may be at stake; the emergency services; free advice on debts."""

UNCHECKED = "check with compliance"
"""What is told of a number that was not read at its source."""

KEEPS_FOR = 365
"""Days after which an entry has to be compared with its source again."""

_PLAIN: dict[Use, str] = {"crisis": "a crisis line", "advice": "free debt advice"}
"""What stands for `{crisis}` and `{advice}` where none is known."""


class Helpline(Data, frozen=True, kw_only=True, rename={"use": "for"}):
    """Somewhere to ring, as it is told to a caller."""

    use: Use
    countries: tuple[Annotated[str, msgspec.Meta(pattern="^[A-Z]{2}$")], ...]
    number: str
    name: str = ""
    hours: str = ""
    """When it answers, where the source tells."""
    checked: datetime.date
    """When it was last compared with its source."""
    verified: bool = True
    """Whether it was read at the source itself."""
    source: str

    @property
    def told(self) -> str:
        """As "Samaritans, 116 123"."""
        line = ", ".join(part for part in (self.name, self.number) if part)
        return line if self.verified else f"{line} ({UNCHECKED})"


class Helplines(Data, frozen=True):
    """The file."""

    pack: Identifier
    version: str
    helplines: tuple[Helpline, ...]


def of(helplines: Sequence[Helpline], country: str | None) -> tuple[Helpline, ...]:
    """Those of the country; none where it is not known, or nothing is known of it."""
    return tuple(line for line in helplines if country in line.countries)


def words(helplines: Sequence[Helpline], country: str | None) -> dict[str, str]:
    """What `{crisis}` and `{advice}` stand for there: the first verified one, or plain words."""
    known = sorted(of(helplines, country), key=lambda line: not line.verified)
    return {
        use: next((line.told for line in known if line.use == use), plain)
        for use, plain in _PLAIN.items()
    }


def stale(helplines: Sequence[Helpline], on: datetime.date) -> tuple[Helpline, ...]:
    """Those that were checked more than a year before that day, the oldest first."""
    last = on - datetime.timedelta(days=KEEPS_FOR)
    old = (line for line in helplines if line.checked < last)
    return tuple(sorted(old, key=lambda line: line.checked))
