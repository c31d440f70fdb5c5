"""What is to be done after the call, by whom and by when: only what someone said they would do."""

import datetime
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from agentassist import entities
from agentassist.note import passed_on, words
from agentassist.note.actions import Action
from agentassist.note.agreement import Agreement
from agentassist.note.callback import Callback
from agentassist.note.reading import Reading, masked
from agentassist.values import Evidence, FollowUp, Promise, Turn

_DOES = (
    "send|post|mail|e-?mail|text|upload|bring|drop|ring|call|phone|fill|sign|return|forward|scan"
    "|photograph|show|get (?:me|us|you|the|a|my|him|her)|find|look out|speak to|talk to|ask|check"
)
_YOURS = re.compile(
    rf"\b(?:you|ye|yous|you'll|you will|you're going to) (?:just |then |can )?"
    rf"(?P<do>(?:{_DOES})\b)",
    re.IGNORECASE,
)
_OWN = re.compile(
    rf"\b(?:i'll|i will|i'm going to) (?:just |then )?(?P<do>(?:{_DOES})\b)", re.IGNORECASE
)
_END = re.compile(
    r"[.;?!]|,(?! (?:with|by|to) )| (?:and|but|so|then|or|if|when|because) (?=\w)", re.IGNORECASE
)
_RINGS = re.compile(r"(?:ring|call|phone|give you a)\b", re.IGNORECASE)

LONGEST = 90
"""Characters of one thing to do: a recogniser without full stops gives no other end."""

SHORTEST = 3
"""Words of one thing to do: "I'll check" alone tells nobody what."""


class ToDo(NamedTuple):
    """A follow-up with what bears it out."""

    item: FollowUp
    shown: tuple[Evidence, ...]


def follow_ups(
    reading: Reading, agreed: Agreement, called: Callback | None, agents: Iterable[Action]
) -> tuple[ToDo, ...]:
    """The agent's actions, what the caller will do and pay, the next call, what was passed on."""
    done = [_of_action(reading, action) for action in agents]
    return (
        *(to_do for to_do in done if not _is_the_call(to_do.item, called)),
        *_of_caller(reading),
        *_of_figures(reading, agreed, called),
        *(ToDo(item, shown) for item, shown in passed_on.follow_ups(reading)),
    )


def _is_the_call(item: FollowUp, called: Callback | None) -> bool:
    """Whether it is the next call itself, which is told once, by its day and time."""
    if called is None or item.date is None or not _RINGS.match(item.text):
        return False
    return item.date.isoformat() == called.at[: len("2026-03-27")]


def of_promises(promises: Iterable[Promise], callback_at: str | None) -> tuple[FollowUp, ...]:
    """What the note's figures leave to be done."""
    pay = [FollowUp(words.to_pay(p), "caller", p.date) for p in promises]
    if callback_at is None:
        return tuple(pay)
    at = datetime.datetime.fromisoformat(callback_at)
    when = f"ring at {at:%H:%M}" if "T" in callback_at else "ring"
    return (*pay, FollowUp(when, "agent", at.date()))


def _of_action(reading: Reading, action: Action) -> ToDo:
    shown = reading.evidence(action.turn, action.start, action.end)
    date = _date(reading, action.text)
    item = FollowUp(masked(action.text), "agent", date, action.turn.index)
    return ToDo(item, (shown,))


def _of_caller(reading: Reading) -> Iterator[ToDo]:
    """What the caller said they would do in the second half, and what the agent summed up so."""
    half = len(reading.turns) // 2
    for labelled in reading.turns:
        turn = labelled.turn
        if turn.speaker == "agent" and labelled.has("recap"):
            yield from _said(reading, turn, _YOURS)
        elif turn.speaker == "caller" and turn.index >= half and not labelled.has(*_HOT):
            yield from _said(reading, turn, _OWN)


_HOT = ("anger", "refusal", "promise", "complaint", "vulnerability")
"""Turns whose "I'll ring" is heat, or whose doing is to pay."""


def _said(reading: Reading, turn: Turn, pattern: re.Pattern[str]) -> Iterator[ToDo]:
    text = turn.text.replace("’", "'")
    for match in pattern.finditer(text):
        end = _END.search(text, match.end())
        stop = min(end.start() if end else len(text), match.start("do") + LONGEST)
        said = text[match.start("do") : stop].strip()
        if len(said.split()) >= SHORTEST:
            item = FollowUp(masked(said), "caller", _date(reading, said), turn.index)
            yield ToDo(item, (reading.evidence(turn, match.start(), stop),))


def _of_figures(reading: Reading, agreed: Agreement, called: Callback | None) -> Iterator[ToDo]:
    turns = [payment.turn for payment in agreed.payments]
    if called:
        turns.append(called.turns[-1])
    figured = of_promises(agreed.promises, called.at if called else None)
    for item, turn in zip(figured, turns, strict=True):
        # A payment made in the call itself is done.
        if item.owner == "caller" and item.date == reading.date:
            continue
        shown = (reading.evidence(turn),) if turn else ()
        placed = FollowUp(item.text, item.owner, item.date, turn.index if turn else None)
        yield ToDo(placed, shown)


def _date(reading: Reading, text: str) -> datetime.date | None:
    """The day that was said with it."""
    days = entities.dates(text, reading.date) if reading.date else ()
    return days[0].date if days else None
