"""The coach as one person wants it, which nobody else learns; and the pause after a hard call."""

import datetime
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from agentassist import config, contract, packs
from agentassist import events as ev
from agentassist.call import EMPTY, Call, LabelledTurn, fold
from agentassist.commands import desk
from agentassist.errors import MendableError
from agentassist.export import formats
from agentassist.pause import pause_after
from agentassist.rulebook import Budget, PauseRule
from agentassist.store import records
from agentassist.store.journal import Journal
from agentassist.tui.note.screen import NoteScreen
from agentassist.tuning import check, tuned
from agentassist.values import UNTUNED, Label, Tuning, Turn
from tests.conftest import Run
from tests.screen_calls import app, played, shown, text_of, until
from tests.tagged import Tape, fates, raised, rulebook, said

ANGRY = said("anger", cooldown=0.0)
SAFE = said("vulnerability", priority="urgent")
SHIPPED = packs.load()


def cross(tape: Tape, *, sure: str = "") -> Tape:
    return tape.caller(f"I am cross [anger] with you{sure}")


def snoozed(tape: Tape, cue: str) -> Tape:
    tape.events.append(ev.CueSnoozed(tape.now, cue))
    return tape


def quiet(tape: Tape, *, on: bool) -> Tape:
    tape.events.append(ev.QuietSwitched(tape.now, on))
    return tape


# Snooze


def test_a_snoozed_cue_is_gone_at_once_neither_missed_nor_disputed() -> None:
    tape = snoozed(cross(Tape()), "c1").agent("Your card number please").caller("What")
    tape.agent("The sixteen digits").caller("Why").end()
    assert fates(tape.play(rulebook(ANGRY))) == ["raised c1 anger", "expired c1"]


def test_the_rule_of_a_snoozed_cue_is_quiet_for_the_rest_of_the_call_and_others_are_not() -> None:
    tape = snoozed(cross(Tape()), "c1").wait(60.0)
    cross(tape).agent("Right").caller("I don't get it [confusion]")
    assert raised(tape.play(rulebook(ANGRY, said("confusion")))) == ["anger", "confusion"]


def test_a_rule_may_be_snoozed_when_its_cue_was_settled_already() -> None:
    tape = cross(Tape()).agent("I am sorry [empathy] about it").wait(3.0)
    cross(snoozed(tape, "c1"))
    assert fates(tape.play(rulebook(ANGRY))) == ["raised c1 anger", "taken c1"]


def test_an_urgent_cue_can_be_put_away_and_its_rule_speaks_again() -> None:
    tape = snoozed(Tape().caller("I want to die [vulnerability]"), "c1").wait(60.0)
    tape.caller("I can't go on [vulnerability]")
    stream = tape.play(rulebook(SAFE))
    assert fates(stream) == ["raised c1 vulnerability", "expired c1", "raised c2 vulnerability"]


# Quiet


def test_while_it_is_quiet_urgent_cues_alone_speak() -> None:
    tape = cross(quiet(Tape(), on=True)).caller_goes_on("I want to die [vulnerability]")
    assert raised(tape.play(rulebook(ANGRY, SAFE))) == ["vulnerability"]


def test_quiet_takes_the_live_cue_away_unless_that_is_urgent() -> None:
    tape = quiet(cross(Tape()), on=True)
    assert fates(tape.play(rulebook(ANGRY))) == ["raised c1 anger", "expired c1"]
    tape = quiet(Tape().caller("I want to die [vulnerability]"), on=True)
    assert fates(tape.play(rulebook(SAFE))) == ["raised c1 vulnerability"]


def test_after_quiet_what_is_said_then_raises_cues_again() -> None:
    tape = quiet(cross(quiet(Tape(), on=True)).wait(20.0), on=False)
    assert raised(cross(tape).play(rulebook(ANGRY))) == ["anger"]


# Tiers and standing wishes


