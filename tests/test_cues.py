"""The life of a cue: when it is raised, what becomes of it, and when the coach keeps still."""

import time

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tagged import WORDS, Tape, classify, fates, raised, rulebook

from agentassist import events as ev
from agentassist import packs
from agentassist.cues import QUOTE, quoted
from agentassist.pipeline import run, stages
from agentassist.rulebook import (
    AnyCueRule,
    Budget,
    MeasureRule,
    MissingRule,
    OrderRule,
    SaidRule,
    UnansweredRule,
    Words,
)
from agentassist.vocabulary import FLAGS, LABELS_OF, Priority


def said(
    label: str,
    *,
    priority: Priority = "normal",
    taken_by: tuple[str, ...] = ("empathy",),
    within: int = 2,
    expires: float = 30.0,
    cooldown: float = 0.0,
    most: int = 9,
    unless: tuple[str, ...] = (),
    after: tuple[str, ...] = (),
    cue: str = "",
) -> SaidRule:
    return SaidRule(
        id=f"on-{cue or label}",
        cue=cue or label,
        words=WORDS,
        label=(label,),
        priority=priority,
        taken_by=taken_by,
        within=within,
        expires=expires,
        cooldown=cooldown,
        most=most,
        unless=unless,
        after=after,
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


# When each kind is due.


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
    tape = Tape().caller("It has been a long week here").agent("Yes").caller("No")
    assert not raised(tape.play(book))
    assert raised(tape.caller("And the dog was at the vet").play(book)) == ["m"]


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
        (("Say {nmae}", "", ""), r"no placeholder \{nmae\}; there are \{quote\} and \{detail\}"),
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
        ("the spring " * 9, "the spring " * 8, "the spring the spring the spring the spring the…"),
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
    rules = (packs.SHIPPED / "general").glob("cues*.yaml")
    return tuple(rule for path in sorted(rules) for rule in packs.load(path).cues)


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


# The shipped rules.


def test_every_flag_has_a_cue_and_a_sentence_of_its_own() -> None:
    by_flag = {
        flag: [
            r for r in _shipped() if isinstance(r, SaidRule) and r.label == (flag,) and not r.after
        ]
        for flag in FLAGS
    }
    assert all(len(rules) == 1 for rules in by_flag.values())
    assert len({rules[0].words.say for rules in by_flag.values()}) == len(FLAGS)
    assert len({rules[0].cue for rules in by_flag.values()}) == len(FLAGS)


def test_only_danger_to_life_is_urgent_and_it_silences_talk_of_money() -> None:
    urgent = {rule.id for rule in _shipped() if rule.priority == "urgent"}
    assert urgent == {"vulnerability", "keep-safe"}
    money = {"amount_stated", "fees_stated", "origin_stated", "options", "plan_terms"}
    about_money = [r for r in _shipped() if isinstance(r, MissingRule) and money & {*r.label}]
    assert about_money
    assert all("vulnerability" in rule.unless for rule in about_money)


@pytest.mark.parametrize("rule", _shipped(), ids=lambda rule: rule.id)
def test_a_shipped_cue_is_short_sourced_and_has_examples(rule: AnyCueRule) -> None:
    assert len(rule.words.do.replace("{detail}", "it").split()) <= 8
    assert len(rule.words.why) <= 80
    assert len(rule.words.say) <= 100
    assert rule.source
    assert rule.examples.fire
    assert rule.examples.hold


def test_a_call_of_an_hour_is_coached_in_seconds() -> None:
    tape = Tape()
    for _ in range(300):
        tape.agent("How are things [open_question] with you").caller("It is hard [hardship]")
        tape.wait(5.0)
    before = time.process_time()
    list(run(tape.events, stages(_BOOK, classify)))
    assert time.process_time() - before < 10.0
