"""The command palette: every key of the screen in front, by name."""

from collections.abc import Iterator
from functools import partial

from textual.binding import Binding
from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.dom import DOMNode


class KeyCommands(Provider):
    """Commands are the keys' own, so that none is ever missing here."""

    async def discover(self) -> Hits:
        for name, node, binding in self._commands():
            yield DiscoveryHit(name, partial(self._run, node, binding), help=_help(binding))

    async def search(self, query: str) -> Hits:
        matcher = self.matcher(query)
        for name, node, binding in self._commands():
            if (score := matcher.match(name)) > 0:
                run = partial(self._run, node, binding)
                yield Hit(score, matcher.highlight(name), run, help=_help(binding))

    async def _run(self, node: DOMNode, binding: Binding) -> None:
        await self.app.run_action(binding.action, node)

    def _commands(self) -> Iterator[tuple[str, DOMNode, Binding]]:
        told: set[str] = set()
        for node, binding, enabled, _ in self.screen.active_bindings.values():
            name = binding.tooltip
            if name and enabled and not binding.system and name not in told:
                told.add(name)
                yield name, node, binding


def _help(binding: Binding) -> str:
    return f"key {binding.key_display or binding.key}"
