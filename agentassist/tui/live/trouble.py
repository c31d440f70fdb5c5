"""Trouble: one line with the mend, until the agent has seen it."""

from textual.content import Content
from textual.widgets import Static

from agentassist.call import Call
from agentassist.tui import wording


class TroubleLine(Static):
    """Shows the latest trouble not yet acknowledged; nothing where there is none."""

    def __init__(self) -> None:
        super().__init__(id="trouble", markup=False)
        self._seen = 0
        self._unseen: list[tuple[str, str]] = []
        self._count = 0

    @property
    def waiting(self) -> bool:
        """Whether there is trouble that the agent has not acknowledged."""
        return bool(self._unseen)

    def show(self, call: Call, ending: str = "") -> None:
        """`ending` tells why the call could not go on, if so."""
        found = [wording.trouble(event) for event in call.troubles]
        if ending:
            found.append((wording.clean(ending), "What was heard is kept. q quits."))
        if len(found) == self._count:
            return
        self._count = len(found)
        self._unseen = found[self._seen :]
        self._draw()

    def acknowledge(self) -> None:
        self._seen = self._count
        self._unseen = []
        self._draw()

    def _draw(self) -> None:
        self.display = self.waiting
        if not self._unseen:
            return
        what, mend = self._unseen[-1]
        others = sorted(set(self._unseen) - {self._unseen[-1]})
        more = f" (+{len(others)} more)" if others else ""
        known = (
            ("! ", "$flag bold"),
            (f"{what} ", "bold"),
            f"{mend}{more} ",
            ("x: seen", "$quiet"),
        )
        self.update(Content.assemble(*known))
