"""The plan sheet's figures: three sections that share a balance, a rhythm and a first day."""

from typing import TypeAlias

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widgets import Input, Static

from agentassist.plans.opening import Opening
from agentassist.tui.plan.fields import Figure, Rhythm
from agentassist.tui.plan.typed import Figures
from agentassist.vocabulary import ArrangementKind

_Titles: TypeAlias = dict[ArrangementKind, tuple[str, str, str, str]]

_TITLES: _Titles = {
    "plan": ("Amount", "one of the two", "or payments", "how many"),
    "settlement": ("Settle for", "a sum, or 60%", "Payments", ""),
    "partial": ("Amount", "each payment", "Payments", ""),
}
"""What amount and payments are called, and what to type there."""


class Form(Vertical):
    """The fields, and what is typed in them, section by section."""

    class Changed(Message):
        """The agent typed or chose something."""

    def __init__(self) -> None:
        super().__init__(id="plan-form")
        self.kind: ArrangementKind = "plan"
        self.touched = False
        """Whether the agent has changed a figure."""
        self._own: dict[ArrangementKind, tuple[str, str]] = {
            "plan": ("", ""),
            "settlement": ("", "1"),
            "partial": ("", "1"),
        }
        self._offer = ""
        self.balance = Figure("balance", "Balance")
        self.amount = Figure("amount", "")
        self.payments = Figure("payments", "")
        self.rhythm = Rhythm()
        self.first = Figure("first", "First date")
        self.today = Figure("today", "Paid today")

    def compose(self) -> ComposeResult:
        yield self.balance
        yield self.amount
        yield self.payments
        with Horizontal(classes="figure"):
            yield Static("How often", classes="figure-title", markup=False)
            yield self.rhythm
        yield self.first
        yield self.today

    def on_mount(self) -> None:
        self.show(self.kind)

    @property
    def figures(self) -> Figures:
        return Figures(
            self.balance.text,
            self.amount.text,
            self.payments.text,
            self.first.text,
            self.today.text,
            self.rhythm.frequency,
        )

    def open(self, known: Opening) -> None:
        """Begin with what the call and the account tell."""
        self.balance.write(_text(known.balance))
        self.balance.tell(known.balance_from)
        self.first.write(known.first_date.isoformat() if known.first_date else "")
        self.first.tell(known.first_from)
        self.rhythm.write(known.frequency or "monthly")
        self._own["plan"] = (_text(known.amount), _text(known.instalments))
        self._own["partial"] = (_text(known.amount), "1")
        self._offer = known.amount_from
        self._load()

    def show(self, kind: ArrangementKind) -> None:
        """Another section; what was typed in this one stays."""
        self._own[self.kind] = (self.amount.text, self.payments.text)
        self.kind = kind
        self._load()

    def _load(self) -> None:
        amount, _, payments, _ = _TITLES[self.kind]
        self.amount.name_it(amount)
        self.payments.name_it(payments)
        told = self._own[self.kind]
        self.amount.write(told[0])
        self.payments.write(told[1])
        self._tell_hints()

    def _tell_hints(self) -> None:
        _, of_amount, _, of_payments = _TITLES[self.kind]
        offered = self._offer if self.kind == "plan" else ""
        self.amount.tell(offered if self.amount.text and offered else of_amount)
        self.payments.tell(offered if self.payments.text and offered else of_payments)

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        """Of a plan, the amount tells the length and the length the amount."""
        event.stop()
        self.touched = True
        self._forget_source(event.input)
        if self.kind == "plan" and event.value:
            if event.input is self.amount.input:
                self.payments.write("")
            elif event.input is self.payments.input:
                self.amount.write("")
        self.post_message(self.Changed())

    def _forget_source(self, changed: Input) -> None:
        """What is typed over was offered by nobody."""
        for figure in (self.balance, self.first):
            if figure.input is changed:
                figure.tell("")
        if self.kind == "plan" and changed in (self.amount.input, self.payments.input):
            self._offer = ""
            self._tell_hints()

    @on(Rhythm.Changed)
    def _chosen(self) -> None:
        self.touched = True
        self.post_message(self.Changed())


def _text(value: object) -> str:
    return "" if value is None else str(value)
