"""The program on the terminal: starts the session, hears of changes, moves between screens."""

import asyncio
import contextlib
from collections.abc import Callable
from typing import ClassVar, Literal

from textual import on
from textual.app import App
from textual.binding import Binding, BindingType
from textual.command import Provider

from agentassist import events as ev
from agentassist.call import Call
from agentassist.errors import MendableError
from agentassist.session import CallSession
from agentassist.store.unfinished import UnfinishedNote, waiting
from agentassist.tui.commands import KeyCommands
from agentassist.tui.desk import Desk
from agentassist.tui.foot import NOTICE_FOR
from agentassist.tui.live.screen import LiveScreen
from agentassist.tui.messages import (
    CallChanged,
    MomentWanted,
    NextWanted,
    NoteWanted,
    WaitingOpened,
)
from agentassist.tui.note.moment import MomentScreen
from agentassist.tui.note.screen import NoteScreen
from agentassist.tui.note.shelf import FileShelf, RecordShelf, Shelf
from agentassist.tui.note.waiting import WaitingScreen, told
from agentassist.tui.themes import THEMES

REDRAW_EVERY = 0.1
"""Seconds between two drawings of the call, at least."""

TELL_WAITING_FOR = 10.0
"""Seconds at the start for which the last line tells of notes that wait."""

LOOK_EVERY = 0.5
"""Seconds between looks at what no event tells: the tape's state, a session that died."""


