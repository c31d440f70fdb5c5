"""Words that nobody said are taken out, and words that people do say are kept."""

import pytest

from agentassist.speech.hallucinations import believable, without_repeat


@pytest.mark.parametrize("made_up", ["You", "you.", "I", "?", "...", " ", "You?"])
def test_what_silence_is_heard_as_is_dropped(made_up: str) -> None:
    assert believable(made_up) == ""


@pytest.mark.parametrize(
    "said", ["No.", "You did?", "No, no, no, no.", "I'm sorry, I'm sorry.", "One, two, one, two."]
)
def test_what_people_do_say_is_kept(said: str) -> None:
    assert believable(said) == said


def test_a_loop_is_said_once() -> None:
    assert believable("I'm just going to do it. " * 4 + "I'm just going") == (
        "I'm just going to do it."
    )
    assert believable("Well, the the the the the the the end.") == "Well, the end."


def test_commas_in_a_row_become_one() -> None:
    assert believable("In short,, the period") == "In short, the period"


def test_quotation_marks_go_and_apostrophes_stay() -> None:
    heard = '"\'So, to sum up, forty a month, "\'starting in May."'
    assert believable(heard) == "So, to sum up, forty a month, starting in May."
    assert believable("I've six months' arrears, 'cause of the rent.") == (
        "I've six months' arrears, 'cause of the rent."
    )


def test_words_on_both_sides_of_a_cut_are_said_once() -> None:
    assert without_repeat("I can pay on the twenty.", "On the twenty seventh") == "seventh"
    assert without_repeat("I can pay", "you on Friday") == "you on Friday"
    assert without_repeat("", "you on Friday") == "you on Friday"
