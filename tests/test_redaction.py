"""Redaction stands before the journal: what waits, what comes through, what is left behind."""

import os
import re
import signal
import subprocess
import sys
import textwrap
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agentassist import events as ev
from agentassist.pipeline import run
from agentassist.playback import Playback
from agentassist.redaction import Redaction, redact, redacted
from agentassist.redaction.stream import LONGEST_WAIT
from agentassist.session import CallSession
from agentassist.store.journal import Journal, read
from agentassist.turns import Turns
from agentassist.values import Word
from agentassist.vocabulary import Party
from tests.conftest import Run, spoken

CARD = ("four nine two nine", "one two three four", "five six seven eight", "nine oh one two")
READING = spoken(
    ("agent", "Good morning, Helen."),
    ("caller", f"It's {CARD[0]}."),
    ("agent", "Yes."),
    ("caller", f"{CARD[1]}."),
    ("agent", f"{CARD[1]}, yes."),
    ("caller", f"{CARD[2]}."),
    ("agent", "Okay."),
    ("caller", f"{CARD[3]}."),
    ("agent", "Thank you. That is all I need for the moment, let me put it through."),
)
DIGITS = re.compile(r"\b(?:four|nine|one two|three|five|six|seven|eight|oh)\b")


def texts(events: Iterable[object]) -> list[str]:
    return [event.text for event in events if isinstance(event, ev.WordsHeard)]


def only_heard(events: Iterable[ev.Heard | ev.WordsTentative]) -> list[ev.Heard]:
    return [event for event in events if not isinstance(event, ev.WordsTentative)]


def words(at: float, party: Party, text: str) -> ev.WordsHeard:
    return ev.WordsHeard(at, party, at - 1.0, at - 0.1, text)


def test_the_first_groups_of_a_card_are_masked_though_only_the_last_tell_what_they_are() -> None:
    said = texts(redacted(READING))
    assert said[1] == "It's [card number]."
    assert not DIGITS.search(" ".join(said).lower())
    assert [e.masked for e in redacted(READING) if isinstance(e, ev.WordsHeard)][1:5] == [
        ("card_number",),
        (),
        ("card_number",),
        ("card_number",),
    ]


def test_events_stay_whole_and_in_order_of_time() -> None:
    out = list(redacted(READING))
    assert [type(event) for event in out] == [type(event) for event in READING]
    assert [event.at for event in out] == [event.at for event in READING]


def test_words_wait_only_while_digits_are_open() -> None:
    redaction = Redaction()
    for event in spoken(("agent", "Good morning, Helen."), ("caller", "I lost my job in March.")):
        assert [type(out) for out in redaction.feed(event)] == [type(event)]
    assert list(redaction.feed(words(20.0, "caller", "four nine two nine"))) == []
    assert list(redaction.feed(ev.ClockMark(21.0))) == []
    story = words(28.0, "agent", "Thank you, so how did it come about that you fell behind?")
    assert [out.at for out in redaction.feed(story)] == [20.0, 21.0, 28.0]


def test_silence_ends_the_waiting() -> None:
    redaction = Redaction()
    assert list(redaction.feed(words(2.0, "caller", "four nine two nine"))) == []
    late = [list(redaction.feed(ev.ClockMark(float(at)))) for at in range(3, 20)]
    assert texts(event for batch in late for event in batch) == ["four nine two nine"]


def test_nothing_waits_longer_than_it_may_and_what_was_half_read_is_masked() -> None:
    redaction, waits, said = Redaction(), [], []
    for count in range(30):
        for out in redaction.feed(words(2.0 + 4 * count, "caller", "four nine")):
            assert isinstance(out, ev.WordsHeard)
            waits.append(2.0 + 4 * count - out.at)
            said.append(out.text)
    assert max(waits) <= LONGEST_WAIT + 4.0
    assert set(said) == {"[card number]"}


def test_a_card_asked_for_is_masked_at_once() -> None:
    redaction = Redaction()
    list(redaction.feed(words(2.0, "agent", "And the long number on the card, please?")))
    (out,) = redaction.feed(words(5.0, "caller", "Four nine two nine."))
    assert isinstance(out, ev.WordsHeard)
    assert out.text == "[card number]."


