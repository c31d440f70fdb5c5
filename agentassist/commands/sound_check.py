"""Both sides' levels, moving, and the walk through both of them by ear and by eye."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

from agentassist import events as ev
from agentassist.audio import devices, tone
from agentassist.audio import thresholds as t
from agentassist.audio.devices import Pair
from agentassist.audio.live import LiveAudio
from agentassist.commands.options import has_screen
from agentassist.tui import wording
from agentassist.vocabulary import PARTIES, Party

_LOWEST = -60.0
_WIDTH = 30
"""Columns of a bar, from _LOWEST to full scale."""

_TURN = {True: 0.1, False: 1.0}
"""Seconds between two looks, on a terminal and elsewhere."""

_HEARD_SECONDS = 0.4
_PATIENCE = 15.0
"""Somebody who is asked to speak does within a few seconds; a device may take some to open."""

_NAMES: dict[Party, str] = {"agent": "You", "caller": "The caller"}


def bar(level: float) -> str:
    """A level in decibels of full scale as a bar of fixed width, with its number."""
    share = min(1.0, max(0.0, 1.0 - level / _LOWEST))
    filled = round(share * _WIDTH)
    number = f"{level:4.0f} dB" if level > _LOWEST else " silent"
    return f"[{'#' * filled}{'.' * (_WIDTH - filled)}] {number}"


@contextmanager
def _listening(pair: Pair) -> Iterator[LiveAudio]:
    """Both devices open; what is wrong with them is told as it happens."""
    assert pair.microphone is not None
    assert pair.caller is not None
    live = LiveAudio(pair.microphone.name, pair.caller.name)

    def tell(party: Party) -> None:
        for item in live.blocks(party):
            if isinstance(item, ev.TroubleHeard):
                click.echo("\r*** " + " ".join(wording.trouble(item)).strip())

    with live:
        threads = [threading.Thread(target=tell, args=(each,), daemon=True) for each in PARTIES]
        for thread in threads:
            thread.start()
        yield live
    for thread in threads:
        thread.join(timeout=2.0)


def show_levels(pair: Pair, seconds: float | None) -> None:
    """Both levels for so long, or until Ctrl-C: on a terminal in place, else a line a second."""
    in_place = has_screen()
    if in_place:
        click.echo("\nSpeak, and let the softphone play. Ctrl-C ends this.")
    until = time.monotonic() + seconds if seconds is not None else None
    with _listening(pair) as live:
        try:
            while until is None or time.monotonic() < until:
                time.sleep(_TURN[in_place])
                _draw(live, in_place=in_place)
        except KeyboardInterrupt:
            pass
        if in_place:
            click.echo()


def _draw(live: LiveAudio, *, in_place: bool) -> None:
    levels = live.levels()
    line = "  ".join(f"{_NAMES[party]} {bar(levels[party])}" for party in PARTIES)
    click.echo(f"\r{line}" if in_place else line, nl=not in_place)


def walk_through(pair: Pair, *, asks: bool) -> None:
    """The agent speaks, then hears two tones. Raises DeviceError where a side stays silent.

    Without `asks` nothing is asked, and the meters alone decide.
    """
    assert pair.microphone is not None
    assert pair.caller is not None
    with _listening(pair) as live:
        click.echo(f"\n1. Say a few words into {pair.microphone.title}.")
        if not _moves(live, "agent", lambda: None):
            raise devices.DeviceError(
                f"{pair.microphone.title} hears nothing; check its mute key, or choose another:"
                " agentassist devices --microphone NAME"
            )
        click.echo("   Your microphone hears you.")
        click.echo(f"2. Two tones are played now; {pair.caller.title} should hear them.")
        far_end = pair.caller
        if not _moves(live, "caller", lambda: tone.play(far_end)):
            raise devices.DeviceError(
                f"{far_end.title} hears nothing; choose the one that the softphone plays to:"
                " agentassist devices --caller NAME"
            )
        click.echo("   The far end is heard.")
    if asks and not click.confirm("   Did you hear the two tones in your headset?", default=True):
        click.echo(
            "   Then the softphone may play to another device than this one. Look in its sound"
            " settings, and choose the same: agentassist devices --caller NAME"
        )
        return
    click.echo("Both sides work. Start with: agentassist live")


def _moves(live: LiveAudio, party: Party, act: Callable[[], object]) -> bool:
    """Whether the party's level comes up, again and again acting so that it does."""
    in_place, heard = has_screen(), 0.0
    until = time.monotonic() + _PATIENCE
    acting = threading.Thread(target=act, daemon=True)
    acting.start()
    while heard < _HEARD_SECONDS and time.monotonic() < until:
        time.sleep(0.1)
        heard += 0.1 if live.levels()[party] > t.QUIET else 0.0
        if in_place:
            _draw(live, in_place=True)
        if not acting.is_alive():
            acting = threading.Thread(target=act, daemon=True)
            acting.start()
    acting.join(timeout=5.0)
    if in_place:
        click.echo()
    return heard >= _HEARD_SECONDS
