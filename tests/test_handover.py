"""A call that is passed on: by a key, with a reason, into the note and all that is made of it."""

import datetime
from collections.abc import Sequence
from pathlib import Path

import pytest
from msgspec.structs import replace

from agentassist import dialogue, packs
from agentassist import events as ev
from agentassist.call import Call, LabelledTurn, fold
from agentassist.commands import desk
from agentassist.commands.coach import Coach
from agentassist.export import formats
from agentassist.handover import Colleague, colleagues
from agentassist.note.outcome import outcome
from agentassist.pipeline import run, stages
from agentassist.redaction import redacted
from agentassist.session import CallSession
from agentassist.tui.app import CoachApp
from agentassist.tui.note import figures
from agentassist.values import FollowUp, HandOver, Label, NoteLine, Turn
from tests import screen_calls as calls
from tests.noted import BOOK, CALL_DATE, Said, labels_of, lines_of
from tests.screen_calls import played, text_of, until

TO = ev.HandedOver(20.0, "legal", "Legal", "a claim is threatened")
LINES: tuple[Said, ...] = (
    ("agent", "Is that Mrs Carter?", "identity_check"),
    ("caller", "It is. I have a lawyer, and I dispute all of this.", "dispute represented"),
    ("agent", "I understand. I'll pass it on.", "empathy"),
)
PLAN: tuple[Said, ...] = (
    ("agent", "Forty pounds a month from the first of April, then.", "plan_terms"),
    ("caller", "Yes, I'll pay that.", "promise"),
    ("agent", "So that's forty pounds a month from the first of April.", "recap plan_terms"),
)


def call_of(*lines: Said, passed: tuple[ev.HandedOver, ...] = ()) -> Call:
    started = ev.CallStarted(0.0, "test", "none", call_date=CALL_DATE)
    spoken = [dialogue.SpokenLine(who, text) for who, text, _ in lines]
    *heard, end = dialogue.heard(started, spoken)

    def classify(turn: Turn, before: Sequence[LabelledTurn]) -> tuple[Label, ...]:
        return labels_of(lines[turn.index][2], turn.text)

    return fold(run([*heard, *passed, end], stages(BOOK, classify)))


# To whom


def test_the_house_names_its_colleagues_takes_some_out_and_adds_others(tmp_path: Path) -> None:
    assert [c.to for c in colleagues({})] == ["supervisor", "specialist", "legal", "complaints"]
    (tmp_path / "settings.toml").write_text(
        '[handover]\nsupervisor = "Ann Lee, 4711"\nlegal = ""\nfraud = "Fraud desk"\n'
    )
    shown = desk.screens(Coach(packs.load(), rules_only=True)).colleagues
    assert [c.name for c in shown] == [
        "Ann Lee, 4711",
        "Specialist team",
        "Complaints",
        "Fraud desk",
    ]


# In the note


def test_the_note_says_to_whom_when_and_why_and_what_they_have_to_do() -> None:
    note = call_of(*LINES, passed=(TO,)).note
    assert note
    assert note.handed_over == (HandOver("legal", "Legal", 20.0, "a claim is threatened"),)
    assert FollowUp("a claim is threatened", "agent", turn=2, taken_by="Legal") in note.follow_ups
    told = lines_of(note, "Follow-up")
    assert "Handed over to Legal at 0:20: a claim is threatened" in told
    assert "To be taken over by Legal: a claim is threatened" in told


def test_without_a_reason_whoever_takes_it_knows_that_it_is_theirs() -> None:
    note = call_of(*LINES, passed=(replace(TO, reason=""),)).note
    assert note
    told = lines_of(note, "Follow-up")
    assert "Handed over to Legal at 0:20" in told
    assert "To be taken over by Legal: take the case over" in told


def test_the_last_word_to_a_colleague_holds() -> None:
    note = call_of(*LINES, passed=(TO, replace(TO, at=25.0, reason="a court date"))).note
    assert note
    assert [(h.at, h.reason) for h in note.handed_over] == [(25.0, "a court date")]


@pytest.mark.parametrize(
    ("lines", "came_to"), [(LINES, "escalated"), (PLAN, "payment_plan")], ids=["else", "plan"]
)
def test_a_call_that_was_passed_on_came_to_that_unless_an_agreement_stands(
    lines: tuple[Said, ...], came_to: str
) -> None:
    note = call_of(*lines, passed=(TO,)).note
    assert note
    assert note.outcome == came_to
    assert outcome({"handed over": 1.0}) == "escalated"


