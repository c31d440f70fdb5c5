import datetime
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import pytest
import yaml
from filed_calls import DAY, LINES, Lines, a_call, rulebook
from floor import a_floor
from postgres import Postgres
from sqlalchemy import delete
from turn_corpus import read

from agentassist.account import Account
from agentassist.archive.desk import ArchiveDesk
from agentassist.archive.filing import file_call
from agentassist.archive.looks import looks
from agentassist.archive.opening import Archive
from agentassist.archive.tables import calls, reviews
from agentassist.call import LabelledTurn
from agentassist.examples import rules
from agentassist.learning.lessons import Examiner, Lesson, row
from agentassist.learning.naming_out import without
from agentassist.reviewing import Filters, Person, ReviewKind
from agentassist.values import Label, Turn
from agentassist.vocabulary import LABELS_OF
from tests.conftest import Done, Run

NOW = datetime.datetime(2026, 3, 13, 9, tzinfo=datetime.UTC)
FLAG = "rephrase-dismissive"
HELEN = Account(name="Mrs Helen Carter", id="AB-123456")
UNANSWERED: Lines = (
    ("agent", "Can you make a payment today, Helen?"),
    ("caller", "I lost my job last month. Carter is my name by the way."),
    ("agent", "Right, so the next thing that I need is your card number please."),
)

SMALL = f"""\
pack: general
version: "1"
rules:
  - {{kind: label, id: brushed-off, label: dismissive, any: [not my problem]}}
  - {{kind: label, id: lost-job, label: hardship, any: [lost my job]}}
  - kind: said
    id: {FLAG}
    cue: say_sorry
    label: [dismissive]
    words: {{do: Say sorry, why: So., say: Sorry.}}
  - kind: unanswered
    id: hardship
    cue: acknowledge
    label: [hardship]
    by: [empathy]
    words: {{do: Say so, why: So., say: Sorry to hear it.}}
"""
"""Two of the shipped rules, so that examples are quickly found."""


@pytest.fixture
def small(tmp_path: Path) -> Path:
    file = tmp_path / "small.yaml"
    file.write_text(SMALL)
    return file


@pytest.fixture
def export(archive: Archive, tmp_path: Path, run: Run, small: Path) -> Callable[..., Done]:
    """Writes what is shared into the folder `t`."""

    def export(*more: str) -> Done:
        asked = ("--out", tmp_path / "t", "--db", archive.place, "--rules", small)
        return run("archive", "training", *asked, *more)

    return export


def who(archive: Archive) -> Person | None:
    return None if archive.is_server else Person("lead", "lead", "owner")


def judge(archive: Archive, call: str, rule: str, *said: ReviewKind) -> str:
    """Puts these reviews to the rule's moment of the call; its id."""
    desk = ArchiveDesk(archive, who(archive), lambda: NOW)
    found = desk.page(Filters(standing="", rule=rule)).moments
    mine = next(moment.id for moment in found if moment.call == call)
    for kind in said:
        desk.add(mine, kind, "so it is")
    return mine


def told(folder: Path, rule: str) -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load((folder / "examples" / f"{rule}.yaml").read_text())
    return read


def turns_of(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "turns/archive.jsonl").read_text().splitlines()]


def test_an_agreed_moment_must_fire_and_an_overruled_one_must_not(
    archive: Archive, tmp_path: Path, export: Callable[..., Done]
) -> None:
    file_call(archive, a_call("one", lines=UNANSWERED, account=HELEN))
    file_call(archive, a_call("two"))
    judge(archive, "one", "hardship", "share", "consent", "agree")
    judge(archive, "two", FLAG, "overrule", "share", "consent")
    done = export()
    assert done.code == 0, done.err
    assert "2 examples for 2 rules, 2 turns for the classifier" in done.out
    assert told(tmp_path / "t", "hardship")["examples"] == {
        "fire": [
            [
                {"caller": "I lost my job last month. [name] is my name by the way."},
                {"agent": UNANSWERED[2][1]},
            ]
        ]
    }
    assert told(tmp_path / "t", FLAG)["examples"] == {"hold": [[{"agent": LINES[2][1]}]]}
    assert {(look.call, look.what) for look in looks(archive)} >= {
        ("one", "exported"),
        ("two", "exported"),
    }


