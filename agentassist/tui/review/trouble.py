"""One quiet line above the keys, for as long as something of the store is out of reach."""

from textual.widgets import Static

from agentassist.tui.wording import clean


class TroubleLine(Static):
    """Not there while all is well."""

    def __init__(self) -> None:
        super().__init__(id="review-trouble", markup=False)
        self.text = ""
        self.display = False

    def tell(self, text: str) -> None:
        """What is wrong, with its mend; empty once it is well again."""
        self.text = clean(text)
        self.display = bool(text)
        self.update(f"! {self.text} · any key tries again" if text else "")
