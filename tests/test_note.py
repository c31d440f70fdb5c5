"""The draft note: codes, lines with their evidence, and Markdown."""

import datetime
import json
import time
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

import pytest
from noted import (
    BOOK,
    CALL_DATE,
    Said,
    call_of,
    labels_of,
    lines_of,
    note_of,
)

from agentassist import dialogue
from agentassist import events as ev
from agentassist.account import Account
from agentassist.call import Call, LabelledTurn, fold
from agentassist.demo import DIALOGUE
from agentassist.export.escaping import escaped
from agentassist.export.markdown import to_markdown
from agentassist.pipeline import run, stages
from agentassist.values import Label, Note, Plan, Promise, Turn
from agentassist.vocabulary import FLAGS

AGREED: tuple[Said, ...] = (
    ("caller", "Could I do thirty pounds a month?", "offer"),
    ("agent", "Forty pounds a month, the first on the twenty-seventh?", "plan_terms"),
    ("caller", "Yes, I will set that up.", "promise"),
    ("agent", "So forty a month for twelve months, from the twenty-seventh.", "recap plan_terms"),
)


AGREED_PLAN = Plan(
    Decimal("40.00"),
    "GBP",
    "monthly",
    datetime.date(2026, 3, 27),
    instalments=12,
    total=Decimal("480.00"),
    covers_balance=True,
)


@pytest.fixture(scope="module")
def demo() -> Call:
    """The bundled call with its own reference labels."""
    written = json.loads(DIALOGUE.read_text(encoding="utf-8"))
    details = {"hardship": "hardship:reduced_hours", "cease_contact": "cease_contact:work"}
    lines: list[Said] = [
        (turn["speaker"], turn["text"], " ".join(details.get(n, n) for n in turn["labels"]))
        for turn in written["turns"]
    ]
    account = Account("Helen Carter", "Green Valley Energy", Decimal("480.00"), "GBP", "bills")
    return call_of(*lines, account=account)


def drafted(call: Call) -> Note:
    assert call.note is not None
    return call.note


def test_the_note_is_drafted_once_when_the_call_ends() -> None:
    heard = list(
        dialogue.heard(ev.CallStarted(0.0, "test", "none"), [dialogue.SpokenLine("agent", "Hello")])
    )
    stream = list(run(heard, stages(BOOK, lambda _turn, _before: ())))
    at = [isinstance(event, ev.NoteDrafted) for event in stream]
    assert sum(at) == 1
    assert at.index(True) > [isinstance(event, ev.CallEnded) for event in stream].index(True)


def test_the_bundled_call_gives_its_reference_note(demo: Call) -> None:
    note = drafted(demo)
    assert note.outcome == "payment_plan"
    assert note.plan == AGREED_PLAN
    assert note.promises == (Promise(Decimal("40.00"), "GBP", datetime.date(2026, 3, 27)),)
    assert note.hardship == ("reduced_hours",)
    assert note.cease == ("work",)
    assert note.callback_at is None
    assert note.actions == ("make a note of that", "send you a letter to confirm it")


def test_every_line_about_the_call_shows_who_said_it_and_when(demo: Call) -> None:
    for section in drafted(demo).sections[1:]:
        for line in section.lines:
            assert line.evidence, line.text
            for shown in line.evidence:
                said = demo.turn(shown.turn).turn
                assert shown.speaker == said.speaker
                assert shown.quote in said.text
                assert said.start <= shown.at <= said.end


def test_flags_are_left_out_of_the_record(demo: Call) -> None:
    quoted = to_markdown(demo, drafted(demo))
    flagged = [turn.turn.text for turn in demo.turns if turn.has(*FLAGS)]
    assert len(flagged) == 2
    assert not any(text in quoted for text in flagged)


def test_of_a_flagged_turn_only_the_sentence_that_matters_is_quoted() -> None:
    text = "You owe four hundred and eighty pounds. A decent mother would have paid."
    call = call_of(("agent", text, ""))

    def classify(turn: Turn, before: Sequence[LabelledTurn]) -> tuple[Label, ...]:
        return (
            Label("amount_stated", 1.0, "rule:test", 0, 39),
            Label("shaming", 1.0, "rule:test", 40, len(turn.text)),
        )

    assert call.started is not None
    heard = dialogue.heard(call.started, [dialogue.SpokenLine("agent", text)])
    note = drafted(fold(run(heard, stages(BOOK, classify))))
    (quotes,) = lines_of(note, "Identity and notices").values()
    assert quotes == ["You owe four hundred and eighty pounds."]


def test_a_section_about_which_nothing_was_said_is_blank() -> None:
    note = note_of(("agent", "Hello there.", ""))
    assert [section.title for section in note.sections if section.lines] == ["Call"]
    assert note.outcome == "no_resolution"


def test_an_offer_that_was_declined_is_no_promise() -> None:
    note = note_of(
        ("caller", "Could I do ten pounds on Friday?", "offer"),
        ("agent", "I'm afraid that is too little.", ""),
    )
    assert note.promises == ()
    assert lines_of(note, "Offers and agreement") == {
        "Proposed by the caller": ["Could I do ten pounds on Friday?"]
    }


