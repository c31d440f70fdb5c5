"""The words that everything shares: parties, labels, priorities, outcomes.

One place, so that a rule, a model, a screen and a test can't drift apart. The meaning of
each label is told in the README of the rule packs.
"""

from typing import Literal

Party = Literal["agent", "caller"]
PARTIES: tuple[Party, ...] = ("agent", "caller")

Direction = Literal["inbound", "outbound"]
"""Who rang: they did, or the agent."""

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

HARDSHIPS = (
    "job_loss",
    "reduced_hours",
    "illness",
    "bereavement",
    "separation",
    "benefit_delay",
    "business_failure",
    "caring",
    "rising_costs",
    "fraud_victim",
    "other",
)
"""Why a caller can't pay."""

CEASED = ("all", "work", "phone", "evening", "letter", "third_party", "text", "email")
"""What a caller asks to stop: every contact, or that at a place, at a time, by a way."""

DETAILS_OF: dict[str, tuple[str, ...]] = {"hardship": HARDSHIPS, "cease_contact": CEASED}
"""The finer codes of a label; a label not named here has none."""

LABELS_OF: dict[Party, tuple[str, ...]] = {"agent": FLAGS + PRACTICE, "caller": SIGNALS}
SPEAKER_OF: dict[str, Party] = {label: party for party in PARTIES for label in LABELS_OF[party]}

DETAILED = tuple(f"{label}:{code}" for label, codes in DETAILS_OF.items() for code in codes)
"""Labels with their codes, as `hardship:job_loss`."""

Priority = Literal["urgent", "high", "normal", "low"]
PRIORITIES: tuple[Priority, ...] = ("urgent", "high", "normal", "low")
"""Most pressing first."""

Severity = Literal["stop", "fix", "note"]

Tier = Literal["new", "settled", "expert"]
"""How used to the work an agent is; a pack tells how much the coach says to each."""

BEHIND = "behind"
"""The fault of a machine that is too slow for a live call; see `pace`."""

Objective = Literal["confirm", "negotiate", "settle", "gather", "follow_up"]
OBJECTIVES: tuple[Objective, ...] = ("confirm", "negotiate", "settle", "gather", "follow_up")
"""What a call is for: confirm an arrangement, find one, settle, learn how things are, follow up."""

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

ArrangementKind = Literal["plan", "settlement", "partial"]
"""What an agent draws up: instalments that clear the debt, a smaller sum that ends it, a part."""

MeansKind = Literal["income", "outgoing", "spare"]
"""What comes in, what goes out, what is left over by the caller's own reckoning."""
