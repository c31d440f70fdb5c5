"""The note's own phrases: what the labels do not tell apart but the record must."""

from agentassist.phrases import Phrases

SETTLED = Phrases(
    [
        r"settle(?:d|s|ment)?",
        r"full and final",
        r"call (?:it|us) (?:quits|square|even)",
        r"(?:close|closes|closed) (?:it|off|as|the account)",
        r"(?:it's|is|account's) (?:all )?closed",
        r"(?:write|writing|wipe|wiping) off the (?:rest|remainder|balance)",
        r"(?:then|and) it's (?:over|done|finished)",
        r"marked as (?:part )?(?:settled|satisfied)",
    ]
)
"""A sum below the debt ends it."""

HELD = Phrases(
    [
        r"(?:on|a|the|this|that|your|days?|weeks?|months?|weeks'|days'|months') hold",
        r"on hold(?: \w+)?",
        r"hold (?:on )?(?:the|your|this|everything|it|all) (?:account|collections?|for|until|off)",
        r"(?:a|full) stop on (?:the|this|your) account",
        (
            r"(?:account|everything|it|debt|collections?|mortgage|loan)(?:'s| is| are)?(?: all)?"
            r" (?:paused|frozen|parked|suspended|on pause)"
        ),
        (
            r"(?:pause|pausing|park|parking|freeze|freezing|suspend|suspending)"
            r" (?:the|your|this|everything|it|all|collections?)(?: \w+)?"
        ),
        r"breathing space",
        r"payment (?:break|holiday)",
        r"(?:moratorium|forbearance|deferment|deferral)",
        r"nothing (?:taken|to pay)(?: \w+){0,3}",
    ]
)
"""Collection stops for a while."""

DISPUTED = Phrases(
    [
        r"disputed?",
        r"identity theft",
        r"(?:validation|proof of (?:debt|the debt))(?: \w+)?",
        r"(?:rebill|affidavit)",
    ]
)
"""The agent takes the dispute up."""

PAID = Phrases(
    [
        r"(?:went|gone|going|goes|it's) through(?: now)?",
        r"that's (?:it )?(?:in|paid)",
        r"(?:paid|payment)(?: \w+){0,2} (?:today|received|as of today)",
        r"(?:payment|money|that's|it's)(?: \w+)? received",
        r"i (?:can )?see it",
        r"fully paid",
    ]
)
"""The money moved during the call."""

ALL_OF_IT = Phrases(
    [
        r"the (?:lot|works|whole (?:lot|thing|amount|balance)|full (?:amount|balance|sum))",
        r"all of it",
        r"in full",
    ]
)
"""A payment of all that is owed, without its sum."""

ESCALATED = Phrases(
    [
        r"escalat(?:e|ed|ing)",
        (
            r"(?:passing|pass|transfer|transferring|handing|hand|put|putting|bring|bringing)"
            r" (?:you|this|it|her|him|\w+) (?:\w+ ){0,2}(?:to|on|over|through)(?: \w+)*"
        ),
        (
            r"(?:supervisor|manager|team leader|team lead|principal)(?: \w+){0,3}"
            r" (?:will|'ll|has to|is going to) (?:ring|call|phone|contact|look|take|be)(?: \w+)*"
        ),
        r"(?:my|the|our) (?:supervisor|manager|team leader|team lead|boss)(?:'s| is)?(?: \w+)*",
        r"takes it from here",
        r"ombudsman",
    ]
)
"""Someone above takes it from here."""

_RINGING = (
    r"(?:i'll|i will|i|we'll|we will|we|i'd) (?:just |then |also )?"
    r"(?:ring|call|phone|give (?:you|ye|yous) a (?:call|ring|bell|buzz))"
)
RINGING = Phrases([_RINGING])
"""The agent says that they will ring."""

CALLING = Phrases(
    [
        _RINGING,
        r"(?:ring|call|phone|speak to|talk to|catch) (?:me|us|you|your)",
        r"(?:we|we'll|we can|let's) (?:speak|talk)",
        r"call back",
        r"calling you",
    ]
)
"""Of speaking again."""
