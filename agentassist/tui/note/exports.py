"""The note in other programs' formats, by name in the command palette."""

from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

from textual.command import DiscoveryHit, Hit, Hits, Provider

from agentassist.export import formats
from agentassist.tui.messages import ExportWanted


class Format(NamedTuple):
    """What a format is called, and how its file is named."""

    name: str
    ending: str


FILES = {
    "text": Format("Export the short note as text", "short.txt"),
    "markdown": Format("Export the whole note as Markdown", "note.md"),
    "json": Format("Export the note as JSON", "note.json"),
    "csv": Format("Export the note as a CSV row", "note.csv"),
    "icalendar": Format("Export promises, callbacks and follow-ups as a calendar", "note.ics"),
    "webvtt": Format("Export the transcript as WebVTT", "transcript.vtt"),
    "vcon": Format("Export the call as vCon", "call.vcon.json"),
}


class ExportCommands(Provider):
    """One command for each format that there is."""

    async def discover(self) -> Hits:
        for name, to in self._commands():
            yield DiscoveryHit(name, partial(self._ask, to), help="into a file")

    async def search(self, query: str) -> Hits:
        matcher = self.matcher(query)
        for name, to in self._commands():
            if (score := matcher.match(name)) > 0:
                yield Hit(
                    score, matcher.highlight(name), partial(self._ask, to), help="into a file"
                )

    def _commands(self) -> Iterator[tuple[str, str]]:
        return ((FILES[to].name, to) for to in formats.NAMES)

    def _ask(self, to: str) -> None:
        self.screen.post_message(ExportWanted(to))
