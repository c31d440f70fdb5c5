"""A written call with made-up cues, for the tests of the screens."""

import asyncio
import datetime
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Literal

import pytest
from msgspec.structs import replace
from textual.app import App
from textual.pilot import Pilot
from textual.screen import Screen

from agentassist import dialogue, packs, transcript
from agentassist import events as ev
from agentassist.account import Account
from agentassist.call import Call, LabelledTurn
from agentassist.demo import DIALOGUE
from agentassist.labels import Labels, PhraseClassifier
from agentassist.note import words
from agentassist.pipeline import Stage, stages
from agentassist.playback import Playback
from agentassist.rulebook import Rulebook
from agentassist.session import CallSession
from agentassist.store.keeping import Keeping
from agentassist.store.records import Versions, moment
from agentassist.store.unfinished import About, UnfinishedNote, begin
from agentassist.tui.app import CoachApp
from agentassist.tui.desk import Desk
from agentassist.turns import Turns
from agentassist.values import (
    ChecklistItem,
    Cue,
    Doubt,
    Evidence,
    Label,
    Meters,
    Note,
    NoteLine,
    NoteSection,
    Promise,
    Turn,
)

STARTED = ev.CallStarted(
    0.0,
    "transcript",
    "none",
    call_date=datetime.date(2026, 3, 12),
    account=Account(name="Dana Cole", creditor="Acme Energy"),
)

LINES = (
    (
        "agent",
        "Good morning, Sam from Acme Energy on a recorded line. Am I speaking with Dana Cole?",
    ),
    ("caller", "Yes, speaking. Is this about the bill?"),
    (
        "agent",
        "It is. The balance on the account is four hundred and eighty pounds, and I need it today.",
    ),
    ("caller", "I can't. They cut my hours at the warehouse in January and the rent went up."),
    ("agent", "Well, if nothing is paid we'll have a bailiff at your door by Friday."),
    ("caller", "A bailiff? I don't know how to [bold]go on[/bold] like this."),
    ("agent", "I'm sorry, I shouldn't have said that. It isn't happening. How are you managing?"),
    ("caller", "Not well. Forty pounds a month is what I could do, from the twenty-seventh."),
    (
        "agent",
        "Forty pounds a month from the twenty-seventh of March, then. I'll write to you today.",
    ),
)

PHRASES = {
    "Am I speaking with": "identity_check",
    "recorded line": "disclosure",
    "The balance on the account": "amount_stated",
    "I need it today": "ultimatum",
    "cut my hours": "hardship",
    "we'll have a bailiff at your door by Friday": "threat",
    "I'm sorry": "apology",
    "How are you managing": "open_question",
    "Forty pounds a month is": "offer",
    "Forty pounds a month from": "plan_terms",
}

HARDSHIP = Cue(
    "c1",
    "acknowledge_hardship",
    "high",
    "Acknowledge the hardship before the money",
    "Their hours were cut: say so first, in their words.",
    "That's a lot at once, the hours and the rent. Tell me how things stand.",
    at=0.0,
    turn=3,
)
SAFETY = Cue(
    "c2",
    "vulnerability",
    "urgent",
    "Stop collecting. Ask if they are safe",
    "They don't know how to go on. A person matters more than the debt. "
    "Samaritans 116 123, any time.",
    "I'm glad you told me. Are you safe right now? Is somebody with you?",
    at=0.0,
    turn=5,
)

_TITLES = (
    "Say who is calling",
    "Check who it is",
    "State the balance",
    "Ask an open question",
    "Offer options",
    "Offer debt advice",
    "Sum up",
)


def classify(turn: Turn, before: Sequence[LabelledTurn]) -> tuple[Label, ...]:
    return tuple(
        Label(name, 0.9, "rule:test", at, at + len(words))
        for words, name in PHRASES.items()
        if (at := turn.text.find(words)) >= 0
    )


def checklist(done: int, due: int | None = None) -> tuple[ChecklistItem, ...]:
    return tuple(
        ChecklistItem(
            f"k{place}",
            title,
            0 if place < done else None,
            float(place) if place < done else None,
            due=place == due,
        )
        for place, title in enumerate(_TITLES)
    )


