import datetime
import json
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest
from filed_calls import LINES, a_call, rulebook
from floor import a_floor
from hypothesis import given
from hypothesis import strategies as st
from postgres import Postgres

from agentassist import dialogue, packs
from agentassist import events as ev
from agentassist.archive.desk import ArchiveDesk
from agentassist.archive.filing import file_call
from agentassist.archive.looks import looks
from agentassist.archive.opening import Archive, open_file
from agentassist.archive.tables import calls, heard
from agentassist.call import Call, LabelledTurn, fold
from agentassist.commands import replays
from agentassist.labels import PhraseClassifier
from agentassist.learning.edits import edits
from agentassist.learning.trying import Remark, Side, by_rule, compared, counted, derived, remarks
from agentassist.pack_excerpt import excerpt, steps
from agentassist.pack_overlay import instead, laid_over
from agentassist.pack_text import RulebookError, read
from agentassist.pipeline import run as piped
from agentassist.pipeline import stages
from agentassist.reviewing import Filters, Person
from agentassist.rulebook import Rulebook
from agentassist.values import Label, Turn
from tests.conftest import Run

NOW = datetime.datetime(2026, 3, 13, 9, tzinfo=datetime.UTC)
FLAG = "rephrase-dismissive"

PACK = """\
pack: ours
version: "1"
terms: {who: we'll|i'll}
rules:
  - kind: label
    id: bailiff
    label: threat
    any: ["{who} send a bailiff"]
  - kind: said
    id: stop
    cue: stop
    label: [threat]
    words: {do: Stop there, why: That was a threat., say: I'm sorry.}
"""

SMALL = f"""\
pack: general
version: "1"
rules:
  - kind: label
    id: brushed-off
    label: dismissive
    any: [not my problem]

  # What is said to whoever brushes them off.
  - kind: said
    id: {FLAG}
    cue: rephrase_dismissive
    label: [dismissive]
    words: {{do: Say sorry, why: You brushed them off., say: I'm sorry.}}
    examples:
      fire: [That is not my problem.]
"""
"""One rule of the shipped ones, so that calls are quickly tried."""


def written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def laid(tmp_path: Path, edited: str, into: str = "") -> Rulebook:
    base = [read(written(tmp_path / "ours.yaml", PACK))]
    return packs.of_texts(laid_over(base, read(written(tmp_path / "e.yaml", edited)), into))[0]


# What an edited file stands for.


def test_an_edited_rule_takes_the_place_of_its_own_in_order_and_pack(tmp_path: Path) -> None:
    edited = 'rules:\n  - {kind: label, id: bailiff, label: threat, any: ["{who} come round"]}\n'
    after = laid(tmp_path, edited)
    before = packs.load(tmp_path / "ours.yaml")
    assert after.labels[0].any == ("{who} come round",)
    assert [rule.id for rule in after.cues] == ["stop"]
    assert edits(before, after) == ("bailiff",)
    assert after.places["bailiff"] == f"{tmp_path / 'e.yaml'}:2:5"
    assert after.digest != before.digest


def test_a_new_rule_goes_into_the_pack_that_is_named(tmp_path: Path) -> None:
    new = 'rules:\n  - {kind: label, id: van, label: threat, any: ["a van"]}\n'
    assert [rule.id for rule in laid(tmp_path, new, "ours").labels] == ["bailiff", "van"]
    assert laid(tmp_path, "pack: ours\n" + new).versions == {"ours": "1"}
    assert laid(tmp_path, "pack: theirs\n" + new).versions == {"ours": "1", "theirs": "new"}
    with pytest.raises(RulebookError, match=r"e\.yaml:1:1: pack: missing; which pack are its new"):
        laid(tmp_path, new)


def test_a_term_is_replaced_as_a_rule_is(tmp_path: Path) -> None:
    after = laid(tmp_path, "terms: {who: they'll}\n")
    assert after.terms == {"who": "they'll"}
    assert edits(packs.load(tmp_path / "ours.yaml"), after) == ("terms",)


