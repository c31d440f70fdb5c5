"""Haggling in bare figures: turns whose sense is plain only from the bargain that they stand in.

"Twenty-eight." is an offer once sums are bargained about, and "Take it" a promise; no label of the
turn's own words can tell. The note reads them so; what the coach heard is left as it was.
"""

from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from agentassist import entities
from agentassist.call import LabelledTurn
from agentassist.note.reading import Reading, opening_clauses, sentences
from agentassist.note.told import said
from agentassist.phrases import Span, normalise
from agentassist.values import Label, Turn
from agentassist.vocabulary import FLAGS

OPEN = 4
"""Turns after a sum that was offered, or ways that were shown, in which the bargain goes on."""

TAKEN = 2
"""Turns after a sum within which words of consent are to it."""

SURE = 0.8
"""Confidence of what the bargain tells."""

_SHOWN = ("options", "plan_terms")
_OTHERWISE = ("offer", "promise", "refusal", "dispute", "callback", "cease_contact", "confusion")
"""What the turn is, where figures in it are no bid."""


def bargained(reading: Reading) -> Reading:
    """The call with what its bargains add to the labels, and without promises to be in."""
    for index in range(len(reading.turns)):
        if _is_of_a_call(reading, index):
            reading = _without_promise(reading, index)
        elif _is_echoed(reading, index):
            reading = _with(_with(reading, index, "promise"), index + 1, "recap")
    for index in range(len(reading.turns)):
        if name := _told(reading, index):
            reading = _with(reading, index, name)
    return reading


def _is_of_a_call(reading: Reading, index: int) -> bool:
    """Whether "the eighteenth, yes" was heard as a promise and is of a call alone."""
    labelled = reading.turns[index]
    if index < TAKEN or not labelled.has("promise") or said(reading, labelled.turn).sums:
        return False
    asked, answer = reading.turns[index - 2], reading.turns[index - 1]
    if answer.has(*_SHOWN) or said(reading, answer.turn).sums:
        return False
    if any(t.has("offer", *_SHOWN) for t in reading.turns[max(0, index - OPEN) : index]):
        return False
    when = said(reading, answer.turn).days or entities.times(answer.turn.text)
    return bool(when) and (asked.has("callback") or reading.says(answer.turn, "ringing"))


def _is_echoed(reading: Reading, index: int) -> bool:
    """Whether the agent says a caller's sum and day again at once, as "sixty on the fourth"."""
    labelled = reading.turns[index]
    if labelled.turn.speaker == "agent" or labelled.has(*_OTHERWISE):
        return False
    answer = reading.turns[index + 1] if index + 1 < len(reading.turns) else None
    if answer is None or answer.turn.speaker != "agent" or answer.has("recap", *_SHOWN[1:], *FLAGS):
        return False
    asked = [part for part in sentences(answer.turn.text) if part.rstrip().endswith("?")]
    own = {(p.amount, p.date) for p in said(reading, labelled.turn).payments if p.date}
    again = [p for p in said(reading, answer.turn).payments if (p.amount, p.date) in own]
    return any(p.money and not _stands_in(asked, answer.turn, p.money.start) for p in again)


def _stands_in(parts: Iterable[str], turn: Turn, at: int) -> bool:
    starts = ((turn.text.index(part), len(part)) for part in parts)
    return any(start <= at < start + length for start, length in starts)


def _without_promise(reading: Reading, index: int) -> Reading:
    labelled = reading.turns[index]
    kept = tuple(label for label in labelled.labels if label.name != "promise")
    turns = [*reading.turns]
    turns[index] = replace(labelled, labels=kept)
    return reading.relabelled(tuple(turns))


def _with(reading: Reading, index: int, name: str) -> Reading:
    labelled = reading.turns[index]
    label = Label(name, SURE, "note:bargain", 0, len(labelled.turn.text))
    turns = [*reading.turns]
    turns[index] = replace(labelled, labels=(*labelled.labels, label))
    return reading.relabelled(tuple(turns))


def _told(reading: Reading, index: int) -> str | None:
    """The label that the turn gets from the bargain before it, if any."""
    labelled = reading.turns[index]
    before = reading.turns[max(0, index - OPEN) : index]
    if labelled.turn.speaker == "agent":
        return "recap" if _is_repeated(reading, labelled, before) else None
    if labelled.has(*_OTHERWISE):
        return None
    if _is_asked(reading, *before[-1:]) and _is_bare_consent(reading, labelled):
        return "promise"
    if not any(t.has("offer", *_SHOWN) for t in before):
        return None
    kinds = {_kind(reading, clause) for clause in opening_clauses(labelled.turn.text)}
    if "sum" in kinds and kinds & {"day", "taken"}:
        return "promise"
    if "sum" in kinds:
        return "offer"
    near = before[-TAKEN:]
    stands = any(t.has("offer", *_SHOWN) and said(reading, t.turn).sums for t in near)
    return "promise" if "taken" in kinds and stands else None


def _is_bare_consent(reading: Reading, labelled: LabelledTurn) -> bool:
    """Whether words such as "yes, do that" ask nothing back."""
    return "?" not in labelled.turn.text and reading.says(labelled.turn, "taken_up", "bargain")


def _is_asked(reading: Reading, *before: LabelledTurn) -> bool:
    """Whether the agent asks to put a sum through: "shall I take the eighty-five then"."""
    return any(
        t.turn.speaker == "agent"
        and t.turn.text.rstrip().endswith("?")
        and reading.says(t.turn, "asked", "bargain")
        and bool(said(reading, t.turn).sums)
        for t in before
    )


def _is_repeated(reading: Reading, labelled: LabelledTurn, before: Sequence[LabelledTurn]) -> bool:
    """Whether the agent gives the caller's last bid its day, and asks nothing more."""
    if labelled.has("recap", *_SHOWN, *FLAGS) or "?" in labelled.turn.text:
        return False
    if reading.last("offer", "refusal") > labelled.turn.index:
        return False
    bids = [said(reading, t.turn).sums for t in before if t.has("offer", "promise")]
    last = next((sums for sums in reversed(bids) if sums), set())
    meant = {amount * times for amount in last for times in (1, 100, 1000)}
    return any(p.date and p.amount in meant for p in said(reading, labelled.turn).payments)


def _kind(reading: Reading, clause: str) -> str | None:
    """What a clause is and nothing else: a sum, a day, or words that take up what stands."""
    sums = entities.money(clause, reading.currency, bare=True)
    days = entities.dates(clause, reading.date) if reading.date else ()
    if len(sums) + len(days) > 1:
        return None
    figures = [*(Span(m.start, m.end) for m in sums), *(Span(d.start, d.end) for d in days)]
    rest = normalise(_without(clause, figures))
    taken = reading.wordings.spans(rest, "bargain", "taken_up")
    beside = reading.wordings.spans(rest, "bargain", "beside")
    if _without(rest.text, (*taken, *beside)).strip():
        return None
    return "sum" if sums else "day" if days else "taken" if taken else None


def _without(text: str, spans: Iterable[Span]) -> str:
    """The text without those parts."""
    for span in spans:
        text = text[: span.start] + " " * (span.end - span.start) + text[span.end :]
    return text
