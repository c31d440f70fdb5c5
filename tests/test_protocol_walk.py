"""A protocol that a cue names, walked one step at a time: as BLAKE, TEXAS, LEAP."""

import io

import pytest
from msgspec.structs import replace

from agentassist import events as ev
from agentassist.call import fold
from agentassist.pipeline import run, stages
from agentassist.plain import PlainSink
from agentassist.rulebook import Protocol, ProtocolStep, Rulebook
from agentassist.rules_of_cues import AnyCueRule
from agentassist.session import CallSession
from agentassist.vocabulary import Priority
from tests.screen_calls import app, text_of, until
from tests.tagged import Tape, classify, fates, raised, rulebook, said

BLAKE = Protocol(
    "blake",
    "BLAKE",
    "somebody speaks of taking their life",
    (
        ProtocolStep("Breathe", "Breathe, and lower your voice", ""),
        ProtocolStep("Listen", "Let them speak", "I'm here.", ("empathy", "reflection")),
        ProtocolStep("Ask", "Ask if they are safe", "Are you safe?", ("open_question",)),
        ProtocolStep("End", "Stay until help is there", "I'll stay.", ("support_signpost",)),
    ),
)
LEAP = Protocol(
    "leap",
    "LEAP",
    "anger",
    (
        ProtocolStep("Listen", "Hear them out", "Go on.", ("reflection",)),
        ProtocolStep("Agree", "Agree on one next step", "Shall we…?", ("options",)),
    ),
)


def cue(label: str, priority: Priority, protocol: str = "") -> AnyCueRule:
    return replace(said(label, priority=priority), protocol=protocol)


BOOK: Rulebook = replace(
    rulebook(
        cue("vulnerability", "urgent", "blake"),
        cue("distress", "urgent"),
        cue("anger", "normal", "leap"),
        cue("confusion", "normal"),
        cue("dispute", "high"),
    ),
    protocols=(BLAKE, LEAP),
)


def at_risk() -> Tape:
    return Tape().caller("I want to die [vulnerability]")


def walked(tape: Tape) -> list[str]:
    """The steps in order, as `blake 2`; `over` at the end of a walk."""
    steps = [event.walk for event in tape.play(BOOK) if isinstance(event, ev.ProtocolWalked)]
    return [f"{walk.protocol} {walk.step}" if walk else "over" for walk in steps]


def pressed(tape: Tape, step: int, protocol: str = "blake") -> Tape:
    tape.events.append(ev.StepTaken(tape.now, protocol, step))
    return tape


# Step by step


def test_a_cue_that_names_a_protocol_begins_it_at_its_first_step() -> None:
    [begun] = [e.walk for e in at_risk().play(BOOK) if isinstance(e, ev.ProtocolWalked)]
    assert begun
    assert (begun.name, begun.step, begun.of, begun.title) == ("BLAKE", 1, 4, "Breathe")
    assert (begun.cue, begun.priority, begun.do) == ("c1", "urgent", BLAKE.steps[0].do)


def test_a_step_is_done_by_what_the_agent_says_since() -> None:
    tape = pressed(at_risk(), 1).agent("I am sorry [empathy]").caller("Yes")
    assert walked(tape.agent("Where are you [open_question]")) == [
        f"blake {n}" for n in (1, 2, 3, 4)
    ]


def test_words_from_before_the_step_and_the_callers_own_do_nothing() -> None:
    tape = Tape().agent("I am sorry [empathy] to ring").caller("I want to die [vulnerability]")
    assert walked(pressed(tape, 1).caller("I am sorry [empathy] too")) == ["blake 1", "blake 2"]


def test_a_step_that_nothing_heard_can_tell_gives_way_to_the_next_that_was_heard() -> None:
    assert walked(at_risk().agent("I am sorry [empathy]")) == ["blake 1", "blake 3"]


def test_one_turn_may_do_several_steps_but_one_word_of_it_only_one() -> None:
    tape = at_risk().agent("I am sorry [empathy], are you safe [open_question]")
    assert walked(tape) == ["blake 1", "blake 4"]
    again = replace(BLAKE, steps=(BLAKE.steps[1], BLAKE.steps[1]))
    stream = at_risk().agent("I am sorry [empathy]").play(replace(BOOK, protocols=(again,)))
    call = fold(stream)
    assert call.walk
    assert call.walk.step == 2


def test_the_key_takes_the_step_that_was_shown_and_no_other() -> None:
    tape = pressed(pressed(pressed(at_risk(), 1), 1), 3)
    assert walked(pressed(tape, 2, "leap")) == ["blake 1", "blake 2"]


