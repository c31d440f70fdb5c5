"""The outcomes to choose from, in words."""

from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from agentassist.note import words
from agentassist.vocabulary import Outcome

_CODES: tuple[Outcome, ...] = tuple(words.OUTCOMES)

QUESTION = Content.assemble(("What came of the call?", "bold"), "  Enter chooses, Esc leaves it.")


class OutcomeList(OptionList):
    """Takes the place of the note while the outcome is chosen."""

    def __init__(self) -> None:
        super().__init__(
            Option(QUESTION, disabled=True),
            *(Option(told) for told in words.OUTCOMES.values()),
            id="outcomes",
            markup=False,
            compact=True,
        )

    def open(self, outcome: Outcome) -> None:
        """On the one that stands."""
        self.highlighted = 1 + _CODES.index(outcome)
        self.focus()

    def outcome(self, row: int) -> Outcome:
        return _CODES[row - 1]
