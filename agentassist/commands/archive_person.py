"""`archive export-person` and `erase-person`: one person's data, when they ask for it."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
import msgspec

from agentassist import config
from agentassist.commands import desk
from agentassist.commands.archive_removing import (
    archive_of,
    carried_out,
    counted,
    order_of,
    removing_options,
    require_yes,
)
from agentassist.commands.archives import db_option
from agentassist.commands.options import FILE
from agentassist.errors import MendableError
from agentassist.tui.wording import clean

if TYPE_CHECKING:  # they bring SQLAlchemy
    from sqlalchemy import Connection

    from agentassist.archive.erasing import Plan
    from agentassist.archive.one_person import Asked, Someone
    from agentassist.archive.opening import Archive

Command = TypeVar("Command", bound=Callable[..., Any])

_WHOSE = [
    click.option("--account", metavar="ID", default="", help="By their account."),
    click.option(
        "--person", metavar="NAME", default="", help="By name; all that is named must hold."
    ),
    click.option("--phone", metavar="NUMBER", default="", help="By telephone number."),
    click.option("--no-account", is_flag=True, help="Of their calls without an account number."),
]

_WHAT = "All that this archive of agentassist holds of the calls with one person."
_NOT_HERE = (
    "Recordings are files of their own: `recording` names them, on the machine that made them.",
    "Approved records of notes lie on the agents' desks: agentassist note list --records",
    "Calls whose note is not approved yet lie there too: agentassist note list",
    "What was imported of the account lies there too: agentassist accounts show NUMBER",
)


def _whose(command: Command) -> Command:
    for option in reversed(_WHOSE):
        command = option(command)
    return command


@click.command(
    "export-person", epilog="Example: agentassist archive export-person --account 4711 --out p.json"
)
@db_option
@_whose
@click.option(
    "--out", type=FILE, required=True, help="Into this new file, which only you may read."
)
def export_person(
    db: str | None, account: str, person: str, phone: str, no_account: bool, out: Path
) -> None:
    """All that the archive holds of one person, as JSON with an index at its beginning.

    That their calls were looked at is written down. On a server, for its owner and compliance.
    """
    from agentassist.archive import one_person
    from agentassist.archive.desk import look
    from agentassist.export.files import refuse_to_overwrite, write_new

    asked = _asked(account, person, phone, no_account)
    refuse_to_overwrite(out)
    with archive_of(db, "owner", "compliance") as (archive, who):
        with archive.writing() as connection:
            someone = _someone(connection, archive, asked)
            look(connection, who.id, desk.now(), "exported", someone.calls)
            others = one_person.unnumbered(connection, someone)
        # A server gives words only to whom it knows to have looked, in a transaction before.
        with archive.reading() as connection:
            told = list(one_person.everything(connection, someone))
        about = {
            "what": _WHAT,
            "person": {
                "account": someone.account,
                "names": someone.names,
                "phones": someone.phones,
            },
            "made": {"at": desk.now(), "by": who.id, "archive": archive.place},
            "not_here": _NOT_HERE,
        }
        index = [one_person.line(one) for one in told]
        written = msgspec.json.encode(about | {"index": index, "calls": told})
        write_new(out, msgspec.json.format(written, indent=1) + b"\n")
    click.echo(clean(f"{out}: {_span(someone)}"))
    _tell_others(others)


@click.command("erase-person", epilog="Example: agentassist archive erase-person --account 4711")
@db_option
@_whose
@removing_options
def erase_person(
    db: str | None,
    account: str,
    person: str,
    phone: str,
    no_account: bool,
    dry_run: bool,
    yes: bool,
    why: str,
    recordings: tuple[Path, ...],
    lost: bool,
) -> int:
    """Remove one person's calls, words and recordings, as far as nothing forbids it; with proof.

    What is held, or must be kept by a rule of rules/retention.yaml, stays and is named. On a
    server only its owner may; what is removed there is not filed again, and goes from agents'
    desks when they next send.
    """
    from agentassist.archive import erasing, one_person, proof, retention

    asked = _asked(account, person, phone, no_account)
    periods = retention.load(config.load().archive.retention)
    with archive_of(db, "owner") as (archive, who):
        with archive.reading() as connection:
            someone = _someone(connection, archive, asked)
            others = one_person.unnumbered(connection, someone)
            plan = erasing.plan(connection, someone, periods, desk.now().date())
        _tell_plan(someone, plan)
        _tell_others(others)
        if dry_run:
            return 0
        status = 0
        if plan.going:
            question = clean(f"Type {someone.called} to remove that for good")
            require_yes(question, yes=yes, answer=someone.called)
            told = f"erasure: {why}" if why else "erasure"
            subject = proof.subject(someone.called)
            order = order_of(archive, who, told, recordings, lost=lost, subject=subject)
            count = sum(len(going.calls) for going in plan.going)
            status = carried_out(archive, erasing.erase(archive, plan, order), count)
        _tell_untouched(archive, someone)
        return status


def _asked(account: str, person: str, phone: str, no_account: bool) -> "Asked":
    from agentassist.archive.one_person import Asked

    if not (account or person or phone):
        raise click.UsageError("say who: --account, --person or --phone")
    if phone and not any(map(str.isdigit, phone)):
        raise click.UsageError("--phone: no digit in it")
    if account and no_account:
        raise click.UsageError("--account and --no-account exclude each other")
    return Asked(account, person, phone, no_account)


def _someone(connection: "Connection", archive: "Archive", asked: "Asked") -> "Someone":
    """The only one whom that may mean. Raises MendableError where there are more, or none."""
    from agentassist.archive import one_person

    found = one_person.people(connection, asked)
    if not found:
        raise MendableError(f"{archive.place}: no call with such a person")
    if len(found) > 1:
        for each in found:
            click.echo(_line(each), err=True)
        mend = "name one by --account; one without by --no-account with --person and --phone"
        raise MendableError(f"{len(found)} people may be meant; {mend}")
    return found[0]


def _line(someone: "Someone") -> str:
    told = (someone.account or "no account", ", ".join(someone.names), ", ".join(someone.phones))
    line = "  ".join(part for part in told if part)
    return clean(f"{line}  {_span(someone)}")


def _span(someone: "Someone") -> str:
    return f"{counted(len(someone.calls), 'call')}, {someone.first} to {someone.last}"


def _tell_plan(someone: "Someone", plan: "Plan") -> None:
    click.echo(_line(someone))
    for going in plan.going:
        what = "with all that hangs on it" if going.kind == "call" else f"only its {going.kind}"
        pack = f"pack {going.pack}" if going.pack else "no pack"
        click.echo(clean(f"goes: {counted(len(going.calls), 'call')} ({pack}), {what}"))
    for kept in plan.kept:
        what = ", ".join(kept.kinds)
        click.echo(clean(f"stays: {kept.call} of {kept.day} ({what}): {kept.why}"))
    if not plan.going:
        click.echo("Nothing goes.")


def _tell_others(count: int) -> None:
    if count:
        click.echo(
            f"Also {counted(count, 'call')} of that name or telephone number without an account:"
            " look at them by --person or --phone with --no-account"
        )


def _tell_untouched(archive: "Archive", someone: "Someone") -> None:
    remove = f"agentassist accounts remove {someone.account}" if someone.account else ""
    lines = (
        "Not touched:",
        "- approved records of notes on the agents' desks, which are evidence, and notes that wait",
        "  there: agentassist note list --records, agentassist note list",
        f"- what was imported of the account there: {remove}" if remove else "",
        "- who looked at these calls: it names no one but who looked",
        "- backups, which have their own retention",
        ""
        if archive.is_server
        else "- the floor's server, if there is one: the same with --db URL",
    )
    click.echo("\n".join(clean(line) for line in lines if line))
