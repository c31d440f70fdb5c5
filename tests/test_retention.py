"""How long what is kept: the shipped periods with their sources, and an organisation's own."""

import datetime
from pathlib import Path

import pytest

from agentassist import config
from agentassist.archive import retention
from agentassist.archive.retention import KINDS, Kind, Span
from agentassist.errors import MendableError

SHIPPED = retention.load()
GENERAL = "\n".join(
    f"  - {{pack: general, kind: {kind}, keep: {{days: 30}}, source: ours}}" for kind in KINDS
)
OWN = f'pack: ours\nversion: "1"\nperiods:\n{GENERAL}\n'


@pytest.mark.parametrize("kind", ["recording", "words", "call"])
def test_regulation_f_keeps_three_years_and_forbids_to_erase_before(kind: Kind) -> None:
    period = SHIPPED.of("us", kind)
    assert (period.keep, period.erase, period.verified) == (Span(years=3), "keep", True)
    assert period.told.startswith("12 CFR 1006.100")
    assert period.after == ("call" if kind == "recording" else "account")


def test_every_period_tells_its_source_and_our_own_judgement_says_so() -> None:
    for period in SHIPPED.periods:
        assert period.source
        judged = "our own judgement" in period.source
        assert judged == (not period.verified)
        assert period.told.endswith("(check with compliance)") == judged


@pytest.mark.parametrize("pack", ["", "ie", "general"])
def test_a_pack_without_its_own_period_has_that_which_holds_everywhere(pack: str) -> None:
    assert {SHIPPED.of(pack, kind).pack for kind in KINDS} == {"general"}


@pytest.mark.parametrize(
    ("span", "on", "before"),
    [
        (Span(days=180), "2026-11-25", "2026-05-29"),
        (Span(years=3), "2026-11-25", "2023-11-25"),
        (Span(years=3), "2027-02-28", "2024-02-28"),
        (Span(years=3), "2027-03-01", "2024-03-01"),
        (Span(years=1), "2028-02-29", "2027-02-28"),
    ],
)
def test_what_began_a_whole_span_ago_is_kept_that_day_still(
    span: Span, on: str, before: str
) -> None:
    day = datetime.date.fromisoformat
    assert span.before(day(on)) == day(before)
    assert span.end(day(before)) <= day(on)


def test_the_organisations_own_file_replaces_the_shipped_periods(tmp_path: Path) -> None:
    file = tmp_path / "ours.yaml"
    file.write_text(OWN)
    config.settings_file().write_text(f'[archive]\nretention = "{file}"\n')
    found = retention.load(config.load().archive.retention)
    assert found.of("us", "words").keep == Span(days=30)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (OWN.replace("kind: look", "kind: call"), "general call stands twice; keep one"),
        (OWN.replace("kind: look", "kind: looks"), "Invalid enum value 'looks'"),
        (OWN.replace("{days: 30}", "{days: 30, years: 1}"), "say either days or years"),
        (OWN.replace("{days: 30}", "{days: 0}"), "Expected `int` >= 1"),
        (OWN.replace("source: ours", "sauce: ours"), "unknown field `sauce`"),
        (OWN.replace(GENERAL.splitlines()[1], ""), "no period of general for words; add one"),
        ("- a list", "expected a pack"),
    ],
)
def test_a_fault_in_it_is_told_with_the_file(tmp_path: Path, text: str, fault: str) -> None:
    file = tmp_path / "ours.yaml"
    file.write_text(text)
    with pytest.raises(MendableError) as told:
        retention.load(file)
    assert str(file) in str(told.value)
    assert fault in str(told.value)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(MendableError, match="can't be read"):
        retention.load(tmp_path / "nowhere.yaml")
