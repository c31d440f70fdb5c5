"""The report: right at 80 columns, whole as one page, and nobody ranked unasked."""

import datetime
import html.parser
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import Run
from filed_calls import a_call
from msgspec.structs import replace
from sqlalchemy import select

from agentassist.archive import policies, reports, tables
from agentassist.archive.desk import ArchiveDesk
from agentassist.archive.filing import file_call
from agentassist.archive.opening import Archive, open_file
from agentassist.errors import MendableError
from agentassist.report.figures import Period, Wanted, Whose
from agentassist.reviewing import Person

SPRING = ("--since", "2026-03-02", "--until", "2026-05-31")
ASKED = Period(datetime.date(2026, 3, 2), datetime.date(2026, 5, 31))
NOW = datetime.datetime(2026, 6, 1, tzinfo=datetime.UTC)
HOSTILE = "<script>alert(1)</script>&\x1b[31m$x^2$\u202e"


@pytest.fixture
def calls(tmp_path: Path) -> Iterator[Archive]:
    archive = open_file(tmp_path / "calls.sqlite")
    yield archive
    archive.close()


def _many(archive: Archive, count: int, agent: str = "anna", team: str = "north") -> None:
    """So many calls with the figures of one, an hour long each, one on each day."""
    one = a_call("one", agent, team)
    for number in range(count):
        call = f"{agent}-{number}"
        day = ASKED.first + datetime.timedelta(days=number % 85)
        own = {"call": call, "day": day}
        file_call(
            archive,
            replace(
                one,
                calls=one.calls | {"id": call, "day": day},
                figures=one.figures | own | {"talk": 3600.0, "agent_talk": 1800.0 + number},
                heard=one.heard | {"call": call},
                notes=one.notes | {"call": call} if one.notes else None,
                reasons=tuple(row | own for row in one.reasons),
                promises=tuple(row | own for row in one.promises),
                turns=(),
                moments=(),
                reviews=(),
            ),
        )


def _report(run: Run, archive: Archive, *options: str | Path) -> str:
    done = run("report", "--db", archive.place, *SPRING, *options)
    assert (done.code, done.err) == (0, "")
    return done.out


