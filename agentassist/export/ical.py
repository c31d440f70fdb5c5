"""What is due after the call as iCalendar (RFC 5545): promises, the callback, follow-ups.

Times are those of the call's own place: floating, or in a zone that is given. What the caller
said is in no summary, and every entry is private: calendars are shared.
"""

import datetime
import uuid
from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

from agentassist.call import Call
from agentassist.cleaning import cleaned
from agentassist.errors import MendableError
from agentassist.export.doubts import confirmations, doubted
from agentassist.export.facts import to_do
from agentassist.export.identity import fingerprint
from agentassist.note import words
from agentassist.note.drawn import is_as_drawn
from agentassist.values import Doubt, FollowUp, Note, Promise

_SPACE = uuid.UUID("6d8fb2f0-1f5c-5d0e-9a52-3f4f0c1e7b11")
"""The namespace of our identifiers (RFC 9562, name-based); any constant serves."""

_LONGEST = 80
"""Characters of a summary: what a calendar shows of one."""


def to_icalendar(
    call: Call, note: Note, *, now: datetime.datetime, zone: ZoneInfo | None = None
) -> bytes:
    """The calendar; `now`, aware, is when it is written.

    An entry keeps its UID when the call is written out again, so that it is renewed, not doubled.
    Raises MendableError where nothing is due: a calendar has an entry.
    """
    import icalendar

    entries = _Entries(cleaned(call), cleaned(note), now, zone)
    due = [*entries.all()]
    if not due:
        raise MendableError("nothing is due after this call, so there is no calendar to write")
    calendar = icalendar.Calendar.new(
        prodid="-//agentassist//call note//EN",
        uid=entries.uid("calendar"),
        description="\n".join(f"To confirm: {line}" for line in confirmations(note)) or None,
        subcomponents=due,
    )
    calendar.add_missing_timezones(now.date() - _A_YEAR, now.date() + 5 * _A_YEAR)
    written: bytes = calendar.to_ical()
    return written


_A_YEAR = datetime.timedelta(days=366)


class _Entries:
    """The calendar's entries, one after another."""

    def __init__(
        self, call: Call, note: Note, now: datetime.datetime, zone: ZoneInfo | None
    ) -> None:
        self._note = note
        self._name = call.account.name
        self._seed = fingerprint(call).hex()
        self._now = now.astimezone(datetime.UTC).replace(microsecond=0)
        self._zone = zone

    def uid(self, key: str) -> str:
        """The identifier of one thing of this call."""
        return str(uuid.uuid5(_SPACE, f"{self._seed}/{key}"))

    def all(self) -> Iterator[Any]:
        for place, promise in enumerate(self._note.promises):
            if promise.date:
                yield self._payment(f"promises/{place}", promise, promise.date)
        yield from self._instalments()
        if self._note.callback_at:
            yield self._callback(self._note.callback_at)
        for place, task in enumerate(to_do(self._note)):
            yield self._task(f"follow_ups/{place}", task)

    def _payment(
        self, key: str, promise: Promise, day: datetime.date, title: str = "Payment promised"
    ) -> Any:
        import icalendar

        amount = promise.amount
        due = "" if amount is None else f": {words.sum_of(amount, promise.currency)}"
        return icalendar.Event.new(
            start=day,
            end=day + datetime.timedelta(days=1),
            transparency=icalendar.TRANSP.TRANSPARENT,
            **self._common(key, f"{title}{due}"),
        )

    def _instalments(self) -> Iterator[Any]:
        """The payments of an agreed plan that are no promise by themselves, one entry each."""
        drawn = self._note.drawn
        if drawn is None or not is_as_drawn(self._note):
            return
        promised = {promise.date for promise in self._note.promises}
        for place, (day, amount) in enumerate(drawn.schedule, 1):
            if day not in promised:
                value = Promise(amount, drawn.currency, day)
                title = f"Payment {place} of {len(drawn.schedule)}"
                yield self._payment(f"drawn/{place}", value, day, title)

    def _callback(self, at: str) -> Any:
        import icalendar

        start = datetime.datetime.fromisoformat(at)
        when = start.replace(tzinfo=start.tzinfo or self._zone) if "T" in at else start.date()
        return icalendar.Event.new(start=when, **self._common("callback_at", "Call back"))

    def _task(self, key: str, task: FollowUp) -> Any:
        import icalendar

        own = task.owner == "agent" and not task.taken_by
        expected = task.taken_by or f"the {task.owner}"
        summary = _shortened(task.text) if own else f"Expected from {expected}"
        common = self._common(key, summary, "" if own and summary == task.text else task.text)
        todo = icalendar.Todo.new(**common)
        if task.date:
            todo.DUE = task.date
        return todo

    def _common(self, key: str, summary: str, details: str = "") -> dict[str, Any]:
        """What every entry has. The account's name is needed: whom it is about."""
        import icalendar

        doubts = doubted(self._note, f"/{key}")
        lines = [details, *(f"To confirm: {line}" for line in self._readings(doubts))]
        mark = " (to confirm)" if doubts else ""
        whom = f" - {self._name}" if self._name else ""
        return {
            "uid": self.uid(key),
            "stamp": self._now,
            "summary": f"{summary}{mark}{whom}",
            "description": "\n".join(filter(None, lines)) or None,
            "classification": icalendar.CLASS.PRIVATE,
        }

    def _readings(self, doubts: tuple[Doubt, ...]) -> Iterator[str]:
        for doubt, line in zip(self._note.doubts, confirmations(self._note), strict=True):
            if doubt in doubts:
                yield line


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST].rsplit(' ', 1)[0]} …"
