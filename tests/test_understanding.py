"""The turn classifier: what it reads, how it and the rules are combined, and life without it."""

import shutil
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from agentassist import dialogue, packs
from agentassist import events as ev
from agentassist.call import fold
from agentassist.labels import PhraseClassifier
from agentassist.phrases import Span
from agentassist.pipeline import run, stages
from agentassist.understanding.combined import RulesAndModel, combined
from agentassist.understanding.encoding import LONGEST_BEFORE, LONGEST_TURN, Encoder
from agentassist.understanding.model import (
    Heard,
    ModelError,
    Thresholds,
    TurnModel,
    agreed,
    folder,
    manifest,
)
from agentassist.values import Label, Turn
from agentassist.vocabulary import DETAILED, DETAILS_OF, LABELS_OF, PARTIES, SPEAKER_OF, Party

THREAT = "Or we'll have a bailiff at your door by Friday."


@pytest.fixture(scope="module")
def encode() -> Encoder:
    return Encoder(folder() / "tokenizer.json")


@pytest.fixture(scope="module")
def model() -> TurnModel:
    return TurnModel(folder())


def turn(text: str, speaker: Party = "agent") -> Turn:
    return Turn(0, speaker, 0.0, 2.0, text)


# What it reads


def test_case_and_punctuation_mean_nothing(encode: Encoder) -> None:
    plain = encode("caller", "i can't pay it's too much", "so when")
    written = encode("caller", "I CAN'T pay - it’s too much!", "So: when?")
    assert (plain.ids, plain.segments, plain.turn) == (written.ids, written.segments, written.turn)


def test_every_token_knows_where_it_stands_in_the_text(encode: Encoder) -> None:
    text = "Well,  Mrs. O’Brien: unbelievably overdue!"
    encoded = encode("agent", text, "hello")
    assert len(encoded.spans) == sum(encoded.turn)
    said = [text[span.start : span.end].lower() for span in encoded.spans]
    assert said[:2] == ["well", "mrs"]
    assert "".join(said[-3:]).endswith("overdue")


def test_a_long_turn_is_read_from_its_start_and_what_came_before_to_its_end(
    encode: Encoder,
) -> None:
    encoded = encode("agent", "pay " * 300, "no " * 300 + "never")
    assert sum(encoded.turn) == LONGEST_TURN
    assert encoded.segments.count(1) == LONGEST_BEFORE + 1
    assert encoded.ids[-2] == encode("agent", "never", "").ids[2]


def test_a_turn_without_words_can_be_read(model: TurnModel) -> None:
    assert set(model("caller", "...", "")) == {*SPEAKER_OF, *DETAILED}


# How both are combined

BOTH = {name: Thresholds(0.6, 0.2) for name in (*SPEAKER_OF, *DETAILED)}
RULED = Label("threat", 0.85, "rule:threat-force", 3, 9)


def labels_of(probability: float, *ruled: Label, **changed: Thresholds) -> tuple[Label, ...]:
    heard = {name: Heard(0.0, Span(0, 0)) for name in BOTH}
    heard["threat"] = Heard(probability, Span(4, 12))
    return combined(turn(THREAT), ruled, heard, BOTH | changed, "model:1")


def test_the_model_alone_gives_a_label_with_its_words() -> None:
    (label,) = labels_of(0.71)
    assert label == Label("threat", 0.71, "model:1", 4, 12)
    assert labels_of(0.59) == ()


def test_a_rule_holds_where_the_model_is_half_sure_and_is_named() -> None:
    assert labels_of(0.2, RULED) == (RULED,)
    (surer,) = labels_of(0.97, RULED)
    assert (surer.source, surer.confidence) == ("rule:threat-force", 0.97)


def test_plain_words_for_a_hardship_stand_although_the_model_doubts_them() -> None:
    told = turn("I lost my job in July", "caller")
    heard = {name: Heard(0.0, Span(0, 4)) for name in BOTH} | {"hardship": Heard(0.1, Span(0, 4))}
    doubted = {**BOTH, "hardship": Thresholds(0.6, 0.2)}
    heard["hardship:job_loss"] = Heard(0.9, Span(0, 4))
    for sure, stands in ((0.9, True), (0.7, False)):
        plain = Label("hardship", sure, "rule:job-loss", 0, 4, "job_loss")
        found = combined(told, [plain], heard, doubted, "model:1")
        assert bool(found) is stands


def test_the_model_overrules_a_phrase_that_means_something_else_here() -> None:
    assert labels_of(0.19, RULED) == ()
    assert labels_of(0.0, RULED, threat=Thresholds(0.6, 0.0)) == (RULED,)


def codes_of(*ruled: str, **heard: float) -> list[tuple[str, str]]:
    """Codes and sources of a hardship that holds, as rules and model tell them."""
    labels = [Label("hardship", 0.8, f"rule:{code}", 0, 4, code) for code in ruled]
    told = {name: Heard(0.0, Span(0, 4)) for name in BOTH} | {"hardship": Heard(0.9, Span(0, 4))}
    told |= {f"hardship:{code}": Heard(share, Span(2, 6)) for code, share in heard.items()}
    found = combined(turn("I am ill", "caller"), labels, told, BOTH, "model:1")
    return sorted((label.detail or "", label.source) for label in found)


def test_codes_come_from_both_and_a_label_without_one_stays() -> None:
    assert codes_of() == [("", "model:1")]
    assert codes_of(illness=0.7) == [("illness", "model:1")]
    assert codes_of("illness", illness=0.3, caring=0.8) == [
        ("caring", "model:1"),
        ("illness", "rule:illness"),
    ]


