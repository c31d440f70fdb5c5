"""How the call ended, in one word, from what stands at its end.

Precedence, first that holds: the wrong person; an agreement (settlement, paid, plan, promise);
a hold that the agent sums up; a representative; contact that must cease altogether; a dispute
that the agent takes up; a hold; a refusal; a dispute; another call; a matter passed on; nothing.
An agreement does not stand where the agent then sums up a hold without a sum.
"""

from collections.abc import Sequence

from agentassist.note.agreement import Agreement
from agentassist.note.payments import is_paid
from agentassist.note.reading import Reading
from agentassist.note.wording import DISPUTED, ESCALATED, HELD, SETTLED
from agentassist.phrases import Phrases
from agentassist.vocabulary import Outcome

CLOSING = 4
"""The agent's last turns, in which a call is brought to its end."""

LATE = 9
"""Turns before the end from which on a refusal is the caller's last word on it."""


def outcome(
    reading: Reading, agreed: Agreement, callback_at: str | None, cease: Sequence[str]
) -> Outcome:
    """The code; see this module for which goes before which."""
    if _is_wrong_party(reading, agreed, callback_at):
        return "wrong_party"
    if agreed.promises and not _held_instead(reading):
        return _of_agreement(reading, agreed)
    return _without_agreement(reading, callback_at, cease)


def _is_wrong_party(reading: Reading, agreed: Agreement, callback_at: str | None) -> bool:
    """Someone else answered, and nobody else came to the phone or may be had later."""
    return reading.last("wrong_party") >= 0 and not agreed.promises and not callback_at


def _held_instead(reading: Reading) -> bool:
    """The agent's summing-up speaks of a hold and of no payment that was agreed before it."""
    summed = reading.having("recap")
    return (
        bool(summed)
        and not summed[-1].has("plan_terms")
        and reading.says(summed[-1].turn, HELD)
        and reading.last("promise") > summed[-1].turn.index
    )


def _of_agreement(reading: Reading, agreed: Agreement) -> Outcome:
    if _is_settlement(reading, agreed):
        return "settlement"
    if agreed.plan:
        return "payment_plan"
    if agreed.promises[0].date == reading.date or is_paid(reading):
        return "paid_now"
    return "promise_to_pay"


def _is_settlement(reading: Reading, agreed: Agreement) -> bool:
    """The agent's last terms say that the payment ends the debt."""
    if not agreed.turns:
        return False
    turns = [t.turn for t in reading.having("recap", "plan_terms", "options")]
    return any(reading.says(turn, SETTLED) for turn in turns[-2:])


def _without_agreement(reading: Reading, callback_at: str | None, cease: Sequence[str]) -> Outcome:
    if reading.having("represented") and not _is_refused(reading):
        return "represented"
    if _is_all(cease):
        return "cease_contact"
    if _is_disputed(reading):
        return "dispute"
    if _closes_with(reading, HELD) and reading.having("hardship", "vulnerability"):
        return "hardship_hold"
    if reading.last("refusal") >= max(0, len(reading.turns) - LATE):
        return "refused"
    if callback_at:
        return "callback"
    if reading.having("dispute"):
        return "dispute"
    return _of_wishes(reading)


def _is_refused(reading: Reading) -> bool:
    """Refused, and again, after a representative was named."""
    named = reading.last("represented")
    return sum(t.turn.index > named for t in reading.having("refusal")) > 1


def _is_all(cease: Sequence[str]) -> bool:
    return "all" in cease or {"phone", "text", "email"} <= set(cease)


def _is_disputed(reading: Reading) -> bool:
    """The agent takes the dispute up, or holds the account for no other reason than it."""
    if not reading.having("dispute"):
        return False
    other = reading.having("hardship", "vulnerability")
    return _closes_with(reading, DISPUTED) or (not other and _closes_with(reading, HELD))


def _of_wishes(reading: Reading) -> Outcome:
    if _closes_with(reading, ESCALATED):
        return "escalated"
    if reading.having("cease_contact"):
        return "cease_contact"
    return "no_resolution"


def _closes_with(reading: Reading, wording: Phrases) -> bool:
    closing = [*reading.by("agent")][-CLOSING:]
    return any(reading.says(turn, wording) for turn in closing)