NOTE = Note(
    "payment_plan",
    sections=(
        NoteSection(
            "Hardship",
            (
                NoteLine(
                    "Fewer hours at work, higher rent",
                    (
                        Evidence(3, 15.0, "caller", "They cut my hours at the warehouse"),
                        Evidence(5, 28.0, "caller", "I don't know how to [bold]go on[/bold]"),
                    ),
                ),
            ),
        ),
        NoteSection(
            "Agreed",
            (
                NoteLine(
                    "40.00 GBP monthly from 27 March 2026",
                    (Evidence(8, 44.0, "agent", "Forty pounds a month from the twenty-seventh"),),
                ),
                NoteLine("Confirmation by letter"),
            ),
        ),
        NoteSection("Call back"),
        NoteSection("Must stop"),
    ),
)


class Coach:
    """A stage that says what a script tells it to when a turn opens, and drafts the note."""

    def __init__(self, script: dict[int, list[ev.Derived]]) -> None:
        self._script = script

    def feed(self, event: ev.AnyEvent) -> Iterator[ev.Derived]:
        if isinstance(event, ev.TurnGrew):
            for derived in self._script.get(event.turn.index, ()):
                yield _at(event.at, derived)
        if isinstance(event, ev.DisputeMade):
            yield ev.CueDisputed(event.at, event.cue, event.reason)
        if isinstance(event, ev.CallEnded):
            yield ev.NoteDrafted(event.at, NOTE)


def _at(at: float, event: ev.Derived) -> ev.Derived:
    return replace(event, at=at)


SCRIPT: dict[int, list[ev.Derived]] = {
    0: [ev.BudgetChanged(0.0, 10), ev.ChecklistChanged(0.0, checklist(2))],
    2: [
        ev.ChecklistChanged(0.0, checklist(3, due=3)),
        ev.MetersRead(0.0, Meters(talk_share=0.71, pace=196.0, interruptions=1, temperature=0.2)),
    ],
    3: [ev.CueRaised(0.0, HARDSHIP), ev.BudgetChanged(0.0, 9)],
    4: [
        ev.CueMissed(0.0, "c1"),
        ev.MetersRead(0.0, Meters(talk_share=0.6, pace=150.0, interruptions=2, temperature=0.7)),
    ],
    5: [ev.CueRaised(0.0, SAFETY)],
    6: [ev.CueTaken(0.0, "c2", 6), ev.ChecklistChanged(0.0, checklist(4))],
}


def heard(turns: int | None = None) -> list[ev.Heard]:
    """The call's heard events; only as many turns of it, without its end, if so many are told."""
    lines = [dialogue.SpokenLine(party, text) for party, text in LINES[:turns]]  # type: ignore[arg-type]
    events = list(dialogue.heard(STARTED, lines))
    return events if turns is None else events[:-1]


def session(
    source: Iterable[ev.Heard | ev.WordsTentative], playback: Playback | None = None
) -> CallSession:
    return CallSession(iter(source), [Turns(), Labels(classify), Coach(SCRIPT)], [], playback)


def played(
    turns: int | None = None, *extra: ev.Heard | ev.WordsTentative, tape: bool = True
) -> CallSession:
    """A session that has already run so far, in this thread; nothing more comes of it."""
    done = session([*heard(turns), *extra])
    done.run()
    done.playback = Playback() if tape else None
    return done


def doubted() -> CallSession:
    """A call that has ended with a figure that may be read in two ways."""
    done = played()
    promise = Promise(Decimal("40.00"), "GBP", datetime.date(2026, 3, 27))
    said = Evidence(8, 44.0, "agent", "Forty pounds a month from the twenty-seventh")
    agreed = NoteSection("Agreed", (NoteLine(words.promise_line(promise), (said,)),))
    note = replace(
        NOTE,
        promises=(promise,),
        doubts=(Doubt("/promises/0/amount", ("40.00", "14.00"), (said,)),),
        sections=(NOTE.sections[0], agreed, *NOTE.sections[2:]),
    )
    done.call = replace(done.call, note=note)
    return done


def bundled(until: float, *extra: ev.WordsTentative) -> CallSession:
    """The bundled call as the real coach sees it at that second, from its written dialogue."""
    rulebook = packs.load()
    events = [event for event in transcript.read(DIALOGUE) if event.at <= until]
    coach = stages(rulebook, PhraseClassifier(rulebook))
    done = CallSession(iter([*events, *extra]), coach, [])
    done.run()
    done.playback = Playback()
    return done


