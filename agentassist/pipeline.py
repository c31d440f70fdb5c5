"""Heard events in, heard and derived events out, through pure stages in a row.

Each stage sees every event that the stages before it let through or made, and answers with
the events that follow from it. No stage reads a clock or a file.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

from agentassist import events as ev
from agentassist.checklist import Checklist
from agentassist.cues import Cues
from agentassist.labels import Classify, Labels, Marks
from agentassist.meters import Measures
from agentassist.note import Notes
from agentassist.protocols import Walks
from agentassist.rulebook import Rulebook
from agentassist.turns import Turns


class Stage(Protocol):
    """Turns one event into the derived events that follow from it."""

    def feed(self, event: ev.AnyEvent) -> Iterable[ev.Derived]: ...


def run(source: Iterable[ev.Heard], stages: Sequence[Stage]) -> Iterator[ev.AnyEvent]:
    """Every heard event, each followed by what the stages derive from it."""
    for heard in source:
        yield from step(heard, stages)


def step(heard: ev.Heard, stages: Sequence[Stage]) -> list[ev.AnyEvent]:
    """One heard event and all that follows from it, in order."""
    return through([heard], stages)


def through(stream: list[ev.AnyEvent], stages: Sequence[Stage]) -> list[ev.AnyEvent]:
    """Those events, each followed by what the stages derive from it."""
    for stage in stages:
        stream = [out for event in stream for out in (event, *_fed(stage, event))]
    return stream


def _fed(stage: Stage, event: ev.AnyEvent) -> list[ev.Derived]:
    """What the stage makes of it; a stage that raises becomes an event, not a crash."""
    try:
        return list(stage.feed(event))
    except Exception as error:  # noqa: BLE001 - whatever a stage does, the call goes on
        return [ev.StageFailed(event.at, type(stage).__name__, type(error).__name__)]


def stages(rulebook: Rulebook, classify: Classify) -> list[Stage]:
    """The coach: fresh stages for one call, in the order in which they need each other."""
    return [
        Turns(),
        Labels(classify, rulebook.contexts, Marks(rulebook)),
        Measures(),
        Checklist(rulebook),
        Cues(rulebook, Walks(rulebook)),
        Notes(rulebook),
    ]
