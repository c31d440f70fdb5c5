"""The note's sections: one line for each thing that was said, with who said it and when.

The agent's flags are left out: they are coaching, not record.
"""

from collections.abc import Iterator
from typing import NamedTuple

from agentassist.note import words
from agentassist.note.actions import Action
from agentassist.note.agreement import Agreement
from agentassist.note.callback import Callback
from agentassist.note.payments import heard
from agentassist.note.reading import Reading, line, masked
from agentassist.values import NoteLine, NoteSection


class Findings(NamedTuple):
    """What the note's codes were read from."""

    agreed: Agreement
    callback: Callback | None
    actions: tuple[Action, ...]
    cease: tuple[str, ...]
    hardship: tuple[str, ...]


def sections(reading: Reading, found: Findings) -> tuple[NoteSection, ...]:
    """All sections in their order; one without lines where nothing was said."""
    return (
        NoteSection("Call", tuple(_call(reading))),
        NoteSection("Identity and notices", tuple(_notices(reading))),
        NoteSection("What the caller said", tuple(_labelled(reading, _SAID))),
        NoteSection("Circumstances", tuple(_circumstances(reading, found))),
        NoteSection("Offers and agreement", tuple(_offers(reading, found))),
        NoteSection(
            "Disputes, complaints and wishes about contact", tuple(_wishes(reading, found))
        ),
        NoteSection("Support and signposting", tuple(_labelled(reading, _SUPPORT))),
        NoteSection("Follow-up", tuple(_follow_up(reading, found))),
    )


_NOTICES = {
    "identity_check": "Identity asked for",
    "disclosure": "Said who was calling and why, or that the call is recorded",
    "origin_stated": "Said what the debt is from",
    "fees_stated": "Said what fees or interest there are",
}
_SAID = {
    "distress": "The caller was upset",
    "anger": "The caller was angry",
    "confusion": "The caller did not understand the debt, the sum or what was asked",
    "refusal": "The caller refused to pay or to go on with the call",
    "wrong_party": "The person who answered is not the person sought",
}
_OFFERS = {"options": "Ways to pay offered by the agent", "offer": "Proposed by the caller"}
_WISHES = {
    "dispute": "Disputed by the caller",
    "complaint": "Complaint by the caller",
    "represented": "The caller named someone who acts for them",
}
_SUPPORT = {
    "support_signpost": "Told where free help is to be had",
    "channels_offered": "Offered other ways to get in touch or to pay",
}


def _labelled(reading: Reading, titles: dict[str, str]) -> Iterator[NoteLine]:
    for label, title in titles.items():
        if shown := reading.of_labels(label):
            yield line(title, shown)


def _call(reading: Reading) -> Iterator[NoteLine]:
    length = words.clock(reading.call.at)
    when = words.day(reading.date) if reading.date else "Day not known"
    yield NoteLine(f"{when}; {length} long")
    account = reading.call.account
    if account.name:
        yield NoteLine(f"Account holder: {account.name}")
    debt = [part for part in (account.creditor, account.origin) if part]
    if account.balance is not None:
        debt.append(f"balance on file {words.sum_of(account.balance, account.currency)}")
    if debt:
        yield NoteLine(masked(f"Account: {', '.join(debt)}"))


def _notices(reading: Reading) -> Iterator[NoteLine]:
    yield from _labelled(reading, {k: v for k, v in _NOTICES.items() if k != "fees_stated"})
    for said in reversed(heard(reading, "amount_stated")):
        sums = [words.sum_of(p.amount, p.currency) for p in said.payments if p.amount]
        text = f"Told what is owed: {', '.join(sums)}" if sums else "Told what is owed"
        yield line(text, reading.of_turns([said.turn], "amount_stated"))
    yield from _labelled(reading, {"fees_stated": _NOTICES["fees_stated"]})


def _circumstances(reading: Reading, found: Findings) -> Iterator[NoteLine]:
    for code in found.hardship:
        shown = reading.of_labels("hardship", detail=code)
        yield line(
            f"Reason for not paying: {words.told(code)}", shown or reading.of_labels("hardship")
        )
    if need := reading.of_labels("vulnerability"):
        yield line("Support need: may need extra care and time; ask what would help", need)


def _offers(reading: Reading, found: Findings) -> Iterator[NoteLine]:
    yield from _labelled(reading, _OFFERS)
    agreed = found.agreed
    shown = reading.of_turns(agreed.turns, "plan_terms", "promise", "recap")
    if agreed.plan:
        yield line(f"Agreed: {words.plan(agreed.plan)}", shown)
    for promise in agreed.promises:
        yield line(f"Promised by the caller: {words.promise(promise)}", shown)


def _wishes(reading: Reading, found: Findings) -> Iterator[NoteLine]:
    yield from _labelled(reading, _WISHES)
    for code in found.cease:
        shown = reading.of_labels("cease_contact", detail=code)
        yield line(
            f"Asked to stop: {words.CEASE.get(code, words.told(code))}",
            shown or reading.of_labels("cease_contact"),
        )
    if not found.cease and (shown := reading.of_labels("cease_contact")):
        yield line("Asked for contact to stop or to change", shown)


def _follow_up(reading: Reading, found: Findings) -> Iterator[NoteLine]:
    if found.callback:
        yield line(
            f"To speak again: {words.moment(found.callback.at)}",
            [reading.evidence(turn) for turn in found.callback.turns],
        )
    for action in found.actions:
        shown = reading.evidence(action.turn, action.start, action.end)
        yield line(f"Agent to do: {masked(action.text)}", [shown])
    yield from _labelled(reading, {"recap": "Summed up by the agent"})
