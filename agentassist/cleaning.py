"""Text that can do nothing: control characters out, before a terminal, a file or a form sees it."""

import re
from typing import Any, TypeVar

import msgspec
from msgspec.structs import replace

# Control characters, line separators, and marks that reorder a line of text
# (Unicode Standard Annex 9); lone surrogates can't be written to a terminal at all.
_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff]"
)

Value = TypeVar("Value")


def clean(text: str) -> str:
    """A text that can do nothing to a terminal; as long as it was, so that offsets hold."""
    return _UNSAFE.sub(" ", text)


def cleaned(value: Value) -> Value:
    """The same value with every text in it clean: structs, tuples and dicts of them all through."""
    result: Any = value
    match value:
        case str():
            result = clean(value)
        case tuple():
            result = tuple(cleaned(item) for item in value)
        case dict():
            result = {key: cleaned(item) for key, item in value.items()}
        case msgspec.Struct():
            fields = value.__struct_fields__
            result = replace(value, **{name: cleaned(getattr(value, name)) for name in fields})
    kept: Value = result
    return kept
