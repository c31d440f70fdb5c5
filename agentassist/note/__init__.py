"""Call -> draft note: codes for machines, lines with their evidence for people.

The draft is computed from the finished call alone; what an agent makes of it is kept apart.
"""

from collections.abc import Iterable

from agentassist import events as ev
from agentassist.call import EMPTY, Call, apply
from agentassist.checklist import checked
from agentassist.note.actions import actions
from agentassist.note.agreement import agreement
from agentassist.note.callback import callback
from agentassist.note.markdown import to_markdown
from agentassist.note.outcome import outcome
from agentassist.note.reading import Reading, masked
from agentassist.note.sections import Findings, sections
from agentassist.rulebook import Rulebook
from agentassist.values import Note

__all__ = ["Notes", "draft", "to_markdown"]


class Notes:
    """The stage: drafts the note when the call ends."""

    def __init__(self, rulebook: Rulebook) -> None:
        self._rulebook = rulebook
        self._call = EMPTY

    def feed(self, event: ev.AnyEvent) -> Iterable[ev.Derived]:
        self._call = apply(self._call, event)
        if isinstance(event, ev.CallEnded):
            yield ev.NoteDrafted(event.at, draft(self._call, self._rulebook))


def draft(call: Call, rulebook: Rulebook) -> Note:
    """The note of a call as it stands."""
    reading = Reading(call)
    found = Findings(
        agreement(reading),
        callback(reading),
        actions(reading),
        reading.details("cease_contact"),
        _hardship(reading),
    )
    callback_at = found.callback.at if found.callback else None
    return Note(
        outcome=outcome(reading, found.agreed, callback_at, found.cease),
        promises=found.agreed.promises,
        plan=found.agreed.plan,
        hardship=found.hardship,
        callback_at=callback_at,
        cease=found.cease,
        actions=tuple(masked(action.text) for action in found.actions),
        sections=sections(reading, found),
        checklist=checked(rulebook.checklist, call),
    )


def _hardship(reading: Reading) -> tuple[str, ...]:
    """The reasons that were given; `other` only where none has a code of its own."""
    named = tuple(code for code in reading.details("hardship") if code != "other")
    return named or (("other",) if reading.having("hardship") else ())
