"""Protocols walked one step at a time, as BLAKE where somebody speaks of taking their life.

A cue that names a protocol begins it. A step is done when the agent's words since hold one of
the labels or marks that it is `done_by`, or when they say so by a key. Words that did a step
count for the next one by what else they hold. A step that nothing heard can tell gives way to
the next that was heard. A walk outlives its cue: it ends with its last step, or where the agent
snoozes or disputes the cue that began it. The protocol of a cue as pressing takes the place of
another; none is begun a second time in a call.
"""

from collections.abc import Iterator

from msgspec.structs import replace

from agentassist import events as ev
from agentassist.call import EMPTY, LabelledTurn, apply
from agentassist.cue_rules import says_since
from agentassist.in_force import places
from agentassist.rulebook import Protocol, Rulebook
from agentassist.values import Cue, Walk
from agentassist.vocabulary import PRIORITIES, Priority


class Walks:
    """Follows the protocol that is on. Fed with what the cues' stage gets, and with its cues."""

    def __init__(self, rulebook: Rulebook) -> None:
        self._rulebook = rulebook
        self._protocols = _of_call(rulebook, None)
        self._call = EMPTY
        self._begun: frozenset[str] = frozenset()
        self._before: tuple[LabelledTurn, ...] = ()
        """The turns as they stood when it began."""
        self._counted: tuple[tuple[int, str], ...] = ()
        """Turns and labels that did a step, the latest last."""

    def feed(self, event: ev.AnyEvent) -> Iterator[ev.ProtocolWalked]:
        self._call = apply(self._call, event)
        for walk in self._walked(event):
            told = ev.ProtocolWalked(event.at, walk)
            self._call = apply(self._call, told)
            yield told

    def _walked(self, event: ev.AnyEvent) -> Iterator[Walk | None]:
        on = self._call.walk
        match event:
            case ev.CallStarted():
                self._protocols = _of_call(self._rulebook, event)
            case ev.CueRaised() if protocol := self._to_begin(event.cue):
                self._begun |= {protocol.id}
                self._before, self._counted = self._call.turns, ()
                yield _walk(protocol, event.cue.id, event.cue.priority, 1)
            case ev.StepTaken() if on and (on.protocol, on.step) == (event.protocol, event.step):
                yield self._at(on, self._heard(on, on.step + 1))
            case ev.TurnLabelled() if on:
                if (step := self._heard(on, on.step)) != on.step:
                    yield self._at(on, step)
            case ev.CueSnoozed() | ev.CueDisputed() if on and on.cue == event.cue:
                yield None
            case ev.QuietSwitched() if event.on and on and on.priority != "urgent":
                yield None

    def _to_begin(self, cue: Cue) -> Protocol | None:
        on = self._call.walk
        if cue.protocol in self._begun or (on and _rank(on.priority) < _rank(cue.priority)):
            return None
        return self._protocols.get(cue.protocol)

    def _heard(self, on: Walk, at: int) -> int:
        """The step that is due after all that was heard, `at` the earliest."""
        steps = self._protocols[on.protocol].steps
        while at <= len(steps):
            untold = at
            while untold < len(steps) and not steps[untold - 1].done_by:
                untold += 1
            done = self._doing(steps[untold - 1].done_by)
            if done is None:
                break
            self._counted += (done,)
            at = untold + 1
        return at

    def _doing(self, names: tuple[str, ...]) -> tuple[int, str] | None:
        """The first of the agent's turns, and its label, that does it and did no step yet."""
        first = self._counted[-1][0] if self._counted else 0
        for turn in self._call.turns[first:]:
            if turn.turn.speaker != "agent":
                continue
            for name in says_since(turn, self._before, names):
                if (done := (turn.turn.index, name)) not in self._counted:
                    return done
        return None

    def _at(self, on: Walk, step: int) -> Walk | None:
        protocol = self._protocols[on.protocol]
        over = step > len(protocol.steps)
        return None if over else _walk(protocol, on.cue, on.priority, step)


def _of_call(rulebook: Rulebook, started: ev.CallStarted | None) -> dict[str, Protocol]:
    """With the helplines of the person's country in their words."""
    told = places(rulebook, started)
    return {
        protocol.id: replace(
            protocol,
            steps=tuple(
                replace(step, do=step.do.format_map(told), say=step.say.format_map(told))
                for step in protocol.steps
            ),
        )
        for protocol in rulebook.protocols
    }


def _walk(protocol: Protocol, cue: str, priority: Priority, at: int) -> Walk:
    step, of = protocol.steps[at - 1], len(protocol.steps)
    return Walk(protocol.id, protocol.name, cue, priority, at, of, step.name, step.do, step.say)


def _rank(priority: Priority) -> int:
    return PRIORITIES.index(priority)
