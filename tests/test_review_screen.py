"""The desk's screens, on a real archive: what each key does, and what is then in the archive."""

import asyncio
import datetime
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from filed_calls import DAY, Lines, a_call
from msgspec.structs import replace
from screen_calls import shown, text_of, until
from textual.events import Key
from textual.pilot import Pilot
from textual.screen import Screen

from agentassist.archive.desk import ArchiveDesk
from agentassist.archive.filing import file_call
from agentassist.archive.opening import Archive, open_file
from agentassist.errors import MendableError
from agentassist.reviewing import Filters, Opened, Person, Review, Reviewing
from agentassist.store.seen import SeenFile
from agentassist.tui.review import fields, sitting
from agentassist.tui.review.answers import AnswersScreen
from agentassist.tui.review.app import ReviewApp
from agentassist.tui.review.filters import FiltersScreen
from agentassist.tui.review.help import HelpScreen
from agentassist.tui.review.moment import MomentScreen
from agentassist.tui.review.precision import PrecisionScreen
from agentassist.tui.review.queue import QueueScreen
from agentassist.tui.review.search import SearchScreen
from agentassist.tui.review.whole_call import CallScreen
from agentassist.tui.review.words import APART

SMALL, LARGE = (80, 24), (120, 40)
SUE = Person("sue", "Sue", "supervisor", teams=("north", "south"))
ANNA = Person("anna", "Anna", "agent", "north")
CARL = Person("carl", "Carl", "compliance")
EVERY = Filters(standing="")
SAID: Lines = (
    ("agent", "Am I speaking with Helen Carter? This is Sam from Acme Energy, on a recorded line."),
    ("caller", "Yes. I lost my job in January and I can't pay the whole balance."),
    ("agent", "That's not my problem. Pay today or a bailiff will be at your door by Friday."),
    ("caller", "A bailiff? I don't want to be here any more, I can't go on like this."),
    ("agent", "You people are all the same, you're a liar and a drama queen."),
    ("caller", "Stop calling me at work, please. I could do forty pounds a month."),
    ("agent", "I'll tell your employer about the debt, and we will have you arrested."),
    ("caller", "Then speak to my solicitor."),
    ("agent", "Goodbye."),
)
"""Two cues and four flagged phrases: three moments are STOP, three are FIX."""


@pytest.fixture(autouse=True)
def _in_utc(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


class Floor:
    """An archive with a few calls, who sits at it, and what was played."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.archive: Archive = open_file(folder / "archive.sqlite")
        self.minutes = 0
        self.played: list[tuple[Path, float, float]] = []
        self.silent = asyncio.Event()

    def now(self) -> datetime.datetime:
        """A minute after the last time that somebody asked."""
        self.minutes += 1
        return datetime.datetime(2026, 3, 13, 9, tzinfo=datetime.UTC) + datetime.timedelta(
            minutes=self.minutes
        )

    def file(
        self, call: str, recording: Path | None = None, lines: Lines = SAID, **told: Any
    ) -> None:
        filed = a_call(call, lines=lines, **told)
        kept = filed.calls | {"recording": str(recording) if recording else None}
        file_call(self.archive, replace(filed, calls=kept))

    def desk(self, who: Person) -> ArchiveDesk:
        return ArchiveDesk(self.archive, who, self.now)

    def app(self, who: Person = SUE, desk: Reviewing | None = None, theme: Any = "dark") -> Any:
        seen = SeenFile(self.folder / f"seen-{who.id}")
        return ReviewApp(desk or self.desk(who), self.play, self.now, seen, theme)

    async def play(self, path: Path, start: float, end: float) -> None:
        self.played.append((path, start, end))
        try:
            await asyncio.sleep(10.0)
        finally:
            self.silent.set()

    def reviews(self, moment: str) -> list[tuple[str, str, str]]:
        """Who said what of it; without a look."""
        return [(each.by, each.kind, each.text) for each in self.opened(moment).reviews]

    def opened(self, moment: str) -> Opened:
        return self.desk(CARL).open(moment)

    def ids(self, filters: Filters = EVERY) -> list[str]:
        return [each.id for each in self.desk(CARL).page(filters, size=500).moments]


@pytest.fixture(scope="module")
def filed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three calls; anna disputed the first cue of hers while it was on."""
    floor = Floor(tmp_path_factory.mktemp("filed"))
    floor.file("c1", disputed="I had said so a minute before")
    floor.file("c2", agent="bo", team="south", day=DAY - datetime.timedelta(days=3))
    floor.file("c3", agent="anna", day=DAY - datetime.timedelta(days=1))
    floor.archive.close()
    return floor.folder / "archive.sqlite"


@pytest.fixture
def floor(tmp_path: Path, filed: Path) -> Iterator[Floor]:
    """With a copy of that archive."""
    shutil.copy(filed, tmp_path)
    floor = Floor(tmp_path)
    yield floor
    floor.archive.close()


class Troubled:
    """A store that is away, or slow, for as long as it is told to be."""

    def __init__(self, desk: Reviewing) -> None:
        self._desk = desk
        self.away = False
        self.takes = 0.0

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._desk, name)
        if not callable(found):
            return found

        def asked(*told: Any) -> Any:
            time.sleep(self.takes)
            if self.away:
                raise MendableError("floor: can't be reached; is the server up?")
            return found(*told)

        return asked


