"""Which pack is in force: an option goes before the call's own, that before the settings'."""

import json
from pathlib import Path
from typing import Any

import pytest

from agentassist import events as ev
from agentassist import packs
from agentassist.account import Account
from agentassist.in_force import version
from agentassist.session import CallSession
from agentassist.store import journal
from tests.conftest import Run
from tests.screen_calls import app, until

SHARED = """
pack: house
version: "7"
rules:
  - kind: said
    id: threat
    cue: withdraw
    label: [threat]
    words: {do: Withdraw it, why: It scares., say: That is not happening.}
"""
LOCAL = """
pack: {name}
version: "{version}"
countries: [{country}]
rules:
  - kind: label
    id: {name}-bailiff
    label: threat
    any: [{word}]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    rules = tmp_path / "rules"
    rules.mkdir()
    (rules / "house.yaml").write_text(SHARED, encoding="utf-8")
    for name, dated, country, word in (("el", "1", "EL", "bailiff"), ("ru", "2", "RU", "gaoler")):
        text = LOCAL.format(name=name, version=dated, country=country, word=word)
        (rules / f"{name}.yaml").write_text(text, encoding="utf-8")
    return rules


@pytest.fixture
def call(tmp_path: Path) -> Path:
    path = tmp_path / "call.json"
    turns = [{"speaker": "agent", "text": "We'll send a bailiff."}]
    path.write_text(json.dumps({"turns": turns, "account": {"country": "EL"}}), encoding="utf-8")
    return path


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "ours.toml"
    monkeypatch.setenv("AGENTASSIST_SETTINGS", str(path))
    return path


def _told(run: Run, *arguments: str | Path) -> dict[str, Any]:
    done = run("analyze", "--json", "--rules-only", *arguments)
    assert done.code == 0, done.err
    first: dict[str, Any] = json.loads(done.out.splitlines()[0])
    return first


def test_the_accounts_country_decides_where_nothing_else_does(
    run: Run, folder: Path, call: Path
) -> None:
    told = _told(run, call, "--rules", folder)
    assert (told["kind"], told["pack"]) == ("call", "el")
    assert told["rules"].startswith("el 1, house 7 (")


def test_an_option_goes_before_the_settings_and_those_before_the_country(
    run: Run, folder: Path, call: Path, settings: Path
) -> None:
    settings.write_text(f'[rules]\npack = "ru"\nfolder = "{folder.as_posix()}"\n')
    assert _told(run, call)["pack"] == "ru"
    assert _told(run, call)["rules"].startswith("house 7, ru 2 (")
    assert _told(run, call, "--pack", "el")["pack"] == "el"


def test_a_journal_keeps_its_own_pack_unless_one_is_asked_for(
    run: Run, folder: Path, call: Path, settings: Path, tmp_path: Path
) -> None:
    kept = tmp_path / "kept.jsonl"
    _told(run, call, "--rules", folder, "--pack", "ru", "--journal", kept)
    (started,) = [e for e in journal.read(kept) if isinstance(e, ev.CallStarted)]
    assert started.pack == "ru"
    settings.write_text('[rules]\npack = "house"\n')
    assert _told(run, kept, "--rules", folder)["pack"] == "ru"
    assert _told(run, kept, "--rules", folder, "--pack", "el")["pack"] == "el"


@pytest.mark.parametrize("command", ["analyze", "replay", "note"])
def test_a_pack_that_there_is_not_is_one_line_with_those_that_there_are(
    run: Run, folder: Path, call: Path, command: str
) -> None:
    done = run(command, call, "--rules", folder, "--rules-only", "--pack", "uk")
    assert (done.code, done.out) == (1, "")
    assert done.err == "agentassist: --pack: no rule pack uk; there are: el, house, ru\n"


def test_a_live_call_refuses_an_unknown_pack_before_it_listens(run: Run, folder: Path) -> None:
    done = run("live", "--rules", folder, "--pack", "uk")
    assert done.code == 1
    assert "--pack: no rule pack uk; there are: el, house, ru" in done.err


def test_an_unknown_pack_of_the_settings_is_told_with_the_file(
    run: Run, folder: Path, call: Path, settings: Path
) -> None:
    settings.write_text('[rules]\npack = "uk"\n')
    done = run("analyze", call, "--rules", folder, "--rules-only")
    assert done.code == 1
    assert done.err == (
        f"agentassist: {settings}: rules.pack: no rule pack uk; there are: el, house, ru\n"
    )


@pytest.mark.parametrize(("pack", "told"), [("uk", "uk rules"), ("general", ""), ("", "")])
async def test_the_head_of_the_screen_names_the_pack_of_a_country(pack: str, told: str) -> None:
    account = Account(name="Dana Cole")
    started = ev.CallStarted(0.0, "test", "none", account=account, pack=pack)
    heard: list[ev.Heard] = [started, ev.CallEnded(1.0)]
    coach = app(CallSession(iter(heard), [], []))
    async with coach.run_test() as pilot:
        await until(pilot, lambda: "Dana Cole" in str(coach.live.account.content))
        assert str(coach.live.account.content) == " · ".join(filter(None, ["Dana Cole", told]))


def test_a_record_names_the_packs_in_force_and_the_digest_of_all(folder: Path) -> None:
    rulebook = packs.load(folder)
    assert rulebook.version == f"el 1, house 7, ru 2 ({rulebook.digest})"
    assert version(rulebook, None) == f"house 7 ({rulebook.digest})"
    there = ev.CallStarted(0.0, "live", "none", account=Account(country="RU"))
    assert version(rulebook, there) == f"house 7, ru 2 ({rulebook.digest})"
