"""Plans reckoned to the penny, within limits and means, and said in words."""

import datetime
import itertools
import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from noted import call_of

from agentassist import config
from agentassist.account import Account
from agentassist.arrangement import Instalment, MeansLine
from agentassist.entities.currencies import smallest
from agentassist.note.words import sum_of
from agentassist.plans.arranging import Terms, arrangement
from agentassist.plans.limits import Limits
from agentassist.plans.means import Budget, budget, burden, monthly, proposal
from agentassist.plans.opening import opening
from agentassist.plans.schedule import (
    PENNIES,
    PlanError,
    by_amount,
    by_length,
    dates,
    months,
    next_pay_day,
)
from agentassist.plans.sentences import sentence
from agentassist.plans.told import line_of, told_means
from agentassist.vocabulary import Frequency
from tests.conftest import Run

FIRST = datetime.date(2026, 3, 27)
TODAY = datetime.date(2026, 3, 12)
BALANCE = Decimal("482.10")

currencies = st.sampled_from(["GBP", "JPY", "KWD", None])
frequencies: st.SearchStrategy[Frequency] = st.sampled_from(["weekly", "fortnightly", "monthly"])
days = st.dates(datetime.date(2020, 1, 1), datetime.date(2100, 12, 31))


@st.composite
def sums(draw: st.DrawFn, currency: str | None, most: int = 10**7) -> Decimal:
    return draw(st.integers(1, most)) * smallest(currency)


def check(payments: tuple[Instalment, ...], balance: Decimal, currency: str | None) -> None:
    amounts = [payment.amount for payment in payments]
    dated = [payment.date for payment in payments]
    assert sum(amounts) == balance
    assert min(amounts) > 0
    assert all(amount % smallest(currency) == 0 for amount in amounts)
    assert all(earlier < later for earlier, later in itertools.pairwise(dated))


# Schedules


@given(st.data(), currencies, frequencies, days)
def test_payments_by_amount_come_to_the_balance_and_the_last_is_no_pennies(
    data: st.DataObject, currency: str | None, frequency: Frequency, first: datetime.date
) -> None:
    balance = data.draw(sums(currency))
    amount = max(data.draw(sums(currency)), (balance / 1000).quantize(smallest(currency)) * 2)
    amount = amount or smallest(currency)
    payments = by_amount(balance, amount, frequency, first, currency)
    check(payments, balance, currency)
    assert payments[0].date == first
    assert all(payment.amount == amount for payment in payments[:-1])
    if len(payments) > 1:
        assert amount * PENNIES <= payments[-1].amount < amount * (1 + PENNIES)
    else:
        assert payments[-1].amount < amount * (1 + PENNIES)


@given(st.data(), currencies, frequencies, days, st.integers(1, 120))
def test_payments_by_length_are_as_many_as_asked_and_equal_but_for_the_last(
    data: st.DataObject,
    currency: str | None,
    frequency: Frequency,
    first: datetime.date,
    count: int,
) -> None:
    balance = data.draw(sums(currency)) + count * smallest(currency)
    payments = by_length(balance, count, frequency, first, currency)
    check(payments, balance, currency)
    assert len(payments) == count
    assert len({payment.amount for payment in payments[:-1]}) <= 1
    assert 0 <= payments[-1].amount - payments[0].amount < count * smallest(currency)


def test_a_rest_of_pennies_goes_into_the_payment_before_it() -> None:
    payments = by_amount(BALANCE, Decimal(40), "monthly", FIRST)
    assert [payment.amount for payment in payments] == [Decimal(40)] * 11 + [Decimal("42.10")]
    assert payments[-1].date == datetime.date(2027, 2, 27)
    rest = by_amount(Decimal("462.10"), Decimal(40), "monthly", FIRST)
    assert rest[-1].amount == Decimal("22.10")


def test_an_amount_above_the_balance_is_one_payment_of_the_balance() -> None:
    assert by_amount(Decimal(30), Decimal(40), "weekly", FIRST) == (Instalment(FIRST, Decimal(30)),)


def test_the_31st_is_the_last_day_of_shorter_months_and_comes_back() -> None:
    told = dates(datetime.date(2027, 12, 31), "monthly", 4)
    assert [day.isoformat() for day in told] == [
        "2027-12-31",
        "2028-01-31",
        "2028-02-29",
        "2028-03-31",
    ]
    assert dates(FIRST, "fortnightly", 2)[1] == datetime.date(2026, 4, 10)
    assert dates(FIRST, "weekly", 2)[1] == datetime.date(2026, 4, 3)


