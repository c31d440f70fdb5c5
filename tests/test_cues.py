"""The life of a cue: which is raised, what becomes of it, and when the coach keeps still."""

import time

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st
from tagged import Tape, classify, fates, raised, rulebook, said

from agentassist import events as ev
from agentassist import packs
from agentassist.call import fold
from agentassist.pipeline import run, stages
from agentassist.rulebook import Budget
from agentassist.rules_of_cues import AnyCueRule
from agentassist.vocabulary import LABELS_OF

# What becomes of a cue.


def test_a_cue_is_raised_at_the_words_that_call_for_it() -> None:
    stream = Tape().caller("Well. I am cross [anger] with you. So").play(rulebook(said("anger")))
    [cue] = [event.cue for event in stream if isinstance(event, ev.CueRaised)]
    assert (cue.id, cue.name, cue.source, cue.turn, cue.at) == ("c1", "anger", "on-anger", 0, 2.5)
    assert cue.why == "Because of “I am cross [anger] with you”."


def test_a_cue_is_taken_when_a_later_turn_does_what_it_asks() -> None:
    tape = Tape().caller("I am cross [anger]").agent("I am sorry [empathy] to hear it")
    stream = tape.play(rulebook(said("anger")))
    assert fates(stream) == ["raised c1 anger", "taken c1"]
    assert [event.turn for event in stream if isinstance(event, ev.CueTaken)] == [1]


def test_a_cue_is_missed_when_the_agents_turns_went_by() -> None:
    tape = Tape().caller("I am cross [anger]").agent("Your card number please")
    tape.caller("What").agent("The sixteen digits").caller("Why")
    assert fates(tape.play(rulebook(said("anger")))) == ["raised c1 anger", "missed c1"]


def test_a_cue_is_not_missed_while_the_agents_last_turn_may_still_grow() -> None:
    tape = Tape().caller("I am cross [anger]").agent("Your card number please")
    tape.agent_goes_on("or rather I am sorry [empathy]").caller("Thanks")
    assert fates(tape.play(rulebook(said("anger", within=1)))) == ["raised c1 anger", "taken c1"]


def test_backchannels_are_not_turns_had() -> None:
    tape = Tape().caller("I am cross [anger]").agent("Mm").caller("Really").agent("Okay, right")
    tape.caller("Yes").agent("I am sorry [empathy]")
    assert fates(tape.play(rulebook(said("anger", within=1)))) == ["raised c1 anger", "taken c1"]


def test_a_turn_begun_before_the_cue_was_there_is_not_a_turn_had() -> None:
    tape = Tape().agent("So I will").caller("But I am cross [anger]", after=-0.5)
    tape.end()
    assert fates(tape.play(rulebook(said("anger", within=1)))) == ["raised c1 anger", "expired c1"]


def test_a_cue_expires_when_its_time_passed_without_the_agents_turn() -> None:
    tape = Tape().caller("I am cross [anger]").wait(40.0)
    stream = tape.play(rulebook(said("anger", expires=30.0)))
    assert fates(stream) == ["raised c1 anger", "expired c1"]
    assert [event.at for event in stream if isinstance(event, ev.CueExpired)] == [33.0]


def test_a_cue_that_is_live_when_the_call_ends_is_settled_then() -> None:
    book = rulebook(said("anger", within=1))
    assert fates(Tape().caller("I am cross [anger]").end().play(book))[-1] == "expired c1"
    tape = Tape().caller("I am cross [anger]").agent("Your card please").end()
    assert fates(tape.play(book))[-1] == "missed c1"


def test_a_disputed_cue_goes_and_its_rule_is_quiet_from_then_on() -> None:
    tape = Tape().caller("I am cross [anger]").dispute("c1", "they were laughing")
    tape.caller("I am cross [anger]").caller("I am lost [confusion]")
    stream = tape.play(rulebook(said("anger"), said("confusion")))
    assert fates(stream) == ["raised c1 anger", "disputed c1", "raised c2 confusion"]
    assert [e.reason for e in stream if isinstance(e, ev.CueDisputed)] == ["they were laughing"]


def test_the_reason_of_a_dispute_may_follow_once() -> None:
    tape = Tape().caller("I am cross [anger]").dispute("c1").dispute("c1", "they were laughing")
    stream = tape.dispute("c1", "another").play(rulebook(said("anger")))
    assert fates(stream) == ["raised c1 anger", "disputed c1", "disputed c1"]
    record = fold(stream).cues[0]
    assert (record.state, record.reason) == ("disputed", "they were laughing")


def test_a_settled_cue_can_be_disputed_once_and_an_unknown_one_never() -> None:
    tape = Tape().caller("I am cross [anger]").agent("Sorry [empathy]").dispute("c1").dispute("c1")
    tape.dispute("c9").caller("I am cross [anger]")
    stream = tape.play(rulebook(said("anger")))
    assert fates(stream) == ["raised c1 anger", "taken c1", "disputed c1"]