@pytest.mark.parametrize("cut", range(4, len(READING)))
def test_a_call_that_breaks_off_anywhere_loses_no_event(cut: int) -> None:
    def failing() -> Iterator[ev.Heard]:
        yield from READING[:cut]
        raise OSError("gone")

    out: list[object] = []
    with pytest.raises(OSError, match="gone"):
        out.extend(redacted(failing()))
    assert [type(event) for event in out] == [type(event) for event in READING[:cut]]


def test_a_session_that_is_stopped_keeps_what_waited() -> None:
    playback, seen = Playback(speed=float("inf")), list[ev.AnyEvent]()

    def source() -> Iterator[ev.Heard]:
        yield READING[0]
        yield words(2.0, "caller", "It's four nine two nine")
        playback.close()
        yield ev.ClockMark(3.0)

    CallSession(source(), [], [seen.append], playback).run()
    assert texts(seen) == ["It's four nine two nine"]


def test_a_session_whose_source_fails_keeps_what_waited() -> None:
    def source() -> Iterator[ev.Heard]:
        yield READING[0]
        yield words(2.0, "caller", "It's four nine two nine")
        raise OSError("gone")

    seen: list[ev.AnyEvent] = []
    with pytest.raises(OSError, match="gone"):
        CallSession(source(), [], [seen.append]).run()
    assert texts(seen) == ["It's four nine two nine"]


def test_the_journal_and_what_is_derived_have_only_masks(tmp_path: Path) -> None:
    path, seen = tmp_path / "a.journal", list[ev.AnyEvent]()
    with Journal(path) as journal:
        CallSession(READING, [Turns()], [journal, seen.append]).run()
    assert "[card number]" in path.read_text()
    for told in (path.read_text(), *(ev.encode(event).decode() for event in seen)):
        assert not DIGITS.search(told.lower())


def test_a_journal_that_is_replayed_is_not_changed_again(tmp_path: Path) -> None:
    first, second = tmp_path / "a.journal", tmp_path / "b.journal"
    with Journal(first) as journal:
        CallSession(READING, [], [journal]).run()
    with Journal(second) as journal:
        CallSession(read(first), [], [journal]).run()
    assert first.read_bytes() == second.read_bytes()
    assert all(event in list(read(first)) for event in redacted(read(first)))


def test_redaction_can_be_left_out_and_then_nothing_says_it_was_done() -> None:
    seen: list[ev.AnyEvent] = []
    CallSession(READING, [], [seen.append], redaction=False).run()
    assert seen == READING


def test_the_reason_of_a_dispute_is_redacted_too() -> None:
    seen: list[ev.AnyEvent] = []
    session = CallSession([], [], [seen.append])
    session.dispute("c1", "they said 4111 1111 1111 1111")
    assert seen == [ev.DisputeMade(0.0, "c1", "they said [card number]")]


@pytest.mark.parametrize(
    ("asked", "tentative", "shown"),
    [
        ("Good morning.", "I can pay forty", "I can pay forty"),
        ("Good morning.", "It's four nine two nine one", "It's […]"),
        ("What's the card number?", "It's four", "It's […]"),
        ("What's your date of birth?", "the fifth of May fifty", "[…]"),
        ("What's the password on the account?", "butterb", "[…]"),
    ],
)
def test_tentative_words_pass_at_once_and_masked(asked: str, tentative: str, shown: str) -> None:
    redaction = Redaction()
    list(redaction.feed(words(2.0, "agent", asked)))
    (out,) = redaction.feed(ev.WordsTentative(3.0, "caller", 2.5, tentative))
    assert isinstance(out, ev.WordsTentative)
    assert out.text == shown
    assert bool(out.masked) == (shown != tentative)


def test_a_masked_stretch_is_one_word_from_its_first_to_its_last() -> None:
    text = "Security code nine oh seven thanks"
    timed = tuple(Word(w, float(n), n + 0.5, 0.9) for n, w in enumerate(text.split()))
    heard = ev.WordsHeard(7.0, "caller", 0.0, 6.0, text, timed)
    (out,) = redacted([heard])
    assert isinstance(out, ev.WordsHeard)
    assert out.text == "Security code [security code] thanks"
    assert out.words == (*timed[:2], Word("[security code]", 2.0, 4.5), timed[5])


