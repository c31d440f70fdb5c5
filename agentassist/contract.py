"""Events -> the lines of `agentassist analyze --json`: the contract with other programs.

Turns and cues come in order of call time, a turn where it begins and a cue where it is raised;
then troubles, the meters and the note. Fields are added, never taken away.
"""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from heapq import merge
from operator import itemgetter
from typing import Any

import msgspec
from msgspec.structs import replace

from agentassist import events as ev
from agentassist.call import Call, CueRecord, LabelledTurn, fold
from agentassist.values import UNTUNED, Meters

_encoder = msgspec.json.Encoder(decimal_format="number")


def lines(stream: Iterable[ev.AnyEvent]) -> Iterator[dict[str, Any]]:
    """One JSON-ready object a line."""
    call = fold(stream)
    if call.started:
        yield {"kind": "call"} | _plain(_untuned(call.started))
    turns = ((turn.turn.start, _turn(turn)) for turn in call.turns)
    cues = ((record.cue.at, _cue(record)) for record in call.cues)
    yield from (line for _, line in merge(turns, cues, key=itemgetter(0)))
    for trouble in call.troubles:
        yield {"kind": "trouble"} | _plain(trouble)
    yield {"kind": "meters"} | _plain(_shared(call.meters))
    yield from _note(call)


def public(event: ev.AnyEvent) -> ev.AnyEvent | None:
    """The event as others may have it; None where it is of the agent's own choices or voice."""
    if isinstance(event, ev.PRIVATE):
        return None
    match event:
        case ev.VoiceHeard(party="agent"):
            return None
        case ev.MetersRead():
            return replace(event, meters=_shared(event.meters))
        case ev.CallStarted():
            return _untuned(event)
        case _:
            return event


def _shared(meters: Meters) -> Meters:
    """How heated an agent is by themselves is for them alone."""
    return replace(meters, agent_heat=Meters().agent_heat)


def _untuned(started: ev.CallStarted) -> ev.CallStarted:
    return replace(started, tuning=UNTUNED)


def encode(line: dict[str, Any]) -> str:
    """As one line of JSON; sums as numbers, as the contract has them."""
    return _encoder.encode(line).decode()


def _turn(turn: LabelledTurn) -> dict[str, Any]:
    said = turn.turn
    labels: dict[str, float] = {}
    for label in turn.labels:
        labels[label.name] = max(label.confidence, labels.get(label.name, 0.0))
    return {
        "kind": "turn",
        "index": said.index,
        "speaker": said.speaker,
        "start": round(said.start, 2),
        "end": round(said.end, 2),
        "text": said.text,
        "labels": labels,
        "evidence": [
            {
                "label": label.name,
                "quote": said.text[label.start : label.end],
                "source": label.source,
                **({"detail": label.detail} if label.detail else {}),
            }
            for label in turn.labels
        ],
    }


def _cue(record: CueRecord) -> dict[str, Any]:
    cue = record.cue
    return {
        "kind": "cue",
        "turn": cue.turn,
        "at": round(cue.at, 2),
        "cue": cue.name,
        "priority": cue.priority,
        "text": cue.do,
        "why": cue.why,
        "say": cue.say,
        "id": cue.id,
        "rule": cue.source,
        "state": record.state,
        "state_at": round(record.changed_at, 2),
    }


def _note(call: Call) -> Iterator[dict[str, Any]]:
    if call.note:
        yield {"kind": "note"} | _plain(call.note)


def _plain(value: msgspec.Struct) -> dict[str, Any]:
    plain: dict[str, Any] = msgspec.to_builtins(value, builtin_types=(Decimal,))
    plain.pop("kind", None)
    return plain