async def at_queue(pilot: Pilot[None]) -> QueueScreen:
    await shown(pilot, QueueScreen)
    await until(pilot, lambda: " wait" in text_of(pilot.app))
    assert isinstance(pilot.app.screen, QueueScreen)
    return pilot.app.screen


async def at_moment(pilot: Pilot[None], key: str = "enter") -> MomentScreen:
    """Opens the marked one, and waits for its words."""
    await pilot.press(key)
    await shown(pilot, MomentScreen)
    screen = pilot.app.screen
    assert isinstance(screen, MomentScreen)
    await until(pilot, lambda: screen.opened is not None and "►" in text_of(pilot.app))
    return screen


async def moved(pilot: Pilot[None], screen: MomentScreen, before: str) -> str:
    """Waits for another moment to be there with its words; its id."""

    def there() -> bool:
        return screen.opened is not None and screen.opened.moment.id != before

    await until(pilot, there)
    assert screen.opened
    return screen.opened.moment.id


def id_of(screen: MomentScreen) -> str:
    assert screen.opened
    return screen.opened.moment.id


def keys_of(screen: Screen[Any]) -> set[str]:
    """The keys that may be pressed there."""
    return {key for key, binding in screen.active_bindings.items() if binding.enabled}


# How it looks


@pytest.mark.parametrize(
    ("size", "theme"),
    [(SMALL, "dark"), (SMALL, "light"), (LARGE, "dark"), (LARGE, "light")],
    ids=["80x24-dark", "80x24-light", "120x40-dark", "120x40-light"],
)
class TestLooks:
    def test_the_queue(
        self, floor: Floor, snap_compare: Callable[..., bool], size: tuple[int, int], theme: Any
    ) -> None:
        async def before(pilot: Pilot[None]) -> None:
            await at_queue(pilot)

        app = floor.app(theme=theme)
        assert snap_compare(app, terminal_size=size, run_before=before)

    def test_a_disputed_moment_that_is_overruled(
        self, floor: Floor, snap_compare: Callable[..., bool], size: tuple[int, int], theme: Any
    ) -> None:
        async def before(pilot: Pilot[None]) -> None:
            (await at_queue(pilot)).show(Filters(disputed=True))
            await until(pilot, lambda: "Shown: not judged yet, disputed" in text_of(pilot.app))
            await until(pilot, lambda: "reading" not in text_of(pilot.app))
            await at_moment(pilot)
            await pilot.press("o")

        app = floor.app(theme=theme)
        assert snap_compare(app, terminal_size=size, run_before=before)


