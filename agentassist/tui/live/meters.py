"""The meters at the foot: each a name, a value in words, and a small bar where it helps."""

import math

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Static

from agentassist.call import Call
from agentassist.playback import Playback
from agentassist.tui import wording


class Meter(Static):
    """A name over a value."""

    def __init__(self, name: str, meter_id: str) -> None:
        super().__init__(id=meter_id, classes="meter", markup=False)
        self._title = name
        self._value: tuple[str, str] | None = None

    def show(self, value: str, remark: str = "") -> None:
        """The value, and after it what to think of it, if anything."""
        if (value, remark) == self._value:
            return
        self._value = (value, remark)
        title = Content.styled(self._title, "$quiet")
        remarked = Content.styled(remark, "$flag bold") if remark else Content()
        self.update(Content("\n").join([title, Content.styled(f"{value} ", "bold") + remarked]))


class Meters(Horizontal):
    """How the conversation goes, in a row."""

    def __init__(self) -> None:
        super().__init__(id="meters")
        self.talk = Meter("You talk", "talk")
        self.pace = Meter("Words/min", "pace")
        self.cut_in = Meter("You cut in", "cut-in")
        self.temperature = Meter("Temperature", "temperature")
        self.time = Meter("Time", "time")
        self.budget = Meter("Cues left", "budget")
        self.playback = Meter("Playback", "playback")

    def compose(self) -> ComposeResult:
        yield from (self.talk, self.pace, self.cut_in, self.temperature)
        yield from (self.time, self.budget, self.playback)

    def show(self, call: Call, playback: Playback | None) -> None:
        meters = call.meters
        self.talk.show(*wording.talk_share(meters))
        self.pace.show(*wording.pace(meters))
        self.cut_in.show(wording.times(meters.interruptions))
        self.temperature.show(f"{wording.temperature(meters)} {bar(meters.temperature)}")
        self.time.show(wording.clock(call.at))
        left = "-" if call.budget_left is None else str(call.budget_left)
        self.budget.show("quiet (u)" if call.quiet else left)
        self.playback.display = playback is not None
        if playback:
            self.playback.show(tape(playback, ended=call.ended))


def bar(share: float, cells: int = 3) -> str:
    """A share of 0 to 1 as filled and empty cells; anything above nothing fills one."""
    filled = min(cells, math.ceil(share * cells))
    return "■" * filled + "□" * (cells - filled)


def tape(playback: Playback, *, ended: bool) -> str:
    """What the hand on the tape does, in words."""
    if ended:
        return "ended"
    if playback.seeking:
        return "» jumping"
    if playback.paused:
        return "|| paused"
    return "► fastest" if playback.speed == math.inf else f"► {playback.speed:g}×"