@pytest.mark.parametrize(
    ("tier", "spoke"),
    [(None, ["low", "high"]), ("new", ["low", "high"]), ("expert", ["high"])],
)
def test_a_tier_brings_its_budget_and_the_least_that_speaks(tier: str, spoke: list[str]) -> None:
    book = replace(
        rulebook(
            said("anger", priority="low", cue="low"), said("dispute", priority="high", cue="high")
        ),
        tiers={"new": Budget(cues=12, reserve=0, gap=0.0), "expert": Budget(5, 0, 0.0, "high")},
    )
    tape = cross(Tape()).wait(40.0).caller("I dispute [dispute] it")
    tape.events[0] = replace(tape.events[0], tuning=msgspec.convert({"tier": tier}, Tuning))
    stream = tape.play(book)
    assert raised(stream) == spoke
    assert fold(stream).budget_left == {None: 10, "new": 12, "expert": 5}[tier] - len(spoke)


def test_a_tier_that_the_packs_do_not_know_leaves_the_budget_as_it_is() -> None:
    assert tuned(rulebook(), Tuning("new")).budget == rulebook().budget


def test_every_tier_is_told_in_the_shipped_packs_and_the_used_hear_less() -> None:
    new, settled, expert = (SHIPPED.tiers[tier] for tier in ("new", "settled", "expert"))
    assert new.cues > settled.cues > expert.cues
    assert (new.least, settled.least, expert.least) == ("low", "normal", "high")


def test_a_rule_that_they_never_want_does_not_speak_unless_it_is_urgent() -> None:
    wanted = Tuning(snoozed=("on-anger", "on-vulnerability"))
    assert tuned(rulebook(ANGRY, SAFE), wanted).cues == (SAFE,)


def test_an_urgent_rule_in_the_settings_is_refused_and_an_unknown_one_is_told(
    tmp_path: Path, run: Run
) -> None:
    assert check(Tuning(snoozed=("slow-down", "gone")), SHIPPED) == ("gone",)
    with pytest.raises(MendableError, match="vulnerability is urgent and can't be snoozed"):
        check(Tuning(snoozed=("vulnerability",)), SHIPPED)
    settings = tmp_path / "settings.toml"
    settings.write_text('[coach]\nsnoozed = ["vulnerability"]\n')
    done = run("demo", "--plain", "--speed", "max", "--rules-only")
    assert (done.code, done.out) == (1, "")
    assert done.err == (
        f"agentassist: {settings}: [coach] snoozed: vulnerability is urgent and can't be snoozed;"
        " take it out\n"
    )


def test_the_settings_of_the_coach_are_read(tmp_path: Path) -> None:
    assert config.load().coach == config.Coaching()
    (tmp_path / "settings.toml").write_text(
        '[coach]\ntier = "settled"\nsnoozed = ["slow-down"]\npause = false\n'
    )
    assert config.load().coach == config.Coaching(
        tier="settled", snoozed=("slow-down",), pause=False
    )
    assert desk.tuning(SHIPPED) == Tuning("settled", ("slow-down",))
    (tmp_path / "settings.toml").write_text('[coach]\ntier = "old"\n')
    with pytest.raises(config.SettingsError, match=r"coach\.tier.*say new or settled or expert"):
        config.load()


def test_a_journal_keeps_how_the_coach_was_wanted_and_gives_the_same_call_again(
    tmp_path: Path,
) -> None:
    tape = cross(quiet(snoozed(cross(Tape()), "c1"), on=True)).end()
    tape.events[0] = replace(tape.events[0], tuning=Tuning("expert", ("slow-down",)))
    lines = [ev.encode(event) for event in tape.events]
    again = Tape()
    again.events = [ev.decode_heard(line) for line in lines]
    assert again.events == tape.events
    assert again.play(rulebook(ANGRY)) == tape.play(rulebook(ANGRY))


# What an agent turns off is reported nowhere

