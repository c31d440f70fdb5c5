"""The plain output, by its exact text."""

import io

from agentassist import dialogue
from agentassist import events as ev
from agentassist.account import Account
from agentassist.plain import PlainSink
from agentassist.session import CallSession
from agentassist.turns import Turns
from agentassist.values import (
    Cue,
    Evidence,
    Label,
    Meters,
    Note,
    NoteLine,
    NoteSection,
    Turn,
)

ACCOUNT = Account(name="Dana Cole", creditor="Acme Energy")
STARTED = ev.CallStarted(0.0, "transcript", "none", account=ACCOUNT)
HARDSHIP = Cue(
    "c1",
    "acknowledge_hardship",
    "high",
    "Acknowledge the hardship",
    "They lost hours.",
    "That sounds hard. What changed?",
    at=9.0,
    turn=1,
)


def written(*stream: ev.AnyEvent, width: int | None = None) -> str:
    out = io.StringIO()
    sink = PlainSink(out, width=width)
    for event in stream:
        sink(event)
    return out.getvalue()


def turn(index: int, speaker: str, text: str, start: float = 12.0) -> Turn:
    return Turn(index, speaker, start, start + 2.0, text)  # type: ignore[arg-type]


def test_a_call_is_one_line_a_turn() -> None:
    lines = [
        dialogue.SpokenLine("agent", "Good morning.", 0.5, 1.0),
        dialogue.SpokenLine("caller", "Morning.", 61.0, 62.0),
    ]
    out = io.StringIO()
    CallSession(dialogue.heard(STARTED, lines), [Turns()], [PlainSink(out)]).run()
    assert out.getvalue() == (
        "Call: Dana Cole · Acme Energy\n0:00 agent: Good morning.\n1:01 caller: Morning.\n"
    )


def test_a_call_without_an_account_names_its_source() -> None:
    assert written(ev.CallStarted(0.0, "demo.wav", "moonshine")) == "Call: demo.wav\n"


def test_a_flag_stands_under_its_turn_with_the_words_that_raised_it_once() -> None:
    said = turn(0, "agent", "Pay up or we'll have a bailiff at your door.")
    threat = Label("threat", 0.9, "rule:x", 10, 43)
    credit = Label("empathy", 0.9, "rule:y", 0, 3)
    labelled = ev.TurnLabelled(14.0, 0, (threat, credit), final=True)
    assert written(ev.TurnEnded(14.0, said), labelled, labelled) == (
        "0:12 agent: Pay up or we'll have a bailiff at your door.\n"
        '  ! threat: "we\'ll have a bailiff at your door"\n'
    )


def test_labels_of_a_turn_that_may_still_grow_are_not_told() -> None:
    said = turn(0, "agent", "calm down")
    label = Label("dismissive", 0.9, "rule:x", 0, 9)
    assert written(ev.TurnGrew(1.0, said), ev.TurnLabelled(1.0, 0, (label,))) == ""


def test_a_cue_comes_after_the_words_that_called_for_it_and_the_rest_of_them_later() -> None:
    hello = turn(0, "agent", "Hello.", start=0.0)
    grown = turn(1, "caller", "They cut my hours.")
    ended = turn(1, "caller", "They cut my hours. It is hard.")
    assert written(
        ev.TurnGrew(1.0, hello),
        ev.TurnGrew(13.0, grown),
        ev.CueRaised(13.0, HARDSHIP),
        ev.TurnEnded(14.0, ended),
        ev.CueTaken(20.0, "c1", 2),
    ) == (
        "0:12 caller: They cut my hours.\n"
        ">>> HIGH  Acknowledge the hardship. They lost hours. "
        'Say: "That sounds hard. What changed?"\n'
        "0:12 caller (goes on): It is hard.\n"
        "<<< taken: Acknowledge the hardship.\n"
    )