@pytest.mark.parametrize("options", [(), ("--plain",), ("--by", "month"), ("--agent", "anna")])
def test_the_report_is_right_at_80_columns(
    run: Run, calls: Archive, monkeypatch: pytest.MonkeyPatch, options: tuple[str, ...]
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    _many(calls, 60)
    out = _report(run, calls, *options)
    assert max(map(len, out.splitlines())) <= 80
    assert "\x1b" not in out
    for title in ("FLAGS AN HOUR OF TALK", "EMPATHY ANSWERED", "REASONS AND ISSUES THAT RECUR"):
        assert title in out


def test_each_picture_stands_under_a_sentence_that_tells_it(run: Run, calls: Archive) -> None:
    _many(calls, 60)
    out = _report(run, calls)
    told = out[out.index("TALK SHARE") : out.index("PROMISES KEPT")]
    assert "51% (95% interval 51% to 51%): 30.5 of 60.0 hours of talk." in " ".join(told.split())
    assert "●" not in told, "weeks of seven calls are too small to tell"
    assert told.count("○") == 9
    assert "Every week is too small to tell alone." in " ".join(told.split())
    assert "agentassist archive payments FILE reads" in " ".join(out.split())


def test_plain_has_tables_and_no_drawing(run: Run, calls: Archive) -> None:
    _many(calls, 60)
    out = _report(run, calls, "--plain")
    assert not set("┌│█●") & set(out)
    assert re.search(r"^Week from +Figure +95% interval +Flags +Hours of talk$", out, re.MULTILINE)
    assert re.search(r"^2 Mar 2026 +\d+\.\d +\d.* too small$", out, re.MULTILINE)
    assert re.search(r"^can't pay: job loss +60 +100%", out, re.MULTILINE)


def test_small_numbers_are_shown_as_such(run: Run, calls: Archive) -> None:
    file_call(calls, a_call("one"))
    out = " ".join(_report(run, calls).split())
    assert "Too small to tell: it takes 10 hours of talk." in out
    assert "Too small to tell: it takes 30 hardships." in out
    assert "Too small to tell: it takes 30 calls." in out
    assert "Too small to tell: so few calls say little of what recurs." in out


class _Page(html.parser.HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def count(self, tag: str) -> int:
        return sum(name == tag for name, _ in self.tags)


def _page(run: Run, archive: Archive, folder: Path, *options: str) -> tuple[str, _Page]:
    file = folder / "report.html"
    assert "one page" in _report(run, archive, "--html", file, *options)
    text = file.read_text(encoding="utf-8")
    assert file.stat().st_mode & 0o077 == 0
    return text, _Page(text)


def test_the_page_asks_for_nothing_from_anywhere(run: Run, calls: Archive, tmp_path: Path) -> None:
    _many(calls, 60)
    text, page = _page(run, calls, tmp_path)
    assert not {tag for tag, _ in page.tags} & {"script", "link", "img", "iframe", "object", "base"}
    for _, attributes in page.tags:
        for name in ("src", "href", "xlink:href", "action", "data", "poster"):
            assert (attributes.get(name) or "#").startswith("#")
    assert set(re.findall(r"https?://[^\s\"'<]*", text)) == {"http://www.w3.org/2000/svg"}
    assert all(target.startswith("#") for target in re.findall(r"url\(([^)]*)\)", text))
    assert "@import" not in text
    assert "@font-face" not in text
    assert "default-src 'none'" in text


def test_each_picture_has_a_title_a_description_and_its_table(
    run: Run, calls: Archive, tmp_path: Path
) -> None:
    _many(calls, 60)
    text, page = _page(run, calls, tmp_path)
    ids = Counter(attributes["id"] for _, attributes in page.tags if attributes.get("id"))
    pictures = [attributes for tag, attributes in page.tags if tag == "svg"]
    assert len(pictures) == 5, "nothing is known of promises"
    assert set(ids.values()) == {1}
    for each in pictures:
        assert each["role"] == "img"
        assert all(ids[name] for name in (each["aria-labelledby"] or "-").split())
    assert page.count("desc") == 5
    sections = text.split("<section")[1:-1]
    assert len(sections) == 6
    assert all("<table>" in each and "<figure>" in each for each in sections)
    assert 'lang="en"' in text


def test_the_page_takes_dark_and_light_and_prints(run: Run, calls: Archive, tmp_path: Path) -> None:
    _many(calls, 30)
    text, _ = _page(run, calls, tmp_path)
    assert "prefers-color-scheme: dark" in text
    assert "@media print" in text
    drawn = text[text.index("<svg") : text.rindex("</svg>")]
    assert not re.findall(r"#[0-9a-f]{6}\b", drawn), "a colour that would not follow the page's"


def test_a_hostile_name_does_nothing_to_page_or_terminal(
    run: Run, calls: Archive, tmp_path: Path
) -> None:
    _many(calls, 30, HOSTILE, HOSTILE)
    text, page = _page(run, calls, tmp_path, "--agent", HOSTILE)
    assert page.count("script") == 0
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    out = _report(run, calls, "--team", HOSTILE)
    assert "\x1b" not in out + text
    assert "\u202e" not in out + text


def test_no_words_of_calls_are_in_it_unless_asked_and_then_the_look_is_kept(
    run: Run, calls: Archive, tmp_path: Path
) -> None:
    file_call(calls, a_call("one"))
    text, _ = _page(run, calls, tmp_path)
    assert "not my problem" not in text + _report(run, calls) + _report(run, calls, "--plain")
    assert "That's not my problem (rephrase dismissive" in _report(run, calls, "--quotes")
    with calls.reading() as connection:
        looks = connection.execute(select(tables.looks.c.call, tables.looks.c.what)).all()
    assert looks == [("one", "exported")]


def test_comparing_is_off_and_says_why_and_how_it_is_turned_on(run: Run, calls: Archive) -> None:
    _many(calls, 3)
    done = run("report", "--compare", "--db", calls.place, *SPRING)
    assert (done.code, done.out) == (1, "")
    assert "kept apart from discipline" in done.err
    assert "agentassist archive policy rankings on --why" in done.err


def test_where_it_is_on_the_report_says_who_turned_it_on_when_and_why(
    run: Run, calls: Archive
) -> None:
    _many(calls, 40)
    _many(calls, 2, "ben", "south")
    db = ("--db", calls.place)
    assert run("archive", "policy", "rankings", "on", *db).code == 2
    on = run("archive", "policy", "rankings", "on", "--why", "works council agreed", *db)
    assert on.out.startswith("rankings: on since ")
    out = " ".join(_report(run, calls, "--compare", "--order-by", "flags").split())
    assert re.search(r"turned on by \S+ on \d+ \w+ \d{4}: works council agreed\.", out)
    assert "In the order of names: of some, flags an hour of talk is too small to tell." in out
    assert out.index("anna") < out.index("ben")
    run("archive", "policy", "rankings", "off", *db)
    assert run("report", "--compare", *db, *SPRING).code == 1


def test_only_the_owner_turns_comparing_on(archive: Archive) -> None:
    for role in ("agent", "supervisor", "compliance"):
        sits = ArchiveDesk(archive, Person("sue", "Sue", role), lambda: NOW)
        with pytest.raises(MendableError, match="only the archive's owner"):
            policies.turn(sits, "rankings", "because", NOW, on=True)
    owner = ArchiveDesk(archive, Person("olga", "Olga", "owner"), lambda: NOW)
    assert not policies.policy(owner, "rankings").is_on
    policies.turn(owner, "rankings", "agreed", NOW, on=True)
    found = policies.policy(owner, "rankings")
    assert (found.is_on, found.why, found.by, found.at) == (True, "agreed", "olga", NOW)


def test_an_agent_sees_their_own_report_and_no_other(archive: Archive) -> None:
    _many(archive, 2)
    _many(archive, 3, "ben")
    anna = ArchiveDesk(archive, Person("anna", "Anna", "agent", "north"), lambda: NOW)
    made = reports.over_time(anna, Wanted(Whose(), ASKED), NOW)
    assert made.about.startswith("2 calls, by week")
    assert made.notes == ("anna is seen here alone, and is compared with nobody.",)
    for whose in (Whose(agent="ben"), Whose(team="north")):
        with pytest.raises(MendableError, match="those of others are not"):
            reports.over_time(anna, Wanted(whose, ASKED), NOW)


def test_a_supervisor_sees_their_teams_and_no_other(archive: Archive) -> None:
    _many(archive, 2)
    _many(archive, 3, "ben", "south")
    person = Person("sue", "Sue", "supervisor", teams=("north",))
    sue = ArchiveDesk(archive, person, lambda: NOW)
    assert reports.over_time(sue, Wanted(Whose(), ASKED), NOW).title.startswith("Team north")
    with pytest.raises(MendableError, match="team south: not one of yours, which are: north"):
        reports.over_time(sue, Wanted(Whose(team="south"), ASKED), NOW)
    with pytest.raises(MendableError, match="no call from"):
        reports.over_time(sue, Wanted(Whose(agent="ben"), ASKED), NOW)


def test_without_matplotlib_a_page_says_how_to_get_it_and_the_terminal_goes_on(
    run: Run, calls: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _many(calls, 3)
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    file = tmp_path / "report.html"
    done = run("report", "--db", calls.place, *SPRING, "--html", file)
    assert done.code == 1
    assert "pip install 'agentassist[report]'" in done.err
    assert not file.exists()
    assert "FLAGS AN HOUR" in _report(run, calls)


@pytest.mark.parametrize(
    "options",
    [
        ("--team", "north", "--agent", "anna"),
        ("--compare", "--agent", "anna"),
        ("--order-by", "flags"),
        ("--since", "2026-05-01", "--until", "2026-04-01"),
    ],
)
def test_what_contradicts_itself_is_wrong_use(run: Run, options: tuple[str, ...]) -> None:
    assert run("report", *options).code == 2


def test_where_there_is_no_call_it_says_so_and_where_to_look(run: Run, calls: Archive) -> None:
    done = run("report", "--db", calls.place, "--team", "east", *SPRING)
    assert (done.code, done.out) == (1, "")
    assert "team east: no call from 2026-03-02 to 2026-05-31 that you may see" in done.err


def test_an_older_report_is_never_written_over(run: Run, calls: Archive, tmp_path: Path) -> None:
    _many(calls, 3)
    file = tmp_path / "report.html"
    file.write_text("older")
    done = run("report", "--db", calls.place, *SPRING, "--html", file)
    assert (done.code, file.read_text()) == (1, "older")


def test_where_nothing_can_be_drawn_tables_are_shown(calls: Archive) -> None:
    _many(calls, 3)
    program = "from agentassist.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", program, "report", "--db", calls.place, *SPRING],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"PYTHONIOENCODING": "ascii"},
    )
    assert "tables instead" in done.stderr
    assert "Week from" in done.stdout


def test_help_loads_neither_the_archive_nor_what_draws() -> None:
    program = (
        "import sys; from agentassist.cli import main\n"
        "try: main(['report', '--help'])\n"
        "except SystemExit: pass\n"
        "heavy = {'sqlalchemy', 'matplotlib', 'plotext', 'jinja2', 'alembic'} & {*sys.modules}\n"
        "sys.exit(' '.join(heavy) or 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "Example: agentassist report" in done.stdout
