"""What a rule of dialling says, in sentences that a compliance officer can judge."""

from collections.abc import Iterator

from agentassist.helplines import UNCHECKED
from agentassist.rules_in_words import conditions, either, known, plain
from agentassist.rules_of_dialling import (
    WEEKDAYS,
    AnyDiallingRule,
    CallsRule,
    ContactsRule,
    HolidaysRule,
    HoursRule,
    Verdict,
    Window,
    WishesRule,
)

_PLACEHOLDERS = {
    "time": "‹their time›",
    "count": "‹how many›",
    "wish": "‹what they wish›",
    "holiday": "‹the holiday›",
}
_VERDICTS: dict[Verdict, str] = {"stop": "stop: do not ring", "ask": "ask: find out, or think"}


def facts(rule: AnyDiallingRule) -> Iterator[tuple[str, str]]:
    """All there is to know of it, each with its title."""
    yield "Says", _filled(rule.what)
    yield "Why", _filled(rule.why)
    if rule.asks:
        yield "Where the record does not tell, asks", rule.asks
    if stands := _stands(rule):
        yield "Stands against ringing", stands
    if rule.account:
        yield "Only where", conditions(rule.account)
    yield "Verdict", _VERDICTS[rule.verdict]
    yield "Source", rule.source if rule.verified else f"{rule.source} ({UNCHECKED})"


def examples(rule: AnyDiallingRule) -> Iterator[str]:
    """What it says of each account at that moment."""
    for case in rule.examples:
        account = known(case.account) or "nothing known"
        verdict = "nothing against it" if case.verdict == "none" else case.verdict
        yield f"{case.now:%Y-%m-%d %H:%M %z}, {account}: {verdict}"


def _filled(text: str) -> str:
    """With its placeholders in words."""
    return text.format_map(_PLACEHOLDERS)


def _stands(rule: AnyDiallingRule) -> str:
    match rule:
        case HoursRule():
            return f"outside {'; '.join(_window(window) for window in rule.windows)}"
        case CallsRule():
            return f"where {rule.most} calls on this debt were placed within {rule.days} days"
        case ContactsRule():
            within = f"{rule.days} days" if rule.days else f"{rule.months} months"
            way = f", {rule.direction} ones" if rule.direction else ""
            by = either(rule.channels)
            return (
                f"where they were reached more than {rule.most} times within {within}, by {by}{way}"
            )
        case WishesRule():
            evening = f", from {rule.evening_from}" if rule.evening_from else ""
            return f"where they asked otherwise, of: {plain(rule.wish)}{evening}"
        case HolidaysRule():
            also = ", and of their own part of it" if rule.regional else ""
            return f"on public holidays of {rule.country}{also}"
        case _:
            return ""


def _window(window: Window) -> str:
    days = "" if window.days == WEEKDAYS else f" ({', '.join(window.days)})"
    return f"{window.earliest} to {window.latest}{days}"
