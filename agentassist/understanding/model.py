"""The classifier's files, checked, and one turn through ONNX Runtime: probabilities and words.

Two networks: one for both parties, and one that went on from it with callers' turns alone. An
agent's turn is the first one's. A caller's labels are the mean of both; the codes of a label,
which the second was trained for, are its own.
"""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from agentassist.errors import MendableError
from agentassist.onnx import runtime
from agentassist.phrases import Span
from agentassist.understanding.encoding import Encoded, Encoder
from agentassist.vocabulary import DETAILED, DETAILS_OF, Party

FOLDER = Path("models") / "turns"
NETWORKS: dict[Party, tuple[str, ...]] = {
    "agent": ("both.onnx",),
    "caller": ("both.onnx", "caller.onnx"),
}
"""The networks that hear a party's turns; the last one tells the codes."""

_PACKAGE = Path(__file__).parent.parent


class Thresholds(msgspec.Struct, frozen=True):
    """Probabilities from which a label holds: by itself, and where a rule says so too."""

    alone: float
    with_rule: float


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`manifest.json`: what the model is, and what its files must be."""

    version: str
    labels: tuple[str, ...]
    """In the order of the model's outputs."""
    thresholds: dict[str, Thresholds]
    sha256: dict[str, str]
    """Of the networks' files and `tokenizer.json`."""


class ModelError(MendableError):
    """A model that is missing or damaged; one line with the mend."""


class Heard(msgspec.Struct, frozen=True):
    """What the model makes of one label: its probability, and the words that speak for it."""

    probability: float
    words: Span


def folder() -> Path:
    """Where the model lies: in the package if it was installed, beside it in a clone."""
    installed = _PACKAGE / FOLDER
    return installed if installed.is_dir() else _PACKAGE.parent / FOLDER


def manifest(path: Path) -> Manifest:
    """What the model's files are. Raises ModelError where they are missing or damaged."""
    try:
        found = msgspec.json.decode((path / "manifest.json").read_bytes(), type=Manifest)
        for name, digest in found.sha256.items():
            if hashlib.sha256((path / name).read_bytes()).hexdigest() != digest:
                raise ModelError(f"{path / name}: is damaged; install agentassist again")
    except OSError as error:
        raise ModelError(f"{error.filename}: is missing; install agentassist again") from None
    except msgspec.DecodeError:
        raise ModelError(
            f"{path / 'manifest.json'}: is damaged; install agentassist again"
        ) from None
    return found


class TurnModel:
    """The loaded model. One turn at a time: int8 scales are per tensor, so batches differ."""

    def __init__(self, path: Path) -> None:
        """Takes about 0.2 s. Raises ModelError."""
        self.manifest = manifest(path)
        try:
            self._encode = Encoder(path / "tokenizer.json")
            self._sessions = {name: _session(path / name) for name in NETWORKS["caller"]}
        except Exception as error:
            raise ModelError(
                f"{path}: the turn classifier can't be loaded ({type(error).__name__}); "
                "install agentassist again"
            ) from error

    def __call__(self, speaker: Party, text: str, before: str) -> dict[str, Heard]:
        """Every label of the model with its probability; those of the other party mean nothing."""
        encoded = self._encode(speaker, text, before)
        heard = [self._asked(name, encoded) for name in NETWORKS[speaker]]
        names = self.manifest.labels
        probabilities = agreed(names, [probable for probable, _ in heard])
        shares = np.mean([share for _, share in heard], axis=0)
        return {
            name: Heard(float(probable), _words(share, encoded.spans))
            for name, probable, share in zip(names, probabilities, shares, strict=True)
        }

    def _asked(
        self, name: str, encoded: Encoded
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """What one network says: probabilities (labels), and shares (labels, the turn's tokens)."""
        logits, weights = self._sessions[name].run(None, _inputs(encoded))
        start = encoded.turn.index(1)
        return 1.0 / (1.0 + np.exp(-logits[0])), weights[0][:, start : start + len(encoded.spans)]


def agreed(names: Sequence[str], said: Sequence[NDArray[np.float32]]) -> NDArray[np.float32]:
    """Of networks' probabilities, each (..., labels): the mean, and of codes the last one's.

    A label that has codes is at least as probable as the most probable of them.
    """
    found: NDArray[np.float32] = np.mean(said, axis=0)
    place = {name: at for at, name in enumerate(names)}
    for code in DETAILED:
        found[..., place[code]] = said[-1][..., place[code]]
    for label, codes in DETAILS_OF.items():
        best = found[..., [place[f"{label}:{code}"] for code in codes]].max(axis=-1)
        found[..., place[label]] = np.maximum(found[..., place[label]], best)
    return found


def _session(path: Path) -> Any:
    onnxruntime = runtime()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def _inputs(encoded: Encoded) -> dict[str, NDArray[np.int64]]:
    return {
        "ids": np.array([encoded.ids], np.int64),
        "segments": np.array([encoded.segments], np.int64),
        "turn": np.array([encoded.turn], np.int64),
    }


def _words(share: NDArray[np.float32], spans: list[Span]) -> Span:
    """The stretch of words around the strongest token that speaks for the label nearly as much."""
    if not spans:
        return Span(0, 0)
    strongest = int(np.argmax(share))
    enough = float(share[strongest]) / 4
    first = last = strongest
    while first > 0 and share[first - 1] >= enough:
        first -= 1
    while last + 1 < len(spans) and share[last + 1] >= enough:
        last += 1
    return Span(spans[first].start, spans[last].end)
