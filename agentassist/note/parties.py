"""Who was spoken to: the right party or not, how that was made sure, who acts for the caller."""

import re
from typing import NamedTuple

from agentassist.note.reading import Reading, labels
from agentassist.phrases import Span, normalise
from agentassist.values import Notice, Turn
from agentassist.vocabulary import FLAGS

_OWN = ("offer", "promise", "hardship", "vulnerability")
"""What hardly anyone says of a debt that is not theirs."""

SURE = 0.9
"""Confidence from which on someone acts for the caller though that turn does not name them."""

ANSWER = 60
"""Characters of an answer that may say yes; what comes later answers something else."""


NEAR = 60
"""Characters around the word "solicitor" within which a name is theirs."""

_NAME = re.compile(
    r"\b(?:Mr|Mrs|Ms|Miss|Mister|Dr)\.? [A-Z]\w+|(?<![.?!] )(?<!^)\b[A-Z][a-z]+ [A-Z][a-z]+\b"
)


class Representative(NamedTuple):
    """Someone who acts for the caller, and the words `turn.text[span]` that name them."""

    code: str
    turn: Turn
    span: Span

    @property
    def name(self) -> str:
        """As "debt adviser", with the name that was said beside it: "solicitor (Mr Prentice)"."""
        told = self.code.replace("_", " ")
        near = self.turn.text[max(0, self.span.start - NEAR) : self.span.end + NEAR]
        match = _NAME.search(near)
        return f"{told} ({match.group()})" if match else told


def is_wrong_party(reading: Reading) -> bool:
    """Someone else answered, and nobody else came to the phone.

    What was heard of it, and whether the agent took it so, outweighs what only a debtor says.
    """
    said = [mark.confidence for t in reading.turns for mark in labels(t, "wrong_party")]
    if not said or reading.having("promise"):
        return False
    taken = any(reading.says(turn, "wrong_number") for turn in reading.by("agent"))
    own = [t for t in reading.having(*_OWN, "dispute") if not t.has("wrong_party")]
    return sum(said) + taken >= len(own)


def right_party(reading: Reading) -> bool | None:
    """Whether the person sought was spoken to; None where that was not made sure."""
    if is_wrong_party(reading):
        return False
    return True if _confirmed(reading) or reading.having(*_OWN) else None


def _confirmed(reading: Reading) -> list[Turn]:
    """The agent's questions after identity that the caller's next turn did not deny."""
    asked = []
    for first, second in zip(reading.turns, reading.turns[1:], strict=False):
        if first.has("identity_check") and second.turn.speaker == "caller":
            answer = normalise(second.turn.text[:ANSWER])
            said_yes = bool(reading.wordings.codes(answer, "answered"))
            if said_yes and not second.has("wrong_party"):
                asked.append(first.turn)
    return asked


def verified_by(reading: Reading) -> dict[str, Turn]:
    """How identity was asked for, by the code of the means, each with its first turn."""
    found: dict[str, Turn] = {}
    for labelled in reading.having("identity_check"):
        for code in reading.codes(labelled.turn, "identity"):
            found.setdefault(code, labelled.turn)
    return {} if is_wrong_party(reading) else found


def notices(reading: Reading) -> tuple[Notice, ...]:
    """The notices that the agent gave, each at its first moment."""
    found: dict[str, Notice] = {}
    for turn in reading.by("agent"):
        if reading.turns[turn.index].has("threat", "misrepresentation"):
            continue
        for code, span in reading.codes(turn, "notices").items():
            if code == "debt_collection" and not reading.turns[turn.index].has("disclosure"):
                continue
            found.setdefault(code, Notice(code, reading.evidence(turn, span.start).at, turn.index))
    return tuple(sorted(found.values(), key=lambda notice: (notice.at, notice.turn)))


def representative(reading: Reading) -> Representative | None:
    """Who acts for the caller: named where it is told, else anywhere; None where nobody was."""
    told = reading.having("represented")
    if not told:
        return None
    sure = any(mark.confidence >= SURE for t in told for mark in labels(t, "represented"))
    elsewhere = [t for t in reading.turns if sure and not t.has("support_signpost", *FLAGS)]
    for labelled in (*told, *elsewhere):
        for code, span in reading.codes(labelled.turn, "represented").items():
            return Representative(code, labelled.turn, span)
    return None
