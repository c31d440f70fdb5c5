"""The words that everything shares: parties, labels, priorities, outcomes.

One place, so that a rule, a model, a screen and a test can't drift apart. The meaning of
each label is told in the README of the rule packs.
"""

from typing import Literal

Party = Literal["agent", "caller"]
PARTIES: tuple[Party, ...] = ("agent", "caller")

FLAGS = (
    "threat",
    "insult",
    "accusation",
    "ultimatum",
    "dismissive",
    "shaming",
    "third_party_disclosure",
    "misrepresentation",
)
"""What an agent must not do: the coach speaks up."""

PRACTICE = (
    "empathy",
    "reflection",
    "open_question",
    "apology",
    "options",
    "plan_terms",
    "amount_stated",
    "origin_stated",
    "fees_stated",
    "channels_offered",
    "identity_check",
    "disclosure",
    "recap",
    "support_signpost",
)
"""What an agent does well: the coach credits it, the checklist ticks it."""

SIGNALS = (
    "anger",
    "distress",
    "hardship",
    "vulnerability",
    "confusion",
    "dispute",
    "refusal",
    "cease_contact",
    "represented",
    "wrong_party",
    "offer",
    "promise",
    "callback",
    "complaint",
)
"""What a caller lets us know: the coach reacts, the note records."""

LABELS_OF: dict[Party, tuple[str, ...]] = {"agent": FLAGS + PRACTICE, "caller": SIGNALS}
SPEAKER_OF: dict[str, Party] = {label: party for party in PARTIES for label in LABELS_OF[party]}

Priority = Literal["urgent", "high", "normal", "low"]
PRIORITIES: tuple[Priority, ...] = ("urgent", "high", "normal", "low")
"""Most pressing first."""

Severity = Literal["stop", "fix", "note"]

Outcome = Literal[
    "paid_now",
    "promise_to_pay",
    "payment_plan",
    "settlement",
    "hardship_hold",
    "dispute",
    "refused",
    "callback",
    "wrong_party",
    "cease_contact",
    "represented",
    "escalated",
    "no_resolution",
]
Frequency = Literal["weekly", "fortnightly", "monthly"]