WORDS = ("snooz", "quiet", "tuning", "tier", "expert", "slow-down")


def tuned_call() -> Tape:
    """All that can be turned off is, in a call that goes on after it."""
    tape = snoozed(cross(Tape()), "c1").agent("Your balance [amount_stated] is forty pounds")
    quiet(tape, on=True).caller("I don't get it [confusion]").agent("Forty pounds it is")
    quiet(tape, on=False).caller("I'll pay forty pounds on Friday, that is it [promise]").agent(
        "Thanks"
    ).end()
    tape.events[0] = replace(
        tape.events[0],
        call_date=datetime.date(2026, 3, 12),
        started_at=datetime.datetime(2026, 3, 12, 9, tzinfo=datetime.UTC),
        tuning=Tuning("expert", ("slow-down",)),
    )
    return tape


def untuned(events: Iterable[ev.Heard]) -> Tape:
    plain = Tape()
    plain.events = [
        replace(event, tuning=UNTUNED) if isinstance(event, ev.CallStarted) else event
        for event in events
        if not isinstance(event, ev.PRIVATE)
    ]
    return plain


def played_out(tape: Tape) -> Call:
    return fold(tape.play(rulebook(ANGRY, said("confusion"))))


def test_the_note_the_record_and_every_export_are_as_if_nothing_had_been_turned_off() -> None:
    one, other = played_out(tuned_call()), played_out(untuned(tuned_call().events))
    assert one.note
    assert other.note
    assert one.cues != other.cues
    assert one.note == other.note
    settings = formats.Settings(datetime.datetime(2026, 3, 12, tzinfo=datetime.UTC), "here")
    for name in formats.NAMES:
        told = formats.export(one, one.note, name, settings)
        assert told == formats.export(other, other.note, name, settings), name
    assert sealed(one) == sealed(other)


def sealed(call: Call) -> bytes:
    at = records.moment(datetime.datetime(2026, 3, 12, tzinfo=datetime.UTC))
    assert call.note
    version = records.NoteVersion(call.note, "text")
    record = records.Record(
        records.facts("id", "title", call),
        records.Approval("ann", at),
        version,
        version,
        records.Versions("rules", "model"),
        records.transcript(call),
    )
    return records.seal(record)[0]


@pytest.mark.parametrize("words", WORDS)
def test_no_line_for_other_programs_tells_what_was_turned_off(words: str) -> None:
    stream = tuned_call().play(rulebook(ANGRY, said("confusion")))
    told = [contract.encode(line) for line in contract.lines(stream)]
    told += [ev.encode(e).decode() for event in stream if (e := contract.public(event))]
    assert [line for line in told if words in line.lower()] == []


def test_the_program_tells_nobody_by_any_of_its_commands(tmp_path: Path, run: Run) -> None:
    file = tmp_path / "call.journal"
    with Journal(file) as keep:
        for event in tuned_call().events:
            keep(event)
    kept = file.read_text()
    assert "cue_snoozed" in kept
    assert "quiet_switched" in kept
    commands: list[list[Any]] = [
        *(["analyze", file, flag, "--rules-only"] for flag in ("--json", "--events")),
        ["analyze", file, "--rules-only"],
        ["replay", file, "--plain", "--speed", "max", "--no-keep", "--rules-only"],
        ["note", "draft", file, "--rules-only"],
        ["note", "draft", file, "--rules-only", "--json"],
        *(["export", file, "--to", name, "--rules-only"] for name in formats.NAMES),
    ]
    for command in commands:
        done = run(*command)
        assert done.code == 0, done.err
        told = (done.out + done.err).lower()
        assert [word for word in WORDS if word in told] == [], command


# On the screen