@pytest.mark.parametrize(
    ("balance", "amount", "currency", "words"),
    [
        ("482.10", "0", "GBP", "amount: say a sum above nothing"),
        ("482.10", "-4", "GBP", "amount: say a sum above nothing"),
        ("0", "4", "GBP", "balance: say a sum above nothing"),
        ("NaN", "4", "GBP", "balance: say a sum above nothing"),
        ("482.10", "Infinity", "GBP", "amount: say a sum above nothing"),
        ("4000", "40.50", "JPY", "amount: JPY has no sum below 1"),
        ("482.10", "0.01", "GBP", "amount: that would be more than 1200 payments"),
    ],
)
def test_figures_that_make_no_plan_are_told_by_name(
    balance: str, amount: str, currency: str, words: str
) -> None:
    with pytest.raises(PlanError, match=words):
        by_amount(Decimal(balance), Decimal(amount), "monthly", FIRST, currency)


def test_more_payments_than_there_are_pennies_are_refused() -> None:
    with pytest.raises(PlanError, match="can't be shared out into 9"):
        by_length(Decimal("0.08"), 9, "monthly", FIRST)
    with pytest.raises(PlanError, match="say a number from 1 to 1200"):
        by_length(BALANCE, 0, "monthly", FIRST)
    with pytest.raises(PlanError, match="beyond the calendar"):
        by_length(BALANCE, 12, "monthly", datetime.date(9999, 6, 1))


def test_yen_have_no_decimals_and_dinars_three() -> None:
    assert by_length(Decimal(1000), 3, "weekly", FIRST, "JPY")[2].amount == 334
    assert by_length(Decimal(1), 3, "weekly", FIRST, "KWD")[2].amount == Decimal("0.334")
    assert sum_of(Decimal(5000), "JPY") == "JPY 5,000"
    assert sum_of(Decimal("40.5"), "JPY") == "JPY 40.50"


# Pay days


@pytest.mark.parametrize(
    ("pay_day", "paid", "told"),
    [
        ("2026-03-20", None, "2026-03-20"),
        ("2026-03-13", "weekly", "2026-03-13"),
        ("2026-02-27", "weekly", "2026-03-13"),
        ("2026-02-27", "fortnightly", "2026-03-13"),
        ("2025-12-31", "monthly", "2026-03-31"),
        ("2025-01-05", "monthly", "2026-04-05"),
        ("2026-02-27", None, None),
        (None, "monthly", None),
    ],
)
def test_the_first_day_is_their_next_pay_day(
    pay_day: str | None, paid: Frequency | None, told: str | None
) -> None:
    known = datetime.date.fromisoformat(pay_day) if pay_day else None
    found = next_pay_day(known, paid, TODAY + datetime.timedelta(1))
    assert found == (datetime.date.fromisoformat(told) if told else None)


@given(days, frequencies, days)
def test_a_pay_day_is_never_early_and_no_earlier_one_was_left_out(
    pay_day: datetime.date, paid: Frequency, earliest: datetime.date
) -> None:
    found = next_pay_day(pay_day, paid, earliest)
    assert found is not None
    assert found >= earliest or pay_day >= earliest
    if pay_day < earliest:
        assert (found - earliest).days < {"weekly": 7, "fortnightly": 14, "monthly": 31}[paid]


def test_twelve_monthly_payments_take_twelve_months() -> None:
    assert months(FIRST, dates(FIRST, "monthly", 12)[-1]) == 12
    assert months(datetime.date(2026, 1, 31), datetime.date(2026, 2, 28)) == 2
    assert months(FIRST, FIRST) == 1
    assert months(FIRST, dates(FIRST, "weekly", 52)[-1]) == 12


# Limits


LIMITS = Limits(
    longest_months=12,
    least_instalment=Decimal(5),
    lowest_settlement=Decimal("0.6"),
    partial_least=Decimal(20),
)


