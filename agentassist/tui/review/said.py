"""A call's words on the desk: its turns as the transcript takes them, the moment's words marked.

The marks are signs in the text, so that they are there without colour too.
"""

from collections.abc import Sequence

from agentassist.call import Call, LabelledTurn
from agentassist.reviewing import Moment, Said
from agentassist.values import Label, Turn

OPENS, CLOSES = "»", "«"

_CUT = "… "
"""What a quote begins or ends with where more was said."""


def call(said: Sequence[Said], moment: Moment | None = None) -> Call:
    """The call as the transcript draws it, numbered by place."""
    turns = (_turn(place, each, moment) for place, each in enumerate(said))
    return Call(turns=tuple(turns))


def place(said: Sequence[Said], turn: int | None, at: float = 0.0) -> int:
    """Where that turn stands; where none is told, what was being said at that second."""
    for number, each in enumerate(said):
        if each.turn == turn or (turn is None and each.end >= at):
            return number
    return max(0, len(said) - 1)


def _turn(number: int, said: Said, moment: Moment | None) -> LabelledTurn:
    text, labels = said.text, tuple(_label(*mark) for mark in said.marks)
    if moment and said.turn == moment.turn and (quote := moment.quote.strip(_CUT)):
        begin = _begin(said, moment.name, quote)
        if begin is not None:
            text, labels = _enclosed(text, labels, begin, begin + len(quote))
    return LabelledTurn(Turn(number, said.speaker, said.start, said.end, text), labels, ended=True)


def _begin(said: Said, name: str, quote: str) -> int | None:
    """Where the quote begins: by the mark of that name first, since words may come twice."""
    for label, begin, end in said.marks:
        if label == name and said.text[begin:end] == quote:
            return begin
    found = said.text.find(quote)
    return None if found < 0 else found


def _enclosed(
    text: str, labels: tuple[Label, ...], begin: int, end: int
) -> tuple[str, tuple[Label, ...]]:
    """The text with signs around a stretch, and the labels moved along."""

    def moved(at: int, *, is_end: bool) -> int:
        opened = at > begin if is_end else at >= begin
        closed = at > end if is_end else at >= end
        return at + opened + closed

    shifted = (
        _label(each.name, moved(each.start, is_end=False), moved(each.end, is_end=True))
        for each in labels
    )
    return f"{text[:begin]}{OPENS}{text[begin:end]}{CLOSES}{text[end:]}", tuple(shifted)


def _label(name: str, start: int, end: int) -> Label:
    return Label(name, 1.0, "", start, end)
