"""`note`: a call's drafted note, and the notes that wait to be finished."""

from pathlib import Path
from typing import Any

import click
import msgspec
from msgspec.structs import replace

from agentassist.commands import desk, filing
from agentassist.commands.analyze import heard
from agentassist.commands.clerk import Clerk
from agentassist.commands.coach import Coach
from agentassist.commands.options import (
    FILE,
    Theme,
    call_name,
    call_options,
    has_screen,
    read_rules,
    rules_only_option,
    rules_option,
    theme_option,
)
from agentassist.commands.records import by_option, correct, saved, text_option, verify, words
from agentassist.errors import MendableError
from agentassist.store.chain import Chain
from agentassist.store.records import NoteVersion, Record
from agentassist.store.unfinished import UnfinishedNote, waiting
from agentassist.tui.wording import clean


class _CallOrCommand(click.Group):
    """`note CALL` is short for `note draft CALL`, whatever the call is named but a command."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if args[:1] not in ([name] for name in (*self.commands, *ctx.help_option_names)):
            args = ["draft", *args]
        return super().parse_args(ctx, args)


@click.group(
    cls=_CallOrCommand,
    subcommand_metavar="CALL | COMMAND [ARGS]...",
    epilog="Example: agentassist note monday.wav > monday.md",
)
def note() -> None:
    """The note of a CALL; or a COMMAND for notes that wait and for records."""


note.add_command(correct)
note.add_command(verify)


@note.command(epilog="Example: agentassist note draft monday.wav > monday.md")
@click.argument("call", type=FILE, required=False)
@call_options
@click.option("--json", "as_json", is_flag=True, help="The note's fields as JSON.")
@rules_option
@rules_only_option
def draft(
    call: Path | None, as_json: bool, rules: tuple[Path, ...], rules_only: bool, **options: Any
) -> None:
    """The drafted note of a call, as Markdown, each line with its evidence."""
    name = call_name(call, **options)
    done = heard(name, Coach(read_rules(rules, name.pack), rules_only=rules_only), [])
    if done.note is None:
        raise MendableError(f"{name}: no note: the call did not end")
    if as_json:
        encoder = msgspec.json.Encoder(decimal_format="number")
        click.echo(msgspec.json.format(encoder.encode(done.note)).decode())
    else:
        from agentassist.export.markdown import to_markdown

        click.echo(to_markdown(done, done.note))


@note.command("list", epilog="Example: agentassist note list")
@click.option("--records", is_flag=True, help="The records of approved notes in their place.")
def list_(records: bool) -> None:
    """The calls whose note is not approved yet, oldest first."""
    if records:
        for entry in Chain(desk.data_folder() / "records").entries():
            click.echo(_told_record(entry.record))
        return
    notes = waiting(desk.data_folder())
    for number, unfinished in enumerate(notes, 1):
        about = unfinished.about
        began = f"{about.began.local:%Y-%m-%d %H:%M}"
        title = clean(about.title)
        click.echo(f"{number}  {began}  {unfinished.state:8}  {title}  {unfinished.id}")
    click.echo("Finish one: agentassist note finish CALL" if notes else "No note waits.", err=True)


@note.command(epilog="Example: agentassist note finish 1")
@click.argument("call", required=False)
@click.option("--approve", is_flag=True, help="Record it as it stands, without opening it.")
@click.option("--discard", is_flag=True, help="Throw the call and its note away.")
@click.option("--editor", is_flag=True, help="In the editor that VISUAL or EDITOR names.")
@text_option
@by_option
@theme_option
@rules_option
@rules_only_option
def finish(
    call: str | None,
    approve: bool,
    discard: bool,
    editor: bool,
    text: Path | None,
    by: str | None,
    theme: Theme,
    rules: tuple[Path, ...],
    rules_only: bool,
) -> None:
    """Open the notes that wait, or one of them, with the edits so far; approve it, or not.

    CALL is its number in `agentassist note list`, the beginning of its name there, or its title.
    """
    if discard and (approve or text or editor):
        raise click.UsageError("--discard goes with no other")
    coach = Coach(read_rules(rules), rules_only=rules_only)
    if not (approve or discard or text or editor) and has_screen():
        _on_screen(None if call is None else _chosen(call).id, coach, theme)
        return
    with _chosen(call).held() as unfinished:
        if discard:
            unfinished.discard()
            click.echo(f"{unfinished.id}: thrown away")
            return
        done = unfinished.call(coach)
        version = _as_it_stands(unfinished)
        if text:
            version = replace(version, text=words(text))
            unfinished.keep(version)
        elif editor:
            version, approve = _in_editor(unfinished, version)
        elif not approve:
            click.echo("\n".join(clean(line) for line in version.text.splitlines()))
        if approve:
            name, files = by or desk.user(), filing.is_on()
            head = unfinished.approve(version, done, by=name, at=desk.now(), to_file=files)
            click.echo(saved(head))
            _tell_unfiled(filing.file_all(lambda: coach))
        else:
            click.echo(f"Approve it: agentassist note finish {unfinished.id} --approve", err=True)


def _on_screen(identity: str | None, coach: Coach, theme: Theme) -> None:
    from agentassist.tui import faults
    from agentassist.tui.notes_app import NotesApp

    with Clerk(coach) as clerk:
        screens = desk.screens(coach)._replace(filing=clerk.filing)
        faults.run(NotesApp(screens, identity, theme))


def _tell_unfiled(troubles: list[str]) -> None:
    """The note is a record all the same."""
    for trouble in troubles:
        click.echo(f"agentassist: not filed for review yet: {clean(trouble)}", err=True)


def _chosen(call: str | None) -> UnfinishedNote:
    """The waiting note that is meant. Raises MendableError."""
    notes = waiting(desk.data_folder())
    if not notes:
        raise MendableError("no note waits; one that is open in another window is finished there")
    if call is None:
        meant = notes
    elif call.isdecimal() and 0 < int(call) <= len(notes):
        meant = [notes[int(call) - 1]]
    else:
        meant = [n for n in notes if n.id.startswith(call) or n.about.title == call]
    if not meant:
        raise MendableError(f"{call}: no such note waits; see `agentassist note list`")
    if len(meant) > 1:
        raise MendableError(f"{len(meant)} notes wait; name one, see `agentassist note list`")
    return meant[0]


def _as_it_stands(unfinished: UnfinishedNote) -> NoteVersion:
    """The agent's edits, or the draft where there are none."""
    if edits := unfinished.edits:
        return edits
    drafted = unfinished.draft
    assert drafted is not None
    return drafted.version


def _in_editor(unfinished: UnfinishedNote, version: NoteVersion) -> tuple[NoteVersion, bool]:
    """The agent's own editor, then the question whether it is right."""
    edited = click.edit(version.text, extension=".md")
    if edited is not None:
        version = replace(version, text=edited)
        unfinished.keep(version)
    return version, click.confirm("Approve the note and record it?")


def _told_record(record: Record) -> str:
    at = f"{record.approval.at.local:%Y-%m-%d %H:%M}"
    corrects = f"  corrects {record.corrects.number}" if record.corrects else ""
    title, by = clean(record.call.title), clean(record.approval.by)
    return f"{record.number}  {at}  {by}  {title}{corrects}  {record.call.id}"
