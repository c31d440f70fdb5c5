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
    none: tuple[str, ...]
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
def _codes(field: str) -> dict[str, str]:
    return by_word(_words().codes.get(field, {}))


def by_word(codes: CODE) -> dict[str, str]:
    """The code of each word, and of itself."""
    return {plain(word): code for code, words in codes.items() for word in (code, *words)}


def countries() -> CODE:
    """Codes with further names."""
    return _words().countries


def is_none(text: str) -> bool:
    """Whether it says that there is none."""
    words = _words()
    return plain(text) in {plain(word) for word in (*words.none, *words.no)}


@functools.cache
def _answers(field: str) -> dict[str, bool | None]:
    words = _words()
    usual = by_word({"yes": words.yes, "no": words.no}) | _codes(field)
    return {word: {"yes": True, "no": False}.get(answer) for word, answer in usual.items()}


def answer(field: str, text: str) -> bool | None:
    """None where it says that it is not known yet. Raises CellError."""
    try:
        return _answers(field)[plain(text)]
    except KeyError:
        raise CellError("say yes or no") from None


def code(field: str, text: str, known: tuple[str, ...]) -> str:
    """One of those that are known. Raises CellError."""
    found = _codes(field).get(plain(text)) or {plain(word): word for word in known}.get(plain(text))
    if found not in known:
        raise CellError(f"say {', '.join(known[:-1])} or {known[-1]}")
    return found
