"""What the plan sheet shows of an arrangement: its schedule, and whether it can be kept. Pure."""

from collections.abc import Iterator
from decimal import Decimal

from textual.content import Content

from agentassist.arrangement import Arrangement, MeansLine
from agentassist.entities.reckoning import MONTH_NAMES, WEEKDAY_NAMES
from agentassist.note.words import sum_of
from agentassist.plans.limits import Limits
from agentassist.plans.means import Budget, burden, proposal
from agentassist.plans.told import ToldLine
from agentassist.tui import wording
from agentassist.vocabulary import Frequency, MeansKind

_RATES: dict[Frequency, str] = {
    "weekly": "a week",
    "fortnightly": "a fortnight",
    "monthly": "a month",
}

_KINDS: dict[MeansKind, str] = {"income": "in ", "outgoing": "out", "spare": "left"}

WITH_WEEKDAY = 44
"""Columns from which the schedule names the day of the week."""


def schedule(drawn: Arrangement, width: int) -> Content:
    """A line for each payment: its number, day, sum, and what is then left of the balance."""
    rows = [("", "", "payment", "left"), *_rows(drawn, with_weekday=width >= WITH_WEEKDAY)]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    lines = [
        f"{number:>{widths[0]}} {day:<{widths[1]}}  {amount:>{widths[2]}}  {left:>{widths[3]}}"
        for number, day, amount, left in rows
    ]
    return Content.assemble((lines[0], "$quiet"), "\n", "\n".join(lines[1:]))


def _rows(drawn: Arrangement, *, with_weekday: bool) -> Iterator[tuple[str, str, str, str]]:
    left = drawn.balance
    for number, (day, amount) in enumerate(drawn.schedule, 1):
        left -= amount
        weekday = f"{WEEKDAY_NAMES[day.weekday()][:3]} " if with_weekday else ""
        told = f"{weekday}{day.day:>2} {MONTH_NAMES[day.month - 1][:3]} {day.year}"
        sums = (sum_of(amount, drawn.currency), sum_of(left, drawn.currency))
        yield (str(number), told, *sums)


def judged(drawn: Arrangement, known: Budget, limits: Limits) -> Content:
    """What it comes to, whether it is within the limits, and within what they can afford."""
    return Content("\n").join(
        [_comes_to(drawn), *_limits(drawn, limits), _affordable(drawn, known, limits)]
    )


def _comes_to(drawn: Arrangement) -> Content:
    count = len(drawn.schedule)
    payments = "1 payment" if count == 1 else f"{count} payments"
    parts = [payments, f"{sum_of(drawn.total, drawn.currency)} in all"]
    if drawn.written_off:
        parts.append(f"{sum_of(drawn.written_off, drawn.currency)} written off")
    left = f"{sum_of(drawn.left_owing, drawn.currency)} left owing"
    parts.append(left if drawn.left_owing else "nothing left owing")
    return Content.styled(", ".join(parts), "bold")


def _limits(drawn: Arrangement, limits: Limits) -> Iterator[Content]:
    if limits == Limits(share_of_spare=limits.share_of_spare):
        yield Content.styled("No limits are set here; yours may be elsewhere.", "$quiet")
    elif not drawn.outside:
        yield Content("Within the limits.")
    for limit in drawn.outside:
        yield Content.assemble(("! Outside the limits: ", "$flag bold"), limit)


def _affordable(drawn: Arrangement, known: Budget, limits: Limits) -> Content:
    found = burden(drawn, known, limits.share_of_spare)
    if found is None:
        return Content.styled("What they can afford is not known: F5, if they tell.", "$quiet")
    taken, spare, share = (sum_of(x, drawn.currency) for x in found)
    told = f"{taken} of the {spare} they have left a month"
    if found.is_kept:
        return Content(f"Affordable: {told}.")
    return Content.assemble(
        ("! Hard to keep: ", "$flag bold"), f"{told}; {share} is the most to ask."
    )


def budget(known: Budget, limits: Limits, frequency: Frequency, currency: str | None) -> Content:
    """What comes in, goes out and is left in a month, and what could be offered of it."""
    rows = [("Comes in", known.income), ("Goes out", known.outgoings), ("Left over", known.spare)]
    lines = [f"{name:<12}{_told(value, currency):>12}" for name, value in rows]
    shown = Content.assemble(("A month", "$quiet"), "\n", "\n".join(lines))
    if known.spare is None:
        return Content.assemble(shown, "\n\n", ("Only what they offer to tell.", "$quiet"))
    offered = proposal(known.spare, limits.share_of_spare, frequency, currency)
    if offered is None:
        more = "Nothing can be asked of that: offer time, or help with the budget."
    else:
        more = f"{sum_of(offered, currency)} {_RATES[frequency]} would leave them the rest."
    return Content.assemble(shown, "\n\n", more)


def _told(value: object, currency: str | None) -> str:
    return sum_of(value, currency) if isinstance(value, Decimal) else "not told"


def accepted(line: MeansLine, currency: str | None) -> Content:
    """A line that is reckoned with."""
    return Content(f"[x] {_means(line, currency)}")


def offered(told: ToldLine, currency: str | None) -> Content:
    """A line that the caller told, to be accepted."""
    quote = wording.clean(told.quote)
    said = f"{wording.clock(told.at)}" + (f" “{quote}”" if quote else "")
    return Content.assemble(f"[ ] {_means(told.line, currency)}", "\n    ", (said, "italic"))


def _means(line: MeansLine, currency: str | None) -> str:
    rate = _RATES[line.frequency] if line.frequency else "- how often?"
    told = f"{_KINDS[line.kind]} {line.words} {sum_of(line.amount, currency)} {rate}"
    return wording.clean(told)
