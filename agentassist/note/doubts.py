"""Figures that may be read in several ways: what the draft took, what else was perhaps meant.

A figure is in doubt where its words say two things ("three fifty", "Friday week"), or where the
recogniser was not sure of a word that is easily taken for another ("fifteen" and "fifty").
"""

import datetime
import re
from collections.abc import Iterator
from decimal import Decimal

from msgspec.structs import replace

from agentassist import entities
from agentassist.entities import Day, Money
from agentassist.note.agreement import Agreement
from agentassist.note.callback import Callback
from agentassist.note.reading import Reading
from agentassist.note.told import Payment
from agentassist.values import Doubt, Turn

UNSURE = 0.6
"""Confidence of a recognised word below which its sound-alike is offered too."""

_ALIKE = {
    f"{stem}teen": f"{ty}ty"
    for stem, ty in {
        "thir": "thir",
        "four": "for",
        "fif": "fif",
        "six": "six",
        "seven": "seven",
        "eigh": "eigh",
        "nine": "nine",
    }.items()
}
_ALIKE |= {ty: teen for teen, ty in _ALIKE.items()}
_WORD = re.compile(r"[a-z]+")


def doubts(reading: Reading, agreed: Agreement, called: Callback | None) -> tuple[Doubt, ...]:
    """Every figure of the note that has more than one reading."""
    return (*_of_agreement(reading, agreed), *_of_callback(reading, called))


def _of_agreement(reading: Reading, agreed: Agreement) -> Iterator[Doubt]:
    """Those of the plan, which is told by its first payment; else of each promise."""
    for place, payment in enumerate(agreed.payments):
        of_plan = agreed.plan is not None and place == len(agreed.payments) - 1
        amount = "/plan/amount" if of_plan else f"/promises/{place}/amount"
        date = "/plan/first_date" if of_plan else f"/promises/{place}/date"
        yield from _of_sum(reading, amount, payment)
        yield from _of_day(reading, date, payment.day, payment.day_turn)


def _of_sum(reading: Reading, field: str, payment: Payment) -> Iterator[Doubt]:
    money, turn = payment.money, payment.turn
    if money is None or turn is None or payment.amount is None:
        return
    alike = [*_sound_alikes(turn, money, reading.currency)]
    # What was also said without its doubt is none: "three fifty ... three hundred and fifty".
    if not alike and _is_plain_elsewhere(reading, payment.amount):
        return
    if money.others or alike:
        readings = dict.fromkeys((payment.amount, money.amount, *money.others, *alike))
        shown = reading.evidence(turn, money.start, money.end)
        yield Doubt(field, tuple(str(x) for x in readings), (shown,))


def _is_plain_elsewhere(reading: Reading, amount: Decimal) -> bool:
    return any(
        money.amount == amount and not money.others
        for labelled in reading.turns
        for money in entities.money(labelled.turn.text, reading.currency, bare=True)
    )


def _sound_alikes(turn: Turn, money: Money, currency: str | None) -> Iterator[Decimal]:
    """The sums that it would be with a word's sound-alike, where the recogniser was not sure."""
    unsure = {
        word.text.lower().strip(".,?!")
        for utterance in turn.utterances
        for word in utterance.words
        if word.confidence is not None and word.confidence < UNSURE
    }
    text = turn.text[money.start : money.end]
    for match in _WORD.finditer(text.lower()):
        if match.group() in unsure and (other := _ALIKE.get(match.group())):
            changed = text[: match.start()] + other + text[match.end() :]
            yield from (m.amount for m in entities.money(changed, currency, bare=True)[:1])


def _of_day(reading: Reading, field: str, day: Day | None, turn: Turn | None) -> Iterator[Doubt]:
    if day is None or turn is None or not day.others:
        return
    if not _is_day_plain_elsewhere(reading, day.date):
        readings = dict.fromkeys(date.isoformat() for date in (day.date, *day.others))
        yield Doubt(field, (*readings,), (reading.evidence(turn, day.start, day.end),))


def _is_day_plain_elsewhere(reading: Reading, date: datetime.date) -> bool:
    """Whether the day was said in the call without a doubt, as "Friday week, the twentieth"."""
    today = reading.date
    days = (
        day
        for labelled in reading.turns
        for day in (entities.dates(labelled.turn.text, today) if today else ())
    )
    return any(day.date == date and day.exact and not day.others for day in days)


def _of_callback(reading: Reading, called: Callback | None) -> Iterator[Doubt]:
    if called is None:
        return
    _, mark, time = called.at.partition("T")
    for doubt in _of_day(reading, "/callback_at", called.day, called.day_turn):
        readings = tuple(f"{date}{mark}{time}" for date in doubt.readings)
        yield replace(doubt, readings=readings)
