"""The whole text of the note once the agent wrote in it: beside the draft, and kept in step.

Pure, and by whole lines.
"""

from collections.abc import Sequence
from difflib import SequenceMatcher


def carried(before: str, after: str, own: str) -> tuple[str, bool]:
    """The agent's own text with the change from `before` to `after` made in it too.

    Also whether all of it could be made: a line that the agent wrote anew stays as it is.
    """
    if own == before:
        return after, True
    lines, whole = own.splitlines(), True
    old, new = before.splitlines(), after.splitlines()
    for kind, first, last, start, end in reversed(_changes(old, new)):
        if kind == "equal":
            continue
        place = _place(lines, old, first, last)
        if place is None:
            whole = False
        else:
            lines[place] = new[start:end]
    return "\n".join(lines) + "\n", whole


_ABOVE = 4
"""Lines above an insertion that may be needed to know its place."""


def _place(lines: Sequence[str], old: Sequence[str], first: int, last: int) -> slice | None:
    """Where the agent's text has what the draft has from `first` to before `last`."""
    if first < last:
        at = _only_place(lines, old[first:last])
        return None if at is None else slice(at, at + last - first)
    if first == 0:
        return slice(0, 0) if [*lines[:1]] == [*old[:1]] else None
    for above in range(1, min(_ABOVE, first) + 1):
        at = _only_place(lines, old[first - above : first])
        if at is not None:
            return slice(at + above, at + above)
    return None


def _changes(old: Sequence[str], new: Sequence[str]) -> Sequence[tuple[str, int, int, int, int]]:
    return SequenceMatcher(None, old, new, autojunk=False).get_opcodes()


def _only_place(lines: Sequence[str], block: Sequence[str]) -> int | None:
    """Where these lines stand; None where they don't, or in several places."""
    count = len(block)
    found = [at for at in range(len(lines) - count + 1) if [*lines[at : at + count]] == [*block]]
    return found[0] if len(found) == 1 else None


def counterpart(draft: str, own: str, row: int) -> str | None:
    """What the draft says where the agent's own text has that row; None where they agree.

    Empty where the draft has nothing there.
    """
    old, new = draft.splitlines(), own.splitlines()
    for kind, first, last, start, end in SequenceMatcher(
        None, old, new, autojunk=False
    ).get_opcodes():
        if kind != "equal" and start <= row < max(end, start + 1):
            return " ".join(line.strip() for line in old[first:last] if line.strip())
    return None
