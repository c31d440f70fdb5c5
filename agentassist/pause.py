"""A pause after a hard call: suggested to the agent alone, on their screen, and kept nowhere."""

from collections.abc import Iterable

from agentassist.call import Call
from agentassist.rulebook import PauseRule


def pause_after(call: Call, rules: Iterable[PauseRule]) -> str:
    """One line with its reason, by the first rule that holds; empty where none does."""
    if not call.ended:
        return ""
    found = next((rule for rule in rules if _holds(rule, call)), None)
    return f"Take {found.minutes} minutes: {found.why}." if found else ""


def _holds(rule: PauseRule, call: Call) -> bool:
    if rule.hottest is not None and call.hottest < rule.hottest:
        return False
    if rule.longer_than is not None and call.at <= rule.longer_than:
        return False
    return not rule.heard or sum(turn.has(*rule.heard) for turn in call.turns) >= rule.turns
