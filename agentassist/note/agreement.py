"""What the caller committed to: a regular plan, or single payments, from the turns that stand.

Offers and counter-offers are followed to the last word on them: the agent's last terms or
summing-up tell it most fully; what they leave out is taken from the caller's promise, and then
from the offer. A plan that was only one way of several does not stand where the promise and the
summing-up then speak of another sum.
"""

from decimal import Decimal
from typing import NamedTuple

from agentassist.call import LabelledTurn
from agentassist.note.meant import meant
from agentassist.note.payments import is_paid, owed, receipt, single_payments
from agentassist.note.reading import Reading, labels
from agentassist.note.settled import ROUNDING, settlement
from agentassist.note.told import NO_PAYMENT, Payment, Said, heard, said
from agentassist.values import Plan, Promise, Settlement, Turn
from agentassist.vocabulary import FLAGS, Frequency

SURE = 0.97
"""Confidence of a refusal that takes back what the agent has summed up already."""

CLOSING = 0.7
"""Share of a call after which terms that the agent states are its end."""

_AGAINST = ("refusal", "dispute", "offer", "callback", "confusion")
"""What a caller says behind terms that do not stand."""

EVEN = 3
"""Days from which on one sum paid on each is a plan."""


class Agreement(NamedTuple):
    """What stands at the end of the call."""

    promises: tuple[Promise, ...] = ()
    plan: Plan | None = None
    settlement: Settlement | None = None
    turns: tuple[Turn, ...] = ()
    """The turns that it was read from, in order."""
    payments: tuple[Payment, ...] = ()
    """The promises with the words that told them, in the same order."""
    undone: bool = False
    """Whether there was one that was taken back."""


NOTHING = Agreement()


def agreement(reading: Reading) -> Agreement:
    """The promise and plan that stand; nothing where none was made or it was taken back."""
    given = max(_given(reading), received.index if (received := receipt(reading)) else -1)
    if given < 0:
        return NOTHING
    if _is_taken_back(reading, given):
        return NOTHING._replace(undone=True)
    terms = heard(reading, "plan_terms", "recap")
    firm = (*terms, *heard(reading, "promise"))
    told = (*firm, *heard(reading, "offer"))
    plan = None if _is_single(reading, terms) else _plan(reading, terms, told)
    payments = (
        _of_plan(reading, *plan, terms)
        if plan
        else single_payments(reading, (*_latest((*firm, *_agreed_to(reading))), *told))
    )
    payments = [meant(reading, p) for p in payments]
    payments = [p for p in payments if p.amount is not None or _is_backed(reading, p)]
    if not payments:
        return NOTHING
    turns = {source.turn.index: source.turn for source in told}
    promises = tuple(_promise(reading, p) for p in payments)
    return Agreement(
        promises,
        plan[0] if plan else None,
        settlement(reading, promises, plan[0] if plan else None),
        tuple(turns[index] for index in sorted(turns)),
        tuple(payments),
    )


def _agreed_to(reading: Reading) -> tuple[Said, ...]:
    """The agent's turns with a sum and its day that the caller's bare "yes, do that" answers."""
    given = [s for s in heard(reading, "promise") if not s.payments and s.turn.index > 0]
    asked = [reading.turns[s.turn.index - 1] for s in given]
    told = [said(reading, t.turn) for t in asked if t.turn.speaker == "agent"]
    return tuple(s for s in told if any(p.date and p.amount for p in s.payments))


def _latest(told: tuple[Said, ...]) -> tuple[Said, ...]:
    """The turns once each, the last word first."""
    once = {s.turn.index: s for s in reversed(told)}
    return tuple(sorted(once.values(), key=lambda s: s.turn.index, reverse=True))


def _promise(reading: Reading, payment: Payment) -> Promise:
    return Promise(
        payment.amount,
        reading.currency or payment.currency,
        payment.date,
        _method(reading, payment),
    )


def _method(reading: Reading, payment: Payment) -> str | None:
    """How it will be paid, as last told by someone from the offer on; None if nobody did."""
    begin = payment.turn.index if payment.turn else reading.last("promise")
    for labelled in reversed(reading.turns[max(0, begin - 1) :]):
        if labelled.turn.speaker == "caller" or labelled.has("recap", "plan_terms"):
            found = reading.codes(labelled.turn, "method")
            if len(found) == 1:
                return next(iter(found))
    return None


