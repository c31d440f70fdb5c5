"""The keys of a moment, and which of them this person has."""

from textual.binding import Binding, BindingType

from agentassist.reviewing import Moment, Person, ReviewKind

KEYS: list[BindingType] = [
    Binding("a", "judge('agree')", "Agree", tooltip="Agree: the coach is right here"),
    Binding("o", "ask('overrule')", "Overrule", tooltip="Overrule: the coach is wrong here"),
    Binding("d", "ask('dispute')", "Dispute", tooltip="Dispute: the coach is wrong here"),
    Binding("r", "ask('answer')", "Answer", tooltip="Answer the dispute"),
    Binding("y", "ask('consent')", "Yes, share", tooltip="Consent to share it as an example"),
    Binding("y", "ask('withdraw')", "Share no more", tooltip="Take back your consent to share it"),
    Binding("c", "ask('comment')", "Comment", show=False, tooltip="Comment on the moment"),
    Binding("p", "say('praise')", "Praise", tooltip="Praise: well done"),
    Binding("s", "ask('share')", "Share", show=False, tooltip="Share as a training example"),
    Binding("space", "play", "Play", key_display="Space", tooltip="Play its sound, or stop it"),
    Binding("n,down", "go(1)", "Next", show=False, key_display="n", tooltip="Next moment"),
    Binding("b,up", "go(-1)", "Before", show=False, key_display="b", tooltip="Moment before"),
    Binding("u", "mend", "Undo", tooltip="Back to the one that was just judged, to mend it"),
    Binding("pageup", "scroll(-10)", "Page up", show=False),
    Binding("pagedown", "scroll(10)", "Page down", show=False),
    Binding("shift+up", "scroll(-1)", "Up", show=False),
    Binding("shift+down", "scroll(1)", "Down", show=False),
    Binding("home", "scroll(-100000)", "To the beginning", show=False),
    Binding("end", "scroll(100000)", "To the end", show=False),
    Binding("left_square_bracket", "scroll_beside(-3)", "Beside, up", show=False),
    Binding("right_square_bracket", "scroll_beside(3)", "Beside, down", show=False),
    Binding("escape", "back", "Queue", key_display="Esc", tooltip="Back to the queue"),
]

_OF_KINDS = ("judge", "ask", "say")


def is_offered(
    action: str, parameters: tuple[object, ...], who: Person, moment: Moment | None
) -> bool:
    """A key that this person may not use of this moment, or that has no use, is not there."""
    if action not in _OF_KINDS:
        return True
    if moment is None:
        return False
    kind: ReviewKind = parameters[0]  # type: ignore[assignment]
    if kind not in who.may(moment.agent):
        return False
    match kind:
        case "answer":
            return moment.disputed
        case "consent":
            return moment.shared and not moment.consented
        case "withdraw":
            return moment.consented
        case _:
            return True