@pytest.mark.parametrize(
    ("terms", "told"),
    [
        (Terms("plan", BALANCE, FIRST, amount=Decimal(40), currency="GBP"), ()),
        (
            Terms("plan", BALANCE, FIRST, instalments=14, currency="GBP"),
            ("lasts 2 months longer than the 12 allowed",),
        ),
        (
            Terms("plan", Decimal(30), FIRST, amount=Decimal(4), currency="GBP"),
            ("each payment is £1.00 below the least allowed, £5.00",),
        ),
        (Terms("plan", Decimal(3), FIRST, amount=Decimal(4), currency="GBP"), ()),
        (
            Terms("settlement", BALANCE, FIRST, amount=Decimal("289.25"), currency="GBP"),
            ("the settlement is £0.01 below the least allowed, £289.26",),
        ),
        (Terms("settlement", BALANCE, FIRST, share=Decimal("0.6"), currency="GBP"), ()),
        (
            Terms("partial", BALANCE, FIRST, amount=Decimal(15), currency="GBP"),
            ("the part payment is £5.00 below the least allowed, £20.00",),
        ),
        (Terms("partial", BALANCE, FIRST, amount=Decimal(15), instalments=2), ()),
    ],
)
def test_what_is_outside_the_limits_is_told_and_left_as_it_is(
    terms: Terms, told: tuple[str, ...]
) -> None:
    drawn, free = arrangement(terms, LIMITS), arrangement(terms)
    assert drawn.outside == told
    assert (drawn.payments, drawn.written_off) == (free.payments, free.written_off)
    assert free.outside == ()


def test_limits_are_settings_and_exact(tmp_path: object) -> None:
    assert config.load().plans.limits == Limits()
    config.settings_file().write_text("[plans]\nlongest_months = 24\nleast_instalment = 19.99\n")
    limits = config.load().plans.limits
    assert (limits.longest_months, limits.least_instalment) == (24, Decimal("19.99"))
    config.settings_file().write_text("[plans]\nlowest_settlement = 60\n")
    with pytest.raises(
        config.SettingsError, match=r"plans\.lowest_settlement: Expected `float` <= 1"
    ):
        config.load()


# What is paid, written off and left


@given(st.data(), st.sampled_from(["plan", "settlement", "partial"]))
def test_what_is_paid_written_off_and_left_is_the_balance(data: st.DataObject, kind: str) -> None:
    balance = data.draw(sums("GBP")) + 100
    down = data.draw(st.sampled_from([None, Decimal(1), Decimal("0.37")]))
    amount = data.draw(st.integers(200, int(balance * 100) - 200)) * Decimal("0.01")
    terms = Terms(
        kind,  # type: ignore[arg-type]
        balance,
        FIRST,
        amount=amount if kind != "plan" else None,
        instalments=7 if kind == "plan" else 1,
        down=down,
        today=TODAY,
        currency="GBP",
    )
    drawn = arrangement(terms)
    assert drawn.total + drawn.written_off + drawn.left_owing == balance
    assert sum(amount for _, amount in drawn.schedule) == drawn.total
    assert (drawn.kind == "partial") == bool(drawn.left_owing)
    assert (drawn.kind == "settlement") == bool(drawn.written_off)


@pytest.mark.parametrize(
    ("terms", "words"),
    [
        (Terms("plan", BALANCE, FIRST), "plan: say the amount of a payment, or the number"),
        (Terms("plan", BALANCE, FIRST, amount=BALANCE, instalments=2), "plan: say the amount"),
        (Terms("plan", BALANCE, TODAY, amount=BALANCE, today=FIRST), "first date: that day is"),
        (
            Terms("plan", BALANCE, FIRST, instalments=2, down=BALANCE, today=TODAY),
            "today: that clears the balance",
        ),
        (Terms("plan", BALANCE, FIRST, instalments=2, down=BALANCE), "the day of the call is not"),
        (Terms("settlement", BALANCE, FIRST), "settlement: say the sum that settles"),
        (Terms("settlement", BALANCE, FIRST, amount=BALANCE), "no less than the balance"),
        (Terms("settlement", BALANCE, FIRST, share=Decimal("1.1")), "from 1% to 99%"),
        (
            Terms("settlement", BALANCE, FIRST, amount=Decimal(9), down=Decimal(9), today=TODAY),
            "the payment of today is as much",
        ),
        (Terms("partial", BALANCE, FIRST), "part payment: say its amount"),
        (Terms("partial", BALANCE, FIRST, amount=BALANCE), "that clears the balance"),
    ],
)
def test_terms_that_make_no_arrangement_are_told_with_the_mend(terms: Terms, words: str) -> None:
    with pytest.raises(PlanError, match=words):
        arrangement(terms)


# Words


