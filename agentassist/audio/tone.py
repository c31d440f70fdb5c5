"""Two tones in the agent's ear: whether the far end's device is the one that the agent hears.

Played by a process of its own, as sound is captured by one: see `capturing`.
"""

import os
import subprocess
import sys

import numpy as np

from agentassist.audio import pulse
from agentassist.audio.devices import Input

_RATE = 48_000
_HERTZ = (440.0, 660.0)
_SECONDS = 0.8
"""Of each tone."""
_LOUDNESS = 0.1
"""Of full scale: 20 dB below it, which is not loud in any headset."""
_LONGEST = 10.0


def play(far_end: Input) -> bool:
    """Plays the tones to the output whose sound that input is; whether they were played.

    Where that output has no name of its own, to the system's own output.
    """
    output = far_end.plays_to or ""
    settings = pulse.environment(output) if far_end.plays_to else {}
    try:
        done = subprocess.run(  # noqa: S603 - our own module
            [sys.executable, "-m", "agentassist.audio.tone", output],
            env={**os.environ, **settings},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=_LONGEST,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0


def sound() -> bytes:
    """Both tones, one after the other, without clicks: mono float32 at 48 kHz."""
    now = np.arange(round(_RATE * _SECONDS)) / _RATE
    fade = np.clip(np.minimum(now, now[::-1]) / 0.02, 0.0, 1.0)
    tones = [np.sin(2.0 * np.pi * hertz * now) * fade * _LOUDNESS for hertz in _HERTZ]
    return np.concatenate(tones).astype(np.float32).tobytes()


def main(output: str) -> int:
    """Plays them here and now; 1 where that fails."""
    from agentassist.audio import portaudio
    from agentassist.audio.packets import OpeningError

    try:
        portaudio.play(sound(), _RATE, portaudio.SERVER_DEVICE if output else None)
    except (OpeningError, OSError):
        return 1
    return 0


if __name__ == "__main__":
    # As in `capturing`: a device that hangs is not waited for.
    os._exit(main(sys.argv[1]))
