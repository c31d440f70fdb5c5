"""The checklist: what ticks an item, what makes it due, and what must not be credited."""

from tagged import Tape, rulebook

from agentassist import events as ev
from agentassist import packs
from agentassist.rulebook import CheckRule
from agentassist.values import ChecklistItem

_SHIPPED = packs.load(packs.SHIPPED / "general" / "checklist.yaml").checklist


def lists(tape: Tape, *rules: CheckRule) -> list[dict[str, ChecklistItem]]:
    """Every checklist that was told, by item."""
    stream = tape.play(rulebook(checklist=rules or _SHIPPED))
    told = [event.items for event in stream if isinstance(event, ev.ChecklistChanged)]
    return [{item.id: item for item in items} for items in told]


def done(tape: Tape) -> set[str]:
    """Items ticked at the end of the tape."""
    return {name for name, item in lists(tape)[-1].items() if item.turn is not None}


def test_the_whole_list_is_told_at_the_start_and_only_when_it_changes() -> None:
    rule = CheckRule("balance", "Stated the balance", ("amount_stated",))
    tape = Tape().agent("Hello").caller("Hi").agent("You owe fifty [amount_stated]").agent("Bye")
    first, last = lists(tape, rule)
    assert first == {"balance": ChecklistItem("balance", "Stated the balance")}
    assert last == {"balance": ChecklistItem("balance", "Stated the balance", turn=2, at=5.5)}


def test_an_item_falls_due_by_the_clock_or_by_what_was_heard() -> None:
    timed = CheckRule("a", "A", ("disclosure",), due_at=10.0)
    assert [told["a"].due for told in lists(Tape().wait(12.0), timed)] == [False, True]
    heard = CheckRule("a", "A", ("recap",), due_after=("promise",))
    tape = Tape().caller("I will pay [promise]").agent("So you will pay [recap]")
    assert [told["a"].due for told in lists(tape, heard)] == [False, True, False]


def test_an_item_that_depends_on_what_was_heard_is_listed_only_then() -> None:
    tape = Tape().agent("Hello").caller("I lost my job [hardship]")
    first, last = lists(tape)[0], lists(tape)[-1]
    assert "acknowledged" not in first
    assert last["acknowledged"].due
    assert not last["signposted"].due
    assert lists(tape.caller("I will pay [promise]"))[-1]["signposted"].due


def test_a_sum_told_after_a_wrong_party_counts_only_after_a_new_identity() -> None:
    tape = Tape().agent("Is it Anna [identity_check]").caller("I am Ben [wrong_party]")
    tape.agent("She owes fifty [amount_stated]")
    assert not done(tape)
    tape.caller("I fetch her").agent("Is it Anna [identity_check]").caller("Yes")
    assert done(tape) == {"identified"}
    assert "balance" in done(tape.agent("You owe fifty [amount_stated]"))


def test_a_tick_is_taken_back_when_it_was_the_wrong_person() -> None:
    tape = Tape().agent("Is it Anna [identity_check]").agent("You owe fifty [amount_stated]")
    assert done(tape) == {"identified", "balance"}
    assert not done(tape.caller("No I am Ben [wrong_party]"))


def test_a_sum_told_about_someone_else_is_not_credited() -> None:
    tape = Tape().agent("Your neighbour [third_party_disclosure] owes fifty [amount_stated]")
    assert "balance" not in done(tape)


def test_the_shipped_titles_fit_the_narrow_screen() -> None:
    assert _SHIPPED
    assert [rule.title for rule in _SHIPPED if len(rule.title) > 28] == []
    assert len({rule.id for rule in _SHIPPED}) == len(_SHIPPED)
