"""Sums, dates, times and terms in spoken words and as recognisers write them."""

import datetime
import subprocess
import sys
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentassist.entities import dates, frequencies, instalments, money, times
from agentassist.entities.money import Told

CALL_DATE = datetime.date(2026, 3, 12)
"""A Thursday."""

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


@pytest.mark.parametrize(
    ("text", "amount", "currency"),
    [
        ("two hundred and fifty pounds", "250", "GBP"),
        ("two hundred fifty pounds", "250", "GBP"),
        ("£350", "350", "GBP"),
        ("£1,250.50", "1250.50", "GBP"),
        ("£1.2k", "1200", "GBP"),
        ("40 pounds", "40", "GBP"),
        ("forty quid", "40", "GBP"),
        ("a tenner", "10", "GBP"),
        ("a hundred pounds", "100", "GBP"),
        ("five hundred and twenty-four pounds sixty", "524.60", "GBP"),
        ("six pound ten", "6.10", "GBP"),
        ("eighty-two fifty pounds", "82.50", "GBP"),
        ("one thousand and ninety pounds and seventy-nine today", "1090.79", "GBP"),
        ("forty pounds and sixty pence", "40.60", "GBP"),
        ("sixty pence", "0.60", "GBP"),
        ("40p", "0.40", "GBP"),
        ("two and a half thousand dollars", "2500", "USD"),
        ("a couple of hundred dollars", "200", "USD"),
        ("fifteen dollars and twenty cents", "15.20", "USD"),
        ("$1,200", "1200", "USD"),
        ("thirteen hundred and ten dollars", "1310", "USD"),
        ("seven sixty seventy-five dollars", "760.75", "USD"),
        ("four fifty euros", "450", "EUR"),
        ("one oh five euros", "105", "EUR"),
        ("nine thousand eight hundred and seventy rand", "9870", "ZAR"),
        ("R 350", "350", "ZAR"),
        ("one thousand nine fifty rupees", "1950", "INR"),
        ("Rs. 500", "500", "INR"),
        ("one lakh twenty thousand rupees", "120000", "INR"),
        ("three million seven hundred thousand naira", "3700000", "NGN"),
        ("fourteen fifty pounds", "1450", "GBP"),
    ],
)
def test_a_sum_with_its_currency_is_found_whole(text: str, amount: str, currency: str) -> None:
    found = money(f"I can pay {text}.")
    assert [(m.amount, m.currency, m.told) for m in found] == [(Decimal(amount), currency, "named")]


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


@given(st.decimals("0.01", "999999.99", places=2))
def test_any_sum_in_digits_is_read_back(amount: Decimal) -> None:
    assert money(f"pay £{amount:,} by then")[0].amount == amount


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("today", "2026-03-12"),
        ("to-day", "2026-03-12"),
        ("tonight", "2026-03-12"),
        ("tomorrow", "2026-03-13"),
        ("the day after tomorrow", "2026-03-14"),
        ("Friday", "2026-03-13"),
        ("this Friday", "2026-03-13"),
        ("Thursday", "2026-03-19"),
        ("next Friday", "2026-03-20"),
        ("Friday next week", "2026-03-20"),
        ("Friday week", "2026-03-20"),
        ("Thursday fortnight", "2026-04-02"),
        ("a week on Tuesday", "2026-03-24"),
        ("two weeks from Friday", "2026-03-27"),
        ("a fortnight today", "2026-03-26"),
        ("in a fortnight", "2026-03-26"),
        ("in ten days", "2026-03-22"),
        ("in two weeks' time", "2026-03-26"),
        ("a week from now", "2026-03-19"),
        ("the twenty-seventh", "2026-03-27"),
        ("the twenty seventh", "2026-03-27"),
        ("the twentieth, seventh of March", "2026-03-27"),
        ("the 27th", "2026-03-27"),
        ("on 27th", "2026-03-27"),
        ("the eleventh", "2026-04-11"),
        ("Friday the twenty-seventh of March", "2026-03-27"),
        ("the first of next month", "2026-04-01"),
        ("the first of the month", "2026-04-01"),
        ("the end of the month", "2026-03-31"),
        ("the end of next month", "2026-04-30"),
        ("the end of April", "2026-04-30"),
        ("the end of the week", "2026-03-13"),
        ("the last Friday of the month", "2026-03-27"),
        ("the last day of next month", "2026-04-30"),
        ("the beginning of next month", "2026-04-01"),
        ("the eleventh of December", "2026-12-11"),
        ("December 11", "2026-12-11"),
        ("December the eleventh", "2026-12-11"),
        ("11 December", "2026-12-11"),
        ("the first of April twenty twenty-six", "2026-04-01"),
        ("the 1st of April 2026", "2026-04-01"),
        ("the fourth of May", "2026-05-04"),
        ("the third of January", "2027-01-03"),
        ("Friday week, the twentieth", "2026-03-20"),
        ("Monday the thirteenth", "2026-04-13"),
    ],
)
def test_a_date_is_told_against_the_day_of_the_call(text: str, date: str) -> None:
    found = dates(f"I can pay {text}.", CALL_DATE)
    assert [day.date.isoformat() for day in found] == [date]


