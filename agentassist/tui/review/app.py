"""The supervisor's desk on the screen: `agentassist review`."""

import asyncio
import datetime
import os
from collections.abc import Callable
from contextlib import suppress
from typing import ClassVar, Literal, Protocol

from textual import on
from textual.app import App
from textual.binding import Binding, BindingType
from textual.command import Provider
from textual.events import Event, Key

from agentassist.errors import MendableError
from agentassist.reviewing import Filters, Opened, Reviewing
from agentassist.tui import faults, themes
from agentassist.tui.commands import KeyCommands
from agentassist.tui.foot import Foot
from agentassist.tui.messages import LeaveWanted
from agentassist.tui.review import sound
from agentassist.tui.review.answers import AnswersScreen
from agentassist.tui.review.asking import ask
from agentassist.tui.review.filters import FiltersScreen
from agentassist.tui.review.help import HelpScreen
from agentassist.tui.review.messages import (
    AnswersSeen,
    CallWanted,
    FiltersWanted,
    MomentWanted,
)
from agentassist.tui.review.moment import MomentScreen
from agentassist.tui.review.precision import PrecisionScreen
from agentassist.tui.review.queue import QueueScreen
from agentassist.tui.review.search import SearchScreen
from agentassist.tui.review.sitting import Sitting
from agentassist.tui.review.trouble import TroubleLine
from agentassist.tui.review.whole_call import CallScreen
from agentassist.tui.wording import clean

ASKED_FOR = 6.0
"""Seconds within which a second press quits though something is not written."""

LAST_WORDS = 3.0
"""Seconds that are left for writing where nobody is there any more."""


class Seen(Protocol):
    """Until when this person has seen what others said of their moments."""

    def until(self) -> datetime.datetime | None: ...

    def mark(self, at: datetime.datetime) -> None: ...


