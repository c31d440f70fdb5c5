import datetime
import hashlib
import json
import subprocess
import sys
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agentassist import events as ev
from agentassist.account import Account
from agentassist.call import Call
from agentassist.store.chain import Chain, ChainError
from agentassist.store.records import (
    Approval,
    CallFacts,
    Correction,
    NoteVersion,
    Record,
    Said,
    Versions,
    facts,
    moment,
    seal,
)
from agentassist.store.verification import verify
from agentassist.values import Note, Promise
from tests.conftest import Run

MARCH = datetime.datetime(2026, 3, 12, 15, 2, tzinfo=datetime.timezone(datetime.timedelta(hours=1)))

TORN = "is torn: its writing was cut off, before it was told to be saved"
RESPACED = "it is not written as it was: spacing, order or a key that stands twice"
UNCHAINED = "is not the one that record 3 was chained to"


def record(call: str, text: str = "They will pay £40.", at: datetime.datetime = MARCH) -> Record:
    drafted = Note("promise_to_pay", promises=(Promise(Decimal("45.00"), "GBP"),))
    agreed = Note("promise_to_pay", promises=(Promise(Decimal("40.00"), "GBP"),))
    return Record(
        CallFacts(call, "monday", date=at.date(), account=Account(name="Tom Reed")),
        Approval("ann", moment(at)),
        NoteVersion(agreed, text),
        NoteVersion(drafted, "They will pay £45."),
        Versions("general 1", "minilm 1"),
        (Said("agent", 0.0, 3.25, "Good morning."), Said("caller", 3.5, 6.0, "Forty, “truly”…")),
    )


def chain_of(folder: Path, count: int = 5) -> Chain:
    chain = Chain(folder / "records")
    for number in range(1, count + 1):
        chain.append(record(f"call-{number}"))
    return chain


def lines(chain: Chain) -> list[bytes]:
    return b"".join(file.read_bytes() for file in chain.files()).splitlines(keepends=True)


def faults(chain: Chain, expected: str | None = None) -> list[str]:
    return list(verify(chain.folder, expected).faults)


def forged(line: bytes, change: Callable[[dict[str, Any]], None]) -> bytes:
    """The line with its record changed and sealed anew, as somebody would who knows how."""
    plain = json.loads(line)["record"]
    change(plain)
    return seal(msgspec.convert(plain, Record))[0] + b"\n"


def test_what_was_approved_is_read_back_with_draft_words_versions_and_times_apart(
    tmp_path: Path,
) -> None:
    chain = Chain(tmp_path)
    head = chain.append(record("a"))
    (entry,) = chain.entries()
    assert entry.hash == head.hash
    assert entry.record == Record(
        **{
            name: getattr(record("a"), name)
            for name in ("call", "approval", "approved", "draft", "versions", "transcript")
        },
        number=1,
    )
    assert entry.record.approval.at.utc.isoformat() == "2026-03-12T14:02:00+00:00"
    assert entry.record.approval.at.local.isoformat() == "2026-03-12T15:02:00+01:00"


def test_the_start_and_the_end_of_a_call_are_told_in_both_times_where_they_are_known() -> None:
    known = facts("a", "monday", Call(at=90.0, started=ev.CallStarted(0.0, "live", "x", MARCH)))
    assert known.started == moment(MARCH)
    assert known.ended == moment(MARCH + datetime.timedelta(seconds=90))
    assert known.date == MARCH.date()
    unknown = facts("a", "monday", Call(at=90.0, started=ev.CallStarted(0.0, "recording", "x")))
    assert (unknown.started, unknown.ended, unknown.date) == (None, None, None)


def test_records_are_for_their_owner_only_one_file_a_month_and_never_rewritten(
    tmp_path: Path,
) -> None:
    chain = Chain(tmp_path / "records")
    before = b""
    for day in (datetime.timedelta(0), datetime.timedelta(31), datetime.timedelta(2)):
        chain.append(record("a", at=MARCH + day))
        now = b"".join(lines(chain))
        assert now.startswith(before)
        before = now
    assert [file.name for file in chain.files()] == ["2026-03.jsonl", "2026-04.jsonl"]
    assert chain.files()[1].read_bytes().count(b"\n") == 2  # the clock had gone back
    assert not any(path.stat().st_mode & 0o077 for path in (chain.folder, *chain.files()))
    assert faults(chain) == []


