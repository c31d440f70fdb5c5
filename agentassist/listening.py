"""One party's recogniser, and a fresh one in its place when it fails: the call goes on.

What the failed one had heard and not yet told is heard again by the fresh one, once.
"""

import threading
from collections import deque
from collections.abc import Iterator
from typing import TypeAlias

from msgspec.structs import replace

from agentassist import events as ev
from agentassist.speech.base import SAMPLE_RATE, Engine, Recogniser, Samples, SpeechEvent
from agentassist.speech.kept import Kept
from agentassist.speech.prosody import Prosody
from agentassist.vocabulary import Party

Told: TypeAlias = SpeechEvent | ev.VoiceHeard | ev.TroubleHeard

MOST_FRESH = 3
"""Fresh recognisers within PERIOD. One that fails again and again would only hold others up."""
PERIOD = 60.0
"""Seconds of the call."""

_AGAIN = 15.0
"""Seconds of sound that are kept to be heard again: longer than any utterance that is decoded."""

_making = threading.Lock()
"""Engines may not make two recognisers at once."""


class Listener:
    """Takes a party's blocks, tells what was said in them. For one thread."""

    def __init__(
        self, party: Party, engine: Engine, *, tentative: bool, voice: bool = False
    ) -> None:
        """With `voice`, how words are said is told as well."""
        self.party = party
        self._engine = engine
        self._tentative = tentative
        self._samples = 0
        self._prosody = Prosody(party) if voice else None
        """None also once it has failed."""
        self._kept = Kept()
        """The end of what was heard, where words may be that were not told yet."""
        self._worded = 0.0
        """Call second up to which words were told."""
        self._failed: deque[float] = deque(maxlen=MOST_FRESH)
        self._again_until = 0.0
        self._recogniser: Recogniser | None = self._fresh(0.0)
        self.heard_until = 0.0
        """Call seconds before which nothing more will be told."""

    @property
    def at(self) -> float:
        """Call seconds heard so far."""
        return self._samples / SAMPLE_RATE

    def at_after(self, block: Samples) -> float:
        """Call seconds heard when that block will have been."""
        return (self._samples + len(block)) / SAMPLE_RATE

    def take(self, block: Samples) -> list[Told]:
        """What became known with this block."""
        self._samples += len(block)
        self._kept.add(block)
        self._kept.forget(max(self._worded, self.at - _AGAIN))
        if self._prosody:
            self._prosody.accept(block, self.heard_until)
        told = self._told_with(block)
        until = self._recogniser.heard_until if self._recogniser else self.at
        self.heard_until = max(self.heard_until, until)
        return told

    def finish(self) -> list[Told]:
        """The last words. What fails here is told, and the last words are lost."""
        if self._recogniser is None:
            return []
        recogniser, self._recogniser = self._recogniser, None
        try:
            recogniser.finish()
            return self._told(recogniser)
        except Exception as error:  # noqa: BLE001 - the other party's last words still come
            return [self._trouble(error, "The last words of this side may be missing.")]

    def _fresh(self, start: float) -> Recogniser:
        with _making:
            return self._engine.recogniser(self.party, tentative=self._tentative, start=start)

    def _told_with(self, block: Samples) -> list[Told]:
        try:
            if self._recogniser is None:
                return self._tried_again()
            self._recogniser.accept(block)
            return self._told(self._recogniser)
        except Exception as error:  # noqa: BLE001 - whatever it is, the call goes on
            return self._replaced(error)

    def _told(self, recogniser: Recogniser) -> list[Told]:
        """Its events; none is earlier than was promised, though a fresh one hears old sound."""
        told: list[Told] = []
        for event in recogniser:
            if isinstance(event, ev.WordsHeard):
                self._worded = max(self._worded, event.end)
            late = event.at < self.heard_until
            known = replace(event, at=self.heard_until) if late else event
            told += (known, *self._voice_of(known))
        return told

    def _voice_of(self, event: SpeechEvent) -> Iterator[Told]:
        """How the words were said. What fails here costs no word."""
        if self._prosody is None or not isinstance(event, ev.WordsHeard):
            return
        try:
            if voice := self._prosody.heard(event):
                yield voice
        except Exception as error:  # noqa: BLE001 - whatever it is, the words are heard
            self._prosody = None
            what = f"The {self.party}'s voice can't be measured ({type(error).__name__})."
            mend = "The temperature goes by words alone."
            yield ev.TroubleHeard(self.at, what, mend, self.party)

    def _replaced(self, error: Exception) -> list[Told]:
        """A fresh recogniser in place of the failed one, or none for now."""
        often = len(self._failed) == MOST_FRESH and self.at - self._failed[0] < PERIOD
        self._failed.append(self.at)
        self._recogniser = None
        if often:
            self._kept.clear()
            mend = f"It is tried again after {PERIOD:.0f} s. The other side goes on."
            return [self._trouble(error, mend)]
        if self._kept.since < self._again_until:
            # This sound was heard twice, and has failed twice.
            self._kept.clear()
        told = self._trouble(error, "A fresh recogniser goes on in its place.")
        return [told, *self._heard_again()]

    def _heard_again(self) -> list[Told]:
        """What a fresh recogniser makes of the sound that was kept."""
        self._again_until = self.at
        try:
            recogniser = self._fresh(self._kept.since)
            for block in self._kept:
                recogniser.accept(block)
            told = self._told(recogniser)
        except Exception as error:  # noqa: BLE001 - as any other failure
            return self._replaced(error)
        self._recogniser = recogniser
        return told

    def _tried_again(self) -> list[Told]:
        if self.at - self._failed[-1] < PERIOD:
            return []
        self._failed.clear()
        self._kept.clear()
        told = self._heard_again()
        if self._recogniser is None:
            return told
        what = f"The {self.party}'s words are recognised again."
        return [ev.TroubleHeard(self.at, what, "", self.party), *told]

    def _trouble(self, error: Exception, mend: str) -> ev.TroubleHeard:
        what = f"Recognising the {self.party}'s words failed ({type(error).__name__})."
        return ev.TroubleHeard(self.at, what, mend, self.party)
