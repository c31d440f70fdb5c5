"""Whom to send somebody to: by country, with check dates, in the words of cues and protocols."""

import datetime
from pathlib import Path

import pytest

from agentassist import dialogue, doctor, helplines, packs
from agentassist import events as ev
from agentassist.account import Account
from agentassist.call import fold
from agentassist.in_force import places
from agentassist.labels import PhraseClassifier
from agentassist.pack_text import RulebookError
from agentassist.pipeline import run, stages

_LINES = packs.load().helplines
CHECKED = datetime.date(2026, 11, 25)

ELBONIA = 'pack: elbonia\nversion: "1"\ncountries: [AU, GB]\n'


@pytest.mark.parametrize(
    ("country", "crisis", "advice"),
    [
        ("US", "988", "NFCC, 800-388-2227"),
        ("GB", "Samaritans, 116 123", "StepChange, 0800 138 1111"),
        ("IE", "Samaritans, 116 123", "StepChange, 0800 138 1111 (check with compliance)"),
        ("AU", "Lifeline, 13 11 14", "National Debt Helpline, 1800 007 007"),
        ("SG", "SOS, 1767", "free debt advice"),
        ("HK", "Samaritans, 2896 0000", "free debt advice"),
        ("FR", "a crisis line", "free debt advice"),
        (None, "a crisis line", "free debt advice"),
    ],
)
def test_a_country_has_its_own_lines_and_plain_words_stand_where_none_is_known(
    country: str | None, crisis: str, advice: str
) -> None:
    assert helplines.words(_LINES, country) == {"crisis": crisis, "advice": advice}


def test_what_was_not_read_at_its_source_is_told_so_and_never_goes_first() -> None:
    debtline = next(line for line in helplines.of(_LINES, "GB") if "Debtline" in line.name)
    assert debtline.told == "National Debtline, 0808 808 4000 (check with compliance)"
    assert helplines.words([debtline], "GB")["advice"] == debtline.told
    assert "StepChange" in helplines.words([debtline, *_LINES], "GB")["advice"]


def test_an_account_without_a_country_is_told_of_the_packs_first(tmp_path: Path) -> None:
    file = tmp_path / "elbonia.yaml"
    file.write_text(ELBONIA, encoding="utf-8")
    rulebook = packs.load(file)
    asked = ev.CallStarted(0.0, "live", "none", pack="elbonia", account=Account())
    assert places(rulebook, asked)["crisis"] == "Lifeline, 13 11 14"
    british = Account(country="GB")
    asked = ev.CallStarted(0.0, "live", "none", pack="elbonia", account=british)
    assert places(rulebook, asked)["crisis"] == "Samaritans, 116 123"


@pytest.mark.parametrize(
    ("country", "told"), [("AU", "right now: Lifeline, 13 11 14."), (None, "now: a crisis line.")]
)
def test_a_cue_names_the_line_of_the_persons_country(country: str | None, told: str) -> None:
    rulebook = packs.load()
    lines = [
        dialogue.SpokenLine("caller", "I have been thinking about killing myself."),
        dialogue.SpokenLine("agent", "I'm so sorry you feel that way, thank you for telling me."),
        dialogue.SpokenLine("caller", "I don't know what to do."),
        dialogue.SpokenLine("agent", "I am listening, take all the time that you need."),
        dialogue.SpokenLine("caller", "Okay."),
    ]
    started = ev.CallStarted(0.0, "test", "none", account=Account(country=country))
    heard = dialogue.heard(started, lines)
    cues = fold(run(heard, stages(rulebook, PhraseClassifier(rulebook)))).cues
    (say,) = [record.cue.say for record in cues if record.cue.name == "keep_safe"]
    assert told in say


def test_the_doctor_asks_for_a_check_once_one_is_over_a_year_old() -> None:
    year = datetime.timedelta(days=365)
    assert doctor.helplines(CHECKED + year).ok
    late = doctor.helplines(CHECKED + year + datetime.timedelta(days=1))
    assert not late.ok
    assert not late.needed
    assert (
        late.found
        == f"{len(_LINES)} of {len(_LINES)} checked over a year ago, the first on 2026-11-25"
    )
    assert str(packs.HELPLINES) in late.mend


def test_only_what_is_old_is_stale_and_the_oldest_goes_first() -> None:
    from msgspec.structs import replace

    older = replace(_LINES[3], checked=CHECKED - datetime.timedelta(days=2))
    old = replace(_LINES[2], checked=CHECKED - datetime.timedelta(days=1))
    on = CHECKED + datetime.timedelta(days=365)
    assert helplines.stale([_LINES[0], old, older], on) == (older, old)


def test_a_fault_in_the_file_is_told_at_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "helplines.yaml"
    text = packs.HELPLINES.read_text(encoding="utf-8")
    file.write_text(text.replace("countries: [US]", "countries: [usa]", 1), encoding="utf-8")
    monkeypatch.setattr(packs, "HELPLINES", file)
    with pytest.raises(RulebookError, match=r"helplines.yaml:\d+:\d+: countries: Expected `str`"):
        packs.load()


def test_the_numbers_count_in_the_digest_of_the_rules(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = packs.load().digest
    file = tmp_path / "helplines.yaml"
    text = packs.HELPLINES.read_text(encoding="utf-8")
    file.write_text(text.replace("116 123", "116 124"), encoding="utf-8")
    monkeypatch.setattr(packs, "HELPLINES", file)
    assert packs.load().digest != before
