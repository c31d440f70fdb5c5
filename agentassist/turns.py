"""Heard words -> turns: one uninterrupted stretch of speech by one party."""

from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from agentassist import events as ev
from agentassist.phrases import normalise
from agentassist.values import Turn, Utterance
from agentassist.vocabulary import Party

PAUSE = 4.0
"""Seconds of own silence after which the same party's words begin a new turn."""

BACKCHANNELS = frozenset(
    "mm mhm hm uh huh hmm yeah yes yep yup ok okay right sure aye oh ah i see".split()  # noqa: SIM905
)
"""Words that keep a speaker going without taking the floor (Yngve 1970)."""


class Turns:
    """The stage: opens, extends and ends turns. A backchannel does not end the other's turn."""

    def __init__(self) -> None:
        self._open: dict[Party, Turn] = {}
        self._next = 0

    def feed(self, event: ev.AnyEvent) -> Iterable[ev.Derived]:
        match event:
            case ev.WordsHeard() if event.text.strip():
                yield from self._heard(event)
            case ev.ClockMark():
                yield from self._paused(event.at)
            case ev.CallEnded():
                yield from self._end(event.at, tuple(self._open))

    def _heard(self, words: ev.WordsHeard) -> Iterator[ev.Derived]:
        own = self._open.get(words.party)
        if own and (words.new_turn or words.start - own.end > PAUSE):
            yield from self._end(words.at, (words.party,))
        if words.new_turn or not _is_backchannel(words.text):
            yield from self._end(words.at, tuple(p for p in self._open if p != words.party))
        own = self._open.get(words.party)
        turn = _extended(own, words) if own else self._opened(words)
        self._open[words.party] = turn
        yield ev.TurnGrew(words.at, turn)

    def _opened(self, words: ev.WordsHeard) -> Turn:
        text = words.text.strip()
        index, self._next = self._next, self._next + 1
        utterance = Utterance(words.start, words.end, 0, len(text), words.words)
        return Turn(index, words.party, words.start, words.end, text, (utterance,))

    def _paused(self, now: float) -> Iterator[ev.Derived]:
        silent = [party for party, turn in self._open.items() if now - turn.end > PAUSE + 12.0]
        yield from self._end(now, silent)

    def _end(self, at: float, parties: Iterable[Party]) -> Iterator[ev.Derived]:
        ending = sorted((self._open.pop(party) for party in parties), key=lambda t: t.index)
        for turn in ending:
            yield ev.TurnEnded(at, turn)


def _extended(turn: Turn, words: ev.WordsHeard) -> Turn:
    text = words.text.strip()
    offset = len(turn.text) + 1
    utterance = Utterance(words.start, words.end, offset, len(text), words.words)
    return replace(
        turn,
        end=max(turn.end, words.end),
        text=f"{turn.text} {text}",
        utterances=(*turn.utterances, utterance),
    )


def _is_backchannel(text: str) -> bool:
    words = normalise(text).text.split()
    return len(words) <= 2 and all(word in BACKCHANNELS for word in words)
