"""The live screen: hands the call to its widgets, and the keys to the call. No flow here."""

from collections.abc import Callable, Sequence

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, Horizontal, Vertical
from textual.screen import Screen
from textual.widgets import Static

from agentassist.events import CallStarted
from agentassist.handover import Colleague
from agentassist.playback import Playback
from agentassist.session import CallSession
from agentassist.tui import help as help_panel
from agentassist.tui import wording
from agentassist.tui.foot import NOTICE_FOR, Foot
from agentassist.tui.live import steering
from agentassist.tui.live.checklist import Checklist
from agentassist.tui.live.cue import CuePanel
from agentassist.tui.live.hand_over import HandOverSheet
from agentassist.tui.live.meters import Meters
from agentassist.tui.live.recording import RecordingSign
from agentassist.tui.live.transcript import Transcript
from agentassist.tui.live.trouble import TroubleLine
from agentassist.tui.messages import BriefWanted, NoteWanted, PlanWanted

_STEERING = ("play", "step", "jump", "faster", "slower")

_WIDTHS = [(0, "-tiny"), (64, "-narrow"), (110, "-middle"), (160, "-wide")]
"""Columns from which the style sheet lays the screen out anew."""

_KEYS: list[BindingType] = [
    Binding("space", "play", "Pause", tooltip="Pause the call, or go on"),
    Binding("n,right", "step", "Step", key_display="n", tooltip="Run to the next turn"),
    Binding("j", "jump", "Jump", tooltip="Jump to the next cue or flag"),
    Binding("plus,equals_sign", "faster", "Speed", key_display="+-", tooltip="Play faster"),
    Binding("minus", "slower", "Slower", show=False, tooltip="Play slower"),
    Binding("e", "end", "End call", tooltip="End the call"),
    Binding("r", "recording", "Recording", tooltip="Pause the recording, or go on"),
    Binding("d", "dispute", "Dispute", tooltip="Say that the cue is wrong"),
    Binding("1", "why(1)", "Why", show=False, tooltip="Why it is wrong: I meant something else"),
    Binding("2", "why(2)", "Why", show=False, tooltip="Why it is wrong: it was done already"),
    Binding("3", "why(3)", "Why", show=False, tooltip="Why it is wrong: misheard"),
    Binding("c", "step_done", "Step", show=False, tooltip="The step of the protocol is done"),
    Binding("z", "snooze", "Snooze", show=False, tooltip="No more of this cue in this call"),
    Binding("u", "quiet", "Quiet", show=False, tooltip="Urgent cues alone, or all again"),
    Binding("p", "plan", "Plan", show=False, tooltip="The plan sheet: instalments, a settlement"),
    Binding("h", "hand_over", "Hand over", show=False, tooltip="Pass the call on"),
    Binding("x", "seen", "Seen", tooltip="Take the trouble line away"),
    Binding("m", "earlier", "Moments", show=False, tooltip="Back to an earlier moment"),
    Binding("M", "later", "Later moment", show=False, tooltip="Forward to a later moment"),
    Binding("b", "note", "Note", tooltip="To the note"),
    Binding("i", "brief", "Brief", show=False, tooltip="What is known of the account"),
    Binding("escape,enter", "close", "Close", show=False, tooltip="Close the help"),
    Binding("up", "scroll(-1)", "Up", show=False),
    Binding("down", "scroll(1)", "Down", show=False),
    Binding("pageup", "scroll_page(-1)", "Page up", show=False),
    Binding("pagedown", "scroll_page(1)", "Page down", show=False),
    Binding("home", "top", "Start", show=False, tooltip="To the start of the transcript"),
    Binding("end", "follow", "Follow", show=False, tooltip="Follow the end of the call"),
    Binding("question_mark,f1", "help", "Help", key_display="?", tooltip="Keys and marks"),
]


