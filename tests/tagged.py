"""Dialogues whose words carry their own labels, as `I lost my job [hardship:job_loss]`."""

import re
from collections.abc import Sequence

from agentassist import events as ev
from agentassist.call import LabelledTurn
from agentassist.pipeline import run, stages
from agentassist.rulebook import Budget, CheckRule, Rulebook
from agentassist.rules_of_cues import AnyCueRule, SaidRule, Words
from agentassist.values import Label, Turn
from agentassist.vocabulary import Party, Priority

_TAG = re.compile(r"\w+ \[([a-z_]+)(?::([a-z_]+))?\]")

WORDS = Words("Do it", "Because of “{quote}”.", "Words about {detail}.", "what happened")


def classify(turn: Turn, before: Sequence[LabelledTurn]) -> tuple[Label, ...]:
    return tuple(
        Label(tag[1], 1.0, "rule:tag", tag.start(), tag.start(1) - 2, tag[2])
        for tag in _TAG.finditer(turn.text)
    )


def rulebook(
    *rules: AnyCueRule,
    budget: Budget | None = None,
    checklist: tuple[CheckRule, ...] = (),
    details: dict[str, str] | None = None,
) -> Rulebook:
    return Rulebook(
        version="test",
        labels=(),
        marks=(),
        contexts=(),
        cues=rules,
        checklist=checklist,
        budget=budget or Budget(cues=10, reserve=0, gap=0.0),
        terms={},
        details=details or {},
        places={},
    )


def said(
    label: str,
    *,
    priority: Priority = "normal",
    taken_by: tuple[str, ...] = ("empathy",),
    within: int = 2,
    expires: float = 30.0,
    cooldown: float = 0.0,
    most: int = 9,
    unless: tuple[str, ...] = (),
    after: tuple[str, ...] = (),
    cue: str = "",
) -> SaidRule:
    return SaidRule(
        id=f"on-{cue or label}",
        cue=cue or label,
        words=WORDS,
        label=(label,),
        priority=priority,
        taken_by=taken_by,
        within=within,
        expires=expires,
        cooldown=cooldown,
        most=most,
        unless=unless,
        after=after,
    )


class Tape:
    """Heard events one after another, on a clock of its own."""

    def __init__(self) -> None:
        self.now = 0.0
        self.events: list[ev.Heard] = [ev.CallStarted(0.0, "test", "none")]

    def agent(self, text: str, *, lasts: float = 2.0, after: float = 0.5) -> "Tape":
        return self._says("agent", text, lasts, after, new_turn=True)

    def caller(self, text: str, *, lasts: float = 2.0, after: float = 0.5) -> "Tape":
        return self._says("caller", text, lasts, after, new_turn=True)

    def agent_goes_on(self, text: str, *, lasts: float = 2.0, after: float = 0.5) -> "Tape":
        return self._says("agent", text, lasts, after, new_turn=False)

    def caller_goes_on(self, text: str, *, lasts: float = 2.0, after: float = 0.5) -> "Tape":
        return self._says("caller", text, lasts, after, new_turn=False)

    def wait(self, seconds: float) -> "Tape":
        until = self.now + seconds
        while self.now + 1.0 <= until:
            self.now = float(int(self.now) + 1)
            self.events.append(ev.ClockMark(self.now))
        self.now = until
        return self

    def dispute(self, cue: str, reason: str = "") -> "Tape":
        self.events.append(ev.DisputeMade(self.now, cue, reason))
        return self

    def end(self) -> "Tape":
        self.events.append(ev.CallEnded(self.now))
        return self

    def play(self, book: Rulebook) -> list[ev.AnyEvent]:
        stream = list(run(self.events, stages(book, classify)))
        assert not [event for event in stream if isinstance(event, ev.StageFailed)]
        return stream

    def _says(
        self, party: Party, text: str, lasts: float, after: float, *, new_turn: bool
    ) -> "Tape":
        self.wait(after)
        start = self.now
        self.events.append(ev.SpeechStarted(start, party, start))
        self.wait(lasts)
        self.events.append(ev.SpeechEnded(self.now, party, start, self.now))
        self.events.append(ev.WordsHeard(self.now, party, start, self.now, text, new_turn=new_turn))
        return self


def fates(stream: list[ev.AnyEvent]) -> list[str]:
    """What became of each cue, in order: `raised c1`, `taken c1`..."""
    told = []
    for event in stream:
        match event:
            case ev.CueRaised():
                told.append(f"raised {event.cue.id} {event.cue.name}")
            case ev.CueTaken():
                told.append(f"taken {event.cue}")
            case ev.CueMissed():
                told.append(f"missed {event.cue}")
            case ev.CueExpired():
                told.append(f"expired {event.cue}")
            case ev.CueDisputed():
                told.append(f"disputed {event.cue}")
    return told


def raised(stream: list[ev.AnyEvent]) -> list[str]:
    """Names of the cues raised."""
    return [event.cue.name for event in stream if isinstance(event, ev.CueRaised)]
