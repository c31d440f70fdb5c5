"""`doctor`: what is there, what is wrong and how to mend it."""

import click


@click.command(epilog="Example: agentassist doctor")
def doctor() -> int:
    """Look at speech, recordings, rules, terminal and storage; say how to mend what is wrong."""
    from agentassist.commands.desk import data_folder
    from agentassist.doctor import findings

    found = list(findings(data_folder()))
    for finding in found:
        mark = "ok   " if finding.ok else "WRONG" if finding.needed else "note "
        click.echo(f"{mark}  {finding.what}: {finding.found}")
        if finding.mend:
            click.echo(f"       mend: {finding.mend}")
    wrong = sum(finding.needed and not finding.ok for finding in found)
    click.echo("Nothing is wrong." if not wrong else f"{wrong} to mend.")
    return int(wrong > 0)
