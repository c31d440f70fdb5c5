"""The plan sheet: what it begins with, what typing changes, and what is kept of it."""

import datetime
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

import pytest
import screen_calls as calls
from screen_calls import shown, text_of, until
from textual.pilot import Pilot

from agentassist import dialogue
from agentassist import events as ev
from agentassist.account import Account
from agentassist.arrangement import Instalment, MeansLine
from agentassist.call import LabelledTurn
from agentassist.labels import Labels
from agentassist.plans.limits import Limits
from agentassist.plans.schedule import PlanError
from agentassist.session import CallSession
from agentassist.tui.app import CoachApp
from agentassist.tui.live.screen import LiveScreen
from agentassist.tui.plan.screen import PlanScreen
from agentassist.tui.plan.typed import Figures, date_of, terms
from agentassist.turns import Turns
from agentassist.values import Cue, Label, Turn
from agentassist.vocabulary import Party
from tests.conftest import said_labels

SMALL, MIDDLE = (80, 24), (120, 36)
TODAY = datetime.date(2026, 3, 12)
LINES: tuple[tuple[Party, str], ...] = (
    ("agent", "The balance on the account is four hundred and eighty-two pounds ten."),
    (
        "caller",
        (
            "[b]I[/b] take home twelve hundred a month, the rent is six fifty a month. "
            "Food is about two hundred."
        ),
    ),
    ("agent", "Thank you for telling me. What would be possible?"),
    ("caller", "I could do forty pounds a month, from the twenty-seventh."),
)
LABELS = {"The balance on": "amount_stated", "I could do forty": "offer"}


def _classify(turn: Turn, before: Sequence[LabelledTurn]) -> tuple[Label, ...]:
    return said_labels(LABELS)(turn, before)


LIMITS = Limits(
    longest_months=12,
    least_instalment=Decimal(5),
    lowest_settlement=Decimal("0.6"),
    partial_least=Decimal(20),
)


def session_of(*extra: ev.Heard, account: Account | None = None) -> CallSession:
    account = account or Account("Dana Cole", "Acme Energy", None, "GBP")
    started = ev.CallStarted(0.0, "test", "none", call_date=TODAY, account=account)
    heard = list(dialogue.heard(started, [dialogue.SpokenLine(*line) for line in LINES]))[:-1]
    done = CallSession(iter([*heard, *extra]), [Turns(), Labels(_classify)], [])
    done.run()
    return done


def app(
    session: CallSession | None = None,
    theme: Literal["dark", "light"] = "dark",
    limits: Limits = LIMITS,
) -> CoachApp:
    desk = calls.desk(Path("data"))._replace(limits=limits)
    return CoachApp(session or session_of(), title="demo call", desk=desk, theme=theme)


async def opened(pilot: Pilot[Any], *keys: str) -> None:
    await shown(pilot, LiveScreen)
    await pilot.press("p")
    await shown(pilot, PlanScreen)
    await pilot.press(*keys)
    await pilot.pause()


def squeezed(app: CoachApp) -> str:
    return " ".join(text_of(app).replace("│", " ").split())


# How it looks


@pytest.mark.parametrize("size", [SMALL, MIDDLE], ids=["80x24", "120x36"])
@pytest.mark.parametrize("theme", ["dark", "light"])
def test_the_sheet_opens_with_the_callers_own_offer(
    snap_compare: Callable[..., bool], size: tuple[int, int], theme: Any
) -> None:
    assert snap_compare(app(theme=theme), terminal_size=size, run_before=opened)


def test_what_they_told_stands_beside_what_it_comes_to(snap_compare: Callable[..., bool]) -> None:
    async def means(pilot: Pilot[None]) -> None:
        await opened(pilot, "f5", "shift+tab", "enter")

    assert snap_compare(app(), terminal_size=SMALL, run_before=means)


# What typing changes


async def test_it_begins_with_what_the_call_told() -> None:
    one = app()
    async with one.run_test(size=SMALL) as pilot:
        await opened(pilot)
        told = squeezed(one)
        assert "Balance 482.10 as you told it" in told
        assert "Amount 40.00 offered 0:" in told
        assert "twelve payments of £40 on the 27th of each month from 27 March 2026" in told
        assert "12 27 Feb 2027 £42.10 £0.00" in told
        assert "12 payments, £482.10 in all, nothing left owing" in told
        assert "Within the limits." in told


async def test_a_length_takes_the_place_of_the_amount_and_the_other_way_round() -> None:
    one = app()
    async with one.run_test(size=SMALL) as pilot:
        await opened(pilot, "tab", "8")
        assert "eight payments of £60.26" in squeezed(one)
        assert "Amount one of the two" in squeezed(one)
        await pilot.press("up", "5", "0")
        assert "ten payments of £50" in squeezed(one)
        assert "or payments how many" in squeezed(one)


