"""The shipped rules of cues: short, sourced, tried, and with the right ones on top."""

import pytest

from agentassist import packs
from agentassist.rules_of_cues import AnyCueRule, MissingRule, SaidRule, SequenceRule, orders
from agentassist.vocabulary import FLAGS


def _shipped() -> tuple[AnyCueRule, ...]:
    return packs.load(packs.SHIPPED / "general").cues


def _of_all_packs() -> tuple[AnyCueRule, ...]:
    return packs.load().cues


def _written() -> list[AnyCueRule | SequenceRule]:
    """The rules of all packs as they were written: a sequence has its examples as a whole."""
    book = packs.load()
    parts = {part.id for sequence in book.sequences for part in orders(sequence)}
    return [*(rule for rule in book.cues if rule.id not in parts), *book.sequences]


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
    assert urgent == [
        "danger", "vulnerability", "keep-safe", "keep-safe-perhaps", "card-details-said",
    ]  # fmt: skip


def test_danger_to_life_silences_talk_of_money() -> None:
    money = {"amount_stated", "fees_stated", "origin_stated", "options", "plan_terms"}
    about_money = [r for r in _shipped() if isinstance(r, MissingRule) and money & {*r.label}]
    assert about_money
    assert all("vulnerability" in rule.unless for rule in about_money)


@pytest.mark.parametrize("rule", _of_all_packs(), ids=lambda rule: rule.id)
def test_a_shipped_cue_is_short_and_sourced(rule: AnyCueRule) -> None:
    assert len(rule.words.do.replace("{detail}", "it").split()) <= 8
    assert len(rule.words.why) <= 80
    assert len(rule.words.say) <= 100
    assert rule.source


@pytest.mark.parametrize("rule", _written(), ids=lambda rule: rule.id)
def test_a_shipped_rule_brings_what_must_fire_it_and_what_must_not(
    rule: AnyCueRule | SequenceRule,
) -> None:
    assert rule.examples.fire
    assert rule.examples.hold
