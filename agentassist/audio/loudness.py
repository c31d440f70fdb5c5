"""How loud a stretch of sound is."""

import numpy as np

from agentassist.speech.base import Samples

SILENCE = -120.0
"""What zeros are said to be, decibels of full scale."""


def loudness(samples: Samples) -> float:
    """Root mean square in decibels of full scale, no less than SILENCE."""
    if not len(samples):
        return SILENCE
    power = float(np.mean(np.square(samples, dtype=np.float64)))
    return max(SILENCE, 10.0 * float(np.log10(power))) if power > 0.0 else SILENCE


def peak(samples: Samples) -> float:
    """The largest sample in decibels of full scale, no less than SILENCE."""
    largest = float(np.abs(samples).max(initial=0.0))
    return max(SILENCE, 20.0 * float(np.log10(largest))) if largest > 0.0 else SILENCE
