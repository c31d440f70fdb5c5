"""`devices`: what can be heard, which is which, and the choice for live calls."""

import click

from agentassist import config
from agentassist.audio import devices as audio
from agentassist.audio.devices import Input, Pair
from agentassist.cleaning import clean
from agentassist.commands import sound_check
from agentassist.commands.options import has_screen
from agentassist.errors import MendableError

_PIPED_SECONDS = 5.0
"""Levels are shown for so long where nobody can end them."""

_KINDS = {
    "microphone": "microphones, for your side",
    "far end": "far ends, for the caller's side: what the softphone plays",
    "other": "neither, as far as can be told",
}


@click.command(epilog="Example: agentassist devices --microphone jabra --test")
@click.option("--microphone", metavar="NAME", help="Your side, by its name or a part of it.")
@click.option("--caller", metavar="NAME", help="The caller's side: what the softphone plays.")
@click.option("--test", is_flag=True, help="Try both sides, by ear and by eye.")
@click.option(
    "--seconds", type=click.FloatRange(min=0.0), help="Show the levels for so long, then end."
)
def devices(microphone: str | None, caller: str | None, test: bool, seconds: float | None) -> None:
    """Show what can be heard, and its levels; choose and test the two sides of a live call.

    The choice is remembered. Without one, this walks you through it.
    """
    found = audio.inputs()
    kept = config.load().audio
    chosen = Pair(
        _named(microphone or kept.microphone, found, told=microphone is not None),
        _named(caller or kept.caller, found, told=caller is not None),
    )
    _list(found, chosen)
    asked = has_screen() and not (chosen.microphone and chosen.caller)
    pair = _asked(found, chosen) if asked else _completed(found, chosen)
    if microphone or caller or asked:
        _remember(pair)
    if test or asked:
        sound_check.walk_through(pair, asks=has_screen())
    else:
        shown = seconds if seconds is not None or has_screen() else _PIPED_SECONDS
        sound_check.show_levels(pair, shown)


def _named(name: str | None, found: list[Input], *, told: bool) -> Input | None:
    """The input of that name. One that is only remembered may be unplugged just now."""
    if name is None:
        return None
    try:
        return audio.find(name, found)
    except audio.DeviceError:
        if told:
            raise
        click.echo(f"agentassist: {clean(name)} is chosen, and not plugged in now", err=True)
        return None


def _list(found: list[Input], chosen: Pair) -> None:
    """Every input under its kind, with a number to choose it by."""
    kind = None
    for number, each in enumerate(found, 1):
        if each.kind != kind:
            kind = each.kind
            click.echo(f"{_KINDS[kind]}:")
        marks = [
            mark
            for mark, holds in (
                ("yours", chosen.microphone == each),
                ("the caller's", chosen.caller == each),
                ("the system's own", each.default),
                ("a telephone plays here", each.phone),
            )
            if holds
        ]
        name = "" if each.title == each.name else f"  {clean(each.name)}"
        told = f"  [{', '.join(marks)}]" if marks else ""
        click.echo(f"  {number:2}  {each.title}{name}{told}")


def _completed(found: list[Input], chosen: Pair) -> Pair:
    """What is not chosen, as it is suggested."""
    own = audio.suggested(found)
    return _checked(
        Pair(chosen.microphone or own.microphone, chosen.caller or own.caller),
    )


def _asked(found: list[Input], chosen: Pair) -> Pair:
    """What the agent chooses for both sides, by its number."""
    own = _completed(found, chosen)
    assert own.microphone is not None
    assert own.caller is not None
    click.echo("\nFor live calls two devices are needed. Enter takes the one in brackets.")
    microphone = _chosen("Your microphone", found, own.microphone)
    caller = _chosen("The caller's side", found, own.caller)
    return _checked(Pair(microphone, caller))


def _chosen(question: str, found: list[Input], suggested: Input) -> Input:
    number = click.prompt(
        question,
        type=click.IntRange(1, len(found)),
        default=found.index(suggested) + 1,
    )
    return found[number - 1]


def _checked(pair: Pair) -> Pair:
    """Raises MendableError unless there are two devices, one for each side."""
    if pair.microphone is None:
        raise MendableError(
            "no microphone is there; plug in a headset, and let this program use it in the"
            " system's privacy settings"
        )
    if pair.caller is None:
        raise MendableError(f"the far end can't be heard on this machine. {audio.no_far_end()}")
    if pair.microphone.name == pair.caller.name:
        raise MendableError(
            f"{clean(pair.caller.name)} can't be both sides; name another with --microphone or"
            " --caller"
        )
    return pair


def _remember(pair: Pair) -> None:
    assert pair.microphone is not None
    assert pair.caller is not None
    config.remember("audio", microphone=pair.microphone.name, caller=pair.caller.name)
    click.echo(f"Remembered in {config.settings_file()}.")
