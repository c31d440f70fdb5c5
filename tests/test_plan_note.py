"""What was drawn up on the plan sheet: journaled, told in the note as drawn, and in its exports."""

import csv
import datetime
import io
import json
from collections.abc import Iterator
from decimal import Decimal

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]
from msgspec.structs import replace
from noted import ACCOUNT, BOOK, CALL_DATE, Said, labels_of, lines_of

from agentassist import dialogue
from agentassist import events as ev
from agentassist.arrangement import Arrangement, MeansLine
from agentassist.call import Call, fold
from agentassist.export.csv_row import to_csv
from agentassist.export.formats import Settings, export
from agentassist.export.json_note import note_schema, to_json
from agentassist.export.markdown import to_markdown
from agentassist.export.text import to_text
from agentassist.note import chosen
from agentassist.note.drawn import TITLE, is_as_drawn
from agentassist.pipeline import run, stages
from agentassist.plans.arranging import Terms, arrangement
from agentassist.plans.limits import Limits
from agentassist.redaction import redacted
from agentassist.session import CallSession
from agentassist.tui.note import editing, figures
from agentassist.tui.note.marks import Place
from agentassist.values import Note, Promise

NOW = datetime.datetime(2026, 3, 12, 15, 0, tzinfo=datetime.UTC)
FIRST = datetime.date(2026, 3, 27)
BALANCE = Decimal("482.10")
TERMS = Terms("plan", BALANCE, FIRST, amount=Decimal(40), currency="GBP")
PLAN = arrangement(TERMS)
SETTLED = arrangement(
    Terms("settlement", BALANCE, FIRST, amount=Decimal(300), instalments=2, currency="GBP")
)

OFFER: Said = ("caller", "I could do forty pounds a month from the twenty-seventh.", "offer")
AGREED: tuple[Said, ...] = (
    ("agent", "Forty pounds a month from the twenty-seventh of March, then.", "plan_terms recap"),
    ("caller", "Yes, put that through.", "promise"),
)
VAGUE: tuple[Said, ...] = (
    ("agent", "Forty pounds a month, then.", "plan_terms recap"),
    ("caller", "Yes, put that through.", "promise"),
)


def heard(drawn: Arrangement | None, *lines: Said) -> list[ev.Heard]:
    account = replace(ACCOUNT, balance=BALANCE)
    started = ev.CallStarted(0.0, "test", "none", call_date=CALL_DATE, account=account)
    spoken = [dialogue.SpokenLine(who, text) for who, text, _ in lines]
    events = list(dialogue.heard(started, spoken))
    return [*events[:-1], *([ev.PlanDrawn(1.0, drawn)] if drawn else ()), events[-1]]


def call_of(drawn: Arrangement | None, *lines: Said) -> Call:
    """The whole coach over a dialogue in which that was drawn up."""
    coach = stages(BOOK, lambda turn, _: labels_of(lines[turn.index][2], turn.text))
    return fold(run(heard(drawn, *lines), coach))


def note_of(drawn: Arrangement | None, *lines: Said) -> Note:
    note = call_of(drawn, *lines).note
    assert note is not None
    return note


def calendar_of(call: Call) -> list[str]:
    """Summaries of its entries with their days."""
    written = export(call, call.note, "icalendar", Settings(NOW, "localhost")).decode()
    lines = written.replace("\r\n ", "").splitlines()
    days = [line.partition(":")[2] for line in lines if line.startswith("DTSTART")]
    titles = [line.partition(":")[2] for line in lines if line.startswith("SUMMARY")]
    return [f"{day} {title}" for day, title in zip(days, titles, strict=False)]


# As a fact of the call


def test_what_is_drawn_up_is_a_heard_event_and_the_last_one_holds() -> None:
    seen: list[ev.AnyEvent] = []
    session = CallSession([], [], [seen.append])
    assert not session.keep_plan(PLAN), "nothing was heard yet"
    session._take(ev.CallStarted(0.0, "test", "none"))
    assert session.keep_plan(PLAN)
    assert session.keep_plan(SETTLED)
    assert session.call.drawn == ev.PlanDrawn(0.0, SETTLED)
    session._take(ev.CallEnded(1.0))
    assert not session.keep_plan(PLAN)
    kept = [event for event in seen if isinstance(event, ev.PlanDrawn)]
    assert [ev.decode_heard(ev.encode(event)) for event in kept] == kept


def test_free_words_of_means_are_redacted_and_sums_are_not() -> None:
    card = MeansLine("outgoing", "card 4111 1111 1111 1111", Decimal(30), "monthly")
    drawn = replace(PLAN, means=(card,))
    session = CallSession([], [], [])
    session._take(ev.CallStarted(0.0, "test", "none"))
    session.keep_plan(drawn)
    masked = list(redacted([ev.CallStarted(0.0, "test", "none"), ev.PlanDrawn(1.0, drawn)]))[1]
    assert session.call.drawn
    assert isinstance(masked, ev.PlanDrawn)
    for kept in (session.call.drawn, masked):
        assert kept.arrangement.means[0].words == "card [card number]"
        assert kept.arrangement.payments == PLAN.payments


