"""The plan sheet: figures in, a schedule and a sentence to say out, while the call goes on."""

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from agentassist.arrangement import Arrangement
from agentassist.plans.arranging import arrangement
from agentassist.plans.means import budget
from agentassist.plans.opening import opening
from agentassist.plans.schedule import PlanError
from agentassist.plans.sentences import sentence
from agentassist.session import CallSession
from agentassist.tui import wording
from agentassist.tui.desk import Desk
from agentassist.tui.foot import Foot
from agentassist.tui.messages import PlanKept
from agentassist.tui.plan import shown
from agentassist.tui.plan.form import Form
from agentassist.tui.plan.means import Means
from agentassist.tui.plan.typed import terms
from agentassist.vocabulary import ArrangementKind

_SECTIONS: dict[str, str] = {
    "plan": "F2 Instalments",
    "settlement": "F3 Settlement",
    "partial": "F4 Part payment",
    "means": "F5 Income and outgoings",
}

_WIDTHS = [(0, "-narrow"), (110, "-middle"), (160, "-wide")]

_KEYS: list[BindingType] = [
    Binding("f2", "section('plan')", "Instalments", show=False, tooltip="Instalments"),
    Binding("f3", "section('settlement')", "Settle", show=False, tooltip="A settlement"),
    Binding("f4", "section('partial')", "Part", show=False, tooltip="A part payment"),
    Binding("f5", "section('means')", "Means", show=False, tooltip="Income and outgoings"),
    Binding("enter", "keep", "Keep", key_display="Enter", priority=True, tooltip="Keep it"),
    Binding("tab,down", "app.focus_next", "Next", key_display="Tab ↓"),
    Binding("up", "app.focus_previous", "Before", show=False),
    Binding("pagedown", "scroll(1)", "Schedule", key_display="PgUp PgDn", priority=True),
    Binding("pageup", "scroll(-1)", "Up", show=False, priority=True),
    Binding("escape", "back", "Back to the call", key_display="Esc", tooltip="Back to the call"),
]


class PlanScreen(Screen[None]):
    """What could be arranged. What is typed stays when the agent goes back to the call."""

    AUTO_FOCUS = "#figure-amount"
    HORIZONTAL_BREAKPOINTS = _WIDTHS
    BINDINGS = _KEYS

    def __init__(self, session: CallSession, title: str, desk: Desk) -> None:
        super().__init__()
        self._session = session
        self._title = wording.clean(title)
        self._desk = desk
        self._section = "plan"
        self._known = opening(session.call, desk.now().date())
        self._drawn: Arrangement | None = None
        self._asked: Arrangement | None = None
        """What the agent was asked about: outside the limits, and to be kept all the same?"""
        self.head = Static(id="note-head", markup=False)
        self.sections = Static(id="plan-sections", markup=False)
        self.form = Form()
        self.means = Means()
        self.judged = Static(id="plan-judged", markup=False)
        self.schedule = Static(id="plan-schedule", markup=False)
        self.beside = VerticalScroll(self.schedule, id="plan-right", can_focus=False)
        self.say = Static(id="plan-say", markup=False)
        self.foot = Foot()

    def compose(self) -> ComposeResult:
        yield self.head
        yield self.sections
        with Horizontal(id="plan-main"):
            with Vertical(id="plan-left"), Container():
                yield self.form
                yield self.means
            yield self.beside
        yield self.judged
        yield self.say
        yield self.foot

    def on_mount(self) -> None:
        self.say.border_title = "To say"
        self.action_section("plan")

    def on_screen_resume(self) -> None:
        """On coming here again: what was said since is taken up, unless the agent has typed."""
        self.refresh_call()
        if not self.form.touched:
            self._known = opening(self._session.call, self._desk.now().date())
            self.form.open(self._known)
        self._reckon()

    def on_resize(self) -> None:
        """A wider schedule names the day of the week."""
        self.call_after_refresh(self._reckon)

    def refresh_call(self) -> None:
        """The call behind it went on."""
        if not (self.is_mounted and self.is_current):
            return
        call = self._session.call
        goes_on = "the call is over" if call.ended else "the call goes on"
        told = f"Plan - {self._title} · {goes_on}, {wording.clock(call.at)}"
        self.head.update(Content.styled(told, "bold"))
        self.means.show(call, self._known.currency)

    def action_section(self, name: str) -> None:
        self._section = name
        is_means = name == "means"
        self.form.display, self.means.display = not is_means, is_means
        kind: ArrangementKind | None = next((k for k in _KINDS if k == name), None)
        if kind:
            self.form.show(kind)
        parts = [
            (f" {told} ", "reverse bold" if key == name else "") for key, told in _SECTIONS.items()
        ]
        self.sections.update(Content("  ").join(Content.styled(*part) for part in parts))
        (self.means.input if is_means else self.form.amount.input).focus()
        self.refresh_bindings()
        self._reckon()

    def action_scroll(self, pages: int) -> None:
        lines = pages * max(1, self.beside.size.height - 1)
        self.beside.scroll_relative(y=lines, animate=False, immediate=True)

    def action_back(self) -> None:
        self.app.pop_screen()

    def check_action(self, action: str, _parameters: tuple[object, ...]) -> bool | None:
        """Where a line is added, Enter adds it."""
        return action != "keep" or self._section != "means"

    def action_keep(self) -> None:
        """Keeps it for the note; asks once where it is outside the limits."""
        drawn = self._drawn
        if drawn is None:
            return
        if drawn.outside and self._asked != drawn:
            self._asked = drawn
            self._draw(drawn)
        elif self._session.keep_plan(drawn):
            self.post_message(PlanKept())
        else:
            self.foot.say("The call is over: it can't be kept. Write it in the note: Esc, b.")

    @on(Form.Changed)
    @on(Means.Changed)
    def _reckon(self) -> None:
        """All that is shown follows from what is typed."""
        known, means = self._known, self.means.accepted
        try:
            typed = terms(self.form.kind, self.form.figures, known.today, known.currency, means)
            self._drawn = arrangement(typed, self._desk.limits)
        except PlanError as error:
            self._drawn = None
            hint = "" if self._section == "means" else str(error)
            self.judged.update(Content.styled(hint, "italic"))
            self._show_beside(None)
            self.say.display = False
            return
        self._draw(self._drawn)

    def _draw(self, drawn: Arrangement) -> None:
        known = budget(self.means.accepted, drawn.currency)
        told = shown.judged(drawn, known, self._desk.limits)
        if self._asked == drawn:
            asked = Content.styled("Outside the limits: Enter again keeps it, marked so.", "bold")
            told = Content("\n").join([told, asked])
        self.judged.update(told)
        self._show_beside(drawn)
        self.say.update(sentence(drawn))
        self.say.display = True

    def _show_beside(self, drawn: Arrangement | None) -> None:
        """The schedule; beside income and outgoings, what they come to."""
        if self._section == "means":
            currency, rhythm = self._known.currency, self.form.rhythm.frequency
            known = budget(self.means.accepted, currency)
            self.schedule.update(shown.budget(known, self._desk.limits, rhythm, currency))
        elif drawn:
            self.schedule.update(shown.schedule(drawn, self.beside.size.width - 2))
        else:
            self.schedule.update("")


_KINDS: tuple[ArrangementKind, ...] = ("plan", "settlement", "partial")
