"""One moment: what was said around it, what the coach said, and what people make of it."""

from msgspec.structs import replace
from textual import on
from textual.app import ComposeResult
from textual.containers import Container, Horizontal, VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static
from textual.worker import Worker

from agentassist.errors import MendableError
from agentassist.reviewing import Moment, Opened, ReviewKind
from agentassist.tui.foot import Foot
from agentassist.tui.live.transcript import Transcript
from agentassist.tui.review import said, sound, words
from agentassist.tui.review.beside import beside
from agentassist.tui.review.moment_keys import KEYS, is_offered
from agentassist.tui.review.sheet import Sheet
from agentassist.tui.review.sitting import Sitting
from agentassist.tui.review.trouble import TroubleLine
from agentassist.tui.wording import clean

_WIDTHS = [(0, "-narrow"), (100, "-middle"), (160, "-wide")]

_DONE: dict[ReviewKind, str] = {
    "comment": "Comment kept.",
    "praise": "Praised: the agent sees it among what others said.",
    "share": "Asked: it is shared once the agent consents.",
    "dispute": "Disputed: a supervisor answers it.",
    "answer": "Answered: the agent sees it.",
    "consent": "Thank you. It may be used as an example now. y takes it back.",
    "withdraw": "Taken back: it is in no later export.",
}


