"""When each kind of rule is due, and what its cue says."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tagged import WORDS, Tape, fates, raised, rulebook, said

from agentassist import events as ev
from agentassist.cues import QUOTE, quoted
from agentassist.rules_of_cues import (
    AnyCueRule,
    MeasureRule,
    MissingRule,
    OrderRule,
    UnansweredRule,
    Words,
)

HARDSHIP = UnansweredRule(
    id="hardship",
    cue="acknowledge",
    words=WORDS,
    label=("hardship",),
    by=("empathy",),
    after_seconds=4.0,
    repeats=False,
    cooldown=0.0,
    most=9,
)


def test_a_hardship_that_is_acknowledged_at_once_raises_nothing() -> None:
    tape = Tape().caller("I lost my job [hardship:job_loss]").agent("I am sorry [empathy]")
    tape.caller("Thanks").agent("So your card number is what I would need now").caller("Oh")
    assert not raised(tape.play(rulebook(HARDSHIP)))


def test_a_hardship_the_agent_passes_over_is_raised_as_soon_as_that_shows() -> None:
    tape = Tape().caller("I lost my job [hardship:job_loss]")
    tape.agent("So your card number is what I would need now")
    [cue] = [e.cue for e in tape.play(rulebook(HARDSHIP)) if isinstance(e, ev.CueRaised)]
    assert (cue.turn, cue.at) == (0, 5.0)
    short = Tape().caller("I lost my job [hardship:job_loss]").agent("Your card then")
    assert not raised(short.play(rulebook(HARDSHIP)))
    assert raised(short.caller("What").play(rulebook(HARDSHIP)))


def test_a_hardship_met_with_silence_is_raised() -> None:
    tape = Tape().caller("I lost my job [hardship:job_loss]").wait(3.0)
    assert not raised(tape.play(rulebook(HARDSHIP)))
    assert raised(tape.wait(3.0).play(rulebook(HARDSHIP)))


def test_the_same_hardship_told_again_needs_no_second_answer_but_another_does() -> None:
    tape = Tape().caller("I lost my job [hardship:job_loss]").agent("I am sorry [empathy]")
    tape.caller("As I lost my job [hardship:job_loss]").agent("So your card number is what I need")
    tape.caller("Hm then").agent("Your card")
    assert not raised(tape.play(rulebook(HARDSHIP)))
    tape.caller("And my mother died [hardship:bereavement]")
    tape.agent("So your card number is what I would need now")
    assert raised(tape.play(rulebook(HARDSHIP))) == ["acknowledge"]


def test_a_said_rule_may_ask_for_what_came_before() -> None:
    book = rulebook(said("ultimatum", after=("dispute",)))
    assert not raised(Tape().agent("Pay now [ultimatum]").play(book))
    tape = Tape().caller("Not mine [dispute]").agent("Pay now [ultimatum]")
    assert raised(tape.play(book)) == ["ultimatum"]


def test_a_rule_made_pointless_by_what_was_heard_is_quiet() -> None:
    book = rulebook(said("anger", unless=("wrong_party",)))
    tape = Tape().caller("Not me [wrong_party]").caller("I am cross [anger]")
    assert not raised(tape.play(book))


def _missing(**when: object) -> MissingRule:
    return msgspec.convert(
        {
            "kind": "missing",
            "id": "m",
            "cue": "m",
            "words": WORDS,
            "cooldown": 0.0,
            "most": 9,
            **when,
        },
        MissingRule,
        from_attributes=True,
    )


def test_something_missing_is_due_by_the_clock() -> None:
    book = rulebook(_missing(label=["disclosure"], after_seconds=20.0))
    assert not raised(Tape().agent("Hello").wait(17.0).play(book))
    assert raised(Tape().agent("Hello").wait(18.0).play(book)) == ["m"]
    assert not raised(Tape().agent("From Northern [disclosure]").wait(30.0).play(book))


def test_something_missing_is_due_some_turns_after_what_calls_for_it() -> None:
    book = rulebook(_missing(label=["recap"], once=["promise"], after_turns=1, again=True))
    tape = Tape().agent("As we said [recap]").caller("Hm").agent("Well now")
    tape.caller("I will pay [promise] it")
    assert not raised(tape.play(book))
    tape.agent("Lovely, thank you for that").caller("Bye")
    stream = tape.play(book)
    [cue] = [e.cue for e in stream if isinstance(e, ev.CueRaised)]
    assert (cue.turn, cue.quote) == (3, "I will pay [promise] it")


def test_what_the_caller_just_agreed_to_is_not_missing() -> None:
    book = rulebook(_missing(label=["recap"], once=["promise"], after_turns=1, again=True))
    tape = Tape().agent("So it is forty [recap] on Friday").caller("Yes [promise]")
    assert not raised(tape.agent("Lovely, thank you for that").caller("Bye").play(book))


def test_something_missing_is_counted_anew_from_when_it_was_last_done() -> None:
    book = rulebook(_missing(label=["open_question"], questions=2, again=True))
    tape = Tape().agent("Are you at home?").caller("Yes").agent("How are things [open_question]?")
    tape.caller("Fine").agent("Do you work?").caller("Yes")
    assert not raised(tape.play(book))
    assert raised(tape.agent("Is it full time?").caller("No").play(book)) == ["m"]


def test_only_caller_turns_of_some_length_call_for_a_reflection() -> None:
    book = rulebook(_missing(label=["reflection"], caller_turns=2, again=True))
    tape = Tape().caller("It has been a very long week here").agent("Yes").caller("No")
    assert not raised(tape.play(book))
    assert raised(tape.caller("And the dog was at the vet twice").play(book)) == ["m"]


ORDER = OrderRule(
    id="o",
    cue="identity_first",
    words=WORDS,
    label=("amount_stated",),
    first=("identity_check",),
    answered=True,
    anew_after=("wrong_party",),
    cooldown=0.0,
)


def test_the_debt_may_be_told_once_identity_was_asked_and_answered() -> None:
    book = rulebook(ORDER)
    assert raised(Tape().agent("You owe fifty [amount_stated]").play(book))
    assert raised(Tape().agent("Is it Anna [identity_check] fifty [amount_stated]").play(book))
    asked = Tape().agent("Is that Anna [identity_check]").caller("Yes")
    assert not raised(asked.agent("You owe fifty [amount_stated]").play(book))


def test_after_a_wrong_party_identity_is_needed_again() -> None:
    tape = Tape().agent("Is that Anna [identity_check]").caller("I am Ben [wrong_party]")
    tape.agent("She owes fifty [amount_stated]")
    assert raised(tape.play(rulebook(ORDER))) == ["identity_first"]


SILENT = MeasureRule(
    id="s",
    cue="silent",
    words=WORDS,
    meter="silence",
    above=5.0,
    taken_when=2.0,
    cooldown=0.0,
    most=9,
)


def test_a_measure_out_of_bounds_raises_and_its_return_is_taking() -> None:
    tape = Tape().agent("One moment").wait(8.0).caller("Hello there, are you there", lasts=2.0)
    assert fates(tape.play(rulebook(SILENT))) == ["raised c1 silent", "taken c1"]


def test_a_measure_may_go_out_of_bounds_again() -> None:
    tape = Tape().agent("One moment").wait(8.0).caller("Hello").wait(8.0).caller("Hello")
    assert raised(tape.play(rulebook(SILENT))) == ["silent", "silent"]


def test_a_measure_may_be_bounded_from_below() -> None:
    quiet = MeasureRule(
        id="q",
        cue="say_more",
        words=WORDS,
        meter="talk_share",
        below=0.4,
        taken_when=0.5,
        expires=90.0,
        within=5,
    )
    tape = Tape().caller("So it was then", lasts=12.0).agent("I see it now", lasts=30.0).wait(2.0)
    assert fates(tape.play(rulebook(quiet))) == ["raised c1 say_more", "taken c1"]


@pytest.mark.parametrize(
    ("rule", "fault"),
    [
        ({"kind": "measure", "meter": "pace"}, "one of `above`, `below` and `rises_by`"),
        (
            {"kind": "measure", "meter": "pace", "above": 1, "below": 2},
            "one of `above`, `below` and `rises_by`",
        ),
        ({"kind": "missing", "label": ["recap"]}, "needs to say when it is due"),
        ({"kind": "said", "label": ["recap"], "within": 0}, ">= 1"),
        ({"kind": "said", "label": ["recap"], "prio": "high"}, "unknown field `prio`"),
    ],
)
def test_a_rule_that_could_never_work_is_refused(rule: dict[str, object], fault: str) -> None:
    known = {"id": "x", "cue": "x", "words": {"do": "a", "why": "b", "say": "c"}}
    with pytest.raises(msgspec.ValidationError, match=fault):
        msgspec.convert(known | rule, AnyCueRule)


CUTTING = MeasureRule(
    id="i",
    cue="let_them_finish",
    words=WORDS,
    meter="interruptions",
    rises_by=1.0,
    within=2,
    expires=60.0,
    cooldown=120.0,
)


def _cut_in(tape: Tape) -> Tape:
    tape.caller("It has been a long week here", lasts=4.0)
    start = tape.now - 0.6
    tape.events[-2:-2] = [ev.SpeechStarted(start, "agent", start)]
    tape.now += 2.0
    tape.events += [
        ev.SpeechEnded(tape.now, "agent", start, tape.now),
        ev.WordsHeard(tape.now, "agent", start, tape.now, "No wait a moment", new_turn=True),
    ]
    return tape.wait(1.0)


def test_a_rise_that_stops_is_taken_and_one_that_goes_on_is_missed() -> None:
    tape = _cut_in(Tape())
    tape.caller("Well").agent("Please go on").caller("So").agent("I see, thanks").caller("Yes")
    assert fates(tape.play(rulebook(CUTTING))) == ["raised c1 let_them_finish", "taken c1"]
    again = _cut_in(_cut_in(Tape()))
    assert fates(again.play(rulebook(CUTTING))) == ["raised c1 let_them_finish", "missed c1"]


# The words.


def test_details_are_worded_by_the_pack_or_by_the_rules_fallback() -> None:
    book = rulebook(said("hardship"), details={"job_loss": "the lost job"})
    for words, expected in (
        ("I lost my job [hardship:job_loss]", "Words about the lost job."),
        ("It is hard [hardship]", "Words about what happened."),
        ("It is hard [hardship:unheard_of]", "Words about what happened."),
    ):
        [cue] = [e.cue for e in Tape().caller(words).play(book) if isinstance(e, ev.CueRaised)]
        assert cue.say == expected


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        (("Say {nmae}", "", ""), r"no placeholder \{nmae\}; there are \{quote\}, \{detail\}, "),
        (("Say {detail}", "", ""), "needs `detail`"),
        (("Say {", "", ""), "Single '{'"),
    ],
)
def test_an_unknown_placeholder_is_refused(words: tuple[str, str, str], fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        Words(*words)


@pytest.mark.parametrize(
    ("text", "words", "quote"),
    [
        ("Well. I lost my job, you see. So", "lost my job", "I lost my job, you see"),
        ("the spring " * 9, "the spring " * 8, "the spring " * 5 + "the…"),
        ("and so " * 9 + "I lost my job " + "and so " * 9, "lost my job", None),
        ("mm", "mm", "mm"),
    ],
)
def test_a_quote_is_the_sentence_cut_between_words(
    text: str, words: str, quote: str | None
) -> None:
    start = text.index(words)
    cut = quoted(text, start, start + len(words))
    assert len(cut) <= QUOTE + 2
    assert quote is None or cut == quote
    assert words[:11] in cut


@given(st.text("ab .?", min_size=1, max_size=200), st.data())
def test_any_span_can_be_quoted(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    assert len(quoted(text, start, end)) <= QUOTE + 2


def test_rules_for_the_supervisor_do_not_speak_in_the_call() -> None:
    quiet = msgspec.structs.replace(said("anger"), audience="supervisor")
    assert not raised(Tape().caller("I am cross [anger]").play(rulebook(quiet)))