# In the note


def test_what_was_drawn_up_is_told_as_drawn_and_is_no_promise() -> None:
    note = note_of(PLAN, OFFER)
    assert (note.promises, note.plan, note.drawn) == ((), None, PLAN)
    (told,) = lines_of(note, TITLE)
    assert told == (
        "Drawn up by the agent, not said by the caller: instalments, 12 payments, £40.00 monthly "
        "from Friday 27 March 2026, the last £42.10 on Saturday 27 February 2027, "
        "£482.10 in all of £482.10"
    )
    assert "(not agreed as drawn)" in to_text(Call(), note)


def test_without_a_drawn_plan_the_note_has_no_section_of_it() -> None:
    note = note_of(None, OFFER, *AGREED)
    assert note.drawn is None
    assert TITLE not in [section.title for section in note.sections]
    assert "Drawn up" not in to_text(Call(), note)


def test_where_the_words_agree_the_sheet_tells_what_they_left_out() -> None:
    note = note_of(PLAN, *VAGUE)
    assert note.plan is not None
    assert (note.plan.first_date, note.plan.instalments) == (FIRST, 12)
    assert (note.plan.total, note.plan.covers_balance) == (BALANCE, True)
    assert note.promises == (Promise(Decimal("40.00"), "GBP", FIRST),)
    assert note.doubts == ()
    assert is_as_drawn(note)
    told = lines_of(note, TITLE)
    assert "Taken from the plan sheet: first day, number of payments, total" in told
    said = lines_of(note_of(None, *VAGUE), "Offers and agreement")
    assert list(said) != list(lines_of(note, "Offers and agreement"))


@pytest.mark.parametrize(
    ("change", "field", "readings"),
    [
        ({"amount": Decimal(50)}, "/plan/amount", ("40.00", "50.00")),
        ({"frequency": "weekly"}, "/plan/frequency", ("monthly", "weekly")),
        (
            {"first_date": datetime.date(2026, 4, 1)},
            "/plan/first_date",
            ("2026-03-27", "2026-04-01"),
        ),
    ],
    ids=["amount", "frequency", "day"],
)
def test_where_the_words_contradict_it_that_is_a_doubt(
    change: dict[str, object], field: str, readings: tuple[str, str]
) -> None:
    note = note_of(arrangement(replace(TERMS, **change)), *AGREED)
    (doubt,) = note.doubts
    assert (doubt.field, doubt.readings) == (field, readings)
    assert doubt.evidence[0].quote
    assert note.plan is not None
    assert note.plan.amount == 40, "what was said stands until it is confirmed"
    assert note.plan.instalments is None
    assert not is_as_drawn(note)
    as_drawn = chosen(note, doubt, doubt.readings[1])
    assert is_as_drawn(as_drawn)
    assert as_drawn.doubts == ()


def test_one_payment_that_was_drawn_up_contradicts_a_plan_that_was_said() -> None:
    once = arrangement(replace(TERMS, amount=BALANCE))
    (doubt,) = note_of(once, *AGREED).doubts
    assert (doubt.field, doubt.readings) == ("/plan/amount", ("40.00", "482.10"))


def test_a_number_of_payments_that_was_said_is_doubted_and_chosen_with_the_exact_total() -> None:
    said = ("agent", "So ten payments of forty pounds monthly from the 27th.", "plan_terms recap")
    note = note_of(PLAN, said, VAGUE[1])  # type: ignore[arg-type]
    (doubt,) = note.doubts
    assert doubt == replace(doubt, field="/plan/instalments", readings=("10", "12"))
    settled = chosen(note, doubt, "12").plan
    assert settled is not None
    assert (settled.instalments, settled.total, settled.covers_balance) == (12, BALANCE, True)
    as_said = chosen(note, doubt, "10").plan
    assert as_said is not None
    assert (as_said.total, as_said.covers_balance) == (Decimal(400), None)


def test_a_sum_in_doubt_by_its_words_is_asked_about_once_with_what_was_drawn() -> None:
    said = ("agent", "So three fifty a month from the twenty-seventh.", "plan_terms recap")
    drawn = arrangement(replace(TERMS, amount=Decimal("3.60")))
    note = note_of(drawn, said, VAGUE[1])  # type: ignore[arg-type]
    (doubt,) = note.doubts
    assert doubt.readings == ("350.00", "3.50", "3.60")


def test_a_settlement_of_another_sum_is_doubted_and_moves_what_is_written_off() -> None:
    lines: tuple[Said, ...] = (
        (
            "agent",
            "So two hundred and eighty pounds on the twenty-seventh settles the account in full.",
            "options recap",
        ),
        ("caller", "I will pay that.", "promise"),
    )
    note = note_of(SETTLED, *lines)
    (doubt,) = note.doubts
    assert (doubt.field, doubt.readings) == ("/settlement/amount", ("280.00", "300.00"))
    settled = chosen(note, doubt, "300")
    assert settled.settlement is not None
    assert settled.settlement.written_off == Decimal("182.10")
    assert settled.promises[0].amount == 300
    assert is_as_drawn(settled)


