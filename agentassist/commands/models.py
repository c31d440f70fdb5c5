"""`models`: the speech models of vosk: listed, fetched, verified and removed."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from agentassist import config
from agentassist.cleaning import clean
from agentassist.commands.options import FILE
from agentassist.errors import MendableError
from agentassist.speech import catalogue as catalogues
from agentassist.speech import models as stock
from agentassist.speech.base import SpeechError
from agentassist.speech.catalogue import Offered
from agentassist.speech.download import Tell

catalogue_option = click.option(
    "--catalogue",
    type=FILE,
    default=catalogues.SHIPPED,
    help="Another catalogue of models, as of your own mirror.",
)


@click.group(invoke_without_command=True, epilog="Example: agentassist models")
@click.pass_context
def models(ctx: click.Context) -> None:
    """List the speech models: installed, in use, and those that can be fetched."""
    if ctx.invoked_subcommand is None:
        ctx.invoke(list_models)


@models.command("list", epilog="Example: agentassist models list")
@catalogue_option
def list_models(catalogue: Path = catalogues.SHIPPED) -> None:
    """What is installed, what is in use, and what can be fetched."""
    offered = catalogues.read(catalogue).models
    installed = stock.installed()
    used = _in_use()
    click.echo("Installed:")
    for model in installed:
        mark = "  in use" if str(model.path) == used else ""
        click.echo(f"  {model.name}  {_mb(model.size)}  {model.path}{mark}")
    if not installed:
        click.echo("  none for vosk; moonshine brings its own")
    click.echo("Can be fetched:")
    here = {model.name for model in installed}
    for each in offered:
        if each.name not in here:
            click.echo(f"  {each.name}  {_mb(each.size)}  {each.language}  {each.licence}")
            click.echo(f"      {clean(each.about)}")
    click.echo("To fetch one: agentassist models fetch NAME")
    if len(installed) > 1:
        click.echo(f'To choose one: model = "NAME" under [speech] in {config.settings_file()}')


@models.command(epilog="Example: agentassist models fetch vosk-model-small-en-us-0.15")
@click.argument("name")
@click.option("--file", "archive", type=FILE, help="Its archive, where it was brought by hand.")
@click.option("--again", is_flag=True, help="Also where it is installed and sound.")
@catalogue_option
def fetch(name: str, archive: Path | None, again: bool, catalogue: Path) -> None:
    """Fetch a model, check it and install it. Cut off at any time, it goes on from there.

    A proxy is taken from HTTPS_PROXY, HTTP_PROXY and NO_PROXY, as is usual, and the certificates
    of one that looks into connections from REQUESTS_CA_BUNDLE.
    """
    from agentassist.speech import fetching

    known = catalogues.read(catalogue)
    offered = known.offered(name)
    for model in stock.installed():
        if model.name == name and not again and not any(stock.faults(model)):
            click.echo(f"{name} is installed and sound: {model.path}")
            return
    with _progress(offered, show=archive is None) as tell:
        model = fetching.fetch(offered, known, tell, archive)
    click.echo(f"{name} is installed and sound: {model.path}")


@models.command(epilog="Example: agentassist models verify")
@click.argument("names", metavar="[NAME]...", nargs=-1)
def verify(names: tuple[str, ...]) -> int:
    """Compare every file of the installed models with what was fetched."""
    found = [model for model in stock.installed() if not names or model.name in names]
    for missing in sorted(set(names) - {model.name for model in found}):
        raise MendableError(f"no model {missing!r} is installed; see agentassist models")
    faulty = 0
    for model in found:
        faults = list(stock.faults(model))
        faulty += bool(faults)
        for fault in faults:
            click.echo(f"agentassist: {fault}", err=True)
        known = "" if model.fetched else " (not fetched by agentassist: its files are there)"
        sound = "NOT as fetched; fetch it again" if faults else f"sound{known}"
        click.echo(f"{model.name}: {sound}")
    if not found:
        click.echo("No model is installed.")
    return int(faulty > 0)


@models.command(epilog="Example: agentassist models remove vosk-model-small-en-us-0.15")
@click.argument("name")
def remove(name: str) -> None:
    """Remove a model that was fetched, or what has come of one so far."""
    stock.remove(name)
    click.echo(f"{name} is removed.")
    if config.load().speech.model == name:
        click.echo(f"{config.settings_file()} still names it under [speech].", err=True)


@contextmanager
def _progress(offered: Offered, *, show: bool) -> Iterator[Tell]:
    """A bar on a terminal; what came stays, and is told, where the user breaks off."""
    from agentassist.speech.download import size_of

    if not show:
        yield lambda _: None
        return
    with click.progressbar(
        length=offered.size, label=f"{offered.name}, {_mb(offered.size)}", file=sys.stderr
    ) as bar:
        try:
            yield lambda there: bar.update(there - bar.pos)
        except KeyboardInterrupt:
            kept = _mb(size_of(stock.part_of(offered.name)))
            line = f"{kept} are kept; the same command goes on from there"
            click.echo(f"\nagentassist: {line}", err=True)
            raise


def _in_use() -> str:
    """The path of the model that a call would be heard with; empty where it is not vosk's."""
    from agentassist.speech.engines import available

    speech = config.load().speech
    try:
        path = stock.path_of(speech.model) if speech.model else None
    except SpeechError as error:
        click.echo(f"agentassist: {error}", err=True)
        return ""
    for engine in available(path):
        if engine.ok and speech.engine in {None, engine.name}:
            return engine.model
    return ""


def _mb(size: int) -> str:
    return f"{size / 1e6:,.0f} MB"
