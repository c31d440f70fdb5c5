"""What the screens tell each other, in one small file."""

from textual.message import Message


class CallChanged(Message):
    """The call is no longer what was last drawn. Any number of these count as one."""

    def can_replace(self, message: Message) -> bool:
        return isinstance(message, CallChanged)


class NoteWanted(Message):
    """The agent wants the note of the ended call."""


class BriefWanted(Message):
    """The agent wants to see what is known of the account."""


class PlanWanted(Message):
    """The agent wants the plan sheet."""


class PlanKept(Message):
    """What was drawn up on the plan sheet is kept for the note."""


class MomentWanted(Message):
    """The agent wants to see the turn that a line of the note came from."""

    def __init__(self, turn: int) -> None:
        super().__init__()
        self.turn = turn


class ExportWanted(Message):
    """The agent wants the note in this format."""

    def __init__(self, to: str) -> None:
        super().__init__()
        self.to = to


class NextWanted(Message):
    """The agent is done with the note and wants the next call."""


class WaitingOpened(Message):
    """The agent wants to finish the note of that name."""

    def __init__(self, identity: str) -> None:
        super().__init__()
        self.identity = identity


class LeaveWanted(Message):
    """The program is to end, as the system wants it: everything that waits is kept."""


class NextBegan(Message):
    """The next call is on already, begun from elsewhere."""
