"""A group of commands, each in a file that is read when the command is asked for."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click


class LazyGroup(click.Group):
    """Starts as fast as the command that is asked for. `files` names the file of each."""

    def __init__(self, *arguments: Any, files: Mapping[str, str], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._files = files

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return list(self._files)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        del ctx
        if cmd_name not in self._files:
            return None
        module = import_module(f"agentassist.commands.{self._files[cmd_name]}")
        command: click.Command = getattr(module, _variable(cmd_name))
        return command


def _variable(name: str) -> str:
    """As the command's function is called: `import` and `list` are words of Python's own."""
    return {"import": "import_", "list": "list_"}.get(name, name.replace("-", "_"))
