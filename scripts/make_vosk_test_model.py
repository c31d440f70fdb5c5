"""Makes a genuine vosk model, of a tenth of a megabyte, that hears the language of tones.

Kaldi reads models in text too, so numpy is all it takes. The same words give the same bytes.

    python scripts/make_vosk_test_model.py dist/tones
    python scripts/make_vosk_test_model.py dist/tones --words call.txt
"""

import os

# Before numpy is: threads gain nothing with matrices as small as these, and lose much where
# other programs want the processors.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import argparse
import math
import struct
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from telephone import telephone
from tone_language import TONES, WORDS, spellings, sung, words_of

from agentassist.speech.base import SAMPLE_RATE, Samples

Matrix = NDArray[np.float64]

BINS = 40
FRAME, SHIFT, PADDED = 400, 160, 512
"""Samples of a frame, of its shift, and of its Fourier transform."""
HIDDEN = 48
STEPS = 1_500

VARIANTS = ("begin", "internal", "end", "singleton")
"""Of each tone by its place in the word: Kaldi finds the words' ends by them."""
PHONES = 1 + TONES * len(VARIANTS)
"""The first is silence."""

FBANK = """\
--sample-frequency=16000
--num-mel-bins=40
--low-freq=20
--high-freq=7600
--dither=0
--use-energy=false
"""
CONF = """\
--beam=13.0
--max-active=7000
--lattice-beam=6.0
--acoustic-scale=1.0
--frame-subsampling-factor=3
--endpoint.silence-phones=1
--endpoint.rule2.min-trailing-silence=0.5
--endpoint.rule3.min-trailing-silence=0.75
--endpoint.rule4.min-trailing-silence=1.0
"""


class Network(NamedTuple):
    """Three frames of features -> logarithms of the probabilities of silence and each tone."""

    first: Matrix
    first_bias: Matrix
    second: Matrix
    second_bias: Matrix


