"""What the record must hold beside the agreement: who, notices, needs, grounds, wishes, to-dos."""

import datetime
from decimal import Decimal

import pytest
from noted import Said, call_of, lines_of, note_of

from agentassist import packs
from agentassist.note import draft
from agentassist.values import FollowUp, Settlement


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        ("Don't ring this phone again.", {"phone"}),
        ("Don't you call me no more.", {"phone"}),
        ("No more phone calls, write to me.", {"phone"}),
        ("I want everything in writing from now on.", {"phone"}),
        ("Letters only, please.", {"phone"}),
        ("Don't ring me at work.", {"work"}),
        ("You can't call here. This is my work phone.", {"work"}),
        ("Please don't ring after seven.", {"evening"}),
        ("No calls at night.", {"evening"}),
        ("Stop texting me.", {"text"}),
        ("And no e-mails, please.", {"email"}),
        ("No more letters to the house.", {"letter"}),
        ("You leave my wife out of it.", {"third_party"}),
        ("Don't you ring Donal.", {"third_party"}),
        ("Don't call my mother, nor my neighbours.", {"third_party"}),
        ("Don't ring me, and don't ring my sister.", {"phone", "third_party"}),
        ("Don't ring this number, nor my office. Write to me.", {"phone", "work"}),
        ("Don't call, don't text, nothing.", {"all"}),
        ("Stop contacting me.", {"all"}),
        ("Leave me alone.", {"all"}),
        ("Take my number off your list.", {"all"}),
        ("dont ring this house again it wakes the baby", {"phone"}),
    ],
)
def test_what_must_stop_is_told_apart_by_way_place_person_and_time(
    words: str, codes: set[str]
) -> None:
    assert set(note_of(("caller", words, "cease_contact")).cease) == codes


def test_ways_that_stop_are_all_of_them_only_where_none_is_left_open() -> None:
    note = note_of(("caller", "No calls, no texts. E-mail.", "cease_contact"))
    assert set(note.cease) == {"phone", "text"}


def test_somebody_else_who_does_not_ring_stops_nothing() -> None:
    note = note_of(("caller", "No letters. He can't ring up and ask, can he?", "cease_contact"))
    assert note.cease == ("letter",)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("I got laid off in May.", "job_loss"),
        ("They made me redundant.", "job_loss"),
        ("My contract wasn't renewed.", "job_loss"),
        ("They cut my hours to eighteen.", "reduced_hours"),
        ("I'm on zero hours now.", "reduced_hours"),
        ("I was in hospital with my back.", "illness"),
        ("I've been off sick since March.", "illness"),
        ("My husband passed away in June.", "bereavement"),
        ("It all went on the funeral.", "bereavement"),
        ("My wife left me in the spring.", "separation"),
        ("We're getting divorced.", "separation"),
        ("My universal credit hasn't come through.", "benefit_delay"),
        ("They stopped my benefits.", "benefit_delay"),
        ("The shop went under.", "business_failure"),
        ("We lost the harvest to the hail.", "business_failure"),
        ("I look after my mother full time.", "caring"),
        ("My daughter's in hospital, I'm with her all day.", "caring"),
        ("My rent went up a hundred.", "rising_costs"),
        ("I'm on a fixed income.", "rising_costs"),
        ("I got scammed out of my savings.", "fraud_victim"),
    ],
)
def test_a_reason_for_not_paying_has_its_code(words: str, code: str) -> None:
    assert note_of(("caller", words, "hardship")).hardship == (code,)


@pytest.mark.parametrize(
    "words",
    ["The washing machine died.", "I'm sick of this.", "Take care now.", "Mind your own business."],
)
def test_what_only_sounds_like_a_reason_is_none(words: str) -> None:
    assert note_of(("caller", words, "hardship")).hardship == ("other",)


def test_reasons_are_read_only_where_a_hardship_was_heard() -> None:
    assert note_of(("caller", "My neighbour lost his job.", "")).hardship == ()


DEBT: Said = ("agent", "You owe four hundred and eighty pounds.", "amount_stated")


def test_a_smaller_sum_that_ends_the_debt_is_a_settlement_with_what_is_written_off() -> None:
    note = note_of(
        DEBT,
        ("agent", "For two hundred pounds I could close the account.", "options"),
        ("caller", "I'll pay the two hundred on Friday.", "promise"),
        ("agent", "Two hundred on Friday, and the rest is written off.", "recap"),
    )
    assert note.outcome == "settlement"
    assert note.settlement == Settlement(Decimal("200.00"), "GBP", Decimal("280.00"))
    title = "Offers and agreement"
    assert "Settlement: £200.00 settles the debt, £280.00 written off" in lines_of(note, title)