def test_the_filters_narrow_as_one_types(floor: Floor, snap_compare: Callable[..., bool]) -> None:
    async def before(pilot: Pilot[None]) -> None:
        await at_queue(pilot)
        await pilot.press("f", "r", *"dis")
        await until(pilot, lambda: "dismissive" in text_of(pilot.app))

    assert snap_compare(floor.app(), terminal_size=SMALL, run_before=before)


def test_the_rules_with_small_numbers(floor: Floor, snap_compare: Callable[..., bool]) -> None:
    for moment in floor.ids()[:3]:
        floor.desk(SUE).add(moment, "agree")

    async def before(pilot: Pilot[None]) -> None:
        await at_queue(pilot)
        await pilot.press("k")
        await until(pilot, lambda: "too few to tell" in text_of(pilot.app))

    assert snap_compare(floor.app(theme="light"), terminal_size=SMALL, run_before=before)


def test_the_help_says_what_the_data_is_for(
    floor: Floor, snap_compare: Callable[..., bool]
) -> None:
    async def before(pilot: Pilot[None]) -> None:
        await at_queue(pilot)
        await pilot.press("question_mark")
        await shown(pilot, HelpScreen)
        assert " ".join(APART.split()[:6]) in text_of(pilot.app)

    assert snap_compare(floor.app(), terminal_size=SMALL, run_before=before)


# The queue


async def test_the_queue_has_the_most_pressing_first_in_words_and_says_who_one_is(
    floor: Floor,
) -> None:
    app = floor.app()
    async with app.run_test(size=LARGE) as pilot:
        await at_queue(pilot)
        text = text_of(app)
        count = len(floor.ids(Filters()))
        assert f"Sue, supervisor of north and south · {count} wait, 1 disputed" in text
        assert "Shown: not judged yet" in text
        first, last = (
            next(at for at, line in enumerate(text.splitlines()) if mark in line)
            for mark in ("■ STOP", "◆ FIX")
        )
        assert first < last
        assert "anna · 12 Mar 2026 10:00 · disputed" in text


async def test_going_down_reads_page_after_page_to_the_end(
    floor: Floor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sitting, "PAGE", 4)
    for number in range(8):
        floor.file(f"more-{number}")
    app = floor.app()
    async with app.run_test(size=SMALL) as pilot:
        queue = await at_queue(pilot)
        await pilot.press("end")
        for _ in range(20):
            await pilot.press("end")
            await pilot.pause(0.02)
        await until(pilot, lambda: app.sitting.queue.whole)
        assert [each.id for each in app.sitting.queue.moments] == floor.ids(Filters())
        await until(pilot, lambda: queue.list.option_count == len(floor.ids(Filters())))


async def test_filters_are_chosen_by_keys_and_cleared_by_one(floor: Floor) -> None:
    app = floor.app()
    async with app.run_test(size=LARGE) as pilot:
        queue = await at_queue(pilot)
        await pilot.press("f")
        await shown(pilot, FiltersScreen)
        await pilot.press("a", *"bo")
        await until(pilot, lambda: "any\n" not in text_of(app) and "bo" in text_of(app))
        await pilot.press("enter", "f", *"2026-03-01", "enter", "u", *"whenever", "enter")
        assert "'whenever' is no day" in text_of(app)
        await pilot.press("escape", "escape")
        await shown(pilot, QueueScreen)
        await until(pilot, lambda: "agent bo, from 01 Mar 2026" in text_of(app))
        await until(pilot, lambda: {each.agent for each in queue._drawn} == {"bo"})
        await pilot.press("c")
        await until(pilot, lambda: {each.agent for each in queue._drawn} == {"anna", "bo"})


