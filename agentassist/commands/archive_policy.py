"""`archive policy`: what an organisation turns on for all its people."""

import click

from agentassist.commands import archives, desk
from agentassist.report.comparing import Policy
from agentassist.tui import wording


@click.command(epilog='Example: agentassist archive policy rankings on --why "agreed on 2 March"')
@click.argument("name", type=click.Choice(["rankings"]))
@click.argument("state", type=click.Choice(["on", "off"]), required=False)
@click.option("--why", default="", help="Shown in every report that compares people.")
@archives.db_option
def policy(name: str, state: str | None, why: str, db: str | None) -> None:
    """See whether people may be compared with each other, or turn that on or off.

    NAME is rankings: `report --compare` puts agents side by side. It is off until the archive's
    owner turns it on, and who did, when and why stands in each such report. Coaching data is
    kept apart from discipline: where figures decide on pay, people stop disputing cues and asking
    for help, and the figures stop telling anything.
    """
    from agentassist.archive import policies

    if state == "on" and not why.strip():
        raise click.UsageError("say why: --why WORDS; it stands in every report that compares")
    archive = archives.opened(db)
    try:
        sits = archives.reviewing(archive)
        if state:
            policies.turn(sits, "rankings", why.strip(), desk.now(), on=state == "on")
        click.echo(wording.clean(f"{name}: {_told(policies.policy(sits, 'rankings'))}"))
    finally:
        archive.close()


def _told(found: Policy) -> str:
    if not found.by or found.at is None:
        return "off, as nobody turned it on"
    state = "on" if found.is_on else "off"
    return f"{state} since {found.at:%Y-%m-%d}, by {found.by}" + (
        f": {found.why}" if found.why else ""
    )