@pytest.mark.parametrize(
    ("terms", "told"),
    [
        (
            Terms("plan", Decimal("462.10"), FIRST, amount=Decimal(40), currency="GBP"),
            ("That would be twelve payments of £40 on the 27th of each month from 27 March 2026, "
            "the last one £22.10, and the balance is cleared in February 2027."),
        ),
        (
            Terms("plan", Decimal(90), FIRST, "fortnightly", Decimal(30), currency="USD"),
            ("That would be three payments of $30 every second Friday from 27 March 2026, "
            "and the balance is cleared in April 2026."),
        ),
        (
            Terms(
                "plan", Decimal(900), datetime.date(2026, 1, 31), instalments=13, down=Decimal(120),
                today=datetime.date(2026, 1, 2), currency="EUR",
            ),
            ("That would be €120 today, then 13 payments of €60 on the last day of each month from "
            "31 January 2026, and the balance is cleared in January 2027."),
        ),
        (
            Terms("plan", Decimal(90), datetime.date(2026, 1, 30), instalments=3, currency="GBP"),
            ("That would be three payments of £30 on the 30th of each month, or its last day where "
            "it is shorter, from 30 January 2026, and the balance is cleared in March 2026."),
        ),
        (
            Terms("settlement", BALANCE, FIRST, amount=Decimal(300), currency="GBP"),
            ("The account could be settled for £300: one payment of £300 on Friday 27 March 2026; "
            "nothing more would be owed, and £182.10 is written off."),
        ),
        (
            Terms("partial", BALANCE, FIRST, amount=Decimal(50), currency="GBP"),
            ("You would pay one payment of £50 on Friday 27 March 2026; "
            "£432.10 would then be left owing."),
        ),
        (
            Terms("plan", Decimal(3000), FIRST, "weekly", Decimal(1000), currency="JPY"),
            ("That would be three payments of JPY 1,000 every Friday from 27 March 2026, "
            "and the balance is cleared in April 2026."),
        ),
    ],
)  # fmt: skip
def test_an_arrangement_is_one_sentence_to_say(terms: Terms, told: str) -> None:
    assert sentence(arrangement(terms)) == told


# Means


def line(kind: str, amount: int, frequency: Frequency | None = "monthly") -> MeansLine:
    return MeansLine(kind, kind, Decimal(amount), frequency)  # type: ignore[arg-type]


def test_a_month_is_a_twelfth_of_a_year() -> None:
    assert monthly(Decimal(12), "weekly", "GBP") == 52
    assert monthly(Decimal(100), "fortnightly", "GBP") == Decimal("216.67")


def test_what_is_left_over_is_not_known_until_both_sides_are() -> None:
    assert budget([line("income", 900)]) == Budget(Decimal(900), None, None)
    both = budget([line("income", 900), line("outgoing", 100, "weekly"), line("outgoing", 50)])
    assert both == Budget(Decimal(900), Decimal("483.33"), Decimal("416.67"))
    assert budget([line("income", 900), line("outgoing", 100, None)]).spare is None


def test_what_they_reckon_to_be_left_over_comes_before_our_sum() -> None:
    told = [line("income", 900), line("outgoing", 100), line("spare", 60)]
    assert budget(told).spare == 60


@given(st.integers(-500, 5000), st.decimals("0.05", 1, places=2), frequencies)
def test_a_proposal_never_takes_more_than_its_share(
    spare: int, share: Decimal, frequency: Frequency
) -> None:
    offered = proposal(Decimal(spare), share, frequency, "GBP")
    if spare <= 0:
        assert offered is None
    elif offered is not None:
        assert 0 < monthly(offered, frequency, "GBP") <= spare * share + Decimal("0.01")


def test_what_a_plan_takes_is_measured_by_the_month() -> None:
    weekly = arrangement(Terms("plan", BALANCE, FIRST, "weekly", Decimal(12), currency="GBP"))
    known = Budget(None, None, Decimal(100))
    found = burden(weekly, known, Decimal("0.5"))
    assert found is not None
    assert (found.taken, found.share, found.is_kept) == (Decimal(52), Decimal(50), False)
    assert burden(weekly, Budget(Decimal(1), None, None), Decimal("0.5")) is None


# What the caller told


def means_of(text: str, label: str = "") -> list[tuple[str, str, str, str | None]]:
    told = told_means(call_of(("caller", text, label)))
    return [(t.line.kind, t.line.words, str(t.line.amount), t.line.frequency) for t in told]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("My rent's six fifty a month.", [("outgoing", "rent", "650.00", "monthly")]),
        (
            "I take home twelve hundred a month, and about two hundred a week goes on food.",
            [
                ("income", "take home", "1200.00", "monthly"),
                ("outgoing", "food", "200.00", "weekly"),
            ],
        ),
        (
            "Four hundred for the rent, ninety for the gas.",
            [("outgoing", "rent", "400.00", None), ("outgoing", "gas", "90.00", None)],
        ),
        ("I've forty pounds left over.", [("spare", "left over", "40.00", None)]),
        ("What's left over is forty pounds a month.", [("spare", "left over", "40.00", "monthly")]),
        ("I could do forty a month for the rent.", []),
        ("The rent went up by fifty.", []),
        ("I'm six hundred behind on the rent.", []),
        ("I used to bring home two thousand.", []),
        ("You say the gas is four hundred and eighty pounds.", []),
        ("Ring my phone after nine.", []),
    ],
)
def test_sums_beside_such_words_are_offered_as_lines(
    text: str, told: list[tuple[str, str, str, str | None]]
) -> None:
    assert means_of(text) == told


