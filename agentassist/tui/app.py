"""The program on the terminal: starts the session, hears of changes, moves between screens."""

import asyncio
import contextlib
from collections.abc import Callable
from pathlib import Path
from typing import ClassVar, Literal

from textual import on
from textual.app import App
from textual.binding import Binding, BindingType
from textual.command import Provider

from agentassist import events as ev
from agentassist.call import Call
from agentassist.session import CallSession
from agentassist.tui.commands import KeyCommands
from agentassist.tui.foot import NOTICE_FOR
from agentassist.tui.live.screen import LiveScreen
from agentassist.tui.messages import CallChanged, MomentWanted, NoteWanted
from agentassist.tui.note.screen import NoteScreen
from agentassist.tui.themes import THEMES

REDRAW_EVERY = 0.1
"""Seconds between two drawings of the call, at least."""

LOOK_EVERY = 0.5
"""Seconds between looks at what no event tells: the tape's state, a session that died."""


class CoachApp(App[None]):
    """The coach beside one call, live or played. Run it with `run`."""

    CSS_PATH = "app.tcss"
    TITLE = "agentassist"
    COMMANDS: ClassVar[set[type[Provider] | Callable[[], type[Provider]]]] = {KeyCommands}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("t", "switch_theme", "Theme", show=False, tooltip="Light or dark"),
        Binding("q", "quit", "Quit", tooltip="Quit"),
        Binding("ctrl+q", "quit", "Quit", show=False, priority=True, system=True),
    ]

    def __init__(
        self,
        session: CallSession,
        *,
        title: str,
        notes_folder: Path,
        theme: Literal["dark", "light"] = "dark",
    ) -> None:
        """The session must not run yet: the app starts it, and stops it when it is left."""
        super().__init__()
        for known in THEMES.values():
            self.register_theme(known)
        self.theme = THEMES[theme].name
        self.animation_level = "none"
        self._session = session
        self._title = title
        self._notes_folder = notes_folder
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

    async def on_unmount(self) -> None:
        await asyncio.to_thread(self._session.stop)

    def action_switch_theme(self) -> None:
        self.theme = THEMES["light" if self.current_theme.dark else "dark"].name

    async def action_quit(self) -> None:
        """Asks once, in the last line, while something would be lost."""
        question = self._question()
        if self._asked_to_quit or not question:
            self.exit()
            return
        self._asked_to_quit = True
        self.set_timer(NOTICE_FOR, self._forget_asking)
        self._say(question)

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
        if self._note:
            self._note.renew(self._session.call)
        self._open_note_when_due()
        self.set_timer(REDRAW_EVERY, self._listen_again)

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
            self._note = NoteScreen(self._session.call, self._title, self._notes_folder)
            self.install_screen(self._note, "note")
        self.push_screen("note")

    @on(MomentWanted)
    def _show_moment(self, wanted: MomentWanted) -> None:
        self.pop_screen()
        self.live.go_to(wanted.turn)

    def _question(self) -> str:
        """What to ask before leaving; empty where nothing would be lost."""
        call = self._session.call
        if call.started and not call.ended and not self._session.error:
            return "The call is still on. Press q again to quit."
        if self._note and self._note.unsaved:
            return "The note is not saved. Press q again to quit without it."
        return ""

    def _forget_asking(self) -> None:
        self._asked_to_quit = False

    def _say(self, text: str) -> None:
        screen = self.screen
        if isinstance(screen, LiveScreen | NoteScreen):
            screen.foot.say(text)
