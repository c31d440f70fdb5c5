"""`archive send`: what this desk has filed goes to the floor's server now."""

import sys
from collections.abc import Iterable
from contextlib import closing
from typing import TYPE_CHECKING, Any

import click

from agentassist.commands import archives, desk, filing, sending
from agentassist.tui.wording import clean

if TYPE_CHECKING:  # they bring SQLAlchemy
    from agentassist.archive.sending import Refused, Step

SHOWN = 20
"""Refusals that are told one by one."""


@click.command(epilog="Example: agentassist archive send")
def send() -> int:
    """Send filed calls, and what you said of them, to the server; fetch what others answered.

    `agentassist live` does the same by itself, between calls. It may be interrupted: nothing is
    lost, and nothing is sent twice.
    """
    sending.url()
    troubles = filing.file_all()
    for trouble in troubles:
        click.echo(f"agentassist: not filed yet: {clean(trouble)}", err=True)
    with closing(archives.own()) as own:
        waits = sending.waiting(own)
        count = waits.calls + waits.refused
        told = _Told()
        try:
            told.take(sending.send(own, again=True), count)
        finally:
            click.echo(told.words())
            if left := sending.waiting(own).told(desk.now()):
                click.echo(left)
    _tell(told.refused)
    return int(bool(troubles or told.refused))


class _Told:
    """Counts what was done."""

    def __init__(self) -> None:
        self.calls = self.reviews = self.answers = self.gone = 0
        self.refused: list[Refused] = []

    def take(self, steps: Iterable["Step"], count: int) -> None:
        """All of them, with how far it is."""
        from agentassist.archive.sending import Answered, Delivered, Gone, Refused

        bar: Any = click.progressbar(
            length=count, label="Sending", file=sys.stderr, hidden=not sys.stderr.isatty()
        )
        with bar:
            for step in steps:
                match step:
                    case Delivered(what="call"):
                        self.calls += 1
                        bar.update(1)
                    case Delivered():
                        self.reviews += 1
                    case Refused():
                        self.refused.append(step)
                        bar.update(1)
                    case Answered(reviews):
                        self.answers = reviews
                    case Gone(calls):
                        self.gone += calls

    def words(self) -> str:
        sent = f"{self.calls:,} calls and {self.reviews:,} words on moments sent"
        gone = f"; {self.gone:,} calls removed, as on the server" if self.gone else ""
        return f"{sent}; {self.answers:,} by others fetched{gone}"


def _tell(refused: list["Refused"]) -> None:
    for one in refused[:SHOWN]:
        click.echo(f"agentassist: {clean(one.title)} ({one.id}): {clean(one.why)}", err=True)
    if len(refused) > SHOWN:
        click.echo(f"agentassist: and {len(refused) - SHOWN:,} more", err=True)