def test_the_examples_run_against_the_rules_and_fail_until_the_rule_is_mended(
    archive: Archive, tmp_path: Path, run: Run, small: Path, export: Callable[..., Done]
) -> None:
    file_call(archive, a_call("two"))
    judge(archive, "two", FLAG, "overrule", "share", "consent")
    export()
    done = run("rules", "test", small, "--also", tmp_path / "t" / "examples")
    assert (done.code, done.out) == (1, "0 passed, 1 failed\n")
    place = f"{tmp_path / 't' / 'examples' / FLAG}.yaml:8:7"
    assert done.err == f"{place}: {FLAG}: must not fire on: agent: {LINES[2][1]}\n"
    small.write_text(SMALL.replace("not my problem", "calm down"))
    assert run("rules", "test", small, "--also", tmp_path / "t" / "examples").code == 0


@pytest.mark.parametrize(
    "said",
    [
        ("agree",),
        ("agree", "share"),
        ("share", "consent"),
        ("share", "consent", "agree", "dispute"),
        ("share", "consent", "agree", "withdraw"),
    ],
)
def test_nothing_leaves_without_consent_and_judgement(
    archive: Archive,
    tmp_path: Path,
    export: Callable[..., Done],
    said: tuple[ReviewKind, ...],
) -> None:
    file_call(archive, a_call("one"))
    judge(archive, "one", FLAG, *said)
    assert "0 examples for 0 rules, 0 turns" in export().out
    assert [file.name for file in (tmp_path / "t").rglob("*") if file.is_file()] == ["export.json"]
    assert not [look for look in looks(archive) if look.what == "exported"]


def test_what_is_erased_or_past_its_retention_is_gone_with_the_next_export(
    archive: Archive, tmp_path: Path, export: Callable[..., Done]
) -> None:
    out = tmp_path / "t"
    for name in ("one", "two"):
        file_call(archive, a_call(name))
        judge(archive, name, FLAG, "agree", "share", "consent")
    export()
    assert len(turns_of(out)) == 2
    (out / "examples" / "mine.yaml").write_text("mine")
    with archive.writing() as connection:
        connection.execute(calls.update().where(calls.c.id == "one").values(words_gone_at=NOW))
    export()
    assert [line["from"] for line in turns_of(out)] == [{"two/c1": "agreed"}]
    with archive.writing() as connection:
        connection.execute(delete(reviews).where(reviews.c.call == "two"))
        connection.execute(delete(calls).where(calls.c.id == "two"))
    export()
    left = sorted(file.name for file in out.rglob("*") if file.is_file())
    assert left == ["export.json", "mine.yaml"]


def test_an_export_never_touches_a_folder_with_other_files(tmp_path: Path, run: Run) -> None:
    (tmp_path / "t").mkdir()
    (tmp_path / "t" / "letter.txt").write_text("mine")
    done = run("archive", "training", "--out", tmp_path / "t", "--db", tmp_path / "a.sqlite")
    assert done.code == 1
    assert "holds other files and no export; name a new folder" in done.err


def test_a_supervisor_exports_what_agents_of_their_team_let_be_shared(
    postgres: Postgres, tmp_path: Path, run: Run, small: Path
) -> None:
    with a_floor(postgres) as floor:
        for person, said in (("sue", "share"), ("sue", "overrule"), ("anna", "consent")):
            with floor.opened(person) as archive:
                judge(archive, "a1", FLAG, cast("ReviewKind", said))
        with floor.opened("sue") as archive:
            asked = ("--out", tmp_path / "t", "--db", archive.place, "--rules", small)
            done = run("archive", "training", *asked)
            exported = [look for look in looks(archive, "a1") if look.what == "exported"]
        assert (done.code, done.err) == (0, "")
        assert [line["from"] for line in turns_of(tmp_path / "t")] == [{"a1/c1": "overruled"}]
        assert [look.by for look in exported] == ["sue"]


def test_calls_before_the_day_are_left_out(archive: Archive, export: Callable[..., Done]) -> None:
    file_call(archive, a_call("one"))
    judge(archive, "one", FLAG, "agree", "share", "consent")
    assert "0 turns" in export("--since", str(DAY + datetime.timedelta(days=1))).out
    assert "1 turn " in export("--since", str(DAY)).out