# Turns that grow.


def test_a_turn_that_grows_raises_its_cue_once() -> None:
    tape = Tape().caller("I am cross [anger]").caller_goes_on("and I am cross [anger] again")
    tape.caller_goes_on("so there").agent("Sorry [empathy]").caller("Right then")
    assert fates(tape.play(rulebook(said("anger")))) == ["raised c1 anger", "taken c1"]


def test_the_agent_may_mend_it_in_the_same_turn_after_the_cue() -> None:
    tape = Tape().agent("You liar [accusation]").agent_goes_on("no sorry [apology] for that")
    book = rulebook(said("accusation", taken_by=("apology",)))
    assert fates(tape.play(book)) == ["raised c1 accusation", "taken c1"]


def test_what_the_agent_mended_in_the_same_breath_raises_nothing() -> None:
    book = rulebook(said("accusation", taken_by=("apology",)))
    assert not raised(Tape().agent("You liar [accusation] no sorry [apology]").play(book))
    assert raised(Tape().agent("Well sorry [apology] but you liar [accusation]").play(book))


# Which cue, and how many.


def test_the_most_pressing_of_those_due_at_once_is_raised() -> None:
    book = rulebook(said("anger"), said("dispute", priority="high"), said("refusal"))
    stream = Tape().caller("No [refusal] wrong [dispute] cross [anger]").play(book)
    assert raised(stream) == ["dispute"]


def test_a_lesser_cue_waits_for_its_place_and_is_raised_while_fresh() -> None:
    book = rulebook(said("dispute", priority="high"), said("anger", taken_by=("apology",)))
    tape = Tape().caller("Wrong [dispute] cross [anger]").agent("I see [empathy] it")
    assert fates(tape.play(book)) == ["raised c1 dispute", "taken c1", "raised c2 anger"]


def test_a_waiting_cue_is_dropped_when_done_unprompted_or_too_old() -> None:
    book = rulebook(said("dispute", priority="high"), said("anger"))
    tape = Tape().caller("Wrong [dispute] cross [anger]").agent("I am sorry [empathy]").wait(20.0)
    assert fates(tape.play(book)) == ["raised c1 dispute", "taken c1"]
    late = Tape().caller("Wrong [dispute] cross [anger]").wait(40.0)
    assert fates(late.play(book)) == ["raised c1 dispute", "expired c1"]


def test_a_high_cue_takes_the_place_of_a_lesser_one_within_the_gap() -> None:
    book = rulebook(said("anger"), said("dispute", priority="high"), budget=Budget(gap=60.0))
    tape = Tape().caller("I am cross [anger]").caller("It is wrong [dispute]")
    assert fates(tape.play(book)) == ["raised c1 anger", "expired c1", "raised c2 dispute"]


def test_a_high_cue_about_a_later_turn_takes_the_place_of_a_high_one_after_the_gap() -> None:
    book = rulebook(
        said("dispute", priority="high"), said("insult", priority="high"), budget=Budget(gap=6.0)
    )
    tape = Tape().caller("It is wrong [dispute]").agent("You fool [insult]")
    assert fates(tape.play(book)) == ["raised c1 dispute"]
    tape.wait(5.0)
    assert fates(tape.play(book)) == ["raised c1 dispute", "expired c1", "raised c2 insult"]


def test_between_equals_the_more_severe_is_raised() -> None:
    stop = msgspec.structs.replace(said("dispute"), severity="stop")
    book = rulebook(said("anger"), stop)
    assert raised(Tape().caller("I am cross [anger] wrong [dispute]").play(book)) == ["dispute"]


def test_a_normal_cue_never_takes_the_place_of_its_equal() -> None:
    book = rulebook(said("anger"), said("refusal"))
    tape = Tape().caller("I am cross [anger]").caller("I say no [refusal]")
    assert fates(tape.play(book)) == ["raised c1 anger"]


def test_the_gap_keeps_cues_apart_but_not_urgent_ones() -> None:
    book = rulebook(
        said("anger"),
        said("refusal"),
        said("vulnerability", priority="urgent"),
        budget=Budget(gap=8.0),
    )
    tape = Tape().caller("I am cross [anger]").agent("Sorry [empathy]").caller("No [refusal]")
    assert raised(tape.play(book)) == ["anger"]
    assert raised(tape.wait(5.0).play(book)) == ["anger", "refusal"]
    urgent = Tape().caller("I am cross [anger]").caller("I will die [vulnerability]")
    assert raised(urgent.play(book)) == ["anger", "vulnerability"]


