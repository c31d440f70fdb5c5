from decimal import Decimal

from agentassist import events as ev
from agentassist.account import Account
from agentassist.call import EMPTY, apply, fold
from agentassist.values import ChecklistItem, Cue, Label, Meters, Note, Turn

CUE = Cue("c1", "acknowledge_hardship", "high", "Say so", "They lost work", "I'm sorry", at=5.0)
TURN = Turn(0, "caller", 0, 2, "I lost my job")
LABEL = Label("hardship", 0.9, "rule:x", 0, 13)


def test_an_empty_call_knows_nothing() -> None:
    assert EMPTY.account == Account()
    assert EMPTY.active_cues() == ()


def test_a_turn_keeps_its_labels_as_it_grows_and_ends() -> None:
    grown = Turn(0, "caller", 0, 3, "I lost my job in May")
    call = fold([ev.TurnGrew(2, TURN), ev.TurnLabelled(2, 0, (LABEL,)), ev.TurnEnded(4, grown)])
    (known,) = call.turns
    assert known.turn == grown
    assert known.ended
    assert known.has("dispute", "hardship")
    assert not known.has("dispute")
    assert call.turn(0) is known


def test_labels_of_a_turn_that_never_opened_are_left() -> None:
    assert fold([ev.TurnLabelled(1, 7, (LABEL,))]).turns == ()


def test_tentative_words_are_replaced_and_go_when_the_words_are_committed() -> None:
    call = fold(
        [
            ev.WordsTentative(1, "agent", 0, "Good"),
            ev.WordsTentative(2, "agent", 0, "Good mor"),
            ev.WordsTentative(2, "caller", 1, "Hel"),
        ]
    )
    assert call.tentative["agent"].text == "Good mor"
    call = apply(call, ev.WordsHeard(3, "agent", 0, 2, "Good morning."))
    assert list(call.tentative) == ["caller"]
    assert apply(call, ev.CallEnded(4)).tentative == {}


def test_a_cue_is_settled_once_and_by_its_own_id() -> None:
    other = Cue("c2", "slow_down", "low", "Slow down", "You rush", "Let me slow down", at=6.0)
    raised = [ev.CueRaised(5, CUE), ev.CueRaised(6, other)]
    assert [r.cue.id for r in fold(raised).active_cues()] == ["c1", "c2"]
    for event, state in (
        (ev.CueTaken(7, "c1", 3), "taken"),
        (ev.CueMissed(7, "c1"), "missed"),
        (ev.CueExpired(7, "c1"), "expired"),
        (ev.CueDisputed(7, "c1", "wrong person"), "disputed"),
    ):
        call = fold([*raised, event])
        assert [r.state for r in call.cues] == [state, "raised"]
    assert call.cues[0].reason == "wrong person"


def test_the_latest_meters_checklist_budget_and_note_stand() -> None:
    items = (ChecklistItem("identity", "Confirmed identity", turn=3),)
    call = fold(
        [
            ev.CallStarted(0, "test", "none", account=Account(balance=Decimal("12.50"))),
            ev.MetersRead(1, Meters(at=1, talk_share=0.4)),
            ev.ChecklistChanged(2, items),
            ev.BudgetChanged(2, 9),
            ev.NoteDrafted(3, Note("no_resolution")),
            ev.CallEnded(3),
        ]
    )
    assert call.account.balance == Decimal("12.50")
    assert (call.meters.talk_share, call.checklist, call.budget_left) == (0.4, items, 9)
    assert call.note == Note("no_resolution")
    assert call.ended


def test_time_never_runs_back() -> None:
    assert fold([ev.ClockMark(5.0), ev.ClockMark(3.0)]).at == 5.0