def test_only_the_caller_tells_of_their_means_and_each_line_has_its_moment() -> None:
    call = call_of(
        ("agent", "Is your rent six hundred a month?", ""),
        ("caller", "Six fifty a month is the rent.", ""),
    )
    (told,) = told_means(call)
    assert (told.line.turn, told.quote) == (1, "Six fifty a month is the rent.")
    assert told.at == call.turns[1].turn.start


def test_a_turn_that_shows_a_vulnerability_is_not_quoted() -> None:
    call = call_of(("caller", "The insulin, and rent is six hundred a month.", "vulnerability"))
    (told,) = told_means(call)
    assert told.quote == ""


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("rent 650 a month", MeansLine("outgoing", "rent", Decimal("650.00"), "monthly")),
        ("wages 300 weekly", MeansLine("income", "wages", Decimal("300.00"), "weekly")),
        ("cat £12 a week", MeansLine("outgoing", "cat", Decimal("12.00"), "weekly")),
        ("rent 650", MeansLine("outgoing", "rent", Decimal("650.00"))),
        ("rent", None),
        ("rent 650 and 40", None),
    ],
)
def test_a_typed_line_is_read_as_it_is_said(text: str, told: MeansLine | None) -> None:
    assert line_of(text, "GBP") == told


# Where the sheet begins


def test_the_sheet_begins_with_the_account_and_the_callers_own_offer() -> None:
    call = call_of(
        ("agent", "What would be possible?", "open_question"),
        ("caller", "I could do forty a month from the twenty-seventh.", "offer"),
    )
    known = opening(call, datetime.date(2030, 1, 1))
    assert (known.balance, known.balance_from) == (Decimal("480.00"), "on file")
    assert (known.amount, known.frequency, known.first_date) == (Decimal(40), "monthly", FIRST)
    assert known.amount_from == known.first_from == "offered 0:02"
    assert known.today == TODAY


def test_what_they_live_on_and_what_is_more_than_they_owe_are_no_offers() -> None:
    call = call_of(
        ("caller", "I could do forty a month.", "offer"),
        ("caller", "I take home three hundred a month.", "offer"),
        ("caller", "I will have nine hundred in May.", "promise"),
    )
    assert opening(call, TODAY).amount == 40


def test_without_an_offer_it_begins_on_their_pay_day_with_what_was_stated() -> None:
    account = Account(currency="GBP", pay_day=datetime.date(2026, 1, 30), paid="monthly")
    call = call_of(
        ("agent", "You owe four hundred and eighty pounds.", "amount_stated"), account=account
    )
    known = opening(call, TODAY)
    assert (known.balance, known.balance_from) == (Decimal("480.00"), "as you told it")
    assert (known.first_date, known.first_from) == (datetime.date(2026, 3, 30), "their pay day")
    assert (known.amount, known.frequency) == (None, "monthly")


# The command


def test_the_command_prints_schedule_and_sentence(run: Run) -> None:
    told = ("--balance", "482.10", "--amount", "40", "--first", "2026-03-27", "--every", "month")
    done = run("plan", *told)
    assert done.code == 0
    *rows, sentence_ = done.out.splitlines()
    assert "Saturday 27 February 2027" in rows[12]
    assert rows[12].endswith("£42.10         £0.00")
    assert sentence_.startswith("That would be twelve payments of £40")
    written = json.loads(run("plan", *told, "--json").out, parse_float=Decimal)
    assert sum(payment["amount"] for payment in written["payments"]) == BALANCE
    assert written["sentence"] == sentence_


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("--amount", "4x"), 2, "'4x' is not a sum"),
        (("--settle", "--part"), 2, "not both"),
        (("--currency", "pounds", "--amount", "4"), 2, "say its three letters"),
        ((), 1, "say the amount of a payment, or the number of payments"),
    ],
)
def test_wrong_use_of_the_command_is_one_line(
    run: Run, arguments: tuple[str, ...], code: int, words: str
) -> None:
    done = run("plan", "--balance", "482.10", "--first", "2026-03-27", *arguments)
    assert done.code == code
    assert words in done.err
