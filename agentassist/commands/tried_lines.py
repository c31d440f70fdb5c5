"""What a trial of edited rules shows: call by call, then rule by rule."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from agentassist.archive.stored import Stored
from agentassist.cleaning import clean
from agentassist.learning.trying import Change, RuleCount

_CHANGED = ("gained", "lost", "reworded")
_OPINIONS = {
    "agreed": "people agreed with it",
    "overruled": "people overruled it",
    "disputed": "its agent disputed it",
    "open": "nobody judged it",
    "": "",
}


class Ended(msgspec.Struct, frozen=True):
    """How far a trial came."""

    tried: int
    of: int
    past: int = 0
    """Calls besides whose words are past their retention."""
    damaged: int = 0


def shown(changes: Iterable[Change], *, everything: bool) -> tuple[Change, ...]:
    """Cues and flags that change; also what is kept, and other labels, where all is wanted."""
    return tuple(
        change
        for change in changes
        if everything or (change.fate in _CHANGED and change.remark.kind != "label")
    )


def of_call(call: Stored, changes: Iterable[Change]) -> Iterator[str]:
    """One call's lines."""
    yield f"{call.day}  {clean(call.title)}  ({clean(call.agent)})"
    for change in changes:
        yield from _of_change(change)


def _of_change(change: Change) -> Iterator[str]:
    remark = change.remark
    opinion = _OPINIONS[change.judged] if change.fate == "lost" else ""
    quote = f"  “{clean(remark.quote)}”" if remark.quote else ""
    what = f"  {remark.name}" if remark.kind != "cue" else ""
    told = f"  ({opinion})" if opinion else ""
    yield f"  {change.fate:<8}  {_clock(remark.at)}  {remark.rule}{what}{quote}{told}"
    if remark.do:
        yield f"{' ' * 19}{clean(remark.do)}"


def _clock(at: float) -> str:
    minutes, seconds = divmod(int(at), 60)
    return f"{minutes:02}:{seconds:02}"


def of_rules(counts: Sequence[RuleCount], edited: Sequence[str]) -> Iterator[str]:
    """A table, and what people said of what goes."""
    rows = [_row(count, edited) for count in counts]
    if not rows:
        return
    head = ("rule", "says", "kept", "reworded", "gained", "lost", "of those that go")
    table = [head, *rows]
    widths = [max(len(row[column]) for row in table) for column in range(len(head))]
    for row in table:
        cells = [
            f"{cell:>{width}}" if 2 <= column <= 5 else f"{cell:<{width}}"
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        yield "  ".join(cells).rstrip()


def _row(count: RuleCount, edited: Sequence[str]) -> tuple[str, ...]:
    is_edited = count.rule.removeprefix("rule:") in edited
    numbers = (count.kept, count.reworded, count.gained, count.lost)
    return (
        f"{count.rule}{' (edited)' if is_edited else ''}",
        count.kind,
        *map(str, numbers),
        opinions(count),
    )


def opinions(count: RuleCount) -> str:
    """As "5 agreed with, 12 overruled"; empty where nothing goes."""
    told = {
        "agreed with": count.agreed,
        "overruled": count.overruled,
        "disputed": count.disputed,
        "not judged": count.open,
    }
    return ", ".join(f"{many} {what}" for what, many in told.items() if many)


def of_end(ended: Ended, counts: Sequence[RuleCount]) -> Iterator[str]:
    """What came of it in all."""
    tried = f"{ended.tried} of {ended.of}" if ended.tried < ended.of else f"{ended.tried}"
    yield f"{tried} {'call' if tried == '1' else 'calls'} tried{''.join(_skipped(ended))}"
    spoken = [count for count in counts if count.kind != "label"]
    gained = sum(count.gained for count in spoken)
    lost = sum(count.lost for count in spoken)
    agreed = sum(count.agreed for count in spoken)
    overruled = sum(count.overruled for count in spoken)
    yield f"gains {gained} cues and flags"
    yield (
        f"loses {lost}: {agreed} that people agreed with, {overruled} that they overruled, "
        f"{lost - agreed - overruled} that nobody judged"
        if lost
        else "loses none"
    )


def _skipped(ended: Ended) -> Iterator[str]:
    if ended.past:
        yield f"; {ended.past} left out: their words are past their retention"
    if ended.damaged:
        yield f"; {ended.damaged} left out: what was heard in them is damaged or gone"


def as_json(call: Stored, changes: Iterable[Change]) -> dict[str, Any]:
    """One call as a line of JSON."""
    told = [_plain(change) for change in changes]
    return {"kind": "call", **msgspec.to_builtins(call), "changes": told}


def _plain(change: Change) -> dict[str, Any]:
    remark: Mapping[str, Any] = msgspec.to_builtins(change.remark)
    about = {"says" if key == "kind" else key: value for key, value in remark.items()}
    return {"fate": change.fate, **about, "judged": change.judged}


def end_as_json(
    ended: Ended, counts: Iterable[RuleCount], edited: Sequence[str]
) -> Iterator[dict[str, Any]]:
    """The rules' lines, and the last one."""
    for count in counts:
        told = msgspec.to_builtins(count)
        is_edited = count.rule.removeprefix("rule:") in edited
        yield {"kind": "rule", "says": told.pop("kind"), **told, "edited": is_edited}
    yield {"kind": "end", **msgspec.to_builtins(ended), "edited": list(edited)}
