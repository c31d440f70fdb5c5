"""Sums, dates, times and terms in spoken words and as recognisers write them."""

import datetime
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentassist.entities import dates, frequencies, instalments, money, times
from agentassist.entities.money import Told
from agentassist.entities.reckoning import MONTH_NAMES

CALL_DATE = datetime.date(2026, 3, 12)
"""A Thursday."""

TABLES = Path(__file__).parent / "entities"

UNITS = str.split(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
    " sixteen seventeen eighteen nineteen"
)
TENS = str.split("zero ten twenty thirty forty fifty sixty seventy eighty ninety")


def in_words(number: int, hyphen: str = "-") -> str:
    """A number below a million as it is spoken."""
    if number >= 1000:
        thousands, rest = divmod(number, 1000)
        link = " and " if 0 < rest < 100 else " "
        said = f"{in_words(thousands, hyphen)} thousand"
        return f"{said}{link}{in_words(rest, hyphen)}" if rest else said
    if number >= 100:
        hundreds, rest = divmod(number, 100)
        said = f"{UNITS[hundreds]} hundred"
        return f"{said} and {in_words(rest, hyphen)}" if rest else said
    if number < 20:
        return UNITS[number]
    tens, unit = divmod(number, 10)
    return f"{TENS[tens]}{hyphen}{UNITS[unit]}" if unit else TENS[tens]


def rows(name: str) -> list[list[str]]:
    """The rows of a table of phrases: what is said, then what it means."""
    text = (TABLES / name).read_text(encoding="utf-8")
    return [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]


@pytest.mark.parametrize(("said", "own", "meant"), rows("money.tsv"))
def test_a_sum_means_what_the_table_says(said: str, own: str, meant: str) -> None:
    found = money(f"I can do {said}.", own)
    told = [f"{m.amount} {m.currency}{''.join(f' | {x}' for x in m.others)}" for m in found]
    assert ("; ".join(told) or "-") == meant


@pytest.mark.parametrize(("said", "meant"), rows("dates.tsv"))
def test_a_day_means_what_the_table_says(said: str, meant: str) -> None:
    found = dates(f"I can pay {said}.", CALL_DATE)
    told = [" | ".join(x.isoformat() for x in (day.date, *day.others)) for day in found]
    assert ("; ".join(told) or "-") == meant


@pytest.mark.parametrize(("said", "meant"), rows("times.tsv"))
def test_a_time_of_day_means_what_the_table_says(said: str, meant: str) -> None:
    told = [f"{clock.time:%H:%M}" for clock in times(f"Ring me {said}")]
    assert ("; ".join(told) or "-") == meant


@pytest.mark.parametrize(("said", "how_often", "how_many"), rows("terms.tsv"))
def test_terms_of_a_plan_mean_what_the_table_says(said: str, how_often: str, how_many: str) -> None:
    rates = frequencies(said)
    counts = instalments(said, rates[0].frequency if rates else None)
    assert (rates[0].frequency if rates else "-") == how_often
    assert (str(counts[0].instalments) if counts else "-") == how_many


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("forty a month", "40"),
        ("a hundred and twenty a month", "120"),
        ("three fifty a week", "350"),
        ("eighty-two fifty every fortnight", "82.50"),
        ("thirty weekly", "30"),
    ],
)
def test_a_number_with_a_rate_is_a_sum_in_the_accounts_currency(text: str, amount: str) -> None:
    (found,) = money(f"I could do {text}", "GBP")
    assert (found.amount, found.currency, found.told) == (Decimal(amount), "GBP", "rated")


@pytest.mark.parametrize(
    ("text", "amounts"),
    [
        ("say forty", ["40"]),
        ("hundred and fifty today, sixty after", ["150", "60"]),
        ("one lakh thirty received", ["130000"]),
        ("the card ending three eight", []),
        ("fifty or sixty pounds", ["50", "60"]),
        ("eighty-two fifty", ["82.50"]),
        ("four hundred on the fourteenth and two hundred on the twenty-eighth", ["400", "200"]),
        ("forty pounds for twelve months", ["40"]),
        ("forty pounds twelve months", ["40"]),
        ("on March eleven, twenty pounds", ["20"]),
        ("ring me at ten", []),
        ("half past ten", []),
        ("in three months", []),
        ("twelve payments", []),
        ("the first one", []),
        ("flat twelve", []),
        ("ten percent", []),
        ("two kids and four jobs", []),
    ],
)
def test_a_mere_number_is_a_sum_only_where_nothing_speaks_against_it(
    text: str, amounts: list[str]
) -> None:
    found = money(text, "GBP", bare=True)
    assert [m.amount for m in found] == [Decimal(a) for a in amounts]


def test_mere_numbers_are_left_out_unless_asked_for() -> None:
    assert money("say forty", "GBP") == ()


@pytest.mark.parametrize(
    ("own", "currency"), [(None, "USD"), ("AUD", "AUD"), ("NZD", "NZD"), ("GBP", "USD")]
)
def test_dollars_are_the_accounts_own_where_it_has_some(own: str | None, currency: str) -> None:
    assert money("forty dollars", own)[0].currency == currency


def test_a_sum_tells_where_it_was_said() -> None:
    text = "Well, say forty-five pounds fifty, then."
    (found,) = money(text)
    assert text[found.start : found.end] == "forty-five pounds fifty"