class ReviewApp(App[None]):
    """The queue, and whatever is opened from it."""

    CSS_PATH = "../app.tcss"
    TITLE = "agentassist review"
    COMMANDS: ClassVar[set[type[Provider] | Callable[[], type[Provider]]]] = {KeyCommands}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("t", "switch_theme", "Theme", show=False, tooltip="Light or dark"),
        Binding("question_mark,f1", "help", "Help", key_display="?", tooltip="Keys and marks"),
        Binding("q", "quit", "Quit", show=False, tooltip="Quit"),
        Binding("ctrl+q", "quit", "Quit", show=False, priority=True, system=True),
    ]

    def __init__(
        self,
        desk: Reviewing,
        play: sound.Play,
        now: Callable[[], datetime.datetime],
        seen: Seen,
        theme: Literal["dark", "light"] = "dark",
    ) -> None:
        super().__init__()
        themes.dress(self, theme)
        self._play = play
        self._now = now
        self._seen = seen
        self._asked = False
        self.sitting = Sitting(desk, self._wrote, self._not_written)
        self.queue = QueueScreen(self.sitting)

    def _fatal_error(self) -> None:
        if os.environ.get(faults.DEBUG):
            super()._fatal_error()
        else:
            faults.quiet(self, self._exception)

    async def on_mount(self) -> None:
        await self.push_screen(self.queue)
        if self._has_own_moments:
            self.run_worker(self._tell_answers())

    def check_action(self, action: str, _parameters: tuple[object, ...]) -> bool | None:
        return action != "answers" or self._has_own_moments

    @property
    def _has_own_moments(self) -> bool:
        return self.sitting.desk.who.role in ("agent", "owner")

    async def on_event(self, event: Event) -> None:
        """Any key tries again what failed."""
        if isinstance(event, Key):
            self.sitting.outbox.again()
            if callable(again := getattr(self.screen, "again", None)):
                again()
        await super().on_event(event)

    def on_key(self, event: Key) -> None:
        """A key gets here where nothing took it: as one typed before a sheet was quite open."""
        if isinstance(self.screen, MomentScreen) and event.character and event.is_printable:
            self.screen.sheet.type_ahead(event.character)

    def say(self, text: str) -> None:
        """In the last line of the screen in front."""
        for foot in self.screen.query(Foot):
            foot.say(clean(text))

    # From screen to screen

    @on(MomentWanted)
    def _open_moment(self, wanted: MomentWanted) -> None:
        screen = MomentScreen(self.sitting, wanted.moment, self._play)

        def left(_: object) -> None:
            if self.screen is self.queue and (moment := screen.moment):
                self.queue.go_to(moment.id)

        self.push_screen(screen, left)

    @on(CallWanted)
    def _open_call(self, wanted: CallWanted) -> None:
        self.push_screen(CallScreen(self.sitting.desk, wanted.call, wanted.turn))

    @on(FiltersWanted)
    def _filter(self, wanted: FiltersWanted) -> None:
        """In the queue, whatever stands in front of it."""
        while self.screen is not self.queue and len(self.screen_stack) > 1:
            self.pop_screen()
        self._show(wanted.filters)

    def action_filter(self) -> None:
        today = self._now().date()
        panel = FiltersScreen(self.sitting.desk, self.sitting.queue.filters, today)
        self.push_screen(panel, self._show)

    def _show(self, filters: Filters | None) -> None:
        if filters is not None and filters != self.sitting.queue.filters:
            self.queue.show(filters)

    def action_search(self) -> None:
        self.push_screen(SearchScreen(self.sitting))

    def action_rules(self) -> None:
        self.push_screen(PrecisionScreen(self.sitting.desk))

    def action_answers(self) -> None:
        self.push_screen(AnswersScreen(self.sitting.desk))

    def action_help(self) -> None:
        if not isinstance(self.screen, HelpScreen):
            self.push_screen(HelpScreen())

    def action_switch_theme(self) -> None:
        themes.switch(self)

    # What others said

    async def _tell_answers(self) -> None:
        """One line, where something new was said of this person's moments."""
        try:
            reviews = await ask(self.sitting.desk.answers)
        except MendableError:
            return  # the queue tells of it
        until = self._seen.until()
        new = [each for each in reviews if until is None or each.at > until]
        if new:
            many = "1 thing is new" if len(new) == 1 else f"{len(new)} things are new"
            self.queue.tell(f"{many} in what others said of your moments: w shows it.")

    @on(AnswersSeen)
    def _answers_seen(self) -> None:
        self.queue.tell("")
        self._seen.mark(self._now())

    # What is written

    def _wrote(self, opened: Opened) -> None:
        self._tell_trouble("")
        for screen in self.screen_stack:
            if isinstance(screen, MomentScreen):
                screen.wrote(opened)

    def _not_written(self, why: str) -> None:
        waits = len(self.sitting.outbox)
        reviews = "a review is" if waits == 1 else f"{waits} reviews are"
        self._tell_trouble(f"{reviews} not written yet: {why}")

    def _tell_trouble(self, text: str) -> None:
        for screen in self.screen_stack:
            for line in screen.query(TroubleLine):
                line.tell(text)

    def action_help_quit(self) -> None:
        """Ctrl+C, which ends other programs."""
        self.call_later(self.action_quit)

    async def action_quit(self) -> None:
        """Asks once where a review would be lost."""
        waits = len(self.sitting.outbox)
        if waits and not self._asked:
            self._asked = True
            self.set_timer(ASKED_FOR, self._forget_asking)
            reviews = "1 review is" if waits == 1 else f"{waits} reviews are"
            why = f" ({self.sitting.outbox.trouble})" if self.sitting.outbox.trouble else ""
            self.say(f"{reviews} not written yet{why}. q again leaves it so.")
            return
        self.exit()

    @on(LeaveWanted)
    async def _leave(self) -> None:
        """Without a question: the tab is gone. What was judged is written first."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self.sitting.outbox.settle(), LAST_WORDS)
        self.exit()

    def _forget_asking(self) -> None:
        self._asked = False
