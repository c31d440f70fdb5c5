"""What the desk behind a tab draws through: Textual's own way to a browser, ending with it.

`session` names this class to the program that it starts, in the environment.
"""

from contextlib import suppress

from textual import events
from textual.drivers.web_driver import WebDriver

from agentassist.tui.messages import LeaveWanted


class DeskDriver(WebDriver):
    """Ends the program when nobody is at the other end, however that went away."""

    def start_application_mode(self) -> None:
        super().start_application_mode()
        # It begins as if the tab were in the background, and keys would go astray.
        self._app.call_later(self._app.post_message, events.AppFocus())

    def run_input_thread(self) -> None:
        super().run_input_thread()
        if not self.exit_event.is_set():
            with suppress(RuntimeError):  # it is about to end by itself
                self.send_message(LeaveWanted())
