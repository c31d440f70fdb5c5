"""The cue: one at a time, large, in words - and quiet when there is nothing to say."""

from collections.abc import Iterable

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.events import Resize
from textual.widget import Widget
from textual.widgets import Static

from agentassist.call import Call, CueRecord
from agentassist.tui import wording
from agentassist.values import Walk
from agentassist.vocabulary import PRIORITIES

SETTLED_FOR = 5.0
"""Seconds of the call for which the outcome of a cue stays in sight."""

CHECKLIST_ROWS = 4
"""Rows that a cue leaves to the checklist before it gives up its own air."""

_TOLD = ("taken", "missed", "disputed")


def cue_to_show(call: Call) -> CueRecord | None:
    """The most pressing active cue, the latest of these; else the one just settled."""
    if call.ended:
        return None
    if active := call.active_cues():
        return min(reversed(active), key=lambda record: PRIORITIES.index(record.cue.priority))
    settled = [record for record in call.cues if record.state in _TOLD]
    last = max(settled, key=lambda record: record.changed_at, default=None)
    return last if last and call.at - last.changed_at < SETTLED_FOR else None


def walk_to_show(call: Call) -> Walk | None:
    """The step of a protocol that is due, unless a cue that does not name it is in front."""
    walk = call.walk
    if walk is None or any(record.cue.protocol != walk.protocol for record in call.active_cues()):
        return None
    return walk


class CuePanel(Vertical):
    """What to do, why, and a sentence to say; the border tells how pressing it is.

    A cue that began a protocol gives its place to the step that is due, as long as that takes.
    """

    def __init__(self) -> None:
        super().__init__(id="cue")
        self.shown: CueRecord | None = None
        self.walk: Walk | None = None
        """The step that is shown in the cue's place."""
        self._idle = ""
        self._do = Static(id="cue-do", markup=False)
        self._more = Static(id="cue-more", markup=False)

    def compose(self) -> ComposeResult:
        yield self._do
        yield self._more

    def show(self, call: Call) -> None:
        """Draw what is due now, if it is not what is drawn already."""
        record, idle, walk = cue_to_show(call), _idle(call), walk_to_show(call)
        if walk:
            record = next(record for record in call.cues if record.cue.id == walk.cue)
        if record is not self.shown or idle != self._idle or walk != self.walk:
            self.shown, self._idle, self.walk = record, idle, walk
            self._draw()

    def on_resize(self, _event: Resize) -> None:
        self._draw()

    def _draw(self) -> None:
        record, walk = self.shown, self.walk
        active = walk is not None or (record is not None and record.state == "raised")
        urgent = active and record is not None and record.cue.priority == "urgent"
        self.border_title = wording.step(walk) if walk else _heading(record) if record else None
        self.border_subtitle = "c done, z ends it" if walk else None
        self.set_class(not active, "-quiet")
        self.set_class(urgent, "-urgent")
        self._do.update(wording.clean(walk.do if walk else record.cue.do if record else self._idle))
        self._more.display = active
        if walk:
            self._more.update(self._fitted(walk.do, "", walk.say))
        elif active and record:
            self._more.update(self._fitted(record.cue.do, record.cue.why, record.cue.say))

    def _fitted(self, do: str, why: str, say: str) -> Content:
        """With air if it fits, without if it must; a sentence to say goes before a reason."""
        parts = [Content(wording.clean(why)), _say(say)]
        airy = Content("\n").join([Content(), *_spread(parts)])
        tight = Content("\n").join(part for part in parts if part)
        width, room = self._more.content_size.width or 30, self._room(do)
        if airy.get_height({}, width) + CHECKLIST_ROWS <= room:
            return airy
        if tight.get_height({}, width) <= room:
            return tight
        return Content("\n").join(part for part in reversed(parts) if part)

    def _room(self, told: str) -> int:
        """Rows that are left for what follows the thing to do."""
        parent = self.parent
        height = parent.size.height if isinstance(parent, Widget) else 0
        do = Content(wording.clean(told)).get_height({}, self._do.content_size.width or 30)
        around = self.styles.gutter.height + self._do.styles.gutter.height
        return height - do - around if height else 99


def _spread(parts: Iterable[Content]) -> list[Content]:
    """The parts that say something, a blank line between each two."""
    spread = [line for part in parts if part for line in (part, Content())]
    return spread[:-1]


def _idle(call: Call) -> str:
    if call.ended and call.meters.talk_share is None:
        return "The call has ended."
    if call.ended:
        share, high = wording.talk_share(call.meters)
        talked = f"You talked {share} of it{', which is much' if high else ''}"
        return f"The call has ended.\n\n{talked}, {wording.listening(call.meters)}."
    return "Listening." if call.started else "Waiting for the call."


def _heading(record: CueRecord) -> str:
    return wording.STATE[record.state] or wording.PRIORITY[record.cue.priority]


def _say(sentence: str) -> Content:
    if not sentence:
        return Content()
    return Content.assemble(("Say: ", "$quiet"), f"“{wording.clean(sentence)}”")
