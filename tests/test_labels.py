from pathlib import Path

from agentassist import events as ev
from agentassist import packs
from agentassist.call import LabelledTurn, fold
from agentassist.labels import Labels, PhraseClassifier
from agentassist.pipeline import run
from agentassist.rules_of_words import ContextRule
from agentassist.turns import Turns
from agentassist.values import Label, Turn
from agentassist.vocabulary import SPEAKER_OF, Party
from tests.conftest import said_labels, spoken

PACK = """\
pack: ours
version: "1"
rules:
  - id: bailiff
    kind: label
    label: threat
    any: ["send (a|the) bailiffs?"]
    unless: ["(won't|never|nobody will) send a bailiff"]
    unless_turn: ["did they say"]
    confidence: 0.9
  - id: agrees
    kind: label
    label: promise
    any: ["yes|that's fine"]
    after: ["a month"]
  - id: accepts
    kind: label
    label: promise
    any: ["go on then"]
    answers: [plan_terms]
  - id: hours
    kind: label
    label: hardship
    detail: reduced_hours
    any: ["cut my hours"]
"""


def classifier(tmp_path: Path) -> PhraseClassifier:
    path = tmp_path / "ours.yaml"
    path.write_text(PACK)
    return PhraseClassifier(packs.load(path))


def agent(text: str, index: int = 0) -> Turn:
    return Turn(index, "agent", 0, 1, text)


def caller(text: str, index: int = 1) -> Turn:
    return Turn(index, "caller", 1, 2, text)


def test_a_label_carries_its_rule_and_the_words_that_gave_it(tmp_path: Path) -> None:
    turn = agent("Or we'll SEND THE BAILIFFS round.")
    (label,) = classifier(tmp_path)(turn, [])
    assert (label.name, label.source, label.confidence) == ("threat", "rule:bailiff", 0.9)
    assert turn.text[label.start : label.end] == "SEND THE BAILIFFS"


def test_a_negated_phrase_does_not_count_but_another_beside_it_does(tmp_path: Path) -> None:
    classify = classifier(tmp_path)
    assert not classify(agent("We won't send a bailiff."), [])
    assert classify(agent("I won't send a bailiff today, I'll send the bailiffs Monday."), [])


def test_a_quoting_turn_is_left_alone(tmp_path: Path) -> None:
    assert not classifier(tmp_path)(agent("Did they say they'd send a bailiff?"), [])


def test_a_rule_for_one_party_is_deaf_to_the_other(tmp_path: Path) -> None:
    assert not classifier(tmp_path)(caller("Will you send a bailiff?"), [])


def test_an_answer_counts_only_after_what_it_answers(tmp_path: Path) -> None:
    classify = classifier(tmp_path)
    asked = LabelledTurn(agent("Could you do forty pounds a month?"))
    assert classify(caller("Yes."), [asked])[0].name == "promise"
    assert not classify(caller("Yes."), [LabelledTurn(agent("Is that you?"))])
    assert not classify(caller("Yes."), [])


def test_an_answer_may_follow_a_label(tmp_path: Path) -> None:
    terms = LabelledTurn(agent("Forty it is?"), (Label("plan_terms", 0.9, "rule:x", 0, 5),))
    assert classifier(tmp_path)(caller("Go on then."), [terms])


def test_a_finer_code_travels_with_the_label(tmp_path: Path) -> None:
    (label,) = classifier(tmp_path)(caller("They cut my hours."), [])
    assert label.detail == "reduced_hours"


def test_a_turn_is_labelled_as_it_grows_and_once_more_when_it_ends() -> None:
    stages = [Turns(), Labels(said_labels({"calm down": "dismissive"}))]
    stream = run(spoken(("agent", "Just calm down."), ("caller", "What?")), stages)
    first = [e for e in stream if isinstance(e, ev.TurnLabelled) and e.turn == 0]
    assert [e.final for e in first] == [False, True]
    assert first[0].labels == first[1].labels


def test_the_classifier_never_sees_what_comes_after() -> None:
    seen: list[tuple[int, int]] = []

    def classify(turn: Turn, before: object) -> tuple[Label, ...]:
        assert isinstance(before, list)
        seen.append((turn.index, len(before)))
        return ()

    said = [("agent", "One."), ("caller", "Two."), ("agent", "Three.")]
    list(run(spoken(*said), [Turns(), Labels(classify)]))
    assert all(before <= index for index, before in seen)


# What a turn means because of what came before

TOLD_TO_ANOTHER = ContextRule(
    id="told",
    label="third_party_disclosure",
    beside=("amount_stated",),
    since=("wrong_party",),
    until=("identity_check",),
)


def names_in_context(*said: tuple[Party, str]) -> list[set[str]]:
    """Words that are labels' names mean those labels."""
    labels = said_labels({name: name for name in SPEAKER_OF})
    stream = run(spoken(*said), [Turns(), Labels(labels, [TOLD_TO_ANOTHER])])
    return [{label.name for label in turn.labels} for turn in fold(stream).turns]


def test_a_sum_told_to_someone_else_gives_the_debt_away() -> None:
    _, told = names_in_context(("caller", "wrong_party"), ("agent", "amount_stated"))
    assert told == {"amount_stated", "third_party_disclosure"}


def test_once_the_right_person_was_made_sure_of_it_does_not() -> None:
    *_, told = names_in_context(
        ("caller", "wrong_party"),
        ("agent", "identity_check"),
        ("caller", "yes"),
        ("agent", "amount_stated"),
    )
    assert told == {"amount_stated"}


def test_what_comes_after_the_turn_does_not_count() -> None:
    told, _ = names_in_context(("agent", "amount_stated"), ("caller", "wrong_party"))
    assert told == {"amount_stated"}
