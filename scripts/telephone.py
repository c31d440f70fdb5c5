"""The sound of a telephone line, for measurements and tests."""

import numpy as np
import soxr

from agentassist.speech.base import SAMPLE_RATE, Samples


def telephone(samples: Samples) -> Samples:
    """The sound as a telephone carries it: 300 to 3400 Hz, 8 kHz, µ-law (G.711).

    The slopes are those of a Butterworth filter of order 4 each side, without its delay.
    """
    narrow = soxr.resample(samples, SAMPLE_RATE, 8_000)
    spectrum = np.fft.rfft(narrow)
    hertz = np.fft.rfftfreq(len(narrow), 1 / 8_000)
    low, high = (300 / np.maximum(hertz, 1e-9)) ** 8, (hertz / 3_400) ** 8
    spectrum *= 1 / np.sqrt((1 + low) * (1 + high))
    narrow = np.clip(np.fft.irfft(spectrum, len(narrow)), -1, 1)
    steps = np.round(np.sign(narrow) * np.log1p(255 * np.abs(narrow)) / np.log(256) * 127) / 127
    carried = np.sign(steps) * np.expm1(np.abs(steps) * np.log(256)) / 255
    return np.asarray(soxr.resample(carried, 8_000, SAMPLE_RATE), np.float32)