@pytest.mark.parametrize(
    ("edited", "fault"),
    [
        ('rules:\n  - {kind: label, id: bailiff, label: threat, any: ["("]}\n', "2:53: any: "),
        ("rules:\n  - {kind: label, id: bailiff, labl: threat, any: [a]}\n", "2:32: labl: unknown"),
        ("pack: ours\nrules: 3\n", "2:1: rules: expected a list"),
        (
            "rules:\n" + "  - {kind: label, id: bailiff, label: threat, any: [a]}\n" * 2,
            "3:19: id: bailiff is taken already",
        ),
    ],
)
def test_a_fault_is_told_where_it_is_in_the_edited_file(
    tmp_path: Path, edited: str, fault: str
) -> None:
    with pytest.raises(RulebookError) as caught:
        laid(tmp_path, edited, "ours")
    assert str(caught.value).startswith(f"{tmp_path / 'e.yaml'}:{fault}")


def test_a_folder_takes_the_place_of_whole_packs(tmp_path: Path) -> None:
    base = [read(written(tmp_path / "ours.yaml", PACK))]
    less = [read(written(tmp_path / "less.yaml", PACK[: PACK.index("  - kind: said")]))]
    after = packs.of_texts(instead(base, less))[0]
    assert not after.cues
    assert edits(packs.load(tmp_path / "ours.yaml"), after) == ("stop",)


def test_every_shipped_rule_can_be_taken_out_and_laid_over_without_a_change() -> None:
    book, told = packs.written()
    sources = [source for source, _ in told]
    known = steps(book.sequences)
    for rule in (*book.labels[::9], *book.marks[::9], *book.cues[::7], *book.dialling[::5]):
        taken = excerpt(sources, rule.id, known)
        assert f"id: {known.get(rule.id, rule.id)}\n" in taken.text
    names = ("hardship", "order-of-call.identity", "rephrase-insult", "au-ten-a-month")
    assert [excerpt(sources, name, known).pack for name in names] == ["general"] * 3 + ["au"]


# What an edit does to one call.

INDICES = st.none() | st.integers(0, 3)
REMARKS = st.lists(
    st.builds(
        Remark,
        st.sampled_from(["cue", "flag"]),
        st.sampled_from(["a", "b"]),
        st.sampled_from(["a", "b"]),
        INDICES,
        st.floats(0, 90),
        do=st.sampled_from(["", "x"]),
    ),
    max_size=8,
)


@given(REMARKS, REMARKS)
def test_each_remark_meets_one_fate(before: list[Remark], after: list[Remark]) -> None:
    fates = [change.fate for change in compared(before, after)]
    stays = fates.count("kept") + fates.count("reworded")
    assert stays + fates.count("lost") == len(before)
    assert stays + fates.count("gained") == len(after)
    back = [change.fate for change in compared(after, before)]
    assert back.count("lost") == fates.count("gained")
    assert back.count("gained") == fates.count("lost")


@given(REMARKS, st.randoms())
def test_what_does_not_change_is_kept_in_whatever_order(said: list[Remark], luck: object) -> None:
    shuffled = said.copy()
    luck.shuffle(shuffled)  # type: ignore[attr-defined]
    same = [remark for remark in shuffled if remark.turn is not None or remark.kind == "cue"]
    assert {change.fate for change in compared(same, same)} <= {"kept"}
    assert compared(said, ()) == compared(shuffled, ()) or len({r.at for r in said}) < len(said)


def test_a_cue_of_a_meter_that_comes_a_little_later_is_the_same_one() -> None:
    def at(*seconds: float) -> list[Remark]:
        return [Remark("cue", "talk", "talk", None, second) for second in seconds]

    fates = [change.fate for change in compared(at(10, 60, 200), at(70, 205))]
    assert fates == ["lost", "kept", "kept"]


def test_the_rules_alone_say_in_a_trial_what_they_say_in_a_call() -> None:
    started = ev.CallStarted(0.0, "test", "none")
    events = list(dialogue.heard(started, [dialogue.SpokenLine(*line) for line in LINES]))
    classify = PhraseClassifier(rulebook())
    side = Side(rulebook(), classify)
    whole = fold(piped(events, stages(rulebook(), classify)))
    for call in derived(events, side, side):
        assert (call.cues, call.turns) == (whole.cues, whole.turns)