@pytest.mark.parametrize(
    "text",
    [
        "since November",
        "last Friday",
        "it may be so",
        "the first payment",
        "the second one",
        "the third shift",
        "a march in the sun",
        "every Friday",
        "the thirty-first of February",
        "first of all",
        "two weeks behind",
    ],
)
def test_what_is_no_day_to_come_is_no_date(text: str) -> None:
    assert dates(text, CALL_DATE) == ()


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


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("at ten", "10:00"),
        ("after five", "17:00"),
        ("around six", "18:00"),
        ("half past two", "14:30"),
        ("half two", "14:30"),
        ("quarter to ten", "09:45"),
        ("ten to three", "14:50"),
        ("five past five", "17:05"),
        ("four o'clock", "16:00"),
        ("ten in the morning", "10:00"),
        ("eight in the evening", "20:00"),
        ("two thirty in the afternoon", "14:30"),
        ("at ten thirty", "10:30"),
        ("at 5pm", "17:00"),
        ("at 5 p.m.", "17:00"),
        ("9 am", "09:00"),
        ("14:30", "14:30"),
        ("noon", "12:00"),
    ],
)
def test_a_time_of_day_is_found(text: str, time: str) -> None:
    assert [f"{clock.time:%H:%M}" for clock in times(f"Ring me {text}")] == [time]


@pytest.mark.parametrize("text", ["at forty pounds", "five", "about ten minutes", "for two weeks"])
def test_what_is_no_time_of_day_is_left_out(text: str) -> None:
    assert times(text) == ()


@pytest.mark.parametrize(
    ("text", "frequency"),
    [
        ("forty a month", "monthly"),
        ("on the first of each month", "monthly"),
        ("monthly", "monthly"),
        ("every fortnight", "fortnightly"),
        ("every two weeks", "fortnightly"),
        ("every other Friday", "fortnightly"),
        ("bi-weekly", "fortnightly"),
        ("twenty a week from Friday", "weekly"),
        ("per week", "weekly"),
        ("every Thursday", "weekly"),
    ],
)
def test_how_often_is_found(text: str, frequency: str) -> None:
    assert frequencies(text)[0].frequency == frequency


@pytest.mark.parametrize("text", ["in a month", "a week on Friday", "a month behind", "for a week"])
def test_a_span_of_time_is_no_rate(text: str) -> None:
    assert frequencies(text) == ()


@pytest.mark.parametrize(
    ("text", "frequency", "count"),
    [
        ("twelve payments", None, 12),
        ("twelve monthly payments", "monthly", 12),
        ("four equal instalments", None, 4),
        ("for six months", "monthly", 6),
        ("for six months", "weekly", 26),
        ("over a year", "monthly", 12),
        ("over a year", "fortnightly", 26),
        ("over a year and a half", "monthly", 18),
        ("a hundred monthly, four months", "monthly", 4),
    ],
)
def test_how_many_payments_is_found(text: str, frequency: str | None, count: int) -> None:
    assert [c.instalments for c in instalments(text, frequency)] == [count]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text", ["three months behind", "in six months", "on hold for thirty days"]
)
def test_what_is_no_count_of_payments_is_left_out(text: str) -> None:
    assert instalments(text, "monthly") == ()


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