def test_a_part_payment_settles_nothing() -> None:
    note = note_of(
        DEBT,
        ("caller", "I'll pay two hundred on Friday.", "promise"),
        ("agent", "Two hundred on Friday, thank you.", "recap"),
    )
    assert (note.outcome, note.settlement) == ("promise_to_pay", None)


def test_a_plan_that_was_one_way_of_two_does_not_stand_where_the_other_was_taken() -> None:
    note = note_of(
        DEBT,
        (
            "agent",
            "Forty a month over a year, or three hundred by the end of March to settle it.",
            "options plan_terms",
        ),
        ("caller", "Three hundred, then, on the thirty-first.", "promise"),
        ("agent", "So three hundred on the thirty-first, and it's settled.", "recap"),
    )
    assert note.plan is None
    assert [(p.amount, p.date) for p in note.promises] == [
        (Decimal("300.00"), datetime.date(2026, 3, 31))
    ]


def test_an_offer_is_followed_to_the_last_counter_offer() -> None:
    note = note_of(
        ("caller", "Could I do twenty a month?", "offer"),
        ("agent", "Sixty a month would be better.", "plan_terms"),
        ("caller", "Say forty, from the first.", "offer"),
        ("agent", "Forty a month, from the first of April.", "plan_terms"),
        ("caller", "Yes, put that through.", "promise"),
    )
    assert note.plan is not None
    assert note.plan.amount == Decimal("40.00")
    assert note.plan.first_date == datetime.date(2026, 4, 1)


def test_a_short_sum_is_what_was_said_in_full_nearby() -> None:
    note = note_of(
        ("caller", "Say forty-five, on the thirty-first.", "promise"),
        ("agent", "Then I write forty-five thousand pounds.", ""),
    )
    assert note.promises[0].amount == Decimal("45000.00")


@pytest.mark.parametrize(
    ("words", "method"),
    [
        ("by direct debit", "direct_debit"),
        ("on my card", "card"),
        ("by bank transfer", "transfer"),
        ("in cash", "cash"),
        ("with a cheque", "cheque"),
        ("by M-Pesa", "mobile_money"),
        ("somehow", None),
    ],
)
def test_how_it_will_be_paid_is_told_where_it_was_said(words: str, method: str | None) -> None:
    note = note_of(("caller", f"I'll pay forty pounds on Friday {words}.", "promise"))
    assert note.promises[0].method == method


@pytest.mark.parametrize(
    ("words", "ground"),
    [
        ("That's not my debt.", "not_mine"),
        ("I already paid it in May.", "paid"),
        ("The amount is wrong.", "amount"),
        ("It never arrived.", "not_received"),
        ("I cancelled it last year.", "cancelled"),
        ("Send me proof.", "proof"),
        ("It's past the statute of limitations.", "time_barred"),
        ("It was identity theft.", "identity_theft"),
        ("My insurance should cover that.", "liability"),
    ],
)
def test_the_ground_of_a_dispute_has_its_code(words: str, ground: str) -> None:
    assert ground in note_of(("caller", words, "dispute")).disputes


def test_a_complaint_is_told_and_none_is_made_up() -> None:
    assert note_of(("caller", "I want to complain.", "complaint")).complaint
    assert not note_of(("caller", "I want to pay.", "")).complaint


def test_who_acts_for_the_caller_is_named_as_they_were() -> None:
    note = note_of(("caller", "Talk to my solicitor, Mr Prentice.", "represented"))
    assert note.represented_by == "solicitor (Mr Prentice)"
    assert note.outcome == "represented"


@pytest.mark.parametrize(
    "words", ["I'm reporting you to the attorney general.", "You ain't no lawyer."]
)
def test_a_lawyer_who_is_only_spoken_of_acts_for_nobody(words: str) -> None:
    assert note_of(("caller", words, "represented")).represented_by is None


def test_identity_is_told_by_its_means() -> None:
    note = note_of(
        ("agent", "Am I speaking with Helen Carter?", "identity_check"),
        ("caller", "Yes.", ""),
        ("agent", "Your date of birth and postcode, please?", "identity_check"),
        ("caller", "The first of May.", ""),
    )
    assert note.verified_by == ("name", "date_of_birth", "postcode")
    assert note.right_party is True