def test_a_day_may_be_told_in_several_ways() -> None:
    since = next(each for each in fields.FIELDS if each.name == "since")
    today = datetime.date(2026, 3, 12)
    told = [fields.typed(since, text, today) for text in ("today", "Yesterday", "7", "2026-02-28")]
    days = [datetime.date(2026, 3, 12), datetime.date(2026, 3, 11), datetime.date(2026, 3, 5)]
    assert told == [*days, datetime.date(2026, 2, 28)]
    assert fields.typed(since, "  ", today) is None


async def test_searched_words_open_their_call_at_the_turn_and_from_there_the_moment(
    floor: Floor,
) -> None:
    app = floor.app()
    async with app.run_test(size=LARGE) as pilot:
        await at_queue(pilot)
        await pilot.press("slash", *"bailiff", "enter")
        await until(pilot, lambda: "6 places" in text_of(app))
        await pilot.press("enter")
        await shown(pilot, CallScreen)
        await until(pilot, lambda: "►" in text_of(app) and "bailiff" in text_of(app))
        assert isinstance(app.screen, CallScreen)
        assert app.screen.opened
        call = app.screen.opened.call
        await pilot.press("m")
        await shown(pilot, MomentScreen)
        assert isinstance(app.screen, MomentScreen)
        await until(pilot, lambda: app.screen.opened is not None)
        assert id_of(app.screen) in (f"{call}/c1", f"{call}/c2")


async def test_a_search_can_filter_the_queue(floor: Floor) -> None:
    floor.file("other", lines=(("agent", "It is about your zebra account."), *SAID[1:]))
    app = floor.app()
    async with app.run_test(size=LARGE) as pilot:
        queue = await at_queue(pilot)
        await pilot.press("slash", *"zebra", "enter")
        await shown(pilot, SearchScreen)
        await until(pilot, lambda: "1 place." in text_of(app))
        await pilot.press("f")
        await shown(pilot, QueueScreen)
        await until(pilot, lambda: 'Shown: calls with "zebra"' in text_of(app))
        await until(pilot, lambda: {each.call for each in queue._drawn} == {"other"})


# Moments


async def test_a_moment_shows_its_turn_in_the_middle_with_the_words_marked(floor: Floor) -> None:
    app = floor.app()
    async with app.run_test(size=SMALL) as pilot:
        queue = await at_queue(pilot)
        queue.list.highlighted = next(
            n for n, each in enumerate(queue._drawn) if each.rule == "danger"
        )
        await at_moment(pilot)
        text = text_of(app)
        rows = [at for at, line in enumerate(text.splitlines()) if "►" in line]
        assert 6 < sum(rows) / len(rows) < 18
        words = "".join(line.split("▏")[0].replace("►", "") for line in text.splitlines())
        marked = "»I don't want to be here any more, I can't go on like this«"
        assert marked in " ".join(words.split())
        assert "missed: the agent did not do it" in " ".join(text.split())
        await pilot.press("home")
        assert "Am I speaking with Helen" in text_of(app)


async def test_agreeing_and_overruling_go_straight_on_and_stand_in_the_archive(
    floor: Floor,
) -> None:
    wanted = floor.ids(Filters())
    app = floor.app()
    async with app.run_test(size=SMALL) as pilot:
        await at_queue(pilot)
        screen = await at_moment(pilot)
        await pilot.press("a")
        assert await moved(pilot, screen, wanted[0]) == wanted[1]
        for key in ("o", "2"):  # both before the screen has seen the first
            app.post_message(Key(key, key))
        assert await moved(pilot, screen, wanted[1]) == wanted[2]
        await pilot.press("o", *"no 2nd call", "enter")
        assert await moved(pilot, screen, wanted[2]) == wanted[3]
        await pilot.press("escape")
        queue = await at_queue(pilot)
        assert queue.list.highlighted == 3
        assert text_of(app).count("overruled") == 2
        await until(pilot, lambda: not app.sitting.outbox)
    assert floor.reviews(wanted[0])[-1] == ("sue", "agree", "")
    usual = "it was done already, or just after"
    assert floor.reviews(wanted[1])[-1] == ("sue", "overrule", usual)
    assert floor.reviews(wanted[2])[-1] == ("sue", "overrule", "no 2nd call")
    assert floor.opened(wanted[2]).moment.standing == "overruled"


