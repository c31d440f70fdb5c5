import json
from pathlib import Path

import numpy as np
import pytest
import soundfile

from tests.conftest import Run

CALLS = Path(__file__).parent / "calls"
HEATED = str(CALLS / "heated.json")


@pytest.fixture
def one_channel(tmp_path: Path) -> Path:
    path = tmp_path / "mono.wav"
    soundfile.write(path, np.zeros(8000, dtype=np.float32), 8000)
    return path


@pytest.mark.parametrize(
    "command",
    [
        "demo",
        "replay",
        "analyze",
        "note",
        "plan",
        "rules check",
        "rules test",
        "rules kinds",
        "rules page",
        "devices",
        "live",
        "call start",
        "call stop",
        "models",
        "doctor",
        "archive",
        "archive import",
        "archive status",
        "archive send",
        "archive migrate",
    ],
)
def test_every_command_has_help_with_an_example(run: Run, command: str) -> None:
    done = run(*command.split(), "--help")
    assert done.code == 0
    assert f"Example: agentassist {command}" in done.out


def test_the_program_lists_its_commands_and_where_to_start(run: Run) -> None:
    done = run("--help")
    assert "agentassist demo" in done.out
    for command in ("replay", "analyze", "note", "rules", "doctor"):
        assert command in done.out


def test_the_version_is_told(run: Run) -> None:
    assert run("--version").out.startswith("agentassist, version 0.")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["replay"], "name a CALL"),
        (["replay", "x.wav", "--agent", "y.wav"], "not both"),
        (["replay", "x.wav", "--speed", "0"], "'0' is not a speed"),
        (["replay", "x.wav", "--speed", "fast"], "'fast' is not a speed"),
        (["analyze"], "name a CALL"),
        (["analyze", "a.json", "b.json", "--journal", "j"], "name one CALL"),
        (["analyze", HEATED, "--call-date", "tomorrow"], "'tomorrow' does not match"),
        (["sing"], "No such command 'sing'"),
        (["demo", "--loud"], "No such option"),
    ],
)
def test_wrong_use_is_told_with_exit_2(run: Run, arguments: list[str], words: str) -> None:
    done = run(*arguments)
    assert done.code == 2
    assert words in done.err
    assert "Traceback" not in done.err


