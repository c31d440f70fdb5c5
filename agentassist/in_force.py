"""Which rules hold in one call: those of its country's pack, for this account and objective."""

from collections.abc import Iterator

from msgspec.structs import replace

from agentassist import events as ev
from agentassist.account import Account
from agentassist.helplines import words
from agentassist.rulebook import CheckRule, Rulebook
from agentassist.rulebook import version as versions_told
from agentassist.rules_of_cues import AnyCueRule
from agentassist.rules_of_dialling import AnyDiallingRule
from agentassist.standing import Facts, facts, holds
from agentassist.vocabulary import Objective, Priority

EVERYWHERE = "general"
"""The pack that is in force where no other is."""

USUAL: Objective = "negotiate"
"""What a call is for where nobody picked an objective."""


def pack_of(rulebook: Rulebook, started: ev.CallStarted | None) -> str:
    """The pack that was asked for, or that of the account's country."""
    if started and started.pack:
        return started.pack
    country = started.account.country if started and started.account else None
    packs = (name for name, local in rulebook.local.items() if country in local.countries)
    return next(packs, EVERYWHERE)


def in_force(rulebook: Rulebook, started: ev.CallStarted | None) -> Rulebook:
    """The rulebook with the cue rules and checklist items of this call alone."""
    pack = pack_of(rulebook, started)
    account = (started and started.account) or Account()
    known = facts(account, pack, started.call_date if started else None)
    out = _silent(rulebook, pack)
    return replace(
        rulebook,
        cues=tuple(_cues([rule for rule in rulebook.cues if rule.id not in out], known)),
        checklist=tuple(
            item
            for item in rulebook.checklist
            if item.id not in out and _is_listed(item, started, known)
        ),
    )


def dialling(rulebook: Rulebook, pack: str) -> tuple[AnyDiallingRule, ...]:
    """The rules of dialling that hold under that pack."""
    out = _silent(rulebook, pack)
    return tuple(rule for rule in rulebook.dialling if rule.id not in out)


def version(rulebook: Rulebook, started: ev.CallStarted | None) -> str:
    """The packs in force in the call, each with its version: what its record names.

    The digest is that of all packs, since words are listened for by all of them, and so that
    it is the one of the page that was signed: see `rule_page`.
    """
    others = rulebook.local.keys() - {pack_of(rulebook, started)}
    mine = {name: dated for name, dated in rulebook.versions.items() if name not in others}
    return versions_told(mine, rulebook.digest)


def places(rulebook: Rulebook, started: ev.CallStarted | None) -> dict[str, str]:
    """What `{crisis}` and `{advice}` stand for: by the account's country, or the pack's first."""
    country = started.account.country if started and started.account else None
    local = rulebook.local.get(pack_of(rulebook, started))
    if country is None and local:
        country = next(iter(local.countries), None)
    return words(rulebook.helplines, country)


def _silent(rulebook: Rulebook, pack: str) -> frozenset[str]:
    """What is not in force: other countries' rules, and what this pack replaces."""
    others = (local.own for name, local in rulebook.local.items() if name != pack)
    mine = rulebook.local.get(pack)
    return frozenset[str]().union(*others, mine.replaces if mine else ())


def _cues(rules: list[AnyCueRule], known: Facts) -> Iterator[AnyCueRule]:
    for rule in rules:
        match holds(rule.account, known):
            case True:
                yield rule
            case None if rule.asks:
                yield replace(rule, words=rule.asks, then=(), priority=_calmer(rule))


def _calmer(rule: AnyCueRule) -> Priority:
    """A question about the account is never urgent."""
    return "high" if rule.priority == "urgent" else rule.priority


def _is_listed(item: CheckRule, started: ev.CallStarted | None, known: Facts) -> bool:
    objective = (started and started.objective) or USUAL
    wanted = not item.objectives or objective in item.objectives
    return wanted and holds(item.account, known) is not False
