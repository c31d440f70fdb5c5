"""Finished calls as they are filed, from a few lines of dialogue through the real coach."""

import datetime
from collections.abc import Sequence
from functools import cache

from agentassist import dialogue, packs
from agentassist import events as ev
from agentassist.account import Account
from agentassist.archive.filed import About, Derived, Filed, filed
from agentassist.call import fold
from agentassist.labels import PhraseClassifier
from agentassist.pipeline import run, stages
from agentassist.rulebook import Rulebook
from agentassist.store.records import Versions
from agentassist.vocabulary import Party

Lines = Sequence[tuple[Party, str]]

DAY = datetime.date(2026, 3, 12)
LINES: Lines = (
    ("agent", "Am I speaking with Helen Carter?"),
    ("caller", "Yes. I lost my job in January and I can't pay the whole balance."),
    ("agent", "That's not my problem. Pay today or a bailiff will be at your door by Friday."),
    ("caller", "I could do forty pounds a month."),
)
"""A call with a flag, a cue, a hardship and an offer."""


def a_call(
    id: str,  # noqa: A002 - as the column is called
    agent: str = "anna",
    team: str = "north",
    lines: Lines = LINES,
    account: Account | None = None,
    day: datetime.date = DAY,
    disputed: str = "",
) -> Filed:
    """What is filed of that call; its first cue is disputed live where `disputed` says why."""
    derived = _derived(tuple(lines), account or Account(), day, disputed)
    at = begun(day) + datetime.timedelta(hours=1)
    about = About(id, f"Call {id}", agent, at, team, "uk", note=f"Note of {id}")
    return filed(about, derived, rulebook())


def begun(day: datetime.date = DAY) -> datetime.datetime:
    """When a call of that day begins."""
    return datetime.datetime.combine(day, datetime.time(10), datetime.UTC)


@cache
def rulebook() -> Rulebook:
    """The shipped packs."""
    return packs.load()


@cache
def _classifier() -> PhraseClassifier:
    return PhraseClassifier(rulebook())


@cache
def _derived(lines: Lines, account: Account, day: datetime.date, disputed: str) -> Derived:
    started = ev.CallStarted(
        0.0, "test", "none", call_date=day, started_at=begun(day), account=account
    )
    heard = list(dialogue.heard(started, [dialogue.SpokenLine(*line) for line in lines]))
    events = list(run(heard, stages(rulebook(), _classifier())))
    if disputed:
        first = next(event.cue.id for event in events if isinstance(event, ev.CueRaised))
        heard.insert(-1, ev.DisputeMade(heard[-1].at, first, disputed))
        events = list(run(heard, stages(rulebook(), _classifier())))
    return Derived(fold(events), tuple(heard), Versions("test 1", "rules alone"))
