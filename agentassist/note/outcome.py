"""How the call ended, in one word, weighed from everything that tells it.

The weights are learned from labelled calls by `scripts/train_outcome.py`: a linear model, so
that what spoke for an outcome can be told. A rulebook's phrases are among what is weighed.
"""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import msgspec

from agentassist.vocabulary import Outcome


class Weights(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`outcome.json`: for each outcome, what a feature of `ending.py` adds to it."""

    about: str
    bias: dict[Outcome, float]
    weights: dict[Outcome, dict[str, float]]


@cache
def weights() -> Weights:
    """As shipped."""
    data = (files("agentassist.note") / "outcome.json").read_bytes()
    return msgspec.json.decode(data, type=Weights)


GROUNDS: dict[Outcome, tuple[str, ...]] = {
    "paid_now": ("promises", "paid"),
    "promise_to_pay": ("promises", "promised"),
    "payment_plan": ("plan", "promised"),
    "settlement": ("settlement", "promised"),
    "hardship_hold": ("said:hardship", "said:vulnerability", "says:held", "says:held_for"),
    "dispute": ("said:dispute", "says:disputed"),
    "refused": ("said:refusal", "said:anger"),
    "callback": ("callback", "said:callback"),
    "wrong_party": ("said:wrong_party",),
    "cease_contact": ("said:cease_contact",),
    "represented": ("said:represented", "acted for"),
    "escalated": (
        *("said:complaint", "says:escalated", "says:handed_over", "says:taken_over"),
        "handed over",
    ),
}
"""What must have been said for an outcome to be named at all: one of these at least."""


MORE: dict[Outcome, tuple[str, ...]] = {"promise_to_pay": ("plan", "settlement")}
"""What is more than an outcome: where it was agreed, the call did not come to the lesser."""

AGREED: tuple[Outcome, ...] = ("paid_now", "promise_to_pay", "payment_plan", "settlement")
"""What a call that was passed on came to all the same; otherwise it was passed on."""


def outcome(told: Mapping[str, float], known: Weights | None = None) -> Outcome:
    """What the features of a call's ending speak for most; `known` is not the shipped weights.

    That the agent passed the call on is no matter of weights: they said so themselves.
    """
    known = known or weights()
    may_be = [code for code in known.bias if _is_grounded(told, code)]
    found = max(may_be, key=lambda code: known.bias[code] + sum(shares(told, code, known).values()))
    return "escalated" if told.get("handed over") and found not in AGREED else found


def shares(told: Mapping[str, float], code: Outcome, known: Weights) -> dict[str, float]:
    """What each feature adds to that outcome, by name."""
    own = known.weights[code]
    return {name: own[name] * value for name, value in told.items() if value and name in own}


def _is_grounded(told: Mapping[str, float], code: Outcome) -> bool:
    if any(told.get(name) for name in MORE.get(code, ())):
        return False
    return code not in GROUNDS or any(told.get(name) for name in GROUNDS[code])
