"""How well and how fast speech is recognised: word errors, load, delay and memory.

Every utterance goes through our own endpointer and recogniser, in blocks of 0.1 s as from a
microphone. With --tones, the lines of a text are spoken in the language of tones, for the model
that make_vosk_test_model.py makes of the same text; its load says nothing of a real model's.

    python scripts/benchmark_speech.py --utterances ../shared/speech --limit 20
    python scripts/benchmark_speech.py --engine vosk --model dist/tones --tones call.txt
"""

import argparse
import json
import re
import resource
import statistics
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import jiwer
import numpy as np
import soundfile
import soxr
from telephone import telephone
from text_to_num import alpha2digit
from tone_language import tones, words_of

from agentassist import events as ev
from agentassist.speech.base import SAMPLE_RATE, Engine, Samples
from agentassist.speech.engines import load_engine
from agentassist.vocabulary import PARTIES, Party

BLOCK = SAMPLE_RATE // 10
GAP = 0.8
"""Seconds of silence between utterances where a channel is kept busy."""

NORMALISATION = (
    "lower case, no punctuation, straight apostrophes, mr/mrs/dr/st spelled out, "
    "numbers in figures (text2num), both sides alike"
)
_TITLES = {"mr": "mister", "mrs": "missus", "dr": "doctor", "st": "saint"}


class Utterance(NamedTuple):
    """One recording with what is said in it."""

    name: str
    samples: Samples
    text: str


def utterances(folder: Path, limit: int | None) -> list[Utterance]:
    """From `transcripts.tsv`: file name, tab, words."""
    lines = (folder / "transcripts.tsv").read_text(encoding="utf-8").splitlines()
    pairs = [line.split("\t", 1) for line in lines if "\t" in line]
    # Spread over the whole list, so that a few utterances are still many speakers.
    chosen = pairs[:: max(1, len(pairs) // limit)][:limit] if limit else pairs
    return [Utterance(name, _read(folder / name), text) for name, text in chosen]


def in_tones(path: Path) -> list[Utterance]:
    """Every line of the text, in its own words."""
    lines = path.read_text(encoding="utf-8").splitlines()
    vocabulary = words_of(" ".join(lines))
    return [
        Utterance(f"line {number}", tones(line, vocabulary, pause=0.2), " ".join(words_of(line)))
        for number, line in enumerate(lines, 1)
        if words_of(line)
    ]


def _read(path: Path) -> Samples:
    samples, rate = soundfile.read(path, dtype="float32", always_2d=True)
    return np.asarray(soxr.resample(samples[:, 0], rate, SAMPLE_RATE), np.float32)


def plain(text: str) -> str:
    """Words as they are compared; see NORMALISATION."""
    lower = re.sub(r"(?<=\d),(?=\d)", "", text.lower().replace("’", "'"))
    words = re.sub(r"[^\w' ]+", " ", lower.replace("-", " ")).split()
    spelled = " ".join(_TITLES.get(word, word.strip("'")) for word in words)
    return str(alpha2digit(spelled, "en"))


def recognised(engine: Engine, samples: Samples) -> str:
    """The committed words of one channel."""
    recogniser = engine.recogniser("caller", tentative=False)
    words: list[str] = []
    for block in _blocks(samples):
        recogniser.accept(block)
        words += [event.text for event in recogniser if isinstance(event, ev.WordsHeard)]
    recogniser.finish()
    words += [event.text for event in recogniser if isinstance(event, ev.WordsHeard)]
    return " ".join(words)


def _blocks(samples: Samples) -> Iterator[Samples]:
    return (samples[place : place + BLOCK] for place in range(0, len(samples), BLOCK))


def word_errors(engine: Engine, heard: Sequence[Utterance], what: str) -> dict[str, Any]:
    """Word error rate over all words, and the load of hearing them as fast as can be."""
    said, found = [], []
    before, seconds = _cpu(), 0.0
    for count, utterance in enumerate(heard, 1):
        said.append(plain(utterance.text))
        found.append(plain(recognised(engine, utterance.samples)))
        seconds += len(utterance.samples) / SAMPLE_RATE
        _progress(f"{what}: {count} of {len(heard)}, {jiwer.wer(said, found):.1%} so far")
    _progress("\n", end="")
    words = jiwer.process_words(said, found)
    return {
        "wer": words.wer,
        "substitutions": words.substitutions,
        "deletions": words.deletions,
        "insertions": words.insertions,
        "cores_a_channel": (_cpu() - before) / seconds,
        "audio_seconds": seconds,
    }


def in_real_time(
    engine: Engine, channels: Sequence[Samples], *, tentative: bool, what: str
) -> dict[str, Any]:
    """Busy channels heard as they are spoken: cores, and delay of committed words."""
    delays: list[float] = []
    threads = [
        threading.Thread(target=_listen, args=(engine, party, samples, tentative, delays))
        for party, samples in zip(PARTIES, channels, strict=False)
    ]
    before, start = _cpu(), time.monotonic()
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        time.sleep(0.5)
        _progress(f"{what}: {time.monotonic() - start:.0f} s")
    _progress("\n", end="")
    seconds = max(len(samples) for samples in channels) / SAMPLE_RATE
    ordered = sorted(delays)
    return {
        "cores": (_cpu() - before) / seconds,
        "utterances": len(ordered),
        "median_delay": statistics.median(ordered),
        "p95_delay": ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))],
    }