async def test_the_keys_snooze_and_quieten_and_the_meters_say_that_it_is_quiet() -> None:
    session = played(4)
    of = app(session)
    heard: list[ev.AnyEvent] = []
    session.add_sink(heard.append)
    async with of.run_test(size=(80, 24)) as pilot:
        await pilot.press("z", "u")
        await until(pilot, lambda: "quiet (u)" in text_of(of))
        assert "u ends it" in text_of(of)
        await pilot.press("u")
        await until(pilot, lambda: "quiet (u)" not in text_of(of))
    told = [event for event in heard if isinstance(event, ev.PRIVATE)]
    at = session.call.at
    assert told == [
        ev.CueSnoozed(at, "c1"),
        ev.QuietSwitched(at, on=True),
        ev.QuietSwitched(at, on=False),
    ]


def test_nothing_is_turned_off_before_a_call_or_after_it() -> None:
    done = played()
    before = done.call
    done.switch_quiet()
    done.snooze("c1")
    assert done.call is before


# The pause

RULES = (
    PauseRule(10, "it was grave", heard=("vulnerability",)),
    PauseRule(5, "it was loud", heard=("anger",), turns=2),
    PauseRule(5, "it was hot and long", hottest=0.6, longer_than=600.0),
)


def call_with(*labels: str, at: float = 60.0, hottest: float = 0.0, ended: bool = True) -> Call:
    turns = tuple(
        LabelledTurn(Turn(place, "caller", 0.0, 1.0, "…"), (Label(name, 1.0, "test", 0, 1),))
        for place, name in enumerate(labels)
    )
    return replace(EMPTY, turns=turns, at=at, hottest=hottest, ended=ended)


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (call_with("anger", "anger", "vulnerability"), "Take 10 minutes: it was grave."),
        (call_with("anger", "anger"), "Take 5 minutes: it was loud."),
        (call_with("anger"), ""),
        (call_with(at=601.0, hottest=0.6), "Take 5 minutes: it was hot and long."),
        (call_with(at=600.0, hottest=0.9), ""),
        (call_with("vulnerability", ended=False), ""),
    ],
)
def test_a_pause_is_suggested_after_a_hard_call_with_its_reason(call: Call, told: str) -> None:
    assert pause_after(call, RULES) == told


def test_the_hottest_moment_is_remembered_when_the_call_has_cooled() -> None:
    tape = Tape()
    for _ in range(6):
        cross(tape)
    call = fold(tape.wait(300.0).end().play(rulebook()))
    assert call.meters.temperature < 0.2
    assert call.hottest > 0.6


async def test_the_note_of_the_call_just_over_suggests_the_pause_and_can_be_told_not_to() -> None:
    for pauses in ((PauseRule(5, "it was long", longer_than=10.0),), ()):
        of = app(played())
        of.desk = of.desk._replace(pauses=pauses)
        async with of.run_test(size=(80, 24)) as pilot:
            await shown(pilot, NoteScreen)
            assert ("Take 5 minutes: it was long." in text_of(of)) == bool(pauses)


def test_the_setting_takes_the_suggestion_away(tmp_path: Path) -> None:
    from agentassist.commands.coach import Coach

    coach = Coach(SHIPPED, rules_only=True)
    assert desk.screens(coach).pauses == SHIPPED.pauses != ()
    (tmp_path / "settings.toml").write_text("[coach]\npause = false\n")
    assert desk.screens(coach).pauses == ()


def test_a_pause_that_says_after_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="needs to say after what"):
        PauseRule(5, "no reason")


# Alternatives


def test_a_hot_call_is_offered_one_way_out_after_another() -> None:
    [heat] = [rule for rule in SHIPPED.cues if rule.id == "heat"]
    tape = Tape()
    for _ in range(60):
        tape.caller("I am cross [anger] with you").agent("Well I never did")
    stream = tape.play(rulebook(heat))
    said_ = [event.cue.do for event in stream if isinstance(event, ev.CueRaised)]
    assert said_ == [words.do for words in (heat.words, *heat.then)]
    assert len({*said_}) == 3
