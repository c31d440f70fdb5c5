"""`brief`: what to know before ringing, and whether they may be rung now."""

import datetime
from collections.abc import Iterator
from pathlib import Path

import click
import msgspec

from agentassist.account import Account
from agentassist.brief import OBJECTIVE, Brief
from agentassist.commands import desk
from agentassist.commands.accounts import account_named
from agentassist.commands.options import pack_option, read_rules, rules_option, usual_pack
from agentassist.dialling import Answer
from agentassist.tui import wording


@click.command(epilog="Example: agentassist brief 4711 --at '2026-03-12 09:30'")
@click.argument("account", metavar="ACCOUNT")
@click.option("--at", type=click.DateTime(["%Y-%m-%d %H:%M"]), help="As of then, your local time.")
@click.option("--json", "as_json", is_flag=True, help="As one JSON object.")
@pack_option
@rules_option
def brief(
    account: str,
    at: datetime.datetime | None,
    as_json: bool,
    pack: str,
    rules: tuple[Path, ...],
) -> None:
    """What to know before ringing ACCOUNT: its number in your list, or a JSON or CSV file."""
    now = at.astimezone() if at else desk.now()
    known = account_named(account)
    if known == Account(id=account):
        click.echo(f"agentassist: {account} is not in your list of accounts", err=True)
    page = desk.briefed(known, read_rules(rules, pack), pack or usual_pack(), now)
    if as_json:
        click.echo(msgspec.json.encode(page).decode())
    else:
        click.echo("\n".join(wording.clean(line) for line in lines(page)))


def lines(page: Brief) -> Iterator[str]:
    """The page as it is read in a terminal, or aloud."""
    yield page.who
    yield ""
    yield from _ringing(page)
    for warning in page.warnings:
        yield f"! {warning}"
    for section in page.sections:
        yield ""
        yield section.title
        yield from (f"  {line}" for line in section.lines)
    if page.missing:
        yield ""
        yield "Not known"
        yield from (f"  {line}" for line in page.missing)
    yield ""
    yield f"Suggested: {OBJECTIVE[page.objective].lower()}, as {page.reason}."


def _ringing(page: Brief) -> Iterator[str]:
    if not page.stops and not page.asks:
        yield "You may ring now: no rule stands against it."
    for answer in page.stops:
        yield f"DON'T RING: {_told(answer)}"
    for answer in page.asks:
        yield f"FIRST: {_told(answer)}"


def _told(answer: Answer) -> str:
    return f"{answer.what} {answer.why} [{answer.source}]"
