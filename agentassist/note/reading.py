"""What the parts of the note read of a call: turns by label, and the words that bear them out."""

import copy
import datetime
import re
from collections.abc import Iterable, Iterator
from functools import cached_property

from agentassist.call import Call, LabelledTurn
from agentassist.note.wording import Told, Wordings
from agentassist.phrases import Normal, Span, normalise
from agentassist.values import Evidence, Label, NoteLine, Turn
from agentassist.vocabulary import FLAGS, Party

LONGEST_QUOTE = 240
"""Characters: what one line of a note can bear. A longer turn is quoted by its sentences."""

CARD_DIGITS = 12
"""Digits in a row from which on they may be a card's, which is never recorded (PCI DSS 3.3.1)."""

_CLAUSE = re.compile(r"(?<=[,;:])\s+")
_SENTENCE = re.compile(r"[^.?!]+(?:[.?!]+[\"'”’)]*\s*|$)")
_DIGITS = re.compile(r"\d(?:[ -]?\d){5,}")


class Reading:
    """A call as the note reads it; normal forms are computed once, when first asked for."""

    def __init__(self, call: Call, told: Told) -> None:
        self.call = call
        self.turns = call.turns
        self.wordings = Wordings(told)
        self.said: dict[int, object] = {}
        """What `told` read of a turn, by its index."""
        self._normal: dict[int, Normal] = {}

    def relabelled(self, turns: tuple[LabelledTurn, ...]) -> "Reading":
        """The same call with other labels; what was read of its words is kept."""
        other = copy.copy(self)
        other.turns = turns
        return other

    @cached_property
    def date(self) -> datetime.date | None:
        """The day of the call, if the source tells."""
        started = self.call.started
        if started is None:
            return None
        return started.call_date or (started.started_at.date() if started.started_at else None)

    @property
    def currency(self) -> str | None:
        return self.call.account.currency

    def having(self, *names: str) -> list[LabelledTurn]:
        """Turns with any of these labels, in order."""
        return [turn for turn in self.turns if turn.has(*names)]

    def last(self, *names: str) -> int:
        """Index of the last turn with any of these labels; -1 where there is none."""
        return max((turn.turn.index for turn in self.having(*names)), default=-1)

    def by(self, party: Party, after: int = -1) -> Iterator[Turn]:
        """A party's turns behind that turn."""
        return (t.turn for t in self.turns[after + 1 :] if t.turn.speaker == party)

    def normal(self, turn: Turn) -> Normal:
        if turn.index not in self._normal:
            self._normal[turn.index] = normalise(turn.text)
        return self._normal[turn.index]

    def says(self, turn: Turn, code: str, kind: str = "closing") -> bool:
        """Whether the turn tells that code of the rulebook's phrases."""
        return bool(self.wordings.spans(self.normal(turn), kind, code))

    def codes(self, turn: Turn, kind: str) -> dict[str, Span]:
        """The kind's codes that the turn tells, with the words of its text that do.

        Sentence by sentence: words on both sides of a full stop belong together by chance.
        """
        found: dict[str, Span] = {}
        for match in _SENTENCE.finditer(turn.text):
            normal = normalise(match.group())
            for code, span in self.wordings.codes(normal, kind).items():
                start, end = normal.original(span)
                found.setdefault(code, Span(match.start() + start, match.start() + end))
        return found

    def evidence(self, turn: Turn, start: int = 0, end: int | None = None) -> Evidence:
        """The words around `text[start : end]`, and when they were said.

        A turn that shows a vulnerability is not quoted: the record holds the support need,
        not the diagnosis (FCA FG21/1). Of a flagged turn only the sentence itself is quoted.
        """
        if self.turns[turn.index].has("vulnerability"):
            quote = ""
        else:
            longest = 0 if self.turns[turn.index].has(*FLAGS) else LONGEST_QUOTE
            stop = len(turn.text) if end is None else end
            quote = masked(_quote(turn.text, start, stop, longest))
        return Evidence(turn.index, said_at(turn, start), turn.speaker, quote)

    def of_labels(self, *names: str, detail: str | None = None) -> list[Evidence]:
        """Evidence for each turn with such a label, and with such a detail where one is named."""
        return [
            self.evidence(turn.turn, label.start, label.end)
            for turn in self.having(*names)
            for label in labels(turn, *names)
            if detail is None or label.detail == detail
        ]

    def of_turns(self, turns: Iterable[Turn], *names: str) -> list[Evidence]:
        """Evidence for those of the turns that have such a label."""
        wanted = {turn.index for turn in turns}
        return [shown for shown in self.of_labels(*names) if shown.turn in wanted]

    def details(self, name: str) -> tuple[str, ...]:
        """The finer codes of a label, in the order in which they were said."""
        found = (label.detail for turn in self.having(name) for label in labels(turn, name))
        return tuple(dict.fromkeys(code for code in found if code))


def labels(turn: LabelledTurn, *names: str) -> Iterator[Label]:
    """The turn's labels with those names."""
    return (label for label in turn.labels if label.name in names)


def sentences(text: str) -> list[str]:
    """The sentences of a text; all of it where a recogniser gives no full stops."""
    return [match.group() for match in _SENTENCE.finditer(text)]


def opening_clauses(text: str) -> list[str]:
    """Each sentence that asks nothing, up to its first comma."""
    told = (sentence.strip() for sentence in sentences(text))
    return [_CLAUSE.split(sentence)[0] for sentence in told if not sentence.endswith("?")]


def said_at(turn: Turn, offset: int) -> float:
    """Seconds at which the utterance with that character begins."""
    begun = [u.start for u in turn.utterances if u.offset <= offset]
    return begun[-1] if begun else turn.start


def masked(text: str) -> str:
    """Long digit runs by their last four; those of a card's length not at all."""

    def mask(match: re.Match[str]) -> str:
        digits = re.sub(r"\D", "", match.group())
        return "[number removed]" if len(digits) >= CARD_DIGITS else f"…{digits[-4:]}"

    return _DIGITS.sub(mask, text)


def _quote(text: str, start: int, end: int, longest: int) -> str:
    """The whole text up to `longest` characters; else its sentences from `start` to `end`."""
    if len(text) <= longest:
        return text.strip()
    parts = [m.group() for m in _SENTENCE.finditer(text) if m.start() < end and m.end() > start]
    quote = "".join(parts).strip() or text[start:end].strip()
    return quote if len(quote) <= LONGEST_QUOTE else f"{quote[:LONGEST_QUOTE].rsplit(' ', 1)[0]} …"


def line(text: str, shown: Iterable[Evidence]) -> NoteLine:
    """A line of the note with its evidence, each turn once, in order of time."""
    once = {item.turn: item for item in reversed([*shown])}
    return NoteLine(text, tuple(sorted(once.values(), key=lambda item: (item.at, item.turn))))
