"""What a template can say of a call: the note itself, and its parts as ready phrases."""

import datetime
from collections.abc import Iterator

import msgspec

from agentassist.account import Account
from agentassist.call import Call
from agentassist.export.doubts import confirmations, doubted
from agentassist.note import words
from agentassist.note.drawn import is_as_drawn, summary
from agentassist.values import FollowUp, Note, Plan, Promise, Settlement


class CallFacts(msgspec.Struct, frozen=True):
    """When the call was and how long; None where the source does not tell."""

    date: datetime.date | None
    started_at: datetime.datetime | None
    seconds: float


class Row(msgspec.Struct, frozen=True):
    """One payment of what was drawn up, in words."""

    number: int
    day: str
    amount: str
    left: str
    """What is then left of the balance, before anything is written off."""


class Facts(msgspec.Struct, frozen=True):
    """The names that a template knows. Phrases are empty where nothing was said."""

    note: Note
    account: Account
    call: CallFacts
    outcome: str
    agreed: tuple[str, ...]
    drawn: tuple[str, ...]
    """What the agent drew up; in `agreed` too only where it was agreed."""
    schedule: tuple[Row, ...]
    """Its payments."""
    confirm: tuple[str, ...]
    """What may be read in several ways, and is for the agent to confirm."""
    circumstances: tuple[str, ...]
    disputes: tuple[str, ...]
    wishes: tuple[str, ...]
    follow_ups: tuple[str, ...]
    support: tuple[str, ...]
    identity: tuple[str, ...]
    notices: tuple[str, ...]


def facts(call: Call, note: Note) -> Facts:
    """All of it, from a call and what is to stand as its note."""
    return Facts(
        note=note,
        account=call.account,
        call=CallFacts(day_of(call), call.started.started_at if call.started else None, call.at),
        outcome=words.OUTCOMES[note.outcome],
        agreed=tuple(_agreed(note)),
        drawn=tuple(_drawn(note)),
        schedule=tuple(_schedule(note)),
        confirm=confirmations(note),
        circumstances=tuple(words.told(code) for code in note.hardship),
        disputes=tuple(_disputes(note)),
        wishes=tuple(_wishes(note)),
        follow_ups=tuple(_follow_ups(note)),
        support=tuple(_support(note)),
        identity=tuple(_identity(note)),
        notices=tuple(f"{words.told(n.code)} at {words.clock(n.at)}" for n in note.notices),
    )


def day_of(call: Call) -> datetime.date | None:
    """The day of the call, if the source tells."""
    started = call.started
    if started is None:
        return None
    return started.call_date or (started.started_at.date() if started.started_at else None)


def to_do(note: Note) -> tuple[FollowUp, ...]:
    """What is to be done after the call; the agent's actions where the note has no more of them."""
    return note.follow_ups or tuple(FollowUp(text, "agent") for text in note.actions)


def _agreed(note: Note) -> Iterator[str]:
    if note.settlement:
        yield _settlement(note.settlement) + _doubt(note, "/settlement")
    if note.plan:
        yield _plan(note, note.plan) + _doubt(note, "/plan", *_first_payments(note))
    for place, promise in enumerate(note.promises):
        if not _is_first_payment(promise, note.plan):
            told = _with_method(words.promise(promise), promise)
            yield told + _doubt(note, f"/promises/{place}")


def _doubt(note: Note, *parts: str) -> str:
    return " (to confirm)" if any(doubted(note, part) for part in parts) else ""


def _first_payments(note: Note) -> Iterator[str]:
    for place, promise in enumerate(note.promises):
        if _is_first_payment(promise, note.plan):
            yield f"/promises/{place}"


def _settlement(value: Settlement) -> str:
    if value.amount is None:
        return "settlement, sum not told"
    text = f"settlement of {words.sum_of(value.amount, value.currency)}"
    if value.written_off is not None:
        text += f", {words.sum_of(value.written_off, value.currency)} written off"
    return text


_COVERS = {True: ", which covers the balance", False: ", which is not the balance", None: ""}


def _plan(note: Note, plan: Plan) -> str:
    text = words.plan(plan)
    if plan.total is not None and (total := words.sum_of(plan.total, plan.currency)) not in text:
        text += f", in all {total}{_COVERS[plan.covers_balance]}"
    first = [promise for promise in note.promises if _is_first_payment(promise, plan)]
    return _with_method(text, first[0]) if first else text


def _is_first_payment(promise: Promise, plan: Plan | None) -> bool:
    """A plan's first payment is also a promise; it is told once."""
    return plan is not None and (promise.amount, promise.date) == (plan.amount, plan.first_date)


def _with_method(text: str, promise: Promise) -> str:
    how = words.told(promise.method or "")
    return text if how in text else f"{text}, by {how}"


def _drawn(note: Note) -> Iterator[str]:
    if note.drawn:
        yield summary(note.drawn) + ("" if is_as_drawn(note) else " (not agreed as drawn)")
        yield from (f"outside the limits: {limit}" for limit in note.drawn.outside)


def _schedule(note: Note) -> Iterator[Row]:
    if (drawn := note.drawn) is None:
        return
    left = drawn.balance
    for number, (day, amount) in enumerate(drawn.schedule, 1):
        left -= amount
        sums = (words.sum_of(amount, drawn.currency), words.sum_of(left, drawn.currency))
        yield Row(number, words.day(day), *sums)


def _disputes(note: Note) -> Iterator[str]:
    yield from (words.told(ground) for ground in note.disputes)
    if note.complaint:
        yield "complaint made"


def _wishes(note: Note) -> Iterator[str]:
    for code in note.cease:
        yield f"no {words.CEASE.get(code, words.told(code)).removeprefix('any ')}"
    if note.represented_by:
        yield f"represented by {note.represented_by}"


def _follow_ups(note: Note) -> Iterator[str]:
    if note.callback_at:
        yield f"call back {words.moment(note.callback_at)}{_doubt(note, '/callback_at')}"
    for place, task in enumerate(to_do(note)):
        who = f"{task.taken_by or task.owner}: " if task.taken_by or task.owner != "agent" else ""
        by = f", by {words.day(task.date)}" if task.date else ""
        yield f"{who}{task.text}{by}{_doubt(note, f'/follow_ups/{place}')}"


def _support(note: Note) -> Iterator[str]:
    yield from (f"needs {words.told(need)}" for need in note.support_needs)
    yield from (f"told of {place}" for place in note.signposts)
    if note.channels:
        yield f"offered {', '.join(words.told(channel) for channel in note.channels)}"


def _identity(note: Note) -> Iterator[str]:
    if note.right_party is not None:
        yield "right party" if note.right_party else "not the right party"
    if note.verified_by:
        yield f"verified by {', '.join(words.told(way) for way in note.verified_by)}"
