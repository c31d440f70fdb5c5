"""Whether somebody speaks at the far end: the sign that a call is on, which is then offered.

A voice, not loudness: a ring tone, music on hold and the sounds of other programs are no call.
"""

from collections import deque

import numpy as np

from agentassist.speech.base import SAMPLE_RATE, Samples
from agentassist.speech.voice import CHUNK, Voice

LIKELY = 0.5
"""Probability from which a chunk counts as speech: Silero's own threshold."""

SPOKEN = 1.2
WITHIN = 4.0
"""Seconds of speech, within so many: longer than a "Hello?" of a film's trailer, and shorter than
any greeting with a name in it."""

STAYS = 8.0
"""Seconds after the last of it for which somebody still counts as speaking."""

_PER_SECOND = SAMPLE_RATE / CHUNK


class FarVoice:
    """The far end's sound in, in blocks of any length."""

    def __init__(self, voice: Voice) -> None:
        self._voice = voice
        self._held: Samples = np.zeros(0, np.float32)
        self._speech: deque[bool] = deque(maxlen=round(WITHIN * _PER_SECOND))
        self._left = 0

    @property
    def speaks(self) -> bool:
        """Within the last seconds of what was taken."""
        return self._left > 0

    def take(self, samples: Samples) -> None:
        held = np.concatenate((self._held, samples))
        whole = len(held) - len(held) % CHUNK
        self._held = held[whole:]
        for chunk in np.split(held[:whole], whole // CHUNK) if whole else ():
            self._speech.append(self._voice(chunk) >= LIKELY)
            self._left = max(0, self._left - 1)
            if sum(self._speech) >= SPOKEN * _PER_SECOND:
                self._left = round(STAYS * _PER_SECOND)
