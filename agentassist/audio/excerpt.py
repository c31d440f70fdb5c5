"""Plays a stretch of a recording, both parties mixed, to the system's own output.

By a process of its own, as sound is captured by one: see `capturing`. Ending it is silence at
once. `python -m agentassist.audio.excerpt FILE START END`
"""

import asyncio
import os
import sys
import threading
from pathlib import Path

import numpy as np

from agentassist.audio import pulse
from agentassist.audio.recording import RecordingError
from agentassist.errors import MendableError
from agentassist.speech.base import Samples

_RATE = 48_000
_LONGEST = 600.0
"""Seconds: nobody listens to more of a moment."""
_CANT_READ = 3


class PlayingError(MendableError):
    """Sound that can't be played; one line with the mend."""


async def play(path: Path, start: float, end: float) -> None:
    """Plays those seconds of the file, to their end. Cancelled, it is silent at once.

    Raises PlayingError.
    """
    server = await asyncio.to_thread(pulse.look)
    player = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "agentassist.audio.excerpt", str(path), str(start), str(end)),
        "server" if server else "system",
        env={**os.environ, **(pulse.environment("") if server else {})},
        # It ends with us: the pipe closes.
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        status = await player.wait()
    finally:
        if player.returncode is None:
            player.kill()
            await player.wait()
    if status == _CANT_READ:
        raise PlayingError(f"{path}: can't be played any more; is it still a recording?")
    if status:
        raise PlayingError("no sound can be played here; plug an output in: agentassist devices")


def stretch(path: Path, start: float, end: float) -> Samples:
    """Those seconds of the file, its channels mixed to one, at 48 kHz. Raises RecordingError."""
    import soundfile
    import soxr

    try:
        with soundfile.SoundFile(path) as file:
            first = min(file.frames, max(0, round(start * file.samplerate)))
            file.seek(first)
            frames = round(min(end - start, _LONGEST) * file.samplerate)
            sound = file.read(max(0, frames), dtype="float32", always_2d=True)
            rate = file.samplerate
    except (soundfile.LibsndfileError, TypeError, OSError) as error:
        raise RecordingError(f"{path}: can't be read: {type(error).__name__}") from None
    mixed = np.clip(np.nan_to_num(sound.sum(axis=1)), -1.0, 1.0)
    resampled: Samples = soxr.resample(mixed, rate, _RATE)
    return resampled


def _end_with_parent() -> None:
    while os.read(0, 1024):
        pass
    os._exit(0)


def main(path: str, start: str, end: str, output: str) -> int:
    """Plays it here and now; 1 where there is no output."""
    from agentassist.audio import portaudio
    from agentassist.audio.packets import OpeningError

    threading.Thread(target=_end_with_parent, daemon=True).start()
    try:
        sound = stretch(Path(path), float(start), float(end)).astype(np.float32).tobytes()
    except RecordingError:
        return _CANT_READ
    try:
        portaudio.play(sound, _RATE, portaudio.SERVER_DEVICE if output == "server" else None)
    except (OpeningError, OSError):
        return 1
    return 0


if __name__ == "__main__":
    # As in `capturing`: a device that hangs is not waited for.
    os._exit(main(*sys.argv[1:]))
