"""The commands: thin, over the library. Exit 0, 1 (it failed) or 2 (wrong use)."""

import os
import sys
from typing import Any

import click

from agentassist import __version__
from agentassist.commands.lazy import LazyGroup
from agentassist.errors import MendableError, ours

_FILES = {
    "demo": "play",
    "accounts": "account_list",
    "brief": "brief",
    "live": "live",
    "call": "call",
    "replay": "play",
    "analyze": "analyze",
    "note": "notes",
    "export": "export",
    "plan": "plan",
    "archive": "archive",
    "review": "review",
    "report": "report",
    "rules": "rules",
    "devices": "devices",
    "models": "models",
    "doctor": "doctor",
}
"""Commands by the file that they are in."""


@click.command(
    cls=LazyGroup, files=_FILES, context_settings={"help_option_names": ["-h", "--help"]}
)
@click.version_option(__version__, prog_name="agentassist")
def agentassist() -> None:
    """A private call coach for debt-recovery calls. Nothing leaves this machine.

    Start with: agentassist demo
    """


def main(arguments: list[str] | None = None) -> None:
    """The program's entry: every failure is one clear line on standard error."""
    try:
        status = agentassist.main(arguments, prog_name="agentassist", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except MendableError as error:
        _fail(str(error))
    except (KeyboardInterrupt, click.Abort):
        _fail("interrupted", status=130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except Exception as error:
        if os.environ.get("AGENTASSIST_DEBUG"):
            raise
        _fail(f"{ours(error)}; AGENTASSIST_DEBUG=1 shows where")
    else:
        sys.exit(_code(status))


def _code(status: Any) -> int:
    return status if isinstance(status, int) else 0


def _fail(line: str, status: int = 1) -> None:
    click.echo(f"agentassist: {line}", err=True)
    sys.exit(status)