TERM = Path(__file__).parent.parent / "models" / "corpus" / "calls" / "af3-05.json"
"""A real call of two promises, for its 30 turns."""


NOW = datetime.datetime(2026, 3, 12, 15, 2, tzinfo=datetime.UTC)


def desk(data: Path) -> Desk:
    """A desk with its data there, where it is always the same minute."""
    return Desk(data, now=lambda: NOW, by=lambda: "ann", coach=coach())


def app(
    of: CallSession, data: Path = Path("data"), theme: Literal["dark", "light"] = "dark"
) -> CoachApp:
    return CoachApp(of, title="demo call", desk=desk(data), theme=theme)


@cache
def _rulebook() -> Rulebook:
    return packs.load()


class Doubtful:
    """The stage that drafts the note, in doubt about the sum of each promise."""

    def __init__(self, notes: Stage) -> None:
        self._notes = notes

    def feed(self, event: ev.AnyEvent) -> Iterator[ev.Derived]:
        for derived in self._notes.feed(event):
            if isinstance(derived, ev.NoteDrafted):
                doubts = tuple(_doubt(at, x) for at, x in enumerate(derived.note.promises))
                yield replace(derived, note=replace(derived.note, doubts=doubts))
            else:
                yield derived


def _doubt(at: int, promise: Promise) -> Doubt:
    assert promise.amount
    said = Evidence(22, 166.0, "agent", "Two fifty on the sixteenth of October, three sixty")
    readings = (str(promise.amount), str(promise.amount / 100))
    return Doubt(f"/promises/{at}/amount", readings, (said,))


class Annotated:
    """The coach of a call whose turns are labelled as its annotators did."""

    def __init__(self, file: Path) -> None:
        turns = json.loads(file.read_text())["turns"]
        self._labels = {turn["text"]: turn["labels"] for turn in turns}

    def stages(self) -> list[Stage]:
        *before, notes = stages(_rulebook(), self._classify)
        return [*before, Doubtful(notes)]

    def versions(self, _call: Call) -> Versions:
        return Versions("test", "annotators")

    def _classify(self, turn: Turn, before: Sequence[LabelledTurn]) -> tuple[Label, ...]:
        end = len(turn.text)
        return tuple(Label(x, 1.0, "annotators", 0, end) for x in self._labels.get(turn.text, ()))


@cache
def coach() -> Annotated:
    """Of the real call."""
    return Annotated(TERM)


@contextmanager
def kept(data: Path) -> Iterator[tuple[CallSession, UnfinishedNote]]:
    """The real call, played to its end, and kept until its note is approved."""
    about = About(TERM.stem, moment(NOW))
    with begin(data, about) as note, Keeping(note, coach().versions) as keeping:
        done = CallSession(iter(list(transcript.read(TERM))), coach().stages(), [keeping])
        done.run()
        yield done, note


def app_of(
    of: CallSession,
    note: UnfinishedNote,
    data: Path,
    theme: Literal["dark", "light"] = "dark",
) -> CoachApp:
    """The program on a call that is kept."""
    return CoachApp(of, title=note.about.title, desk=desk(data), kept=note, theme=theme)


async def shown(pilot: Pilot[Any], screen: type[Screen[Any]]) -> None:
    """Waits until that screen is in front, and its keys are drawn."""
    for _ in range(100):
        await pilot.pause()
        if isinstance(pilot.app.screen, screen):
            await pilot.pause(0.05)
            return
        await asyncio.sleep(0.02)
    pytest.fail(f"{screen.__name__} did not come")


async def until(pilot: Pilot[Any], holds: Callable[[], bool]) -> None:
    """Waits until it holds, two seconds at most: what the screens promise."""
    for _ in range(100):
        await pilot.pause()
        if holds():
            return
        await asyncio.sleep(0.02)
    pytest.fail("it did not come about within two seconds")


def text_of(app: App[Any]) -> str:
    """All the text on the screen, row by row."""
    return "\n".join(strip.text for strip in app.screen._compositor.render_strips())
