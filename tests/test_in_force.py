"""Which rules hold in which call: packs of countries, facts of the account, objectives, marks."""

import datetime
from pathlib import Path

import pytest

from agentassist import dialogue, examples, packs
from agentassist import events as ev
from agentassist.account import Account, Contact, Representative
from agentassist.call import Call, fold
from agentassist.in_force import in_force, pack_of
from agentassist.labels import PhraseClassifier
from agentassist.pack_text import RulebookError
from agentassist.pipeline import run, stages
from agentassist.rulebook import Rulebook
from agentassist.standing import facts, holds

DAY = datetime.date(2026, 3, 12)

EVERYWHERE = """
pack: everywhere
version: "1"
checklist:
  - {id: recapped, title: Summed up, ticked_by: [recap], objectives: [negotiate, settle]}
  - {id: sent, title: Sent it, ticked_by: [channels_offered], account: {disputed: [true]}}
rules:
  - kind: mark
    id: says-recorded
    mark: recording_notice
    by: agent
    any: ["calls? (is|are|may be) recorded"]
    examples: {fire: [This call is recorded.], hold: [I recorded your payment.]}
  - kind: said
    id: general-threat
    cue: withdraw
    label: [threat]
    words: {do: Withdraw it, why: It scares., say: That is not happening.}
"""
LOCAL = """
pack: elbonia
version: "3"
countries: [EL]
replaces: [general-threat]
rules:
  - kind: mark
    id: says-writ
    mark: court_words
    by: agent
    any: [writ]
    examples: {fire: [We have a writ.]}
  - kind: said
    id: writ
    cue: no_court
    label: [court_words]
    priority: urgent
    account: {time_barred: [true]}
    words: {do: Correct it, why: It is too old for a court., say: Nobody goes to court.}
    asks: {do: Is it too old for a court?, why: The account does not say., say: Let me check that.}
    examples:
      account: {time_barred: true}
      fire: ["We have a writ."]
      hold: [[{account: {time_barred: false}}, {agent: We have a writ.}]]
  - kind: sequence
    id: order
    cue: order_of_the_call
    words: {do: Mind the order, why: Something was left out., say: One step back.}
    anew_after: [wrong_party]
    steps:
      - name: recording
        label: [recording_notice]
        words: {do: Say it is recorded, why: You went on without it., say: This is recorded.}
      - {name: writ, label: [court_words]}
    examples:
      account: {time_barred: false}
      fire: ["We have a writ."]
      hold: [[{agent: This call is recorded.}, {caller: Fine.}, {agent: We have a writ.}]]
"""


@pytest.fixture
def rulebook(tmp_path: Path) -> Rulebook:
    for name, text in (("everywhere", EVERYWHERE), ("elbonia", LOCAL)):
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    return packs.load(tmp_path)


def called(rulebook: Rulebook, *said: str, account: Account | None = None) -> Call:
    started = ev.CallStarted(0.0, "example", "none", call_date=DAY, account=account)
    lines = [dialogue.SpokenLine("agent", text) for text in said]
    return fold(run(dialogue.heard(started, lines), stages(rulebook, PhraseClassifier(rulebook))))


def raised(call: Call) -> list[str]:
    return [record.cue.source for record in call.cues]


ELBONIAN = Account(country="EL", time_barred=True)


def test_every_rule_of_a_pack_proves_itself_by_examples_with_an_account(rulebook: Rulebook) -> None:
    assert examples.count(rulebook) == 7
    assert list(examples.failures(rulebook)) == []


def test_a_pack_of_a_country_holds_there_alone(rulebook: Rulebook) -> None:
    assert raised(called(rulebook, "We have a writ.", account=ELBONIAN)) == ["writ"]
    assert raised(called(rulebook, "We have a writ.", account=Account(country="US"))) == []
    assert raised(called(rulebook, "We have a writ.")) == []


def test_the_pack_that_is_asked_for_goes_before_the_accounts_country(rulebook: Rulebook) -> None:
    started = ev.CallStarted(0.0, "live", "none", account=Account(country="US"), pack="elbonia")
    assert pack_of(rulebook, started) == "elbonia"
    assert "writ" not in {rule.id for rule in in_force(rulebook, None).cues}


def test_a_pack_silences_the_rules_that_it_replaces(rulebook: Rulebook) -> None:
    ids = {rule.id for rule in in_force(rulebook, None).cues}
    assert "general-threat" in ids
    started = ev.CallStarted(0.0, "live", "none", pack="elbonia")
    assert "general-threat" not in {rule.id for rule in in_force(rulebook, started).cues}


