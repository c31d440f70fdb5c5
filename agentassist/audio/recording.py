"""A recorded call as two tracks at 16 kHz, read block by block: the one user of libsndfile.

Every party has its own file handle and resampler, so that each can be read in a thread of its
own, and hours of call never lie in memory.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal, TypeAlias

import msgspec
import numpy as np

from agentassist.audio import mp3
from agentassist.audio.truncation import is_cut_short
from agentassist.errors import MendableError
from agentassist.speech.base import SAMPLE_RATE, Samples
from agentassist.vocabulary import Party

Side: TypeAlias = Literal["left", "right"]

BLOCK = SAMPLE_RATE // 10
"""Samples of one block: 0.1 s."""

LOWEST_RATE = 6_000
"""Samples a second below which too little of speech is left: telephony starts at 8,000 (G.711)."""

_READ_SECONDS = 1.0
_MP3_PADDING = 3 * 1_152
"""Samples that an encoder may put before and after the sound, and its header takes off again."""
_READABLE = "WAV, FLAC, MP3, Ogg or Opus"


class RecordingError(MendableError):
    """A recording that can't be used; one line that names the file and the mend."""


class Track(msgspec.Struct, frozen=True):
    """One channel of one file, at the rate of the file."""

    path: Path
    channel: int
    frames: int
    rate: int

    @property
    def duration(self) -> float:
        return self.frames / self.rate


class Recording(msgspec.Struct, frozen=True):
    """A call with a track for each party. Nothing is held open between reads."""

    name: str
    tracks: dict[Party, Track]

    @property
    def duration(self) -> float:
        """Seconds of the longer track; the shorter is followed by silence."""
        return max(track.duration for track in self.tracks.values())

    def blocks(self, party: Party) -> Iterator[Samples]:
        """One party's sound in blocks of 0.1 s, the last maybe shorter; both parties alike long.

        Raises RecordingError where the file turns out to be damaged.
        """
        left = round(self.duration * SAMPLE_RATE)
        held = np.zeros(0, np.float32)
        for samples in _at_sample_rate(self.tracks[party]):
            held = np.concatenate((held, samples))
            while len(held) >= BLOCK and left >= BLOCK:
                yield held[:BLOCK]
                held, left = held[BLOCK:], left - BLOCK
        held = held[:left]
        while left > 0:
            block = np.zeros(min(BLOCK, left), np.float32)
            block[: len(held)] = held
            yield block
            held, left = held[:0], left - len(block)


def open_recording(
    path: Path | None = None,
    *,
    agent: Path | None = None,
    caller: Path | None = None,
    agent_channel: Side = "left",
) -> Recording:
    """A call from one file of two channels, or from one file for each party.

    Raises RecordingError, with one line, for anything that can't be heard as such a call.
    """
    if path is not None and agent is None and caller is None:
        frames, rate = _checked(path, channels=2)
        mine = 0 if agent_channel == "left" else 1
        tracks: dict[Party, Track] = {
            "agent": Track(path, mine, frames, rate),
            "caller": Track(path, 1 - mine, frames, rate),
        }
        return Recording(path.name, tracks)
    if path is None and agent is not None and caller is not None:
        tracks = {
            "agent": Track(agent, 0, *_checked(agent, channels=1)),
            "caller": Track(caller, 0, *_checked(caller, channels=1)),
        }
        return Recording(f"{agent.name} + {caller.name}", tracks)
    raise RecordingError(
        "name either one recording with two channels, or both --agent FILE and --caller FILE"
    )


def _checked(path: Path, channels: int) -> tuple[int, int]:
    """Frames and rate of a file that is whole and has that many channels."""
    _check_bytes(path)
    if is_cut_short(path):
        raise _truncated(path)
    with _opened(path) as file:
        _check_channels(path, file.channels, channels)
        if file.samplerate < LOWEST_RATE:
            raise RecordingError(
                f"{path}: {file.samplerate} samples a second is too few to understand speech; "
                "export the call at 8000 or more"
            )
        if file.frames <= 0:
            raise RecordingError(f"{path}: holds no sound; export the call again")
        counted = mp3.length(path) if file.format == "MP3" else None
        if counted is not None:
            return _mp3_frames(path, file.frames, counted), file.samplerate
        if not _ends_as_promised(file):
            raise _truncated(path)
        return file.frames, file.samplerate