async def test_how_often_and_the_first_day_and_what_is_paid_today_are_changed_by_keys() -> None:
    one = app()
    async with one.run_test(size=SMALL) as pilot:
        await opened(pilot, "tab", "tab", "w", "tab", *"3 april", "tab", *"82.10")
        told = squeezed(one)
        assert "That would be £82.10 today, then ten payments of £40 every Friday" in told
        assert "from 3 April 2026" in told
        await pilot.press("up", "up", "right")
        assert "every second Friday" in squeezed(one)


async def test_what_cannot_be_read_is_told_with_the_mend_and_cannot_be_kept() -> None:
    session = session_of()
    one = app(session)
    async with one.run_test(size=SMALL) as pilot:
        await opened(pilot, "4", "x", "enter")
        assert "amount: write a sum as 40 or 40.50" in squeezed(one)
        assert "To say" not in text_of(one)
        assert isinstance(one.screen, PlanScreen)
        assert session.call.drawn is None


async def test_a_settlement_and_a_part_payment_have_sections_of_their_own() -> None:
    one = app()
    async with one.run_test(size=SMALL) as pilot:
        await opened(pilot, "f3", "6", "0", "percent_sign")
        assert "1 payment, £289.26 in all, £192.84 written off" in squeezed(one)
        await pilot.press("f4")
        assert "1 payment, £40.00 in all, £442.10 left owing" in squeezed(one)
        await pilot.press("f3")
        assert "settled for £289.26" in squeezed(one), "what was typed is still there"


async def test_lines_they_told_are_accepted_one_by_one_and_say_what_is_affordable() -> None:
    session = session_of()
    one = app(session)
    async with one.run_test(size=SMALL) as pilot:
        await opened(pilot, "f5")
        assert "[ ] in take home £1,200.00 a month" in squeezed(one)
        assert "Left over not told" in squeezed(one)
        await pilot.press("shift+tab", "enter", "enter")
        assert "Left over £550.00" in squeezed(one)
        await pilot.press("enter")
        assert "How often? a week, a fortnight, a month" in squeezed(one)
        await pilot.press(*"week", "enter")
        assert "[x] out Food £200.00 a week" in squeezed(one)
        assert "Nothing can be asked of that" in squeezed(one)
        await pilot.press("shift+tab", "end", "delete")
        assert "Left over £550.00" in squeezed(one)
        await pilot.press("f2", *"300")
        assert "! Hard to keep: £300.00 of the £550.00 they have left a month" in squeezed(one)
        await pilot.press(*["backspace"] * 3, *"40", "enter")
    assert session.call.drawn
    assert session.call.drawn.arrangement.means == (
        MeansLine("income", "take home", Decimal("1200.00"), "monthly", 1),
        MeansLine("outgoing", "rent", Decimal("650.00"), "monthly", 1),
    )


@pytest.mark.parametrize(
    ("typed", "told"),
    [("tea", "One line has one sum"), ("tea 5 and 6", "One line has"), ("tea 50", "How often?")],
)
async def test_a_line_that_tells_no_sum_or_no_rhythm_is_not_reckoned_with(
    typed: str, told: str
) -> None:
    one = app()
    async with one.run_test(size=SMALL) as pilot:
        await opened(pilot, "f5", *typed, "enter")
        assert told in squeezed(one)
        assert "Goes out not told" in squeezed(one)


# What is kept


async def test_enter_keeps_it_for_the_note_and_goes_back_and_another_replaces_it() -> None:
    session = session_of()
    one = app(session)
    async with one.run_test(size=SMALL) as pilot:
        await opened(pilot, "enter")
        await shown(pilot, LiveScreen)
        assert "Kept: the note will tell it" in text_of(one)
        assert session.call.drawn
        assert len(session.call.drawn.arrangement.payments) == 12
        await pilot.press("p")
        await shown(pilot, PlanScreen)
        await pilot.press("tab", "2", "enter")
        await shown(pilot, LiveScreen)
    assert session.call.drawn.arrangement.payments == (
        Instalment(datetime.date(2026, 3, 27), Decimal("241.05")),
        Instalment(datetime.date(2026, 4, 27), Decimal("241.05")),
    )


async def test_outside_the_limits_it_is_asked_once_and_kept_marked_so() -> None:
    session = session_of()
    one = app(session)
    async with one.run_test(size=SMALL) as pilot:
        await opened(pilot, "4", "enter")
        told = squeezed(one)
        assert "! Outside the limits: each payment is £1.00 below the least allowed, £5.00" in told
        assert "Enter again keeps it, marked so." in told
        assert session.call.drawn is None
        await pilot.press(".", "5", "enter")
        assert session.call.drawn is None, "it is another plan: it is asked about again"
        await pilot.press("enter")
        await shown(pilot, LiveScreen)
    assert session.call.drawn
    lasts, each = session.call.drawn.arrangement.outside
    assert lasts.startswith("lasts ")
    assert each.startswith("each payment is £0.50 below")


