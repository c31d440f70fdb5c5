"""Figures as recognisers write them: which are read out, and which are sums, days and times."""

from typing import NamedTuple

from agentassist.redaction.tokens import Token

LONGEST_SUM = 7
"""Digits up to which a number before a unit is a sum or a measure."""


class Atom(NamedTuple):
    """Digits that tokens `first` to `stop` say as one."""

    digits: str
    first: int
    stop: int


def _is_in_date(tokens: tuple[Token, ...], at: int) -> bool:
    """Whether figures are a part of 27/03/2026 or 2026-03-27."""
    for first in range(max(0, at - 2), at + 1):
        parts = tokens[first : first + 3]
        if len(parts) < 3 or any(part.kind != "figures" for part in parts):
            continue
        marks, sizes = {part.before for part in parts[1:]}, [len(part.text) for part in parts]
        begins = first == 0 or parts[0].before not in marks or tokens[first - 1].kind != "figures"
        ends = first + 3 >= len(tokens) or tokens[first + 3].before not in marks
        slashed = marks == {"/"} and max(sizes[:2]) <= 2
        if begins and ends and (slashed or (marks == {"-"} and sizes == [4, 2, 2])):
            return True
    return False


def written_at(tokens: tuple[Token, ...], at: int) -> Atom | None:
    """Figures as digits, if no sum; a sum of more than 12 figures is a card's number."""
    if _is_in_date(tokens, at):
        return None
    stop = written_stop(tokens, at)
    whole = "".join(token.text for token in tokens[at:stop])
    if len(whole) > 12 and not _is_joined(tokens, at):
        return Atom(whole, at, stop)
    return None if _is_written_sum(tokens, at) else Atom(tokens[at].text, at, at + 1)


def _is_written_sum(tokens: tuple[Token, ...], at: int) -> bool:
    """Figures that are part of £40, 10:30, 1,200, 7.50, 27th, 5% or AB12."""
    before = tokens[at - 1] if at else None
    after = tokens[at + 1] if at + 1 < len(tokens) else None
    if before and before.kind == "sign" and len(tokens[at].text) <= LONGEST_SUM:
        return True
    joined_before = before is not None and not tokens[at].before and before.kind == "word"
    joined_after = after is not None and not after.before and after.kind in {"word", "sign"}
    if joined_before or joined_after:
        return True
    return written_stop(tokens, at) > at + 1 or _is_joined(tokens, at)


def _is_joined(tokens: tuple[Token, ...], at: int) -> bool:
    """Whether figures go on a number that began before: the 200 of 1,200, the 50 of 7.50."""
    if not 0 < at < len(tokens) or {tokens[at].kind, tokens[at - 1].kind} != {"figures"}:
        return False
    mark, size = tokens[at].before, len(tokens[at].text)
    thousands = mark == "," and size == 3 and len(tokens[at - 1].text) <= 3
    return thousands or (mark == "." and size <= 2) or (mark == ":" and size == 2)


def written_stop(tokens: tuple[Token, ...], at: int) -> int:
    """Where a number written with commas, a point or a colon ends."""
    stop = at + 1
    while _is_joined(tokens, stop):
        stop += 1
    return stop
