"""`rules edit`: one rule in a file of its own, to be edited and tried."""

from pathlib import Path

import click

from agentassist import packs
from agentassist.commands.options import FILE, rules_option
from agentassist.errors import MendableError
from agentassist.pack_excerpt import Excerpt, excerpt, steps


@click.command(epilog="Example: agentassist rules edit hardship --out mine.yaml")
@click.argument("rule")
@click.option("--out", type=FILE, help="The new file; by default RULE.yaml in this folder.")
@rules_option
def edit(rule: str, out: Path | None, rules: tuple[Path, ...]) -> None:
    """Write a rule as it is in force, with its examples, into a new file to be edited.

    RULE is its id, as the desk and a record name it. Nothing in force is changed:
    `agentassist rules try` shows what the edit would do.
    """
    rulebook, read = packs.written(*rules)
    name = rule.removeprefix("rule:")
    found = excerpt((source for source, _ in read), name, steps(rulebook.sequences))
    path = out or Path(f"{found.id}.yaml")
    _write(path, found)
    click.echo(f"{path}: {found.id} of the pack {found.pack}; next: agentassist rules try {path}")


def _write(path: Path, found: Excerpt) -> None:
    comment = (
        f"# {found.id}, as it is in force: {found.place}\n"
        f"# Edit it, then see what it gains and loses: agentassist rules try {path}\n"
        "# Terms in braces, as {who}, stay where they are.\n"
    )
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(comment + found.text)
    except FileExistsError:
        raise MendableError(f"{path}: is there already; name another file with --out") from None
    except OSError as error:
        raise MendableError(f"{path}: can't be written: {error.strerror}") from None
