"""What a rule may ask about an account: facts that hold, that do not, or that are unknown.

A rule that needs a fact that the account does not tell must ask, and never accuse.
"""

import datetime
from collections.abc import Mapping
from typing import Literal, TypeAlias

from agentassist.account import Account

Fact: TypeAlias = Literal[
    "pack",
    "country",
    "role",
    "sector",
    "first_contact",
    "time_barred",
    "disputed",
    "insolvent",
    "moratorium",
    "represented",
    "ceased",
    "hardship_arrangement",
    "legal_action_authorised",
    "in_validation",
]
Conditions: TypeAlias = dict[Fact, tuple[bool | str, ...]]
"""For each fact, the values that fit."""

Facts: TypeAlias = Mapping[Fact, bool | str | None]


def facts(account: Account, pack: str, on: datetime.date | None) -> Facts:
    """The facts on that day; None where the account, or the day, does not tell."""
    return {
        "pack": pack,
        "country": account.country,
        "role": account.role,
        "sector": account.sector,
        "first_contact": _first_contact(account),
        "time_barred": account.time_barred,
        "disputed": account.disputed,
        "insolvent": account.insolvent,
        "moratorium": _in_moratorium(account, on),
        "represented": True if account.representative else account.represented,
        "ceased": None if account.ceased is None else bool({"all", "phone"} & {*account.ceased}),
        "hardship_arrangement": account.hardship_arrangement,
        "legal_action_authorised": account.legal_action_authorised,
        "in_validation": _until(account.validation_until, on),
    }


def holds(conditions: Conditions, known: Facts) -> bool | None:
    """Whether all of them hold; None where one is unknown and none is known not to."""
    found = [_fits(known[fact], wanted) for fact, wanted in conditions.items()]
    if False in found:
        return False
    return None if None in found else True


def _fits(value: bool | str | None, wanted: tuple[bool | str, ...]) -> bool | None:
    return None if value is None else value in wanted


def _first_contact(account: Account) -> bool | None:
    """Whether they were never spoken to before."""
    if account.contacts is None:
        return None
    if any(contact.reached for contact in account.contacts):
        return False
    return None if any(contact.reached is None for contact in account.contacts) else True


def _in_moratorium(account: Account, on: datetime.date | None) -> bool | None:
    if account.moratorium_until is None:
        return account.moratorium
    return _until(account.moratorium_until, on)


def _until(last: datetime.date | None, on: datetime.date | None) -> bool | None:
    return None if last is None or on is None else on <= last
