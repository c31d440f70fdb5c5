"""What a rule says, in sentences that a compliance officer can judge without reading YAML."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from agentassist.account import Account
from agentassist.rulebook import CheckRule
from agentassist.rules_of_cues import (
    CueRule,
    MaskedRule,
    MeasureRule,
    MissingRule,
    OrderRule,
    SaidRule,
    SequenceRule,
    UnansweredRule,
    Words,
)
from agentassist.rules_of_words import Example
from agentassist.standing import Conditions

NAMES_FILE = Path(__file__).with_name("rule_page.yaml")

PLACEHOLDERS = {
    "quote": "‹their words›",
    "detail": "‹what it is›",
    "crisis": "‹crisis line of the country›",
    "advice": "‹free debt advice of the country›",
}


class Names(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What codes are called."""

    labels: dict[str, str]
    meters: dict[str, str]
    objectives: dict[str, str]
    severities: dict[str, str]
    priorities: dict[str, str]


@cache
def names() -> Names:
    """Those of the file."""
    import yaml

    return msgspec.convert(yaml.safe_load(NAMES_FILE.read_bytes()), Names)


def plain(code: str) -> str:
    """A code as words: `third party disclosure`."""
    return code.replace("_", " ")


def either(codes: Iterable[object]) -> str:
    """As "hardship, distress or anger"."""
    *rest, last = [_value(code) for code in codes] or [""]
    return f"{', '.join(rest)} or {last}" if rest else last


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return plain(str(value))


def conditions(account: Conditions) -> str:
    """As "role is third party or debt buyer, and time barred is yes"."""
    return ", and ".join(f"{plain(fact)} is {either(values)}" for fact, values in account.items())


def told(words: Words) -> Words:
    """With its placeholders in words."""
    fill = PLACEHOLDERS | ({"detail": f"‹what it is, or {words.detail}›"} if words.detail else {})
    do, why, say = (text.format_map(fill) for text in (words.do, words.why, words.say))
    return Words(do, why, say)


def filled(text: str) -> str:
    """A text of a protocol with its placeholders in words."""
    return text.format_map(PLACEHOLDERS)


def hears(rule: CueRule) -> tuple[str, ...]:
    """The labels and marks that it waits for."""
    match rule:
        case SequenceRule():
            return tuple(dict.fromkeys(name for step in rule.steps for name in step.label))
        case MissingRule():
            return (*rule.once, *rule.label)
        case SaidRule() | UnansweredRule() | OrderRule():
            return rule.label
        case _:
            return ()


def fires(rule: CueRule) -> str:
    """When it is due, as a sentence."""
    match rule:
        case SaidRule():
            return _said(rule)
        case MaskedRule():
            return f"As soon as words were masked as {either(rule.masks)}."
        case UnansweredRule():
            return _unanswered(rule)
        case MissingRule():
            return _missing(rule)
        case MeasureRule():
            return _measured(rule)
        case OrderRule():
            answered = ", with the caller's answer between the two" if rule.answered else ""
            return f"When {either(rule.label)} comes before {either(rule.first)}{answered}."
        case SequenceRule():
            return _in_order(rule)
        case _:
            raise TypeError(type(rule).__name__)


def _in_order(rule: SequenceRule) -> str:
    steps = ", then ".join(f"{plain(step.name)} ({either(step.label)})" for step in rule.steps)
    bound = [
        f"{plain(step.name)} before {either(step.before or ('all after it',))}"
        for step in rule.steps[:-1]
        if step.words
    ]
    return f"The order is {steps}. When this is not kept: {'; '.join(bound)}."


def _said(rule: SaidRule) -> str:
    sure = f", heard with a confidence of {rule.at_least:.0%} or more" if rule.at_least else ""
    after = f", where {either(rule.after)} was heard before" if rule.after else ""
    return f"As soon as a turn holds {either(rule.label)}{sure}{after}."


def _unanswered(rule: UnansweredRule) -> str:
    silent = f", or after {_seconds(rule.after_seconds)} of silence" if rule.after_seconds else ""
    once = "" if rule.repeats else " The same thing, once answered, needs no second answer."
    return (
        f"When {either(rule.label)} was heard, and {_times(rule.after_turns, 'turn')} of the agent"
        f" went by without {either(rule.by)}{silent}.{once}"
    )