class CoachApp(App[Literal["next"]]):
    """The coach beside one call, live or played. `run` gives "next" where the next is wanted."""

    CSS_PATH = "app.tcss"
    TITLE = "agentassist"
    COMMANDS: ClassVar[set[type[Provider] | Callable[[], type[Provider]]]] = {KeyCommands}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("t", "switch_theme", "Theme", show=False, tooltip="Light or dark"),
        Binding("l", "waiting", "Waiting", show=False, tooltip="Notes that wait to be finished"),
        Binding("q", "quit", "Quit", tooltip="Quit"),
        Binding("ctrl+q", "quit", "Quit", show=False, priority=True, system=True),
    ]

    def __init__(
        self,
        session: CallSession,
        *,
        title: str,
        desk: Desk,
        kept: UnfinishedNote | None = None,
        theme: Literal["dark", "light"] = "dark",
    ) -> None:
        """The session must not run yet: the app starts it, and stops it when it is left.

        `kept` is where the call is kept, and held, until its note is approved.
        """
        super().__init__()
        for known in THEMES.values():
            self.register_theme(known)
        self.theme = THEMES[theme].name
        self.animation_level = "none"
        self._session = session
        self._title = title
        self._desk = desk
        self._shelf: Shelf = (
            RecordShelf(kept, desk.by, desk.now) if kept else FileShelf(desk.notes, title)
        )
        self._waiting_held = contextlib.ExitStack()
        self._drawn: Call | None = None
        self._drawn_tape: tuple[object, ...] = ()
        self._telling = False
        self._asked_to_quit = False
        self._note: NoteScreen | None = None
        self._looks_after_end = 0
        self.live = LiveScreen(session, title)

    async def on_mount(self) -> None:
        await self.push_screen(self.live)
        self._session.add_sink(self._hear)
        self._session.start()
        self.set_interval(LOOK_EVERY, self._look)
        self.post_message(CallChanged())
        if count := len(waiting(self._desk.data)):
            self.live.foot.say(f"{told(count)}: l lists them.", TELL_WAITING_FOR)

    async def on_unmount(self) -> None:
        self._waiting_held.close()
        await asyncio.to_thread(self._session.stop)

    def action_switch_theme(self) -> None:
        self.theme = THEMES["light" if self.current_theme.dark else "dark"].name

    async def action_quit(self) -> None:
        """Asks once, in the last line, while something would be lost."""
        if self._may_leave():
            self.exit()

    def _may_leave(self) -> bool:
        """Whether nothing would be lost, or the agent was asked already; asks otherwise."""
        question = self._question()
        if self._asked_to_quit or not question:
            return True
        self._asked_to_quit = True
        self.set_timer(NOTICE_FOR, self._forget_asking)
        self._say(question)
        return False

    def action_help_quit(self) -> None:
        """Ctrl+C, which ends other programs."""
        self.call_later(self.action_quit)

    def _hear(self, _event: ev.AnyEvent) -> None:
        """The session's sink, on the session's thread: tell the app once, however much comes."""
        if not self._telling:
            self._telling = True
            with contextlib.suppress(RuntimeError):  # the app's loop may just have closed
                self.post_message(CallChanged())

    @on(CallChanged)
    def _draw(self) -> None:
        self._telling = True
        self._drawn, self._drawn_tape = self._session.call, self._tape()
        self.live.refresh_call()
        self._tell_of_urgent_cue()
        if self._note:
            self._note.renew(self._session.call)
        self._open_note_when_due()
        self.set_timer(REDRAW_EVERY, self._listen_again)

    def _tell_of_urgent_cue(self) -> None:
        """Where something else is in front of a call that goes on."""
        call = self._session.call
        urgent = any(record.cue.priority == "urgent" for record in call.active_cues())
        if urgent and not call.ended and self.screen is not self.live:
            self._say("URGENT: the coach has a cue for your call. Esc or b goes back to it.")

    def _listen_again(self) -> None:
        self._telling = False
        self._redraw_if_changed()

    def _redraw_if_changed(self) -> None:
        changed = self._session.call is not self._drawn or self._tape() != self._drawn_tape
        if changed and not self._telling:
            self._draw()

    def _look(self) -> None:
        if self._session.call.ended:
            self._looks_after_end += 1
        self._redraw_if_changed()
        self._open_note_when_due()

    def _tape(self) -> tuple[object, ...]:
        """What is drawn of the session beside its call."""
        tape = self._session.playback
        played = (tape.paused, tape.speed, tape.seeking) if tape else ()
        return (*played, self._session.error)

    def _open_note_when_due(self) -> None:
        """Once, as soon as the note is there; without one, after a second or so."""
        call = self._session.call
        due = call.ended and (call.note is not None or self._looks_after_end > 1)
        if due and self._note is None and self.screen is self.live:
            self._open_note()

    @on(NoteWanted)
    def _open_note(self) -> None:
        if self._note is None:
            self._note = NoteScreen(self._session.call, self._title, self._shelf, self._desk)
            self.install_screen(self._note, "note")
        self.push_screen("note")

    @on(MomentWanted)
    def _show_moment(self, wanted: MomentWanted) -> None:
        if self.screen is self._note:
            self.pop_screen()
            self.live.go_to(wanted.turn)
        elif isinstance(self.screen, NoteScreen):
            self.push_screen(MomentScreen(self.screen.call, self.screen.told, wanted.turn))

    def action_waiting(self) -> None:
        """The list of notes that wait; from a note, back to it later."""
        if self.screen in (self.live, self._note):
            self.push_screen(WaitingScreen(self._desk))

    @on(WaitingOpened)
    def _open_waiting(self, opened: WaitingOpened) -> None:
        self.run_worker(self._open_unfinished(opened.identity), exclusive=True)

    async def _open_unfinished(self, identity: str) -> None:
        note = UnfinishedNote(self._desk.data, identity)
        try:
            self._waiting_held.enter_context(note.held())
            call = await asyncio.to_thread(note.call, self._desk.coach)
        except MendableError as error:
            self._waiting_held.close()
            self._say(f"Can't open it: {error}")
            return
        shelf = RecordShelf(note, self._desk.by, self._desk.now)
        screen = NoteScreen(call, note.about.title, shelf, self._desk)
        await self.push_screen(screen, lambda _: self._waiting_held.close())

    @on(NextWanted)
    async def _next(self) -> None:
        if not self._desk.has_next:
            self._say("This was a recorded call: no next one follows. q quits.")
        elif self._may_leave():
            self.exit("next")

    def _question(self) -> str:
        """What to ask before leaving; empty where nothing would be lost."""
        call = self._session.call
        if call.started and not call.ended and not self._session.error:
            return "The call is still on. Press q again to quit."
        if self._note and self._note.loses:
            return "The note is not saved. Press the key again to leave without it."
        return ""

    def _forget_asking(self) -> None:
        self._asked_to_quit = False

    def _say(self, text: str) -> None:
        screen = self.screen
        if isinstance(screen, LiveScreen | NoteScreen | WaitingScreen | MomentScreen):
            screen.foot.say(text)
