from hypothesis import given
from hypothesis import strategies as st

from agentassist import events as ev
from agentassist.pipeline import run
from agentassist.turns import PAUSE, Turns
from agentassist.values import Turn
from agentassist.vocabulary import Party


def words(party: Party, start: float, end: float, text: str, *, new: bool = False) -> ev.WordsHeard:
    return ev.WordsHeard(end + 0.5, party, start, end, text, new_turn=new)


def ended(*heard: ev.Heard) -> list[Turn]:
    stream = run([*heard, ev.CallEnded(99.0)], [Turns()])
    return [event.turn for event in stream if isinstance(event, ev.TurnEnded)]


def test_utterances_of_one_party_in_a_row_are_one_turn() -> None:
    (turn,) = ended(words("agent", 0, 1, "Good morning."), words("agent", 1.5, 3, "It's Mark."))
    assert turn.text == "Good morning. It's Mark."
    assert (turn.start, turn.end) == (0, 3)
    second = turn.utterances[1]
    assert turn.text[second.offset : second.offset + second.length] == "It's Mark."


def test_the_other_partys_words_end_a_turn() -> None:
    turns = ended(words("agent", 0, 1, "Hello?"), words("caller", 1, 2, "Who is that?"))
    assert [(t.index, t.speaker) for t in turns] == [(0, "agent"), (1, "caller")]


def test_a_backchannel_is_a_turn_but_does_not_end_the_others() -> None:
    turns = ended(
        words("caller", 0, 4, "So I lost my job"),
        words("agent", 4, 4.4, "Mm, okay."),
        words("caller", 4.5, 6, "and then the rent went up."),
        words("agent", 7, 8, "I'm sorry to hear that."),
    )
    by_index = {turn.index: turn.text for turn in turns}
    assert by_index[0] == "So I lost my job and then the rent went up."
    assert by_index[1].startswith("Mm, okay.")


def test_a_long_silence_begins_a_new_turn() -> None:
    turns = ended(
        words("agent", 0, 1, "One moment."), words("agent", 2 + PAUSE, 3 + PAUSE, "Here it is.")
    )
    assert len(turns) == 2


def test_a_source_that_knows_its_turns_is_believed() -> None:
    turns = ended(
        words("agent", 0, 1, "Hello.", new=True), words("agent", 1.1, 2, "Anyone?", new=True)
    )
    assert [t.text for t in turns] == ["Hello.", "Anyone?"]


def test_a_turn_ends_by_itself_once_nothing_more_can_come() -> None:
    stream = list(run([words("agent", 0, 1, "Hello?"), ev.ClockMark(30.0)], [Turns()]))
    assert isinstance(stream[-1], ev.TurnEnded)


def test_empty_words_make_no_turn() -> None:
    assert ended(words("agent", 0, 1, "  ")) == []


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["agent", "caller"]),
            st.floats(0.1, 8),
            st.sampled_from(["okay", "I can't pay that", "Let me see.", "mm"]),
            st.booleans(),
        )
    )
)
def test_no_word_is_lost_and_every_turn_ends_once(
    said: list[tuple[Party, float, str, bool]],
) -> None:
    now, heard = 0.0, []
    for party, gap, text, new in said:
        heard.append(words(party, now, now + gap, text, new=new))
        now += gap
    turns = ended(*heard)
    assert sorted(t.index for t in turns) == list(range(len(turns)))
    for party in ("agent", "caller"):
        own = sorted((t for t in turns if t.speaker == party), key=lambda t: t.index)
        assert " ".join(t.text for t in own) == " ".join(
            text for who, _, text, _ in said if who == party
        )