def test_what_the_agent_disputed_silences_neither_side() -> None:
    started = ev.CallStarted(0.0, "test", "none")
    lines = [dialogue.SpokenLine(*line) for line in (*LINES, *LINES[2:])]
    events = list(dialogue.heard(started, lines))
    side = Side(rulebook(), PhraseClassifier(rulebook()))
    plain = derived(events, side, side)
    first = next(event.at for event in events if isinstance(event, ev.WordsHeard))
    events.insert(-1, ev.DisputeMade(first, "c1", "wrong"))
    assert derived(events, side, side) == plain


def test_a_turn_is_labelled_once_where_both_sides_listen_alike() -> None:
    asked: list[str] = []

    def classify(turn: Turn, before: Sequence[LabelledTurn]) -> tuple[Label, ...]:
        asked.append(turn.text)
        return ()

    events = list(
        dialogue.heard(
            ev.CallStarted(0.0, "test", "none"), [dialogue.SpokenLine(*line) for line in LINES]
        )
    )
    derived(events, Side(rulebook(), classify), Side(rulebook(), classify))
    assert len(asked) == len(LINES)


# The command.


def agreed_and_overruled(archive: Archive) -> None:
    """Three calls; the threat is judged in two of them."""
    who = None if archive.is_server else Person("lead", "lead", "owner")
    desk = ArchiveDesk(archive, who, lambda: NOW)
    for name in ("one", "two", "three"):
        file_call(archive, a_call(name))
    found = {m.call: m.id for m in desk.page(Filters()).moments if m.rule == FLAG}
    desk.add(found["one"], "agree")
    desk.add(found["two"], "overrule", "a joke")


@pytest.fixture
def tried(tmp_path: Path, run: Run) -> tuple[str | Path, ...]:
    """The command that tries the small pack with its rule told to wait for something else."""
    small, mine = written(tmp_path / "small.yaml", SMALL), tmp_path / "mine.yaml"
    assert run("rules", "edit", FLAG, "--out", mine, "--rules", small).code == 0
    written(mine, mine.read_text().replace("label: [dismissive]", "label: [insult]"))
    return ("rules", "try", mine, "--rules", small, "--rules-only")


def test_a_trial_tells_what_is_lost_and_what_people_said_of_it(
    archive: Archive, tried: tuple[str | Path, ...], run: Run
) -> None:
    agreed_and_overruled(archive)
    done = run(*tried, "--db", archive.place)
    assert done.code == 0
    assert done.out.count(f"{FLAG}  “") == 3
    assert "Call one  (anna)" in done.out
    assert "(people agreed with it)" in done.out
    assert "(people overruled it)" in done.out
    assert "1 agreed with, 1 overruled, 1 not judged" in done.out
    assert "3 calls tried\n" in done.out
    assert {(look.call, look.what) for look in looks(archive)} >= {
        (name, "tried") for name in ("one", "two", "three")
    }


def test_the_lines_of_json_tell_the_same(
    archive: Archive, tried: tuple[str | Path, ...], run: Run
) -> None:
    agreed_and_overruled(archive)
    done = run(*tried, "--db", archive.place, "--json", "--limit", "2")
    *told, end = map(json.loads, done.out.splitlines())
    calls = [line for line in told if line["kind"] == "call"]
    rule = next(line for line in told if line["kind"] == "rule" and line["rule"] == FLAG)
    lost = [c for call in calls for c in call["changes"] if c["rule"] == FLAG]
    assert len(calls) == end["tried"] == end["of"] == rule["lost"] == 2
    assert {change["judged"] for change in lost} <= {"agreed", "overruled", "open"}
    assert (rule["edited"], end["edited"]) == (True, [FLAG])


def test_calls_whose_words_are_gone_are_left_out_and_counted(
    archive: Archive, tried: tuple[str | Path, ...], run: Run
) -> None:
    agreed_and_overruled(archive)
    with archive.writing() as connection:
        connection.execute(calls.update().where(calls.c.id == "one").values(words_gone_at=NOW))
        connection.execute(heard.update().where(heard.c.call == "two").values(events=b"broken"))
    done = run(*tried, "--db", archive.place)
    assert "1 of 2 calls tried; 1 left out: their words are past their retention" in done.out
    assert "; 1 left out: what was heard in them is damaged or gone" in done.out


