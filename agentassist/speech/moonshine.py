"""Moonshine: the engine whose model lies in its wheel, so that it works with nothing fetched.

Only `transcribe_without_streaming` with the library's own detector of voice switched off is
used, on segments of our own: its streaming loop decodes everything over and over, and cuts
speech at ten seconds with the words around the cut said twice.
"""

import atexit
import ctypes
import importlib.metadata
import threading
from pathlib import Path
from typing import Any

import numpy as np

from agentassist.onnx import without_telemetry
from agentassist.speech.base import SAMPLE_RATE, Recogniser, Samples, SpeechError
from agentassist.speech.decoding import DecodeQueue
from agentassist.speech.endpointing import Endpointer
from agentassist.speech.offline import offline
from agentassist.speech.offset import starting_at
from agentassist.speech.segments import SegmentRecogniser
from agentassist.speech.voice import SileroVoice
from agentassist.vocabulary import Party

MODEL = "tiny-en"
_OPTIONS = {"vad_threshold": "0", "return_audio_data": "false"}
_LOUDNESS = 0.08
"""Root mean square that segments are brought to: it misses speech at a hundredth of full scale."""
_LOUDEST = 0.95

_loading = threading.Lock()
"""Two transcribers made at once crash the process."""


def version() -> str | None:
    """The library's version; None where it is not installed."""
    try:
        return importlib.metadata.version("moonshine-voice")
    except importlib.metadata.PackageNotFoundError:
        return None


def model_path() -> Path:
    """The bundled model's folder. Raises SpeechError where there is none."""
    try:
        without_telemetry()
        with offline():
            import moonshine_voice
    except (ImportError, OSError) as error:
        raise SpeechError(
            f"moonshine-voice can't be loaded ({type(error).__name__}); "
            "install it with: pip install moonshine-voice==0.1.0"
        ) from None
    path = Path(moonshine_voice.__file__).parent / "assets" / MODEL
    if not path.is_dir():
        raise SpeechError(
            f"{path}: moonshine's model is not there (releases after 0.1.0 have none); "
            "install it with: pip install moonshine-voice==0.1.0"
        )
    return path


class MoonshineEngine:
    """One loaded model and one decoding thread for all parties."""

    def __init__(self) -> None:
        self._transcriber = _load(model_path())
        self._queue = DecodeQueue(self._decode, "moonshine")
        atexit.register(self.close)

    @property
    def name(self) -> str:
        return f"moonshine {MODEL} {version()}"

    def recogniser(self, party: Party, *, tentative: bool = True, start: float = 0.0) -> Recogniser:
        endpointer = Endpointer(SileroVoice())
        segments = SegmentRecogniser(party, endpointer, self._queue, tentative=tentative)
        return starting_at(start, segments)

    def close(self) -> None:
        """Frees the model. May be called again."""
        atexit.unregister(self.close)
        self._queue.close()
        self._transcriber.close()

    def _decode(self, samples: Samples) -> str:
        transcript = _transcribe(self._transcriber, levelled(samples))
        return " ".join(line.text.strip() for line in transcript.lines)


def levelled(samples: Samples) -> Samples:
    """A segment at the usual loudness, without clipping."""
    loudness = float(np.sqrt(np.mean(np.square(samples, dtype=np.float64))))
    peak = float(np.abs(samples).max(initial=0.0))
    if loudness == 0.0:
        return samples
    return samples * np.float32(min(_LOUDNESS / loudness, _LOUDEST / peak))


def _load(path: Path) -> Any:
    from moonshine_voice import ModelArch
    from moonshine_voice.transcriber import Transcriber

    with _loading:
        try:
            return Transcriber(path, ModelArch.TINY, options=_OPTIONS)
        except Exception as error:
            raise SpeechError(
                f"{path}: moonshine can't load its model ({type(error).__name__}); "
                "install it again with: pip install --force-reinstall moonshine-voice==0.1.0"
            ) from error


def _transcribe(transcriber: Any, samples: Samples) -> Any:
    """As the library's `transcribe_without_streaming`, handing over the samples where they lie.

    The library copies them number by number, which holds up every other thread for 30 ms
    each; the names used here are those of 0.1.0, the one release that is installed.
    """
    from moonshine_voice.errors import check_error
    from moonshine_voice.moonshine_api import TranscriptC

    sound = np.ascontiguousarray(samples, np.float32)
    found = ctypes.POINTER(TranscriptC)()
    check_error(
        transcriber._lib.moonshine_transcribe_without_streaming(  # noqa: SLF001
            transcriber._handle,  # noqa: SLF001
            sound.ctypes.data_as(ctypes.POINTER(ctypes.c_float)),
            len(sound),
            SAMPLE_RATE,
            0,
            ctypes.byref(found),
        )
    )
    return transcriber._parse_transcript(found)  # noqa: SLF001
