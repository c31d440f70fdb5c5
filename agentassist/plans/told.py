"""What the caller told of income and outgoings: sums beside such words, with where they said so.

Only offered to the agent as lines to accept. What was not told is not asked for here.
"""

import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import NamedTuple

import msgspec

from agentassist import entities
from agentassist.arrangement import MeansLine
from agentassist.call import Call, LabelledTurn
from agentassist.entities import Money, Rate
from agentassist.note.reading import masked
from agentassist.values import Turn
from agentassist.vocabulary import MeansKind

LEAST = 20
"""A mere number below this is a time, a count or an age rather than what somebody lives on."""

_WORD = re.compile(r"[\w']+")
_SENTENCE = re.compile(r"[^.?!;]+[.?!;]*")


class ToldLine(NamedTuple):
    """A sum that the caller told, offered as a line of the sheet."""

    line: MeansLine
    at: float
    """Seconds of the call at which the turn began."""
    quote: str
    """Their words; empty where the turn is not to be quoted."""


class _Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`means.json`: what tells of which kind, and what makes a sum something else."""

    about: str
    income: tuple[str, ...]
    outgoing: tuple[str, ...]
    spare: tuple[str, ...]
    link_to_sum: frozenset[str]
    link_to_word: frozenset[str]
    """What may stand between the word and the sum behind it, and the other way round."""
    no: tuple[str, ...] = msgspec.field(name="not")


class _Word(NamedTuple):
    kind: MeansKind
    start: int
    end: int


def told_means(call: Call) -> tuple[ToldLine, ...]:
    """Lines in order of the call; what was told twice is there once, as it was told last."""
    found = {
        (told.line.kind, told.line.words.lower()): told
        for labelled in call.turns
        if labelled.turn.speaker == "caller"
        for told in _of_turn(call, labelled)
    }
    return tuple(sorted(found.values(), key=lambda told: told.at))


def line_of(text: str, currency: str | None = None) -> MeansLine | None:
    """A line as an agent writes it, as "rent 650 a month"; an outgoing where no word tells.

    None where there is no sum in it, or more than one.
    """
    sums = [money for money in entities.money(text, currency, bare=True) if money.amount > 0]
    if len(sums) != 1:
        return None
    (money,) = sums
    words = [*_words(text.lower())]
    rates = entities.frequencies(text)
    kind = words[0].kind if words else "outgoing"
    named = " ".join(_without(text, money, rates[:1]).split()).strip(" ,.:-")
    return MeansLine(kind, named or kind, money.amount, rates[0].frequency if rates else None)


def _of_turn(call: Call, labelled: LabelledTurn) -> Iterator[ToldLine]:
    turn = labelled.turn
    for match in _SENTENCE.finditer(turn.text):
        for line in _of_sentence(match.group(), call, turn):
            # The record holds what would help, never the diagnosis (FCA FG21/1).
            quote = "" if labelled.has("vulnerability") else masked(match.group().strip())
            yield ToldLine(line, turn.start, quote)


def _of_sentence(text: str, call: Call, turn: Turn) -> Iterator[MeansLine]:
    sums = entities.money(text, call.account.currency, bare=True)
    free = list(_words(text.lower()))
    for place, money in enumerate(sums):
        begin = sums[place - 1].end if place else 0
        end = sums[place + 1].start if place + 1 < len(sums) else len(text)
        word = _beside(text.lower(), free, money, (begin, end))
        if word is None or _is_other(text[begin:end], call, money):
            continue
        free.remove(word)
        rate = next((r for r in entities.frequencies(text) if money.end <= r.end <= end), None)
        named = text[word.start : word.end]
        frequency = rate.frequency if rate else None
        yield MeansLine(word.kind, named, money.amount, frequency, turn.index)


def _beside(lower: str, free: list[_Word], money: Money, within: tuple[int, int]) -> _Word | None:
    """The word that says what the sum is: the last before it, else the first behind it."""
    begin, end = within
    known = _known()
    before = [w for w in free if begin <= w.start and w.end <= money.start][-1:]
    if before and _is_linked(lower[before[0].end : money.start], known.link_to_sum):
        return before[0]
    behind = [w for w in free if money.end <= w.start < end][:1]
    if behind and _is_linked(lower[money.end : behind[0].start], known.link_to_word):
        return behind[0]
    return None


def _is_linked(between: str, link: frozenset[str]) -> bool:
    return all(word in link for word in _WORD.findall(between))


def _words(lower: str) -> Iterator[_Word]:
    """The words that tell of means, in order; of two at one place the longer."""
    for match in _pattern("tells").finditer(lower):
        yield _Word(_kinds()[match.group()], *match.span())


def _is_other(text: str, call: Call, money: Money) -> bool:
    """Whether it is the debt itself, an offer, a change, a thing of the past, or no sum at all."""
    small = money.told == "bare" and money.amount < LEAST
    of_debt = money.amount == call.account.balance
    return small or of_debt or _pattern("not").search(text.lower()) is not None


def _without(text: str, money: Money, rates: tuple[Rate, ...]) -> str:
    spans = sorted([(money.start, money.end), *((r.start, r.end) for r in rates)], reverse=True)
    for start, end in spans:
        text = f"{text[:start]} {text[end:]}"
    return text


@cache
def _known() -> _Words:
    data = (files("agentassist.plans") / "means.json").read_bytes()
    return msgspec.json.decode(data, type=_Words)


@cache
def _kinds() -> dict[str, MeansKind]:
    known = _known()
    return {
        **dict.fromkeys(known.income, "income"),
        **dict.fromkeys(known.outgoing, "outgoing"),
        **dict.fromkeys(known.spare, "spare"),
    }


@cache
def _pattern(which: str) -> re.Pattern[str]:
    words = _known().no if which == "not" else tuple(_kinds())
    longest_first = sorted(words, key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, longest_first))})\b")
