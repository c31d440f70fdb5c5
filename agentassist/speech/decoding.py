"""One thread that decodes for all parties, the most urgent stretch of sound first.

A model is loaded once and used by one thread: memory for one, and no engine is asked twice at
the same time. Committed words wait for nothing but other committed words.
"""

import threading
from collections.abc import Callable
from enum import IntEnum
from typing import TypeAlias

from agentassist.speech.base import Samples, SpeechError

Decode: TypeAlias = Callable[[Samples], str]


class Urgency(IntEnum):
    """The lower, the sooner."""

    FINAL = 0
    LIKELY_FINAL = 1
    DISPLAY = 2


class Job:
    """Sound to be decoded; `done` is called once, in the decoding thread."""

    def __init__(
        self, samples: Samples, urgency: Urgency, done: Callable[[str | SpeechError], None]
    ) -> None:
        self.samples = samples
        self.urgency = urgency
        self.done = done


class DecodeQueue:
    """The thread and what waits for it. All methods may be called from any thread."""

    def __init__(self, decode: Decode, name: str) -> None:
        self._decode = decode
        self._changed = threading.Condition()
        self._waiting: list[Job] = []
        self._busy = False
        self._closed = False
        self._thread = threading.Thread(target=self._work, name=f"decode-{name}", daemon=True)
        self._thread.start()

    @property
    def idle(self) -> bool:
        with self._changed:
            return not self._busy and not self._waiting

    @property
    def waiting(self) -> int:
        """Jobs that have not begun."""
        with self._changed:
            return len(self._waiting)

    def submit(self, job: Job) -> None:
        """Raises SpeechError once the queue is closed."""
        with self._changed:
            if self._closed:
                raise SpeechError("the speech engine is closed; load it again")
            self._waiting.append(job)
            self._changed.notify_all()

    def hurry(self, job: Job) -> None:
        """What seemed likely is now certain to be final."""
        with self._changed:
            job.urgency = Urgency.FINAL

    def cancel(self, job: Job) -> None:
        """Spares the work if it has not begun; `done` is not called then."""
        with self._changed:
            if job in self._waiting:
                self._waiting.remove(job)

    def close(self) -> None:
        """Waits for the decoding under way; what waits is told that it won't come."""
        with self._changed:
            self._closed = True
            waiting, self._waiting = self._waiting, []
            self._changed.notify_all()
        for job in waiting:
            job.done(SpeechError("the speech engine was closed before it had heard everything"))
        self._thread.join()

    def _work(self) -> None:
        while (job := self._next()) is not None:
            job.done(self._decoded(job))

    def _next(self) -> Job | None:
        with self._changed:
            self._busy = False
            while not self._waiting and not self._closed:
                self._changed.wait()
            if self._closed:
                return None
            job = min(self._waiting, key=lambda waiting: waiting.urgency)
            self._waiting.remove(job)
            self._busy = True
            return job

    def _decoded(self, job: Job) -> str | SpeechError:
        try:
            return self._decode(job.samples)
        except Exception as error:  # noqa: BLE001 - told to whoever listens, never its text
            return SpeechError(f"the speech engine failed ({type(error).__name__}); restart it")
