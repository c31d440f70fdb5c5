"""What the agent drew up on the plan sheet: told as drawn, not as said, and nobody's promise.

Where the words agree with it, it fills what they left out; where they differ, that is a doubt.
"""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any, NamedTuple

from msgspec.structs import replace

from agentassist.arrangement import Arrangement, MeansLine
from agentassist.note import words
from agentassist.note.agreement import Agreement
from agentassist.note.passed_on import moment
from agentassist.note.reading import Reading, line
from agentassist.values import (
    Doubt,
    Evidence,
    Note,
    NoteLine,
    NoteSection,
    Plan,
    Promise,
    Settlement,
    Turn,
)

TITLE = "Plan drawn up during the call"
DRAWN = "Drawn up by the agent, not said by the caller: "
"""How the line of it begins."""

_FIELDS = {
    "amount": "sum",
    "frequency": "frequency",
    "first_date": "first day",
    "instalments": "number of payments",
}
_KINDS = {
    "plan": "instalments",
    "settlement": "settlement",
    "partial": "part payment",
}
_MEANS = {"income": "comes in", "outgoing": "goes out", "spare": "is left over"}


class Weighed(NamedTuple):
    """What was agreed in words, weighed against what was drawn up."""

    agreed: Agreement
    doubts: tuple[Doubt, ...] = ()
    filled: tuple[str, ...] = ()
    """What the words left out and the sheet tells."""


def weighed(reading: Reading, agreed: Agreement) -> Weighed:
    """The agreement, filled from the sheet where it bears it out; else what is in doubt."""
    if reading.call.drawn is None:
        return Weighed(agreed)
    drawn = reading.call.drawn.arrangement
    if drawn.kind == "plan" and agreed.plan:
        return _of_plan(reading, agreed, agreed.plan, drawn)
    if drawn.kind == "settlement" and agreed.settlement:
        return _of_settlement(reading, agreed, agreed.settlement, drawn)
    return Weighed(agreed)


def joined(doubts: Iterable[Doubt]) -> tuple[Doubt, ...]:
    """Doubts about one field as one, with the readings of all."""
    found: dict[str, Doubt] = {}
    for doubt in doubts:
        known = found.get(doubt.field)
        if known:
            both = dict.fromkeys((*known.readings, *doubt.readings))
            shown = dict.fromkeys((*known.evidence, *doubt.evidence))
            doubt = Doubt(doubt.field, (*both,), (*shown,))  # noqa: PLW2901
        found[doubt.field] = doubt
    return tuple(found.values())


def is_as_drawn(note: Note) -> bool:
    """Whether what was agreed is what the agent drew up."""
    drawn = note.drawn
    if drawn is None:
        return False
    match drawn.kind:
        case "plan":
            return note.plan is not None and not _differing(note.plan, drawn)
        case "settlement":
            return note.settlement is not None and note.settlement.amount == drawn.total
        case "partial":
            first = drawn.payments[0]
            told = {(promise.amount, promise.date) for promise in note.promises}
            return len(drawn.payments) == 1 and (first.amount, first.date) in told


def exact(plan: Plan, drawn: Arrangement | None) -> Plan:
    """The plan with the total that was drawn up, where it is that plan: the last may differ."""
    if drawn is None or drawn.kind != "plan" or _differing(plan, drawn) or not plan.instalments:
        return plan
    return replace(plan, total=_regular(drawn), covers_balance=not drawn.left_owing)


def section(reading: Reading, found: Weighed) -> NoteSection | None:
    """What was drawn up; None where nothing was."""
    event = reading.call.drawn
    if event is None:
        return None
    shown = moment(reading, event.at)
    told = f"{DRAWN}{summary(event.arrangement)}"
    lines = [
        NoteLine(told, shown),
        *(NoteLine(f"Outside the limits: {limit}", shown) for limit in event.arrangement.outside),
        *(_filled(found, shown)),
        *(_means(reading, item, event.arrangement, shown) for item in event.arrangement.means),
    ]
    return NoteSection(TITLE, tuple(lines))


