"""What the caller wants to stop: which way of contact, to whom, where and when.

A wish is read clause by clause: words that deny, then what is not to be done (ring, write), then
whom, where or when. "Don't ring me at work" stops `work` alone; "don't ring here, nor my mobile"
stops `phone`; several ways at once, with none left open, stop `all`.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from agentassist.call import LabelledTurn
from agentassist.note.reading import Reading
from agentassist.note.reasons import Told, Weighed, holding, weighed
from agentassist.phrases import Normal, Span, normalise
from agentassist.values import Turn

NEAR = 5
"""Words within which the denial stands before what is denied: "don't you ever dare to ring"."""

TAIL = 14
"""Words after it that may tell whom, where and when, where no full stop ends them."""

_NAMED = {"e mail", "email", "letter", "letters", "post", "by post", "in writing", "text", "write"}
WAYS = ("phone", "text", "letter", "email")
_REACHES = (*WAYS, "all", "visit", "talk")
_TO_PEOPLE = ("phone", "text", "all", "talk", "visit")
_CLAUSE = re.compile(r"(?<=[.;:?!])\s+|,\s+(?=but |just |only |and i|so |you can |if |'cause )")
_PART = re.compile(r" (?:or|nor|not|and|neither) ")
_DETERMINERS = {"this", "that", "my", "the", "your", "our", "his", "her", "mammy's", "work"}
_ONLY = (" but", " only", " just")
_OF_OTHERS = re.compile(
    r"\b(?:he|she|they|it|i|we) (?:can't|cannot|won't|don't|doesn't|didn't|couldn't|never|isn't)"
    r"(?! (?:want|like|need))"
)
"""Somebody else than the agent who does not ring."""

_ROW = {"or", "nor", "any", "and"}
_NARROW = {"work", "evening", "third_party"}
_NARROWER = {"phone": _NARROW, "third_party": {"work", "all"}}
"""What a code gives way to within a turn: who says "don't ring me at work" may be rung at home."""

_OF_ALL = {*WAYS, "third_party", "all"}


class _Reach(NamedTuple):
    """A way of contact in a clause's normal form, and the words behind it."""

    way: str
    span: Span
    tail: Normal
    name: bool
    """Whether the words behind it begin with a name: "don't ring Donal"."""


def cease(reading: Reading) -> tuple[Told, ...]:
    """All that must stop."""
    turns = reading.having("cease_contact")
    found = (pair for turn in turns for pair in _weighed(reading, turn))
    kept = any(_leaves_open(reading, turn.turn) for turn in turns)
    return tuple(_joined(holding("cease_contact", found), kept=kept))


def _weighed(reading: Reading, turn: LabelledTurn) -> Iterator[Weighed]:
    """The turn's codes without those that a narrower one explains, unless phrases tell both."""
    phrases = dict(_of_turn(reading, turn.turn))
    found = [*weighed(reading, turn, "cease_contact", phrases, {})]
    held = holding("cease_contact", found).keys()
    for item in found:
        narrower = _NARROWER.get(item.told.code, set()) & held
        if not narrower - (phrases.keys() if item.by_phrase else set()):
            yield item


def _leaves_open(reading: Reading, turn: Turn) -> bool:
    """Whether the caller names a way that they want: "write to me", or plainly "E-mail."."""
    alone = any(normalise(clause).text in _NAMED for clause in _CLAUSE.split(turn.text))
    return alone or reading.says(turn, "kept", "kept")


def _joined(found: dict[str, Told], *, kept: bool) -> Iterator[Told]:
    """The single ways give way to `all`, where several of them stop and none is left open.

    Who stops all contact need not name whom it was with.
    """
    ways = [found[way] for way in WAYS if way in found]
    is_all = "all" in found or ("phone" in found and len(ways) > 1 and not kept)
    if is_all:
        yield found.get("all") or ways[0]._replace(code="all")
    for code, wish in found.items():
        if not (is_all and code in _OF_ALL):
            yield wish


def _of_turn(reading: Reading, turn: Turn) -> Iterator[tuple[str, Span]]:
    start = 0
    for clause in _CLAUSE.split(turn.text):
        start = turn.text.index(clause, start)
        for code in dict.fromkeys(_of_clause(reading, turn, clause)):
            yield code, Span(start, start + len(clause))
        start += len(clause)


def _of_clause(reading: Reading, turn: Turn, clause: str) -> Iterator[str]:
    normal = normalise(clause)
    said = reading.wordings.codes(normal, "cease")
    yield from said
    denied, begin = False, 0
    for reach in _reaches(reading, normal, clause):
        between = normal.text[begin : reach.span.start]
        goes_on = denied and bool(_ROW & set(between.split())) and len(between.split()) <= NEAR
        denied = goes_on or _is_denied(reading, between)
        begin = reach.span.end
        if denied:
            yield from _stopped(reading, reach, said, turn)


def _is_denied(reading: Reading, before: str) -> bool:
    """Whether a denial stands shortly before."""
    near = normalise(" ".join(before.split()[-NEAR:]))
    if near.text.endswith(_ONLY) or _OF_OTHERS.search(near.text):
        return False
    return bool(reading.wordings.spans(near, "never", "never"))


def _reaches(reading: Reading, normal: Normal, clause: str) -> list[_Reach]:
    spans = [(s, way) for way in _REACHES for s in reading.wordings.spans(normal, "reach", way)]
    spans = sorted((span, way) for span, way in spans if not _is_thing(normal, span))
    ends = [*(span.start for span, _ in spans[1:]), len(normal.text)]
    return [
        _Reach(
            way,
            span,
            normalise(" ".join(normal.text[span.end : end].split()[:TAIL])),
            _is_name(clause[normal.origin[span.end - 1] + 1 :]),
        )
        for (span, way), end in zip(spans, ends, strict=False)
    ]


def _is_thing(normal: Normal, span: Span) -> bool:
    """As in "this phone": the thing itself, not what is done with it."""
    before = normal.text[: span.start].split()[-1:]
    return bool(before) and before[0] in _DETERMINERS


def _is_name(behind: str) -> bool:
    return re.match(r" (?!I\b)[A-Z]", behind) is not None


def _stopped(reading: Reading, reach: _Reach, said: dict[str, Span], turn: Turn) -> Iterator[str]:
    """What stops, by whom, where or when: each part of "here, nor at work" by itself."""
    if reach.name and reach.way in _TO_PEOPLE:
        yield "third_party"
        return
    for place, part in enumerate(_PART.split(f" {reach.tail.text} ")):
        normal = normalise(part)
        whom = set(reading.wordings.codes(normal, "whom"))
        own = reading.wordings.codes(normal, "self")
        if reach.way not in _TO_PEOPLE:
            whom -= {"third_party"}
        if reach.way == "talk" and whom:
            whom = {"third_party"}
        if part.lstrip().startswith("for "):
            whom = set()
        yield from whom
        at_work = "here" in own and reading.says(turn, "work", "cease")
        narrowed = bool(whom) or at_work or (bool(_NARROW & set(said)) and not own)
        if reach.way in (*WAYS, "all") and not narrowed and (own or place == 0):
            yield reach.way
