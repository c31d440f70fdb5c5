"""The note as it is edited, without a terminal: states, marks, figures, the agent's own text."""

import datetime
from decimal import Decimal

import export_calls
import pytest
import screen_calls as calls
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from agentassist import packs, transcript
from agentassist.account import Account
from agentassist.call import Call, fold
from agentassist.note import words
from agentassist.pipeline import run
from agentassist.tui.note import editing as steps
from agentassist.tui.note import head
from agentassist.tui.note.editing import Editing, Writing
from agentassist.tui.note.marks import Compared, Place, compared
from agentassist.tui.note.own_text import carried, counterpart
from agentassist.values import (
    Doubt,
    Evidence,
    Note,
    NoteLine,
    NoteSection,
    Plan,
    Promise,
)

DAY = datetime.date(2026, 3, 27)
SAID = Evidence(1, 5.0, "caller", "Forty a month from the twenty-seventh, for a year.")
OTHER = Evidence(0, 0.0, "agent", "Am I speaking with Helen Carter?")
PLAN = Plan(Decimal("40.00"), "GBP", "monthly", DAY, 12, Decimal("480.00"), covers_balance=True)
PROMISE = Promise(Decimal("40.00"), "GBP", DAY, "direct_debit")
NOTE = Note(
    "payment_plan",
    plan=PLAN,
    promises=(PROMISE,),
    hardship=("reduced_hours",),
    callback_at="2026-03-19T14:00",
    doubts=(
        Doubt("/plan/amount", ("40.00", "14.00"), (SAID,)),
        Doubt("/callback_at", ("2026-03-19T14:00", "2026-03-26T14:00"), (OTHER,)),
    ),
    sections=(
        NoteSection("Identity", (NoteLine("Identity asked for: name", (OTHER,)),)),
        NoteSection("Circumstances", (NoteLine("Reason for not paying: reduced hours", (SAID,)),)),
        NoteSection(
            "Agreed",
            (
                NoteLine(words.plan_line(PLAN), (SAID,)),
                NoteLine(words.promise_line(PROMISE), (SAID,)),
            ),
        ),
        NoteSection("Follow-up", (NoteLine(words.callback_line("2026-03-19T14:00")),)),
        NoteSection("Disputes"),
    ),
)
REASON, AGREED, PROMISED, AGAIN, DISPUTES = (
    Place(1, 0), Place(2, 0), Place(2, 1), Place(3, 0), Place(4, 0),
)  # fmt: skip


def call_with(note: Note) -> Call:
    return replace(export_calls.call_of(*export_calls.TALK), note=note)


@pytest.fixture
def begun() -> Editing:
    return steps.begun(call_with(NOTE))


def texts(editing: Editing) -> list[str]:
    return [line.text for section in editing.note.sections for line in section.lines]


def test_the_chosen_reading_is_in_fields_lines_and_text_and_no_longer_in_doubt(
    begun: Editing,
) -> None:
    chosen = steps.chose(begun, NOTE.doubts[0], "14.00")
    assert chosen.note.plan is not None
    assert chosen.note.plan.amount == chosen.note.promises[0].amount == Decimal("14.00")
    assert "Agreed: £14.00 monthly" in chosen.text
    assert "Promised by the caller: £14.00 on" in chosen.text
    assert [doubt.field for doubt in chosen.note.doubts] == ["/callback_at"]
    assert "£40.00" in begun.drafted_text == chosen.drafted_text
    assert steps.undone(chosen) == begun


def test_the_draft_s_own_reading_can_be_confirmed_and_leaves_all_else_as_it_was(
    begun: Editing,
) -> None:
    chosen = steps.chose(begun, NOTE.doubts[0], "40.00")
    assert replace(chosen.note, doubts=()) == replace(NOTE, doubts=())
    assert "sum of the plan" in begun.text
    assert "sum of the plan" not in chosen.text


@pytest.mark.parametrize(("doubt", "place"), [(0, AGREED), (1, AGAIN)])
def test_a_doubt_leads_to_the_line_that_tells_it(doubt: int, place: Place) -> None:
    assert steps.line_of(NOTE, NOTE.doubts[doubt]) == place


def test_a_doubt_that_no_line_tells_leads_to_its_moment_or_nowhere() -> None:
    assert steps.line_of(NOTE, Doubt("/plan/amount", ("1.00",), (OTHER,))) == Place(0, 0)
    assert steps.line_of(NOTE, Doubt("/plan/amount", ("1.00",))) is None


def test_a_reworded_line_keeps_its_evidence(begun: Editing) -> None:
    reworded = steps.reworded(begun, Place(0, 0), "  Identity\nsure ")
    assert steps.line_at(reworded.note, Place(0, 0)) == NoteLine("Identity sure", (OTHER,))
    assert reworded.remark == ""