def test_anyone_can_compute_the_hashes_again(tmp_path: Path) -> None:
    chain = chain_of(tmp_path, 2)
    first, second = (json.loads(line) for line in lines(chain))

    def digest(value: Any) -> str:
        text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()

    assert first["hash"] == digest(first["digests"]) == second["record"]["before"]
    for pointer in ("/approved/text", "/draft/fields/promises", "/versions/rulebook", "/number"):
        value = first["record"]
        for key in pointer[1:].split("/"):
            value = value[key]
        assert first["digests"][pointer] == digest(value)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(where=st.floats(0, 1, exclude_max=True), byte=st.integers(0, 255))
def test_any_byte_that_is_changed_is_told_with_its_record(
    tmp_path: Path, where: float, byte: int
) -> None:
    chain = (
        chain_of(tmp_path, 3)
        if not (tmp_path / "records").exists()
        else Chain(tmp_path / "records")
    )
    (file,) = chain.files()
    whole = file.read_bytes()
    at = int(where * len(whole))
    if whole[at] == byte:
        return
    file.write_bytes(whole[:at] + bytes([byte]) + whole[at + 1 :])
    found = faults(chain)
    file.write_bytes(whole)
    number = whole[:at].count(b"\n") + 1
    assert any(f"record {number}" in fault or f".jsonl:{number}" in fault for fault in found)


def sum_changed(line: bytes) -> bytes:
    plain = json.loads(line)
    plain["record"]["approved"]["fields"]["promises"][0]["amount"] = "4.00"
    return json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def by_whom(plain: dict[str, Any]) -> None:
    plain["approval"]["by"] = "bob"


@pytest.mark.parametrize(
    ("harm", "told"),
    [
        (
            lambda it: [*it[:2], sum_changed(it[2]) + b"\n", *it[3:]],
            ["2026-03.jsonl:3: record 3 (call call-3): /approved/fields/promises is changed"],
        ),
        (lambda it: [*it[:1], *it[3:]], ["records 2 to 3: missing, before record 4"]),
        (lambda it: it[1:], ["record 1: missing, before record 2"]),
        (
            lambda it: [it[0], it[2], it[1], *it[3:]],
            ["record 2: out of order: stands after record 3"],
        ),
        (
            lambda it: [*it[:2], it[1], *it[2:]],
            ["2026-03.jsonl:3: record 2 (call call-2): stands twice"],
        ),
        (lambda it: it[:3], ["records 4 to 5: missing at the end: head.json knows of it"]),
        (
            lambda it: [*it[:2], b'{"torn\n', *it[3:]],
            ["2026-03.jsonl:3: record 3: can't be read as a record"],
        ),
        (
            lambda it: [*it[:2], b"inserted\n", *it[2:]],
            ["2026-03.jsonl:3: can't be read as a record"],
        ),
        (
            lambda it: [*it[:1], forged(it[1], by_whom), *it[2:]],
            [f"2026-03.jsonl:2: record 2 (call call-2): {UNCHAINED}"],
        ),
        (
            lambda it: [*it[:4], forged(it[4], by_whom)],
            ["2026-03.jsonl:5: record 5 (call call-5): is not the one that head.json knows"],
        ),
        (
            lambda it: [*it, it[0][:50]],
            [f"2026-03.jsonl:6: record 6: {TORN}"],
        ),
        (
            lambda it: [*it[:3], it[3].replace(b'{"digests"', b'{ "digests"'), *it[4:]],
            [f"2026-03.jsonl:4: record 4 (call call-4): {RESPACED}"],
        ),
    ],
    ids=[
        "changed",
        "missing",
        "first",
        "order",
        "twice",
        "cut-off",
        "overwritten",
        "inserted",
        "forged",
        "forged-last",
        "torn",
        "spacing",
    ],
)
def test_what_was_done_to_the_records_is_told_exactly(
    tmp_path: Path, harm: Callable[[list[bytes]], list[bytes]], told: list[str]
) -> None:
    chain = chain_of(tmp_path)
    chain.files()[0].write_bytes(b"".join(harm(lines(chain))))
    assert faults(chain) == told


