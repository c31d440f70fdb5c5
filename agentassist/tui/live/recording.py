"""Whether the call is recorded: told in words, and nothing where nobody asked for it."""

from textual.content import Content
from textual.widgets import Static

from agentassist.session import Recorder, Recording

_TOLD: dict[Recording, tuple[str, str]] = {
    "on": ("● RECORDING", "$urgent bold"),
    "paused": ("RECORDING PAUSED", "bold"),
    "card": ("NOT RECORDED: card details", "bold"),
    "stopped": ("RECORDING STOPPED", "$flag bold"),
}


class RecordingSign(Static):
    """A few words in the head; nothing where nothing is recorded."""

    def __init__(self, recorder: Recorder | None) -> None:
        super().__init__(id="recording", markup=False)
        self._recorder = recorder
        self._told: Recording | None = None
        self.display = recorder is not None

    def show(self, *, ended: bool) -> None:
        """As it is now; gone once the call has ended."""
        if self._recorder is None or ended:
            self.display = False
        elif (state := self._recorder.state) != self._told:
            self._told = state
            self.update(Content.assemble(_TOLD[state]))