def test_a_figure_in_a_line_moves_the_fields_the_reckoning_and_the_other_lines_with_it(
    begun: Editing,
) -> None:
    line = words.plan_line(PLAN).replace("£40.00", "£45")
    changed = steps.reworded(begun, AGREED, line)
    assert changed.note.plan == replace(PLAN, amount=Decimal(45), total=Decimal(540))
    assert changed.note.promises == (replace(PROMISE, amount=Decimal(45)),)
    assert steps.line_at(changed.note, AGREED).text.endswith(
        "12 payments, £540.00 in all, which covers what is owed"
    )
    assert "£45.00 on Friday 27 March" in steps.line_at(changed.note, PROMISED).text
    assert [doubt.field for doubt in changed.note.doubts] == ["/callback_at"]
    assert "£45.00 monthly" in steps.short(changed)


def test_whether_a_plan_still_covers_what_is_owed_is_not_guessed(begun: Editing) -> None:
    changed = steps.reworded(begun, AGREED, words.plan_line(PLAN).replace("£40.00", "£30.00"))
    assert changed.note.plan is not None
    assert changed.note.plan.covers_balance is None
    assert steps.line_at(changed.note, AGREED).text.endswith("12 payments, £360.00 in all")


def test_a_day_in_a_line_moves_the_field(begun: Editing) -> None:
    promised = steps.reworded(begun, PROMISED, "Promised by the caller: £40 on the 2nd of April")
    assert promised.note.promises == (Promise(Decimal(40), "GBP", datetime.date(2026, 4, 2)),)
    again = steps.reworded(begun, AGAIN, "To speak again: Monday 23 March 2026 at half past two")
    assert again.note.callback_at == "2026-03-23T14:30"
    assert [doubt.field for doubt in again.note.doubts] == ["/plan/amount"]


def test_a_line_that_no_longer_tells_its_figure_says_that_the_short_note_has_it(
    begun: Editing,
) -> None:
    changed = steps.reworded(begun, AGREED, "Agreed: what they can afford")
    assert changed.note.plan == PLAN
    assert "The short note still has the figure" in changed.remark
    assert steps.undone(changed).remark == ""


def test_a_code_follows_its_line_and_goes_with_it(begun: Editing) -> None:
    changed = steps.reworded(begun, REASON, "Reason for not paying: job loss")
    assert changed.note.hardship == ("job_loss",)
    gone = steps.removed(changed, REASON)
    assert gone.note.hardship == ()
    assert steps.removed(begun, AGREED).note.plan is None
    assert steps.undone(steps.undone(gone)) == begun


def test_a_line_that_was_added_tells_its_figure_and_is_in_the_short_note(begun: Editing) -> None:
    paid = steps.added(begun, Place(2, 2), "Promised by the caller: £20 on 3 April 2026")
    assert paid.note.promises[1] == Promise(Decimal(20), "GBP", datetime.date(2026, 4, 3))
    free = steps.added(begun, DISPUTES, "Letter of 3 March never came")
    assert steps.short(free).endswith("Also: Letter of 3 March never came\n")
    assert "Letter of 3 March never came" in free.text
    assert steps.added(begun, DISPUTES, "  ") is begun


def test_what_must_not_be_kept_is_masked_as_it_is_written(begun: Editing) -> None:
    card = "Card 4111 1111 1111 1111"
    assert "4111 1111" not in steps.added(begun, DISPUTES, card).text
    assert "4111 1111" not in steps.reworded(begun, REASON, card).text
    assert "4111 1111" not in steps.rewrote(begun, f"{begun.text}\n{card}\n").text


def test_what_is_being_written_is_kept_as_far_as_it_is(begun: Editing) -> None:
    assert texts(steps.typed(begun, Writing(DISPUTES, adding=True), "Lett"))[-1] == "Lett"
    assert texts(steps.typed(begun, Writing(REASON, adding=False), "Reas"))[1] == "Reas"


def test_another_outcome_is_named(begun: Editing) -> None:
    named = steps.named(begun, "settlement", packs.load().codes)
    assert head.outcome(named) == "Settlement agreed"
    assert steps.short(named).startswith("Settlement agreed")


def test_the_result_code_follows_an_outcome_that_the_agent_names() -> None:
    reached = replace(NOTE, result_code="RPC-PLAN", right_party=True)
    named = steps.named(steps.begun(call_with(reached)), "settlement", packs.load().codes)
    assert named.note.result_code == "RPC-SIF"


def test_a_line_that_no_field_has_is_in_the_short_note_as_the_agent_words_it(
    begun: Editing,
) -> None:
    worded = steps.reworded(begun, Place(0, 0), "Identity confirmed by her date of birth")
    assert steps.short(worded).endswith("Also: Identity confirmed by her date of birth\n")
    assert "Also" not in steps.short(steps.reworded(begun, REASON, "Reason for not paying: caring"))


def test_edits_are_the_same_when_they_are_opened_again(begun: Editing) -> None:
    for edited in (
        begun,
        steps.removed(begun, AGREED),
        steps.rewrote(begun, "My own\n"),
    ):
        again = steps.begun(begun.call, edited.version)
        assert (again.note, again.own_text) == (edited.note, edited.own_text)


# The agent's own text