def test_a_code_that_the_model_does_not_believe_is_dropped_and_the_label_stays() -> None:
    assert codes_of("illness", illness=0.1) == [("", "rule:illness")]


def test_a_code_far_less_probable_than_the_best_does_not_hold() -> None:
    assert codes_of(illness=0.95, caring=0.62) == [("illness", "model:1")]
    assert codes_of(illness=0.85, caring=0.62) == [("caring", "model:1"), ("illness", "model:1")]


def test_a_code_that_the_model_does_not_know_is_left_to_the_rule() -> None:
    assert codes_of("flooded") == [("flooded", "rule:flooded")]


# The shipped model


def test_the_shipped_model_is_small_and_knows_every_label() -> None:
    known = manifest(folder())
    assert set(known.labels) == set(known.thresholds) == {*SPEAKER_OF, *DETAILED}
    assert sum(file.stat().st_size for file in folder().iterdir()) < 50_000_000
    assert (folder() / "README.md").read_text(encoding="utf-8").startswith("# The turn classifier")


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("You would not like what happens when I send my boys round.", "threat"),
        ("Some of us get up in the morning and pay for what we buy.", "shaming"),
        ("You've been dreading this call for weeks, and I don't blame you one bit.", "empathy"),
    ],
)
def test_meanings_are_found_that_no_phrase_rule_knows(
    model: TurnModel, text: str, label: str
) -> None:
    rules = PhraseClassifier(packs.load())
    assert label not in {found.name for found in rules(turn(text), [])}
    classify = RulesAndModel(packs.load())
    found = {each.name: each for each in classify(turn(text), [])}
    assert label in found
    assert found[label].source == f"model:{model.manifest.version}"
    assert 0 <= found[label].start < found[label].end <= len(text)


@pytest.mark.parametrize(
    "text", [THREAT, "Is that a good time to talk?", "I'm so sorry to hear it."]
)
def test_a_recogniser_without_case_and_punctuation_is_understood_alike(text: str) -> None:
    classify = RulesAndModel(packs.load())
    bare = "".join(c for c in text.lower() if c.isalpha() or c in " '")
    written, spoken = classify(turn(text), []), classify(turn(bare), [])
    assert [(label.name, label.confidence) for label in written] == [
        (label.name, label.confidence) for label in spoken
    ]


def test_only_the_speakers_own_labels_are_given(model: TurnModel) -> None:
    classify = RulesAndModel(packs.load())
    for party in PARTIES:
        found = classify(turn(f"{THREAT} I lost my job and I can't go on.", party), [])
        assert {label.name for label in found} <= set(LABELS_OF[party])


NAMES = (*SPEAKER_OF, *DETAILED)


def said(**probable: float) -> NDArray[np.float32]:
    """What one network says: those names, and nothing else."""
    found = np.zeros(len(NAMES), np.float32)
    for name, probability in probable.items():
        found[NAMES.index(name.replace("__", ":"))] = probability
    return found


def test_labels_are_the_mean_of_both_networks_and_codes_the_seconds_own() -> None:
    first = said(promise=0.2, hardship=0.4, hardship__illness=0.9)
    second = said(promise=0.6, hardship=0.8, hardship__illness=0.1)
    found = dict(zip(NAMES, agreed(NAMES, [first, second]), strict=True))
    assert found["promise"] == pytest.approx(0.4)
    assert found["hardship"] == pytest.approx(0.6)
    assert found["hardship:illness"] == pytest.approx(0.1)


def test_a_label_is_as_probable_as_its_most_probable_code() -> None:
    second = said(cease_contact=0.1, cease_contact__work=0.7)
    found = dict(zip(NAMES, agreed(NAMES, [said(), second]), strict=True))
    assert found["cease_contact"] == pytest.approx(0.7)


def test_a_callers_labels_with_codes_tell_how_probable_each_code_is() -> None:
    classify = RulesAndModel(packs.load())
    told = classify(turn("My wife buried her mother in May and it took all we had.", "caller"), [])
    reasons = [label for label in told if label.name == "hardship"]
    assert reasons
    assert max(dict(reasons[0].codes).items(), key=lambda item: item[1])[0] == "bereavement"
    assert set(dict(reasons[0].codes)) == set(DETAILS_OF["hardship"])


# Without it


def heard(classify: RulesAndModel) -> list[ev.AnyEvent]:
    started = ev.CallStarted(0.0, "test", "none")
    lines = [dialogue.SpokenLine("agent", THREAT), dialogue.SpokenLine("caller", "Don't you dare.")]
    return list(run(dialogue.heard(started, lines), stages(packs.load(), classify)))


def test_without_the_model_rules_go_on_and_the_agent_is_told_once(tmp_path: Path) -> None:
    stream = heard(RulesAndModel(packs.load(), tmp_path / "nowhere"))
    call = fold(stream)
    assert call.turns[0].has("threat")
    (trouble,) = [event for event in stream if isinstance(event, ev.TroubleFound)]
    assert trouble.what == "Turns are labelled by wording alone."
    assert "manifest.json: is missing; install agentassist again" in trouble.mend


@pytest.mark.parametrize("name", ["both.onnx", "caller.onnx", "tokenizer.json", "manifest.json"])
def test_a_damaged_file_is_named(tmp_path: Path, name: str) -> None:
    copy = tmp_path / "turns"
    shutil.copytree(folder(), copy)
    (copy / name).write_bytes((copy / name).read_bytes()[:-100])
    with pytest.raises(ModelError, match=rf"{name}: is damaged; install agentassist again"):
        TurnModel(copy)


def test_with_the_model_there_is_no_trouble() -> None:
    assert not [
        event
        for event in heard(RulesAndModel(packs.load()))
        if "trouble" in type(event).__name__.lower()
    ]