async def test_going_back_keeps_what_was_typed() -> None:
    session = session_of()
    one = app(session)
    async with one.run_test(size=SMALL) as pilot:
        await opened(pilot, "5", "5", "escape")
        await shown(pilot, LiveScreen)
        await pilot.press("p")
        await shown(pilot, PlanScreen)
        assert "payments of £55" in squeezed(one)
    assert session.call.drawn is None


async def test_what_was_said_since_is_taken_up_where_the_agent_has_not_typed() -> None:
    session = session_of()
    one = app(session)
    async with one.run_test(size=SMALL) as pilot:
        await opened(pilot, "escape")
        words = "I could do forty pounds, no, I could do forty-five pounds a month."
        session._take(ev.WordsHeard(60.0, "agent", 55.0, 60.0, "Yes?", new_turn=True))
        session._take(ev.WordsHeard(70.0, "caller", 61.0, 70.0, words, new_turn=True))
        await pilot.press("p")
        await shown(pilot, PlanScreen)
        assert "offered 1:01" in squeezed(one)


async def test_a_plan_that_was_kept_is_shown_when_the_call_is_over_but_no_new_one_is() -> None:
    session = session_of()
    one = app(session)
    async with one.run_test(size=SMALL) as pilot:
        await opened(pilot)
        session._take(ev.CallEnded(90.0))
        await until(pilot, lambda: "the call is over" in text_of(one))
        await pilot.press("enter")
        assert "The call is over: it can't be kept. Write it in the note" in text_of(one)
        assert isinstance(one.screen, PlanScreen)
        await pilot.press("escape")
        # The call, or its note already, which opens by itself.
        await until(pilot, lambda: not isinstance(one.screen, PlanScreen))
        await pilot.press("p")
        await pilot.pause()
        assert not isinstance(one.screen, PlanScreen)
    assert session.call.drawn is None


async def test_an_urgent_cue_is_told_in_front_of_the_sheet() -> None:
    session = session_of()
    one = app(session)
    async with one.run_test(size=SMALL) as pilot:
        await opened(pilot)
        session._send(ev.CueRaised(61.0, Cue("c1", "x", "urgent", "Stop", "", "", 61.0)))
        await until(pilot, lambda: "URGENT: the coach has a cue" in text_of(one))
        assert "Esc goes back to it" in text_of(one)


async def test_a_long_schedule_is_paged_through() -> None:
    one = app()
    async with one.run_test(size=SMALL) as pilot:
        await opened(pilot, "9")
        assert "54 27 Aug 2030" not in squeezed(one)
        await pilot.press(*["pagedown"] * 6)
        await until(pilot, lambda: "54 27 Aug 2030" in squeezed(one))


async def test_words_of_the_call_are_never_markup_on_the_sheet() -> None:
    one = app()
    async with one.run_test(size=MIDDLE) as pilot:
        await opened(pilot, "f5")
        assert "[b]I[/b] take home" in text_of(one)


# What is typed


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("2026-03-27", "2026-03-27"),
        ("27", "2026-03-27"),
        ("31", "2026-03-31"),
        ("27 March", "2026-03-27"),
        ("end of the month", "2026-03-31"),
        ("", None),
    ],
)
def test_a_day_is_typed_as_it_is_said(text: str, told: str | None) -> None:
    found = date_of(text, TODAY)
    assert (found.isoformat() if found else None) == told


@pytest.mark.parametrize("text", ["32", "soon", "٢٧"])
def test_a_day_that_is_none_is_told_with_the_mend(text: str) -> None:
    with pytest.raises(PlanError, match="first date: write it as 27 March"):
        date_of(text, TODAY)


@pytest.mark.parametrize(
    ("text", "told"), [("£1,250.50", "1250.50"), ("GBP 40", "40"), (".50", "0.50"), (" 40 ", "40")]
)
def test_a_sum_is_typed_with_its_sign_or_without(text: str, told: str) -> None:
    read = terms("plan", Figures(text, first="27", payments=" 3 "), TODAY, "GBP")
    assert (read.balance, read.instalments) == (Decimal(told), 3)


@pytest.mark.parametrize(
    ("figures", "told"),
    [
        (Figures("40,5", first="27"), "balance: write a sum as 40 or 40.50"),
        (Figures("1e5", first="27"), "balance: write"),
        (Figures("", first="27"), "balance: not known"),
        (Figures("40"), "first date: type it"),
        (Figures("40", first="27", payments="x"), "payments: write their number"),
        (Figures("40", first="27", today="-4"), "today: write a sum"),
    ],
)
def test_a_figure_that_is_none_is_told_by_its_name(figures: Figures, told: str) -> None:
    with pytest.raises(PlanError, match=told):
        terms("plan", figures, TODAY, "GBP")
