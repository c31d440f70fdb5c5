"""What an agent types into the plan sheet -> terms. Pure; a fault names the field and the mend."""

import datetime
import re
from decimal import Decimal
from typing import NamedTuple

from agentassist import entities
from agentassist.arrangement import MeansLine
from agentassist.entities.reckoning import next_day
from agentassist.plans.arranging import Terms
from agentassist.plans.schedule import PlanError
from agentassist.vocabulary import ArrangementKind, Frequency

_SUM = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+")
_SIGNS = re.compile(r"^[£$€₹¥\s]*(?:[A-Z]{3})?\s*|\s+$")


class Figures(NamedTuple):
    """The fields as they are typed."""

    balance: str = ""
    amount: str = ""
    payments: str = ""
    first: str = ""
    today: str = ""
    frequency: Frequency = "monthly"


def terms(
    kind: ArrangementKind,
    typed: Figures,
    today: datetime.date,
    currency: str | None,
    means: tuple[MeansLine, ...] = (),
) -> Terms:
    """What is to be reckoned. Raises PlanError at the first field that can't be read."""
    share = typed.amount.strip().endswith("%") and kind == "settlement"
    amount = _sum("amount", typed.amount.strip().removesuffix("%") if share else typed.amount)
    balance, first = _sum("balance", typed.balance), date_of(typed.first, today)
    if balance is None:
        raise PlanError("balance: not known; type what is owed")
    if first is None:
        raise PlanError("first date: type it, as 27 March or 27")
    return Terms(
        kind,
        balance,
        first,
        typed.frequency,
        None if share else amount,
        _count(typed.payments),
        amount / 100 if share and amount is not None else None,
        _sum("today", typed.today),
        today,
        currency,
        means,
    )


def date_of(text: str, today: datetime.date) -> datetime.date | None:
    """As `2026-03-27`, `27` for the next 27th, or in words as they are said; None where empty.

    Raises PlanError.
    """
    text = text.strip()
    if not text:
        return None
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        pass
    day = next_day(int(text), today) if text.isascii() and text.isdigit() else None
    told = entities.dates(text, today)
    found = day or (told[0].date if told else None)
    if found is None:
        raise PlanError("first date: write it as 27 March, or 2026-03-27")
    return found


def _sum(field: str, text: str) -> Decimal | None:
    bare = _SIGNS.sub("", text)
    if not bare:
        return None
    if not bare.isascii() or not _SUM.fullmatch(bare):
        raise PlanError(f"{field}: write a sum as 40 or 40.50")
    return Decimal(bare.replace(",", ""))


def _count(text: str) -> int | None:
    bare = text.strip()
    if not bare:
        return None
    if not (bare.isascii() and bare.isdigit()):
        raise PlanError("payments: write their number in figures")
    return int(bare)