def _listen(
    engine: Engine, party: Party, samples: Samples, tentative: bool, delays: list[float]
) -> None:
    """One party's thread, as in a live call; notes how long after speech its words came."""
    recogniser = engine.recogniser(party, tentative=tentative)
    begun, ended = time.monotonic(), set[float]()
    for count, block in enumerate(_blocks(samples), 1):
        time.sleep(max(0.0, begun + count * BLOCK / SAMPLE_RATE - time.monotonic()))
        recogniser.accept(block)
        for event in recogniser:
            if isinstance(event, ev.SpeechEnded):
                ended.add(event.at)
            elif isinstance(event, ev.WordsHeard) and (event.words or event.at in ended):
                delays.append(time.monotonic() - begun - event.end)
    recogniser.finish()


def busy_channels(heard: Sequence[Utterance], seconds: float) -> list[Samples]:
    """Two channels on which someone speaks nearly all the time, of different utterances."""
    gap = np.zeros(int(GAP * SAMPLE_RATE), np.float32)
    channels = []
    for first in (0, 1):
        pieces = [piece for item in heard[first::2] or heard for piece in (item.samples, gap)]
        whole = np.concatenate(pieces)
        wanted = int(seconds * SAMPLE_RATE)
        channels.append(np.resize(whole, wanted))
    return channels


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _peak_megabytes() -> float:
    kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return kilobytes / (2**20 if sys.platform == "darwin" else 2**10)


def _progress(text: str, end: str = "") -> None:
    sys.stderr.write(f"\r\x1b[K{text}{end}" if sys.stderr.isatty() else f"{text}\n" if end else "")
    sys.stderr.flush()


def measure(engine: Engine, clean: Sequence[Utterance], seconds: float) -> dict[str, Any]:
    """All measurements, by name."""
    line = [item._replace(samples=telephone(item.samples)) for item in clean]
    result: dict[str, Any] = {"engine": engine.name}
    result["clean"] = word_errors(engine, clean, "clean")
    result["telephone"] = word_errors(engine, line, "telephone band")
    channels = busy_channels(line, seconds) if seconds else []
    for count in range(1, len(channels) + 1):
        for tentative in (False, True):
            name = f"{count} busy, {'with' if tentative else 'no'} tentative"
            result[name] = in_real_time(
                engine, channels[:count], tentative=tentative, what=f"in real time, {name}"
            )
    result["peak_megabytes"] = _peak_megabytes()
    return result


def table(result: dict[str, Any]) -> Iterator[str]:
    """The measurements as lines to read."""
    yield f"{result['engine']}, loaded in {result['load_seconds']:.2f} s"
    yield f"words compared: {NORMALISATION}"
    yield f"{'':28}{'WER':>8}{'sub':>6}{'del':>6}{'ins':>6}{'cores':>8}"
    for name in ("clean", "telephone"):
        row = result[name]
        errors = f"{row['substitutions']:6}{row['deletions']:6}{row['insertions']:6}"
        yield f"{name:28}{row['wer']:8.1%}{errors}{row['cores_a_channel']:8.3f}"
    yield f"{'in real time':28}{'cores':>8}{'median':>10}{'p95':>8}  seconds from speech to words"
    for name, row in result.items():
        if "busy" in name:
            delays = f"{row['median_delay']:10.2f}{row['p95_delay']:8.2f}"
            yield f"{name:28}{row['cores']:8.3f}{delays}  ({row['utterances']} utterances)"
    yield f"peak memory {result['peak_megabytes']:.0f} MB, utterances and all"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--engine", help="its name; by default the one that the coach would take")
    parser.add_argument("--model", type=Path, help="the folder of vosk's model")
    said = parser.add_mutually_exclusive_group(required=True)
    said.add_argument("--utterances", type=Path, help="transcripts.tsv and sound")
    said.add_argument("--tones", type=Path, help="a text, an utterance a line")
    parser.add_argument("--limit", type=int, help="only so many utterances, of all speakers")
    parser.add_argument(
        "--seconds", type=float, default=60.0, help="of each real-time run; 0: none"
    )
    parser.add_argument("--json", action="store_true", help="the figures as JSON")
    chosen = parser.parse_args()
    if chosen.tones:
        heard = in_tones(chosen.tones)[: chosen.limit]
    else:
        heard = utterances(chosen.utterances, chosen.limit)
    began = time.monotonic()
    engine = load_engine(chosen.engine, chosen.model)
    loaded = time.monotonic() - began
    result = measure(engine, heard, chosen.seconds) | {"load_seconds": loaded}
    engine.close()
    print(json.dumps(result, indent=2) if chosen.json else "\n".join(table(result)))


if __name__ == "__main__":
    main()
