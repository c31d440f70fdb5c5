"""What is wrong with a cell of a table, and the words that stand for codes in one."""

import functools
import re
from importlib.resources import files
from typing import TypeAlias

import msgspec
import yaml

CODE: TypeAlias = dict[str, tuple[str, ...]]


class CellError(ValueError):
    """Why a cell can't be read, without its words."""


class _Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    yes: tuple[str, ...]
    no: tuple[str, ...]
    codes: dict[str, CODE]
    countries: CODE


def plain(name: str) -> str:
    """Letters and figures alone, so that case and signs do not matter."""
    return re.sub(r"[\W_]", "", name.lower())


@functools.cache
def _words() -> _Words:
    text = (files(__package__) / "words.yaml").read_text(encoding="utf-8")
    return msgspec.convert(yaml.safe_load(text), _Words)


@functools.cache
def _answers() -> dict[str, bool]:
    words = _words()
    return {plain(word): True for word in words.yes} | {plain(word): False for word in words.no}


@functools.cache
def _codes(field: str) -> dict[str, str]:
    return by_word(_words().codes.get(field, {}))


def by_word(codes: CODE) -> dict[str, str]:
    """The code of each word, and of itself."""
    return {plain(word): code for code, words in codes.items() for word in (code, *words)}


def countries() -> CODE:
    """Codes with further names."""
    return _words().countries


def answer(text: str) -> bool:
    """Raises CellError."""
    found = _answers().get(plain(text))
    if found is None:
        raise CellError("say yes or no")
    return found


def code(field: str, text: str, known: tuple[str, ...]) -> str:
    """One of those that are known. Raises CellError."""
    found = _codes(field).get(plain(text)) or {plain(word): word for word in known}.get(plain(text))
    if found not in known:
        raise CellError(f"say {', '.join(known[:-1])} or {known[-1]}")
    return found
