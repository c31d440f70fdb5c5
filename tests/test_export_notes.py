"""The note in formats for people and programs, each read back by a library of that format."""

import csv
import datetime
import io
import json
import re
from decimal import Decimal

import pytest
from export_calls import CALLS, NASTY, NOW, PLANNED, call_of, note_saying
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker  # type: ignore[import-untyped]
from markdown_it import MarkdownIt
from msgspec.structs import replace

from agentassist.call import Call
from agentassist.cleaning import clean
from agentassist.export.csv_row import to_csv
from agentassist.export.doubts import confirmations
from agentassist.export.escaping import escaped
from agentassist.export.json_note import SCHEMA, note_schema, to_json
from agentassist.export.markdown import to_markdown
from agentassist.export.text import to_text
from agentassist.values import Doubt, Note, Plan, Promise, Settlement

every_call = pytest.mark.parametrize(("call", "note"), CALLS.values(), ids=CALLS)
CONTROLS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
PLAIN = {"inline", "text", "text_special", "strong_open", "strong_close", "em_open", "em_close"}
BLOCKS = {"paragraph", "heading", "bullet_list", "list_item"}


def kinds_and_text(markdown: str) -> tuple[set[str], str]:
    """The kinds of a document's tokens, and what a reader of it sees."""
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(markdown)
    children = [child for token in tokens for child in token.children or ()]
    kinds = {re.sub("_(open|close)$", "", token.type) for token in [*tokens, *children]}
    return kinds, " ".join(child.content for child in children)


# Text


def test_the_short_note_tells_the_outcome_first_and_has_no_empty_headings() -> None:
    lines = to_text(*CALLS["planned"]).splitlines()
    assert lines[0] == "Payment plan agreed (RPC-PTP) - Thursday 12 March 2026, 0:05 long"
    assert lines[1].startswith("Agreed: £40.00 monthly, first on Friday 27 March 2026, 12 payments")
    assert "direct debit" in lines[1]
    assert [line.split(":")[0] for line in lines[2:]] == [
        "Circumstances",
        "Wishes",
        "To do",
        "Support",
        "Identity",
        "Notices",
    ]
    assert lines[4] == "To do: send a letter, by Friday 13 March 2026"


def test_the_short_note_of_a_call_about_nothing_is_one_line() -> None:
    assert to_text(*CALLS["silent"]) == "No resolution, 0:00 long\n"


def test_the_short_note_fits_a_small_field() -> None:
    assert len(to_text(*CALLS["planned"])) < 500


def test_the_first_payment_of_a_plan_is_told_once() -> None:
    assert to_text(*CALLS["planned"]).count("27 March") == 1
    other = replace(PLANNED, promises=(*PLANNED.promises, Promise(Decimal(10), "GBP")))
    assert "£10.00" in to_text(call_of(), other)


@every_call
def test_text_holds_one_line_a_matter_and_no_control_characters(call: Call, note: Note) -> None:
    written = to_text(call, note)
    assert not CONTROLS.search(written)
    written.encode()
    assert len(written.splitlines()) <= 10


# Doubts


@pytest.mark.parametrize(
    ("doubt", "told"),
    [
        (Doubt("/promises/0/amount", ("3.50", "350.00")), "sum of the promise: £3.50 or £350.00"),
        (
            Doubt("/promises/0/date", ("2026-03-27", "2026-04-27")),
            "day of the promise: Friday 27 March 2026 or Monday 27 April 2026",
        ),
        (
            Doubt("/plan/frequency", ("weekly", "monthly")),
            "frequency of the plan: weekly or monthly",
        ),
        (
            Doubt("/callback_at", ("2026-03-19T09:00", "2026-03-19T21:00")),
            "callback: Thursday 19 March 2026, 09:00 or Thursday 19 March 2026, 21:00",
        ),
        (
            Doubt("/settlement/amount", ("300", "3000")),
            "sum of the settlement: £300.00 or £3,000.00",
        ),
        (Doubt("/promises/7/amount", ("some", "5")), "sum of promise 8: some or 5.00"),
        (Doubt("/represented_by", ("Ann", "Anne")), "represented by: Ann or Anne"),
    ],
    ids=lambda value: value.field if isinstance(value, Doubt) else "",
)
def test_a_doubt_is_told_in_the_notes_own_notation(doubt: Doubt, told: str) -> None:
    note = Note(
        "settlement",
        promises=(Promise(Decimal("3.50"), "GBP"),) * (2 if "7" in doubt.field else 1),
        plan=Plan(frequency="weekly"),
        settlement=Settlement(Decimal(300), "GBP"),
        doubts=(doubt,),
    )
    assert confirmations(note) == (told,)
    for written in (to_text(Call(), note), to_markdown(Call(), note), to_csv(Call(), note)):
        assert told in written


def test_a_doubted_figure_is_marked_where_it_stands() -> None:
    assert "£3.50 on Friday 27 March 2026, by card (to confirm)" in to_text(*CALLS["doubted"])
    doubted = replace(PLANNED, doubts=(Doubt("/promises/0/date", ("2026-03-27", "2026-04-27")),))
    assert "direct debit (to confirm)" in to_text(call_of(), doubted)


# Markdown