def summary(drawn: Arrangement) -> str:
    """As "instalments, 12 payments, £40.00 monthly from …, the last £42.10 on …, … in all of …"."""
    first, last = drawn.payments[0], drawn.payments[-1]
    parts = [_KINDS[drawn.kind]]
    if drawn.down:
        parts.append(f"{_sum(drawn.down.amount, drawn)} on {words.day(drawn.down.date)}")
    if drawn.frequency:
        parts.append(f"{len(drawn.payments)} payments")
        parts.append(f"{_sum(first.amount, drawn)} {drawn.frequency} from {words.day(first.date)}")
        other = "" if first.amount == last.amount else f" {_sum(last.amount, drawn)}"
        parts.append(f"the last{other} on {words.day(last.date)}")
    else:
        parts.append(f"{_sum(first.amount, drawn)} on {words.day(first.date)}")
    parts.append(f"{_sum(drawn.total, drawn)} in all of {_sum(drawn.balance, drawn)}")
    if drawn.written_off:
        parts.append(f"{_sum(drawn.written_off, drawn)} written off")
    if drawn.left_owing:
        parts.append(f"{_sum(drawn.left_owing, drawn)} left owing")
    return ", ".join(parts)


def means_line(item: MeansLine, currency: str | None) -> str:
    """As "rent: £650.00 monthly goes out"."""
    rate = f" {item.frequency}" if item.frequency else ""
    return f"{item.words}: {words.sum_of(item.amount, currency)}{rate} {_MEANS[item.kind]}"


def _of_plan(reading: Reading, agreed: Agreement, plan: Plan, drawn: Arrangement) -> Weighed:
    own = _own(drawn)
    if differing := _differing(plan, drawn):
        said = agreed.payments[-1]
        turns = {"amount": said.turn, "first_date": said.day_turn}
        doubts = (
            Doubt(
                f"/plan/{field}",
                (_told(getattr(plan, field)), _told(own[field])),
                _shown(reading, turns.get(field), agreed),
            )
            for field in differing
        )
        return Weighed(agreed, tuple(doubts))
    missing = [field for field in _FIELDS if getattr(plan, field) is None and own[field]]
    full = exact(replace(plan, **{field: own[field] for field in missing}), drawn)
    old = (plan.amount, plan.first_date)
    promises = tuple(_moved(promise, old, full) for promise in agreed.promises)
    filled = [_FIELDS[field] for field in missing]
    if full.total != plan.total:
        filled.append("total")
    return Weighed(agreed._replace(plan=full, promises=promises), filled=tuple(filled))


def _of_settlement(
    reading: Reading, agreed: Agreement, told: Settlement, drawn: Arrangement
) -> Weighed:
    if told.amount not in {None, drawn.total}:
        readings = (_told(told.amount), _told(drawn.total))
        shown = _shown(reading, agreed.payments[-1].turn, agreed)
        return Weighed(agreed, (Doubt("/settlement/amount", readings, shown),))
    if told.written_off is not None:
        return Weighed(agreed)
    full = replace(told, amount=drawn.total, written_off=drawn.written_off)
    return Weighed(agreed._replace(settlement=full), filled=("sum written off",))


def _own(drawn: Arrangement) -> dict[str, Any]:
    first = drawn.payments[0]
    values = (first.amount, drawn.frequency, first.date, len(drawn.payments))
    return dict(zip(_FIELDS, values, strict=True))


def _differing(plan: Plan, drawn: Arrangement) -> list[str]:
    """The fields that both tell, each something else. One payment has no frequency."""
    own = _own(drawn)
    both = [f for f in _FIELDS if getattr(plan, f) is not None and own[f] is not None]
    return [field for field in both if getattr(plan, field) != own[field]]


def _regular(drawn: Arrangement) -> Decimal:
    return drawn.total - (drawn.down.amount if drawn.down else 0)


def _moved(promise: Promise, old: tuple[Any, Any], plan: Plan) -> Promise:
    """The plan's first payment is a promise too."""
    if (promise.amount, promise.date) != old:
        return promise
    return replace(promise, amount=plan.amount, date=plan.first_date)


def _shown(reading: Reading, turn: Turn | None, agreed: Agreement) -> tuple[Evidence, ...]:
    known = turn or (agreed.turns[-1] if agreed.turns else None)
    return (reading.evidence(known),) if known else ()


def _filled(found: Weighed, shown: tuple[Evidence, ...]) -> Iterator[NoteLine]:
    if found.filled:
        yield NoteLine(f"Taken from the plan sheet: {', '.join(found.filled)}", shown)


def _means(
    reading: Reading, item: MeansLine, drawn: Arrangement, shown: tuple[Evidence, ...]
) -> NoteLine:
    known = item.turn is not None and item.turn < len(reading.turns)
    said = reading.turns[item.turn or 0].turn if known else None
    told = f"As told, {means_line(item, drawn.currency)}"
    return line(told, [reading.evidence(said)] if said else shown)


def _told(value: Any) -> str:
    return str(value.isoformat() if hasattr(value, "isoformat") else value)


def _sum(amount: Decimal, drawn: Arrangement) -> str:
    return words.sum_of(amount, drawn.currency)