def test_nothing_takes_the_place_of_a_live_urgent_cue() -> None:
    book = rulebook(
        said("vulnerability", priority="urgent", expires=120.0),
        said("dispute", priority="high"),
        said("offer"),
    )
    tape = Tape().caller("I will die [vulnerability]").wait(20.0)
    tape.caller("It is wrong [dispute] say forty [offer]").wait(20.0)
    assert fates(tape.play(book)) == ["raised c1 vulnerability"]


def test_a_rule_cools_down_and_has_its_most() -> None:
    tape = Tape()
    for _ in range(4):
        tape.caller("I am cross [anger]").agent("Sorry [empathy]").wait(20.0)
    assert len(raised(tape.play(rulebook(said("anger", cooldown=30.0))))) == 2
    assert len(raised(tape.play(rulebook(said("anger", most=3))))) == 3


def test_the_budget_is_told_and_kept_to_but_for_urgent_cues() -> None:
    book = rulebook(
        said("anger"),
        said("vulnerability", priority="urgent"),
        budget=Budget(cues=2, reserve=0, gap=0.0),
    )
    tape = Tape()
    for _ in range(4):
        tape.caller("I am cross [anger]").agent("Sorry [empathy]")
    stream = tape.caller("I will die [vulnerability]").play(book)
    assert raised(stream) == ["anger", "anger", "vulnerability"]
    assert [e.left for e in stream if isinstance(e, ev.BudgetChanged)] == [2, 1, 0]


def test_the_last_of_the_budget_is_kept_for_high_cues() -> None:
    book = rulebook(
        said("anger"), said("threat", priority="high"), budget=Budget(cues=2, reserve=1, gap=0.0)
    )
    tape = Tape()
    for _ in range(2):
        tape.caller("I am cross [anger]").agent("Sorry [empathy]").wait(13.0)
    assert raised(tape.play(book)) == ["anger"]
    assert raised(tape.agent("The bailiffs [threat] then").play(book)) == ["anger", "threat"]


# Whatever is heard.

_LABELS = [*LABELS_OF["agent"], *LABELS_OF["caller"]]
_STEP = st.one_of(
    st.tuples(
        st.sampled_from(["agent", "caller", "agent_goes_on", "caller_goes_on"]),
        st.lists(st.sampled_from([*_LABELS, "", "okay"]), min_size=1, max_size=3),
        st.floats(0.2, 12.0),
        st.floats(-1.0, 6.0),
    ),
    st.tuples(st.just("wait"), st.floats(1.0, 40.0)),
    st.tuples(st.just("dispute"), st.sampled_from(["c1", "c2", "c3", "c4"])),
)


def _taped(steps: list[tuple[object, ...]]) -> Tape:
    tape = Tape()
    for name, *rest in steps:
        match name, rest:
            case "wait", [seconds]:
                tape.wait(float(str(seconds)))
            case "dispute", [cue]:
                tape.dispute(str(cue))
            case _, [labels, lasts, after]:
                assert isinstance(labels, list)
                words = " ".join("okay" if lab == "okay" else f"word [{lab}]" for lab in labels)
                getattr(tape, str(name))(words, lasts=lasts, after=after)
    return tape.end()


def _shipped() -> tuple[AnyCueRule, ...]:
    return packs.load(packs.SHIPPED / "general").cues


_BOOK = rulebook(*_shipped(), budget=Budget(cues=4, reserve=1, gap=6.0))


@settings(max_examples=60, deadline=None)
@given(st.lists(_STEP, max_size=25))
def test_whatever_is_heard_one_cue_is_live_and_each_is_settled(
    steps: list[tuple[object, ...]],
) -> None:
    tape = _taped(steps)
    live: set[str] = set()
    known: set[str] = set()
    about: set[tuple[str, int]] = set()
    stream = tape.play(_BOOK)
    for event in stream:
        match event:
            case ev.CueRaised(cue=cue):
                assert not live
                assert cue.id not in known
                if cue.turn is not None:
                    assert (cue.source, cue.turn) not in about
                    about.add((cue.source, cue.turn))
                live.add(cue.id)
                known.add(cue.id)
            case ev.CueTaken() | ev.CueMissed() | ev.CueExpired():
                live.remove(event.cue)
            case ev.CueDisputed():
                assert event.cue in known
                live.discard(event.cue)
            case ev.BudgetChanged():
                assert event.left >= 0
    assert not live
    assert tape.play(_BOOK) == stream


def test_a_call_of_an_hour_is_coached_in_seconds() -> None:
    tape = Tape()
    for _ in range(300):
        tape.agent("How are things [open_question] with you").caller("It is hard [hardship]")
        tape.wait(5.0)
    before = time.process_time()
    list(run(tape.events, stages(_BOOK, classify)))
    assert time.process_time() - before < 10.0