def test_after_the_key_what_was_done_already_need_not_be_done_again() -> None:
    tape = pressed(at_risk(), 1).agent("Are you safe [open_question]").caller("Yes")
    assert walked(pressed(tape, 2).agent("Good")) == ["blake 1", "blake 2", "blake 4"]


def test_the_last_step_ends_it_and_it_is_not_begun_again() -> None:
    tape = at_risk()
    for step in (1, 2, 3, 4):
        pressed(tape, step)
    tape.wait(90.0).caller("I still want to die [vulnerability]")
    assert walked(tape)[-2:] == ["blake 4", "over"]
    assert raised(tape.play(BOOK)) == ["vulnerability", "vulnerability"]


# Beside other cues


def test_it_outlives_its_cue_and_an_urgent_one_in_front_of_it() -> None:
    tape = (
        pressed(at_risk(), 1).agent("I am sorry [empathy]").caller("I can't stop crying [distress]")
    )
    stream = tape.play(BOOK)
    assert fates(stream) == ["raised c1 vulnerability", "taken c1", "raised c2 distress"]
    walk = fold(stream).walk
    assert walk
    assert walk.step == 3


def test_while_a_life_is_at_stake_only_what_presses_is_said_besides() -> None:
    tape = at_risk().wait(40.0).caller("I don't get it [confusion]").agent("Right then").wait(20.0)
    assert raised(tape.caller("I dispute [dispute] it").play(BOOK)) == ["vulnerability", "dispute"]


@pytest.mark.parametrize(
    ("first", "then", "protocols"),
    [
        ("I am cross [anger]", "I want to die [vulnerability]", ["leap 1", "blake 1"]),
        ("I want to die [vulnerability]", "I am cross [anger]", ["blake 1"]),
    ],
)
def test_only_one_as_pressing_takes_the_place_of_another(
    first: str, then: str, protocols: list[str]
) -> None:
    assert walked(Tape().caller(first).wait(40.0).caller(then)) == protocols


def test_snooze_and_dispute_end_it() -> None:
    tape = at_risk()
    tape.events.append(ev.CueSnoozed(tape.now, "c1"))
    assert walked(tape) == ["blake 1", "over"]
    assert walked(at_risk().agent("Right").caller("Yes").dispute("c1")) == ["blake 1", "over"]


def test_quiet_ends_it_unless_it_is_urgent() -> None:
    for tape, told in (
        (Tape().caller("I am cross [anger]"), ["leap 1", "over"]),
        (at_risk(), ["blake 1"]),
    ):
        tape.events.append(ev.QuietSwitched(tape.now, on=True))
        assert walked(tape) == told


def test_the_end_of_the_call_is_its_end() -> None:
    assert fold(at_risk().end().play(BOOK)).walk is None


def test_a_journal_of_it_gives_the_same_walk_again() -> None:
    tape = pressed(at_risk(), 1).agent("I am sorry [empathy]").end()
    again = [ev.decode_heard(ev.encode(event)) for event in tape.events]
    assert list(run(again, stages(BOOK, classify))) == tape.play(BOOK)


# On the screen and in lines


def session(tape: Tape) -> CallSession:
    done = CallSession(iter(tape.events), stages(BOOK, classify), [])
    done.run()
    return done


async def test_the_panel_walks_it_by_the_key_until_z_ends_it() -> None:
    of = app(session(at_risk()))
    async with of.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "BLAKE 1 of 4: Breathe" in text_of(of))
        assert "c done, z ends it" in text_of(of)
        await pilot.press("c")
        await until(pilot, lambda: "BLAKE 2 of 4: Listen" in text_of(of))
        assert "Let them speak" in text_of(of)
        assert "Say: “I'm here.”" in text_of(of)
        await pilot.press("z")
        await until(pilot, lambda: "BLAKE" not in text_of(of))
        await pilot.press("c")


async def test_an_urgent_cue_comes_in_front_of_it_and_it_comes_back() -> None:
    tape = pressed(at_risk(), 1).agent("I am sorry [empathy]").caller("I am crying [distress]")
    done = session(tape)
    of = app(done)
    async with of.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "URGENT" in text_of(of))
        assert "BLAKE" not in text_of(of)
        await pilot.press("c")
        done.dispute("c2")
        await until(pilot, lambda: "BLAKE 3 of 4: Ask" in text_of(of))


def test_lines_of_text_tell_each_step() -> None:
    out = io.StringIO()
    sink = PlainSink(out)
    for event in pressed(at_risk(), 1).play(BOOK):
        sink(event)
    told = [line for line in out.getvalue().splitlines() if "BLAKE" in line]
    assert told == [
        ">>> BLAKE 1 of 4: Breathe. Breathe, and lower your voice.",
        '>>> BLAKE 2 of 4: Listen. Let them speak. Say: "I\'m here."',
    ]
