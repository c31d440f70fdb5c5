"""The program on the terminal: starts the session, hears of changes, moves between screens."""

import asyncio
import contextlib
from typing import Literal

from textual import on

from agentassist import events as ev
from agentassist.call import Call
from agentassist.pause import pause_after
from agentassist.session import CallSession
from agentassist.store.unfinished import UnfinishedNote, waiting
from agentassist.tui.brief.screen import BriefScreen
from agentassist.tui.desk import Desk
from agentassist.tui.desk_app import DeskApp, Theme
from agentassist.tui.foot import NOTICE_FOR
from agentassist.tui.live.screen import LiveScreen
from agentassist.tui.messages import (
    BriefWanted,
    CallChanged,
    NextBegan,
    NextWanted,
    NoteWanted,
    PlanKept,
    PlanWanted,
)
from agentassist.tui.note.screen import NoteScreen
from agentassist.tui.note.shelf import FileShelf, RecordShelf, Shelf
from agentassist.tui.note.waiting import told
from agentassist.tui.plan.screen import PlanScreen

REDRAW_EVERY = 0.1
"""Seconds between two drawings of the call, at least."""

TELL_WAITING_FOR = 10.0
"""Seconds at the start for which the last line tells of notes that wait."""

LOOK_EVERY = 0.5
"""Seconds between looks at what no event tells: the tape's state, a session that died."""


class CoachApp(DeskApp[Literal["next"]]):
    """The coach beside one call, live or played. `run` gives "next" where the next is wanted."""

    def __init__(
        self,
        session: CallSession,
        *,
        title: str,
        desk: Desk,
        kept: UnfinishedNote | None = None,
        theme: Theme = "dark",
    ) -> None:
        """The session must not run yet: the app starts it, and stops it when it is left.

        `kept` is where the call is kept, and held, until its note is approved.
        """
        super().__init__(desk, theme)
        self._session = session
        self._title = title
        self._shelf: Shelf = (
            RecordShelf(kept, desk.by, desk.now, desk.filing)
            if kept
            else FileShelf(desk.notes, title)
        )
        self._drawn: Call | None = None
        self._drawn_tape: tuple[object, ...] = ()
        self._telling = False
        self._asked_to_quit = False
        self._note: NoteScreen | None = None
        self._plan: PlanScreen | None = None
        self._looks_after_end = 0
        self.live = LiveScreen(session, title, desk.colleagues, desk.pack_of)

    async def on_mount(self) -> None:
        await self.push_screen(self.live)
        self._session.add_sink(self._hear)
        self._session.start()
        self.set_interval(LOOK_EVERY, self._look)
        self.post_message(CallChanged())
        if count := len(waiting(self.desk.data)):
            self.live.foot.say(f"{told(count)}: l lists them.", TELL_WAITING_FOR)

    async def on_unmount(self) -> None:
        await asyncio.to_thread(self._session.stop)

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
        self.say(question)
        return False

    def _hear(self, _event: ev.AnyEvent) -> None:
        """The session's sink, on the session's thread: tell the app once, however much comes."""
        if not self._telling:
            self._telling = True
            with contextlib.suppress(RuntimeError):  # the app's loop may just have closed
                self.post_message(CallChanged())

    @on(CallChanged)
    def _draw(self) -> None:
        if not self.screen_stack:
            return  # the app is being left, while a live call still comes to its end
        self._telling = True
        self._drawn, self._drawn_tape = self._session.call, self._tape()
        self.live.refresh_call()
        self._tell_of_urgent_cue()
        if self._plan:
            self._plan.refresh_call()
        if self._note:
            self._note.renew(self._session.call)
        self._open_note_when_due()
        self.set_timer(REDRAW_EVERY, self._listen_again)

    def _tell_of_urgent_cue(self) -> None:
        """Where something else is in front of a call that goes on."""
        call = self._session.call
        urgent = any(record.cue.priority == "urgent" for record in call.active_cues())
        if urgent and not call.ended and self.screen is not self.live:
            key = "Esc" if self.screen is self._plan else "Esc or b"
            self.say(f"URGENT: the coach has a cue for your call. {key} goes back to it.")

    def _listen_again(self) -> None:
        self._telling = False
        self._redraw_if_changed()

    def _redraw_if_changed(self) -> None:
        changed = self._session.call is not self._drawn or self._tape() != self._drawn_tape
        if changed and not self._telling:
            self._draw()

    def _look(self) -> None:
        if not self.screen_stack:
            return
        if self._session.call.ended:
            self._looks_after_end += 1
        self._redraw_if_changed()
        self._open_note_when_due()

    def _tape(self) -> tuple[object, ...]:
        """What is drawn of the session beside its call."""
        tape = self._session.playback
        played = (tape.paused, tape.speed, tape.seeking) if tape else ()
        recorder = self._session.recorder
        recording = recorder.state if recorder else None
        return (*played, recording, self._session.error)

    def _open_note_when_due(self) -> None:
        """Once, as soon as the note is there; without one, after a second or so."""
        call = self._session.call
        due = call.ended and (call.note is not None or self._looks_after_end > 1)
        if due and self._note is None and self.screen is self.live:
            self._open_note()

    @on(PlanWanted)
    def _open_plan(self) -> None:
        if self._plan is None:
            self._plan = PlanScreen(self._session, self._title, self.desk)
            self.install_screen(self._plan, "plan")
        self.push_screen("plan")

    @on(PlanKept)
    def _plan_kept(self) -> None:
        self.pop_screen()
        self.live.foot.say("Kept: the note will tell it as drawn up. p opens it again.")

    @on(BriefWanted)
    def _show_brief(self) -> None:
        started = self._session.call.started
        if started and started.account and self.desk.brief:
            page = self.desk.brief(started.account, started.pack)
            self.push_screen(BriefScreen(page, picked=started.objective, on=True))

    @on(NoteWanted)
    def _open_note(self) -> None:
        if self._note is None:
            call = self._session.call
            pause = pause_after(call, self.desk.pauses)
            self._note = NoteScreen(call, self._title, self._shelf, self.desk, pause=pause)
            self.install_screen(self._note, "note")
        self.push_screen("note")

    def show_moment(self, turn: int) -> None:
        """One of the call's own note in the call, of another note's by itself."""
        if self.screen is self._note:
            self.pop_screen()
            self.live.go_to(turn)
        else:
            super().show_moment(turn)

    def may_list_waiting(self) -> bool:
        return self.screen in (self.live, self._note)

    @on(NextWanted)
    async def _next(self) -> None:
        if not self.desk.has_next:
            self.say("This was a recorded call: no next one follows. q quits.")
        elif self._may_leave():
            self.exit("next")

    @property
    def loses(self) -> bool:
        """Whether something would be lost if the next call came now."""
        return self._note is not None and self._note.loses

    @on(NextBegan)
    def _next_began(self) -> None:
        """Nobody was asked: what was written waits with the notes."""
        self.exit("next")

    def _question(self) -> str:
        """What to ask before leaving; empty where nothing would be lost."""
        call = self._session.call
        if call.started and not call.ended and not self._session.error:
            return "The call is still on. Press q again to quit."
        if self.loses:
            return "The note is not saved. Press the key again to leave without it."
        return ""

    def _forget_asking(self) -> None:
        self._asked_to_quit = False