def test_a_promise_that_is_taken_back_does_not_stand() -> None:
    note = note_of(*AGREED, ("caller", "No. I won't pay you a penny.", "refusal"))
    assert (note.outcome, note.promises, note.plan) == ("refused", (), None)


def test_the_terms_that_stand_are_the_last_ones() -> None:
    note = note_of(*AGREED)
    assert note.plan == AGREED_PLAN


def test_two_unequal_payments_are_two_promises_and_no_plan() -> None:
    note = note_of(
        ("caller", "I'll pay four hundred on Friday and two hundred a week later.", "promise"),
        ("agent", "So four hundred on Friday, two hundred on the twentieth.", "recap plan_terms"),
    )
    assert note.plan is None
    assert note.outcome == "promise_to_pay"
    assert [(p.amount, p.date) for p in note.promises] == [
        (Decimal("400.00"), datetime.date(2026, 3, 13)),
        (Decimal("200.00"), datetime.date(2026, 3, 20)),
    ]


def test_a_payment_of_everything_in_the_call_is_the_balance_paid_today() -> None:
    note = note_of(
        ("agent", "It is four hundred and sixty pounds now.", "amount_stated"),
        ("caller", "I'll pay the lot right now.", "promise"),
        ("agent", "That went through, thank you.", "recap"),
    )
    assert note.outcome == "paid_now"
    assert note.promises == (Promise(Decimal("460.00"), "GBP", CALL_DATE),)


OUTCOMES: dict[str, tuple[str, Iterable[Said]]] = {
    "wrong party": ("wrong_party", [("caller", "There is no Helen here.", "wrong_party")]),
    "settlement": (
        "settlement",
        [
            ("caller", "I'll pay two hundred on Friday.", "promise"),
            ("agent", "Two hundred on Friday, in full and final settlement.", "recap"),
        ],
    ),
    "represented": (
        "represented",
        [
            ("caller", "My solicitor deals with it.", "represented"),
            ("agent", "I put it on hold until they write.", "recap"),
        ],
    ),
    "all contact to cease": (
        "cease_contact",
        [
            ("caller", "Never contact me again.", "cease_contact:all"),
            ("agent", "I take every number off, and nobody will write.", "recap"),
        ],
    ),
    "dispute that is taken up": (
        "dispute",
        [
            ("caller", "I never had that account.", "dispute"),
            ("caller", "And I won't pay it.", "refusal"),
            ("agent", "I mark it as disputed.", "recap"),
        ],
    ),
    "hold": (
        "hardship_hold",
        [
            ("caller", "I lost my job.", "hardship:job_loss"),
            ("agent", "Your account is on hold for sixty days.", "recap"),
        ],
    ),
    "refusal": ("refused", [("caller", "I'm not paying.", "refusal")]),
    "callback": (
        "callback",
        [
            ("caller", "Can you ring me tomorrow at ten?", "callback"),
            ("agent", "I'll ring you tomorrow at ten.", "recap"),
        ],
    ),
    "complaint to a manager": (
        "escalated",
        [
            ("caller", "I want your manager.", "complaint"),
            ("agent", "I'll put you through to my manager now.", ""),
        ],
    ),
}


@pytest.mark.parametrize(("outcome", "lines"), OUTCOMES.values(), ids=OUTCOMES)
def test_the_outcome_is_what_stands_at_the_end(outcome: str, lines: Iterable[Said]) -> None:
    assert note_of(*lines).outcome == outcome


def test_an_agreement_outweighs_a_dispute_that_was_settled_before() -> None:
    note = note_of(("caller", "That sum is wrong.", "dispute"), *AGREED)
    assert note.outcome == "payment_plan"


@pytest.mark.parametrize(
    ("wish", "answer", "at"),
    [
        ("Ring me tomorrow.", "I'll ring you at ten then.", "2026-03-13T10:00"),
        (
            "Phone me the first week of September. Say the first.",
            "Tuesday the first of September. I've put it down.",
            "2026-09-01",
        ),
        ("Call me Thursday after two.", "Thursday the nineteenth it is.", "2026-03-19T14:00"),
        ("Can we do this on Monday?", "Of course.", "2026-03-16"),
        ("Not now, after five please.", "Of course.", "2026-03-12T17:00"),
        ("Another time, please.", "Of course.", None),
    ],
)
def test_a_callback_is_told_with_day_and_time(wish: str, answer: str, at: str | None) -> None:
    note = note_of(("caller", wish, "callback"), ("agent", answer, ""))
    assert note.callback_at == at


def test_a_callback_that_the_talk_went_past_is_no_longer_wanted() -> None:
    talk: list[Said] = [("agent", "I see.", ""), ("caller", "Yes.", "")]
    note = note_of(("caller", "Call me tonight after eight.", "callback"), *talk * 3, *AGREED)
    assert note.callback_at is None


def test_a_call_that_the_agent_announces_is_a_callback() -> None:
    note = note_of(
        ("agent", "You send the form, and I'll ring you on the first of April.", "recap")
    )
    assert note.callback_at == "2026-04-01"


