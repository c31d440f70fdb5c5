"""How long what is kept: periods by pack and kind of record, and what is past them on a day.

The file `rules/retention.yaml` holds them with their sources; an organisation's own replaces it.
"""

import datetime
from pathlib import Path
from typing import Annotated, Literal, TypeAlias, get_args

import msgspec
from dateutil.relativedelta import relativedelta

from agentassist.errors import MendableError
from agentassist.helplines import UNCHECKED
from agentassist.pack_text import read
from agentassist.packs import SHIPPED
from agentassist.rules_of_words import Data, Identifier

FILE = SHIPPED / "retention.yaml"
EVERYWHERE = "general"
"""The pack whose periods hold where a pack has none of its own."""

Kind: TypeAlias = Literal["recording", "words", "look", "call"]
KINDS: tuple[Kind, ...] = get_args(Kind)
"""In the order in which they are removed: what is known by its call before the call."""


class Span(Data, frozen=True):
    """A length of time, as `{days: 180}` or `{years: 3}`."""

    days: Annotated[int, msgspec.Meta(ge=1, le=36_500)] | None = None
    years: Annotated[int, msgspec.Meta(ge=1, le=100)] | None = None

    def __post_init__(self) -> None:
        if (self.days is None) == (self.years is None):
            raise ValueError("say either days or years")

    def before(self, day: datetime.date) -> datetime.date:
        """What is older than that is past its time on that day."""
        found: datetime.date = day - relativedelta(days=self.days or 0, years=self.years or 0)
        return found

    def end(self, day: datetime.date) -> datetime.date:
        """The last day on which what began on that day is kept."""
        found: datetime.date = day + relativedelta(days=self.days or 0, years=self.years or 0)
        return found

    def __str__(self) -> str:
        count, unit = (self.days, "day") if self.days else (self.years, "year")
        return f"{count} {unit}" if count == 1 else f"{count} {unit}s"


class Period(Data, frozen=True, kw_only=True):
    """How long one kind of record is kept under one pack."""

    pack: Identifier
    kind: Kind
    keep: Span
    after: Literal["call", "account"] = "call"
    """Counted from the call itself, or from the last call of the same account."""
    erase: Literal["remove", "keep"] = "remove"
    """What a request to erase does before the time is over."""
    verified: bool = True
    """Whether it was read at its source."""
    source: str

    @property
    def told(self) -> str:
        """The source, and whether it still is to be checked."""
        return self.source if self.verified else f"{self.source} ({UNCHECKED})"


class Retention(Data, frozen=True):
    """The file. `pack` and `version` name it."""

    pack: Identifier
    version: str
    periods: tuple[Period, ...]

    def of(self, pack: str, kind: Kind) -> Period:
        """The pack's own period, or else that which holds everywhere."""
        found = {period.pack: period for period in self.periods if period.kind == kind}
        return found.get(pack) or found[EVERYWHERE]


def load(own: Path | None = None) -> Retention:
    """The organisation's own periods, or the shipped ones. Raises MendableError."""
    source = read(own or FILE)
    try:
        found = msgspec.convert(source.data, Retention)
    except msgspec.ValidationError as error:
        raise MendableError(f"{source.file}: {error}; {FILE} shows how it is written") from None
    twice = [f"{p.pack} {p.kind}" for p in found.periods]
    again = next((name for name in twice if twice.count(name) > 1), None)
    if again:
        raise MendableError(f"{source.file}: {again} stands twice; keep one")
    for kind in KINDS:
        if f"{EVERYWHERE} {kind}" not in twice:
            raise MendableError(f"{source.file}: no period of {EVERYWHERE} for {kind}; add one")
    return found
