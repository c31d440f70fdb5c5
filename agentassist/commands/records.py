"""`note correct` and `note verify`: the records of approved notes."""

import sys
from pathlib import Path

import click
from msgspec.structs import replace

from agentassist.commands import desk, filing
from agentassist.commands.options import FILE, read_json
from agentassist.errors import MendableError
from agentassist.store.chain import Chain, Entry, Head
from agentassist.store.records import Approval, Correction, Record, moment
from agentassist.tui.wording import clean
from agentassist.values import Note

by_option = click.option("--by", help="Who approves it; by default who is logged in.")
text_option = click.option(
    "--text", type=FILE, help="A file with the note's words; - reads standard input."
)


@click.command(epilog="Example: agentassist note correct 17 --reason 'It was 40' --text new.md")
@click.argument("number", type=click.IntRange(min=1))
@click.option("--reason", required=True, help="Why, for whoever reads both.")
@text_option
@click.option("--fields", type=FILE, help="The corrected fields: JSON as of `note --json`.")
@by_option
def correct(
    number: int, reason: str, text: Path | None, fields: Path | None, by: str | None
) -> None:
    """Add a record that corrects record NUMBER. The record itself stays as it is."""
    if not reason.strip():
        raise click.UsageError("--reason is empty; say why it is corrected")
    chain = Chain(desk.data_folder() / "records")
    wrong = _record_to_correct(chain, number)
    approved = wrong.record.approved
    if text:
        approved = replace(approved, text=words(text))
    elif not fields and sys.stdin.isatty():
        approved = replace(approved, text=click.edit(approved.text, extension=".md") or "")
    elif not fields:
        raise click.UsageError("name what is right: --text FILE, --fields FILE, or both")
    if fields:
        approved = replace(approved, fields=read_json(fields, Note, "a note's fields"))
    if approved == wrong.record.approved or not approved.text:
        raise MendableError("nothing was corrected; no record was added")
    corrected = Record(
        wrong.record.call,
        Approval(by or desk.user(), moment(desk.now())),
        approved,
        corrects=Correction(number, wrong.hash, reason.strip()),
    )
    with filing.correcting(wrong.record.call.id):
        head = chain.append(corrected)
    click.echo(saved(head))
    filing.file_all()


@click.command(epilog="Example: agentassist note verify --expect 4f0c…")
@click.argument("records", type=FILE, required=False)
@click.option("--expect", metavar="HASH", help="A hash printed earlier, which must still be there.")
def verify(records: Path | None, expect: str | None) -> int:
    """Prove that no record was changed, or say which, where and in which field.

    RECORDS is a folder of records or one of its files; by default this desk's own.
    """
    from agentassist.store import verification

    path = records or desk.data_folder() / "records"
    if not records and not path.exists() and not expect:
        click.echo("No records yet.")
        return 0
    verdict = verification.verify(path, expect)
    for fault in verdict.faults:
        click.echo(f"agentassist: {clean(fault)}", err=True)
    unchanged = "NOT as written" if verdict.faults else "unchanged"
    click.echo(f"{verdict.records} records in {verdict.files} files: {unchanged}")
    if verdict.end and not verdict.faults:
        click.echo(f"The last is {verdict.end.number}, {verdict.end.hash}")
        if not verdict.anchored:
            click.echo("No head.json tells whether more followed; --expect does.")
        click.echo("Keep that hash elsewhere: with --expect it shows that nothing was cut off.")
    return int(bool(verdict.faults))


def words(path: Path) -> str:
    """A note's words from a file; `-` is standard input. Raises MendableError."""
    try:
        with click.open_file(str(path), encoding="utf-8") as file:
            text: str = file.read()
            return text
    except OSError as error:
        raise MendableError(f"{path}: can't be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise MendableError(f"{path}: not UTF-8 text; save it as UTF-8") from None


def saved(head: Head) -> str:
    """What to tell once a record is on the disk."""
    return f"Saved: record {head.number}, {head.hash}"


def _record_to_correct(chain: Chain, number: int) -> Entry:
    """Raises MendableError where there is none, or it was corrected already."""
    found = None
    for entry in chain.entries():
        if entry.record.number == number:
            found = entry
        elif entry.record.corrects and entry.record.corrects.number == number:
            latest = entry.record.number
            raise MendableError(f"record {number} was corrected by {latest}; correct that one")
    if found is None:
        raise MendableError(f"{chain.folder}: no record {number}; see `note list --records`")
    return found
