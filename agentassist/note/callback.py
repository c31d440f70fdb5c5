"""When the parties will speak again, where that still stands at the end of the call."""

import datetime
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from agentassist import entities
from agentassist.entities import Clock, Day
from agentassist.entities.reckoning import WEEKDAYS, next_day
from agentassist.note.reading import Reading, labels, sentences
from agentassist.phrases import normalise
from agentassist.values import Turn
from agentassist.vocabulary import FLAGS

STANDS = 8
"""Turns after a wish to talk later, within which the call must end or the wish be confirmed."""

SOON = 2
"""Turns within which a day that the agent names answers the wish."""

ANSWERED = 3
"""Turns within which a caller takes up the day of a call that the agent announced."""

SURE, LIKELY = 0.95, 0.75
"""Confidence of a wish that needs nothing else to bear it out, and of one that was answered."""

NEARBY = 4
"""Turns before a bare day of the month in which its month may have been named."""

CLOSING = 0.6
"""Share of the call after which a call that the agent announces is part of its end."""

_CLAUSE = re.compile(r"[.,;:?!] |\band\b")


class Callback(NamedTuple):
    """ISO date or date-time, local to the call; the turns that say so."""

    at: str
    turns: tuple[Turn, ...]
    day: Day | None = None
    """The day as it was said, in the first turn that has one; None where a time alone is told."""
    day_turn: Turn | None = None


def callback(reading: Reading, paid: frozenset[datetime.date] = frozenset()) -> Callback | None:
    """The caller's wish, as the agent confirmed it; or a call that the agent announced.

    None on a day on which a payment is due, unless somebody speaks of ringing: the day is its.
    """
    found = _callback(reading)
    if found is None or found.day is None or found.day.date not in paid:
        return found
    return found if any(_speaks_of_ringing(reading, t.text) for t in found.turns) else None


def _callback(reading: Reading) -> Callback | None:
    if reading.date is None:
        return None
    announced = _announced(reading, reading.date) or _closing_date(reading, reading.date)
    asked, dropped = reading.last("callback"), _dropped(reading)
    if announced and announced.turns[-1].index < dropped:
        announced = None
    if asked < dropped:
        return announced
    dated = _dated(reading, asked, dropped, reading.date)
    wish = reading.turns[dated].turn
    confirmed = _confirmed(reading, dated, reading.date)
    far = len(reading.turns) - asked > STANDS and not _is_timed(reading, wish)
    overtaken = far or reading.last("promise", "refusal") > asked
    if not _is_borne_out(reading, asked, confirmed) or (confirmed is None and overtaken):
        return announced
    if announced and not _days(wish.text, reading.date) and not confirmed:
        confirmed = announced.turns[0]
    return _of_turns(reading, wish, confirmed, reading.turns[asked].turn, reading.date)


def _dropped(reading: Reading) -> int:
    """The caller's last turn that takes a call back, as "forget Friday"; 0 where there is none."""
    turns = (t for t in reading.by("caller") if reading.says(t, "call_dropped"))
    return max((turn.index for turn in turns), default=0)


def _is_borne_out(reading: Reading, asked: int, confirmed: Turn | None) -> bool:
    """Whether the wish is one: it speaks of ringing, was heard for sure, or was answered."""
    labelled = reading.turns[asked]
    sure = max(mark.confidence for mark in labels(labelled, "callback"))
    if reading.says(labelled.turn, "calling") or sure >= SURE:
        return True
    if sure >= LIKELY and _is_timed(reading, labelled.turn):
        return True
    if confirmed is None:
        return False
    if len(reading.having("callback")) > 1:
        return True
    same = {t.time for t in entities.times(labelled.turn.text)} & {
        t.time for t in entities.times(confirmed.text)
    }
    return sure >= LIKELY or bool(same)


def _is_timed(reading: Reading, turn: Turn) -> bool:
    """Whether it names a day to come and a time of day."""
    today = reading.date
    days = _days(turn.text, today) if today else ()
    return any(day.date != today for day in days) and bool(entities.times(turn.text))


def _dated(reading: Reading, asked: int, dropped: int, today: datetime.date) -> int:
    """The wish that names the day: the last one, or an earlier one that it only makes exact."""
    if _days(reading.turns[asked].turn.text, today):
        return asked
    turns = [t.turn for t in reading.having("callback")]
    near = [t for t in turns if max(dropped, asked - STANDS) <= t.index < asked]
    return next((t.index for t in reversed(near) if _days(t.text, today)), asked)


