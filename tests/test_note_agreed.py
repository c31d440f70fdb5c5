"""What stands at the end of a negotiation: revised sums, payments in parts, what is left open."""

import datetime
from decimal import Decimal

import pytest
from noted import Said, note_of, paid


@pytest.mark.parametrize(
    ("expected", "lines"),
    [
        pytest.param(
            [("100", "03-20"), ("380", "04-10")],
            (
                ("caller", "A hundred on the twentieth, three eighty on April tenth.", "promise"),
                ("agent", "The hundred on the twentieth, the rest on the tenth of April.", "recap"),
            ),
            id="a summing-up that names only the first sum keeps the second",
        ),
        pytest.param(
            [("742", "03-16"), ("773", "04-30")],
            (
                ("caller", "Put it through.", "promise"),
                (
                    "agent",
                    "Sixteenth of March seven forty-two, thirtieth of April seven seventy-three.",
                    "recap plan_terms",
                ),
                ("caller", "And you report them today.", ""),
            ),
            id="a day before each sum belongs to the sum behind it",
        ),
        pytest.param(
            [("240", "03-20"), ("240", "04-20")],
            (
                ("caller", "I'll give you two lots of two forty.", "promise"),
                (
                    "agent",
                    "Two payments of two hundred and forty, the twentieth and April twentieth.",
                    "recap plan_terms",
                ),
            ),
            id="one sum told for several days is paid on each",
        ),
        pytest.param(
            [("200", "03-17"), ("280", "04-30")],
            (
                (
                    "agent",
                    "Two hundred on Tuesday, and the balance of two eighty by the end of April?",
                    "recap",
                ),
                ("caller", "I will, yes.", "promise"),
            ),
            id="what remains is promised where its own day follows",
        ),
        pytest.param(
            [("50", "03-12"), ("43", "04-01")],
            (
                ("caller", "Take fifty off my card now.", "promise"),
                ("agent", "That's gone through, fifty pounds.", ""),
                ("caller", "And forty three a month from April the first.", "promise"),
                ("agent", "Forty three pounds a month from the first of April.", "plan_terms"),
            ),
            id="what was paid in the call goes before the plan's first payment",
        ),
    ],
)
def test_every_payment_that_was_agreed_is_a_promise(
    expected: list[tuple[str, str]], lines: tuple[Said, ...]
) -> None:
    assert paid(note_of(*lines)) == expected


def test_a_plan_keeps_its_rate_when_a_later_word_names_only_another_sum() -> None:
    plan = note_of(
        ("caller", "Twenty-five a week, then.", "promise"),
        ("agent", "Twenty-five every week from Friday.", "plan_terms recap"),
        ("caller", "No, hang on, make it thirty.", "promise"),
        ("agent", "Thirty it is.", "recap"),
    ).plan
    assert plan is not None
    assert (plan.amount, plan.frequency) == (Decimal(30), "weekly")
    assert plan.first_date == datetime.date(2026, 3, 13)


def test_a_plan_that_was_one_way_of_several_falls_to_a_dated_settlement() -> None:
    note = note_of(
        ("agent", "Sixty percent, or nine dollars and fifty cents a month.", "options plan_terms"),
        ("caller", "You'll have three hundred on the thirtieth.", "promise"),
        ("agent", "Three hundred on March thirtieth, and they wipe the rest.", "recap"),
    )
    assert note.plan is None
    assert note.outcome == "settlement"


def test_words_on_both_sides_of_a_full_stop_name_no_hardship_together() -> None:
    note = note_of(("caller", "I did. Back when we had ninety in, it paid.", "hardship"))
    assert "illness" not in note.hardship


def test_a_single_word_of_its_field_names_a_hardship_that_no_phrase_names() -> None:
    assert note_of(("caller", "They've my arm in plaster.", "hardship")).hardship == ("illness",)


def test_ways_of_contact_that_leave_the_phone_open_do_not_stop_everything() -> None:
    note = note_of(("caller", "No texts, and nothing through the door.", "cease_contact"))
    assert set(note.cease) == {"text", "letter"}


def test_a_number_that_is_to_come_off_the_list_stops_the_phone() -> None:
    assert note_of(("caller", "Take this number off your list.", "cease_contact")).cease == (
        "phone",
    )


def test_no_time_is_set_where_the_agent_only_sums_up_that_nothing_was_agreed_today() -> None:
    note = note_of(
        ("caller", "Don't fix the day, I'll call you when there's signal.", "callback"),
        ("agent", "Nothing is agreed today, then, and you ring us.", "recap"),
    )
    assert note.callback_at is None


