"""Stored calls under two rulebooks, on all cores.

A call of 27 turns takes a core 0.2 s by rules alone and 0.4 s with the model. Another process
costs two seconds to begin, so that a few calls are better done in this one.
"""

import os
import signal
import zlib
from collections import deque
from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import closing
from multiprocessing import get_context
from typing import NamedTuple

import msgspec

from agentassist.archive.filed import heard_again
from agentassist.archive.stored import Opened
from agentassist.call import Call
from agentassist.commands.options import classifier
from agentassist.events import StageFailed, TroubleFound
from agentassist.learning.trying import Change, Side, compared, derived, judged, remarks
from agentassist.rulebook import Rulebook

FEW = 16
"""Calls that one process is done with before others have begun."""


class Trial(NamedTuple):
    """What is tried against what."""

    before: Rulebook
    after: Rulebook
    rules_only: bool


class Tried(msgspec.Struct, frozen=True):
    """What the edit makes of one call; `troubles` is what either side had to do without."""

    changes: tuple[Change, ...]
    troubles: frozenset[str] = frozenset()


def cores() -> int:
    """How many this program may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def replayed(
    trial: Trial, calls: Iterable[Opened], count: int, jobs: int
) -> Generator[tuple[Opened, Tried | None]]:
    """Each call with what the edit makes of it, in order; None where its words are damaged.

    `count` is how many calls there are, `jobs` how many processes may work on them.
    """
    results = _here(trial, calls) if jobs < 2 or count < FEW else _in_pool(trial, calls, jobs)
    with closing(results):
        for call, tried in results:
            if tried is None:
                yield call, None
            else:
                changes = judged(tried.changes, call.moments)
                yield call, msgspec.structs.replace(tried, changes=changes)


def _here(trial: Trial, calls: Iterable[Opened]) -> Generator[tuple[Opened, Tried | None]]:
    sides = _sides(trial)
    for call in calls:
        yield call, _tried(sides, call.packed)


def _in_pool(
    trial: Trial, calls: Iterable[Opened], jobs: int
) -> Generator[tuple[Opened, Tried | None]]:
    """No more calls are read ahead than keep all processes at work."""
    pool = ProcessPoolExecutor(jobs, get_context("spawn"), _begin, (trial,))
    waiting: deque[tuple[Opened, Future[Tried | None]]] = deque()
    try:
        for call in calls:
            waiting.append((call, pool.submit(_go_on, call.packed)))
            if len(waiting) > 2 * jobs:
                yield _done(waiting.popleft())
        yield from map(_done, waiting)
    finally:
        pool.shutdown(cancel_futures=True)


def _done(waiting: tuple[Opened, Future[Tried | None]]) -> tuple[Opened, Tried | None]:
    call, result = waiting
    return call, result.result()


_of_this_process: list[tuple[Side, Side]] = []


def _begin(trial: Trial) -> None:
    # Whoever is at the keyboard interrupts the program, which then ends this process itself.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _of_this_process.append(_sides(trial))


def _go_on(packed: bytes) -> Tried | None:
    return _tried(_of_this_process[0], packed)


def _sides(trial: Trial) -> tuple[Side, Side]:
    """Two classifiers with one model."""
    before = classifier(trial.before, rules_only=trial.rules_only)
    after = classifier(trial.after, rules_only=trial.rules_only, beside=before)
    return Side(trial.before, before), Side(trial.after, after)


def _tried(sides: tuple[Side, Side], packed: bytes) -> Tried | None:
    try:
        heard = tuple(heard_again(packed))
    except (zlib.error, msgspec.DecodeError):
        return None
    calls = derived(heard, *sides)
    troubles = frozenset(told for call in calls for told in _troubles(call))
    return Tried(compared(*map(remarks, calls)), troubles)


def _troubles(call: Call) -> Iterator[str]:
    for trouble in call.troubles:
        match trouble:
            case TroubleFound():
                yield f"{trouble.what} {trouble.mend}"
            case StageFailed():
                yield f"{trouble.stage} failed ({trouble.error}), and says nothing there."
