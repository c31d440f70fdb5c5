"""Words of a growing hypothesis: committed soon, never taken back, numbers never cut."""

from hypothesis import given
from hypothesis import strategies as st

from agentassist.speech.stable import FIRST, STABLE, Stability

LOOK = 0.128


def commits(stability: Stability, *hypotheses: str, each: float = 0.6) -> list[str]:
    """What is committed of these, one after another, `each` seconds apart."""
    return [
        " ".join(word.text for word in stability.show(hypothesis.split(), count * each))
        for count, hypothesis in enumerate(hypotheses)
    ]


def test_words_are_committed_once_they_stood_for_half_a_second() -> None:
    same = "you are a liar and"
    assert commits(Stability(), same, same, each=STABLE) == ["", "you are a liar"]
    assert commits(Stability(), same, same, each=STABLE - 0.01) == ["", ""]


def test_the_last_word_may_become_a_longer_one() -> None:
    stability = Stability()
    assert commits(stability, *["you are a liar pay"] * 2)[-1] == "you are a liar"
    assert [word.text for word in stability.open] == ["pay"]


def test_a_few_words_wait_for_the_pause() -> None:
    assert commits(Stability(), *["and the street"] * 3) == ["", "", ""]
    assert FIRST > 2


def test_a_number_and_what_stands_around_it_stay_together() -> None:
    line = "i told him about my new card so four one one one went out to them all by then and off"
    found = commits(Stability(), *[" ".join(line.split()[:n]) for n in range(1, 21)])
    assert [piece for piece in found if piece] == [
        "i told him about",
        "my",
        "new card so four one one one went out to them all by",
        "then",
    ]


def test_final_words_follow_what_was_committed_whatever_they_say_of_it() -> None:
    for final, rest in (
        ("you are a liar and a cheat", 4),
        ("you're a liar and a cheat", 3),
        ("oh you are a liar and a cheat", 5),
        ("", 0),
    ):
        stability = Stability()
        commits(stability, *["you are a liar and"] * 2)
        assert stability.finish(final.split()) == rest
        assert stability.open == []
        assert stability.finish(["new"]) == 0


hypotheses = st.lists(st.lists(st.sampled_from(["you", "are", "lying", "stop", "now"]), max_size=9))


@given(hypotheses)
def test_what_was_committed_is_told_once_and_never_more_than_was_shown(
    shown: list[list[str]],
) -> None:
    stability, committed = Stability(), 0
    for count, words in enumerate(shown):
        found = stability.show(words, count * LOOK)
        committed += len(found)
        assert all(word.end <= count * LOOK for word in found)
        assert len(stability.open) == max(0, len(words) - committed)
    assert 0 <= stability.finish(["you"] * 12) <= 12
