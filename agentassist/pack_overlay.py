"""Edited rules laid over a rulebook: each in the place of the rule that has its id.

A rule keeps its place, since between two that are equally pressing the first one speaks, and
keeps its pack, since that tells where it holds. What is new goes to the end, into the pack
that the edited file names.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from agentassist.pack_text import KeyPath, RulebookError, Source

_BY_ID = ("rules", "dialling", "checklist", "protocols")
"""Lists of things that have an id."""

_BY_NAME = ("terms", "details", "zones")
"""What may be told once in all packs; the rest of a pack's keys may be told again."""

_ABOUT = ("pack", "version", "about")

_WHICH = "missing; which pack are its new rules of? Write `pack: NAME`, or say --into NAME"


class _Place(NamedTuple):
    """Where something stands: in which of the texts, and where there."""

    text: int
    path: KeyPath


def laid_over(base: Sequence[Source], edited: Source, into: str = "") -> list[Source]:
    """The texts with what one edited file says otherwise or anew.

    `into` is the pack of what is new, where the file names none. Raises RulebookError.
    """
    there = dict(_named(base))
    changed: dict[_Place, KeyPath] = {}
    new: list[KeyPath] = []
    for path, name in _parts(edited):
        place = there.get(name)
        if place is None or place in changed:  # one that stands twice is told of by the checks
            new.append(path)
        else:
            changed[place] = path
    laid = [
        _with(source, {at.path: path for at, path in changed.items() if at.text == text}, edited)
        for text, source in enumerate(base)
    ]
    rest = _rest(edited, new, base, into)
    return [*laid, *([rest] if rest else [])]


def instead(base: Sequence[Source], folder: Sequence[Source]) -> list[Source]:
    """The texts with whole packs in the place of those of the same names."""
    names = {_pack(source) for source in folder}
    kept = [source for source in base if _pack(source) not in names]
    first = next((i for i, source in enumerate(base) if _pack(source) in names), len(base))
    before = sum(_pack(source) not in names for source in base[:first])
    return [*kept[:before], *folder, *kept[before:]]


def _pack(source: Source) -> str:
    return str(source.data.get("pack"))


def _named(base: Sequence[Source]) -> Iterator[tuple[tuple[str, Any], _Place]]:
    for text, source in enumerate(base):
        for path, name in _parts(source):
            yield name, _Place(text, path)


def _parts(source: Source) -> Iterator[tuple[KeyPath, tuple[str, Any]]]:
    """Everything that can be replaced by itself, by its kind and id; no id where it has none."""
    for key in _BY_ID:
        items = source.data.get(key)
        for index, item in enumerate(items if isinstance(items, list) else ()):
            identity = item.get("id") if isinstance(item, dict) else None
            told = identity if isinstance(identity, str) else object()
            yield (key, index), (key, told)
    for key in _BY_NAME:
        names = source.data.get(key)
        for name in names if isinstance(names, dict) else ():
            yield (key, name), (key, name)


def _with(source: Source, changed: Mapping[KeyPath, KeyPath], edited: Source) -> Source:
    """The text with parts of another in the place of its own."""
    if not changed:
        return source
    data = dict(source.data)
    for key in {key for key, _ in changed}:
        data[key] = data[key].copy()
    for (key, place), (theirs, at) in changed.items():
        data[key][place] = edited.data[theirs][at]
    laid = {path: (edited, theirs) for path, theirs in changed.items()}
    return source._replace(data=data, laid={**source.laid, **laid})


def _rest(
    edited: Source, new: Sequence[KeyPath], base: Sequence[Source], into: str
) -> Source | None:
    """What the file says that nobody said before, as a text of its own, if there is any."""
    of_parts = (*_BY_ID, *_BY_NAME)
    data = {key: value for key, value in edited.data.items() if key not in of_parts}
    laid: dict[KeyPath, tuple[Source, KeyPath]] = {}
    for key, at in new:
        if key in _BY_NAME:
            data.setdefault(key, {})[at] = edited.data[key][at]
        else:
            data.setdefault(key, []).append(edited.data[key][at])
            laid[key, len(data[key]) - 1] = (edited, (key, at))
    broken = [key for key in of_parts if not _is_in_form(edited.data, key)]
    data |= {key: edited.data[key] for key in broken}  # for the checks to tell
    if not data.keys() - set(_ABOUT):
        return None
    return edited._replace(data=_of_pack(data, edited, base, into), laid=laid)


def _is_in_form(data: Mapping[str, Any], key: str) -> bool:
    value = data.get(key)
    return value is None or isinstance(value, list if key in _BY_ID else dict)


def _of_pack(
    data: dict[str, Any], edited: Source, base: Sequence[Source], into: str
) -> dict[str, Any]:
    """With the name of its pack, and the version that the pack's other files have."""
    name = data.get("pack") or into
    if not name:
        raise RulebookError([f"{edited.at(())}: pack: {_WHICH}"])
    versions = [source.data.get("version") for source in base if _pack(source) == name]
    version = versions[0] if versions else data.get("version", "new")
    return data | {"pack": name, "version": version}