def _of_turns(
    reading: Reading, wish: Turn, confirmed: Turn | None, last: Turn, today: datetime.date
) -> Callback | None:
    """The day that the agent confirmed, where it is one of ringing or one that was asked for.

    Else the caller's own, since a summing-up tells other days too. The `last` wish may still tell
    the time of day.
    """
    answers = (confirmed,) if confirmed else ()
    agreed = [*_agreed_days(wish, answers, today)]
    asked = {day.date for day in _days(wish.text, today)}
    named = [
        *(told for told in agreed if told[0].date in asked and told[0].exact),
        *_ringing(reading, answers, today),
        *agreed,
        *_ringing(reading, (wish,), today),
        *_any_day((wish, *answers), today),
    ]
    turns = tuple({turn.index: turn for turn in (*answers, last, wish)}.values())
    clocks = [clocks for turn in turns if (clocks := entities.times(turn.text))]
    if not named and not clocks:
        return None
    day, turn = named[0] if named else (None, None)
    at = _joined(day.date if day else today, clocks[0] if clocks else ())
    return Callback(at, tuple(sorted(turns, key=lambda t: t.index)), day, turn)


def _agreed_days(
    wish: Turn, answers: Sequence[Turn], today: datetime.date
) -> Iterator[tuple[Day, Turn]]:
    """The answer's days that are the wish's, or fall on its day of the week or of a month."""
    asked = {day.date for day in _days(wish.text, today)}
    weekdays, numbers = {date.weekday() for date in asked}, {date.day for date in asked}
    for turn in answers:
        days = _days(turn.text, today)
        yield from ((day, turn) for day in days if day.date in asked)
        yield from ((day, turn) for day in days if day.exact and day.date.day in numbers)
        yield from ((day, turn) for day in days if day.date.weekday() in weekdays)


def _ringing(
    reading: Reading, turns: Sequence[Turn], today: datetime.date
) -> Iterator[tuple[Day, Turn]]:
    """The day of each turn's clause that speaks of ringing, else of its sentence.

    A sentence's "today" may be of something else: "nothing is agreed today, and you ring us".
    """
    for turn in turns:
        clauses = _CLAUSE.split(turn.text)
        for place, clause in enumerate((*clauses, *sentences(turn.text))):
            close = place < len(clauses) or bool(entities.times(clause))
            days = [day for day in _days(clause, today) if close or day.date > today]
            if days and _speaks_of_ringing(reading, clause):
                yield _placed(_nearest(days, entities.times(clause)), turn, clause), turn
                break


def _any_day(turns: Sequence[Turn], today: datetime.date) -> Iterator[tuple[Day, Turn]]:
    """Any day of each turn, the one nearest to a time first; today only with its time."""
    for turn in turns:
        clocks = entities.times(turn.text)
        if days := [day for day in _days(turn.text, today) if day.date > today or clocks]:
            yield _nearest(days, clocks), turn


def _placed(day: Day, turn: Turn, clause: str) -> Day:
    """The day with its place in the whole turn."""
    start = turn.text.index(clause)
    return day._replace(start=day.start + start, end=day.end + start)


def _speaks_of_ringing(reading: Reading, text: str) -> bool:
    normal = normalise(text)
    return any(reading.wordings.spans(normal, "closing", code) for code in ("ringing", "calling"))


def _confirmed(reading: Reading, asked: int, today: datetime.date) -> Turn | None:
    """The agent's turn that answers the wish: the one that sums up, else the first.

    Where a payment was promised after the wish, only a summing-up still confirms it.
    """
    wish = reading.turns[asked].turn
    answers = [t for t in reading.by("agent", after=asked) if _answers(reading, t, wish, today)]
    summed = next((turn for turn in answers if reading.turns[turn.index].has("recap")), None)
    first = answers[0] if answers and reading.last("promise") < asked else None
    return summed or first