class LiveScreen(Screen[None]):
    """The call as it goes."""

    AUTO_FOCUS = ""
    HORIZONTAL_BREAKPOINTS = _WIDTHS
    BINDINGS = _KEYS

    def __init__(
        self,
        session: CallSession,
        title: str,
        colleagues: Sequence[Colleague] = (),
        pack_of: Callable[[CallStarted], str] = lambda started: started.pack,
    ) -> None:
        """`colleagues` are those to whom the call may be passed on."""
        super().__init__()
        self._session = session
        self._asked_to_end = False
        self._disputed = ""
        self._title = wording.clean(title)
        self._pack_of = pack_of
        self._playback = session.playback
        self._account_line = ""
        self._keys_of_use: tuple[bool, ...] = ()
        self.recording = RecordingSign(session.recorder)
        self.account = Static(id="account", markup=False)
        self.transcript = Transcript()
        self.cue = CuePanel()
        self.checklist = Checklist()
        self.trouble = TroubleLine()
        self.meters = Meters()
        self.foot = Foot()
        self.help = help_panel.HelpPanel(help_panel.LIVE)
        self.hand_over = HandOverSheet(colleagues)
        self._has_colleagues = bool(colleagues)

    def compose(self) -> ComposeResult:
        with Horizontal(id="head"):
            yield Static(self._title, id="title", markup=False)
            yield self.recording
            yield self.account
        with Horizontal(id="main"):
            with Container(id="left"):
                yield self.transcript
                yield self.help
                yield self.hand_over
            with Vertical(id="right"):
                yield self.cue
                yield self.checklist
        yield self.trouble
        yield self.meters
        yield self.foot

    def on_mount(self) -> None:
        self.help.display = False
        self._draw()

    def refresh_call(self) -> None:
        """Draw the call as it is now."""
        if self.is_mounted:
            self._draw()

    def _draw(self) -> None:
        call = self._session.call
        error = self._session.error
        self.recording.show(ended=call.ended)
        account = wording.account(call.account).removeprefix(self._title).strip(" ·")
        pack = wording.pack(self._pack_of(call.started)) if call.started else ""
        self._tell_account(" · ".join(part for part in (account, pack) if part))
        self.transcript.show(call)
        self.cue.show(call)
        self.checklist.show(call)
        self.trouble.show(call, f"The call can't go on: {error}." if error else "")
        self.meters.show(call, self._playback)
        self._refresh_keys()

    def _tell_account(self, line: str) -> None:
        if line != self._account_line:
            self._account_line = line
            self.account.update(line)

    def _refresh_keys(self) -> None:
        """Drawing the keys is dear: only when other ones are of use."""
        of_use = (self._session.call.ended, self.cue.shown is None, self.trouble.waiting)
        if of_use != self._keys_of_use:
            self._keys_of_use = of_use
            self.refresh_bindings()

    def go_to(self, turn: int) -> None:
        """Mark a turn of the transcript: where a line of the note came from."""
        self.help.display, self.transcript.display = False, True
        self.call_after_refresh(self.transcript.mark, turn)

    def check_action(self, action: str, _parameters: tuple[object, ...]) -> bool | None:
        """Keys that would do nothing are not shown."""
        call = self._session.call
        match action:
            case _ if action in _STEERING:
                return self._playback is not None and not call.ended
            case "end":
                return self._session.is_live and not call.ended
            case "recording":
                return self._session.recorder is not None and not call.ended
            case "dispute":
                return self.cue.shown is not None
            case "why":
                return self.foot.notice == steering.WHY
            case "step_done":
                return self.cue.walk is not None
            case "snooze":
                return self.cue.walk is not None or self._is_raised
            case "quiet" | "plan":
                return call.started is not None and not call.ended
            case "hand_over":
                return self._has_colleagues and call.started is not None and not call.ended
            case "seen":
                return self.trouble.waiting
            case "note":
                return call.ended
            case "brief":
                return call.started is not None and call.started.account is not None
            case "close":
                return call.ended or bool(self.help.display)
            case _:
                return True

    def action_brief(self) -> None:
        self.post_message(BriefWanted())

    def action_play(self) -> None:
        self._steer(steering.pause_or_resume)

    def action_step(self) -> None:
        self._steer(lambda playback: playback.seek("turn"))

    def action_jump(self) -> None:
        self._steer(lambda playback: playback.seek("moment"))

    def action_faster(self) -> None:
        self._steer(lambda playback: steering.change_speed(playback, 1))

    def action_slower(self) -> None:
        self._steer(lambda playback: steering.change_speed(playback, -1))

    def action_end(self) -> None:
        """Asks once, in the last line."""
        if self._asked_to_end:
            self._session.hang_up()
            self.foot.say("The call ends: its last words are on their way.")
            return
        self._asked_to_end = True
        self.set_timer(NOTICE_FOR, self._forget_asking)
        self.foot.say("End the call? e again ends it.")

    def _forget_asking(self) -> None:
        self._asked_to_end = False

    def action_recording(self) -> None:
        if self._session.recorder:
            self._session.recorder.toggle()
            self.refresh_call()

    def action_dispute(self) -> None:
        """One key; one more may tell why, and nothing waits for it."""
        if self.cue.shown and self.cue.shown.state != "disputed":
            self._disputed = self.cue.shown.cue.id
            self._session.dispute(self._disputed)
            self.foot.say(steering.WHY, steering.WHY_FOR)

    def action_why(self, number: int) -> None:
        reason = wording.WRONG[number - 1]
        self._session.dispute(self._disputed, reason)
        self.foot.say(f"Disputed: {reason}.")

    @property
    def _is_raised(self) -> bool:
        return self.cue.shown is not None and self.cue.shown.state == "raised"

    def action_step_done(self) -> None:
        if walk := self.cue.walk:
            self._session.take_step(walk.protocol, walk.step)

    def action_snooze(self) -> None:
        if record := self.cue.shown:
            self._session.snooze(record.cue.id)
            self.foot.say(steering.snoozed(record.cue))

    def action_quiet(self) -> None:
        self._session.switch_quiet()
        self.foot.say(steering.quiet(on=self._session.call.quiet))

    def action_plan(self) -> None:
        self.post_message(PlanWanted())

    def action_hand_over(self) -> None:
        self.hand_over.open()

    @on(HandOverSheet.Decided)
    def _handed_over(self, decided: HandOverSheet.Decided) -> None:
        """What was written stays where it can't be taken any more."""
        to = decided.colleague
        if self._session.hand_over(to.to, to.name, decided.reason):
            self.hand_over.close()
            self.foot.say(f"Handed over to {wording.clean(to.name)}: the note says so.")
        else:
            self.foot.say("The call is over. b goes to its note: write it there.")

    def action_seen(self) -> None:
        self.trouble.acknowledge()
        self.refresh_bindings()

    def action_earlier(self) -> None:
        self._go_to_moment(-1)

    def action_later(self) -> None:
        self._go_to_moment(1)

    def action_scroll(self, lines: int) -> None:
        if self.help.display:
            self.help.scroll_relative(y=lines, animate=False, immediate=True)
        else:
            self.transcript.move(lines)

    def action_scroll_page(self, pages: int) -> None:
        in_sight = self.help if self.help.display else self.transcript
        self.action_scroll(pages * max(1, in_sight.size.height - 2))

    def action_top(self) -> None:
        self.action_scroll(-1_000_000)

    def action_follow(self) -> None:
        self.transcript.follow()

    def action_help(self) -> None:
        self.help.display = not self.help.display
        self.transcript.display = not self.help.display
        self.refresh_bindings()

    def action_close(self) -> None:
        """Out of the help; from a moment of the note, back to the note."""
        if self.help.display:
            self.action_help()
        else:
            self.post_message(NoteWanted())

    def action_note(self) -> None:
        self.post_message(NoteWanted())

    def _steer(self, change: Callable[[Playback], None]) -> None:
        if self._playback:
            change(self._playback)
            self.refresh_call()

    def _go_to_moment(self, step: int) -> None:
        """The nearest moment before or after the marked turn; from the end, the last."""
        moments = self.transcript.moments()
        here = self.transcript.marked
        if step < 0:
            found = [m for m in moments if here is None or m < here][-1:]
        else:
            found = [m for m in moments if here is not None and m > here][:1]
        if found:
            self.go_to(found[0])
        else:
            self.foot.say(
                "No earlier moment." if step < 0 else "No later moment. End follows again."
            )
