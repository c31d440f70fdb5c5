"""How the call ended, in one word, from what stands at its end.

Precedence, first that holds: the wrong person; an agreement (settlement, paid, plan, promise);
a matter passed on to someone above, where the caller asked for that; a representative; contact
that must cease in several ways; a dispute that the agent takes up; a hold; a refusal; another
call; a dispute; a matter passed on; nothing. An agreement does not stand where the agent then
sums up a hold without a sum.
"""

from collections.abc import Sequence

from agentassist.note.agreement import Agreement
from agentassist.note.parties import is_wrong_party, representative
from agentassist.note.payments import is_paid
from agentassist.note.reading import Reading
from agentassist.values import Turn
from agentassist.vocabulary import FLAGS, Outcome

CLOSING = 4
"""The agent's last turns, in which a call is brought to its end."""

SOON = 3
"""Turns by which a matter may be passed on before the caller says once more that they complain."""

LATE = 9
"""Turns before the end from which on a refusal is the caller's last word on it."""


def outcome(
    reading: Reading, agreed: Agreement, callback_at: str | None, cease: Sequence[str]
) -> Outcome:
    """The code; see this module for which goes before which."""
    if not agreed.promises and not callback_at and is_wrong_party(reading):
        return "wrong_party"
    if agreed.promises and not _held_instead(reading):
        return _of_agreement(reading, agreed)
    return _without_agreement(reading, callback_at, cease)


def _held_instead(reading: Reading) -> bool:
    """The agent's summing-up speaks of a hold and of no payment that was agreed before it."""
    summed = reading.having("recap")
    return (
        bool(summed)
        and not summed[-1].has("plan_terms")
        and reading.says(summed[-1].turn, "held")
        and reading.last("promise") > summed[-1].turn.index
    )


def _of_agreement(reading: Reading, agreed: Agreement) -> Outcome:
    if agreed.settlement:
        return "settlement"
    if agreed.plan:
        return "payment_plan"
    if agreed.promises[0].date == reading.date or is_paid(reading):
        return "paid_now"
    return "promise_to_pay"


def _without_agreement(reading: Reading, callback_at: str | None, cease: Sequence[str]) -> Outcome:
    hard = bool(reading.having("hardship", "vulnerability"))
    if _is_passed_on(reading, callback_at):
        return "escalated"
    if _is_represented(reading) and not _is_refused(reading):
        return "represented"
    if hard and _closes_with(reading, "held_for"):
        return "hardship_hold"
    if _is_broad(cease) and not _is_disputed(reading):
        return "cease_contact"
    if _is_disputed(reading):
        return "dispute"
    if _is_on_hold(reading, callback_at):
        return "hardship_hold"
    refused = reading.last("refusal")
    if refused >= max(0, len(reading.turns) - LATE) and not _is_put_off(reading, refused):
        return "refused"
    if callback_at:
        return "callback"
    if reading.having("dispute"):
        return "dispute"
    return _of_wishes(reading, cease)


def _is_on_hold(reading: Reading, callback_at: str | None) -> bool:
    """Held because of hardship; a hold only till the next call is a callback, but in a crisis."""
    crisis = bool(reading.having("vulnerability"))
    open_end = callback_at is None and bool(reading.having("hardship"))
    return (crisis or open_end) and _closes_with(reading, "held")


def _is_represented(reading: Reading) -> bool:
    """Someone acts for the caller by their trade, or the agent will turn to them from now on."""
    named = reading.having("represented")
    return bool(named) and (
        representative(reading) is not None or _closes_with(reading, "represented")
    )


def _is_passed_on(reading: Reading, callback_at: str | None) -> bool:
    """The agent hands the call over, or takes a complaint of its second half to someone above.

    Not where they sum up with the caller when they will speak again.
    """
    if callback_at and reading.last("callback") >= 0 and _rings_again(reading):
        return False
    turns = [*reading.by("agent")]
    if any(_hands_over(reading, turn) for turn in turns[-2:]):
        return not _closes_with(reading, "held")
    asked = reading.last("complaint")
    if asked < len(reading.turns) // 2:
        return False
    return any(_hands_over(reading, turn) for turn in turns if turn.index > asked - SOON)


def _rings_again(reading: Reading) -> bool:
    summed = reading.having("recap")[-1:]
    return any(reading.says(t.turn, "ringing") for t in summed)


def _hands_over(reading: Reading, turn: Turn) -> bool:
    """Whether someone above takes it: not said to scare, nor to mock who asked for them."""
    labelled = reading.turns[turn.index]
    if reading.says(turn, "handed_over"):
        return not labelled.has("threat", "misrepresentation", "dismissive")
    return reading.says(turn, "taken_over") and not labelled.has(*FLAGS)


def _is_put_off(reading: Reading, refused: int) -> bool:
    """Whether the caller only would not go on now: with the refusal they named another time."""
    return reading.last("callback") >= refused


def _is_refused(reading: Reading) -> bool:
    """Refused, and again, after a representative was named."""
    named = reading.last("represented")
    return sum(t.turn.index > named for t in reading.having("refusal")) > 1


def _is_broad(cease: Sequence[str]) -> bool:
    """Any contact must stop, or more than one way of it."""
    return "all" in cease or ("phone" in cease and len(cease) > 1)


def _is_disputed(reading: Reading) -> bool:
    """The agent takes the dispute up, or holds the account for no other reason than it."""
    if not reading.having("dispute"):
        return False
    other = reading.having("hardship", "vulnerability")
    return _closes_with(reading, "disputed") or (not other and _closes_with(reading, "held"))


def _of_wishes(reading: Reading, cease: Sequence[str]) -> Outcome:
    if _closes_with(reading, "escalated"):
        return "escalated"
    if {"all", "phone"} & set(cease):
        return "cease_contact"
    return "no_resolution"


def _closes_with(reading: Reading, wording: str) -> bool:
    closing = [*reading.by("agent")][-CLOSING:]
    return any(reading.says(turn, wording) for turn in closing)
