"""Which of a call's sound may be kept: not the seconds in which card data is spoken.

A card number is known to be one only when its last digits have been said, so sound waits until
every word that lies in it has come by, masked where it had to be. What card data may be kept of
is nothing (PCI DSS 3.3.1), so the whole utterance is left out on both sides, and what lies
between two such utterances with it. Pure.
"""

from typing import NamedTuple, cast

from agentassist import events as ev
from agentassist.redaction import Redaction

CARD = frozenset({"card_number", "security_code", "card_expiry"})
"""Kinds of masks in `redaction/words.yaml`, those for which the `pause_recorder` cue speaks up."""

LOOK_BACK = 40.0
"""Seconds that sound waits behind what was heard: longer than an utterance, the pause after it,
the decoding and JOINS together. An utterance ends after 12 s (moonshine), 20 s (vosk)."""

JOINS = 10.0
"""Seconds without card data after which it is over."""

MARGIN = 0.5
"""Seconds around an utterance: word times are not that sure."""


class Span(NamedTuple):
    """From `start` to `end`, seconds of the call."""

    start: float
    end: float


class Withheld:
    """One call's, told by its stream of heard events."""

    def __init__(self) -> None:
        # Does nothing more where the words come masked already.
        self._redaction = Redaction()
        self._card: list[Span] = []
        self._paused: list[Span] = []
        self._now = 0.0
        """Call second up to which every word is known."""
        self.until = 0.0
        """Sound before it may be kept, but for what `silent` tells."""

    @property
    def is_card(self) -> bool:
        """Whether card data is being spoken, as far as is known."""
        return bool(self._card) and self._now < self._card[-1].end + JOINS

    @property
    def is_paused(self) -> bool:
        return bool(self._paused) and self._paused[-1].end == float("inf")

    def take(self, event: ev.AnyEvent) -> None:
        """The next event, heard or derived, as the session sends it."""
        if isinstance(event, ev.HEARD):
            for passed in self._redaction.feed(cast("ev.Heard", event)):
                self._passed(passed)
            if isinstance(event, ev.CallEnded):
                self.until = float("inf")

    def pause(self, at: float) -> None:
        """The agent wants nothing kept from that call second on."""
        if not self.is_paused:
            self._paused.append(Span(at, float("inf")))

    def resume(self, at: float) -> None:
        """From that call second on it is kept again."""
        if self.is_paused:
            self._paused[-1] = Span(self._paused[-1].start, at)

    def silent(self) -> list[Span]:
        """What must be silence on both sides."""
        return [*self._card, *self._paused]

    def _passed(self, event: ev.Heard | ev.WordsTentative) -> None:
        self._now = max(self._now, event.at)
        self.until = max(self.until, self._now - LOOK_BACK)
        if isinstance(event, ev.WordsHeard) and not CARD.isdisjoint(event.masked):
            self._leave_out(Span(event.start - MARGIN, event.end + MARGIN))

    def _leave_out(self, span: Span) -> None:
        before = self._card[-1] if self._card else None
        if before and span.start - before.end < JOINS:
            self._card[-1] = Span(min(before.start, span.start), max(before.end, span.end))
        else:
            self._card.append(span)
