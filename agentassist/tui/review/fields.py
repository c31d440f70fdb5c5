"""The fields that the queue is filtered by: their keys, what there is to choose, what is typed.

Pure.
"""

import datetime
from collections.abc import Callable
from typing import Any, NamedTuple

from msgspec.structs import replace

from agentassist.errors import MendableError
from agentassist.reviewing import SEVERITIES, Choices, Filters
from agentassist.tui.review import words
from agentassist.tui.wording import clean


class Choice(NamedTuple):
    """A value of a filter as it is read."""

    value: Any
    told: str


class Field(NamedTuple):
    """One line of the filters' panel."""

    key: str
    name: str
    """Of `Filters`."""
    title: str
    chosen: Callable[[Choices], tuple[Choice, ...]] | None
    """None where it is typed."""


def _plain(name: str) -> Callable[[Choices], tuple[Choice, ...]]:
    return lambda choices: tuple(Choice(each, clean(each)) for each in getattr(choices, name))


def _rules(choices: Choices) -> tuple[Choice, ...]:
    return tuple(Choice(each, words.rule(each)) for each in choices.rules)


def _outcomes(choices: Choices) -> tuple[Choice, ...]:
    return tuple(Choice(each, words.outcome(each)) for each in choices.outcomes)


_DISPUTED = (Choice(value=True, told="waiting for an answer"),)
_SEVERITIES = tuple(Choice(each, words.SEVERITY[each].strip()) for each in SEVERITIES)
_STANDINGS = (
    Choice("open", "not judged yet"),
    Choice("agreed", "agreed"),
    Choice("overruled", "overruled"),
)

FIELDS = (
    Field("a", "agent", "agent", _plain("agents")),
    Field("t", "team", "team", _plain("teams")),
    Field("p", "pack", "pack of rules", _plain("packs")),
    Field("r", "rule", "rule", _rules),
    Field("o", "outcome", "outcome of the call", _outcomes),
    Field("s", "severity", "severity", lambda _: _SEVERITIES),
    Field("j", "standing", "judged", lambda _: _STANDINGS),
    Field("d", "disputed", "disputed", lambda _: _DISPUTED),
    Field("f", "since", "from day", None),
    Field("u", "until", "to day", None),
    Field("w", "words", "words said", None),
)

ANY = Choice(None, "any")


def value(filters: Filters, field: Field) -> str:
    """What is chosen, in words."""
    chosen = getattr(filters, field.name)
    if not chosen:
        return "any"
    if isinstance(chosen, datetime.date):
        return f"{chosen:%a %d %b %Y}"
    options = field.chosen(Choices()) if field.chosen else ()
    if told := next((each.told for each in options if each.value == chosen), ""):
        return told
    match field.name:
        case "rule":
            return words.rule(chosen)
        case "outcome":
            return words.outcome(chosen)
        case _:
            return clean(str(chosen))


def chosen(filters: Filters, field: Field, value: Any) -> Filters:
    """With that value of the field; None is any."""
    nothing = {"since": None, "until": None, "disputed": False}.get(field.name, "")
    return replace(filters, **{field.name: nothing if value is None else value})


def narrowed(options: tuple[Choice, ...], typed: str) -> tuple[Choice, ...]:
    """Those that hold all that was typed, word by word."""
    parts = typed.casefold().split()
    return tuple(each for each in options if all(part in each.told.casefold() for part in parts))


def typed(field: Field, text: str, today: datetime.date) -> Any:
    """What was typed as the field's value; None for nothing. Raises MendableError."""
    text = clean(text).strip()
    if not text:
        return None
    return text if field.name == "words" else _day(text, today)


def _day(text: str, today: datetime.date) -> datetime.date:
    if text.casefold() in ("today", "yesterday"):
        return today - datetime.timedelta(days=text.casefold() == "yesterday")
    if text.isdecimal() and len(text) <= 4:
        return today - datetime.timedelta(days=int(text))
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise MendableError(
            f"{text!r} is no day: as 2026-03-12, today, yesterday, or 7 for seven days ago"
        ) from None