def _answers(reading: Reading, turn: Turn, wish: Turn, today: datetime.date) -> bool:
    """Whether it names the wish's day or time again, or one that it asks for."""
    if reading.turns[turn.index].has(*FLAGS):
        return False
    days, times = _days(turn.text, today), entities.times(turn.text)
    same_day = {day.date for day in days} & {day.date for day in _days(wish.text, today)}
    same_time = {t.time for t in times} & {t.time for t in entities.times(wish.text)}
    if same_day or same_time:
        return True
    if not days and not times:
        return False
    near = turn.index - wish.index <= STANDS
    if near and (reading.says(turn, "calling") or (days and times)):
        return True
    return turn.index - wish.index <= SOON and reading.last("promise") < wish.index


def _announced(reading: Reading, today: datetime.date) -> Callback | None:
    """As "I'll give you a bell on the first of December", at the call's end or taken up at once."""
    for turn in reversed([*reading.by("agent")]):
        taken_up = _is_taken_up(reading, turn, today)
        if not taken_up and not _is_closing(reading, turn):
            continue
        codes = ("ringing", "rings") if taken_up else ("ringing",)
        whole = sentences(turn.text) if taken_up else ()
        for part in (*_CLAUSE.split(turn.text), *whole):
            later = [day for day in _days(part, today) if day.date > today]
            normal = normalise(part)
            if later and any(reading.wordings.spans(normal, "closing", code) for code in codes):
                day = _in_month(reading, turn, later[0], part)
                clocks = entities.times(part) or (entities.times(turn.text) if taken_up else ())
                return Callback(_joined(day.date, clocks), (turn,), _placed(day, turn, part), turn)
        if taken_up and any(reading.says(turn, code) for code in codes):
            day = next(day for day in _days(turn.text, today) if day.date > today)
            return Callback(_joined(day.date, entities.times(turn.text)), (turn,), day, turn)
    return None


def _is_closing(reading: Reading, turn: Turn) -> bool:
    labelled = reading.turns[turn.index]
    late = turn.index >= len(reading.turns) * CLOSING
    return labelled.has("recap") or (late and not labelled.has(*FLAGS))


def _is_taken_up(reading: Reading, turn: Turn, today: datetime.date) -> bool:
    """Whether the caller's next words name the turn's day again, as "Saturday, ten"."""
    near = reading.turns[turn.index + 1 : turn.index + 1 + ANSWERED]
    answers = [t.turn for t in near if t.turn.speaker == "caller" and "?" not in t.turn.text]
    again = {day.date for answer in answers for day in _days(answer.text, today)}
    return any(day.date > today and day.date in again for day in _days(turn.text, today))


def _closing_date(reading: Reading, today: datetime.date) -> Callback | None:
    """A day with its time in a summing-up of a call in which nothing was promised."""
    summed = reading.having("recap")
    if not summed or reading.having("promise"):
        return None
    turn = summed[-1].turn
    for day in _days(turn.text, today):
        behind = turn.text[day.end : day.end + len(", at half past eleven ")]
        clocks = entities.times(f"at {behind.strip(' ,')}")
        if day.exact and day.date > today and clocks and clocks[0].start <= len("at "):
            return Callback(_joined(day.date, clocks), (turn,), day, turn)
    return None


def _in_month(reading: Reading, turn: Turn, day: Day, said: str) -> Day:
    """A bare "the third" soon after "the second of June" is June's; the other may be meant."""
    today = reading.date
    if today is None or not day.exact or _names_weekday(said[day.start : day.end]):
        return day
    before = [t.turn for t in reading.turns[max(0, turn.index - NEARBY) : turn.index]]
    named = [d.date for t in before for d in _days(t.text, today) if d.exact]
    if day.date in named or not named or named[-1] < day.date:
        return day
    date = next_day(day.date.day, named[-1])
    return day._replace(date=date, others=(day.date,)) if date else day


def _names_weekday(text: str) -> bool:
    return bool(WEEKDAYS.keys() & set(normalise(text).text.split()))


def _joined(day: datetime.date, times: Sequence[Clock]) -> str:
    if not times:
        return day.isoformat()
    return datetime.datetime.combine(day, times[0].time).isoformat(timespec="minutes")


def _nearest(days: Sequence[Day], times: Sequence[Clock]) -> Day:
    if not times:
        return days[0]
    return min(days, key=lambda day: abs(day.end - times[0].start))


def _days(text: str, today: datetime.date) -> tuple[Day, ...]:
    return entities.dates(text, today)
