"""Calls that a template is tried on: one with nothing, one with holes, one with everything."""

import datetime
from decimal import Decimal

from agentassist import events as ev
from agentassist.account import Account
from agentassist.arrangement import Arrangement, Instalment, MeansLine
from agentassist.call import Call
from agentassist.values import (
    ChecklistItem,
    Doubt,
    Evidence,
    FollowUp,
    Note,
    NoteLine,
    NoteSection,
    Notice,
    Plan,
    Promise,
    Settlement,
)

CANARY = "*sample*"
"""Stands where words of a call would: seen unescaped in Markdown, it would be emphasis."""

_DAY = datetime.date(2026, 3, 27)
_SUM = Decimal("40.00")
_SAID = Evidence(0, 2.0, "caller", CANARY)

_EMPTY = Note("no_resolution")
_HOLES = Note(
    "payment_plan",
    promises=(Promise(), Promise(_SUM)),
    plan=Plan(),
    settlement=Settlement(),
    follow_ups=(FollowUp("send a letter", "agent"),),
    sections=(NoteSection("Call"), NoteSection("Follow-up", (NoteLine("Agent to do"),))),
    checklist=(ChecklistItem("recap", "Summed up"),),
)
_FULL = Note(
    "payment_plan",
    action_code="outbound_call",
    result_code="RPC-PTP",
    right_party=True,
    verified_by=("name", "postcode"),
    notices=(Notice("recording", 2.0, 0),),
    promises=(Promise(_SUM, "GBP", _DAY, "direct_debit"), Promise(_SUM, "GBP", _DAY)),
    plan=Plan(_SUM, "GBP", "monthly", _DAY, 12, Decimal(480), covers_balance=True),
    settlement=Settlement(Decimal(300), "GBP", Decimal(180)),
    drawn=Arrangement(
        "plan",
        Decimal("482.10"),
        (Instalment(_DAY, _SUM), Instalment(datetime.date(2026, 4, 27), Decimal("442.10"))),
        Decimal(0),
        Decimal(0),
        "GBP",
        "monthly",
        outside=(CANARY,),
        means=(MeansLine("outgoing", CANARY, Decimal(650), "monthly", 0),),
    ),
    hardship=("reduced_hours",),
    support_needs=(CANARY,),
    disputes=("amount",),
    complaint=True,
    represented_by=CANARY,
    channels=("email",),
    signposts=(CANARY,),
    callback_at="2026-03-19T14:00",
    cease=("work",),
    actions=(CANARY,),
    follow_ups=(FollowUp(CANARY, "agent", _DAY, 0), FollowUp(CANARY, "caller")),
    doubts=(Doubt("/promises/0/amount", ("40.00", "4000.00"), (_SAID,)),),
    sections=(NoteSection("Call", (NoteLine(CANARY, (_SAID,)),)),),
    checklist=(ChecklistItem("recap", "Summed up", 0, 2.0),),
)
_STARTED = ev.CallStarted(
    0.0,
    "sample",
    "none",
    started_at=datetime.datetime(2026, 3, 12, 14, 30, tzinfo=datetime.UTC),
    call_date=datetime.date(2026, 3, 12),
    account=Account(CANARY, CANARY, Decimal("482.10"), "GBP", CANARY),
)

SAMPLES: tuple[tuple[Call, Note], ...] = (
    (Call(), _EMPTY),
    (Call(at=61.0, started=ev.CallStarted(0.0, "sample", "none")), _HOLES),
    (Call(at=391.0, started=_STARTED), _FULL),
)
