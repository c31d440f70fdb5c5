"""`archive`: the calls that were filed for review, and where they are."""

import click

from agentassist.commands.lazy import LazyGroup

_FILES = {
    "import": "archive_import",
    "status": "archive_status",
    "send": "archive_send",
    "migrate": "archive_status",
    "people": "archive_people",
    "looks": "archive_people",
    "policy": "archive_policy",
    "payments": "archive_payments",
    "training": "archive_training",
    "purge": "archive_keeping",
    "removals": "archive_keeping",
    "hold": "archive_keeping",
    "export-person": "archive_person",
    "erase-person": "archive_person",
}


@click.command(
    cls=LazyGroup,
    files=_FILES,
    epilog="Example: agentassist archive import ~/calls --agent anna",
)
def archive() -> None:
    """The calls that are filed for review: bring them in, send them on, keep them in order."""
