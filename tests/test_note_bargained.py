"""How people bargain and take back: sums paid now, echoes, days that are denied, calls dropped."""

import pytest
from noted import Said, note_of, paid

DEBT: Said = ("agent", "You owe four hundred and eighty pounds.", "amount_stated")
WAYS: Said = ("agent", "You could pay a part now, or spread it over the year.", "options")


def test_a_sum_paid_now_stands_beside_the_plan_of_the_rest() -> None:
    note = note_of(
        DEBT,
        ("caller", "Go on, the hundred now. Then thirty a month.", "promise offer"),
        (
            "agent",
            "So a hundred off the card now, then thirty on the thirtieth of each month.",
            "recap plan_terms",
        ),
    )
    assert paid(note) == [("100", "03-12"), ("30", "03-30")]
    assert note.plan is not None
    assert f"{note.plan.amount:.0f}" == "30"


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("Three hundred paid, thank you.", "03-12"),
        ("Three hundred now, thank you.", "03-12"),
        ("Three hundred paid on the twentieth.", "03-20"),
    ],
)
def test_a_sum_is_paid_today_where_the_words_behind_it_say_so(said: str, day: str) -> None:
    note = note_of(
        DEBT,
        ("caller", "Three hundred. Put it through.", "promise"),
        ("agent", said, "recap"),
    )
    assert paid(note) == [("300", day)]


def test_a_sum_on_a_day_of_each_month_is_the_instalment_though_another_was_paid() -> None:
    note = note_of(
        DEBT,
        ("caller", "I could give you fifty today, and then thirty.", "offer"),
        ("agent", "Fifty now on the card, then thirty every fifteenth from May?", "plan_terms"),
        ("caller", "Yes, do that.", "promise"),
        (
            "agent",
            "That's gone through, fifty pounds. So thirty on the fifteenth of each month from May.",
            "recap plan_terms",
        ),
    )
    assert paid(note) == [("50", "03-12"), ("30", "05-15")]


def test_a_weekday_tells_in_which_month_a_call_is_though_another_was_named() -> None:
    note = note_of(
        ("caller", "From the second of June, then.", ""),
        ("agent", "I'll ring you on Monday the twenty-third at ten.", "recap"),
    )
    assert note.callback_at == "2026-03-23T10:00"


def test_a_fee_that_is_taken_off_is_no_instalment() -> None:
    note = note_of(
        DEBT,
        ("caller", "Make it sixty.", "offer"),
        (
            "agent",
            "Sixty on the thirteenth every month, and I waive the ten pound late charge.",
            "plan_terms fees_stated",
        ),
        ("caller", "You do that.", "promise"),
    )
    assert note.plan is not None
    assert f"{note.plan.amount:.0f}" == "60"


def test_a_sum_and_day_that_the_agent_says_again_were_promised() -> None:
    note = note_of(
        DEBT,
        ("caller", "Sixty on Friday, for good manners.", ""),
        ("agent", "Sixty on Friday the thirteenth. Thank you.", ""),
    )
    assert paid(note) == [("60", "03-13")]


def test_a_sum_that_the_agent_only_asks_back_was_not_promised() -> None:
    note = note_of(
        DEBT,
        ("caller", "Sixty on Friday, you say.", ""),
        ("agent", "Sixty on Friday the thirteenth?", ""),
    )
    assert note.promises == ()


def test_a_bare_yes_takes_up_what_the_agent_asked_to_put_through() -> None:
    note = note_of(
        DEBT,
        ("agent", "Shall I put the eighty-five through on Friday the twentieth?", ""),
        ("caller", "Yes, do that.", ""),
    )
    assert paid(note) == [("85", "03-20")]


def test_terms_that_nothing_questions_at_the_end_stand() -> None:
    talk: tuple[Said, ...] = (("agent", "I see.", ""), ("caller", "Well, there it is.", ""))
    terms: Said = ("agent", "So forty a month from the first of April.", "plan_terms")
    note = note_of(DEBT, WAYS, *talk * 4, terms, ("caller", "I'll see you then.", ""))
    assert note.plan is not None
    doubted = note_of(DEBT, WAYS, *talk * 4, terms, ("caller", "Would that be all?", ""))
    assert doubted.plan is None


@pytest.mark.parametrize(
    "words", ["Never mind Friday then.", "Forget the call, I have a minute.", "Leave Friday."]
)
def test_a_call_that_the_caller_takes_back_is_not_wanted(words: str) -> None:
    wish: Said = ("caller", "Ring me on Friday at ten.", "callback")
    assert note_of(wish, ("agent", "Friday at ten.", "")).callback_at == "2026-03-13T10:00"
    note = note_of(wish, ("agent", "Friday at ten.", ""), ("caller", words, ""))
    assert note.callback_at is None


def test_a_wish_to_talk_falls_with_a_refusal_that_nobody_answers() -> None:
    note = note_of(
        ("caller", "Ring me tomorrow at lunch.", "callback"),
        ("agent", "You will be on the moon.", "accusation"),
        ("caller", "You're getting nothing.", "refusal"),
    )
    assert note.callback_at is None


def test_a_call_that_the_caller_takes_up_is_set_though_the_agent_was_rude() -> None:
    note = note_of(
        ("agent", "Saturday, ten in the morning, I call, and you pick up.", "ultimatum"),
        ("caller", "Saturday. Ten.", ""),
    )
    assert note.callback_at == "2026-03-14T10:00"


def test_a_later_wish_for_a_time_keeps_the_day_of_the_one_before() -> None:
    note = note_of(
        ("caller", "Tomorrow, I'm home in the evening.", "callback"),
        ("agent", "And if it goes to the machine?", ""),
        ("caller", "At ten past six, I said. Call me then.", "callback"),
    )
    assert note.callback_at == "2026-03-13T18:10"


def test_the_eighteenth_of_a_call_is_no_promise_to_pay() -> None:
    note = note_of(
        ("caller", "Ring me Monday week.", "callback"),
        ("agent", "Monday the twenty-third, then, nine o'clock.", "recap"),
        ("caller", "The twenty-third, yes. Nine.", "promise"),
    )
    assert (note.promises, note.callback_at) == ((), "2026-03-23T09:00")


def test_the_day_of_a_payment_is_no_day_to_ring() -> None:
    note = note_of(
        DEBT,
        ("caller", "I can see to it on Friday, sixty pounds.", "promise callback"),
        ("agent", "Sixty pounds on Friday.", "recap"),
    )
    assert paid(note) == [("60", "03-13")]
    assert note.callback_at is None


def test_a_plan_is_more_than_a_promise_to_pay() -> None:
    note = note_of(
        ("agent", "Twenty-five a week from Monday, twelve weeks.", "plan_terms shaming threat"),
        ("caller", "Fine. I'll do it, and I'm complaining.", "promise complaint anger"),
    )
    assert note.plan is not None
    assert note.outcome == "payment_plan"