def test_a_sum_of_two_readings_is_read_by_the_bargain_around_it_and_stays_in_doubt() -> None:
    large = note_of(
        ("agent", "Nine hundred? I'd want eleven hundred.", "options"),
        ("caller", "Ten-fifty, done. Friday.", "promise"),
    )
    assert paid(large) == [("1050", "03-13")]
    assert large.doubts[0].readings == ("1050.00", "10.50")
    small = note_of(
        ("agent", "Nine pounds? I'd want twelve pounds.", "options"),
        ("caller", "Ten-fifty, done. Friday.", "promise"),
    )
    assert small.promises[0].amount == Decimal("10.50")


def test_an_agent_who_takes_their_own_words_back_leaves_the_promise_standing() -> None:
    note = note_of(
        ("caller", "Forty pounds on Friday.", "promise"),
        ("agent", "Forty on Friday. And I went too far. I take that back.", "recap apology"),
        ("caller", "All right. Take it back.", ""),
    )
    assert paid(note) == [("40", "03-13")]


def test_a_condition_takes_nothing_back() -> None:
    note = note_of(
        ("caller", "Forty pounds on Friday.", "promise"),
        ("caller", "If the letter says something else, the deal's off, you understand?", ""),
    )
    assert paid(note) == [("40", "03-13")]


def test_the_end_of_a_card_number_is_no_sum() -> None:
    note = note_of(
        ("caller", "Sixty-two pounds today, on the card.", "promise"),
        ("agent", "The one ending in nineteen? It went through.", ""),
    )
    assert paid(note) == [("62", "03-12")]


BARGAIN: tuple[Said, ...] = (
    ("agent", "I could close it for four hundred, or we spread it.", "options"),
    ("caller", "Two hundred.", "offer"),
    ("agent", "I can't do two hundred.", ""),
)


def test_a_bare_figure_in_a_bargain_is_a_bid_that_the_agent_may_take_up() -> None:
    note = note_of(
        *BARGAIN,
        ("caller", "Three fifty, and that's the holiday gone.", ""),
        ("agent", "Three hundred and fifty on Friday the twentieth, and we're done.", ""),
    )
    assert paid(note) == [("350", "03-20")]


def test_a_bare_figure_with_a_bare_day_is_a_promise() -> None:
    note = note_of(*BARGAIN, ("caller", "The twentieth. Three hundred.", ""))
    assert paid(note) == [("300", "03-20")]


def test_words_of_consent_take_up_the_sum_before_them() -> None:
    note = note_of(
        *BARGAIN,
        ("caller", "Three fifty.", ""),
        ("caller", "Go on then. Take it.", ""),
    )
    assert paid(note) == [("350", "03-12")]


@pytest.mark.parametrize(
    ("words", "labels"),
    [("Three fifty, is it?", ""), ("Three fifty. Is that the fee or what.", "confusion")],
)
def test_figures_that_ask_are_no_bid(words: str, labels: str) -> None:
    note = note_of(
        *BARGAIN,
        ("caller", words, labels),
        ("agent", "Three hundred and fifty on Friday the twentieth would close it.", ""),
    )
    assert note.promises == ()


def test_figures_outside_a_bargain_are_none() -> None:
    note = note_of(
        ("agent", "What's your house number?", "identity_check"),
        ("caller", "Three fifty. The twentieth.", ""),
    )
    assert note.promises == ()


def test_what_is_left_after_a_payment_in_the_call_has_its_own_day() -> None:
    note = note_of(
        ("caller", "Four hundred today, and the rest on the twentieth.", "promise"),
        ("agent", "It's gone through, four hundred pounds.", ""),
        ("agent", "Eighty pounds on the twentieth then.", "recap"),
    )
    assert paid(note) == [("400", "03-12"), ("80", "03-20")]


def test_the_first_friday_of_the_month_is_not_the_first_day_of_a_plan() -> None:
    plan = note_of(
        ("agent", "First Friday of the month suit?", "plan_terms"),
        ("caller", "Yes, stick me down.", "promise"),
        ("agent", "Twenty pounds a month, the third of April.", "plan_terms recap"),
    ).plan
    assert plan is not None
    assert plan.first_date == datetime.date(2026, 4, 3)


def test_sums_that_the_agent_rules_out_are_none() -> None:
    note = note_of(
        ("caller", "A tenner a week.", "offer"),
        ("agent", "Hold to the twenty-first of March, and no tenner out of you.", "recap"),
    )
    assert note.promises == ()


def test_a_day_to_which_an_account_is_held_is_no_day_of_payment() -> None:
    note = note_of(
        ("caller", "He'll do it for a pie.", "promise"),
        ("agent", "Your account is on hold to the first of April.", "recap"),
    )
    assert note.promises == ()


def test_a_day_that_both_named_goes_before_another_day_of_the_summing_up() -> None:
    note = note_of(
        ("caller", "Ring me Wednesday the eighteenth, two o'clock.", "callback"),
        (
            "agent",
            "Two o'clock, Wednesday the eighteenth. Forty each Friday, then we talk.",
            "recap",
        ),
    )
    assert note.callback_at == "2026-03-18T14:00"
