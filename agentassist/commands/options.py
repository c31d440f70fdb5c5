"""Options that several commands share."""

import datetime
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal, TypeAlias, TypeVar

import click
import msgspec

from agentassist import config, packs
from agentassist.errors import MendableError
from agentassist.labels import Classify, PhraseClassifier
from agentassist.rulebook import Rulebook
from agentassist.source import CallName

Theme: TypeAlias = Literal["dark", "light"]

theme_option = click.option(
    "--theme", type=click.Choice(["dark", "light"]), default="dark", show_default=True
)

Command = TypeVar("Command", bound=Callable[..., Any])
Read = TypeVar("Read")

UNREDACTED = (
    "agentassist: redaction is off: card numbers, accounts, codes and birthdays stay in what is"
    " shown and kept"
)

FILE = click.Path(path_type=Path)


def has_screen() -> bool:
    """Whether the program may draw: both ends are a terminal that can."""
    return sys.stdout.isatty() and sys.stdin.isatty() and os.environ.get("TERM") != "dumb"


def _warned(ctx: click.Context, param: click.Parameter, value: bool) -> bool:
    """Says that redaction is off, once for a command."""
    del ctx, param
    if value:
        click.echo(UNREDACTED, err=True)
    return value


def _engine() -> str | None:
    return config.load().speech.engine


def own_packs() -> tuple[Path, ...]:
    """The organisation's own, by the settings. Raises SettingsError."""
    folder = config.load().rules.folder
    return (folder,) if folder else ()


pack_option = click.option(
    "--pack",
    metavar="NAME",
    default="",
    help="The rules in force, as uk; by default the settings', or the account's country's.",
)


_SIDES = [
    click.option("--agent", type=FILE, help="The agent's side, where each has a file."),
    click.option("--caller", type=FILE, help="The caller's side, where each has a file."),
]
_OF_ONE_FILE = [
    click.option(
        "--agent-channel",
        type=click.Choice(["left", "right"]),
        default="left",
        show_default=True,
        help="The agent's channel of a two-channel recording.",
    ),
    click.option(
        "--call-date",
        type=click.DateTime(["%Y-%m-%d"]),
        help="The day of the recorded call, for dates in the note.",
    ),
    click.option("--account", metavar="ID|FILE", help="Its number in your list, or JSON or CSV."),
    click.option(
        "--engine",
        default=_engine,
        help="Speech engine, by default that of the settings; `agentassist doctor` lists them.",
    ),
    click.option(
        "--no-redaction",
        is_flag=True,
        callback=_warned,
        help="Leave card numbers, accounts, codes and birthdays in what is shown and kept.",
    ),
    pack_option,
]

rules_option = click.option(
    "--rules",
    type=FILE,
    multiple=True,
    default=own_packs,
    help="A rule pack or folder of packs, in place of the shipped ones. May be repeated.",
)
rules_only_option = click.option(
    "--rules-only", is_flag=True, help="Label by wording alone, without the turn classifier."
)


def call_options(command: Command) -> Command:
    """Everything that says which call it is."""
    for option in reversed([*_SIDES, *_OF_ONE_FILE]):
        command = option(command)
    return command


def one_file_options(command: Command) -> Command:
    """The same for calls that each are one file."""
    for option in reversed(_OF_ONE_FILE):
        command = option(command)
    return command


def call_name(
    path: Path | None,
    agent: Path | None = None,
    caller: Path | None = None,
    *,
    call_date: datetime.datetime | None,
    account: str | None,
    no_redaction: bool,
    **options: Any,
) -> CallName:
    """The call that the options name. Raises click.UsageError where they contradict."""
    from agentassist.commands.accounts import account_named

    if path and (agent or caller):
        raise click.UsageError("name either one CALL or --agent F --caller F, not both")
    if not path and not (agent and caller):
        raise click.UsageError("name a CALL, or one file a side: --agent F --caller F")
    speech = config.load().speech
    return CallName(
        path,
        agent,
        caller,
        call_date=call_date.date() if call_date else None,
        account=account_named(account) if account else None,
        redaction=not no_redaction,
        model=speech.model,
        usual_pack=usual_pack(),
        voices=speech.voices,
        **options,
    )


def read_json(path: Path, kind: type[Read], what: str) -> Read:
    """A file as a value of that kind; `what` names it where it is not one. Raises MendableError."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=kind)
    except OSError as error:
        raise MendableError(f"{path}: can't be read: {error.strerror}") from None
    except msgspec.DecodeError as error:
        raise MendableError(f"{path}: not {what}: {error}") from None


def classifier(rulebook: Rulebook, *, rules_only: bool, beside: Classify | None = None) -> Classify:
    """Rules and model together, or rules alone. The model is loaded in the background.

    With `beside`, the model of that one: see `RulesAndModel`.
    """
    if rules_only:
        return PhraseClassifier(rulebook)
    from agentassist.understanding.combined import RulesAndModel

    return RulesAndModel(rulebook, beside=beside if isinstance(beside, RulesAndModel) else None)


def read_rules(paths: tuple[Path, ...], pack: str = "") -> Rulebook:
    """The packs that `--rules` names, or the shipped ones; `pack` is one of them, if it is named.

    Raises MendableError where it is not, or the settings' is not.
    """
    rulebook = packs.load(*paths)
    there = ", ".join(sorted(rulebook.versions))
    for where, name in (("--pack", pack), (f"{config.settings_file()}: rules.pack", usual_pack())):
        if name and name not in rulebook.versions:
            raise MendableError(f"{where}: no rule pack {name}; there are: {there}")
    return rulebook


def usual_pack() -> str:
    """The pack of the settings; empty where the account's country decides."""
    return config.load().rules.pack or ""
