"""The text of a pack with the place of everything in it, so that a fault is told where it is."""

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

import msgspec
import yaml

from agentassist.errors import MendableError

KeyPath: TypeAlias = tuple[str | int, ...]


class RulebookError(MendableError):
    """A rulebook that can't be used; one fault a line, each at its `file:line:column`."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(self.faults))


class Source(NamedTuple):
    """A pack's text, with the line and column (from 1) of everything in it."""

    file: Path
    data: Any
    places: dict[KeyPath, tuple[int, int]]
    laid: Mapping[KeyPath, tuple["Source", KeyPath]] = {}
    """What stands here in the place of its own, and where that is written: see `pack_overlay`."""

    @property
    def files(self) -> tuple[Path, ...]:
        """All that it is written in."""
        return tuple(dict.fromkeys((self.file, *(source.file for source, _ in self.laid.values()))))

    def at(self, path: KeyPath) -> str:
        """`file:line:column` of the value there, or of the nearest thing around it."""
        for length in range(len(path), 0, -1):
            if path[:length] in self.laid:
                source, theirs = self.laid[path[:length]]
                return source.at((*theirs, *path[length:]))
        while path not in self.places:
            path = path[:-1]
        line, column = self.places[path]
        return f"{self.file}:{line}:{column}"


def read(file: Path) -> Source:
    """Raises RulebookError where it is no mapping, or one key stands twice."""
    try:
        loader = yaml.CSafeLoader(file.read_text(encoding="utf-8"))
        node = loader.get_single_node()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place = f"{file}:{mark.line + 1}:{mark.column + 1}" if mark else f"{file}"
        raise RulebookError([f"{place}: not YAML: {error.problem}"]) from None
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise RulebookError([f"{file}: can't be read: {error}"]) from None
    if not isinstance(node, yaml.MappingNode):
        raise RulebookError([f"{file}:1:1: expected a pack: a mapping with `pack` and `rules`"])
    places: dict[KeyPath, tuple[int, int]] = {}
    twice = [f"{file}:{fault}" for fault in _note_places(node, (), places)]
    if twice:
        raise RulebookError(twice)
    return Source(file, loader.construct_document(node), places)


def _note_places(
    node: yaml.Node, path: KeyPath, places: dict[KeyPath, tuple[int, int]]
) -> Iterator[str]:
    """Fills `places`; yields keys that stand twice in one mapping."""
    places.setdefault(path, (node.start_mark.line + 1, node.start_mark.column + 1))
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            below = (*path, key.value)
            line, column = key.start_mark.line + 1, key.start_mark.column + 1
            if below in places:
                yield f"{line}:{column}: {key.value}: stands twice here; keep one"
            places[below] = (line, column)
            yield from _note_places(value, below, places)
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            yield from _note_places(value, (*path, index), places)


_WHERE = re.compile(r"^(?P<what>.*?)(?: - at `\$?(?P<path>[^`]*)`)?$", re.DOTALL)
_STEP = re.compile(r"\.([A-Za-z_]\w*)|\[(\d+)\]|\[\.\.\.\]")


def told(source: Source, path: KeyPath, error: msgspec.ValidationError) -> str:
    """`file:line:column: key: what was expected`."""
    match = _WHERE.match(str(error))
    assert match is not None
    what, below = match["what"], match["path"] or ""
    path += tuple(key or int(index) for key, index in _STEP.findall(below) if key or index)
    if field := re.search(r"unknown field `(\w+)`", what):
        path += (field.group(1),)
        what = "unknown key; see `agentassist rules kinds` for those that each kind has"
    if field := re.search(r"missing required field `(\w+)`", what):
        return f"{source.at(path)}: {field.group(1)}: missing; see `agentassist rules kinds`"
    keys = [step for step in path if isinstance(step, str) and step != "rules"]
    key = keys[-1] if keys else "pack"
    return f"{source.at(path)}: {key}: {what}"