def test_missed_and_disputed_are_told_and_expired_is_not() -> None:
    for settled, told in (
        (ev.CueMissed(20.0, "c1"), "<<< missed: Acknowledge the hardship.\n"),
        (ev.CueDisputed(20.0, "c1"), "<<< disputed: Acknowledge the hardship.\n"),
        (ev.CueExpired(20.0, "c1"), ""),
    ):
        raised = ev.CueRaised(9.0, HARDSHIP)
        assert written(raised, settled) == written(raised) + told


def test_meters_are_told_once_a_minute_at_most() -> None:
    readings = [Meters(at=float(at), talk_share=0.7, pace=171.0) for at in range(130)]
    assert written(*(ev.MetersRead(meters.at, meters) for meters in readings)) == (
        "--- 1:00 you talk 70% (high), 171 words a minute, cut in: never, calm\n"
        "--- 2:00 you talk 70% (high), 171 words a minute, cut in: never, calm\n"
    )


def test_the_turn_that_takes_a_cue_is_told_before_it() -> None:
    answer = turn(0, "agent", "I'm sorry to hear that.")
    assert written(
        ev.CueRaised(9.0, HARDSHIP), ev.TurnGrew(14.0, answer), ev.CueTaken(14.0, "c1", 0)
    ) == (
        written(ev.CueRaised(9.0, HARDSHIP))
        + "0:12 agent: I'm sorry to hear that.\n<<< taken: Acknowledge the hardship.\n"
    )


def test_the_call_ends_with_how_the_agent_listened() -> None:
    meters = Meters(
        at=30.0, talk_share=0.5, questions=3, open_questions=1, reflections=2, longest_silence=4.2
    )
    lines = written(ev.MetersRead(30.0, meters), ev.NoteDrafted(31.0, Note("refused")))
    assert lines.startswith(
        "--- 0:30 you talk 50%, - words a minute, cut in: never, calm, said back what you heard "
        "twice, asked 3 times (once openly), longest silence 4 s\n"
    )


def test_trouble_comes_with_its_mend() -> None:
    assert written(
        ev.TroubleHeard(3.0, "The caller's audio has stopped.", "Plug the headset in."),
        ev.StageFailed(4.0, "Cues", "KeyError"),
    ) == (
        "*** The caller's audio has stopped. Plug the headset in.\n"
        "*** A part of the coach failed (Cues: KeyError). "
        "The call goes on without it. Tell support after the call.\n"
    )


def test_the_note_stands_at_the_end_with_its_moments_and_what_was_not_said() -> None:
    moment = Evidence(1, 12.0, "caller", "they cut my hours")
    note = Note(
        "payment_plan",
        sections=(
            NoteSection("Hardship", (NoteLine("Fewer hours", (moment,)), NoteLine("Told twice"))),
            NoteSection("Call back"),
        ),
    )
    last = turn(0, "agent", "Goodbye.", start=60.0)
    assert written(ev.TurnGrew(61.0, last), ev.NoteDrafted(62.0, note)) == (
        "1:00 agent: Goodbye.\n"
        "\n"
        "NOTE: payment plan\n"
        "Hardship:\n"
        '  - Fewer hours (0:12 caller: "they cut my hours")\n'
        "  - Told twice\n"
        "Call back: not said\n"
    )


def test_control_characters_never_reach_the_terminal() -> None:
    said = turn(0, "caller", "see \x1b[31mred\x07\u202e and\r\nmore")
    told = written(ev.TurnEnded(14.0, said))
    assert told == "0:12 caller: see  [31mred   and  more\n"


def test_long_lines_are_wrapped_at_the_width_and_set_in() -> None:
    said = turn(0, "agent", "one two three four five six seven")
    told = written(ev.TurnEnded(14.0, said), width=24)
    assert told == "0:12 agent: one two\n    three four five six\n    seven\n"


def test_words_still_being_recognised_are_not_written() -> None:
    assert written(ev.WordsTentative(1.0, "agent", 0.5, "hel")) == ""