def _check_bytes(path: Path) -> None:
    """What the file system knows to be wrong, before libsndfile says it less clearly."""
    if not path.exists():
        raise RecordingError(f"{path}: no such file; check the path")
    if path.is_dir():
        raise RecordingError(f"{path}: is a folder; name one recording in it")
    try:
        with path.open("rb") as file:
            first = file.read(1)
    except OSError as error:
        raise RecordingError(f"{path}: can't be read: {error.strerror}") from None
    if not first:
        raise RecordingError(f"{path}: is empty (0 bytes); export or copy the call again")


def _check_channels(path: Path, found: int, wanted: int) -> None:
    if found == wanted:
        return
    if wanted == 2 and found == 1:
        raise RecordingError(
            f"{path}: has one channel, so the parties can't be told apart; "
            "give one file each with --agent FILE --caller FILE"
        )
    if wanted == 1:
        raise RecordingError(
            f"{path}: has {found} channels where one party's file has one; "
            "if both parties are in it, name it alone, without --agent and --caller"
        )
    raise RecordingError(
        f"{path}: has {found} channels; export two, one for the agent and one for the caller"
    )


def _mp3_frames(path: Path, told: int, counted: mp3.Length) -> int:
    """What can be read of it, where libsndfile has only guessed because no header tells.

    A little too much is taken back; too little is refused, or the rest would be lost unheard.
    """
    if told < counted.samples - _MP3_PADDING:
        raise RecordingError(
            f"{path}: doesn't tell how long it is, so only part of it would be heard; "
            "save it again as WAV or FLAC"
        )
    return min(told, counted.samples)


def _opened(path: Path) -> Any:
    import soundfile

    try:
        return soundfile.SoundFile(path)
    except (soundfile.LibsndfileError, TypeError):  # TypeError: *.raw, which says no rate
        raise RecordingError(
            f"{path}: is not a recording that can be read; save it as {_READABLE}"
        ) from None


def _ends_as_promised(file: Any) -> bool:
    """Whether the last frame that the header promises is there."""
    import soundfile

    try:
        file.seek(file.frames - 1)
        return len(file.read(1)) == 1
    except soundfile.LibsndfileError:
        return False


def _truncated(path: Path) -> RecordingError:
    return RecordingError(f"{path}: is cut short or damaged; export or copy the call again")


def _at_sample_rate(track: Track) -> Iterator[Samples]:
    """The track resampled, in pieces of whatever length the resampler gives."""
    import soxr

    if track.rate == SAMPLE_RATE:
        yield from _read(track)
        return
    resampler = soxr.ResampleStream(track.rate, SAMPLE_RATE, 1, dtype="float32")
    for samples in _read(track):
        yield resampler.resample_chunk(samples)
    yield resampler.resample_chunk(np.zeros(0, np.float32), last=True)


def _read(track: Track) -> Iterator[Samples]:
    """The track as it is in the file. Raises RecordingError where fewer frames come."""
    import soundfile

    left = track.frames
    with _opened(track.path) as file:
        while left > 0:
            try:
                frames = file.read(
                    min(left, int(track.rate * _READ_SECONDS)), dtype="float32", always_2d=True
                )
            except soundfile.LibsndfileError:
                raise _truncated(track.path) from None
            if not len(frames):
                raise _truncated(track.path)
            left -= len(frames)
            yield _within_full_scale(frames[:, track.channel])


def _within_full_scale(samples: Samples) -> Samples:
    """Files of floats may hold anything, not-a-number included."""
    return np.clip(np.nan_to_num(samples, nan=0.0), -1.0, 1.0)