def _given(reading: Reading) -> int:
    """The turn that makes it an agreement: the caller's word, or terms that the agent sums up."""
    summed = [t for t in reading.having("recap") if t.has("plan_terms") or _takes_up(reading, t)]
    summed += [t for t in reading.having("plan_terms") if _is_left_standing(reading, t)]
    return max(reading.last("promise"), *(t.turn.index for t in summed), -1)


def _is_left_standing(reading: Reading, terms: LabelledTurn) -> bool:
    """Whether terms at the end of a call are answered by nothing that questions them."""
    at = terms.turn.index
    answer = next(reading.by("caller", after=at), None)
    if at < len(reading.turns) * CLOSING or terms.has(*FLAGS) or answer is None:
        return False
    if answer.text.rstrip().endswith("?") or reading.last(*_AGAINST) >= at:
        return False
    return "?" not in terms.turn.text or reading.says(answer, "affirmed", "answered")


def _takes_up(reading: Reading, summed: LabelledTurn) -> bool:
    """Whether a summing-up names, with its day, a sum that was offered or set as terms."""
    if reading.says(summed.turn, "held"):
        return False
    recap = said(reading, summed.turn)
    earlier = [s for s in heard(reading, "offer", "plan_terms") if s.turn.index < recap.turn.index]
    offered = {amount for s in earlier for amount in s.sums}
    return any(p.date and p.amount in offered for p in recap.payments)


def _is_taken_back(reading: Reading, given: int) -> bool:
    """Whether a refusal came after it; a doubtful one does not undo what was summed up."""
    if _is_undone(reading, given):
        return True
    summed = reading.last("recap") >= given
    return any(
        mark.confidence >= (SURE if summed else 0.0)
        for labelled in reading.having("refusal")
        for mark in labels(labelled, "refusal")
        if labelled.turn.index > given
    )


def _is_undone(reading: Reading, given: int) -> bool:
    """Whether the caller then says that it is off, or the agent sums up a hold in its place."""
    recaps = [s for s in heard(reading, "recap") if s.turn.index > given]
    if any(s.sums for s in recaps):
        return False
    later = [t for t in reading.by("caller", after=given) if reading.says(t, "taken_back")]
    return any(not _is_of_apology(reading, turn) for turn in later) or any(
        reading.says(s.turn, "held") for s in recaps[:1]
    )


def _is_backed(reading: Reading, payment: Payment) -> bool:
    """A promise without a sum is one only where the agent took its day up."""
    given = reading.last("promise")
    if given < 0:
        return False
    if reading.turns[given].has("callback") or payment.date == reading.date:
        return is_paid(reading)
    summed = [s for s in heard(reading, "recap", "plan_terms") if not reading.says(s.turn, "held")]
    return any(payment.date == day.date for s in summed for day in s.days)


def _is_of_apology(reading: Reading, turn: Turn) -> bool:
    """Whether "take it back" answers an agent who takes their own words back."""
    before = reading.turns[turn.index - 1]
    own = before.has("apology") or reading.says(before.turn, "taken_back")
    return before.turn.speaker == "agent" and own


def _is_single(reading: Reading, terms: tuple[Said, ...]) -> bool:
    """Whether promise and summing-up speak of one sum, and no plan that was named has it."""
    given = reading.last("promise")
    last = [s for s in (*terms, *heard(reading, "promise")) if s.turn.index >= given >= 0]
    if any(s.frequency or s.instalments for s in last):
        return False
    sums = {amount for s in last for amount in s.sums}
    if any(len(s.payments) >= EVEN and len(s.sums) == 1 for s in last):
        return False
    rated = {p.amount for s in terms for p in s.payments if p.told == "rated"}
    return any(s.days for s in last) and bool(sums) and bool(rated) and not sums & rated