def _missing(rule: MissingRule) -> str:
    parts = [
        _seconds(rule.after_seconds) if rule.after_seconds else "",
        _times(rule.after_turns, "turn") + " of the agent" if rule.after_turns else "",
        _times(rule.caller_turns, "longer turn") + " of the caller" if rule.caller_turns else "",
        _times(rule.questions, "question") + " of the agent" if rule.questions else "",
    ]
    waited = " and ".join(part for part in parts if part)
    since = f"{either(rule.once)} was heard" if rule.once else "the call began"
    again = " It is counted anew each time." if rule.again else ""
    late = f"{waited} after " if waited else "as soon as "
    return f"When there was no {either(rule.label)}, {late}{since}.{again}"


def _measured(rule: MeasureRule) -> str:
    meter = names().meters.get(rule.meter, plain(rule.meter))
    if rule.rises_by is not None:
        bound = f"rose by {rule.rises_by:g} within {_seconds(rule.window)}"
    elif rule.above is not None:
        bound = f"is above {rule.above:g}"
    else:
        bound = f"is below {rule.below:g}"
    lasting = f" for {_seconds(rule.lasting)}" if rule.lasting else ""
    early = f", not before {_seconds(rule.not_before)} of the call" if rule.not_before else ""
    return f"When {meter} {bound}{lasting}{early}."


def guards(rule: CueRule) -> Iterator[str]:
    """What holds it back, a sentence each."""
    if rule.unless:
        yield f"Never once {either(rule.unless)} was heard."
    if isinstance(rule, OrderRule | SequenceRule) and rule.anew_after:
        yield f"The order begins anew after {either(rule.anew_after)}."
    yield (
        f"At most {_times(rule.most, 'time')} a call, {_seconds(rule.cooldown)} apart; gone after"
        f" {_seconds(rule.expires)} or {_times(rule.within, 'turn')} of the agent without it."
    )


def _seconds(count: float | None) -> str:
    return f"{count or 0:g} seconds"


def _times(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def example(said: Example) -> str:
    """One line of what is said in it, and of what is known of the account."""
    if isinstance(said, str):
        return f"“{said}”"
    account = next((line.account for line in said if line.account), None)
    before = f"(account: {known(account) or 'nothing known'}) " if account else ""
    spoken = (f"{line.speaker}: “{line.text}”" for line in said if line.text)
    return before + " / ".join(spoken)


def due(item: CheckRule) -> str:
    """When a checklist item falls due, and what guards it."""
    parts = [
        f"once {either(item.due_after)} was heard" if item.due_after else "",
        f"after {_seconds(item.due_at)}" if item.due_at is not None else "",
        f"only on the list once {either(item.only_if)} was heard" if item.only_if else "",
        f"only after {either(item.needs)}" if item.needs else "",
        f"not in a turn with {either(item.spoilt_by)}" if item.spoilt_by else "",
        f"anew after {either(item.anew_after)}" if item.anew_after else "",
        f"where the account does not say otherwise: {conditions(item.account)}"
        if item.account
        else "",
    ]
    return "; ".join(part for part in parts if part)


def fields(value: msgspec.Struct) -> dict[str, str]:
    """What is set in a value of whatever kind, in words: for rules that this page knows not."""
    plain_fields: dict[str, Any] = msgspec.to_builtins(value)
    return {plain(key): _any(found) for key, found in plain_fields.items() if _is_set(found)}


def known(account: Account) -> str:
    """As "country GB; ceased none; disputed yes"; only what is known, which may be that none is."""
    told: dict[str, Any] = msgspec.to_builtins(account)
    return "; ".join(f"{plain(key)} {_any(value) or 'none'}" for key, value in told.items())


def _is_set(value: object) -> bool:
    return value is not None and value not in ("", [], (), {})


def _any(value: object) -> str:
    if isinstance(value, Mapping):
        return _fields(value)
    if isinstance(value, list | tuple):
        return ", ".join(_any(item) for item in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, float) else str(value)


def _fields(value: Mapping[str, object]) -> str:
    there = ((plain(key), inner) for key, inner in value.items() if _is_set(inner))
    return "; ".join(f"{key} {_any(inner)}" for key, inner in there)
