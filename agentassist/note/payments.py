"""Payments that are no plan, and those made in the call, from the turns that tell them."""

from collections.abc import Sequence
from decimal import Decimal

from agentassist.note.reading import Reading
from agentassist.note.told import NO_PAYMENT, Payment, Said, heard, said
from agentassist.values import Turn

NEAR = 4
"""Turns before a promise without a sum in which the agent may have named it."""

SOON = 3
"""Turns before the last promise within which terms were agreed by it."""


def single_payments(reading: Reading, told: Sequence[Said]) -> list[Payment]:
    """Payments that are no plan: the dated sums of the fullest turn, or the best of all turns."""
    if is_paid(reading):
        return _paid(reading, told)
    dated = [_without_repeats([p for p in source.payments if p.date]) for source in told]
    if last := next(filter(None, dated), None):
        return _fullest(last, [*filter(None, dated)])
    best = (
        next((s.payments[-1] for s in told if s.payments), None)
        or whole(reading, told)
        or _taken_up(reading)
    )
    dated_turn = next((s for s in told if s.days), None)
    day = dated_turn.days[0] if dated_turn else None
    given = reading.last("promise")
    now = given >= 0 and reading.says(reading.turns[given].turn, "now")
    return [
        (best or NO_PAYMENT)._replace(
            date=day.date if day else reading.date if now else None,
            day=day,
            day_turn=dated_turn.turn if dated_turn else None,
        )
    ]


def _taken_up(reading: Reading) -> Payment | None:
    """The one sum of the agent's last way out, where the caller promised without naming one."""
    given = reading.last("promise")
    for source in heard(reading, "options"):
        if given - NEAR <= source.turn.index < given and source.payments:
            return source.payments[0] if len(source.sums) == 1 else None
    return None


def _fullest(last: list[Payment], dated: Sequence[list[Payment]]) -> list[Payment]:
    """The last word; or what it sums up in part: "four hundred Monday, the rest in June"."""
    kept = {(p.amount, p.date) for p in last}
    fuller = [d for d in dated if len(d) > len(last) and kept <= {(p.amount, p.date) for p in d}]
    return fuller[0] if fuller else last


def _without_repeats(payments: list[Payment]) -> list[Payment]:
    return list({(p.amount, p.date): p for p in payments}.values())


def is_paid(reading: Reading) -> bool:
    """Whether the agent saw a payment come in that was promised for now."""
    return receipt(reading) is not None


def receipt(reading: Reading) -> Turn | None:
    """The agent's turn that tells of a payment gone through.

    After a promise to pay now many words tell it; without one, only those that say nothing else,
    in the second half of the call.
    """
    now = [s for s in heard(reading, "promise") if _is_for_now(s, reading)]
    first = now[-1].turn.index if now else len(reading.turns)
    half = len(reading.turns) // 2
    for turn in reading.by("agent"):
        plain = reading.says(turn, "gone_through") and turn.index > min(half, first)
        terms = reading.turns[turn.index].has("plan_terms")
        told = turn.index > first and not terms and reading.says(turn, "paid")
        if plain or (told and not _is_for_later(reading, turn)):
            return turn
    return None


def _is_for_later(reading: Reading, turn: Turn) -> bool:
    """Whether it tells of days to come alone: "eighteen thousand on Friday, receipt by text"."""
    days = [p.date for p in said(reading, turn).payments]
    today = reading.date
    return bool(days) and all(day is not None and day != today for day in days)


def _is_for_now(promised: Said, reading: Reading) -> bool:
    """A promise without a day, or for today."""
    today = reading.date
    return not promised.days or any(day.date == today for day in promised.days)


def _paid(reading: Reading, told: Sequence[Said]) -> list[Payment]:
    """The payment made in the call, and what was promised for later."""
    today = reading.date
    seen = receipt(reading)
    seen_sums = said(reading, seen).payments if seen else ()
    promised = [p for s in told if not _is_offer(reading, s) for p in s.payments]
    made = (
        next((p for p in seen_sums if p.date in {None, today}), None)
        or next((p for p in _told_paid(reading, seen) if p.date in {None, today}), None)
        or next((p for p in promised if p.date == today), None)
        or whole(reading, told)
        or next((p for p in promised if p.date is None and p.told != "bare"), None)
        or next((p for p in seen_sums if p.amount in _bargained(reading)), None)
        or _owed(reading)
    )
    first = (made or NO_PAYMENT)._replace(date=today, day=None, day_turn=None)
    later = [p for p in promised if p.date and today and p.date > today]
    given = reading.last("promise")
    later = [p for p in later if p.turn and _is_promised(reading, p.turn, given)]
    return [first, *_without_repeats([p for p in later if not _is_again(reading, p, first)])]


def _bargained(reading: Reading) -> set[Decimal]:
    """Sums that the parties named as what might be paid."""
    return {amount for s in heard(reading, "offer", "options") for amount in s.sums}


def _told_paid(reading: Reading, seen: Turn | None) -> list[Payment]:
    """Sums of later turns in which the agent says again that it is paid."""
    later = reading.by("agent", after=seen.index) if seen else ()
    return [p for turn in later if reading.says(turn, "paid") for p in said(reading, turn).payments]


def _is_promised(reading: Reading, turn: Turn, given: int) -> bool:
    """Whether the turn tells a later payment that the caller took on, not the next bill."""
    labelled = reading.turns[turn.index]
    return turn.index >= given - SOON and labelled.has("promise", "plan_terms", "recap")


def _is_again(reading: Reading, payment: Payment, made: Payment) -> bool:
    """Whether a summing-up names the paid sum once more, beside a day of something else."""
    turn = payment.turn
    told = turn is not None and reading.turns[turn.index].has("promise", "plan_terms")
    return payment.amount == made.amount and not told


def _is_offer(reading: Reading, told: Said) -> bool:
    return not reading.turns[told.turn.index].has("promise", "plan_terms", "recap")


def whole(reading: Reading, told: Sequence[Said]) -> Payment | None:
    """What is owed, as the agent last told it, where all of it was promised."""
    if not any(reading.says(s.turn, "all_of_it") for s in told):
        return None
    return _owed(reading)


def _owed(reading: Reading) -> Payment | None:
    """What is owed, as the agent last told it; else as the account has it."""
    for stated in heard(reading, "amount_stated"):
        if stated.stated:
            money = stated.stated[-1]
            return Payment(money.amount, None, money.told, money.currency, money, turn=stated.turn)
    balance = reading.call.account.balance
    return Payment(balance, None, currency=reading.currency) if balance is not None else None


def owed(reading: Reading) -> Decimal | None:
    """The sum that is owed, told in the call or on the account; None where neither tells."""
    found = _owed(reading)
    return found.amount if found else None
