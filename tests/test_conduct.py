"""The packs of conduct: calls led well raise nothing, breaches are named, rules are whole."""

import re
from collections.abc import Iterator

import pytest

from agentassist import dialogue, packs
from agentassist import events as ev
from agentassist.account import Account
from agentassist.call import fold
from agentassist.in_force import in_force
from agentassist.labels import PhraseClassifier
from agentassist.pipeline import run, stages
from agentassist.rulebook import CheckRule
from agentassist.rules_of_cues import CueRule, MissingRule, SaidRule, SequenceRule, Words
from agentassist.rules_of_words import MarkRule
from agentassist.values import Cue
from agentassist.vocabulary import OBJECTIVES, Objective
from tests.conduct_calls import (
    ABUSIVE,
    BREACHES,
    BUYER_US_AGAIN,
    CARD_AU,
    ENERGY_UK,
    MODELS,
    SECOND_TALK,
    SPOUSE,
    THIRD_PARTY_US,
    lines,
)

BOOK, READ = packs.written()
PACKS = ("us", "uk", "au")
ALL_CALLS = [(pack, *call) for calls in (MODELS, ABUSIVE) for pack, call in calls.items()]

OF_CONDUCT = [
    rule
    for source, pack in READ
    for rule in pack.rules
    if isinstance(rule, CueRule) and (pack.pack in PACKS or "conduct" in source.file.name)
]
MARKS = [
    rule
    for source, pack in READ
    for rule in pack.rules
    if isinstance(rule, MarkRule) and re.match("marks|checklist", source.file.name)
]
NAMED = {
    "us": (
        *("vulnerability", "card-details-said", "us-order", "us-wrong-party", "us-arrest"),
        *("rephrase-insult", "pressure-through-others", "us-false-authority", "us-legal-action"),
        *(
            "us-time-barred",
            "us-hours",
            "us-seven-calls",
            "cease-contact",
            "callback",
            "represented",
        ),
        *("us-demand-represented", "us-notice-second-half", "demand-after-dispute"),
        *("us-seizure", "who-is-calling", "signpost-help", "interruptions"),
    ),
    "uk": (
        *("vulnerability", "card-details-said", "uk-order", "uk-wrong-party", "uk-threat"),
        *("rephrase-insult", "uk-capacity", "uk-demand-breathing-space", "uk-demand-moratorium"),
        *("pressure-through-others", "uk-false-authority", "uk-legal-action"),
        *("uk-statute-barred-court", "cease-contact", "callback", "uk-demand-after-dispute"),
        *("uk-demand-after-hardship", "uk-no-borrowing", "uk-not-all-at-once", "uk-consent"),
        *("uk-demand-statute-barred", "uk-demand-time-barred", "who-is-calling"),
        *("signpost-help", "interruptions"),
    ),
    "au": (
        *("vulnerability", "card-details-said", "au-order", "au-wrong-party", "au-threat"),
        *("rephrase-insult", "pressure-through-others", "rephrase-misrepresentation"),
        *(
            "au-legal-action",
            "au-time-barred-court",
            "au-hours",
            "au-three-a-week",
            "cease-contact",
        ),
        *("callback", "au-ten-a-month"),
        *("au-demand-represented", "au-demand-after-dispute", "au-demand-after-hardship"),
        *("au-hardship-notice", "who-is-calling", "signpost-help", "interruptions"),
    ),
}
"""By what each rule of conduct is held in each pack."""


def played(pack: str, said: str, account: Account | None) -> list[ev.AnyEvent]:
    started = ev.CallStarted(0.0, "example", "none", account=account, pack=pack)
    return list(run(dialogue.heard(started, lines(said)), stages(BOOK, PhraseClassifier(BOOK))))


def cues(pack: str, said: str, account: Account | None) -> list[Cue]:
    return [record.cue for record in fold(played(pack, said, account)).cues]


@pytest.mark.parametrize("pack", PACKS)
def test_a_call_that_is_led_well_raises_no_cue_of_conduct(pack: str) -> None:
    conduct = {rule.id for rule in OF_CONDUCT} | {r.id for r in BOOK.cues if r.severity == "stop"}
    raised = {cue.source for cue in cues(pack, *MODELS[pack])}
    assert raised & conduct == set()
    assert not {source for source in raised if ".recording" in source or ".identity" in source}


@pytest.mark.parametrize("pack", PACKS)
def test_every_breach_of_an_abusive_call_is_named_within_the_budget(pack: str) -> None:
    raised = cues(pack, *ABUSIVE[pack])
    assert [name for name in BREACHES[pack] if name not in {cue.source for cue in raised}] == []
    assert sum(cue.priority != "urgent" for cue in raised) <= BOOK.budget.cues


@pytest.mark.parametrize("pack", PACKS)
def test_every_rule_of_conduct_is_held_by_something_in_force(pack: str) -> None:
    started = ev.CallStarted(0.0, "example", "none", pack=pack)
    book = in_force(BOOK, started)
    silent = BOOK.local[pack].replaces
    there = {*BOOK.places} - silent
    assert [name for name in NAMED[pack] if name not in there] == []
    assert {rule.id for rule in book.checklist} >= {f"{pack}-recording"}


def test_a_spouse_may_hear_of_the_debt_in_the_united_states_alone() -> None:
    heard = {pack: {cue.source for cue in cues(pack, SPOUSE, None)} for pack in PACKS}
    assert "us-spouse" in heard["us"]
    assert not {"us-wrong-party", "us-third-party", "us-order.identity"} & heard["us"]
    assert "uk-wrong-party" in heard["uk"]
    assert "au-wrong-party" in heard["au"]