def test_a_change_of_a_line_is_made_in_the_text_that_the_agent_wrote_too(begun: Editing) -> None:
    own = steps.rewrote(begun, f"Mine.\n{begun.text}")
    changed = steps.reworded(own, REASON, "Reason for not paying: job loss")
    assert changed.text.startswith("Mine.\n")
    assert "- Reason for not paying: job loss" in changed.text
    assert "reduced hours" not in changed.text
    assert changed.remark == ""


def test_where_the_agent_wrote_the_line_anew_it_stays_and_that_is_said(begun: Editing) -> None:
    own = steps.rewrote(begun, begun.text.replace("Reason for not paying", "They say"))
    changed = steps.removed(own, REASON)
    assert "They say: reduced hours" in changed.text
    assert "press w to look" in changed.remark


LINES = st.lists(st.sampled_from("abcdef"), max_size=6, unique=True)


@given(before=LINES, after=LINES)
def test_what_the_agent_wrote_stays_through_every_change_of_the_lines(
    before: list[str], after: list[str]
) -> None:
    old, new = ("".join(f"{line}\n" for line in lines) for lines in (before, after))
    assert carried(old, new, old) == (new, True)
    own, whole = carried(old, new, f"{old}mine\n")
    assert own.split()[-1] == "mine"
    if whole:
        assert own.split() == [*after, "mine"]


def test_what_the_draft_says_is_told_where_the_text_differs() -> None:
    assert counterpart("a\nb\nc\n", "a\nx\nc\n", 1) == "b"
    assert counterpart("a\nb\nc\n", "a\nx\nc\n", 0) is None
    assert counterpart("a\nc\n", "a\nx\nc\n", 1) == ""
    assert counterpart("a\nb\nc\n", "a\nc\n", 1) == "b"


# Marks


def lines(*told: str) -> tuple[NoteLine, ...]:
    return tuple(NoteLine(text, (SAID,) if text[0] == "s" else ()) for text in told)


@pytest.mark.parametrize(
    ("drafted", "now", "marks"),
    [
        (("a", "b"), ("a", "b"), ["", ""]),
        (("a", "b"), ("a",), ["", "deleted"]),
        (("a",), ("a", "b"), ["", "added"]),
        (("said",), ("said so",), ["edited"]),
        (("said",), ("new",), ["added", "deleted"]),
        (("a", "said"), ("new", "said so"), ["edited", "edited"]),
        ((), (), []),
    ],
)
def test_each_line_is_marked_by_what_became_of_it(
    drafted: tuple[str, ...], now: tuple[str, ...], marks: list[str]
) -> None:
    assert [found.mark for found in compared(lines(*drafted), lines(*now))] == marks


TEXTS = st.lists(st.sampled_from(["a", "b", "c", "said", "so"]), max_size=5)


@given(drafted=TEXTS, now=TEXTS)
def test_no_line_is_lost_in_comparing(drafted: list[str], now: list[str]) -> None:
    found: list[Compared] = list(compared(lines(*drafted), lines(*now)))
    assert [each.line for each in found if each.line] == list(lines(*now))
    assert [each.at for each in found if each.line] == list(range(len(now)))
    kept = sorted(each.drafted.text for each in found if each.drafted)
    assert kept == sorted(drafted)


# The head


def test_the_head_says_what_is_to_confirm_how_long_it_is_and_whether_it_is_saved(
    begun: Editing,
) -> None:
    told = head.status(begun, "", 2000)
    assert told.startswith("Draft, not saved · 2 to confirm · short note ")
    assert told.endswith(" characters; limit 2,000")
    edited = steps.removed(begun, REASON)
    assert head.status(edited, "", 100).startswith("Edited, not saved")
    assert "over the limit of 100" in head.status(edited, "", 100)
    assert head.state(edited, "record 17") == "Saved: record 17"


# A real call


@pytest.mark.parametrize("name", ["af1-01", "uk1-01", "us2-01"])
def test_every_line_of_a_real_note_can_be_edited_deleted_and_brought_back(name: str) -> None:
    file = calls.TERM.with_name(f"{name}.json")
    begun = steps.begun(fold(run(transcript.read(file), calls.Annotated(file).stages())))
    places = [
        Place(number, at)
        for number, section in enumerate(begun.note.sections)
        for at in range(len(section.lines))
    ]
    assert len(places) > 5
    for place in places:
        line = steps.line_at(begun.note, place)
        changed = steps.reworded(begun, place, f"{line.text} (said twice)")
        assert steps.line_at(changed.note, place) == replace(line, text=f"{line.text} (said twice)")
        gone = steps.removed(changed, place)
        assert len(texts(gone)) == len(texts(begun)) - 1
        assert steps.undone(steps.undone(gone)) == begun


def test_without_a_day_of_the_call_a_day_in_a_line_is_not_guessed() -> None:
    call = replace(call_with(NOTE), started=None)
    assert call.account == Account()
    changed = steps.reworded(steps.begun(call), AGAIN, "To speak again: Friday")
    assert changed.note.callback_at == "2026-03-19T14:00"
    assert changed.remark
