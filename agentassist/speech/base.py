"""The recogniser protocol: three verbs, one recogniser a party, tentative and committed apart."""

from collections.abc import Iterator
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from agentassist import events as ev
from agentassist.errors import MendableError
from agentassist.vocabulary import Party

SAMPLE_RATE = 16_000
"""Samples a second of everything that a recogniser accepts."""

Samples: TypeAlias = NDArray[np.float32]
"""One channel, shape (n,), full scale -1 to 1, at SAMPLE_RATE."""

SpeechEvent: TypeAlias = ev.SpeechStarted | ev.SpeechEnded | ev.WordsHeard | ev.WordsTentative


class Recogniser(Protocol):
    """Hears one party. Every engine passes the one suite of `tests/test_recognisers.py`."""

    @property
    def heard_until(self) -> float:
        """Call seconds before which nothing new will come: the watermark for merging parties."""
        ...

    def accept(self, samples: Samples) -> None:
        """Listen on. May block while too much is waiting to be decoded."""
        ...

    def finish(self) -> None:
        """No more audio. Returns when the last words are there to be iterated, always."""
        ...

    def __iter__(self) -> Iterator[SpeechEvent]:
        """What became known since the last look, in order of `at`; never blocks."""
        ...


class Engine(Protocol):
    """A loaded speech engine, from which each party gets its own recogniser."""

    @property
    def name(self) -> str: ...

    def recogniser(self, party: Party, *, tentative: bool = True, start: float = 0.0) -> Recogniser:
        """A recogniser whose audio begins at second `start` of the call.

        Without `tentative`, only committed words come.
        """
        ...

    def close(self) -> None: ...


class SpeechError(MendableError):
    """An engine that can't be had or has failed; the message says what to do."""