async def test_u_goes_back_and_the_latest_judgement_counts(floor: Floor) -> None:
    first, second, *_ = floor.ids(Filters())
    app = floor.app()
    async with app.run_test(size=SMALL) as pilot:
        await at_queue(pilot)
        screen = await at_moment(pilot)
        await pilot.press("a")
        await moved(pilot, screen, first)
        await pilot.press("u")
        assert await moved(pilot, screen, second) == first
        await until(pilot, lambda: "sue: agreed" in " ".join(text_of(app).split()))
        await pilot.press("o", "3")
        await moved(pilot, screen, first)
        await until(pilot, lambda: not app.sitting.outbox)
    assert [kind for _, kind, _ in floor.reviews(first)] == ["agree", "overrule"]
    assert floor.opened(first).moment.standing == "overruled"


async def test_a_slow_server_delays_neither_the_next_moment_nor_the_screen(floor: Floor) -> None:
    desk = Troubled(floor.desk(SUE))
    wanted = floor.ids(Filters())
    app = floor.app(desk=desk)
    async with app.run_test(size=SMALL) as pilot:
        await at_queue(pilot)
        screen = await at_moment(pilot)
        await until(pilot, lambda: all(t.done() for t in app.sitting.ahead._opening.values()))
        desk.takes = 1.0
        began = time.monotonic()
        await pilot.press("a")
        await moved(pilot, screen, wanted[0])
        assert time.monotonic() - began < 0.5
        assert len(app.sitting.outbox) == 1
        await pilot.press("t")
        assert app.theme == "agentassist-light"
        desk.takes = 0.0
        await until(pilot, lambda: not app.sitting.outbox)
    assert floor.reviews(wanted[0])[-1][1] == "agree"


async def test_comment_praise_and_share_stay_at_the_moment(floor: Floor) -> None:
    first = floor.ids(Filters())[0]
    app = floor.app()
    async with app.run_test(size=LARGE) as pilot:
        await at_queue(pilot)
        screen = await at_moment(pilot)
        await pilot.press("p", "c", *"Well held.", "enter", "s")
        told = " ".join(text_of(app).split())
        assert "Nothing of it is used before" in told
        assert "redacted, without names" in told
        await pilot.press("enter")
        await until(pilot, lambda: not app.sitting.outbox)
        assert id_of(screen) == first
        await until(pilot, lambda: "asked to share it" in " ".join(text_of(app).split()))
    said = [(kind, text) for _, kind, text in floor.reviews(first)]
    assert sorted(said) == [("comment", "Well held."), ("praise", ""), ("share", "")]


async def test_words_of_a_call_are_never_markup_nor_escape_codes(floor: Floor) -> None:
    nasty = "[bold]You're a liar[/bold] and \x1b[31ma drama queen."
    lines: Lines = (*SAID[:4], ("agent", nasty), *SAID[5:])
    floor.file("nasty", lines=lines, day=DAY + datetime.timedelta(days=1))
    app = floor.app()
    async with app.run_test(size=LARGE) as pilot:
        queue = await at_queue(pilot)
        queue.list.highlighted = next(
            n for n, each in enumerate(queue._drawn) if each.call == "nasty" and each.turn == 4
        )
        await at_moment(pilot)
        text = text_of(app).replace("»", "").replace("«", "")
        assert "[bold]You're a liar[/bold] and  [31ma drama queen." in text
        assert "\x1b" not in text_of(app)


# Who may do what