@every_call
def test_markdown_is_headings_and_lists_whatever_was_said(call: Call, note: Note) -> None:
    kinds, seen = kinds_and_text(to_markdown(call, note))
    assert kinds <= BLOCKS | {re.sub("_(open|close)$", "", kind) for kind in PLAIN}
    for section in note.sections:
        for line in section.lines:
            assert " ".join(clean(line.text).split()) in seen
            assert " ".join(clean(line.evidence[0].quote).split()) in seen


def test_markdown_tells_what_was_not_said_and_what_is_to_be_confirmed() -> None:
    written = to_markdown(*CALLS["doubted"])
    assert written.startswith("# Call note: Helen Carter\n\n**Outcome: promise to pay**\n")
    assert (
        "\n## To confirm\n\n- sum of the promise: £3.50 or £350.00\n\n## Circumstances\n" in written
    )
    assert "\n- a letter\n  - 0:05 caller: “a letter”\n\n## None\n\n*Not said.*\n" in written
    assert written.endswith("## Checklist\n\n- [x] a letter (0:05)\n- [ ] a letter\n")


def test_words_that_may_not_be_quoted_are_told_to_be_so() -> None:
    note = note_saying("")
    assert "(words not quoted)" in to_markdown(call_of(), note)


@given(st.text())
def test_escaped_text_is_read_as_it_was_said(text: str) -> None:
    text = clean(text)
    kinds, seen = kinds_and_text(f"- {escaped(text)}")
    assert kinds <= {"bullet_list", "list_item", "paragraph", "inline", "text", "text_special"}
    assert "".join(seen.split()) == "".join(text.split())


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("*bold* _it_ `code`", r"\*bold\* \_it\_ \`code\`"),
        ("[link](x) <b> | #", r"\[link\](x) \<b\> \| \#"),
        ("two\nlines", "two lines"),
        ("1. first", r"1\. first"),
        ("- item", r"\- item"),
        ("---", r"\---"),
        ("£5 - or $6", "£5 - or $6"),
    ],
)
def test_words_of_the_call_are_not_markdown(text: str, shown: str) -> None:
    assert escaped(text) == shown


# JSON


def test_the_published_schema_is_that_of_the_note() -> None:
    renewed = "agentassist export --schema > agentassist/export/note.schema.json"
    assert SCHEMA.read_text(encoding="utf-8") == note_schema(), renewed


@every_call
def test_json_keeps_the_published_schema(call: Call, note: Note) -> None:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    written = to_json(call, note)
    Draft202012Validator(schema, format_checker=FormatChecker()).validate(json.loads(written))
    assert not CONTROLS.search(written)
    written.encode()


def test_the_schema_refuses_what_is_no_note() -> None:
    check = Draft202012Validator(json.loads(note_schema()))
    assert not check.is_valid({"outcome": "lunch"})
    assert not check.is_valid({"outcome": "refused", "promises": [{"amount": "40.00"}]})


def test_json_has_sums_as_numbers_and_days_as_dates() -> None:
    written = json.loads(to_json(*CALLS["planned"]), parse_float=Decimal)
    assert written["plan"]["amount"] == Decimal("40.00")
    assert written["promises"][0]["date"] == "2026-03-27"


# CSV


def row_of(call: Call, note: Note) -> dict[str, str]:
    (row,) = csv.DictReader(io.StringIO(to_csv(call, note), newline=""), strict=True)
    return row


@every_call
def test_a_csv_row_is_one_row_that_starts_no_formula(call: Call, note: Note) -> None:
    for cell in row_of(call, note).values():
        assert not re.match(r"\s*[=+\-@]", cell) or re.fullmatch(r"-\d+(\.\d+)?", cell)
        assert not CONTROLS.search(cell)


@every_call
def test_no_csv_cell_starts_a_formula_where_semicolons_part_cells(call: Call, note: Note) -> None:
    """As a spreadsheet does in half of Europe."""
    written = to_csv(call, note, header=False)
    for delimiter in ";\t,":
        for row in csv.reader(io.StringIO(written, newline=""), delimiter=delimiter):
            for cell in row:
                assert not re.match(r"\s*[=+\-@＝＋－＠](?!\d+(\.\d+)?$)", cell)


def test_a_csv_row_has_the_fields_that_a_crm_wants() -> None:
    row = row_of(*CALLS["planned"])
    assert row["outcome"] == "payment_plan"
    assert row["right_party"] == "yes"
    assert row["promises"] == "40.00 GBP 2026-03-27 direct_debit"
    assert row["plan_total"] == "480.00"
    assert row["cease"] == "work"
    assert row["note"] == to_text(*CALLS["planned"])
    assert row_of(*CALLS["nasty 0"])["balance"] == "-5"


def test_the_header_of_a_csv_row_is_a_choice_and_never_differs() -> None:
    with_header = {to_csv(*sample).split("\r\n")[0] for sample in CALLS.values()}
    assert len(with_header) == 1
    call, note = CALLS["blank"]
    assert to_csv(call, note).split("\r\n", 1)[1] == to_csv(call, note, header=False)


def test_a_formula_is_kept_as_text_behind_an_apostrophe() -> None:
    row = row_of(*CALLS["nasty 0"])
    assert row["account_name"] == f"'{NASTY[0]}"
    assert row_of(*CALLS["nasty 7"])["creditor"] == "'-2+3;'=1+1 @SUM(A1)"


def test_the_time_of_a_call_is_that_of_its_source() -> None:
    row = row_of(*CALLS["nasty 1"])
    assert datetime.datetime.fromisoformat(row["started_at"]) == NOW
    assert row["call_date"] == "2026-03-12"
