"""The moments of a finished call: its cues, and the flags that no cue spoke up about."""

import datetime
from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from agentassist.call import Call, CueRecord, LabelledTurn
from agentassist.cues import quoted
from agentassist.reviewing import SEVERITIES
from agentassist.rulebook import Rulebook
from agentassist.values import Label
from agentassist.vocabulary import FLAGS, SPEAKER_OF, Priority, Severity

Row: TypeAlias = dict[str, Any]

RANKS: dict[Severity, int] = {name: rank for rank, name in enumerate(reversed(SEVERITIES))}
"""In the archive a more pressing severity is the larger number: one index gives the queue."""

_BY_PRIORITY: dict[Priority, Severity] = {"urgent": "stop", "high": "fix"}
_AT_MOST: dict[Priority, Severity] = {"urgent": "stop", "high": "stop", "normal": "fix"}


def severities(rulebook: Rulebook) -> dict[str, Severity]:
    """How pressing each cue rule is, by its id, and each flag, by its label."""
    found: dict[str, Severity] = dict.fromkeys(FLAGS, "note")
    for rule in rulebook.cues:
        found[rule.id] = _pressing(rule.severity, rule.priority)
        for label in getattr(rule, "label", ()):
            if label in FLAGS:
                found[label] = max(found[label], found[rule.id], key=RANKS.__getitem__)
    return found


def _flags_of(rulebook: Rulebook) -> dict[str, tuple[str, ...]]:
    """Of which flags each cue rule speaks, by its id; a pack's own mark may mean any of them."""
    found = {}
    for rule in rulebook.cues:
        labels = {name.partition(":")[0] for name in getattr(rule, "label", ())}
        is_own = not labels <= SPEAKER_OF.keys()
        found[rule.id] = FLAGS if is_own else tuple(labels.intersection(FLAGS))
    return found


def _pressing(severity: Severity | None, priority: Priority) -> Severity:
    """The rule's own severity, where the cue was as pressing when it was raised."""
    most: Severity = _AT_MOST.get(priority, "note")
    return min(severity or _BY_PRIORITY.get(priority, "note"), most, key=RANKS.__getitem__)


def moments(call: Call, begun: datetime.datetime, rulebook: Rulebook, shared: Row) -> Iterator[Row]:
    """Rows of `tables.moments`; `begun` is when the call began, `shared` what all rows have."""
    pressing, about = severities(rulebook), _flags_of(rulebook)
    spoken_of = {(r.cue.turn, flag) for r in call.cues for flag in about.get(r.cue.source, FLAGS)}
    for record in call.cues:
        yield shared | _of_cue(record, begun, pressing, shared["call"])
    for turn in call.turns:
        for label in _flags(turn):
            if (turn.turn.index, label.name) not in spoken_of:
                yield shared | _of_flag(turn, label, begun, pressing, shared["call"])


def _flags(turn: LabelledTurn) -> list[Label]:
    """The surest label of each kind of flag."""
    surest: dict[str, Label] = {}
    for label in sorted(turn.labels, key=lambda label: label.confidence):
        if label.name in FLAGS:
            surest[label.name] = label
    return list(surest.values())


def _of_cue(
    record: CueRecord, begun: datetime.datetime, pressing: Mapping[str, Severity], call: str
) -> Row:
    """What the agent took up at once is a step less pressing."""
    cue = record.cue
    severity = pressing.get(cue.source) or _BY_PRIORITY.get(cue.priority, "note")
    return {
        "id": f"{call}/{cue.id}",
        "happened_at": begun + datetime.timedelta(seconds=cue.at),
        "at": cue.at,
        "turn": cue.turn,
        "kind": "cue",
        "name": cue.name,
        "rule": cue.source,
        "severity": max(0, RANKS[severity] - (record.state == "taken")),
        "state": record.state,
        "quote": cue.quote,
        "do": cue.do,
        "why": cue.why,
        "say": cue.say,
    }


def _words_of(label: Label, text: str) -> str:
    """A rule's own phrase; the classifier points at a place, so the sentence around it."""
    if label.source.startswith("rule:"):
        return text[label.start : label.end]
    return quoted(text, label.start, label.end)


def _of_flag(
    turn: LabelledTurn,
    label: Label,
    begun: datetime.datetime,
    pressing: Mapping[str, Severity],
    call: str,
) -> Row:
    said = turn.turn
    return {
        "id": f"{call}/t{said.index}.{label.name}",
        "happened_at": begun + datetime.timedelta(seconds=said.start),
        "at": said.start,
        "turn": said.index,
        "kind": "flag",
        "name": label.name,
        "rule": label.source,
        "severity": RANKS[pressing[label.name]],
        "state": "flagged",
        "quote": _words_of(label, said.text),
        "do": "",
        "why": "",
        "say": "",
    }
