"""`call`: begin, end or ask after a live call from outside, as a softphone or a CRM does."""

from typing import Any, get_args
from urllib.parse import parse_qsl, urlsplit

import click
import msgspec

from agentassist import control
from agentassist.account import Account
from agentassist.commands.accounts import account_named, account_numbered
from agentassist.commands.scheme import SCHEME, forget, register
from agentassist.control import Reply, Request, Start, Status, Stop
from agentassist.vocabulary import OBJECTIVES, Direction, Objective

_KEYS = ("account", "number", "direction", "objective")


@click.group()
def call() -> None:
    """Begin and end a live call from a softphone or CRM; needs `agentassist live`."""


@call.command(epilog="Example: agentassist call start --account 4711 --number '+44 20 7946 0018'")
@click.option("--account", metavar="ID|FILE", help="Its number in your list, or JSON or CSV.")
@click.option("--number", default="", help="The caller's telephone number.")
@click.option("--direction", type=click.Choice(get_args(Direction)), help="Who rang.")
@click.option("--objective", type=click.Choice(OBJECTIVES), help="What the call is for.")
def start(
    account: str | None, number: str, direction: Direction | None, objective: Objective | None
) -> int:
    """A call begins now: the coach's screen comes up by itself."""
    known = account_named(account) if account else None
    return _asked(_start(known, number, direction, objective))


@call.command(epilog="Example: agentassist call stop")
def stop() -> int:
    """The call is over: its note is drafted."""
    return _asked(Stop())


@call.command(epilog="Example: agentassist call status --json")
@click.option("--json", "as_json", is_flag=True, help="For programs: state and words.")
def status(as_json: bool) -> int:
    """Whether the coach waits, follows a call, or has a note open."""
    reply = control.ask(Status())
    click.echo(msgspec.json.encode(reply).decode() if as_json else reply.told)
    return 0


@call.command(
    "open", epilog="Example: agentassist call open 'agentassist://call/start?account=4711'"
)
@click.argument("address")
def open_(address: str) -> int:
    """What a link says, for a CRM that can only open links: see `call register`.

    The links are agentassist://call/start?account=…&number=…&direction=…&objective=… and
    agentassist://call/stop. A link names an account by its number, never a file.
    """
    return _asked(request_of(address))


@call.command("register", epilog="Example: agentassist call register")
@click.option("--remove", is_flag=True, help="Take it back.")
def register_(remove: bool) -> None:
    """Have this desktop open agentassist:// links here, for you alone."""
    if remove:
        click.echo(f"{SCHEME}:// links are not opened any more: {forget()} is gone")
    else:
        click.echo(f"{SCHEME}:// links begin and end calls now: {register()}")


def request_of(address: str) -> Request:
    """What the link asks for. Raises click.UsageError on any other."""
    try:
        parts = urlsplit(address)
    except ValueError as error:
        raise click.UsageError(f"{address!r}: {error}") from None
    if (parts.scheme, parts.netloc) != (SCHEME, "call") or parts.path not in ("/start", "/stop"):
        raise click.UsageError(f"{address!r} is no {SCHEME}://call/start or {SCHEME}://call/stop")
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    known = dict(pairs)
    if len(known) != len(pairs) or not known.keys() <= {*_KEYS}:
        raise click.UsageError(f"{address!r}: say each of {', '.join(_KEYS)} once at most")
    if parts.path == "/stop":
        return Stop()
    account = account_numbered(known["account"]) if known.get("account") else None
    way, objective = known.get("direction") or None, known.get("objective") or None
    return _start(account, known.get("number", ""), way, objective)


def _start(account: Account | None, number: str, direction: Any, objective: Any) -> Start:
    """Checked as the other end will check it. Raises click.UsageError."""
    try:
        return msgspec.convert(
            {
                "type": "start",
                "account": account,
                "number": number,
                "direction": direction,
                "objective": objective,
            },
            Start,
        )
    except msgspec.ValidationError:
        ways, aims = " or ".join(get_args(Direction)), ", ".join(OBJECTIVES)
        raise click.UsageError(
            f"number {number!r} is no telephone number, or direction {direction!r} not {ways},"
            f" or objective {objective!r} none of {aims}"
        ) from None


def _asked(request: Request) -> int:
    reply: Reply = control.ask(request)
    click.echo(reply.told if reply.done else f"agentassist: {reply.told}", err=not reply.done)
    return 0 if reply.done else 1