def test_an_end_cut_off_together_with_the_head_file_is_told_by_a_hash_kept_elsewhere(
    tmp_path: Path,
) -> None:
    chain = chain_of(tmp_path, 4)
    (third, fourth) = [entry.hash for entry in chain.entries()][2:]
    assert faults(chain, expected=third) == []
    assert faults(chain, expected=fourth) == []
    chain.files()[0].write_bytes(b"".join(lines(chain)[:3]))
    (chain.folder / "head.json").write_text(json.dumps({"number": 3, "hash": third}))
    assert faults(chain) == []
    assert faults(chain, expected=fourth) == [
        f"no record has the hash {fourth}: records were cut off or changed"
    ]
    (chain.folder / "head.json").unlink()
    assert "head.json is missing" in faults(chain)[0]


def test_one_month_of_a_backup_is_verified_by_itself(tmp_path: Path) -> None:
    chain = chain_of(tmp_path, 3)
    chain.append(record("later", at=MARCH + datetime.timedelta(31)))
    for file, first, count in zip(chain.files(), (1, 4), (3, 1), strict=True):
        alone = tmp_path / file.name
        alone.write_bytes(file.read_bytes())
        verdict = verify(alone)
        assert (verdict.first, verdict.records, verdict.faults) == (first, count, ())
        assert not verdict.anchored


def test_a_torn_line_is_set_aside_and_the_next_record_follows_the_last_whole_one(
    tmp_path: Path,
) -> None:
    chain = chain_of(tmp_path, 2)
    (file,) = chain.files()
    with file.open("ab") as opened:
        opened.write(lines(chain)[0][:70])
    assert not chain.damage()
    chain.append(record("next"))
    assert faults(chain) == []
    assert [entry.record.call.id for entry in chain.entries()] == ["call-1", "call-2", "next"]
    (torn,) = (chain.folder / "torn").iterdir()
    assert torn.read_bytes() == lines(chain)[0][:70]


def test_records_that_were_lost_keep_showing_after_the_next_one(tmp_path: Path) -> None:
    chain = chain_of(tmp_path, 4)
    chain.files()[0].write_bytes(b"".join(lines(chain)[:2]))
    assert chain.damage()
    assert chain.append(record("next")).number == 5
    assert faults(chain) == ["records 3 to 4: missing, before record 5"]


def test_a_record_that_did_not_fit_on_the_disk_leaves_the_chain_as_it_was(tmp_path: Path) -> None:
    chain = chain_of(tmp_path, 1)
    size = chain.files()[0].stat().st_size
    full = f"""
import resource, signal, sys
from pathlib import Path
from agentassist.store.chain import Chain, ChainError
from tests.test_records import record
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, ({size} + 200, {size} + 200))
try:
    Chain(Path({str(chain.folder)!r})).append(record("too much"))
except ChainError as error:
    print(error)
"""
    done = subprocess.run([sys.executable, "-c", full], capture_output=True, text=True, check=True)
    assert "can't be written: File too large" in done.stdout
    assert chain.files()[0].stat().st_size == size
    assert faults(chain) == []


def test_processes_that_append_at_once_make_one_chain(tmp_path: Path) -> None:
    program = """
import sys
from pathlib import Path
from agentassist.store.chain import Chain
from tests.test_records import record
for number in range(10):
    Chain(Path(sys.argv[1])).append(record(f"{sys.argv[2]}-{number}"))
"""
    arguments = [sys.executable, "-c", program, str(tmp_path / "records")]
    many = [subprocess.Popen([*arguments, str(desk)]) for desk in range(4)]
    assert [process.wait() for process in many] == [0] * 4
    chain = Chain(tmp_path / "records")
    assert faults(chain) == []
    assert {entry.record.call.id for entry in chain.entries()} == {
        f"{desk}-{number}" for desk in range(4) for number in range(10)
    }


def test_words_that_no_file_can_hold_are_refused_and_nothing_is_written(tmp_path: Path) -> None:
    chain = chain_of(tmp_path, 1)
    with pytest.raises(Exception, match="can't be recorded"):
        chain.append(record("bad", text="\ud800"))
    assert faults(chain) == []
    assert len(lines(chain)) == 1


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ChainError, match=r"records: can't be written"):
        Chain(tmp_path / "file" / "records").append(record("a"))


@pytest.fixture
def own(tmp_path: Path) -> Chain:
    """The chain that the commands of this test see."""
    return chain_of(tmp_path / "data" / "agentassist", 3)


