"""Rules of dialling: what stands against ringing somebody now, as frozen values.

They are of six kinds: `hours`, `calls`, `contacts`, `flag`, `wishes` and `holidays`. Countries
count differently, so no rule counts for two of them. What is said is one sentence for a tired
agent; when they may be rung again is added to it where it can be told (see `dialling`).
"""

import datetime
from typing import Annotated, ClassVar, Literal, TypeAlias, get_args

import msgspec

from agentassist.account import Account, Channel
from agentassist.rules_of_cues import check_placeholders
from agentassist.rules_of_words import Count, Data, Identifier
from agentassist.standing import Conditions
from agentassist.vocabulary import Direction

Verdict: TypeAlias = Literal["stop", "ask"]
"""Do not ring; or find something out, or think, before you do."""

Weekday: TypeAlias = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = get_args(Weekday)
"""In the order of `date.weekday`."""

Clock: TypeAlias = Annotated[str, msgspec.Meta(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
"""A time of the person's own day, as `07:30`."""

Positive: TypeAlias = Annotated[int, msgspec.Meta(ge=1)]


class Case(Data, frozen=True):
    """An example of a rule: what it says of this account at that moment."""

    account: Account
    now: Annotated[datetime.datetime, msgspec.Meta(tz=True)]
    verdict: Literal["stop", "ask", "none"]


class DiallingRule(Data, frozen=True, tag_field="kind", kw_only=True):
    """What every rule of dialling has.

    `what` and `why` may hold the `placeholders` of their kind.
    """

    placeholders: ClassVar[tuple[str, ...]] = ()

    id: Identifier
    verdict: Verdict
    what: str
    why: str
    source: str
    verified: bool = True
    """Whether it was read at the source itself; if not, it is shown as to be checked."""
    account: Conditions = {}
    """What must be so of the account; see `standing`. Where it does not tell, the rule asks."""
    asks: str = ""
    """What it says where it can't tell; without it, it is silent then."""
    examples: tuple[Case, ...] = ()

    def __post_init__(self) -> None:
        check_placeholders((self.what, self.why), self.placeholders)


class Window(Data, frozen=True):
    """From `earliest` until just before `latest`, on each of the days."""

    earliest: Clock
    latest: Clock
    days: tuple[Weekday, ...] = WEEKDAYS

    def __post_init__(self) -> None:
        if self.earliest >= self.latest:
            raise ValueError(f"`latest`, {self.latest}, must be after `earliest`, {self.earliest}")


class HoursRule(DiallingRule, frozen=True, tag="hours", kw_only=True):
    """Outside these windows of the person's own day."""

    placeholders: ClassVar[tuple[str, ...]] = ("time",)

    windows: Annotated[tuple[Window, ...], msgspec.Meta(min_length=1)]
    asks: str


class CallsRule(DiallingRule, frozen=True, tag="calls", kw_only=True):
    """As many calls were placed on this debt within so many days, today among them."""

    placeholders: ClassVar[tuple[str, ...]] = ("count",)

    most: Count
    days: Positive
    asks: str


class ContactsRule(DiallingRule, frozen=True, tag="contacts", kw_only=True):
    """They were reached more than `most` times within so many days or months, today among them.

    By telephone it counts if they were spoken to; what is written counts if it was sent. A
    month goes back to the day after this one a month ago, or after the last there was.
    """

    placeholders: ClassVar[tuple[str, ...]] = ("count",)

    most: Count
    days: Positive | None = None
    months: Positive | None = None
    channels: tuple[Channel, ...] = ("phone",)
    direction: Direction | None = "outbound"
    """Null: whoever rang."""
    asks: str

    def __post_init__(self) -> None:
        DiallingRule.__post_init__(self)
        if (self.days is None) == (self.months is None):
            raise ValueError("contacts are counted within either `days` or `months`")


class FlagRule(DiallingRule, frozen=True, tag="flag", kw_only=True):
    """All of this is so of the account."""

    account: Annotated[Conditions, msgspec.Meta(min_length=1)]


class WishesRule(DiallingRule, frozen=True, tag="wishes", kw_only=True):
    """They asked for other times, days or ways, or not to be rung at work or in the evening."""

    placeholders: ClassVar[tuple[str, ...]] = ("time", "wish")

    wish: Literal["times", "days", "channels", "work", "evening"]
    evening_from: Clock | None = None

    def __post_init__(self) -> None:
        DiallingRule.__post_init__(self)
        if (self.wish == "evening") != (self.evening_from is not None):
            raise ValueError("`evening_from` belongs to the wish `evening`, which needs it")


class HolidaysRule(DiallingRule, frozen=True, tag="holidays", kw_only=True):
    """A public holiday of the country; those of the person's own part of it too if `regional`."""

    placeholders: ClassVar[tuple[str, ...]] = ("holiday",)

    country: Annotated[str, msgspec.Meta(pattern="^[A-Z]{2}$")]
    regional: bool = False


AnyDiallingRule: TypeAlias = (
    HoursRule | CallsRule | ContactsRule | FlagRule | WishesRule | HolidaysRule
)
LASTING = (FlagRule, CallsRule, ContactsRule, WishesRule, HolidaysRule, HoursRule)
"""The kinds, what stands against ringing for longest first."""
