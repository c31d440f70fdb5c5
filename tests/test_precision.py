import datetime
import json
from collections.abc import Iterable
from pathlib import Path

import pytest
from filed_calls import LINES, a_call, rulebook

from agentassist.archive.desk import ArchiveDesk
from agentassist.archive.filing import file_call
from agentassist.archive.opening import Archive, open_file
from agentassist.learning.trigger import Triggers
from agentassist.report.precision import told
from agentassist.reviewing import Filters, Person, ReviewKind, RulePrecision
from tests.conftest import Run

NOW = datetime.datetime(2026, 3, 13, 9, tzinfo=datetime.UTC)
FLAG = "rephrase-dismissive"


def judged(archive: Archive, verdicts: Iterable[ReviewKind]) -> None:
    """A call for each verdict on its brush-off."""
    desk = ArchiveDesk(archive, _who(archive), lambda: NOW)
    for number, verdict in enumerate(verdicts):
        file_call(archive, a_call(f"call-{number}", lines=LINES[:3]))
        mine = next(m for m in desk.page(Filters()).moments if m.call == f"call-{number}")
        desk.add(mine.id, verdict, "they were friends")


def _who(archive: Archive) -> Person | None:
    return None if archive.is_server else Person("lead", "lead", "owner")


@pytest.mark.parametrize(
    ("agreed", "overruled", "line"),
    [
        (0, 0, "nobody judged one"),
        (10, 0, "too few to tell (10 of 10 right)"),
        (12, 7, "too few to tell (12 of 19 right)"),
        (15, 5, "75% right (53 to 89)"),
        (90, 10, "90% right (83 to 94)"),
    ],
)
def test_a_share_is_told_with_its_interval_from_twenty_judged_on(
    agreed: int, overruled: int, line: str
) -> None:
    """Wilson's interval: Brown, Cai and DasGupta 2001, Statistical Science 16, 101-133."""
    assert told(RulePrecision(FLAG, 200, agreed, overruled, 0)) == line


def test_a_rule_is_told_with_the_words_for_which_it_was_overruled(
    archive: Archive, run: Run
) -> None:
    judged(archive, ["agree", "overrule", "overrule"])
    done = run("rules", "precision", "--db", archive.place)
    row = next(line for line in done.out.splitlines() if line.startswith(FLAG))
    assert row.split()[1:5] == ["3", "1", "2", "0"]
    assert row.endswith("too few to tell (1 of 3 right)")
    assert "    overruled 2: “that's not my problem”\n" in done.out
    assert "anna" not in done.out


def test_the_lines_of_json_say_whether_there_are_enough(archive: Archive, run: Run) -> None:
    judged(archive, ["overrule", "dispute"])
    done = run("rules", "precision", "--db", archive.place, "--json")
    told = {line["rule"]: line for line in map(json.loads, done.out.splitlines())}
    assert told[FLAG]["precision"] == 0.0
    assert (told[FLAG]["disputed"], told[FLAG]["enough"]) == (1, False)
    assert told[FLAG]["overruled_words"] == [{"words": "that's not my problem", "count": 1}]


def test_an_empty_archive_says_so(tmp_path: Path, run: Run) -> None:
    open_file(tmp_path / "a.sqlite").close()
    done = run("rules", "precision", "--db", tmp_path / "a.sqlite")
    assert (done.code, done.out) == (0, "no rule has spoken in calls that you may see\n")


@pytest.mark.parametrize(
    ("rule", "quote", "words"),
    [
        (FLAG, "Well, that's not my problem, is it", "not my problem"),
        ("rule:nothing-there", "Any Words.", "any words"),
        ("hardship", "I lost my job in May", "lost my job"),
    ],
)
def test_of_a_sentence_the_words_that_a_rule_listens_for_are_counted(
    rule: str, quote: str, words: str
) -> None:
    assert words in Triggers(rulebook())(rule, quote)
