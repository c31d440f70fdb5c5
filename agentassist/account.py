"""What is known of a debt and of the person before the call: the record that a CRM gives.

Every field may be missing, and missing is not no: `None` is not known, `()` is known to be none.
"""

import datetime
from decimal import Decimal
from typing import Literal, TypeAlias

import msgspec

from agentassist.vocabulary import Direction, Frequency

Role: TypeAlias = Literal["first_party", "third_party", "debt_buyer"]
"""In whose name the agent rings: the creditor's own, a collector for it, who bought the debt."""

Channel: TypeAlias = Literal["phone", "email", "letter", "text", "chat", "web", "branch"]


class Record(msgspec.Struct, frozen=True, omit_defaults=True):
    """A frozen value that leaves its defaults out when it is written."""


class Payment(Record, frozen=True):
    """Money that came in."""

    date: datetime.date
    amount: Decimal
    method: str | None = None


class EarlierPromise(Record, frozen=True):
    """What was promised in an earlier call; `kept` is None where that is not known yet."""

    date: datetime.date
    amount: Decimal | None = None
    kept: bool | None = None


class Contact(Record, frozen=True):
    """An earlier try to reach them, or theirs to reach the creditor."""

    at: datetime.datetime
    """Aware, or local to the person where it is not."""
    channel: Channel = "phone"
    direction: Direction = "outbound"
    reached: bool | None = None
    """Whether they themselves were spoken to."""


class EarlierNote(Record, frozen=True):
    """What was written of an earlier call."""

    date: datetime.date
    text: str


class Representative(Record, frozen=True):
    """Who speaks for them."""

    name: str | None = None
    kind: Literal["attorney", "debt_adviser", "family", "other"] | None = None
    contact: str | None = None


class Wishes(Record, frozen=True):
    """How and when they asked to be rung: times of their own day, as `18:00`."""

    channels: tuple[Channel, ...] = ()
    """Those they prefer, the best first."""
    earliest: datetime.time | None = None
    latest: datetime.time | None = None
    not_on: tuple[Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"], ...] = ()


class Account(Record, frozen=True):
    """What is known of the debt before the call. Sums are of `currency`."""

    name: str | None = None
    creditor: str | None = None
    balance: Decimal | None = None
    currency: str | None = None
    origin: str | None = None
    id: str | None = None
    """What the creditor's system knows it by."""
    number: str | None = None
    """The telephone number to ring."""
    role: Role | None = None
    sector: str | None = None
    """As `energy`, `credit_card`, `medical`."""
    country: str | None = None
    """ISO 3166-1, two letters: where the person is."""
    region: str | None = None
    """The part of the country, by the second half of its ISO 3166-2 code, as `CA`, `NSW`, `SCT`."""
    time_zone: str | None = None
    """IANA's name, as `Europe/London`."""
    principal: Decimal | None = None
    fees: Decimal | None = None
    interest: Decimal | None = None
    due_since: datetime.date | None = None
    pay_day: datetime.date | None = None
    """A day on which they were or will be paid; others follow by `paid`."""
    paid: Frequency | None = None
    payments: tuple[Payment, ...] | None = None
    promises: tuple[EarlierPromise, ...] | None = None
    contacts: tuple[Contact, ...] | None = None
    notes: tuple[EarlierNote, ...] | None = None
    documents: tuple[str, ...] | None = None
    """What there is to have at hand, as `signed agreement of 2023-04-02`."""
    wishes: Wishes | None = None
    ceased: tuple[str, ...] | None = None
    """What they asked to stop, in the codes of `vocabulary.CEASED`."""
    represented: bool | None = None
    representative: Representative | None = None
    warnings: tuple[str, ...] = ()
    support_needs: tuple[str, ...] = ()
    """What helps them, as `speak slowly`; never a diagnosis."""
    time_barred: bool | None = None
    disputed: bool | None = None
    insolvent: bool | None = None
    moratorium: bool | None = None
    """Breathing space or the like is in force."""
    moratorium_until: datetime.date | None = None
    hardship_arrangement: bool | None = None
    legal_action_authorised: bool | None = None
    validation_until: datetime.date | None = None
    """The end of the time in which the debt may be disputed (12 CFR 1006.34)."""
