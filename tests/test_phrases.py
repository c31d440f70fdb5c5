import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentassist.phrases import PhraseError, Phrases, Span, expand, normalise


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("We’ll have a BAILIFF — at your door!", "we'll have a bailiff at your door"),
        ("It's £1,250.50, okay?", "it's £ 1,250.50 okay"),
        ("at 10:30, on the 27th.", "at 10:30 on the 27 th"),
        ("  \n", ""),
        ("the kids' room", "the kids' room"),
    ],
)
def test_speech_has_one_normal_form(text: str, normal: str) -> None:
    assert normalise(text).text == normal


@given(st.text())
def test_every_character_of_the_normal_form_knows_where_it_came_from(text: str) -> None:
    normal = normalise(text)
    assert len(normal.text) == len(normal.origin)
    assert all(0 <= place < len(text) for place in normal.origin)
    assert list(normal.origin) == sorted(normal.origin)


@given(st.text())
def test_case_and_punctuation_do_not_change_the_normal_form_of_plain_words(text: str) -> None:
    once = normalise(text).text
    assert normalise(once).text == once


def test_a_match_is_told_in_places_of_the_text_as_it_was() -> None:
    text = "Well — we’ll have a BAILIFF round."
    normal = normalise(text)
    (span,) = Phrases(["we'll have a bailiff"]).find(normal)
    original = normal.original(span)
    assert text[original.start : original.end] == "we’ll have a BAILIFF"


def test_a_phrase_matches_whole_words_only() -> None:
    assert not Phrases(["don"]).find(normalise("I don't know"))
    assert not Phrases(["court"]).find(normalise("the courtyard"))
    assert Phrases(["£ 40"]).find(normalise("it's £40."))


def test_terms_are_put_in_and_may_use_each_other() -> None:
    terms = {"sum": "{count} pounds", "count": "ten|forty"}
    assert Phrases(["pay {sum}"], terms).find(normalise("I'll pay forty pounds"))


def test_an_unknown_term_names_those_that_are_there() -> None:
    with pytest.raises(PhraseError, match=r"no term \{summ\}; terms: sum"):
        expand("{summ}", {"sum": "x"})


def test_terms_in_a_circle_are_an_error() -> None:
    with pytest.raises(PhraseError, match="circle"):
        expand("{a}", {"a": "{b}", "b": "{a}"})


def test_a_pattern_that_is_none_says_why() -> None:
    with pytest.raises(PhraseError, match=r"'\(' is not a pattern: missing \)"):
        Phrases(["("]).check()


def test_a_pattern_that_would_hang_a_backtracking_engine_is_quick() -> None:
    assert not Phrases(["(a|a)*b"]).find(normalise("a" * 50_000))


def test_no_patterns_find_nothing() -> None:
    assert Phrases([]).find(normalise("anything")) == []
    assert not Phrases([])


def test_spans_overlap_when_they_share_a_character() -> None:
    assert Span(0, 3).overlaps(Span(2, 5))
    assert not Span(0, 3).overlaps(Span(3, 5))
