"""The rules as one person wants to hear from them: by experience, and without what they snoozed.

Urgent cues are for the caller's sake and the law's: nobody tunes them away.
"""

from msgspec.structs import replace

from agentassist.errors import MendableError
from agentassist.rulebook import Budget, Rulebook
from agentassist.rules_of_cues import AnyCueRule
from agentassist.values import Tuning
from agentassist.vocabulary import PRIORITIES


def tuned(rulebook: Rulebook, tuning: Tuning) -> Rulebook:
    """The rulebook with the budget of the tier, and the cue rules that may then speak."""
    budget = rulebook.budget
    if tuning.tier:
        budget = rulebook.tiers.get(tuning.tier, budget)
    cues = tuple(
        rule
        for rule in rulebook.cues
        if rule.priority == "urgent" or (rule.id not in tuning.snoozed and _speaks(rule, budget))
    )
    return replace(rulebook, budget=budget, cues=cues)


def _speaks(rule: AnyCueRule, budget: Budget) -> bool:
    return PRIORITIES.index(rule.priority) <= PRIORITIES.index(budget.least)


def check(tuning: Tuning, rulebook: Rulebook) -> tuple[str, ...]:
    """The snoozed rules that these packs do not know, as after an update.

    Raises MendableError on one that is urgent.
    """
    known = {rule.id: rule for rule in rulebook.cues}
    for name in tuning.snoozed:
        if name in known and known[name].priority == "urgent":
            raise MendableError(
                f"[coach] snoozed: {name} is urgent and can't be snoozed; take it out"
            )
    return tuple(name for name in tuning.snoozed if name not in known)
