"""Doubtful figures: which are told, with what readings; and the reading that was chosen."""

import datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from noted import ACCOUNT, CALL_DATE, Said, call_of, note_of

from agentassist.call import Call
from agentassist.note import chosen, draft
from agentassist.note import words as told
from agentassist.packs import load
from agentassist.values import Doubt, Note, Settlement, Utterance, Word

SHIPPED = load()
PLAN: tuple[Said, ...] = (
    ("agent", "You owe four hundred and eighty pounds.", "amount_stated"),
    ("caller", "I'll do one twenty a month, the first next Friday.", "promise"),
    ("agent", "One twenty a month, first next Friday, four payments.", "recap plan_terms"),
)
SINGLE: tuple[Said, ...] = (
    ("caller", "I'll pay three fifty on Friday week.", "promise"),
    ("agent", "Three fifty on Friday week, then.", "recap"),
)


def readings(note: Note) -> dict[str, tuple[str, ...]]:
    return {doubt.field: doubt.readings for doubt in note.doubts}


def lines(note: Note) -> list[str]:
    return [line.text for section in note.sections for line in section.lines]


def test_two_bare_numbers_are_a_sum_in_doubt_and_the_likelier_is_drafted() -> None:
    note = note_of(*SINGLE)
    assert note.promises[0].amount == Decimal("350.00")
    assert readings(note)["/promises/0/amount"] == ("350.00", "3.50")


def test_friday_week_may_be_the_coming_friday() -> None:
    assert readings(note_of(*SINGLE))["/promises/0/date"] == ("2026-03-20", "2026-03-13")


def test_a_doubt_shows_the_words_that_gave_it() -> None:
    (shown,) = note_of(*SINGLE).doubts[0].evidence
    assert (shown.turn, shown.speaker) == (1, "agent")
    assert "Three fifty" in shown.quote


def test_a_plan_is_doubted_once_not_again_in_its_first_promise() -> None:
    assert readings(note_of(*PLAN)) == {
        "/plan/amount": ("120.00", "1.20"),
        "/plan/first_date": ("2026-03-20", "2026-03-13"),
    }


@pytest.mark.parametrize(
    "plain",
    [
        "Three hundred and fifty pounds, on Friday week, the twentieth.",
        "Three hundred and fifty on Friday the twentieth.",
    ],
)
def test_what_is_also_said_plainly_is_not_in_doubt(plain: str) -> None:
    assert note_of(SINGLE[0], ("agent", plain, "recap")).doubts == ()


def test_a_plain_figure_is_not_in_doubt() -> None:
    note = note_of(("caller", "I'll pay forty pounds on the twenty-seventh.", "promise"))
    assert note.promises
    assert note.doubts == ()


@pytest.mark.parametrize(
    ("said", "readings_"),
    [
        ("the twelfth", ("2026-03-12", "2026-04-12")),
        ("the fourteenth", ("2026-03-14", "2026-04-14")),
        ("Monday the thirteenth", ("2026-04-13", "2026-03-13")),
        ("4/5", ("2026-05-04", "2026-04-05")),
    ],
)
def test_a_day_that_two_months_have_is_in_doubt(said: str, readings_: tuple[str, ...]) -> None:
    note = note_of(("caller", f"I'll pay forty pounds on {said}.", "promise"))
    assert readings(note) == {"/promises/0/date": readings_}


def test_a_callback_keeps_its_time_in_each_reading() -> None:
    note = note_of(
        ("caller", "Call me next Friday.", "callback"), ("agent", "At ten then, next Friday.", "")
    )
    assert readings(note) == {"/callback_at": ("2026-03-20T10:00", "2026-03-13T10:00")}


def with_word(call: Call, text: str, confidence: float) -> Call:
    """The call with one word of its last turn as the recogniser rated it."""
    last = call.turns[-1]
    word = Word(text, 0.0, 0.5, confidence)
    heard = Utterance(last.turn.start, last.turn.end, 0, len(last.turn.text), (word,))
    turn = replace(last, turn=replace(last.turn, utterances=(heard,)))
    return replace(call, turns=(*call.turns[:-1], turn))


@pytest.mark.parametrize(("confidence", "doubted"), [(0.3, True), (0.95, False)])
def test_a_word_that_was_badly_heard_brings_its_sound_alike(
    confidence: float, doubted: bool
) -> None:
    call = call_of(("caller", "I'll pay fifteen pounds on the twentieth.", "promise"))
    note = draft(with_word(call, "fifteen", confidence), SHIPPED)
    expected = {"/promises/0/amount": ("15.00", "50.00")} if doubted else {}
    assert readings(note) == expected