def test_a_rule_asks_where_the_account_does_not_tell_and_is_not_urgent_then(
    rulebook: Rulebook,
) -> None:
    (record,) = called(rulebook, "We have a writ.", account=Account(country="EL")).cues
    assert record.cue.do == "Is it too old for a court?"
    assert record.cue.priority == "high"
    barred = called(rulebook, "We have a writ.", account=ELBONIAN).cues[0].cue
    assert (barred.do, barred.priority) == ("Correct it", "urgent")


def test_a_rule_is_silent_where_the_account_says_otherwise(rulebook: Rulebook) -> None:
    fresh = Account(country="EL", time_barred=False)
    assert raised(called(rulebook, "We have a writ.", account=fresh)) == ["order.recording"]


def test_marks_are_kept_beside_the_labels_and_not_among_them(rulebook: Rulebook) -> None:
    (turn,) = called(rulebook, "This call is recorded.").turns
    assert turn.has("recording_notice")
    assert not turn.labels
    assert [mark.source for mark in turn.marks] == ["rule:says-recorded"]


def test_the_checklist_is_that_of_the_objective_and_of_the_account(rulebook: Rulebook) -> None:
    def listed(account: Account | None = None, objective: str | None = None) -> list[str]:
        started = ev.CallStarted(
            0.0,
            "live",
            "none",
            account=account,
            objective=objective,  # type: ignore[arg-type]
        )
        return [item.id for item in in_force(rulebook, started).checklist]

    assert listed() == ["recapped", "sent"]
    assert listed(objective="settle") == ["recapped", "sent"]
    assert listed(objective="gather") == ["sent"]
    assert listed(Account(disputed=False)) == ["recapped"]


def test_the_note_has_the_checklist_of_the_call_and_no_other_countrys() -> None:
    call = called(packs.load(), "This call is recorded.", account=Account(country="GB"))
    assert call.note
    assert [item.id for item in call.note.checklist] == [item.id for item in call.checklist]
    assert not [item.id for item in call.note.checklist if item.id.startswith(("us-", "au-"))]


@pytest.mark.parametrize(
    ("wrong", "fault"),
    [
        ("label: [rudeness]", "label: rudeness is neither a label nor a mark"),
        ("label: [threat]\n    account: {rich: [true]}", "Invalid enum value 'rich'"),
    ],
)
def test_a_name_that_nobody_knows_is_told_at_its_place(
    wrong: str, fault: str, tmp_path: Path
) -> None:
    file = tmp_path / "ours.yaml"
    file.write_text(EVERYWHERE.replace("label: [threat]", wrong), encoding="utf-8")
    with pytest.raises(RulebookError, match=r"ours.yaml:\d+:\d+: ") as told:
        packs.load(file)
    assert fault in str(told.value)


def test_a_pack_that_replaces_what_is_not_there_is_told(tmp_path: Path) -> None:
    file = tmp_path / "ours.yaml"
    file.write_text(LOCAL, encoding="utf-8")
    with pytest.raises(RulebookError, match="replaces: there is no rule general-threat"):
        packs.load(file)


def test_what_is_not_known_of_an_account_is_neither_so_nor_not_so() -> None:
    known = facts(Account(), "us", DAY)
    assert {value for fact, value in known.items() if fact != "pack"} == {None}
    assert holds({"time_barred": (True,)}, known) is None
    assert holds({"time_barred": (True,), "pack": ("uk",)}, known) is False
    assert holds({"pack": ("us",)}, known) is True


def test_facts_are_told_by_dates_histories_and_wishes() -> None:
    spoken = Contact(datetime.datetime(2026, 3, 1, 12, tzinfo=datetime.UTC), reached=True)
    account = Account(
        contacts=(spoken,), ceased=("work",), moratorium_until=DAY, representative=Representative()
    )
    known = facts(account, "uk", DAY)
    assert (known["first_contact"], known["ceased"], known["moratorium"]) == (False, False, True)
    assert known["represented"] is True
    later = facts(account, "uk", DAY + datetime.timedelta(days=1))
    assert later["moratorium"] is False
    assert facts(Account(contacts=()), "uk", DAY)["first_contact"] is True
    assert facts(Account(ceased=("all",)), "uk", DAY)["ceased"] is True