def test_the_trainer_reads_the_lines_and_learns_only_what_was_judged(
    archive: Archive, tmp_path: Path, export: Callable[..., Done]
) -> None:
    file_call(archive, a_call("one"))
    file_call(archive, a_call("two"))
    judge(archive, "one", FLAG, "agree", "share", "consent")
    judge(archive, "two", FLAG, "overrule", "share", "consent")
    export()
    right, wrong = read(tmp_path / "t")
    assert (right.author, right.speaker, right.text) == ("archive", "agent", LINES[2][1])
    assert right.before == LINES[1][1]
    assert (set(right.labels), set(wrong.labels)) == ({"dismissive"}, set())
    assert right.either == wrong.either == {*LABELS_OF["agent"]} - {"dismissive"}


# One moment, by itself.


def lesson(said: Lines, right: bool, **about: Any) -> Lesson:
    turns = tuple(
        LabelledTurn(Turn(number, speaker, 5.0 * number, 5.0 * number + 4, text))
        for number, (speaker, text) in enumerate(said)
    )
    known: dict[str, Any] = {"kind": "cue", "rule": FLAG, "name": "x", "turn": 0, "at": 4.0}
    return Lesson("m", "c", right=right, turns=turns, **known | about)


def examined(one: Lesson) -> Any:
    found = Examiner(rulebook(), rules(rulebook())).example(one)
    return found and [line.text for line in found.lines]


def test_an_example_holds_no_more_of_the_call_than_the_rule_needs() -> None:
    small_talk: Lines = (("caller", "Good morning."), ("agent", "Good morning to you."))
    one = lesson((*small_talk, *UNANSWERED), right=True, rule="hardship", turn=3, at=21.0)
    assert examined(one) == [UNANSWERED[1][1], UNANSWERED[2][1]]


def test_what_only_the_classifier_heard_is_no_example_for_a_rule() -> None:
    assert examined(lesson((("agent", "How nice for you."),), right=True)) is None
    assert examined(lesson((("agent", "Pay."),), right=True, rule="model:7")) is None
    assert examined(lesson((("agent", "Pay."),), right=False, rule="gone")) is None


def test_what_the_mended_rule_does_not_hear_any_more_guards_that_it_stays_so() -> None:
    assert examined(lesson((("agent", "How nice for you."),), right=False)) == ["How nice for you."]


def test_a_label_that_two_people_judged_both_ways_teaches_nothing() -> None:
    said: Lines = (("agent", "Pay today."),)
    both = [lesson(said, right, kind="flag", name="ultimatum") for right in (True, False)]
    assert row(both, [None, None]) is None


def test_an_overruled_cue_about_a_signal_does_not_deny_the_signal() -> None:
    found = {rule.id: rule for rule in rules(rulebook())}
    one = lesson((("caller", "I lost my job."),), right=False, rule="hardship")
    label = Label("hardship", 0.9, "rule:x", 0, 5, "job_loss")
    heard = LabelledTurn(one.turns[0].turn, (label,))
    wrong, right = (
        Lesson("m", "c", "cue", "hardship", "x", 0, 4.0, so, (heard,)) for so in (False, True)
    )
    assert row([wrong], [found["hardship"]]) is None
    taught = row([right], [found["hardship"]])
    assert taught
    assert taught["labels"] == ["hardship"]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Am I speaking with Helen Carter?", "Am I speaking with [name]?"),
        ("yes helen here, mrs carter", "yes [name] here, mrs [name]"),
        ("Helen's husband rang.", "[name]'s husband rang."),
        ("helena and the cartering stay", "helena and the cartering stay"),
        ("it is AB-123456, not AB-1234567", "it is [account], not AB-1234567"),
    ],
)
def test_known_names_and_keys_are_taken_out(text: str, left: str) -> None:
    assert without(text, ["Mrs Helen Carter"], ["AB-123456"]) == left


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("i will pay in may", "i will pay in may"),
        ("Will you pay?", "Will you pay?"),
        ("is that mr may", "is that mr [name]"),
        ("this is will may", "this is [name]"),
        ("I asked Will for it", "I asked [name] for it"),
    ],
)
def test_a_name_that_is_a_word_is_taken_out_only_where_it_is_the_name(text: str, left: str) -> None:
    assert without(text, ["Will May"]) == left