def test_hardship_is_told_by_its_codes() -> None:
    note = note_of(
        ("caller", "I lost my job and my mother died.", "hardship:job_loss hardship:bereavement"),
        ("caller", "Everything is too much.", "hardship:other"),
    )
    assert note.hardship == ("job_loss", "bereavement")
    assert [*lines_of(note, "Circumstances")] == [
        "Reason for not paying: job loss",
        "Reason for not paying: bereavement",
    ]


def test_a_hardship_without_a_code_is_other() -> None:
    assert note_of(("caller", "I can't.", "hardship")).hardship == ("other",)


def test_a_vulnerability_is_recorded_as_a_need_without_the_words() -> None:
    call = call_of(("caller", "I take pills for my heart.", "vulnerability hardship:illness"))
    written = to_markdown(call, drafted(call))
    assert "Support need" in written
    assert "pills" not in written
    assert "words not quoted" in written


def test_a_wish_about_contact_is_told_with_what_must_stop() -> None:
    note = note_of(("caller", "Don't ring me at work.", "cease_contact:work"))
    title = "Disputes, complaints and wishes about contact"
    assert lines_of(note, title) == {"Asked to stop: contact at work": ["Don't ring me at work."]}


@pytest.mark.parametrize(
    ("text", "actions"),
    [
        ("I'll send you the form today, and you sign it.", ("send you the form today",)),
        ("I will note that. We'll freeze the interest.", ("note that", "freeze the interest")),
        ("I'm posting you a payment card now.", ("posting you a payment card now",)),
        ("I'll be honest with you.", ()),
        ("You'll send me the letter.", ()),
    ],
)
def test_actions_are_what_the_agent_said_they_would_do(text: str, actions: tuple[str, ...]) -> None:
    assert note_of(("agent", text, "")).actions == actions


def test_an_action_that_is_said_again_stands_once() -> None:
    note = note_of(
        ("agent", "I'll send you a letter.", ""), ("agent", "So I'll send you a letter today.", "")
    )
    assert note.actions == ("send you a letter today",)


def test_a_threat_is_no_action() -> None:
    assert note_of(("agent", "I'll call your boss tomorrow.", "threat")).actions == ()


def test_long_numbers_are_not_written_out() -> None:
    call = call_of(
        ("agent", "I'll note account 12345678 and card 4111 1111 1111 1111.", "recap"),
    )
    written = to_markdown(call, drafted(call))
    assert "12345678" not in written
    assert "…5678" in written
    assert "1111" not in written


def test_the_checklist_stands_as_it_was_at_the_end() -> None:
    note = note_of(("agent", "You owe forty pounds.", "amount_stated"))
    assert [(item.id, item.turn) for item in note.checklist] == [("balance", 0), ("recap", None)]


def test_markdown_reads_as_a_document(demo: Call) -> None:
    written = to_markdown(demo, drafted(demo))
    assert written.startswith("# Call note: Helen Carter\n\n**Outcome: payment plan agreed**\n")
    agreed = "- Agreed: £40.00 monthly, first on Friday 27 March 2026, 12 payments, £480.00 in all"
    assert f"{agreed}, which covers what is owed\n" in written
    assert "\n## Circumstances\n\n- Reason for not paying: reduced hours\n  - " in written
    assert "- [x] Stated the balance (" in written
    assert "## Follow-up" in written


def test_markdown_tells_what_was_not_said() -> None:
    call = call_of(("agent", "Hello.", ""))
    assert "## Circumstances\n\n*Not said.*\n" in to_markdown(call, drafted(call))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("*bold* _it_ `code`", r"\*bold\* \_it\_ \`code\`"),
        ("[link](x) <b> | #", r"\[link\](x) \<b\> \| \#"),
        ("two\nlines", "two lines"),
        ("1. first", r"1\. first"),
        ("- item", r"\- item"),
    ],
)
def test_words_of_the_call_are_not_markdown(text: str, shown: str) -> None:
    assert escaped(text) == shown


def test_a_call_without_date_and_account_gets_a_note_all_the_same() -> None:
    heard = dialogue.heard(
        ev.CallStarted(0.0, "test", "none"),
        [dialogue.SpokenLine("caller", "I will pay forty pounds on Friday.")],
    )

    def classify(turn: Turn, before: Sequence[LabelledTurn]) -> tuple[Label, ...]:
        return labels_of("promise", turn.text)

    note = drafted(fold(run(heard, stages(BOOK, classify))))
    assert note.promises == (Promise(Decimal("40.00"), "GBP", None),)


def test_a_note_of_thirty_turns_is_drafted_in_well_under_a_tenth_of_a_second(demo: Call) -> None:
    from agentassist.note import draft

    begun = time.process_time()
    draft(demo, BOOK)
    assert time.process_time() - begun < 0.1


def test_the_note_survives_its_codec(demo: Call) -> None:
    event: Any = ev.NoteDrafted(demo.at, drafted(demo))
    assert ev.decode(ev.encode(event)) == event
