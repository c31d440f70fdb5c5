"""What tells how a call ended: who said what and when, what was agreed, how the agent closes.

Each feature is a name and a number, so that a decision can be told in words: see `outcome.py`.
"""

from collections.abc import Iterator, Mapping, Sequence

from agentassist.note.agreement import Agreement
from agentassist.note.parties import is_wrong_party, representative, right_party
from agentassist.note.payments import is_paid
from agentassist.note.reading import Reading
from agentassist.vocabulary import FLAGS, PRACTICE, SIGNALS

CLOSING = 4
"""The agent's last turns, in which a call is brought to its end."""

AT_END = 6
LATE = 12
"""Turns before the end that count as the end, and as late."""

MOST = 3
"""More turns than these with one label tell no more."""

WORDINGS = (
    "held",
    "held_for",
    "disputed",
    "escalated",
    "handed_over",
    "taken_over",
    "represented",
    "wrong_number",
    "ringing",
)
"""What an agent says in closing, by its name in the rulebook."""

TOGETHER = {
    "crisis held": ("said:vulnerability", "closes:held"),
    "need held": ("said:hardship", "closes:held"),
    "dispute taken up": ("said:dispute", "closes:disputed"),
    "passed on as asked": ("said:complaint", "says:handed_over"),
}
"""What tells more together than each by itself."""


def features(
    reading: Reading, agreed: Agreement, callback_at: str | None, cease: Sequence[str]
) -> Mapping[str, float]:
    """By name; what is not there is 0."""
    told = dict(
        [
            *_of_labels(reading),
            *_of_agreement(reading, agreed),
            *_of_closing(reading),
            *_of_standing(reading),
            ("callback", float(callback_at is not None)),
            *((f"cease:{code}", 1.0) for code in cease),
        ]
    )
    return told | {name: float(all(told.get(x) for x in both)) for name, both in TOGETHER.items()}


def _of_labels(reading: Reading) -> Iterator[tuple[str, float]]:
    """How often, how near the end, and whether at the end."""
    count = len(reading.turns)
    for name in (*FLAGS, *PRACTICE, *SIGNALS):
        turns = [labelled.turn.index for labelled in reading.having(name)]
        if turns:
            yield f"said:{name}", float(min(MOST, len(turns)))
            yield f"last:{name}", turns[-1] / count
            yield f"late:{name}", float(count - turns[-1] <= LATE)
            yield f"end:{name}", float(count - turns[-1] <= AT_END)


def _of_agreement(reading: Reading, agreed: Agreement) -> Iterator[tuple[str, float]]:
    yield "promises", float(min(MOST, len(agreed.promises)))
    yield "promised", float(bool(reading.having("promise")) and not agreed.undone)
    yield "undone", float(agreed.undone)
    yield "plan", float(agreed.plan is not None)
    yield "settlement", float(agreed.settlement is not None)
    yield "paid", float(is_paid(reading))
    yield "today", float(any(p.date == reading.date for p in agreed.promises))


def _of_closing(reading: Reading) -> Iterator[tuple[str, float]]:
    turns = [*reading.by("agent")]
    for wording in WORDINGS:
        yield f"closes:{wording}", float(any(reading.says(t, wording) for t in turns[-CLOSING:]))
        yield f"says:{wording}", float(any(reading.says(t, wording) for t in turns))


def _of_standing(reading: Reading) -> Iterator[tuple[str, float]]:
    reached = right_party(reading)
    yield "reached", float(reached is True)
    yield "someone else", float(is_wrong_party(reading))
    yield "acted for", float(representative(reading) is not None)
    yield "handed over", float(bool(reading.call.handed_over))
