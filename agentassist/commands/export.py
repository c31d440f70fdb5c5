"""`export`: a call or its note in another program's format."""

import datetime
import platform
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click

from agentassist import config
from agentassist.commands.analyze import heard
from agentassist.commands.coach import Coach
from agentassist.commands.options import (
    FILE,
    call_name,
    call_options,
    read_rules,
    rules_only_option,
    rules_option,
)
from agentassist.export import formats
from agentassist.export.files import refuse_to_overwrite, write_new

if TYPE_CHECKING:  # it brings Jinja2
    from agentassist.export.templates import Template

_READ_BY_PEOPLE = ("text", "markdown")


class _Zone(click.ParamType[ZoneInfo]):
    name = "zone"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> ZoneInfo:
        try:
            return ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            self.fail(f"{value!r} is not a time zone; as Europe/London", param, ctx)


class _Moment(click.ParamType[datetime.datetime]):
    name = "time"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime.datetime:
        try:
            return datetime.datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is not a time; as 2026-03-12T14:30", param, ctx)


@click.command(
    epilog="Example: agentassist export monday.wav --to csv --out monday.csv\n\n"
    "\b\nOwn template: agentassist export monday.wav --template ours.txt.j2 --limit 2000"
)
@click.argument("call", type=FILE, required=False)
@call_options
@click.option(
    "--to", type=click.Choice(formats.NAMES), help="The format.  [default: text, or the template's]"
)
@click.option("--out", type=FILE, help="Into this new file, which only you may read.")
@click.option("--template", type=FILE, help="Your own Jinja2 template, for text or markdown.")
@click.option("--check-template", type=FILE, help="Only check a template; needs no CALL.")
@click.option(
    "--limit",
    type=click.IntRange(min=1),
    help="Warn above so many characters; by default your form's, `[note] limit`.",
)
@click.option("--header/--no-header", default=True, help="csv: a row of column names first.")
@click.option("--time-zone", type=_Zone(), help="icalendar, vcon: that of the call's times.")
@click.option("--started-at", type=_Moment(), help="vcon: when the call began.")
@click.option("--schema", is_flag=True, help="Only print the JSON schema of --to json.")
@rules_option
@rules_only_option
def export(
    call: Path | None,
    to: str | None,
    out: Path | None,
    template: Path | None,
    check_template: Path | None,
    limit: int | None,
    header: bool,
    time_zone: ZoneInfo | None,
    started_at: datetime.datetime | None,
    schema: bool,
    rules: tuple[Path, ...],
    rules_only: bool,
    **options: Any,
) -> None:
    """A call or its note in another program's format, on standard output or in a file.

    CALL is a recording (two channels), a transcript (JSON), or a journal.
    """
    if schema:
        from agentassist.export.json_note import note_schema

        click.echo(note_schema(), nl=False)
        return
    if check_template:
        _template(check_template, to)
        click.echo(f"{check_template}: no fault")
        return
    to = to or _named_by(template)
    settings = formats.Settings(
        now=datetime.datetime.now(datetime.UTC),
        domain=platform.node() or "localhost",
        zone=time_zone,
        started_at=_aware(started_at, time_zone),
        header=header,
        template=_template(template, to) if template else None,
    )
    name = call_name(call, **options)
    if out:
        refuse_to_overwrite(out)
    done = heard(name, Coach(read_rules(rules), rules_only=rules_only), [])
    made = formats.export(done, done.note, to, settings)
    if out:
        write_new(out, made)
    else:
        click.echo(made, nl=False)
    if to == "vcon" and not settings.started_at and not (done.started and done.started.started_at):
        click.echo("agentassist: the time of day is not known: counted from midnight UTC", err=True)
    if to in _READ_BY_PEOPLE:
        click.echo(f"agentassist: {_length(made, limit or _of_the_form(to))}", err=True)


def _named_by(template: Path | None) -> str:
    """What is written where `--to` does not tell."""
    if template is None:
        return "text"
    from agentassist.export.templates import kind_of

    return kind_of(template)


def _template(file: Path, to: str | None) -> "Template":
    """The template, checked. Raises TemplateError; UsageError where the format takes none."""
    from agentassist.export import templates

    match to or templates.kind_of(file):
        case ("text" | "markdown") as kind:
            return templates.read(file, kind)
        case other:
            raise click.UsageError(f"{other} takes no template; --to text or --to markdown does")


def _aware(at: datetime.datetime | None, zone: ZoneInfo | None) -> datetime.datetime | None:
    """In the zone that is told, else this machine's, where the time has no offset of its own."""
    if at is None or at.tzinfo:
        return at
    return at.replace(tzinfo=zone) if zone else at.astimezone()


def _of_the_form(to: str) -> int | None:
    """What the form's field takes, which the text is for, by the settings."""
    return config.load().note.limit if to == "text" else None


def _length(made: bytes, limit: int | None) -> str:
    """How long the note is, and by how much too long."""
    count = len(made.decode())
    told = f"{count:,} characters"
    if limit is None or count <= limit:
        return told
    return f"warning: {told}, {count - limit:,} over the limit of {limit:,}"
