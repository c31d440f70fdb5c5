"""The brief on the screen: read before the call, picked by a key, looked at again during it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace
from textual.app import App
from textual.widgets import Static

from agentassist import packs, tui
from agentassist.account import Wishes
from agentassist.brief import Brief
from agentassist.commands import desk
from agentassist.tui.brief.screen import BriefScreen
from agentassist.tui.live.screen import LiveScreen
from agentassist.tui.ready.screen import ReadyScreen
from agentassist.tui.themes import THEMES
from agentassist.vocabulary import Objective
from tests import screen_calls as calls
from tests.test_brief import DANA, NOW
from tests.test_ready_screen import ready

SMALL, LARGE = (80, 24), (120, 36)
RULES = packs.load()


class BriefApp(App[None]):
    """Nothing but the brief."""

    CSS_PATH = Path(tui.__file__).parent / "app.tcss"

    def __init__(self, page: Brief, theme: str = "dark", *, on: bool = False) -> None:
        super().__init__()
        for known in THEMES.values():
            self.register_theme(known)
        self.theme = THEMES[theme].name
        self.brief = BriefScreen(page, on=on)
        self.chosen: list[Objective | None] = []

    async def on_mount(self) -> None:
        await self.push_screen(self.brief, self.chosen.append)

    def text(self) -> str:
        return "\n".join(str(each.render()) for each in self.screen.query(Static))


def page_of(**changed: object) -> Brief:
    return desk.briefed(replace(DANA, **changed), RULES, "", NOW)


@pytest.mark.parametrize("size", [SMALL, LARGE])
@pytest.mark.parametrize("theme", ["dark", "light"])
def test_the_brief_is_one_page(
    snap_compare: Callable[..., bool], size: tuple[int, int], theme: str
) -> None:
    assert snap_compare(BriefApp(page_of(), theme), terminal_size=size)


async def test_the_suggested_objective_is_picked_unless_a_key_says_another() -> None:
    app = BriefApp(page_of(representative=None, wishes=None, ceased=()))
    async with app.run_test(size=SMALL) as pilot:
        assert "›5 follow up" in app.text()
        await pilot.press("3")
        assert "This call is to: Settle for less" in app.text()
        await pilot.press("enter")
    assert app.chosen == ["settle"]


async def test_what_was_chosen_before_is_picked_when_the_brief_opens(tmp_path: Path) -> None:
    app = ready(data=tmp_path)
    chosen: list[Objective] = []
    app.brief(page_of(wishes=None, ceased=()), chosen.append, "settle")
    async with app.run_test(size=SMALL) as pilot:
        await calls.shown(pilot, BriefScreen)
        assert isinstance(app.screen, BriefScreen)
        assert app.screen.objective == "settle"
        await pilot.press("enter")
        await calls.shown(pilot, ReadyScreen)
    assert chosen == ["settle"]


async def test_a_small_screen_tells_two_questions_at_the_top_and_the_others_below() -> None:
    page = page_of(wishes=Wishes(("email",)), ceased=("work",))
    app = BriefApp(page)
    async with app.run_test(size=SMALL) as pilot:
        top = str(app.brief.query_one("#brief-ringing", Static).render())
        below = str(app.brief.query_one("#brief-told", Static).render())
        assert len(page.asks) > 2
        assert [answer.what in top for answer in page.asks].count(True) == 2
        assert all(answer.what in top + below for answer in page.asks)
        await pilot.resize_terminal(*LARGE)
        await pilot.pause()
        top = str(app.brief.query_one("#brief-ringing", Static).render())
        assert all(answer.what in top for answer in page.asks)


async def test_where_a_rule_says_not_to_ring_it_asks_once_and_never_forbids() -> None:
    app = BriefApp(page_of(ceased=("all",)))
    async with app.run_test(size=SMALL) as pilot:
        assert "DON'T RING NOW" in app.text()
        await pilot.press("enter")
        assert app.chosen == []
        assert "Enter again" in app.brief.foot.notice
        await pilot.press("enter")
    assert app.chosen == [app.brief.objective]


async def test_during_the_call_it_is_only_looked_at() -> None:
    app = BriefApp(page_of(name="[b]Dana[/b]\x1b[31m"), on=True)
    async with app.run_test(size=SMALL) as pilot:
        assert "[b]Dana[/b] [31m" in app.text()
        await pilot.press("2", "enter")
        assert app.chosen == []
        await pilot.press("escape")
    assert app.chosen == [None]


async def test_the_key_shows_it_beside_the_call_and_goes_back() -> None:
    of = calls.played(4)
    assert of.call.started
    of.call = replace(of.call, started=replace(of.call.started, account=DANA))
    app = calls.app(of)
    app.desk = app.desk._replace(brief=lambda account, _: desk.briefed(account, RULES, "", NOW))
    async with app.run_test(size=LARGE) as pilot:
        await calls.shown(pilot, LiveScreen)
        await pilot.press("i")
        await calls.shown(pilot, BriefScreen)
        await pilot.press("i")
        await calls.shown(pilot, LiveScreen)
