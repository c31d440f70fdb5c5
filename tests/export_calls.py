"""Calls and notes for the tests of the exports: ordinary, empty, with doubts, and nasty."""

import datetime
from decimal import Decimal

from agentassist import dialogue
from agentassist import events as ev
from agentassist.account import Account
from agentassist.call import Call, fold
from agentassist.pipeline import run
from agentassist.turns import Turns
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
)
from agentassist.vocabulary import Party

NOW = datetime.datetime(2026, 3, 12, 15, 0, 0, 250_000, tzinfo=datetime.UTC)
DAY = datetime.date(2026, 3, 27)
ACCOUNT = Account("Helen Carter", "Summerfield", Decimal("480.00"), "GBP", "gas bills")

NASTY = (
    '=HYPERLINK("http://evil.example","click")',
    "<script>alert(1)</script> & <v Agent>me</v> --> 00:00:00.000",
    "**bold** _it_ `code` [link](http://evil.example) ![i](x) | a | ~~s~~ # h",
    "\x1b[31mred\x1b[0m \x9b2J \x07 bell\r\nBEGIN:VEVENT\r\nSUMMARY:fake",
    "two\nlines\n\n# heading\n- item\n---\n1. first",
    "{{ 7 * 7 }} {% for x in y %} \\n \\, ; :",
    "\u202eevil\u202c \u2066x\u2069 \u2028 שלום مرحبا 👩‍👩‍👧 𝒳 \ud800",
    "-2+3;=1+1\t@SUM(A1)",
    "word " * 800,
)


def call_of(*lines: tuple[Party, str], started: ev.CallStarted | None = None) -> Call:
    started = started or ev.CallStarted(
        0.0, "test", "none", call_date=datetime.date(2026, 3, 12), account=ACCOUNT
    )
    spoken = [dialogue.SpokenLine(who, text) for who, text in lines]
    return fold(run(dialogue.heard(started, spoken), [Turns()]))


def note_saying(text: str) -> Note:
    """A note with a text of the call wherever one can be."""
    said = Evidence(1, 5.0, "caller", text)
    return Note(
        "promise_to_pay",
        right_party=True,
        verified_by=("name",),
        promises=(Promise(Decimal("3.50"), "GBP", DAY, "card"),),
        support_needs=(text,),
        represented_by=text,
        signposts=(text,),
        callback_at="2026-03-19T14:00",
        follow_ups=(FollowUp(text, "agent", DAY), FollowUp(text, "caller")),
        doubts=(Doubt("/promises/0/amount", ("3.50", "350.00"), (said,)),),
        sections=(NoteSection("Circumstances", (NoteLine(text, (said,)),)), NoteSection("None")),
        checklist=(ChecklistItem("recap", text, 1, 5.0), ChecklistItem("other", text)),
    )


TALK: tuple[tuple[Party, str], ...] = (
    ("agent", "Am I speaking with Helen Carter?"),
    ("caller", "Yes. I will pay three fifty on the twenty-seventh."),
)
PLANNED = Note(
    "payment_plan",
    action_code="outbound_call",
    result_code="RPC-PTP",
    right_party=True,
    verified_by=("name", "postcode"),
    notices=(Notice("recording", 2.0, 0),),
    promises=(Promise(Decimal("40.00"), "GBP", DAY, "direct_debit"),),
    plan=Plan(Decimal("40.00"), "GBP", "monthly", DAY, 12, Decimal("480.00"), covers_balance=True),
    hardship=("reduced_hours",),
    channels=("email",),
    signposts=("StepChange",),
    cease=("work",),
    follow_ups=(FollowUp("send a letter", "agent", datetime.date(2026, 3, 13)),),
)

CALLS: dict[str, tuple[Call, Note]] = {
    "planned": (call_of(*TALK), PLANNED),
    "doubted": (call_of(*TALK), note_saying("a letter")),
    "blank": (call_of(("agent", "Hello?")), Note("no_resolution")),
    "undated": (call_of(*TALK, started=ev.CallStarted(0.0, "test", "none")), PLANNED),
    "silent": (Call(), Note("no_resolution")),
} | {
    f"nasty {place}": (
        call_of(
            ("agent", "Hello."),
            ("caller", text),
            started=ev.CallStarted(
                0.0, "test", "none", NOW, account=Account(text, text, Decimal(-5), "GBP", text)
            ),
        ),
        note_saying(text),
    )
    for place, text in enumerate(NASTY)
}
"""By name; every format must hold over all of them."""