def test_words_that_do_not_fit_their_text_are_dropped_rather_than_kept_unmasked() -> None:
    heard = ev.WordsHeard(
        7.0, "caller", 0.0, 6.0, "CVV 907", (Word("c-v-v", 0, 1), Word("9", 1, 2))
    )
    (out,) = redacted([heard])
    assert isinstance(out, ev.WordsHeard)
    assert out.words == ()


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["agent", "caller"]),
            st.floats(0.5, 15.0),
            st.sampled_from([
                "four nine two nine", "Yes.", "It's forty pounds.", "What's the sort code?",
                "12 34 56", "one two three four five six seven eight", "Date of birth?",
                "the fifth of May fifty-one", "I see, well, let me just look that up for you now.",
            ]),
        ),
        max_size=14,
    )
)  # fmt: skip
def test_the_same_events_give_the_same_output_whole_and_in_order(
    said: list[tuple[Party, float, str]],
) -> None:
    now, heard = 1.0, list[ev.Heard]()
    for party, gap, text in said:
        now += gap
        heard += [ev.ClockMark(now), words(now, party, text)]
    out = list(redacted(heard))
    assert out == list(redacted(heard))
    assert [(type(event), event.at) for event in out] == [(type(e), e.at) for e in heard]


KILLED = """
import sys, time
from pathlib import Path
from agentassist import events as ev
from agentassist.session import CallSession
from agentassist.store.journal import Journal

def source():
    yield ev.CallStarted(0.0, "test", "none")
    yield ev.WordsHeard(1.0, "agent", 0.0, 1.0, "Good morning.")
    for at, text in enumerate(["It's four nine two nine", "one two three four"], 2):
        yield ev.WordsHeard(at * 3.0, "caller", at * 3.0 - 1, at * 3.0, text)
    print("now", flush=True)
    time.sleep(60)

with Journal(Path(sys.argv[1])) as journal:
    CallSession(source(), [], [journal]).run()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is POSIX")
def test_a_process_killed_in_the_middle_of_a_card_leaves_none_of_it(tmp_path: Path) -> None:
    path = tmp_path / "a.journal"
    process = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(KILLED), str(path)], stdout=subprocess.PIPE
    )
    assert process.stdout
    with process.stdout:
        assert process.stdout.readline() == b"now\n"
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    left = path.read_text()
    assert "Good morning." in left
    assert not DIGITS.search(left.lower())


class Broken:
    def feed(self, event: ev.AnyEvent) -> Iterable[ev.Derived]:
        if isinstance(event, ev.WordsHeard):
            raise ValueError(event.text)  # noqa: TRY004
        return ()


def test_a_stage_that_fails_leaves_nothing_of_a_card_in_its_event() -> None:
    stream = list(run(only_heard(redacted(READING)), [Broken()]))
    failed = [event for event in stream if isinstance(event, ev.StageFailed)]
    assert failed
    assert all(event.error == "ValueError" for event in failed)


def test_a_redaction_that_fails_stops_the_call_before_a_word_is_kept(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("agentassist.redaction.finding.Finder.take", broken)
    with Journal(tmp_path / "a.journal") as journal, pytest.raises(ZeroDivisionError):
        CallSession(READING, [], [journal]).run()
    assert "words_heard" not in (tmp_path / "a.journal").read_text()


TRANSCRIPT = (
    '{"turns": [{"speaker": "agent", "text": "The security code?"},'
    ' {"speaker": "caller", "text": "Nine oh seven. Not a penny more."}]}'
)


def test_a_transcript_that_is_analysed_is_redacted_unless_told_not_to(
    run: Run, tmp_path: Path
) -> None:
    call = tmp_path / "call.json"
    call.write_text(TRANSCRIPT)
    done = run("analyze", call, "--json", "--rules-only")
    assert "[security code]. Not a penny more." in done.out
    assert "Nine oh seven" not in done.out
    assert done.err == ""
    bare = run("analyze", call, call, "--json", "--rules-only", "--no-redaction")
    assert bare.out.count("Nine oh seven") >= 2
    assert bare.err.count("redaction is off") == 1


def test_a_number_behind_letters_of_no_country_is_masked_as_what_it_is() -> None:
    digits = "six oh one six one three three one nine two six eight one nine"
    assert redact(f"Two nine november whiskey bravo kilo {digits}.").endswith("[card number].")