@pytest.mark.parametrize(
    "command", [["replay", "--plain"], ["analyze"], ["note"]], ids=lambda command: command[0]
)
@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("nowhere.wav", None, "no such file"),
        ("empty.wav", b"", "empty"),
        ("text.wav", b"this is no sound at all" * 40, "text.wav"),
        ("broken.json", b'{"turns": [', "not JSON"),
        ("list.json", b'{"turns": 3}', "not a transcript"),
        ("none.json", b'{"turns": []}', "`turns` is empty"),
        ("who.json", b'{"turns": [{"speaker": "boss", "text": "x"}]}', "Invalid enum value 'boss'"),
        (
            "torn.journal",
            b'{"kind":"call_started","at":0,"source":"","engine":""}\n{"ki\n',
            "torn.journal:2",
        ),
    ],
    ids=["missing", "empty", "text", "broken", "list", "none", "who", "torn"],
)
def test_bad_input_is_one_clear_line_and_exit_1(
    run: Run, tmp_path: Path, command: list[str], name: str, content: bytes | None, words: str
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    done = run(*command, path)
    assert done.code == 1
    (line,) = done.err.splitlines()
    assert words in line
    assert name in line


def test_a_one_channel_recording_says_how_to_give_both_sides(run: Run, one_channel: Path) -> None:
    done = run("analyze", one_channel)
    assert done.code == 1
    assert "--agent" in done.err
    assert "mono.wav" in done.err


def test_a_bad_call_among_good_ones_costs_none_of_them(run: Run, tmp_path: Path) -> None:
    done = run("analyze", HEATED, tmp_path / "gone.json", CALLS / "wrong_party.json", "--json")
    assert done.code == 1
    assert done.out.count('"kind":"note"') == 2
    assert len(done.err.splitlines()) == 1


def test_an_account_that_is_none_is_named(run: Run, tmp_path: Path) -> None:
    account = tmp_path / "account.json"
    account.write_text('{"balance": "lots"}')
    done = run("analyze", HEATED, "--account", account)
    assert done.code == 1
    assert "account.json:1: balance: not a sum" in done.err


def test_a_pack_that_is_wrong_is_told_at_its_line(run: Run, tmp_path: Path) -> None:
    pack = tmp_path / "ours.yaml"
    pack.write_text('pack: ours\nversion: "1"\nrules:\n  - id: x\n    kind: labbel\n')
    for command in (["rules", "check", pack], ["analyze", HEATED, "--rules", pack]):
        done = run(*command)
        assert done.code == 1
        assert f"{pack}:5:5: kind: Invalid value 'labbel'" in done.err


def test_rules_test_fails_on_an_example_that_fails(run: Run, tmp_path: Path) -> None:
    pack = tmp_path / "ours.yaml"
    pack.write_text(
        'pack: ours\nversion: "1"\nrules:\n  - id: x\n    kind: label\n    label: threat\n'
        '    any: ["bailiffs?"]\n    examples: {fire: ["a bailiff", "the sheriff"]}\n'
    )
    done = run("rules", "test", pack)
    assert done.code == 1
    assert f"{pack}:4:5: x: must fire on: agent: the sheriff" in done.err
    assert done.out == "1 passed, 1 failed\n"


def test_the_shipped_rules_are_sound(run: Run) -> None:
    assert run("rules", "check").code == 0
    done = run("rules", "test")
    assert done.err == ""
    assert done.code == 0


def test_kinds_lists_every_kind_with_its_keys(run: Run) -> None:
    done = run("rules", "kinds")
    for kind in ("label:", "said:", "unanswered:", "missing:", "measure:", "order:"):
        assert kind in done.out
    assert "unless_turn" in done.out


def test_json_follows_the_contract(run: Run) -> None:
    done = run("analyze", HEATED, "--json")
    lines = [json.loads(line) for line in done.out.splitlines()]
    turns = [line for line in lines if line["kind"] == "turn"]
    assert [turn["index"] for turn in turns] == list(range(12))
    assert {"speaker", "start", "end", "text", "labels"} <= turns[0].keys()
    assert all(0 < c <= 1 for turn in turns for c in turn["labels"].values())
    cues = [line for line in lines if line["kind"] == "cue"]
    assert cues
    assert all({"turn", "at", "cue", "priority", "text"} <= cue.keys() for cue in cues)
    (note,) = [line for line in lines if line["kind"] == "note"]
    assert {"outcome", "promises", "plan", "hardship", "callback_at", "cease"} <= note.keys()
    for turn in turns:
        for evidence in turn["evidence"]:
            assert evidence["quote"] in turn["text"]


def test_a_day_that_is_named_goes_before_that_of_the_transcript(run: Run, tmp_path: Path) -> None:
    turns = [{"speaker": "caller", "text": "I'll pay you forty pounds on the twenty-seventh."}]
    call = tmp_path / "call.json"
    call.write_text(json.dumps({"call_date": "2020-01-01", "turns": turns}))
    done = run("note", call, "--json", "--call-date", "2026-03-12", "--rules-only")
    assert [p["date"] for p in json.loads(done.out)["promises"]] == ["2026-03-27"]


def test_labels_and_notes_in_a_transcript_are_ignored(run: Run, tmp_path: Path) -> None:
    call = json.loads(Path(HEATED).read_text())
    call["note"] = {"outcome": "paid_now"}
    call["turns"][0]["labels"] = ["threat"]
    told = tmp_path / "heated.json"
    told.write_text(json.dumps(call))
    plain = run("analyze", HEATED, "--json").out
    assert run("analyze", told, "--json").out.splitlines()[1:] == plain.splitlines()[1:]


def test_every_event_can_be_had_and_derived_again_from_the_journal(
    run: Run, tmp_path: Path
) -> None:
    kept = tmp_path / "call.journal"
    first = run("analyze", HEATED, "--events", "--journal", kept)
    again = run("analyze", kept, "--events")
    assert first.out == again.out
    assert first.out.count("\n") > 40


def test_a_journal_is_not_overwritten(run: Run, tmp_path: Path) -> None:
    kept = tmp_path / "call.journal"
    kept.write_text("mine")
    done = run("analyze", HEATED, "--journal", kept)
    assert done.code == 1
    assert "exists already" in done.err
    assert kept.read_text() == "mine"


def test_a_call_is_replayed_in_lines_where_there_is_no_terminal(run: Run) -> None:
    done = run("replay", HEATED, "--speed", "max")
    assert done.code == 0
    assert "agent" in done.out
    assert "\x1b" not in done.out


def test_the_note_comes_as_markdown_and_as_json(run: Run) -> None:
    assert run("note", HEATED).out.startswith("#")
    assert json.loads(run("note", HEATED, "--json").out)["outcome"]


def test_a_fault_of_ours_is_one_line_without_words_of_the_call(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("secret words")

    monkeypatch.setattr("agentassist.contract.lines", broken)
    done = run("analyze", HEATED, "--json")
    assert done.code == 1
    assert "ZeroDivisionError" in done.err
    assert "secret" not in done.err
    assert "Traceback" not in done.err


def test_the_doctor_finds_nothing_wrong_here_and_says_what_it_looked_at(run: Run) -> None:
    done = run("doctor")
    assert done.code == 0, done.out
    for thing in ("Python", "Speech engine", "Recordings", "Bundled call", "Rules", "Notes"):
        assert thing in done.out
