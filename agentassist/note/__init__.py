"""Call -> draft note: codes for machines, lines with their evidence for people.

The draft is computed from the finished call alone; what an agent makes of it is kept apart.
"""

import datetime
from collections.abc import Iterable, Mapping

from agentassist import events as ev
from agentassist.call import EMPTY, Call, apply
from agentassist.checklist import checked
from agentassist.in_force import in_force
from agentassist.note import support
from agentassist.note.actions import actions
from agentassist.note.agreement import Agreement, agreement
from agentassist.note.bargain import bargained
from agentassist.note.callback import callback
from agentassist.note.choosing import chosen
from agentassist.note.circumstances import grounds, hardship
from agentassist.note.codes import codes
from agentassist.note.contact import cease
from agentassist.note.doubts import doubts
from agentassist.note.drawn import joined, weighed
from agentassist.note.ending import features
from agentassist.note.follow_ups import follow_ups
from agentassist.note.outcome import outcome
from agentassist.note.parties import notices, representative, right_party, verified_by
from agentassist.note.passed_on import handed_over
from agentassist.note.reading import Reading, masked
from agentassist.note.reasons import Told
from agentassist.note.sections import Findings, sections
from agentassist.rulebook import Rulebook
from agentassist.values import Note

__all__ = ["Notes", "chosen", "draft", "ended"]


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
    reading = bargained(Reading(call, rulebook.wordings))
    drawn = weighed(reading, agreement(reading))
    agreed = drawn.agreed
    called, said = callback(reading, _days(agreed)), actions(reading)
    found = Findings(
        agreed,
        called,
        follow_ups(reading, agreed, called, said),
        cease(reading),
        hardship(reading),
        support.needs(reading),
        grounds(reading),
        notices(reading),
        verified_by(reading),
        representative(reading),
        support.channels(reading),
        support.signposts(reading),
        drawn,
    )
    callback_at = called.at if called else None
    stopped = tuple(wish.code for wish in found.cease)
    came_to = outcome(features(reading, agreed, callback_at, stopped))
    reached = right_party(reading)
    action_code, result_code = codes(reading, rulebook.codes, came_to, reached)
    return Note(
        outcome=came_to,
        action_code=action_code,
        result_code=result_code,
        right_party=reached,
        verified_by=tuple(found.verified_by),
        notices=found.notices,
        promises=agreed.promises,
        plan=agreed.plan,
        settlement=agreed.settlement,
        drawn=call.drawn.arrangement if call.drawn else None,
        hardship=_codes(found.hardship),
        support_needs=_codes(found.needs),
        disputes=_codes(found.grounds),
        complaint=bool(reading.having("complaint")),
        represented_by=found.representative.name if found.representative else None,
        channels=_codes(found.channels),
        signposts=_codes(found.signposts),
        callback_at=callback_at,
        cease=stopped,
        actions=tuple(masked(action.text) for action in said),
        follow_ups=tuple(item for item, _ in found.to_do),
        handed_over=handed_over(reading),
        doubts=joined((*doubts(reading, agreed, called), *drawn.doubts)),
        sections=sections(reading, found),
        checklist=checked(in_force(rulebook, call.started).checklist, call),
    )


def ended(call: Call, rulebook: Rulebook) -> Mapping[str, float]:
    """What tells how the call ended: the features that its outcome is weighed from."""
    reading = bargained(Reading(call, rulebook.wordings))
    agreed = agreement(reading)
    called = callback(reading, _days(agreed))
    stopped = [wish.code for wish in cease(reading)]
    return features(reading, agreed, called.at if called else None, stopped)


def _days(agreed: Agreement) -> frozenset[datetime.date]:
    """The days on which something is paid."""
    return frozenset(promise.date for promise in agreed.promises if promise.date)


def _codes(told: Iterable[Told]) -> tuple[str, ...]:
    return tuple(item.code for item in told)
