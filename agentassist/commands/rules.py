"""`rules`: check a rulebook, run its examples, list its kinds."""

from pathlib import Path

import click
import msgspec

from agentassist import examples, packs
from agentassist.commands.options import FILE, rules_option
from agentassist.commands.rules_edit import edit
from agentassist.commands.rules_precision import precision
from agentassist.commands.rules_try import try_
from agentassist.errors import MendableError
from agentassist.learning import regressions
from agentassist.rulebook import AnyRule
from agentassist.rules_of_dialling import AnyDiallingRule


@click.group()
def rules() -> None:
    """Check a rulebook, run its examples, edit a rule and try it on calls that were had."""


for command in (edit, try_, precision):
    rules.add_command(command)


@rules.command(epilog="Example: agentassist rules check ours.yaml")
@click.argument("paths", metavar="[PACK]...", type=FILE, nargs=-1)
def check(paths: tuple[Path, ...]) -> None:
    """Read packs and say every fault at its file, line and column."""
    rulebook = packs.load(*paths)
    click.echo(
        f"{rulebook.version}: {len(rulebook.labels)} label rules, {len(rulebook.cues)} cue rules, "
        f"{len(rulebook.checklist)} checklist items; no fault"
    )


@rules.command(epilog="Example: agentassist rules test ours.yaml")
@click.argument("paths", metavar="[PACK]...", type=FILE, nargs=-1)
@click.option(
    "--also",
    type=FILE,
    multiple=True,
    help="Also run these examples: a file that `archive training` wrote, or a folder of them.",
)
def test(paths: tuple[Path, ...], also: tuple[Path, ...]) -> int:
    """Run every rule's examples: what must fire it, and what must not.

    With --also, examples that people made by judging moments of real calls, against these packs.
    """
    rulebook = packs.load(*paths)
    judged = regressions.checked(rulebook, also)
    failures = [*examples.failures(rulebook), *judged.failures]
    count = examples.count(rulebook) + judged.count
    for failure in failures:
        click.echo(examples.told(failure), err=True)
    click.echo(f"{count - len(failures)} passed, {len(failures)} failed")
    return int(bool(failures))


@rules.command(epilog="Example: agentassist rules kinds")
def kinds() -> None:
    """The kinds of rules, with the keys that each of them takes."""
    for kind in (*AnyRule.__args__, *AnyDiallingRule.__args__):
        fields = msgspec.structs.fields(kind)
        needed = ", ".join(f.encode_name for f in fields if f.required)
        optional = ", ".join(f.encode_name for f in fields if not f.required)
        summary = (kind.__doc__ or "").strip().splitlines()[0]
        click.echo(f"{kind.__struct_config__.tag}: {summary}")
        click.echo(f"  needed:   kind, {needed}\n  optional: {optional}\n")


@rules.command(epilog="Example: agentassist rules page --pack us --out rules-us.md")
@click.option("--pack", metavar="NAME", default="", help="Only what is in force under this pack.")
@click.option("--out", type=FILE, help="Write it to this file.")
@rules_option
def page(pack: str, out: Path | None, rules: tuple[Path, ...]) -> None:
    """One page of every rule in words, for a compliance officer to read and sign (Markdown)."""
    from agentassist import rule_page

    text = rule_page.page(*packs.written(*rules), pack)
    if out is None:
        click.echo(text, nl=False)
        return
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as error:
        raise MendableError(f"{out}: can't be written: {error.strerror}") from None
