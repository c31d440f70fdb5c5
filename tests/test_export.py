"""The command: what goes where, what is refused, and how long the note is."""

import csv
import io
import json
import stat
import sys
from pathlib import Path

import icalendar
import pytest
import webvtt
from export_calls import NOW, TALK, call_of
from vcon_rules import faults

from agentassist import config
from agentassist.errors import MendableError
from agentassist.export import formats
from agentassist.export.files import write_new
from tests.conftest import Run

HEATED = str(Path(__file__).parent / "calls" / "heated.json")
SETTINGS = formats.Settings(NOW, "desk.example")


def test_help_comes_with_examples(run: Run) -> None:
    done = run("export", "--help")
    assert done.code == 0
    assert "Example: agentassist export monday.wav --to csv" in done.out


@pytest.mark.parametrize("to", formats.NAMES)
def test_a_call_is_written_in_every_format(run: Run, to: str) -> None:
    done = run("export", HEATED, "--rules-only", "--to", to)
    assert done.code == 0, done.err
    match to:
        case "text":
            assert done.out.startswith("Payment plan agreed")
        case "markdown":
            assert done.out.startswith("# Call note: Tom Reed")
        case "json":
            assert json.loads(done.out)["outcome"] == "payment_plan"
        case "csv":
            (row,) = csv.DictReader(io.StringIO(done.out, newline=""))
            assert row["account_name"] == "Tom Reed"
        case "icalendar":
            assert icalendar.Calendar.from_ical(done.out).subcomponents
        case "webvtt":
            assert webvtt.from_string(done.out, strict=True).captions[0].voice == "Agent"
        case "vcon":
            assert list(faults(json.loads(done.out))) == []
            assert "counted from midnight" in done.err


def test_the_short_note_is_the_default_and_its_length_is_told(run: Run) -> None:
    done = run("export", HEATED, "--rules-only")
    assert done.err == f"agentassist: {len(done.out)} characters\n"


def test_a_note_over_the_limit_is_written_with_a_warning(run: Run) -> None:
    done = run("export", HEATED, "--rules-only", "--limit", "100")
    over = len(done.out) - 100
    assert done.code == 0
    assert done.err == (
        f"agentassist: warning: {len(done.out)} characters, {over} over the limit of 100\n"
    )
    assert "warning" not in run("export", HEATED, "--rules-only", "--limit", "4000").err


def test_the_text_is_measured_against_the_field_of_the_settings(run: Run) -> None:
    config.remember("note", limit=100)
    assert "over the limit of 100" in run("export", HEATED, "--rules-only").err
    assert "limit" not in run("export", HEATED, "--rules-only", "--to", "markdown").err


def test_a_file_is_private_and_never_written_over(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "heated.txt"
    done = run("export", HEATED, "--rules-only", "--out", out)
    assert (done.code, done.out) == (0, "")
    written = out.read_bytes()
    assert written.startswith(b"Payment plan agreed")
    if sys.platform != "win32":
        assert stat.S_IMODE(out.stat().st_mode) == 0o600
    again = run("export", HEATED, "--rules-only", "--to", "json", "--out", out)
    assert again.code == 1
    assert "exists already" in again.err
    assert out.read_bytes() == written


def test_a_link_that_leads_nowhere_is_not_followed(run: Run, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "elsewhere")
    assert run("export", HEATED, "--rules-only", "--out", link).code == 1
    assert not (tmp_path / "elsewhere").exists()


def test_a_folder_that_is_not_there_is_told(run: Run, tmp_path: Path) -> None:
    done = run("export", HEATED, "--rules-only", "--out", tmp_path / "no" / "x.txt")
    assert done.code == 1
    assert "make it first" in done.err


def test_a_file_where_a_folder_should_be_is_told(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = run("export", HEATED, "--rules-only", "--out", tmp_path / "file" / "x.txt")
    assert done.code == 1
    assert "can't be written: Not a directory" in done.err


@pytest.mark.skipif(sys.platform == "win32", reason="no such limit there")
def test_a_file_that_can_t_be_written_whole_is_taken_away_again(tmp_path: Path) -> None:
    import resource

    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10, before[1]))
    try:
        with pytest.raises(MendableError, match="can't be written: File too large"):
            write_new(tmp_path / "x.txt", b"words" * 10)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert not (tmp_path / "x.txt").exists()


def test_an_own_template_says_what_is_written(run: Run, tmp_path: Path) -> None:
    ours = tmp_path / "ours.md.j2"
    ours.write_text("**{{ outcome }}** {{ account.name }}\n")
    done = run("export", HEATED, "--rules-only", "--template", ours)
    assert done.out == "**payment plan agreed** Tom Reed\n"
    as_text = run("export", HEATED, "--rules-only", "--to", "text", "--template", ours)
    assert as_text.out == done.out


def test_a_template_is_checked_without_a_call(run: Run, tmp_path: Path) -> None:
    ours = tmp_path / "ours.txt.j2"
    ours.write_text("{{ outcome }}")
    assert run("export", "--check-template", ours).out == f"{ours}: no fault\n"
    ours.write_text("a\n{{ outcme }}")
    done = run("export", "--check-template", ours)
    assert done.code == 1
    assert done.err.startswith(f'agentassist: {ours}:2: unknown name "outcme"; there are: ')
    assert run("export", HEATED, "--template", ours).err == done.err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "name a CALL"),
        ([HEATED, "--to", "docx"], "'docx' is not one of"),
        ([HEATED, "--to", "csv", "--template", "x"], "csv takes no template"),
        ([HEATED, "--limit", "0"], "--limit"),
        ([HEATED, "--time-zone", "Mars/Olympus"], "not a time zone"),
        ([HEATED, "--time-zone", "../../etc/passwd"], "not a time zone"),
        ([HEATED, "--started-at", "noon"], "not a time"),
    ],
)
def test_wrong_use_is_told_with_exit_2(run: Run, arguments: list[str], words: str) -> None:
    done = run("export", *arguments)
    assert done.code == 2
    assert words in done.err


def test_bad_input_is_one_line_and_leaves_no_file(run: Run, tmp_path: Path) -> None:
    done = run("export", tmp_path / "no.wav", "--out", tmp_path / "x.txt")
    assert (done.code, done.err.count("\n")) == (1, 1)
    assert not (tmp_path / "x.txt").exists()


def test_the_schema_is_printed(run: Run) -> None:
    assert json.loads(run("export", "--schema").out)["$defs"]["Note"]


def test_the_zone_of_a_call_holds_for_its_start_too(run: Run) -> None:
    options = ["--to", "vcon", "--started-at", "2026-04-09T10:00", "--time-zone", "Asia/Kolkata"]
    made = json.loads(run("export", HEATED, "--rules-only", *options).out)
    assert made["dialog"][0]["start"].startswith("2026-04-09T10:00:00")
    assert made["dialog"][0]["start"].endswith("+05:30")


def test_a_call_without_a_note_still_has_its_words() -> None:
    call = call_of(*TALK)
    for to in formats.OF_CALLS:
        assert b"three fifty" in formats.export(call, None, to, SETTINGS)
    for to in formats.OF_NOTES:
        with pytest.raises(MendableError, match="there is webvtt and vcon"):
            formats.export(call, None, to, SETTINGS)
