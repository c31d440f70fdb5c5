"""What the desk's screens tell the program, in one small file."""

from textual.message import Message

from agentassist.reviewing import Filters


class MomentWanted(Message):
    """This moment is to be opened."""

    def __init__(self, moment: str) -> None:
        super().__init__()
        self.moment = moment


class CallWanted(Message):
    """This call is to be opened at that turn."""

    def __init__(self, call: str, turn: int) -> None:
        super().__init__()
        self.call = call
        self.turn = turn


class FiltersWanted(Message):
    """The queue is to show these."""

    def __init__(self, filters: Filters) -> None:
        super().__init__()
        self.filters = filters


class AnswersSeen(Message):
    """What others said was looked at."""