def _plan(
    reading: Reading, terms: tuple[Said, ...], told: tuple[Said, ...]
) -> tuple[Plan, Payment] | None:
    """A plan with its first payment, where it is told how often it is paid, or how many times."""
    agreed = [s for s in terms if reading.turns[s.turn.index].has("plan_terms")]
    if not agreed:
        return None
    count = next((s.instalments for s in terms if s.instalments), None)
    frequency = _frequency(reading, terms, told, count)
    if frequency is None:
        return None
    first = _with_first_day(_amount(reading, terms, agreed, told) or NO_PAYMENT, told)
    total = first.amount * count if first.amount is not None and count else None
    return (
        Plan(
            first.amount,
            reading.currency or first.currency,
            frequency,
            first.date,
            count,
            total,
            _covers(total, owed(reading)),
        ),
        first,
    )


def _covers(total: Decimal | None, balance: Decimal | None) -> bool | None:
    """Whether the plan pays what is owed."""
    return None if total is None or balance is None else total >= balance - ROUNDING


def _frequency(
    reading: Reading, terms: tuple[Said, ...], told: tuple[Said, ...], count: int | None
) -> Frequency | None:
    """As the terms or the promise tell it; an offer tells it where its sum was agreed."""
    sums = {amount for s in terms for amount in s.sums}
    named = next(
        (
            s.frequency
            for s in told
            if s.frequency and (s in terms or _is_given(reading, s) or s.sums & sums)
        ),
        None,
    )
    return named or ("monthly" if count and count >= 3 else None)


def _is_given(reading: Reading, told: Said) -> bool:
    return reading.turns[told.turn.index].has("promise")


def _revised(reading: Reading, terms: tuple[Said, ...], rated: list[Payment]) -> Payment | None:
    """The sum that a later word alone names in place of the rated one: "thirty it is"."""
    after = max(p.turn.index for p in rated if p.turn)
    later = [s for s in (*heard(reading, "promise"), *terms) if s.turn.index > after and s.sums]
    last = max(later, key=lambda s: s.turn.index, default=None)
    if last is None or len(last.sums) > 1 or reading.turns[last.turn.index].has("amount_stated"):
        return None
    small = max(p.amount for p in rated if p.amount is not None) * 3
    (amount,) = last.sums
    if amount in {p.amount for s in terms if s.turn.index == after for p in s.payments}:
        return None
    return None if amount > small or amount * 9 < small else last.payments[0]


def _amount(
    reading: Reading, terms: tuple[Said, ...], agreed: list[Said], told: tuple[Said, ...]
) -> Payment | None:
    """The instalment: the sum that has a rate, else the one named or dated, else any."""
    rated = [p for s in terms for p in s.payments if p.told == "rated"]
    if rated and (revised := _revised(reading, terms, rated)):
        return revised
    named = [p for s in agreed for p in s.payments if p.told == "named"]
    dated = [p for s in agreed for p in s.payments if p.date]
    dated = [p for p in dated if p.date != reading.date] or dated
    others = [p for s in (*agreed, *told) for p in s.payments]
    return next(iter((*rated, *named, *dated, *others)), None)


def _with_first_day(first: Payment, told: tuple[Said, ...]) -> Payment:
    """With the day on which the plan begins: one said to be the start, else exact, else any."""
    days = [(day, s.turn) for s in told for day in s.days]
    begins = [(day, s.turn) for s in told for day in s.starts]
    exact = [(day, turn) for day, turn in days if day.exact]
    day, turn = next(iter((*begins, *exact, *days)), (None, None))
    return first._replace(date=day.date if day else None, day=day, day_turn=turn)


def _of_plan(
    reading: Reading, plan: Plan, first: Payment, terms: tuple[Said, ...]
) -> list[Payment]:
    """The plan's first payment, after one that was made today."""
    if plan.first_date == reading.date:
        return [first]
    firm = (*terms, *heard(reading, "promise", "offer"))
    seen = receipt(reading)
    summed = firm if seen else terms
    today = [p for s in summed for p in s.payments if p.date and p.date == reading.date]
    now = [p for p in said(reading, seen).payments if p.date is None] if seen else []
    promised = [p for s in heard(reading, "promise") if _is_before(s, seen) for p in s.payments]
    made = next((p for p in (*today, *now, *promised) if p.amount != plan.amount), None)
    return [made._replace(date=reading.date), first] if made else [first]


def _is_before(promised: Said, seen: Turn | None) -> bool:
    return seen is not None and promised.turn.index < seen.index