async def test_compliance_reads_and_has_no_key_to_say_anything(floor: Floor) -> None:
    first = floor.ids(Filters())[0]
    app = floor.app(CARL)
    async with app.run_test(size=LARGE) as pilot:
        await at_queue(pilot)
        assert "Carl, compliance: all calls, to read only" in text_of(app)
        screen = await at_moment(pilot)
        assert not keys_of(screen) & set("aocpsrdyu")
        await pilot.press("a", "o", "p")
        assert id_of(screen) == first
        assert not app.sitting.outbox
    assert floor.reviews(first) == []


async def test_an_agents_dispute_is_answered_and_the_answer_is_told_once(floor: Floor) -> None:
    agents = floor.app(ANNA)
    async with agents.run_test(size=LARGE) as pilot:
        await at_queue(pilot)
        assert {each.agent for each in agents.sitting.queue.moments} == {"anna"}
        screen = await at_moment(pilot)
        moment = id_of(screen)
        assert {"d", "c"} <= keys_of(screen)
        assert not keys_of(screen) & set("aops")
        await pilot.press("d", "1")
        await until(pilot, lambda: not agents.sitting.outbox)
        await until(pilot, lambda: "! DISPUTED by anna" in text_of(agents))
    sups = floor.app()
    async with sups.run_test(size=LARGE) as pilot:
        await at_queue(pilot)
        screen = await at_moment(pilot)
        assert id_of(screen) == moment
        assert "my words meant something else here" in text_of(sups)
        await pilot.press("r", "1")
        await until(pilot, lambda: not sups.sitting.outbox)
        assert "r" not in keys_of(screen)
    news = "1 thing is new in what others said of your moments"
    again = floor.app(ANNA)
    async with again.run_test(size=LARGE) as pilot:
        await at_queue(pilot)
        await until(pilot, lambda: news in text_of(again))
        await pilot.press("w")
        await shown(pilot, AnswersScreen)
        await until(pilot, lambda: "answer - you are right" in text_of(again))
        await pilot.press("enter")
        await shown(pilot, MomentScreen)
        await pilot.press("escape", "escape")
        await at_queue(pilot)
        assert news not in text_of(again)
    later = floor.app(ANNA)
    async with later.run_test(size=LARGE) as pilot:
        await at_queue(pilot)
        await pilot.pause(0.1)
        assert news not in text_of(later)


async def test_an_agent_consents_to_what_was_asked_and_told(floor: Floor) -> None:
    mine = next(x for x in floor.ids() if x.startswith("c1/"))
    floor.desk(SUE).add(mine, "share")
    app = floor.app(ANNA)
    async with app.run_test(size=LARGE) as pilot:
        queue = await at_queue(pilot)
        at = next(n for n, each in enumerate(queue._drawn) if each.id == mine)
        queue.list.highlighted = at
        screen = await at_moment(pilot)
        assert "y" in keys_of(screen)
        await pilot.press("y")
        assert "redacted, without names" in " ".join(text_of(app).split())
        await pilot.press("escape")
        assert not app.sitting.outbox
        await pilot.press("y", "enter")
        await until(pilot, lambda: not app.sitting.outbox)
        assert "y takes it back" in text_of(app)
        await pilot.press("y")
        assert "TAKE BACK YOUR CONSENT?" in text_of(app)
        await pilot.press("enter")
        await until(pilot, lambda: not app.sitting.outbox)
    assert floor.reviews(mine)[-2:] == [("anna", "consent", ""), ("anna", "withdraw", "")]


# Rules


async def test_the_rules_sort_and_open_their_moments(floor: Floor) -> None:
    for moment in floor.ids():
        floor.desk(SUE).add(moment, "agree")
    app = floor.app(CARL)
    async with app.run_test(size=LARGE) as pilot:
        await at_queue(pilot)
        await pilot.press("k")
        await until(pilot, lambda: "too few to tell (3 of 3 right)" in text_of(app))
        await pilot.press("s", "s", "s")
        assert "raised most" in text_of(app)
        assert isinstance(app.screen, PrecisionScreen)
        rule = app.screen._rules[0].rule
        await pilot.press("enter")
        await shown(pilot, QueueScreen)
        await until(pilot, lambda: {each.rule for each in app.queue._drawn} == {rule})


