"""What the caller committed to: a regular plan, or single payments, from the turns that stand.

Offers and counter-offers are followed to the last word on them: the agent's last terms or
summing-up tell it most fully; what they leave out is taken from the caller's promise, and then
from the offer. A plan that was only one way of several does not stand where the promise and the
summing-up then speak of another sum.
"""

from typing import NamedTuple

from agentassist.call import LabelledTurn
from agentassist.note.instalments import plan_of, with_todays
from agentassist.note.meant import meant
from agentassist.note.payments import is_paid, receipt, single_payments
from agentassist.note.reading import Reading, labels
from agentassist.note.settled import settlement
from agentassist.note.told import Payment, Said, heard, said
from agentassist.values import Plan, Promise, Settlement, Turn
from agentassist.vocabulary import FLAGS

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
    plan = None if _is_single(reading, terms) else plan_of(reading, terms, told)
    payments = (
        with_todays(reading, *plan, terms)
        if plan
        else single_payments(reading, (*_latest((*firm, *_agreed_to(reading))), *told))
    )
    payments = [meant(reading, p) for p in payments]
    payments = [p for p in payments if p.amount is not None or _is_backed(reading, p)]
    payments = [p for p in payments if plan or _is_firm(reading, p)]
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


def _is_firm(reading: Reading, payment: Payment) -> bool:
    """A sum without a day, where days can be told, is promised only if the agent sums it up."""
    if payment.date or payment.amount is None or reading.date is None:
        return True
    return any(payment.amount in s.sums for s in heard(reading, "recap", "plan_terms"))


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