def test_verify_says_unchanged_and_the_hash_to_keep_elsewhere(run: Run, own: Chain) -> None:
    done = run("note", "verify")
    head = own.head()
    assert head is not None
    assert done.code == 0
    assert done.err == ""
    assert "3 records in 1 files: unchanged" in done.out
    assert head.hash in done.out
    assert run("note", "verify", own.folder, "--expect", head.hash).code == 0
    assert run("note", "verify", own.files()[0]).code == 0


def test_verify_says_what_is_not_as_it_was_with_exit_1(run: Run, own: Chain) -> None:
    changed = lines(own)
    own.files()[0].write_bytes(changed[0] + sum_changed(changed[1]) + b"\n" + changed[2])
    done = run("note", "verify")
    assert done.code == 1
    assert done.err == (
        "agentassist: 2026-03.jsonl:2: record 2 (call call-2): "
        "/approved/fields/promises is changed\n"
    )
    assert "NOT as written" in done.out
    assert run("note", "verify", "--expect", "00").code == 1
    assert run("note", "verify", "nowhere").err == "agentassist: nowhere: no records there\n"


def test_without_records_verify_is_content_but_not_where_one_is_expected(run: Run) -> None:
    assert run("note", "verify").out == "No records yet.\n"
    assert run("note", "verify", "--expect", "00").code == 1


def test_a_correction_is_a_new_record_that_names_the_one_it_corrects(
    run: Run, own: Chain, tmp_path: Path
) -> None:
    before = b"".join(lines(own))
    (tmp_path / "new.md").write_text("They will pay £4.")
    (tmp_path / "new.json").write_text('{"outcome": "promise_to_pay", "callback_at": "2026-03-20"}')
    done = run(
        "note", "correct", "2", "--reason", "Misheard", "--text", tmp_path / "new.md",
        "--fields", tmp_path / "new.json", "--by", "eve",
    )  # fmt: skip
    assert done.code == 0
    assert b"".join(lines(own)).startswith(before)
    *_, wrong, _, added = own.entries()
    assert added.record.corrects == Correction(2, wrong.hash, "Misheard")
    assert added.record.call == wrong.record.call
    assert added.record.approved.text == "They will pay £4."
    assert added.record.approved.fields.callback_at == "2026-03-20"
    assert added.record.approval.by == "eve"
    assert added.record.draft is None
    assert run("note", "verify").code == 0
    assert "corrects 2" in run("note", "list", "--records").out
    again = run("note", "correct", "2", "--reason", "x", "--text", tmp_path / "new.md")
    assert again.err == "agentassist: record 2 was corrected by 4; correct that one\n"


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["9", "--reason", "x", "--text", "same.md"], 1, "no record 9"),
        (["1", "--reason", "x", "--text", "same.md"], 1, "nothing was corrected"),
        (["1", "--reason", "x", "--fields", "same.md"], 1, "same.md: not a note's fields"),
        (["1", "--reason", "x", "--fields", "no.json"], 1, "no.json: can't be read"),
        (["1", "--text", "same.md"], 2, "Missing option '--reason'"),
        (["1", "--reason", " ", "--text", "same.md"], 2, "--reason is empty"),
        (["1", "--reason", "x"], 2, "name what is right"),
        (["0", "--reason", "x"], 2, "0 is not in the range"),
    ],
)
def test_a_correction_that_corrects_nothing_is_refused(
    run: Run,
    own: Chain,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    code: int,
    words: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("same.md").write_text(record("").approved.text)
    done = run("note", "correct", *arguments)
    assert (done.code, words in done.err) == (code, True), done.err
    assert len(lines(own)) == 3


@pytest.mark.parametrize("command", ["note list", "note finish", "note correct", "note verify"])
def test_every_command_of_the_note_has_help_with_an_example(run: Run, command: str) -> None:
    done = run(*command.split(), "--help")
    assert done.code == 0
    assert f"Example: agentassist {command}" in done.out


def test_the_doctor_tells_of_records_that_are_damaged(run: Run, own: Chain) -> None:
    assert "Records" in run("doctor").out
    own.files()[0].write_bytes(b"".join(lines(own)[:2]))
    done = run("doctor")
    assert done.code == 1
    assert "records are missing at the end" in done.out
    assert "agentassist note verify" in done.out
