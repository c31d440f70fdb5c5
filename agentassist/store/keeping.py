"""The sink that keeps a call while it runs: its journal, and at its end the machine's draft."""

from collections.abc import Callable
from types import TracebackType
from typing import Self

from agentassist import events as ev
from agentassist.call import EMPTY, Call, apply
from agentassist.errors import MendableError
from agentassist.store.journal import Journal
from agentassist.store.records import Versions
from agentassist.store.unfinished import UnfinishedNote


class Keeping:
    """A sink of the session. A disk that fails ends the keeping, never the call: see `trouble`."""

    def __init__(self, note: UnfinishedNote, versions: Callable[[Call], Versions]) -> None:
        """`versions` is asked once the call has ended. Raises MendableError."""
        self.note = note
        self.call: Call = EMPTY
        self.trouble = ""
        """What went wrong with keeping it, with the mend; empty while all is well."""
        self._versions = versions
        self._journal = Journal(note.journal)

    def __call__(self, event: ev.AnyEvent) -> None:
        """Take one event, as the session sends it; nothing more once the draft is kept."""
        if self.call.note is not None or self.trouble:
            return
        self.call = apply(self.call, event)
        try:
            self._keep(event)
        except OSError as error:
            self._give_up(f"{self.note.path}: {error.strerror}")
        except MendableError as error:
            self._give_up(str(error))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._journal.__exit__(kind, error, trace)

    def _keep(self, event: ev.AnyEvent) -> None:
        if self.call.ended and not isinstance(event, ev.CallEnded | ev.NoteDrafted):
            return
        self._journal(event)
        if isinstance(event, ev.NoteDrafted):
            self.note.keep_draft(self.call, self._versions(self.call))

    def _give_up(self, what: str) -> None:
        self.trouble = f"{what}. The note does not survive a crash now: save or copy it."