class MomentScreen(Screen[None]):
    """The moment that is in front; from one to the next without going back to the queue."""

    AUTO_FOCUS = ""
    HORIZONTAL_BREAKPOINTS = _WIDTHS
    BINDINGS = KEYS

    def __init__(self, sitting: Sitting, identity: str, play: sound.Play) -> None:
        super().__init__()
        self._sitting = sitting
        self._play = play
        self._identity = identity
        self.opened: Opened | None = None
        """None until its call was read."""
        self._failed = False
        self._playing: Worker[None] | None = None
        self.head = Static(id="review-head", markup=False)
        self.transcript = Transcript()
        self.beside = Static(id="review-beside", markup=False)
        self.right = VerticalScroll(self.beside, id="review-right", can_focus=False)
        self.sheet = Sheet()
        self.trouble = TroubleLine()
        self.foot = Foot()

    @property
    def moment(self) -> Moment | None:
        """As it is in the queue, or as it was opened where the queue does not have it."""
        at = self.place
        if at is not None:
            return self._sitting.queue.moments[at]
        return self.opened.moment if self.opened else None

    @property
    def place(self) -> int | None:
        """In the queue."""
        return self._sitting.queue.place(self._identity)

    def compose(self) -> ComposeResult:
        yield self.head
        with Horizontal(id="main"):
            with Container(id="left"):
                yield self.transcript
            yield self.right
        yield self.sheet
        yield self.trouble
        yield self.foot

    def on_mount(self) -> None:
        self._show(self._identity)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if self.sheet.kind:
            return False
        if action == "mend":
            return bool(self._sitting.judged)
        if action == "go" and self.place is None:
            return False
        return is_offered(action, parameters, self._sitting.desk.who, self.moment)

    # What people say of it

    def action_judge(self, kind: ReviewKind) -> None:
        self._say(kind, "")

    def action_say(self, kind: ReviewKind) -> None:
        self._say(kind, "")

    def action_ask(self, kind: ReviewKind) -> None:
        if self.moment:
            self.sheet.open(kind, self.moment)
            self.refresh_bindings()

    @on(Sheet.Decided)
    def _decided(self, decided: Sheet.Decided) -> None:
        self._say(decided.kind, decided.text)

    def _say(self, kind: ReviewKind, text: str) -> None:
        moment = self.moment
        if moment is None:
            return
        after = self._sitting.say(moment, kind, text)
        if kind in ("agree", "overrule") and self.place is not None:
            self.run_worker(self._go_on(after), group="go", exclusive=True)
            return
        if self.opened:
            self.opened = replace(self.opened, moment=after)
        self._draw()
        self.foot.say(_DONE.get(kind, f"{words.SAID_OF[kind].capitalize()}."))

    def wrote(self, opened: Opened) -> None:
        """A review is in the store: where its moment is in front, it is shown with it."""
        if opened.moment.id == self._identity and self.opened:
            self.opened = opened
            self._draw()

    async def _go_on(self, judged: Moment) -> None:
        """To the next one that waits."""
        at = self.place
        assert at is not None
        self.foot.say("Reading on ...")
        try:
            following = await self._sitting.queue.next_open(at)
        except MendableError as error:
            self._tell(error)
            return
        if following is None:
            self._draw()
            told = f"{judged.standing.capitalize()}. No other waits from here on. Esc: the queue"
            self.foot.say(told, 10.0)
            return
        self._show(following.id)
        self.foot.say(f"{judged.standing.capitalize()}. u goes back to it.")

    # From one to another

    def action_go(self, step: int) -> None:
        self.run_worker(self._go(step), group="go", exclusive=True)

    async def _go(self, step: int) -> None:
        at = self.place
        if at is None:
            return
        try:
            other = await self._sitting.queue.reach(at + step)
        except MendableError as error:
            self._tell(error)
            return
        if other:
            self._show(other.id)
        else:
            self.foot.say("That is the last one." if step > 0 else "That is the first one.")

    def action_mend(self) -> None:
        """Back to the one that was judged last, whose judgement another one can mend."""
        last = self._sitting.judged.pop()
        self._sitting.outbox.take_back(last)
        self._show(last)
        self.foot.say("Judge it again to mend it: the latest counts.")

    def action_back(self) -> None:
        self.dismiss(None)

    def again(self) -> None:
        """Tries again what could not be read."""
        if self._failed:
            self._show(self._identity)

    def _show(self, identity: str) -> None:
        self._stop()
        self._identity, self._failed = identity, False
        self.opened = None
        self._draw()
        self.run_worker(self._open(identity), group="open", exclusive=True)

    async def _open(self, identity: str) -> None:
        if self._sitting.outbox.holds(identity):
            await self._sitting.outbox.settle()
        try:
            opened = await self._sitting.ahead.take(identity)
        except MendableError as error:
            self._tell(error)
            return
        self.trouble.tell("")
        self.opened = opened
        if not self._sitting.outbox.holds(identity):
            self._sitting.queue.put(opened.moment)
        self._draw()
        self._bring_into_sight(opened)
        self._read_ahead()

    def _read_ahead(self) -> None:
        if self.place is not None:
            self.run_worker(self._read_on(self.place), group="read on", exclusive=True)

    async def _read_on(self, at: int) -> None:
        try:
            following = await self._sitting.queue.next_open(at)
        except MendableError:
            return  # it is told when somebody wants to go there
        if following:
            self._sitting.ahead.read(following.id)

    def _tell(self, error: MendableError) -> None:
        self._failed = self.opened is None
        self.trouble.tell(str(error))
        self._draw()

    # Its sound

    def action_play(self) -> None:
        if self._playing and self._playing.is_running:
            self._stop()
            self.foot.clear()
        elif self.opened is None:
            return
        elif self.opened.recording is None:
            self.foot.say(sound.NO_RECORDING)
        else:
            self._playing = self.run_worker(self._sound(self.opened), group="sound")

    async def _sound(self, opened: Opened) -> None:
        assert opened.recording is not None
        start, end = sound.stretch(opened.moment, opened.said)
        self.foot.say(sound.begun(start, end), max(4.0, end - start))
        try:
            await self._play(opened.recording, start, end)
        except MendableError as error:
            self.foot.say(clean(str(error)))
        else:
            self.foot.clear()

    def _stop(self) -> None:
        if self._playing:
            self._playing.cancel()
            self._playing = None

    # How it looks

    def action_scroll(self, lines: int) -> None:
        self.transcript.move(lines)

    def action_scroll_beside(self, lines: int) -> None:
        self.right.scroll_relative(y=lines, animate=False, immediate=True)

    def _draw(self) -> None:
        moment = self.moment
        if moment is None:
            self.head.update("Opening the moment ...")
            return
        self.head.update(self._head(moment))
        self.beside.update(beside(moment, self.opened.reviews if self.opened else ()))
        if self.opened is None:
            self.transcript.mark(None)
            self.transcript.show(said.call(()))
        self.refresh_bindings()

    def _head(self, moment: Moment) -> Content:
        at, queue = self.place, self._sitting.queue
        so_far = len(queue.moments)
        of = words.counted(max(so_far, queue.length))
        of += "+" * (not queue.whole and queue.length <= so_far)
        where = f"{at + 1} of {of}" if at is not None else ""
        title = f"{words.SEVERITY[moment.severity].strip()}  {words.what(moment)}"
        hint = ""
        if self.opened is None:
            hint = "Can't open the call" if self._failed else "Opening the call ..."
        elif not self.opened.said:
            hint = "The words of this call are past their retention."
        parts = (where, words.details(moment), hint)
        return Content.assemble((title, "bold"), "\n", " · ".join(filter(None, parts)))

    def _bring_into_sight(self, opened: Opened) -> None:
        self.right.scroll_home(animate=False, immediate=True)
        self.transcript.show(said.call(opened.said, opened.moment))
        if opened.said:
            at = said.place(opened.said, opened.moment.turn, opened.moment.at)
            self.call_after_refresh(self.transcript.mark, at, middle=True)