def test_a_supervisor_tries_rules_on_the_calls_of_their_team_alone(
    postgres: Postgres, tried: tuple[str | Path, ...], run: Run
) -> None:
    with a_floor(postgres) as floor, floor.opened("sue") as archive:
        done = run(*tried, "--db", archive.place)
        assert (done.code, done.out.count("(nobody judged it)")) == (0, 1)
        assert "1 call tried\n" in done.out
        assert [(look.by, look.call, look.what) for look in looks(archive)] == [
            ("sue", "a1", "tried")
        ]


def test_an_edit_that_changes_nothing_is_told_before_any_call_is_read(
    tmp_path: Path, run: Run
) -> None:
    small = written(tmp_path / "small.yaml", SMALL)
    done = run("rules", "try", small, "--rules", small, "--db", tmp_path / "none.sqlite")
    assert done.out == "nothing in it differs from the rules in force\n"
    assert not (tmp_path / "none.sqlite").exists()


def test_an_edited_rule_that_breaks_its_own_example_says_so(
    tmp_path: Path, tried: tuple[str | Path, ...], run: Run
) -> None:
    open_file(tmp_path / "a.sqlite").close()
    done = run(*tried, "--db", tmp_path / "a.sqlite")
    assert done.err.startswith(f"{tmp_path / 'mine.yaml'}:")
    assert f"{FLAG}: must fire on: " in done.err
    assert "0 calls tried" in done.out


def test_an_interruption_shows_what_was_tried_so_far(
    tmp_path: Path, tried: tuple[str | Path, ...], run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(open_file(tmp_path / "a.sqlite")) as archive:
        agreed_and_overruled(archive)
    plain, count = replays._tried, iter(range(9))

    def interrupted(sides: tuple[Side, Side], packed: bytes) -> replays.Tried | None:
        if next(count) == 1:
            raise KeyboardInterrupt
        return plain(sides, packed)

    monkeypatch.setattr(replays, "_tried", interrupted)
    done = run(*tried, "--db", tmp_path / "a.sqlite")
    assert done.code == 130
    assert "1 of 3 calls tried" in done.out
    assert FLAG in done.out


def test_several_processes_find_what_one_finds(
    tmp_path: Path, tried: tuple[str | Path, ...], run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(open_file(tmp_path / "a.sqlite")) as archive:
        agreed_and_overruled(archive)
    alone = run(*tried, "--db", tmp_path / "a.sqlite", "--jobs", "1")
    monkeypatch.setattr(replays, "FEW", 1)
    together = run(*tried, "--db", tmp_path / "a.sqlite", "--jobs", "2")
    assert together.code == 0
    assert together.out == alone.out


def test_a_rule_is_written_once_and_a_wrong_id_names_those_near_it(
    tmp_path: Path, run: Run
) -> None:
    file = tmp_path / "h.yaml"
    small = ("--rules", written(tmp_path / "small.yaml", SMALL))
    done = run("rules", "edit", FLAG, "--out", file, *small)
    assert "next: agentassist rules try" in done.out
    assert f"in force: {tmp_path / 'small.yaml'}:10:5" in file.read_text()
    assert "  # What is said to whoever brushes them off.\n" in file.read_text()
    assert "is there already" in run("rules", "edit", FLAG, "--out", file, *small).err
    assert f"did you mean {FLAG}" in run("rules", "edit", "rephrase-dismisive", *small).err
    assert "turn classifier" in run("rules", "edit", "model:1", *small).err


def test_counts_are_by_rule_those_that_change_most_first() -> None:
    before = [Remark("cue", rule, rule, 1, 1.0) for rule in ("a", "b")]
    found = by_rule(counted(compared(before, before[:1])) + counted(compared([], before)))
    assert [(count.rule, count.gained, count.lost, count.kept) for count in found] == [
        ("b", 1, 1, 0),
        ("a", 1, 0, 1),
    ]
    assert found[0].open == 1


def test_other_labels_are_remarks_too_but_no_flags() -> None:
    turn = LabelledTurn(
        Turn(0, "agent", 0.0, 2.0, "I am sorry, pay or else"),
        (Label("apology", 0.9, "rule:sorry", 0, 10), Label("threat", 0.8, "rule:x", 12, 23)),
    )
    told = {remark.name: remark for remark in remarks(Call(turns=(turn,)))}
    assert (told["apology"].kind, told["threat"].kind) == ("label", "flag")
    assert told["threat"].quote == "pay or else"
