"""The desk as plain lines: for screen readers, pipes and logs."""

from collections.abc import Iterator

from agentassist.reviewing import Filters, Opened, Reviewing
from agentassist.tui import wording
from agentassist.tui.review import said, words
from agentassist.tui.wording import clean


def head(desk: Reviewing, filters: Filters) -> str:
    """Who looks, how much waits, and what of it is shown."""
    waits = desk.count(Filters(), words.MOST_COUNTED)
    disputed = desk.count(Filters(standing="", disputed=True), words.MOST_COUNTED)
    told = words.waiting(waits, disputed)
    return f"{words.who(desk.who)}; {told}; shown: {words.filters(filters)}"


def judged(opened: Opened) -> str:
    """What stands now."""
    return f"{clean(opened.moment.id)}: {opened.moment.standing}"


def moment(opened: Opened) -> Iterator[str]:
    """All of one moment: what it is, what people said of it, and the whole of its call."""
    of = opened.moment
    yield words.line(of)
    if of.do:
        yield f"The coach said: {clean(of.do)}"
    if of.why:
        yield f"Why: {clean(of.why)}"
    if of.say:
        yield f'A sentence to say: "{clean(of.say)}"'
    yield f"What became of it: {words.BECAME.get(of.state, clean(of.state))}"
    for each in opened.reviews:
        yield words.review(each)
    if opened.recording:
        yield f"Recording: {clean(str(opened.recording))}"
    if not opened.said:
        yield "The words of this call are past their retention."
    for turn in said.call(opened.said, of).turns:
        mark = ">>> " if turn.turn.index == said.place(opened.said, of.turn, of.at) else ""
        flags = ", ".join(wording.words(label.name) for label in wording.flags(turn))
        told = f"{wording.PARTY[turn.turn.speaker]} {wording.clock(turn.turn.start)}"
        yield f"{mark}{told}: {clean(turn.turn.text)}{f'  [{flags}]' if flags else ''}"
