"""The note's sections: one line for each thing that was said, with who said it and when.

The agent's flags are left out: they are coaching, not record.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from agentassist.note import passed_on, words
from agentassist.note.agreement import Agreement
from agentassist.note.callback import Callback
from agentassist.note.drawn import Weighed, section
from agentassist.note.follow_ups import ToDo
from agentassist.note.parties import Representative
from agentassist.note.reading import Reading, line, masked
from agentassist.note.reasons import Told
from agentassist.note.told import heard
from agentassist.values import NoteLine, NoteSection, Notice, Turn


class Findings(NamedTuple):
    """What the note's codes were read from."""

    agreed: Agreement
    callback: Callback | None
    to_do: tuple[ToDo, ...]
    cease: tuple[Told, ...]
    hardship: tuple[Told, ...]
    needs: tuple[Told, ...]
    grounds: tuple[Told, ...]
    notices: tuple[Notice, ...]
    verified_by: dict[str, Turn]
    representative: Representative | None
    channels: tuple[Told, ...]
    signposts: tuple[Told, ...]
    drawn: Weighed


def sections(reading: Reading, found: Findings) -> tuple[NoteSection, ...]:
    """All sections in their order; one without lines where nothing was said.

    What was drawn up is told only where something was: nobody is expected to.
    """
    drawn_up = section(reading, found.drawn)
    return (
        NoteSection("Call", tuple(_call(reading))),
        NoteSection("Identity and notices", tuple(_notices(reading, found))),
        NoteSection("What the caller said", tuple(_labelled(reading, _SAID))),
        NoteSection("Circumstances", tuple(_circumstances(reading, found))),
        NoteSection("Offers and agreement", tuple(_offers(reading, found))),
        *((drawn_up,) if drawn_up else ()),
        NoteSection(
            "Disputes, complaints and wishes about contact", tuple(_wishes(reading, found))
        ),
        NoteSection("Support and signposting", tuple(_support(reading, found))),
        NoteSection("Follow-up", tuple(_follow_up(reading, found))),
    )


_DEBT_TOLD = {"origin_stated": "Said what the debt is from"}
_FEES_TOLD = {"fees_stated": "Said what fees or interest there are"}
_SAID = {
    "distress": "The caller was upset",
    "anger": "The caller was angry",
    "confusion": "The caller did not understand the debt, the sum or what was asked",
    "refusal": "The caller refused to pay or to go on with the call",
    "wrong_party": "The person who answered is not the person sought",
}
_OFFERS = {"options": "Ways to pay offered by the agent", "offer": "Proposed by the caller"}


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


def _notices(reading: Reading, found: Findings) -> Iterator[NoteLine]:
    if shown := reading.of_labels("identity_check"):
        asked = ", ".join(words.told(code) for code in found.verified_by)
        yield line(f"Identity asked for: {asked}" if asked else "Identity asked for", shown)
    yield from _labelled(reading, {"disclosure": "Said who was calling and why"})
    for notice in found.notices:
        shown = [reading.evidence(reading.turns[notice.turn].turn)]
        yield line(f"Notice given {words.NOTICES.get(notice.code, words.told(notice.code))}", shown)
    yield from _labelled(reading, _DEBT_TOLD)
    for said in reversed(heard(reading, "amount_stated")):
        sums = [words.sum_of(money.amount, money.currency) for money in said.stated]
        text = f"Told what is owed: {', '.join(sums)}" if sums else "Told what is owed"
        yield line(text, reading.of_turns([said.turn], "amount_stated"))
    yield from _labelled(reading, _FEES_TOLD)


def _circumstances(reading: Reading, found: Findings) -> Iterator[NoteLine]:
    for told in found.hardship:
        shown = reading.evidence(told.turn, told.span.start, told.span.end)
        yield line(f"Reason for not paying: {words.told(told.code)}", [shown])
    for told in found.needs:
        shown = reading.evidence(told.turn, told.span.start, told.span.end)
        yield line(f"Support need: {words.told(told.code)}", [shown])
    if not found.needs and (need := reading.of_labels("vulnerability")):
        yield line("Support need: may need extra care and time; ask what would help", need)


def _offers(reading: Reading, found: Findings) -> Iterator[NoteLine]:
    yield from _labelled(reading, _OFFERS)
    agreed = found.agreed
    shown = reading.of_turns(agreed.turns, "plan_terms", "promise", "recap")
    if agreed.plan:
        yield line(words.plan_line(agreed.plan), shown)
    if agreed.settlement:
        yield line(words.settlement_line(agreed.settlement), shown)
    for promise in agreed.promises:
        yield line(words.promise_line(promise), shown)


def _wishes(reading: Reading, found: Findings) -> Iterator[NoteLine]:
    yield from _of_codes(reading, "Disputed by the caller", "dispute", found.grounds)
    yield from _labelled(reading, {"complaint": "Complaint by the caller"})
    if found.representative:
        named = found.representative
        shown = reading.evidence(named.turn, named.span.start, named.span.end)
        text = f"Acts for the caller: {named.name}"
        yield line(text, [shown, *reading.of_labels("represented")])
    else:
        yield from _labelled(reading, {"represented": "The caller named someone who acts for them"})
    for wish in found.cease:
        shown = reading.evidence(wish.turn, wish.span.start, wish.span.end)
        yield line(f"Asked to stop: {words.CEASE.get(wish.code, words.told(wish.code))}", [shown])
    if not found.cease and (asked := reading.of_labels("cease_contact")):
        yield line("Asked for contact to stop or to change", asked)


def _of_codes(
    reading: Reading, title: str, label: str, codes: Iterable[Told]
) -> Iterator[NoteLine]:
    """The label's line, with the codes that it was told by."""
    if shown := reading.of_labels(label):
        named = "; ".join(words.GROUNDS.get(told.code, words.told(told.code)) for told in codes)
        yield line(f"{title}: {named}" if named else title, shown)


def _support(reading: Reading, found: Findings) -> Iterator[NoteLine]:
    for title, label, codes in (
        ("Told where free help is to be had", "support_signpost", found.signposts),
        ("Offered other ways to get in touch or to pay", "channels_offered", found.channels),
    ):
        yield from _of_codes(reading, title, label, codes)


def _follow_up(reading: Reading, found: Findings) -> Iterator[NoteLine]:
    yield from passed_on.lines(reading)
    if found.callback:
        yield line(
            words.callback_line(found.callback.at),
            [reading.evidence(turn) for turn in found.callback.turns],
        )
    for item, shown in found.to_do:
        yield line(words.follow_up_line(item), shown)
    yield from _labelled(reading, {"recap": "Summed up by the agent"})