def test_a_call_that_was_not_passed_on_has_nothing_of_it() -> None:
    note = call_of(*LINES).note
    assert note
    assert note.handed_over == ()
    assert note.outcome != "escalated"


def test_numbers_in_the_reason_are_masked_where_it_is_said_and_where_it_is_played_again() -> None:
    card = "card 4111 1111 1111 1111 was read out"
    done = played(4)
    assert done.hand_over("legal", "Legal", card)
    [passed] = done.call.handed_over
    assert "1111" not in passed.reason
    assert "card" in passed.reason
    [again] = [e for e in redacted([replace(TO, reason=card)]) if isinstance(e, ev.HandedOver)]
    assert "4111 1111" not in again.reason


# In what is made of the note


@pytest.mark.parametrize("name", formats.OF_NOTES)
def test_every_export_tells_it(name: str) -> None:
    call = call_of(*LINES, passed=(TO,))
    settings = formats.Settings(datetime.datetime(2026, 3, 12, tzinfo=datetime.UTC), "here")
    told = formats.export(call, call.note, name, settings).decode()
    assert "Legal" in told
    assert "a claim is threatened" in told


def test_the_calendar_names_who_takes_it() -> None:
    call = call_of(*LINES, passed=(TO,))
    settings = formats.Settings(datetime.datetime(2026, 3, 12, tzinfo=datetime.UTC), "here")
    told = formats.export(call, call.note, "icalendar", settings).decode()
    assert "SUMMARY:Expected from Legal" in told


def test_editing_its_lines_moves_its_fields() -> None:
    call = call_of(*LINES, passed=(TO,))
    note = call.note
    assert note

    def line(beginning: str) -> NoteLine:
        return next(x for s in note.sections for x in s.lines if x.text.startswith(beginning))

    passed = line("Handed over to ")
    changed = figures.reworded(call, note, passed, "Handed over to Ann at 0:20: a writ").note
    assert changed.handed_over == (HandOver("legal", "Ann", 20.0, "a writ"),)
    assert figures.removed(note, passed).handed_over == ()
    taken = line("To be taken over by ")
    changed = figures.reworded(call, note, taken, "To be taken over by Ann: do to do: it").note
    assert changed.follow_ups[-1] == FollowUp("do to do: it", "agent", turn=2, taken_by="Ann")
    assert figures.removed(note, taken).follow_ups == note.follow_ups[:-1]


# On the screen

TEAM = (Colleague("supervisor", "Supervisor", "stuck"), Colleague("legal", "Legal"))


def with_colleagues(session: CallSession) -> CoachApp:
    here = calls.desk(Path("data"))._replace(colleagues=TEAM)
    return CoachApp(session, title="demo call", desk=here)


async def test_the_sheet_leaves_call_and_cue_in_sight_and_takes_a_reason_in_words() -> None:
    session = played(4)
    of = with_colleagues(session)
    async with of.run_test(size=(80, 24)) as pilot:
        await pilot.press("h")
        await until(pilot, lambda: "HAND OVER TO" in text_of(of))
        for told in ("1 Supervisor  stuck", "2 Legal", "CALLER", "Acknowledge the hardship"):
            assert told in text_of(of)
        await pilot.press("2", *"q u 2")
        assert "TO Legal - WHY?" in text_of(of)
        await pilot.press("enter")
        await until(pilot, lambda: "Handed over to Legal" in text_of(of))
        assert "HAND OVER" not in text_of(of)
    at = session.call.handed_over[0].at
    assert session.call.handed_over == (HandOver("legal", "Legal", at, "q u 2"),)
    assert not session.call.quiet


async def test_escape_leaves_the_reason_then_the_sheet_and_nothing_is_passed_on() -> None:
    session = played(4)
    of = with_colleagues(session)
    async with of.run_test(size=(80, 24)) as pilot:
        await pilot.press("h", "enter", "x", "escape")
        await until(pilot, lambda: "HAND OVER TO" in text_of(of))
        await pilot.press("escape")
        await until(pilot, lambda: "HAND OVER TO" not in text_of(of))
    assert session.call.handed_over == ()


async def test_a_call_that_ends_meanwhile_loses_nothing_that_was_written() -> None:
    session = played(4)
    of = with_colleagues(session)
    async with of.run_test(size=(80, 24)) as pilot:
        await pilot.press("h", "1", *"loud")
        session.call = replace(session.call, ended=True)
        await pilot.press("enter")
        await until(pilot, lambda: "The call is over" in text_of(of))
        assert "loud" in text_of(of)
    assert session.call.handed_over == ()
