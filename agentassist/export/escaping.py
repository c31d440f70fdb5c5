"""Words of a call in a language of markup: shown as they were said, and nothing else."""

import re

_SPECIAL = re.compile(r"([\\`*_\[\]<>#|~&])")
_LIST = re.compile(r"^(\d+)([.)])|^([-+=])(?=[-+=\s]|$)")


def escaped(text: str) -> str:
    """Text that Markdown (CommonMark, and tables and strikethrough) shows as it is, on one line."""
    return _LIST.sub(lambda m: f"{m[1]}\\{m[2]}" if m[1] else f"\\{m[3]}", inline(text))


def inline(text: str) -> str:
    """The same for what stands within a line, where a number can begin no list."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))