# When the store is away


async def test_a_queue_out_of_reach_is_one_line_and_any_key_tries_again(floor: Floor) -> None:
    desk = Troubled(floor.desk(SUE))
    desk.away = True
    app = floor.app(desk=desk)
    async with app.run_test(size=SMALL) as pilot:
        await shown(pilot, QueueScreen)
        told = "! floor: can't be reached; is the server up? · any key tries again"
        await until(pilot, lambda: told in text_of(app))
        desk.away = False
        await pilot.press("down")
        await until(pilot, lambda: "■ STOP" in text_of(app))
        assert told not in text_of(app)
        desk.away = True
        await pilot.press("enter")
        await until(pilot, lambda: told in text_of(app))
        desk.away = False
        await at_moment(pilot, "t")


async def test_a_review_that_could_not_be_written_is_written_at_the_next_key(
    floor: Floor,
) -> None:
    desk = Troubled(floor.desk(SUE))
    first = floor.ids(Filters())[0]
    app = floor.app(desk=desk)
    async with app.run_test(size=SMALL) as pilot:
        await at_queue(pilot)
        screen = await at_moment(pilot)
        await until(pilot, lambda: all(t.done() for t in app.sitting.ahead._opening.values()))
        desk.away = True
        await pilot.press("a")
        await moved(pilot, screen, first)
        await until(pilot, lambda: bool(app.sitting.outbox.trouble))
        assert "can't be reached" in text_of(app)
        await pilot.press("q")
        await pilot.pause()
        assert "1 review is not written yet" in text_of(app)
        assert not app._exit
        desk.away = False
        await pilot.press("pagedown")
        await until(pilot, lambda: not app.sitting.outbox)
    assert floor.reviews(first)[-1][:2] == ("sue", "agree")


# Sound


async def test_without_a_recording_the_desk_says_so(floor: Floor) -> None:
    app = floor.app()
    async with app.run_test(size=LARGE) as pilot:
        await at_queue(pilot)
        await at_moment(pilot)
        await pilot.press("space")
        assert "No recording of this call: none was kept" in text_of(app)


async def test_space_plays_from_five_seconds_before_the_turn_to_its_end_and_stops(
    floor: Floor, monkeypatch: pytest.MonkeyPatch
) -> None:
    sound = floor.folder / "call.wav"
    sound.touch()
    floor.file("heard", recording=sound, day=DAY + datetime.timedelta(days=1))
    app = floor.app()
    async with app.run_test(size=LARGE) as pilot:
        queue = await at_queue(pilot)
        queue.list.highlighted = next(
            n for n, each in enumerate(queue._drawn) if each.call == "heard" and each.turn == 2
        )
        screen = await at_moment(pilot)
        assert screen.opened
        turn = screen.opened.said[2]
        await pilot.press("space")
        await until(pilot, lambda: "Space stops it" in text_of(app))
        assert floor.played == [(sound, max(0.0, turn.start - 5.0), turn.end)]
        await pilot.press("space")
        await until(pilot, floor.silent.is_set)
        assert "Space stops it" not in text_of(app)
        monkeypatch.setenv("TEXTUAL_DRIVER", "textual.drivers.web_driver:WebDriver")
        await pilot.press("space")
        await until(pilot, lambda: "on the machine that serves this page" in text_of(app))


def test_reviews_by_others_are_told_with_who_and_when() -> None:
    from agentassist.tui.review import words

    at = datetime.datetime(2026, 3, 12, 15, 2, tzinfo=datetime.UTC)
    said = Review("r", "m", "s\x1bue", "overrule", at, "mis\nheard")
    assert words.review(said) == "12 Mar 2026 15:02 s ue: overruled - mis heard"
