"""Cells of a table as people write them: sums, days, codes; what may be two things is refused."""

import datetime
import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentassist.crm.cells import CellError
from agentassist.crm.days import DayOrder
from agentassist.crm.fields import value_of as value_of_kind


def value_of(field: str, cell: str, order: DayOrder | None) -> object:
    return value_of_kind("accounts", field, cell, order)


@pytest.mark.parametrize(
    ("cell", "amount"),
    [
        ("482.10", "482.10"), ("£1,482.10", "1482.10"), ("1.482,10 ", "1482.10"), ("64", "64"),
        ("1'250.00", "1250.00"), ("12,345", "12345"), ("1.234.567", "1234567"), ("0,5", "0.5"),
        ("(12.00)", "-12.00"), ("-3", "-3"), ("USD 7.5", "7.5"), ("$ 1 200", "1200"),
        ("350 €", "350"), ("1.234,56 EUR", "1234.56"), ("A$1,200.50", "1200.50"), ("Rs. 5", "5"),
        ("1,23,456.00", "123456"), ("-£5", "-5"), ("£-5", "-5"), ("5-", "-5"), ("0.125", "0.125"),
        ("€\u00a01\u202f234,56", "1234.56"),
    ],
)  # fmt: skip
def test_a_sum_is_read_as_it_is_written_anywhere(cell: str, amount: str) -> None:
    assert value_of("balance", cell, None) == Decimal(amount)


@pytest.mark.parametrize(
    "cell",
    [
        "a lot", "12.345", "1.2.3,4,5", "12 %", "--4", "1e5", "1.2.3", "1,2,3", "12 34", "(5", "5)",
        "£5€", "3 months", ".5", "٣", "(-5)", "1,234,56",
    ],
)  # fmt: skip
def test_a_sum_that_may_be_another_is_refused(cell: str) -> None:
    with pytest.raises(CellError):
        value_of("balance", cell, None)


@given(st.decimals(0, 10**9, places=2), st.sampled_from(["{:,.2f}", "{:.2f}", "EUR {:,.2f}"]))
def test_every_sum_that_is_written_with_its_cents_is_read_back(sum_: Decimal, form: str) -> None:
    text = form.format(sum_)
    assert value_of("fees", text, None) == sum_
    assert value_of("fees", text.translate(str.maketrans(",.", ".,")), None) == sum_


@given(st.text(st.sampled_from("0123456789.,' "), max_size=14))
def test_no_figure_of_a_sum_is_lost_or_moved_over_the_decimal_sign(text: str) -> None:
    try:
        sum_ = value_of("balance", text, None)
    except CellError:
        return
    written = f"{sum_:f}" if isinstance(sum_, Decimal) else ""
    figures = "".join(sign for sign in text if sign.isdigit())
    assert written.replace(".", "").lstrip("0") == figures.lstrip("0")
    _, decimal, part = written.partition(".")
    assert not decimal or re.fullmatch(rf".*[.,]{part}", text.strip())


@given(st.dates(datetime.date(1990, 1, 1), datetime.date(2049, 12, 31)))
def test_a_day_is_read_in_the_order_that_was_said_and_never_guessed(day: datetime.date) -> None:
    assert value_of("due_since", day.isoformat(), None) == day
    assert value_of("due_since", f"{day:%d/%m/%Y}", "day-first") == day
    assert value_of("due_since", f"{day:%m/%d/%Y}", "month-first") == day
    if day.day <= 12 and day.day != day.month:
        with pytest.raises(CellError, match="--dates"):
            value_of("due_since", f"{day:%d/%m/%Y}", None)
    else:
        assert value_of("due_since", f"{day:%d.%m.%Y}", None) == day


@pytest.mark.parametrize(
    "cell", ["2026-03-27", "20260327", "2026/3/27", "27-Mar-2026", "27 March 2026", "Mar 27, 2026",
             "27.03.2026 10:00", "2026-03-27T10:00:00Z"],
)  # fmt: skip
def test_a_day_that_can_only_be_one_is_read_in_many_ways(cell: str) -> None:
    assert value_of("due_since", cell, None) == datetime.date(2026, 3, 27)


@pytest.mark.parametrize(
    ("cell", "why"),
    [
        ("27/03/26", "year in full"), ("31/02/2026", "no such day"), ("2026-03-27zzz", "not a day"),
        ("03/04/20261", "not a day"), ("0001-01-01", "before 1900"), ("46108", "not a day"),
    ],
)  # fmt: skip
def test_what_is_no_day_is_told_why(cell: str, why: str) -> None:
    with pytest.raises(CellError, match=why):
        value_of("due_since", cell, None)


@pytest.mark.parametrize(
    ("field", "cell", "value"),
    [
        ("disputed", "Yes", True), ("disputed", "n", False), ("disputed", "  ", None),
        ("role", "Debt buyer", "debt_buyer"), ("role", "agency", "third_party"),
        ("ceased", "work; evening", ("work", "evening")),
        ("ceased", "SMS, e-mail", ("text", "email")), ("ceased", "yes", ("all",)),
        ("ceased", "no", ()), ("documents", "bill; letter", ("bill", "letter")),
        ("support_needs", "none", ()), ("country", "UK", "GB"), ("country", "United States", "US"),
        ("country", "au", "AU"), ("region", "US-CA", "CA"), ("region", "nsw", "NSW"),
        ("time_zone", "Europe/London", "Europe/London"), ("currency", "£", "GBP"),
        ("wishes.latest", "6:30 pm", datetime.time(18, 30)), ("wishes.not_on", "Sundays", ("sun",)),
    ],
)  # fmt: skip
def test_a_cell_is_what_its_field_is(field: str, cell: str, value: object) -> None:
    assert value_of(field, cell, None) == value


@pytest.mark.parametrize(
    ("field", "cell", "why"),
    [
        ("disputed", "perhaps", "say yes or no"), ("ceased", "sometimes", "say all, work"),
        ("role", "friend", "first_party, third_party or debt_buyer"),
        ("country", "Freedonia", "two letters"),
        ("time_zone", "London time", "Europe/London"), ("currency", "$", "three letters"),
        ("wishes.earliest", "09:00Z", "no offset"), ("payments", "20", "--as"),
    ],
)  # fmt: skip
def test_what_a_field_can_not_be_is_told_without_the_words(field: str, cell: str, why: str) -> None:
    with pytest.raises(CellError, match=why) as told:
        value_of(field, cell, None)
    assert cell not in ("perhaps", "sometimes", "friend", "Freedonia") or cell not in str(
        told.value
    )
