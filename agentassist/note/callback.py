"""When the parties will speak again, where that still stands at the end of the call."""

import datetime
import re
from collections.abc import Sequence
from typing import NamedTuple

from agentassist import entities
from agentassist.entities import Clock, Day
from agentassist.note.reading import Reading, sentences
from agentassist.note.wording import CALLING, RINGING
from agentassist.phrases import normalise
from agentassist.values import Turn

STANDS = 8
"""Turns after a wish to talk later, within which the call must end or the wish be confirmed."""


SOON = 2
"""Turns within which a day that the agent names answers the wish."""


class Callback(NamedTuple):
    """ISO date or date-time, local to the call; the turns that say so."""

    at: str
    turns: tuple[Turn, ...]


def callback(reading: Reading) -> Callback | None:
    """The caller's wish, as the agent confirmed it; or a call that the agent announced."""
    if reading.date is None:
        return None
    announced = _announced(reading, reading.date)
    asked = reading.last("callback")
    if asked < 0:
        return announced
    wish = reading.turns[asked].turn
    confirmed = _confirmed(reading, asked, reading.date)
    overtaken = len(reading.turns) - asked > STANDS or reading.last("promise") > asked
    if confirmed is None and overtaken:
        return announced
    if announced and not _days(wish.text, reading.date) and not confirmed:
        confirmed = announced.turns[0]
    turns = (confirmed, wish) if confirmed else (wish,)
    at = _when([turn.text for turn in turns], reading.date)
    return Callback(at, tuple(sorted(turns, key=lambda turn: turn.index))) if at else None


def _confirmed(reading: Reading, asked: int, today: datetime.date) -> Turn | None:
    """The agent's turn that answers the wish: the one that sums up, else the first."""
    wish = reading.turns[asked].turn
    answers = [t for t in reading.by("agent", after=asked) if _answers(reading, t, wish, today)]
    summed = (turn for turn in answers if reading.turns[turn.index].has("recap"))
    return next(summed, None) or next(iter(answers), None)


def _answers(reading: Reading, turn: Turn, wish: Turn, today: datetime.date) -> bool:
    """Whether it names the wish's day or time again, or one that it asks for."""
    days, times = _days(turn.text, today), entities.times(turn.text)
    same_day = {day.date for day in days} & {day.date for day in _days(wish.text, today)}
    same_time = {t.time for t in times} & {t.time for t in entities.times(wish.text)}
    if same_day or same_time:
        return True
    if not days and not times:
        return False
    near = turn.index - wish.index <= STANDS
    if near and (reading.says(turn, CALLING) or (days and times)):
        return True
    return turn.index - wish.index <= SOON and reading.last("promise") < wish.index


def _announced(reading: Reading, today: datetime.date) -> Callback | None:
    """As "I'll give you a bell on the first of December", when the agent sums up."""
    for summed in reversed(reading.having("recap")):
        for clause in _CLAUSE.split(summed.turn.text):
            later = [day for day in _days(clause, today) if day.date > today]
            if later and RINGING.find(normalise(clause)):
                at = _joined(later[0].date, entities.times(clause))
                return Callback(at, (summed.turn,))
    return None


_CLAUSE = re.compile(r"[.,;:?!] |\band\b")


def _when(texts: Sequence[str], today: datetime.date) -> str | None:
    """The first text's day, else the next one's; the same for the time; a time alone is today."""
    days = [day for text in texts if (day := _day(text, today))]
    times = [times for text in texts if (times := entities.times(text))]
    if not days and not times:
        return None
    return _joined(days[0] if days else today, times[0] if times else ())


def _joined(day: datetime.date, times: Sequence[Clock]) -> str:
    if not times:
        return day.isoformat()
    return datetime.datetime.combine(day, times[0].time).isoformat(timespec="minutes")


def _day(text: str, today: datetime.date) -> datetime.date | None:
    """The day of the clause that speaks of ringing; else the one nearest to a time."""
    for clause in (*_CLAUSE.split(text), *sentences(text)):
        if CALLING.find(normalise(clause)) and (days := _days(clause, today)):
            return _nearest(days, entities.times(clause))
    days = _days(text, today)
    return _nearest(days, entities.times(text)) if days else None


def _nearest(days: Sequence[Day], times: Sequence[Clock]) -> datetime.date:
    if not times:
        return days[0].date
    return min(days, key=lambda day: abs(day.end - times[0].start)).date


def _days(text: str, today: datetime.date) -> tuple[Day, ...]:
    return entities.dates(text, today)
