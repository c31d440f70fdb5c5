"""What the agent said they would do, in their own words."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from agentassist.note.reading import Reading, labels
from agentassist.values import Turn
from agentassist.vocabulary import FLAGS

_WILL = r"\b(?:(?:i|we)(?:'ll| will|'re going to|'m going to| am going to| are going to| shall))"
_DOES = r"\b(?:i'm|i am|we're|we are)"
_FILLERS = r"(?: (?:also|just|then|now|going to|gonna))*"
_PLAIN = (
    "send|post|mail|e-?mail|text|sms|whatsapp|note|make a note|put|log|flag|mark|record|add|remove"
    "|take (?:off|your|the)|delete|stop|hold(?! (?:for|on))|pause|freeze|suspend|waive|credit"
    "|refund|correct|update|change|check|ask(?! nicely)|raise|pass|refer|ring|call|phone|set|write"
    "|confirm|arrange|file|open|cancel|close|apply|request|look into|find out|get"
    "|give you a (?:call|ring|bell)"
)
_DOING = (
    "sending|posting|mailing|e-?mailing|texting|noting|putting|logging|flagging|marking|recording"
    "|adding|removing|taking (?:off|your|the)|deleting|stopping|holding|pausing|freezing"
    "|suspending|waiving|crediting|refunding|correcting|updating|changing|raising|passing"
    "|referring|writing|confirming|arranging|filing|cancelling|applying|requesting|blocking"
)
_ACTION = re.compile(
    rf"(?:{_WILL}{_FILLERS} (?P<plain>{_PLAIN})|{_DOES}{_FILLERS} (?P<doing>{_DOING}))\b",
    re.IGNORECASE,
)
_END = re.compile(
    r"[.;?!]|,(?! (?:with|by|to) )"
    r"| (?:and|but|so|then|or) (?=i |i'|we |we'|you |you'|that'|they|no)",
    re.IGNORECASE,
)
LONGEST = 90
"""Characters of one action: a recogniser without full stops gives no other end."""

ALIKE = 0.5
"""Share of words from which on two actions are the same one, said again."""


class Action(NamedTuple):
    """What is to be done, as `send you a letter`, and the words that say so."""

    text: str
    turn: Turn
    start: int
    end: int


def actions(reading: Reading) -> tuple[Action, ...]:
    """What the agent undertook, once each, as last said; nothing out of a flagged turn."""
    found: list[Action] = []
    for turn in reading.turns:
        if turn.turn.speaker == "agent" and not any(labels(turn, *FLAGS)):
            for action in _in(turn.turn):
                found = [known for known in found if not _alike(known.text, action.text)]
                found.append(action)
    return tuple(found)


def _in(turn: Turn) -> Iterator[Action]:
    text = turn.text.replace("’", "'")
    for match in _ACTION.finditer(text):
        group = "plain" if match["plain"] else "doing"
        begin = match.start(group)
        end = _END.search(text, match.end())
        stop = min(end.start() if end else len(text), begin + LONGEST)
        said = text[begin:stop]
        if stop == begin + LONGEST:
            said = said.rsplit(" ", 1)[0]
        yield Action(said.strip().rstrip(","), turn, match.start(), begin + len(said))


def _alike(first: str, second: str) -> bool:
    a, b = set(first.lower().split()), set(second.lower().split())
    return len(a & b) / min(len(a), len(b)) > ALIKE