SETTLES: tuple[Said, ...] = (
    (
        "agent",
        "So three hundred pounds on the twenty-seventh settles the account in full.",
        "options recap",
    ),
    ("caller", "I will pay that.", "promise"),
)


def test_a_settlement_that_was_agreed_as_drawn_is_in_no_doubt_and_told_so() -> None:
    note = note_of(SETTLED, *SETTLES)
    assert note.doubts == ()
    assert note.settlement is not None
    assert note.settlement.written_off == Decimal("182.10")
    assert is_as_drawn(note)
    assert "£182.10 written off" in to_text(Call(), note)


def test_a_part_payment_is_as_drawn_where_that_very_payment_was_promised() -> None:
    part = Terms("partial", BALANCE, FIRST, amount=Decimal(50), currency="GBP")
    said: Said = ("caller", "I will pay fifty pounds on the twenty-seventh of March.", "promise")
    assert is_as_drawn(note_of(arrangement(part), said))
    other = note_of(arrangement(replace(part, amount=Decimal(60))), said)
    assert not is_as_drawn(other)
    assert "£422.10 left owing" in to_text(Call(), other)
    assert other.promises[0].amount == 50


def test_what_is_paid_today_is_the_first_of_the_schedule() -> None:
    drawn = arrangement(replace(TERMS, down=Decimal("82.10"), today=CALL_DATE))
    note = note_of(drawn, *AGREED)
    assert "£82.10 on Thursday 12 March 2026, 10 payments" in next(iter(lines_of(note, TITLE)))
    assert note.plan is not None
    assert (note.plan.instalments, note.plan.total) == (10, Decimal(400))


def test_limits_and_means_stand_in_the_note_with_the_moment_they_were_told() -> None:
    means = (MeansLine("outgoing", "rent", Decimal(650), "monthly", 0),)
    drawn = arrangement(replace(TERMS, means=means), Limits(longest_months=6))
    rent: Said = ("caller", "The rent is six hundred and fifty a month.", "hardship:rising_costs")
    told = lines_of(note_of(drawn, rent, *VAGUE), TITLE)
    assert "Outside the limits: lasts 6 months longer than the 6 allowed" in told
    assert told["As told, rent: £650.00 monthly goes out"] == [rent[1]]


def test_taking_its_line_out_of_the_note_takes_it_out_of_the_fields() -> None:
    note = note_of(PLAN, OFFER)
    place = [section.title for section in note.sections].index(TITLE)
    line = editing.line_at(note, Place(place, 0))
    assert figures.removed(note, line).drawn is None


# In the exports


def test_markdown_has_the_schedule_as_a_table() -> None:
    call = call_of(PLAN, *AGREED)
    assert call.note
    written = to_markdown(call, call.note)
    assert "\n## Schedule of the plan drawn up\n\n| | Day | Payment | Left |\n|---:|" in written
    assert "\n| 1 | Friday 27 March 2026 | £40.00 | £442.10 |\n" in written
    assert "\n| 12 | Saturday 27 February 2027 | £42.10 | £0.00 |\n" in written


def test_the_calendar_has_every_payment_once_where_it_was_agreed() -> None:
    entries = [e for e in calendar_of(call_of(PLAN, *AGREED)) if "Payment" in e]
    assert entries[0] == "20260327 Payment promised: £40.00 - Helen Carter"
    assert entries[1] == "20260427 Payment 2 of 12: £40.00 - Helen Carter"
    assert entries[-1] == "20270227 Payment 12 of 12: £42.10 - Helen Carter"
    assert len(entries) == 12


def test_the_calendar_has_no_payment_that_was_only_drawn_up() -> None:
    other = arrangement(replace(TERMS, amount=Decimal(50)))
    entries = [e for e in calendar_of(call_of(other, *AGREED)) if "Payment" in e]
    assert entries == ["20260327 Payment promised: £40.00 - Helen Carter"]


def _numbers(written: str) -> Iterator[Decimal]:
    for payment in json.loads(written, parse_float=Decimal)["drawn"]["payments"]:
        yield Decimal(payment["amount"])


def test_json_keeps_the_schema_and_csv_has_its_columns_last() -> None:
    call = call_of(SETTLED, *AGREED)
    assert call.note
    written = to_json(call, call.note)
    Draft202012Validator(json.loads(note_schema())).validate(json.loads(written))
    assert list(_numbers(written)) == [Decimal(150), Decimal(150)]
    row = next(csv.DictReader(io.StringIO(to_csv(call, call.note), newline="")))
    assert list(row)[-7:] == [
        "drawn_kind",
        "drawn_payments",
        "drawn_currency",
        "drawn_total",
        "drawn_written_off",
        "drawn_left_owing",
        "drawn_outside_limits",
    ]
    assert row["drawn_payments"] == "2026-03-27 150.00; 2026-04-27 150.00"
    assert (row["drawn_total"], row["drawn_written_off"]) == ("300.00", "182.10")
