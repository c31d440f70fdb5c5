"""What the note tells of a call that was passed on: to whom, when, why, and what they have to do.

It is what the agent did on the screen, so its evidence is the moment and no words.
"""

from collections.abc import Iterator

from msgspec.structs import replace

from agentassist.note import words
from agentassist.note.reading import Reading, masked
from agentassist.values import Evidence, FollowUp, HandOver, NoteLine


def handed_over(reading: Reading) -> tuple[HandOver, ...]:
    """To each colleague once; what was said last holds."""
    last = {passed.to: passed for passed in reading.call.handed_over}
    return tuple(replace(passed, reason=masked(passed.reason)) for passed in last.values())


def lines(reading: Reading) -> Iterator[NoteLine]:
    """One for each."""
    for passed in handed_over(reading):
        yield NoteLine(words.handed_over_line(passed), moment(reading, passed.at))


def follow_ups(reading: Reading) -> Iterator[tuple[FollowUp, tuple[Evidence, ...]]]:
    """What those who take it over have to do, with the moment."""
    for passed in handed_over(reading):
        shown = moment(reading, passed.at)
        task = passed.reason or words.TAKE_OVER
        turn = shown[0].turn if shown else None
        yield FollowUp(task, "agent", turn=turn, taken_by=passed.name), shown


def moment(reading: Reading, at: float) -> tuple[Evidence, ...]:
    """The turn in which it was done; none where nobody had spoken yet."""
    begun = [labelled.turn for labelled in reading.turns if labelled.turn.start <= at]
    return (Evidence(begun[-1].index, at, "agent", ""),) if begun else ()
