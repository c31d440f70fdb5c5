"""Takes the names that are known out of what was said, before it leaves the archive.

Only names that somebody wrote down can be taken out: what a caller calls a neighbour stays.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import msgspec
import yaml

MASK = "[name]"
ACCOUNT = "[account]"

_FILE = Path(__file__).parent / "names_out.yaml"
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_MASKS = re.compile(r"\[name\](?:[ .]+\[name\])+")
_SENTENCE = re.compile(r"(?:^|[.?!…:]|\[name\])[\s\"“”'’]*$")
_SHORTEST = 4
"""Characters of a number or key that is looked for as it was written."""


class _Known(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`names_out.yaml`, word by word."""

    ordinary: frozenset[str]
    beginning: frozenset[str]
    titles: frozenset[str]


@cache
def _known() -> _Known:
    told = msgspec.convert(yaml.safe_load(_FILE.read_text(encoding="utf-8")), dict[str, str])
    return _Known(**{name: frozenset(words.split()) for name, words in told.items()})


def without(text: str, names: Iterable[str], keys: Iterable[str] = ()) -> str:
    """The text with these people's names masked, and these numbers of accounts."""
    for key in sorted({key for key in keys if len(key) >= _SHORTEST}, key=len, reverse=True):
        text = re.sub(rf"(?<!\w){re.escape(key)}(?!\w)", ACCOUNT, text, flags=re.IGNORECASE)
    parts = {part for name in names for part in _parts(name)}
    if not parts:
        return text
    return _MASKS.sub(MASK, _masked(text, parts))


def _parts(name: str) -> Iterator[str]:
    """Every word of a name that is no title, and both halves of one with a hyphen."""
    titles = _known().titles
    for word in _WORD.findall(name.casefold()):
        for part in {word, *re.split(r"[-]", word)}:
            if part not in titles and len(part) > 1:
                yield part


def _masked(text: str, parts: set[str]) -> str:
    words = [*_WORD.finditer(text)]
    hit = [_stem(word.group()) in parts for word in words]
    known = _known()
    sure = [found and not _is_ordinary(word) for found, word in zip(hit, words, strict=True)]
    for place, word in enumerate(words):
        if hit[place] and not sure[place]:
            before = words[place - 1].group().casefold() if place else ""
            beside = any(hit[near] for near in (place - 1, place + 1) if 0 <= near < len(words))
            hit[place] = beside or before in known.titles or _is_capital(text, word)
    for place in reversed(range(len(words))):
        if hit[place]:
            word = words[place]
            end = word.start() + len(_bare(word.group()))
            text = text[: word.start()] + MASK + text[end:]
    return text


def _bare(word: str) -> str:
    """Without the "'s" that a name may have."""
    return re.sub(r"['’]s?$", "", word)


def _stem(word: str) -> str:
    return _bare(word).casefold()


def _is_ordinary(word: re.Match[str]) -> bool:
    known = _known()
    return _stem(word.group()) in known.ordinary | known.beginning


def _is_capital(text: str, word: re.Match[str]) -> bool:
    """Whether it is written as a name, and not only since a sentence begins."""
    if not word.group()[0].isupper() or text.isupper():
        return False
    is_first = _SENTENCE.search(text[: word.start()]) is not None
    return not (is_first and _stem(word.group()) in _known().beginning)
