"""What the screens need to know of the place where they are used. Filled at the edge."""

import datetime
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

from agentassist.account import Account
from agentassist.brief import Brief
from agentassist.events import CallStarted
from agentassist.export.formats import Settings
from agentassist.handover import Colleague
from agentassist.plans.limits import NO_LIMITS, Limits
from agentassist.rulebook import PauseRule
from agentassist.store.unfinished import Coach


class Desk(NamedTuple):
    """The user's data, clock and name."""

    data: Path
    """The user's data folder: what waits, the records, and in `notes` what was made of them."""
    now: Callable[[], datetime.datetime]
    """Aware."""
    by: Callable[[], str]
    """Who approves a note. May raise MendableError."""
    coach: Coach
    """Derives a call that waits from its journal."""
    codes: Mapping[str, Mapping[str, str]] = {}
    """What the rulebook calls the note's codes."""
    domain: str = "localhost"
    limit: int = 2000
    """Characters that the form's field takes which the short note is for."""
    has_next: bool = False
    """Whether another call can follow this one."""
    colleagues: tuple[Colleague, ...] = ()
    """To whom a call may be passed on."""
    limits: Limits = NO_LIMITS
    """The organisation's, of arrangements."""
    pack_of: Callable[[CallStarted], str] = lambda started: started.pack
    """The pack of rules that is in force in a call."""
    brief: Callable[[Account, str], Brief] | None = None
    """The brief of an account under a pack, as of now."""
    pauses: tuple[PauseRule, ...] = ()
    """After which calls one is suggested; none where the user wants none."""
    filing: Callable[[], None] | None = None
    """To be told, from any thread, that an approved call is to be filed; None where none is."""

    @property
    def notes(self) -> Path:
        return self.data / "notes"

    def settings(self) -> Settings:
        """For an export, now."""
        return Settings(now=self.now(), domain=self.domain)
