"""The ready screen: what is listened to, that it is heard, and how a call starts.

None starts by itself: a voice at the far end is only a reason to ask.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import ClassVar, NamedTuple, Protocol

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, Vertical
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from agentassist.events import TroubleHeard
from agentassist.store.unfinished import waiting
from agentassist.tui import wording
from agentassist.tui.foot import Foot
from agentassist.tui.note.waiting import told
from agentassist.tui.ready.levels import Levels
from agentassist.vocabulary import Party

LOOK_EVERY = 0.1
"""Seconds between two looks at the devices."""

_WIDTHS = [(0, "-narrow"), (110, "-middle"), (160, "-wide")]


class Line(Protocol):
    """Both devices, open before a call."""

    @property
    def somebody_speaks(self) -> bool:
        """At the far end."""
        ...

    def levels(self) -> Mapping[Party, float]:
        """Decibels of full scale, -120 to 0."""
        ...

    def faults(self) -> list[TroubleHeard]:
        """What is wrong with the devices before a call, the latest last."""
        ...


class Setup(NamedTuple):
    """What a call would be heard, recognised and kept with, in words."""

    devices: Mapping[Party, str]
    engine: str
    records: bool = False
    redacts: bool = True
    chosen: bool = True
    """Whether the user has chosen the devices."""
    pause: str = ""
    """What suggests one before the next call, after a hard one."""
    unsent: Callable[[], str] = lambda: ""
    """Which calls wait to be sent to the floor's server while it is away; empty while none does."""


class ReadyScreen(Screen[None]):
    """Waits for a call."""

    AUTO_FOCUS = ""
    HORIZONTAL_BREAKPOINTS = _WIDTHS
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "begin", "Start the call", key_display="Enter", tooltip="Start the call"),
        Binding("l", "app.waiting", "Notes that wait", tooltip="Notes that wait to be finished"),
        Binding("t", "app.switch_theme", "Theme", tooltip="Light or dark"),
    ]

    def __init__(self, line: Line, setup: Setup, data: Path, begin: Callable[[], None]) -> None:
        """`begin` is called where the agent wants the call to start; in `data` notes wait."""
        super().__init__()
        self._data = data
        self._line = line
        self._setup = setup
        self._begin = begin
        self._notes = ""
        self._drawn: tuple[object, ...] | None = None
        self.levels = Levels(setup.devices)
        self.offer = Static(id="offer", markup=False)
        self.facts = Static(id="facts", markup=False)
        self.trouble = Static(id="trouble", markup=False)
        self.foot = Foot()

    def compose(self) -> ComposeResult:
        yield Static("agentassist · ready", id="note-head", markup=False)
        with Container(id="sheet"), Vertical(id="ready"):
            yield self.offer
            yield self.levels
            yield self.facts
        yield self.trouble
        yield self.foot

    def on_mount(self) -> None:
        self.set_interval(LOOK_EVERY, self.look)
        self.look()

    def on_screen_resume(self) -> None:
        """On coming here and coming back: what waits may have been finished."""
        count = len(waiting(self._data))
        self._notes = f"{told(count)}: l lists them" if count else ""
        self.look()

    def look(self) -> None:
        """Draws what is so now."""
        self.levels.show(self._line.levels())
        faults = self._line.faults()
        fault = faults[-1] if faults else None
        now = (self._line.somebody_speaks, fault, self._notes, self._setup.unsent())
        if now == self._drawn:
            return
        self._drawn = now
        self._draw_offer(spoken=self._line.somebody_speaks)
        self.facts.update(self._facts())
        self.trouble.display = fault is not None
        if fault:
            what, mend = wording.trouble(fault)
            self.trouble.update(
                Content.assemble(("! ", "$flag bold"), (f"{what} ", "bold"), f"{mend}")
            )

    def action_begin(self) -> None:
        self._begin()

    def _draw_offer(self, *, spoken: bool) -> None:
        self.offer.set_class(spoken, "-spoken")
        if spoken:
            self.offer.border_title = "IS THIS A CALL?"
            title = "Somebody speaks at the other end."
            more = "Enter starts the coach. Until then nothing is written or kept."
        else:
            self.offer.border_title = None
            title = "Waiting for a call."
            more = "Enter starts it, or your CRM does: agentassist call start --account 4711"
        self.offer.update(Content.assemble((title, "bold"), "\n", (more, "$quiet")))

    def _facts(self) -> Content:
        setup = self._setup
        rows = [
            ("Speech", wording.clean(setup.engine)),
            ("Recording", "on: asked for; r pauses it" if setup.records else "off"),
            ("Redaction", "on" if setup.redacts else "OFF: card numbers stay in what is kept"),
        ]
        if not setup.chosen:
            rows.append(("Devices", "the system's own; agentassist devices tests and chooses"))
        if setup.pause:
            rows.append(("Pause", setup.pause))
        if self._notes:
            rows.append(("Notes", self._notes))
        if unsent := setup.unsent():
            rows.append(("Archive", wording.clean(unsent)))
        lines = [Content.assemble((f"{name:<12}", "$quiet"), value) for name, value in rows]
        return Content("\n").join(lines)