def test_somebody_else_is_a_third_party_and_not_verified() -> None:
    note = note_of(
        ("agent", "Am I speaking with Helen Carter?", "identity_check"),
        ("caller", "No, she moved out.", "wrong_party"),
    )
    assert note.right_party is False
    assert note.verified_by == ()
    assert note.result_code == "TPC-WP"


def test_whom_it_was_is_unknown_where_nobody_asked() -> None:
    note = note_of(("caller", "I'm not paying.", "refusal"))
    assert note.right_party is None
    assert note.result_code == "UNV-RTP"


def test_notices_are_told_with_their_moments() -> None:
    note = note_of(
        ("agent", "Hello.", ""),
        ("caller", "Hello?", ""),
        ("agent", "This call is recorded, and this is an attempt to collect a debt.", "disclosure"),
    )
    assert [(n.code, n.turn) for n in note.notices] == [("recording", 2), ("debt_collection", 2)]
    assert all(n.at > 0 for n in note.notices)


@pytest.mark.parametrize(
    ("words", "action"),
    [
        ("I'm calling about your account.", "outbound_call"),
        ("Thank you for calling, how can I help?", "inbound_call"),
        ("Hello there.", "call"),
    ],
)
def test_the_action_is_what_the_first_words_tell(words: str, action: str) -> None:
    assert note_of(("agent", words, "")).action_code == action


def test_codes_bear_the_organisations_own_names() -> None:
    book = packs.load()
    call = call_of(("caller", "I'm not paying.", "refusal"))
    from msgspec.structs import replace

    own = replace(book, codes={"result": {"refused": "R17"}, "contact": {"unverified": "??"}})
    assert draft(call, own).result_code == "??-R17"
    assert draft(call, own).action_code == "call"


def test_a_support_need_is_told_and_never_a_diagnosis() -> None:
    note = note_of(
        ("caller", "I've got epilepsy and the oxygen machine must run.", "vulnerability"),
        ("caller", "And I need an interpreter.", ""),
    )
    assert note.support_needs == ("keep_power_on", "interpreter")
    assert "epilepsy" not in str(note.sections)


def test_channels_and_places_of_help_are_as_they_were_offered() -> None:
    note = note_of(
        ("agent", "I can send it by e-mail, or by post.", "channels_offered"),
        ("agent", "There is a free debt charity that can help you.", "support_signpost"),
    )
    assert note.channels == ("email", "letter")
    assert note.signposts == ("a free debt charity",)


def test_follow_ups_have_an_owner_and_a_day_where_one_was_said() -> None:
    note = note_of(
        ("caller", "I'll pay forty pounds on the twentieth.", "promise"),
        ("agent", "I'll send you the form by Monday, and you send me the payslip.", "recap"),
        ("caller", "I'll post the payslip tomorrow.", ""),
    )
    told = [(item.owner, item.text, item.date) for item in note.follow_ups]
    assert told == [
        ("agent", "send you the form by Monday", datetime.date(2026, 3, 16)),
        ("caller", "send me the payslip", None),
        ("caller", "post the payslip tomorrow", datetime.date(2026, 3, 13)),
        ("caller", "pay £40.00", datetime.date(2026, 3, 20)),
    ]


def test_a_callback_is_the_agents_to_do() -> None:
    note = note_of(("caller", "Ring me on Monday at ten.", "callback"))
    assert note.follow_ups == (
        FollowUp("ring at 10:00", "agent", datetime.date(2026, 3, 16), turn=0),
    )


def test_a_payment_made_in_the_call_is_not_left_to_be_done() -> None:
    note = note_of(
        DEBT, ("caller", "I'll pay it all now.", "promise"), ("agent", "It went through.", "recap")
    )
    assert note.outcome == "paid_now"
    assert note.follow_ups == ()


def test_of_an_empty_call_nothing_is_made_up() -> None:
    note = note_of(("agent", "Hello?", ""), ("caller", "Wrong line, sorry.", ""))
    said = (note.promises, note.hardship, note.cease, note.disputes, note.signposts, note.doubts)
    assert not any(said)
    assert (note.plan, note.settlement, note.right_party) == (None, None, None)


def test_a_rulebook_without_phrases_of_its_own_gets_the_shipped_ones() -> None:
    alone = packs.load(packs.SHIPPED / "general" / "checklist.yaml")
    assert alone.wordings == packs.load().wordings
    assert alone.codes["result"]["promise_to_pay"] == "PTP"
