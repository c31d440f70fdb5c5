import datetime
from decimal import Decimal
from typing import get_args

import msgspec
import pytest

from agentassist import events as ev
from agentassist.account import Account
from agentassist.values import Cue, Note, Plan, Promise, Turn, Utterance, Word

DAY = datetime.date(2026, 3, 27)
SAMPLES = [
    ev.CallStarted(
        0.0,
        "recording",
        "moonshine",
        datetime.datetime(2026, 3, 12, 9, tzinfo=datetime.UTC),
        DAY,
        Account("A. Person", "Energy", Decimal("482.10"), "GBP", "gas"),
    ),
    ev.WordsHeard(2.0, "agent", 0.1, 1.5, "Hi “you”\n", (Word("Hi", 0.1, 0.3, 0.9),), 0.8),
    ev.TurnEnded(3.0, Turn(0, "agent", 0, 1, "Hi", (Utterance(0, 1, 0, 2),))),
    ev.CueRaised(4.0, Cue("c1", "slow_down", "low", "do", "why", "say", 4.0, 2, "q", "r")),
    ev.NoteDrafted(
        9.0,
        Note(
            "payment_plan",
            right_party=True,
            promises=(Promise(Decimal("40.00"), "GBP", DAY, "direct_debit"),),
            plan=Plan(Decimal("40.00"), "GBP", "monthly", DAY, 12, covers_balance=True),
        ),
    ),
]


@pytest.mark.parametrize("event", SAMPLES, ids=lambda e: type(e).__name__)
def test_an_event_is_read_back_as_it_was_written(event: ev.AnyEvent) -> None:
    line = ev.encode(event)
    assert b"\n" not in line
    assert ev.decode(line) == event


def test_every_kind_of_event_has_its_own_tag() -> None:
    tags = [kind.__struct_config__.tag for kind in get_args(ev.AnyEvent)]
    assert len(tags) == len(set(tags))


def test_sums_stay_exact() -> None:
    assert b'"482.10"' in ev.encode(SAMPLES[0])


def test_a_derived_event_is_no_journal_line() -> None:
    with pytest.raises(msgspec.ValidationError):
        ev.decode_heard(ev.encode(SAMPLES[-1]))


def test_events_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        SAMPLES[0].at = 3.0  # type: ignore[misc]