@given(st.integers(1, 999_999), st.sampled_from(["-", " "]))
def test_any_whole_sum_in_words_is_read_back(pounds: int, hyphen: str) -> None:
    (found,) = money(f"I owe {in_words(pounds, hyphen)} pounds now", "GBP")
    assert found.amount == pounds


@given(st.integers(1, 9_999), st.integers(1, 99), st.booleans())
def test_any_sum_with_pence_is_read_back(pounds: int, pence: int, linked: bool) -> None:
    link = " and" if linked else ""
    (found,) = money(f"{in_words(pounds)} pounds{link} {in_words(pence)} pence")
    assert found.amount == Decimal(pounds) + Decimal(pence) / 100


@given(st.integers(1, 9), st.integers(10, 99))
def test_two_bare_numbers_are_hundreds_and_the_other_reading_is_told(
    first: int, second: int
) -> None:
    (found,) = money(f"I can do {in_words(first)} {in_words(second)} pounds", "GBP")
    assert found.amount == first * 100 + second
    assert found.others == (Decimal(first * 100 + second) / 100,)


@given(st.integers(1, 999), st.sampled_from(["lakh", "crore"]))
def test_any_number_of_lakhs_and_crores_is_read_back(number: int, scale: str) -> None:
    (found,) = money(f"it is {in_words(number)} {scale} rupees", "INR")
    assert found.amount == number * {"lakh": 100_000, "crore": 10_000_000}[scale]


@given(
    st.integers(1, 99_999),
    st.sampled_from([("pounds", "GBP"), ("euros", "EUR"), ("naira", "NGN"), ("ringgit", "MYR")]),
    st.sampled_from(["{}", "Well, {}, I think.", "i can pay {} on friday", "say {} or so"]),
)
def test_any_sum_is_read_back_wherever_it_stands(
    number: int, currency: tuple[str, str], around: str
) -> None:
    found = money(around.format(f"{in_words(number)} {currency[0]}"), currency[1])
    assert [(int(m.amount), m.currency) for m in found] == [(number, currency[1])]


@given(st.decimals("0.01", "999999.99", places=2))
def test_any_sum_in_digits_is_read_back(amount: Decimal) -> None:
    assert money(f"pay £{amount:,} by then")[0].amount == amount


def test_two_dates_in_a_sentence_are_both_found() -> None:
    text = "Half on Friday, half on the twenty-seventh."
    assert [text[day.start : day.end] for day in dates(text, CALL_DATE)] == [
        "Friday",
        "the twenty-seventh",
    ]


@given(st.dates(datetime.date(2024, 1, 1), datetime.date(2032, 12, 31)), st.integers(1, 28))
def test_an_ordinal_is_the_next_such_day(today: datetime.date, day: int) -> None:
    suffix = {1: "st", 2: "nd", 3: "rd"}.get(day % 10 if day not in {11, 12, 13} else 0, "th")
    (found,) = dates(f"on the {day}{suffix}", today)
    assert found.date.day == day
    assert 0 <= (found.date - today).days <= 31


@given(st.dates(datetime.date(2024, 1, 1), datetime.date(2032, 12, 31)), st.integers(0, 330))
def test_any_day_with_its_month_is_read_back(today: datetime.date, ahead: int) -> None:
    day = today + datetime.timedelta(ahead)
    suffix = {1: "st", 2: "nd", 3: "rd"}.get(day.day % 10 if day.day // 10 != 1 else 0, "th")
    month = MONTH_NAMES[day.month - 1]
    for said in (
        f"the {day.day}{suffix} of {month}",
        f"{month} {day.day}",
        f"{day.day} {month} {day.year}",
    ):
        assert [found.date for found in dates(f"I pay on {said}.", today)] == [day]


@given(st.dates(datetime.date(2024, 1, 1), datetime.date(2032, 12, 31)), st.integers(2, 90))
def test_so_many_days_ahead_is_read_back(today: datetime.date, days: int) -> None:
    (found,) = dates(f"in {in_words(days)} days", today)
    assert (found.date - today).days == days


@given(
    st.text(alphabet="the first of next month friday week 27 £,.'-:", max_size=60),
    st.dates(datetime.date(2000, 1, 1), datetime.date(2090, 1, 1)),
)
def test_no_text_breaks_the_readers(text: str, today: datetime.date) -> None:
    spans = [
        *((m.start, m.end) for m in money(text, "GBP", bare=True)),
        *((d.start, d.end) for d in dates(text, today)),
        *((t.start, t.end) for t in times(text)),
        *((r.start, r.end) for r in frequencies(text)),
        *((c.start, c.end) for c in instalments(text, "monthly")),
    ]
    assert all(0 <= start < end <= len(text) for start, end in spans)


def test_each_kind_of_telling_is_told_apart() -> None:
    found = money("forty pounds, or thirty a week, say twenty", "GBP", bare=True)
    told: list[Told] = [m.told for m in found]
    assert told == ["named", "rated", "bare"]


def test_reading_sums_and_dates_loads_nothing_heavy() -> None:
    code = (
        "import sys, agentassist.entities;"
        "print([m for m in ('text_to_num', 'dateparser', 'numpy', 're2') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("seven hundred forty-two, thirty-first of August", "742.00"),
        ("fifty-eight hundred, two pieces", "5800.00"),
        ("twenty-eight hundred January ninth", "2800.00"),
    ],
)
def test_a_mere_sum_ends_where_a_count_or_a_day_begins(text: str, amount: str) -> None:
    assert [str(found.amount) for found in money(text, "USD", bare=True)] == [amount]
