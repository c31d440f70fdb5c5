"""How a call ended, weighed: never without words to stand on, and told in shares."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from noted import BOOK, call_of

from agentassist.note import ended
from agentassist.note.outcome import GROUNDS, Weights, outcome, shares, weights
from agentassist.vocabulary import Outcome

FEATURES = sorted({name for own in weights().weights.values() for name in own})


@given(st.dictionaries(st.sampled_from(FEATURES), st.floats(0, 3, allow_nan=False)))
def test_no_outcome_is_named_without_its_grounds(told: dict[str, float]) -> None:
    named = outcome(told)
    assert named not in GROUNDS or any(told.get(name) for name in GROUNDS[named])


def test_where_nothing_was_said_nothing_came_of_it() -> None:
    assert outcome({}) == "no_resolution"


def test_every_ground_is_something_that_is_told_of_a_call() -> None:
    call = call_of(
        ("agent", "Is that Mrs Carter?", "identity_check"),
        ("caller", "Speaking. I'll pay forty on Friday.", "promise"),
        ("agent", "Forty on Friday. I'll put you through to my supervisor.", "recap"),
    )
    told = ended(call, BOOK)
    known = {*FEATURES, *told}
    assert {name for names in GROUNDS.values() for name in names} <= known
    assert told["promised"] == told["says:handed_over"] == told["end:recap"] == 1.0
    assert told["last:identity_check"] == 0.0


@pytest.mark.parametrize("code", ["callback", "dispute"])
def test_what_spoke_for_an_outcome_is_told_by_feature(code: Outcome) -> None:
    known = Weights("test", {code: 0.0}, {code: {"callback": 1.5, "plan": -1.0}})
    assert shares({"callback": 1.0, "plan": 0.0, "paid": 1.0}, code, known) == {"callback": 1.5}


def test_the_shipped_weights_know_every_outcome_and_tell_how_good_they_are() -> None:
    assert {*GROUNDS, "no_resolution"} == {*weights().bias} == {*weights().weights}
    assert "On authors held out it is right for" in weights().about