def features(samples: Samples) -> Matrix:
    """Kaldi's filter bank of 16-bit samples, shape (frames, BINS)."""
    count = 1 + (len(samples) - FRAME) // SHIFT
    place = np.arange(FRAME) + SHIFT * np.arange(count)[:, None]
    frames = np.asarray(samples, np.float64)[place] * 32_768
    frames -= frames.mean(axis=1, keepdims=True)
    before = np.concatenate((frames[:, :1], frames[:, :-1]), axis=1)
    window = (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(FRAME) / (FRAME - 1))) ** 0.85
    power = np.abs(np.fft.rfft((frames - 0.97 * before) * window, PADDED)) ** 2
    return np.log(np.maximum(power[:, : PADDED // 2] @ _mel_bank().T, np.finfo(np.float32).eps))


def _mel_bank() -> Matrix:
    def mel(frequency: Matrix | float) -> Matrix:
        return 1127 * np.log1p(np.asarray(frequency) / 700)

    edges = np.linspace(mel(20.0), mel(7_600.0), BINS + 2)
    at = mel(np.arange(PADDED // 2) * SAMPLE_RATE / PADDED)
    low, middle, high = (edges[first : first + BINS, None] for first in range(3))
    bank = np.minimum((at - low) / (middle - low), (high - at) / (high - middle))
    return np.maximum(bank, 0.0)


def _in_band() -> Matrix:
    """1 for the bins that a telephone line carries, 0 for those that are only noise there."""
    middle = (_mel_bank() @ np.arange(PADDED // 2)) / _mel_bank().sum(axis=1)
    frequency = middle * SAMPLE_RATE / PADDED
    return np.asarray((frequency > 300) & (frequency < 3_400), np.float64)


def examples(rng: np.random.Generator) -> tuple[Matrix, NDArray[np.int64]]:
    """Features of three frames each, with the class of the middle one: 0 silence, then tones."""
    inputs, classes = [], []
    for count in range(48):
        sound, truth = _babble(rng)
        loud = 10 ** rng.uniform(-2.5, -0.1)
        hiss = loud * 10 ** rng.uniform(-4.0, -1.0)
        noisy: Samples = np.asarray(loud * sound + rng.normal(0.0, hiss, len(sound)), np.float32)
        found = features(telephone(noisy) if count % 2 else noisy)
        middle = np.arange(1, len(found) - 1)
        inputs.append(np.concatenate((found[:-2], found[1:-1], found[2:]), axis=1))
        classes.append(truth[middle * SHIFT + FRAME // 2])
    return np.concatenate(inputs), np.concatenate(classes)


def _babble(rng: np.random.Generator) -> tuple[Matrix, NDArray[np.int64]]:
    """Words of any tones, with silences of all lengths, and which is where."""
    sound, truth = [np.zeros(0)], [np.zeros(0, np.int64)]
    for _ in range(24):
        spelling = rng.integers(0, TONES, 3)
        silence = int(rng.uniform(0.03, 0.4) * SAMPLE_RATE)
        word = sung([int(tone) for tone in spelling])
        sound += [np.asarray(word, np.float64), np.zeros(silence)]
        truth += [np.repeat(spelling + 1, len(word) // 3), np.zeros(silence, np.int64)]
    return np.concatenate(sound), np.concatenate(truth)


def trained() -> Network:
    """A network of one hidden layer, trained with Adam (Kingma and Ba 2015)."""
    rng = np.random.default_rng(2)
    inputs, classes = examples(rng)
    mean, scale = inputs.mean(axis=0), np.tile(_in_band(), 3) / inputs.std(axis=0)
    inputs = (inputs - mean) * scale
    outputs = TONES + 1
    weights = [
        rng.normal(0.0, 1 / math.sqrt(inputs.shape[1]), (HIDDEN, inputs.shape[1])),
        np.zeros(HIDDEN),
        rng.normal(0.0, 1 / math.sqrt(HIDDEN), (outputs, HIDDEN)),
        np.zeros(outputs),
    ]
    first, second = [np.zeros_like(each) for each in weights], [0.0 * each for each in weights]
    for step in range(1, STEPS + 1):
        rows = rng.integers(0, len(inputs), 512)
        slopes = _slopes(weights, inputs[rows], classes[rows])
        for place, slope in enumerate(slopes):
            first[place] = 0.9 * first[place] + 0.1 * slope
            second[place] = 0.99 * second[place] + 0.01 * slope**2
            move = first[place] / (1 - 0.9**step)
            move /= np.sqrt(second[place] / (1 - 0.99**step)) + 1e-8
            weights[place] -= 0.01 * (1 - step / (STEPS + 1)) * move
    folded = weights[0] * scale
    return Network(folded, weights[1] - folded @ mean, weights[2], weights[3])


def _slopes(weights: list[Matrix], inputs: Matrix, classes: NDArray[np.int64]) -> list[Matrix]:
    """Of the cross entropy."""
    hidden = np.maximum(inputs @ weights[0].T + weights[1], 0.0)
    scores = hidden @ weights[2].T + weights[3]
    scores = np.exp(scores - scores.max(axis=1, keepdims=True))
    scores /= scores.sum(axis=1, keepdims=True)
    scores[np.arange(len(classes)), classes] -= 1.0
    scores /= len(classes)
    back = (scores @ weights[2]) * (hidden > 0)
    return [back.T @ inputs, back.sum(axis=0), scores.T @ hidden, scores.sum(axis=0)]


def acoustic_model(network: Network) -> str:
    """`am/final.mdl`: which phone sounds like what, and the network that tells sounds apart."""
    phones = " ".join(map(str, range(1, PHONES + 1)))
    states = "<State> 0 <PdfClass> 0 <Transition> 0 0.5 <Transition> 1 0.5 </State>"
    half = f"{math.log(0.5):.6f}"
    around = "Append(Offset(input, -1), input, Offset(input, 1))"
    lines = [
        "<TransitionModel>",
        "<Topology>",
        f"<TopologyEntry>\n<ForPhones>\n{phones}\n</ForPhones>",
        f"{states}\n<State> 1 </State>\n</TopologyEntry>\n</Topology>",
        f"<Triples> {PHONES}",
        *(f"{phone} 0 {sound_of(phone)}" for phone in range(1, PHONES + 1)),
        f"</Triples>\n<LogProbs>\n [ 0 {' '.join([half] * 2 * PHONES)} ]\n</LogProbs>",
        "</TransitionModel>",
        "<Nnet3>\n",
        f"input-node name=input dim={BINS}",
        f"component-node name=first component=first input={around}",
        "component-node name=relu component=relu input=first",
        "component-node name=second component=second input=relu",
        "component-node name=softmax component=softmax input=second",
        "output-node name=output input=softmax objective=linear",
        "",
        "<NumComponents> 4",
        f"<ComponentName> first {_affine(network.first, network.first_bias)}",
        f"<ComponentName> relu {_nonlinear('RectifiedLinearComponent', HIDDEN)}",
        f"<ComponentName> second {_affine(network.second, network.second_bias)}",
        f"<ComponentName> softmax {_nonlinear('LogSoftmaxComponent', TONES + 1)}",
        "</Nnet3>",
        "<LeftContext> 1 <RightContext> 1 <Priors> [ ]",
    ]
    return "\n".join(lines) + "\n"


def sound_of(phone: int) -> int:
    """All variants of a tone sound alike."""
    return 0 if phone == 1 else 1 + (phone - 2) // len(VARIANTS)


def phone_of(tone: int, variant: str) -> int:
    return 2 + tone * len(VARIANTS) + VARIANTS.index(variant)


def _affine(weights: Matrix, bias: Matrix) -> str:
    rows = "\n".join(" ".join(f"{value:.4f}" for value in row) for row in weights)
    biases = " ".join(f"{value:.4f}" for value in bias)
    return (
        f"<FixedAffineComponent> <LinearParams>  [\n{rows} ]\n"
        f"<BiasParams>  [ {biases} ]\n</FixedAffineComponent>"
    )


def _nonlinear(name: str, size: int) -> str:
    return f"<{name}> <Dim> {size} <ValueAvg> [ ]\n<DerivAvg> [ ]\n<Count> 0 </{name}>"


class Arc(NamedTuple):
    """Takes a transition (1 on: of phone p, 2p - 1 to stay and 2p to leave), gives a word."""

    transition: int
    word: int
    cost: float
    to: int


def graph(words: list[str]) -> list[list[Arc]]:
    """The states' arcs: any words one after another, with or without silence between them."""
    spelled = spellings(words)
    half, each = math.log(2), math.log(2 * max(1, len(words)))
    states: list[list[Arc]] = [[], [Arc(1, 0, half, 1), Arc(0, 0, half, 0)]]
    states[0].append(Arc(2, 0, half, 1))
    for number, word in enumerate(words, 1):
        here = 0
        for tone, variant in zip(spelled[word], ("begin", "internal", "end"), strict=True):
            phone, first = phone_of(tone, variant), variant == "begin"
            cost = half + (each if first else 0.0)
            states[here].append(Arc(2 * phone, number if first else 0, cost, len(states)))
            here = len(states)
            states.append([Arc(2 * phone - 1, 0, half, here)])
        states[here].append(Arc(0, 0, half, 0))
    return states


def fst(states: list[list[Arc]]) -> bytes:
    """OpenFst's file of a `vector` of `standard` arcs; every word's end may be the last."""

    def text(value: str) -> bytes:
        return struct.pack("<i", len(value)) + value.encode()

    arcs = sum(len(state) for state in states)
    header = struct.pack("<i", 2125659606) + text("vector") + text("standard")
    header += struct.pack("<iiQqqq", 2, 0, 3, 0, len(states), arcs)
    body = bytearray()
    for number, state in enumerate(states):
        body += struct.pack("<fq", 0.0 if number < 2 else math.inf, len(state))
        for arc in state:
            body += struct.pack("<iifi", *arc)
    return header + bytes(body)


def files(vocabulary: Iterable[str], network: Network) -> Iterator[tuple[str, bytes]]:
    """The model's files by name."""
    words = sorted(set(vocabulary))
    kinds = ["1 nonword"]
    kinds += [f"{phone_of(t, v)} {v}" for t in range(TONES) for v in VARIANTS]
    symbols = ["<eps> 0", *(f"{word} {number}" for number, word in enumerate(words, 1))]
    yield "am/final.mdl", acoustic_model(network).encode()
    yield "conf/fbank.conf", FBANK.encode()
    yield "conf/model.conf", CONF.encode()
    yield "graph/HCLG.fst", fst(graph(words))
    yield "graph/words.txt", ("\n".join(symbols) + "\n").encode()
    yield "graph/phones/word_boundary.int", ("\n".join(kinds) + "\n").encode()


def make(folder: Path, vocabulary: Iterable[str] = WORDS) -> None:
    """Writes the model that hears these words; takes a few seconds."""
    for name, content in files(vocabulary, trained()):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument(
        "folder",
        type=Path,
        help="where the model goes, as dist/tones; not models/, where the coach would take it",
    )
    parser.add_argument("--words", type=Path, help="a text whose words the model shall know")
    chosen = parser.parse_args()
    text = chosen.words.read_text(encoding="utf-8") if chosen.words else None
    make(chosen.folder, WORDS if text is None else words_of(text))
    size = sum(path.stat().st_size for path in chosen.folder.rglob("*") if path.is_file())
    print(f"{chosen.folder}: {size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
