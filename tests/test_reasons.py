"""Codes weighed from words, phrases and the classifier's word: which of them hold."""

import pytest
from noted import call_of, note_of

from agentassist.note.circumstances import hardship
from agentassist.note.reading import Reading
from agentassist.note.reasons import leaning, reasons, terms
from agentassist.vocabulary import DETAILS_OF


def test_terms_are_the_words_and_each_two_side_by_side() -> None:
    assert terms("lost my job") == {"lost", "my", "job", "lost my", "my job"}


@pytest.mark.parametrize("label", ["hardship", "cease_contact"])
def test_every_code_of_a_label_is_weighed(label: str) -> None:
    known = reasons().labels[label]
    assert set(known.codes) == set(DETAILS_OF[label])
    assert {len(row) for row in known.terms.values()} == {1 + len(known.codes)}


def test_words_that_nobody_knows_leave_every_code_at_its_bias() -> None:
    known = reasons().labels["hardship"]
    assert leaning(known, "xyzzy") == dict(zip(known.codes, known.bias, strict=True))


def test_two_words_tell_less_than_they_would_in_a_whole_sentence() -> None:
    known = reasons().labels["hardship"]
    alone = leaning(known, "business")["business_failure"]
    said = leaning(known, "the business closed and the customers owe us for stock")
    assert alone < said["business_failure"]


def test_the_classifiers_code_holds_where_the_words_do_not_contradict_it() -> None:
    words = "They cut the nights, and my wages with them."
    assert note_of(("caller", words, "hardship:reduced_hours")).hardship == ("reduced_hours",)


def test_a_phrase_holds_against_another_code_of_the_classifiers() -> None:
    note = note_of(("caller", "I got laid off in May.", "hardship:rising_costs"))
    assert "job_loss" in note.hardship


def test_a_code_is_shown_with_the_words_that_name_it() -> None:
    call = call_of(("caller", "Well. I got laid off in May.", "hardship"))
    (told,) = hardship(Reading(call, {"hardship": {"job_loss": ("laid off",)}}))
    assert (told.code, told.turn.text[told.span.start : told.span.end]) == ("job_loss", "laid off")


def test_all_contact_that_stops_leaves_no_single_way_beside_it() -> None:
    words = "Don't ring, don't write, don't text, nothing."
    assert note_of(("caller", words, "cease_contact")).cease == ("all",)


def test_a_place_where_nobody_may_ring_leaves_the_telephone_open() -> None:
    words = "Please don't ring me at work, my boss is listening."
    assert note_of(("caller", words, "cease_contact:work cease_contact:phone")).cease == ("work",)