def test_the_debt_collector_notice_is_asked_of_collectors_for_others_alone() -> None:
    def notices(account: Account) -> set[str]:
        return {
            cue.do for cue in cues("us", SECOND_TALK, account) if cue.name == "give_debt_notice"
        }

    assert notices(BUYER_US_AGAIN) == {"Say that this is a debt collector"}
    assert notices(THIRD_PARTY_US) == {"Give the debt-collector notice now"}
    assert notices(Account(role="third_party")) == {"First talk, for another? Give the notice"}
    assert notices(Account(role="first_party")) == set()


def test_court_words_are_a_question_where_the_record_does_not_tell() -> None:
    def told(pack: str, account: Account | None) -> set[str]:
        return {cue.do for cue in cues(pack, SECOND_TALK, account) if cue.name == "no_legal_action"}

    assert told("us", BUYER_US_AGAIN) == {"Correct it: no court for this debt"}
    for pack in PACKS:
        assert told(pack, None) == {"Is legal action authorised, and in time?"}
        allowed = Account(role="first_party", legal_action_authorised=True, time_barred=False)
        assert told(pack, allowed) == set()


def test_what_is_counted_differently_is_heard_by_a_rule_of_each_pack() -> None:
    hearing = {
        rule.id
        for rule in BOOK.cues
        if isinstance(rule, SaidRule) and {"calls_counted", "hour_told"} & {*rule.label}
    }
    assert hearing == {"us-many-calls", "us-late-hour", "au-many-contacts", "au-late-hour"}


@pytest.mark.parametrize(("pack", "said", "account"), ALL_CALLS)
def test_what_is_ticked_is_not_asked_for(pack: str, said: str, account: Account) -> None:
    ticked: set[str] = set()
    items: dict[str, CheckRule] = {item.id: item for item in BOOK.checklist}
    asking = {rule.id: rule for rule in BOOK.cues if isinstance(rule, MissingRule)}
    for event in played(pack, said, account):
        if isinstance(event, ev.ChecklistChanged):
            done = (item.id for item in event.items if item.turn is not None)
            ticked = {name for item in done for name in items[item].ticked_by}
        if isinstance(event, ev.CueRaised) and (rule := asking.get(event.cue.source)):
            assert rule.again or not ticked & {*rule.label}


@pytest.mark.parametrize(
    ("objective", "there", "not_there"),
    [
        ("confirm", {"arrangement", "still_fits"}, {"options", "income", "written_off"}),
        ("negotiate", {"options", "fees"}, {"arrangement", "earlier", "outgoings"}),
        ("settle", {"written_off", "options"}, {"income", "earlier"}),
        ("gather", {"income", "outgoings"}, {"options", "written_off"}),
        ("follow_up", {"earlier", "still_fits"}, {"income", "written_off"}),
    ],
)
def test_the_list_is_that_of_what_the_call_is_for(
    objective: Objective, there: set[str], not_there: set[str]
) -> None:
    started = ev.CallStarted(0.0, "example", "none", objective=objective, pack="uk")
    listed = {item.id for item in in_force(BOOK, started).checklist}
    assert listed >= there | {"uk-recording", "identified", "disclosed"}
    assert not listed & not_there


def test_every_item_fits_the_list_and_is_of_an_objective_that_there_is() -> None:
    assert [item.title for item in BOOK.checklist if len(item.title) > 28] == []
    assert len({item.id for item in BOOK.checklist}) == len(BOOK.checklist)
    assert {name for item in BOOK.checklist for name in item.objectives} <= {*OBJECTIVES}


def _told(rule: CueRule) -> Iterator[Words]:
    steps = rule.steps if isinstance(rule, SequenceRule) else ()
    words = [step.words for step in steps] + [step.asks for step in steps]
    yield from (told for told in (rule.words, rule.asks, *rule.then, *words) if told)


@pytest.mark.parametrize("rule", OF_CONDUCT, ids=lambda rule: rule.id)
def test_a_rule_of_conduct_is_short_sourced_and_tried_both_ways(rule: CueRule) -> None:
    for words in _told(rule):
        assert len(words.do.split()) <= 8
        assert len(words.why) <= 80
        assert len(words.say) <= 100
    assert rule.source
    assert rule.severity in {"stop", "fix", "note"}
    assert rule.severity != "stop" or rule.priority in {"urgent", "high"}
    assert len(rule.examples.fire) >= 2
    assert len(rule.examples.hold) >= 2


@pytest.mark.parametrize("rule", MARKS, ids=lambda rule: rule.id)
def test_a_mark_is_sourced_and_tried_both_ways(rule: MarkRule) -> None:
    assert rule.source
    assert len(rule.examples.fire) >= 2
    assert len(rule.examples.hold) >= 2


@pytest.mark.parametrize("account", [ENERGY_UK, CARD_AU, THIRD_PARTY_US])
def test_the_country_of_the_account_brings_its_pack(account: Account) -> None:
    started = ev.CallStarted(0.0, "example", "none", account=account)
    pack = {"GB": "uk", "AU": "au", "US": "us"}[account.country or ""]
    listed = {item.id for item in in_force(BOOK, started).checklist}
    assert {name for name in PACKS if f"{name}-recording" in listed} == {pack}
