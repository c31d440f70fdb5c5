"""One rule as it is written in its pack, with its comments and examples, to be edited by itself."""

import textwrap
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from typing import Any, NamedTuple

import yaml

from agentassist.errors import MendableError
from agentassist.pack_text import Source
from agentassist.rules_of_cues import SequenceRule, orders

LISTS = ("rules", "dialling", "checklist", "protocols")


class Excerpt(NamedTuple):
    """Where something stands, and a pack that holds it alone."""

    id: str
    """Of the whole sequence where a step of one was asked for."""
    pack: str
    place: str
    """`file:line:column`."""
    text: str


def excerpt(sources: Iterable[Source], wanted: str, steps: dict[str, str]) -> Excerpt:
    """The rule, checklist item or protocol of that id; `steps` tells whose step an id is.

    Raises MendableError where there is none.
    """
    sources = [*sources]
    name = steps.get(wanted, wanted)
    for source in sources:
        for key, index, identity in _items(source):
            if identity == name:
                return _taken(source, key, index)
    raise MendableError(_unknown(wanted, [*steps, *(i for s in sources for *_, i in _items(s))]))


def steps(sequences: Iterable[SequenceRule]) -> dict[str, str]:
    """Ids of the rules that sequences are made of, each with its sequence's."""
    return {part.id: sequence.id for sequence in sequences for part in orders(sequence)}


def _items(source: Source) -> Iterator[tuple[str, int, str]]:
    for key in LISTS:
        for index, item in enumerate(source.data.get(key) or ()):
            yield key, index, item["id"]


def _unknown(wanted: str, known: list[str]) -> str:
    if wanted.startswith("model:"):
        return f"{wanted}: that is the turn classifier and no rule; overrule its moments instead"
    near = ", ".join(get_close_matches(wanted, known))
    mend = f"did you mean {near}?" if near else "`agentassist rules page` tells all of them"
    return f"{wanted}: no such rule; {mend}"


def _taken(source: Source, key: str, index: int) -> Excerpt:
    item, pack = source.data[key][index], source.data["pack"]
    head = f"pack: {pack}\nversion: {_quoted(source.data['version'])}\n{key}:\n"
    as_written = textwrap.indent("\n".join(_lines(source, key, index)), "  ") + "\n"
    if not _says(head + as_written, key, item):
        dumped = yaml.safe_dump([item], sort_keys=False, allow_unicode=True, width=100)
        as_written = textwrap.indent(dumped, "  ")
    return Excerpt(item["id"], pack, source.at((key, index)), head + as_written)


def _quoted(version: str) -> str:
    return yaml.safe_dump(version, default_style='"').strip()


def _says(text: str, key: str, item: Any) -> bool:
    """Whether it reads as it should: a list in one line can't be cut out of its file."""
    try:
        found: bool = yaml.CSafeLoader(text).get_single_data()[key] == [item]
    except (yaml.YAMLError, LookupError, TypeError):
        return False
    return found


def _lines(source: Source, key: str, index: int) -> list[str]:
    """The item's own lines with the comment right above it, as far left as they may be."""
    lines = source.file.read_text(encoding="utf-8").splitlines()
    first = source.at((key, index)).split(":")[-2:]
    row, column = int(first[0]) - 1, int(first[1]) - 1
    dash = lines[row].rfind("-", 0, column)
    if dash < 0:
        return []
    last = row + 1
    while last < len(lines) and _belongs(lines[last], dash):
        last += 1
    while lines[last - 1].strip() == "":
        last -= 1
    while row and lines[row - 1].strip().startswith("#") and _indent(lines[row - 1]) == dash:
        row -= 1
    return [line[dash:] for line in lines[row:last]]


def _belongs(line: str, dash: int) -> bool:
    return not line.strip() or _indent(line) > dash


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