def test_the_first_reading_chosen_changes_nothing_but_the_doubt() -> None:
    note = note_of(*PLAN)
    for doubt in note.doubts:
        settled = chosen(note, doubt, doubt.readings[0])
        assert settled == replace(note, doubts=tuple(d for d in note.doubts if d != doubt))


def test_another_reading_stands_in_the_fields_and_in_the_lines_that_tell_them() -> None:
    note = note_of(*SINGLE)
    amount, date = note.doubts
    settled = chosen(chosen(note, amount, "3.50"), date, "2026-03-13")
    assert settled.doubts == ()
    assert settled.promises[0].amount == Decimal("3.50")
    assert settled.promises[0].date == datetime.date(2026, 3, 13)
    assert "Promised by the caller: £3.50 on Friday 13 March 2026" in lines(settled)
    assert "Caller to do: pay £3.50, by Friday 13 March 2026" in lines(settled)
    assert not any("350.00" in line or "20 March" in line for line in lines(settled))
    assert settled.follow_ups[-1].text == "pay £3.50"


def test_a_plan_takes_its_first_promise_and_its_total_along() -> None:
    note = note_of(*PLAN)
    assert note.plan is not None
    assert (note.plan.total, note.plan.covers_balance) == (Decimal("480.00"), True)
    settled = chosen(note, note.doubts[0], "1.20")
    assert settled.plan is not None
    assert settled.plan.total == Decimal("4.80")
    assert settled.plan.covers_balance is None
    assert settled.promises[0].amount == Decimal("1.20")


def test_a_callback_that_was_chosen_is_told_and_left_to_be_done() -> None:
    note = note_of(("caller", "Call me next Friday at ten.", "callback"))
    settled = chosen(note, note.doubts[0], "2026-03-13T10:00")
    assert settled.callback_at == "2026-03-13T10:00"
    assert "To speak again: Friday 13 March 2026, 10:00" in lines(settled)
    assert settled.follow_ups[-1].date == datetime.date(2026, 3, 13)


def test_a_settlement_moves_with_its_payment() -> None:
    note = note_of(
        ("caller", "I'll pay two fifty on the twentieth.", "promise"),
        ("agent", "Two fifty on the twentieth, in full and final settlement.", "recap"),
    )
    assert note.settlement == Settlement(Decimal("250.00"), "GBP", Decimal("230.00"))
    settled = chosen(note, note.doubts[0], "2.50")
    assert settled.settlement == Settlement(Decimal("2.50"), "GBP", Decimal("477.50"))


@given(st.permutations(range(2)), st.lists(st.integers(0, 1), min_size=2, max_size=2))
def test_doubts_may_be_settled_in_any_order(order: list[int], take: list[int]) -> None:
    note = note_of(*PLAN)
    settled, other = note, note
    for place in order:
        settled = chosen(settled, note.doubts[place], note.doubts[place].readings[take[place]])
    for place in reversed(order):
        other = chosen(other, note.doubts[place], note.doubts[place].readings[take[place]])
    assert settled == other
    assert settled.doubts == ()


@given(st.sampled_from(["350.00", "3.50"]), st.sampled_from(["2026-03-20", "2026-03-13"]))
def test_a_reading_that_was_chosen_can_be_changed_back(amount: str, date: str) -> None:
    note = note_of(*SINGLE)
    plain = replace(note, doubts=())
    settled = note
    for doubt, reading in zip(note.doubts, (amount, date), strict=True):
        settled = chosen(settled, doubt, reading)
    for doubt in note.doubts:
        settled = chosen(settled, doubt, doubt.readings[0])
    assert settled == plain


@pytest.mark.parametrize(
    ("field", "reading"),
    [
        ("/promises/7/amount", "1.00"),
        ("/promises/0/amount", "much"),
        ("/promises/0/date", "soon"),
        ("/callback_at", "later"),
        ("/plan/amount", "1.00"),
        ("/outcome", "refused"),
    ],
)
def test_a_reading_that_does_not_fit_is_refused(field: str, reading: str) -> None:
    doubt = Doubt(field, (reading,))
    with pytest.raises(ValueError, match=r"."):
        chosen(note_of(*SINGLE), doubt, reading)


def test_every_figure_has_its_line_in_the_note() -> None:
    note: Any = note_of(*PLAN)
    assert set(told.figures(note)) <= set(lines(note))
    assert ACCOUNT.balance == Decimal("480.00")
    assert CALL_DATE.isoweekday() == 4
