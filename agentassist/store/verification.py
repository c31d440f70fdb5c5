"""Proof that a chain of records is as it was written, or which of them is not, and where."""

import os
from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from pathlib import Path

import msgspec

from agentassist.store.chain import Chain, ChainError, Head, whole_lines
from agentassist.store.records import unseal

_TORN = "is torn: its writing was cut off, before it was told to be saved"
_RENUMBERED = "/number is changed"


class Verdict(msgspec.Struct, frozen=True):
    """What the walk along the chain found; unchanged where there is no fault."""

    files: int
    records: int
    first: int
    """The first record's number; 1, unless a single file was looked at."""
    end: Head | None
    anchored: bool
    """Whether `head.json` was there to tell that nothing was cut off at the end."""
    faults: tuple[str, ...] = ()


class _Line(msgspec.Struct, frozen=True):
    """One line as it stands: of what record, and what is wrong with the line itself."""

    place: str
    number: int | None = None
    call: str = ""
    before: str | None = None
    hash: str = ""
    faults: tuple[str, ...] = ()


def verify(path: Path, expected: str | None = None) -> Verdict:
    """Walks a folder of records, or one file of them.

    `expected` is a hash noted elsewhere earlier: it must still be in the chain. Only that shows
    an end that was cut off together with `head.json`. Raises ChainError where nothing can be read.
    """
    head, contents = _snapshot(path)
    lines = [line for file, data in contents for line in _lines(file, data)]
    numbered = [line.number for line in lines if line.number is not None]
    first = min(numbered, default=1) if path.is_file() else 1
    faults = [*_walk(lines, first), *_end(lines, head, folder=path.is_dir())]
    hashes = {line.hash: line.number for line in lines if line.number is not None}
    if expected and expected.lower() not in hashes:
        faults.append(f"no record has the hash {expected}: records were cut off or changed")
    last = next((line for line in reversed(lines) if line.number is not None), None)
    end = Head(last.number, last.hash) if last and last.number is not None else None
    return Verdict(len(contents), len(lines), first, end, head is not None, tuple(faults))


def _snapshot(path: Path) -> tuple[Head | None, list[tuple[Path, bytes]]]:
    """The chain at one moment, so that a record that is just being appended is no fault."""
    if not path.exists():
        raise ChainError(f"{path}: no records there")
    chain = Chain(path if path.is_dir() else path.parent)
    files = chain.files() if path.is_dir() else [path]
    # Nobody appends to a backup that is read only, and it can't be locked.
    writable = os.access(chain.folder / ".lock", os.W_OK)
    try:
        with chain.locked() if writable else nullcontext():
            head = chain.head() if files[-1:] == chain.files()[-1:] else None
            sizes = [file.stat().st_size for file in files]
        return head, [(file, _read(file, size)) for file, size in zip(files, sizes, strict=True)]
    except OSError as error:
        raise ChainError(f"{path}: can't be read: {error.strerror}") from None


def _read(file: Path, size: int) -> bytes:
    with file.open("rb") as opened:
        return opened.read(size)


def _lines(file: Path, data: bytes) -> Iterator[_Line]:
    whole, torn = whole_lines(data)
    for number, written in enumerate(whole, 1):
        place = f"{file.name}:{number}"
        sealed = unseal(written)
        if sealed is None:
            yield _Line(place, faults=("can't be read as a record",))
            continue
        record = sealed.record
        identity, before = record["call"]["id"], record.get("before")
        yield _Line(place, record["number"], identity, before, sealed.hash, sealed.faults)
    if torn:
        yield _Line(f"{file.name}:{len(whole) + 1}", faults=(_TORN,))


def _walk(lines: Iterable[_Line], expected: int) -> Iterator[str]:
    """Faults in the order of the lines: changed, torn, missing, out of order."""
    lines = list(lines)
    standing = {line.number for line in lines}
    seen: set[int] = set()
    previous: _Line | None = None
    for line in lines:
        if line.number is None and expected in standing:
            yield from (f"{line.place}: {fault}" for fault in line.faults)
            continue
        renumbered = line.number is None or _RENUMBERED in line.faults
        number = expected if renumbered else line.number or 0
        yield from (f"{_name(number, line)}: {fault}" for fault in line.faults)
        if number in seen:
            yield f"{_name(number, line)}: stands twice"
        seen.add(number)
        if number < expected:
            continue
        yield from _gap(expected, number, standing)
        if number == expected and line.number is not None:
            yield from _chained(line, number, previous)
        expected, previous = number + 1, None if line.number is None else line


def _chained(line: _Line, number: int, previous: _Line | None) -> Iterator[str]:
    """Whether the record before is the one that this one was chained to."""
    if previous and line.before != previous.hash:
        told = f"is not the one that record {number} was chained to"
        yield f"{_name(number - 1, previous)}: {told}"
    elif number == 1 and line.before is not None:
        yield f"{_name(1, line)}: is chained to an earlier record, which is missing"


def _gap(expected: int, number: int, standing: set[int | None]) -> Iterator[str]:
    """What should have stood before record `number`."""
    missing = [absent for absent in range(expected, number) if absent not in standing]
    yield from (
        f"record {moved}: out of order: stands after record {number}"
        for moved in range(expected, number)
        if moved in standing
    )
    if missing:
        yield f"{_span(missing[0], missing[-1])} missing, before record {number}"


def _end(lines: list[_Line], head: Head | None, *, folder: bool) -> Iterator[str]:
    """What `head.json` knows of the end, against what stands there."""
    numbers = [line.number for line in lines if line.number is not None]
    last = max(numbers, default=0)
    if head is None:
        if folder and last > 1:
            yield "head.json is missing or can't be read: records may have been cut off at the end"
        return
    if head.number > last:
        yield f"{_span(last + 1, head.number)} missing at the end: head.json knows of it"
    known = {line.number: line for line in lines}.get(head.number)
    if known and known.hash != head.hash:
        yield f"{_name(head.number, known)}: is not the one that head.json knows"


def _name(number: int, line: _Line) -> str:
    call = f" (call {line.call})" if line.call else ""
    return f"{line.place}: record {number}{call}"


def _span(first: int, last: int) -> str:
    return f"record {first}:" if first == last else f"records {first} to {last}:"
