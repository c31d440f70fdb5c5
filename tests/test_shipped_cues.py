"""The shipped rules of cues: short, sourced, tried, and with the right ones on top."""

import pytest

from agentassist import packs
from agentassist.rules_of_cues import AnyCueRule, MissingRule, SaidRule
from agentassist.vocabulary import FLAGS


def _shipped() -> tuple[AnyCueRule, ...]:
    return packs.load(packs.SHIPPED / "general").cues


def test_every_flag_has_a_cue_and_a_sentence_of_its_own() -> None:
    by_flag = {
        flag: [
            r for r in _shipped() if isinstance(r, SaidRule) and r.label == (flag,) and not r.after
        ]
        for flag in FLAGS
    }
    assert all(len(rules) == 1 for rules in by_flag.values())
    assert len({rules[0].words.say for rules in by_flag.values()}) == len(FLAGS)
    assert len({rules[0].cue for rules in by_flag.values()}) == len(FLAGS)


def test_only_danger_to_life_and_card_details_are_urgent() -> None:
    urgent = [rule.id for rule in _shipped() if rule.priority == "urgent"]
    assert urgent == ["vulnerability", "keep-safe", "card-details-said"]


def test_danger_to_life_silences_talk_of_money() -> None:
    money = {"amount_stated", "fees_stated", "origin_stated", "options", "plan_terms"}
    about_money = [r for r in _shipped() if isinstance(r, MissingRule) and money & {*r.label}]
    assert about_money
    assert all("vulnerability" in rule.unless for rule in about_money)


@pytest.mark.parametrize("rule", _shipped(), ids=lambda rule: rule.id)
def test_a_shipped_cue_is_short_sourced_and_has_examples(rule: AnyCueRule) -> None:
    assert len(rule.words.do.replace("{detail}", "it").split()) <= 8
    assert len(rule.words.why) <= 80
    assert len(rule.words.say) <= 100
    assert rule.source
    assert rule.examples.fire
    assert rule.examples.hold
