"""May this person be rung now? What stands against it, with the rule and its source.

A pure function of the rulebook, the account and the moment: a brief shows what it answers.
"""

import datetime
from collections.abc import Iterable, Iterator

import msgspec

from agentassist.account import Account
from agentassist.dialling.against import against, together
from agentassist.dialling.asked import Asked, asked
from agentassist.dialling.until import until
from agentassist.dialling.words import after, depends, details
from agentassist.helplines import UNCHECKED
from agentassist.in_force import dialling
from agentassist.rulebook import Rulebook
from agentassist.rules_of_dialling import LASTING, AnyDiallingRule, FlagRule, HoursRule, Verdict
from agentassist.standing import facts, holds


class Answer(msgspec.Struct, frozen=True):
    """What one rule says against ringing now."""

    rule: str
    verdict: Verdict
    what: str
    why: str
    source: str
    until: datetime.datetime | None
    """When they may be rung again, in the person's own time, where that can be told."""


def may_ring(
    rulebook: Rulebook, account: Account, pack: str, now: datetime.datetime
) -> tuple[Answer, ...]:
    """What stands against it, most pressing first; nothing does where it is empty.

    Raises ValueError where `now` is not aware.
    """
    told: dict[str, Answer] = {}
    found = answers(rulebook, account, pack, now)
    for answer in sorted(found, key=lambda answer: answer.verdict != "stop"):
        # One question may be asked by several rules, as what became of earlier calls.
        told.setdefault(answer.what, answer)
    return tuple(told.values())


def answers(
    rulebook: Rulebook, account: Account, pack: str, now: datetime.datetime
) -> Iterator[Answer]:
    """What each of the pack's rules says, the most lasting kind first."""
    if now.tzinfo is None:
        raise ValueError("`now` must be aware, since local time is told by it")
    case = asked(rulebook, account, pack, now)
    in_force = sorted(dialling(rulebook, pack), key=lambda rule: LASTING.index(type(rule)))
    rules = [rule for rule in in_force if _is_for(rule, case, now) is not False]
    heeded = [rule for rule in rules if rule.verdict == "stop" or isinstance(rule, HoursRule)]
    for rule in rules:
        match together(against(rule, case, moment) for moment in case.local(now)):
            case True:
                yield _stands(rule, case, now, until(rule, heeded, case, now))
            case None if rule.asks:
                why = rule.why.format_map(details(rule, case, now))
                yield _told(rule, "ask", rule.asks, (why,))


def _is_for(rule: AnyDiallingRule, case: Asked, now: datetime.datetime) -> bool | None:
    if isinstance(rule, FlagRule):
        return True
    return together(
        holds(rule.account, facts(case.account, case.pack, moment.date()))
        for moment in case.local(now)
    )


def _stands(
    rule: AnyDiallingRule,
    case: Asked,
    now: datetime.datetime,
    ends: datetime.datetime | None,
) -> Answer:
    known = details(rule, case, now)
    what = (rule.what.format_map(known), after(ends, now, case) if ends else "")
    why = (rule.why.format_map(known), case.unsure if isinstance(rule, HoursRule) else "")
    if _is_for(rule, case, now):
        return _told(rule, rule.verdict, _joined(what), why, ends)
    unknown = depends(rule, facts(case.account, case.pack, now.date()))
    return _told(rule, "ask", _joined(what), (*why, unknown), ends)


def _told(
    rule: AnyDiallingRule,
    verdict: Verdict,
    what: str,
    why: Iterable[str],
    ends: datetime.datetime | None = None,
) -> Answer:
    source = rule.source if rule.verified else f"{rule.source} ({UNCHECKED})"
    return Answer(rule.id, verdict, what, _joined(why), source, ends)


def _joined(sentences: Iterable[str]) -> str:
    return " ".join(sentence for sentence in sentences if sentence)
