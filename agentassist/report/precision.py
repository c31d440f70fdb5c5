"""How often people found a rule right, told so that small numbers are shown as such."""

from agentassist.report import intervals
from agentassist.report.intervals import Estimate
from agentassist.reviewing import RulePrecision

FEWEST = 20
"""Judged moments under which a share says too little: 10 of 10 may still be 72 in a hundred."""


def share(rule: RulePrecision) -> Estimate:
    """Agreed of judged."""
    return intervals.share(rule.agreed, rule.judged, FEWEST)


def told(rule: RulePrecision) -> str:
    """As "83 % right (72 to 91)", or that there are too few to tell."""
    found = share(rule)
    if found.value is None or found.low is None or found.high is None:
        return "nobody judged one"
    if found.is_small:
        return f"too few to tell ({rule.agreed} of {rule.judged} right)"
    return f"{found.value:.0%} right ({100 * found.low:.0f} to {100 * found.high:.0f})"
