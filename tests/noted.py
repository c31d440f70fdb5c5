"""Dialogues whose turns carry the labels given, and the note that is drafted of them."""

import datetime
from collections.abc import Sequence
from decimal import Decimal

from msgspec.structs import replace
from tagged import rulebook

from agentassist import dialogue, packs
from agentassist import events as ev
from agentassist.account import Account
from agentassist.call import Call, LabelledTurn, fold
from agentassist.pipeline import run, stages
from agentassist.rulebook import CheckRule
from agentassist.values import Label, Note, Turn
from agentassist.vocabulary import Party

CALL_DATE = datetime.date(2026, 3, 12)
ACCOUNT = Account("Helen Carter", "Summerfield", Decimal("480.00"), "GBP", "gas bills")
CHECKS = (
    CheckRule("balance", "Stated the balance", ("amount_stated",)),
    CheckRule("recap", "Summed up", ("recap",)),
)

_SHIPPED = packs.load()
BOOK = replace(rulebook(checklist=CHECKS), wordings=_SHIPPED.wordings, codes=_SHIPPED.codes)
"""No rules of labels and cues, but the shipped phrases and codes of the note."""

Said = tuple[Party, str, str]
"""Who, the words, and the labels, as `hardship:illness distress`."""


def labels_of(named: str, text: str) -> tuple[Label, ...]:
    found = []
    for name in named.split():
        label, _, detail = name.partition(":")
        found.append(Label(label, 1.0, "rule:test", 0, len(text), detail or None))
    return tuple(found)


def call_of(*lines: Said, account: Account = ACCOUNT) -> Call:
    """The whole coach over a dialogue, with the labels given."""

    def classify(turn: Turn, before: Sequence[LabelledTurn]) -> tuple[Label, ...]:
        return labels_of(lines[turn.index][2], turn.text)

    started = ev.CallStarted(0.0, "test", "none", call_date=CALL_DATE, account=account)
    heard = dialogue.heard(started, [dialogue.SpokenLine(who, text) for who, text, _ in lines])
    return fold(run(heard, stages(BOOK, classify)))


def note_of(*lines: Said, account: Account = ACCOUNT) -> Note:
    note = call_of(*lines, account=account).note
    assert note is not None
    return note


def paid(note: Note) -> list[tuple[str, str]]:
    """Sum and day of each promise, the day as month and day."""
    return [(f"{p.amount:.0f}", f"{p.date:%m-%d}") for p in note.promises if p.date]


def lines_of(note: Note, title: str) -> dict[str, list[str]]:
    """Each line of a section with its quotes."""
    (section,) = [section for section in note.sections if section.title == title]
    return {line.text: [shown.quote for shown in line.evidence] for line in section.lines}
